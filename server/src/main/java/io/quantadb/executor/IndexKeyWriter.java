package io.quantadb.executor;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.operator.IndexKeys;
import io.quantadb.planner.physical.ModifyTable.IndexTarget;

/**
 * Computes the index entries of rows outside of DML: CREATE INDEX, deferred unique checks, foreign keys. Confined to
 * one
 * thread; the arrays it hands out are valid until the next row.
 */
public final class IndexKeyWriter {
    private final IndexKeys keys;

    public IndexKeyWriter(RelationDescriptor relation, IndexTarget target, ExprEnvironment environment) {
        keys = new IndexKeys(relation, target, new ExprCompiler(environment));
    }

    /**
     * Computes the entry of a row.
     *
     * @param values one for each attribute of the table
     * @param tid packed place of the row
     * @return false if the index's predicate leaves the row out
     * @throws io.quantadb.error.SqlException 54000 if the entry is too large, or what an index expression raises
     */
    public boolean compute(QueryContext query, Object[] values, long tid) {
        return keys.compute(query, values, tid);
    }

    public byte[] key() {
        return keys.key();
    }

    public int keyLength() {
        return keys.keyLength();
    }

    /** INCLUDE columns; null if the index has none. */
    public byte[] payload() {
        return keys.payload();
    }

    public int payloadLength() {
        return keys.payloadLength();
    }

    /** Whether the key must be unique: not if it contains NULLs that count as distinct. */
    public boolean mustBeUnique() {
        return keys.mustBeUnique();
    }

    /** The 23505 error for a duplicate of the computed key. */
    public io.quantadb.error.SqlException duplicate(QueryContext query) {
        return keys.duplicate(query);
    }

    /** The error of CREATE UNIQUE INDEX over duplicates. */
    public io.quantadb.error.SqlException couldNotCreate(QueryContext query) {
        return keys.couldNotCreate(query);
    }
}
