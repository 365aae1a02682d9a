package io.quantadb.executor.operator;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.planner.physical.ModifyTable.IndexTarget;

/** The part of index maintenance that only computes; see {@link io.quantadb.executor.IndexKeyWriter}. */
public final class IndexKeys {
    private final IndexMaintainer maintainer;
    private final RowContext row = new RowContext();
    private final TableRow view = new TableRow();

    public IndexKeys(RelationDescriptor relation, IndexTarget target, ExprCompiler compiler) {
        maintainer = new IndexMaintainer(relation, target, compiler);
        view.tableOid = relation.oid();
    }

    public boolean compute(QueryContext query, Object[] values, long tid) {
        row.query = query;
        row.outer = view.at(values, tid);
        return maintainer.compute(values, row);
    }

    public byte[] key() {
        return maintainer.keyBuffer().array();
    }

    public int keyLength() {
        return maintainer.keyBuffer().length();
    }

    public byte[] payload() {
        return maintainer.payloadBuffer() == null ? null : maintainer.payloadBuffer().array();
    }

    public int payloadLength() {
        return maintainer.payloadBuffer() == null ? 0 : maintainer.payloadBuffer().length();
    }

    public boolean mustBeUnique() {
        return maintainer.canConflict();
    }

    public SqlException duplicate(QueryContext query) {
        return maintainer.duplicate(query);
    }

    public SqlException couldNotCreate(QueryContext query) {
        return maintainer.couldNotCreate(query);
    }
}
