/** Positions of the replicas, the durable horizon that follows from them, and who is in the in-sync set. */
package io.quantadb.replication.sync;
