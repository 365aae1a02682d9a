package io.quantadb.executor.operator;

import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.types.TidValue;

/** A table's row as an array of all its attributes, with the system columns that DML expressions may ask for. */
final class TableRow implements RowView, RowContext.SystemColumns {
    Object[] values;
    long tid = -1;
    int tableOid;
    long xmin;

    TableRow at(Object[] newValues, long newTid) {
        values = newValues;
        tid = newTid;
        return this;
    }

    @Override
    public Object get(int column) {
        return values[column];
    }

    @Override
    public boolean isNull(int column) {
        return values[column] == null;
    }

    @Override
    public Object systemColumn(int attribute) {
        return switch (attribute) {
            case -1 -> tid < 0 ? null : new TidValue(tid >>> 16, (int) (tid & 0xFFFF));
            case -2 -> xmin & 0xFFFF_FFFFL;
            case -6 -> tableOid & 0xFFFF_FFFFL;
            case -3, -4, -5 -> 0L;
            default -> throw io.quantadb.base.Invariant.broken("system column %s", attribute);
        };
    }
}
