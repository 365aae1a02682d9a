/** Messages of the replication port as values, to and from bytes; authentication. See the module's README. */
package io.quantadb.replication.protocol;
