/** Segment files of the WAL: names, headers, creation ahead of need, recycling, positional writes. */
package io.quantadb.wal.segment;
