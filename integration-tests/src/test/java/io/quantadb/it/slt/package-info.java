/** Runs files of the sqllogictest corpus through the wire protocol. */
package io.quantadb.it.slt;
