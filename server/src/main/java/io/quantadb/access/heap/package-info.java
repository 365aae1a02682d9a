/** Heap relations: versioned rows on slotted pages, their layout, scans, changes, pruning and vacuum. */
package io.quantadb.access.heap;
