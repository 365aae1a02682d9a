/**
 * The buffer pool: pins, latches, eviction, WAL before data; free-space and visibility maps; redo's access to pages.
 */
package io.quantadb.storage.buffer;
