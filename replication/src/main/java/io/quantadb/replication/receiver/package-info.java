/** The receiving end of a link: step function, the replica's WAL, the client of the port, base copy. */
package io.quantadb.replication.receiver;
