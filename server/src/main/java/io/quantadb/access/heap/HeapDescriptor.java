package io.quantadb.access.heap;

import io.quantadb.base.RelationId;

/**
 * What opening a heap relation needs.
 *
 * @param id physical storage
 * @param name for messages
 * @param layout of its rows
 * @param toast storage of its values out of line, null for none (such values are refused with 54000)
 * @param fillFactorPercent 10 to 100: inserts leave the rest of a page to updates
 * @param logged false for temporary and unlogged relations: no WAL
 */
public record HeapDescriptor(RelationId id, String name, TupleLayout layout, RelationId toast, int fillFactorPercent,
        boolean logged) {
}
