/** Durable replication slots and the WAL they retain. */
package io.quantadb.replication.slot;
