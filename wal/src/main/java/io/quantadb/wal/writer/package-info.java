/** Insertion into the WAL and group commit. */
package io.quantadb.wal.writer;
