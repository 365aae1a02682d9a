/** Decodes the WAL in order, finds its true end and prints it. */
package io.quantadb.wal.reader;
