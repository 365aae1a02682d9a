/** One WAL record: building, encoding, decoding. */
package io.quantadb.wal.record;
