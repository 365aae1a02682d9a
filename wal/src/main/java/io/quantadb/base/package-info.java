/**
 * Value types and seams everything else stands on: LSN, timeline, xid, relation ids, clock, files, memory, invariants.
 */
package io.quantadb.base;
