/** A client of the wire protocol that hides nothing, for tests. */
package io.quantadb.it.wire;
