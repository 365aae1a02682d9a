/** The sending end of a link: step function, sources of WAL, pages and files, and the server of the port. */
package io.quantadb.replication.sender;
