/** The registry of WAL record kinds: redo and describe. */
package io.quantadb.wal.rmgr;
