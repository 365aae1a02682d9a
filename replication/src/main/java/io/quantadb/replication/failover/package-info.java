/** Who becomes primary and when: elections, fencing, giving way, planned switchovers. */
package io.quantadb.replication.failover;
