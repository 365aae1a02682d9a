/** Drives redo from a redo point to a target; control file and timeline history. */
package io.quantadb.wal.recovery;
