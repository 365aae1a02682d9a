/** The control state of a cluster, its commands, and the Raft group that keeps both. */
package io.quantadb.replication.control;
