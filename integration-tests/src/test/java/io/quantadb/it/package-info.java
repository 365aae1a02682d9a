/** Tests against the packaged server as its own process, with PostgreSQL 15 as the oracle where it is installed. */
package io.quantadb.it;
