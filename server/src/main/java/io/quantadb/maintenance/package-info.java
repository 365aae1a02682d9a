/** Background work that keeps a node healthy: checkpoints, writing ahead of eviction. */
package io.quantadb.maintenance;
