package io.quantadb.executor.operator;

import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.TypeOps;
import java.util.List;

/** Compares rows by sort keys: type order, direction, place of NULLs. Stateless; usable by any thread. */
final class RowComparator {
    private final int[] columns;
    private final boolean[] descending;
    private final boolean[] nullsFirst;
    private final TypeOps[] ops;
    private final PhysicalKind[] kinds;

    RowComparator(PgType[] rowTypes, List<SortKey> keys) {
        int n = keys.size();
        columns = new int[n];
        descending = new boolean[n];
        nullsFirst = new boolean[n];
        ops = new TypeOps[n];
        kinds = new PhysicalKind[n];
        for (int i = 0; i < n; i++) {
            SortKey key = keys.get(i);
            columns[i] = key.column();
            descending[i] = key.descending();
            nullsFirst[i] = key.nullsFirst();
            ops[i] = rowTypes[key.column()].ops();
            kinds[i] = rowTypes[key.column()].kind();
        }
    }

    int compare(Vector[] a, int aPosition, Vector[] b, int bPosition) {
        return compare(a, aPosition, columns, b, bPosition);
    }

    /** As above where the second row has its keys at other columns. */
    int compare(Vector[] a, int aPosition, int[] bColumns, Vector[] b, int bPosition) {
        for (int i = 0; i < columns.length; i++) {
            int order = compareKey(i, a[columns[i]], aPosition, b[bColumns[i]], bPosition);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    int[] columns() {
        return columns;
    }

    private int compareKey(int key, Vector a, int i, Vector b, int j) {
        boolean aNull = a.isNull(i);
        boolean bNull = b.isNull(j);
        if (aNull || bNull) {
            return aNull == bNull ? 0 : aNull == nullsFirst[key] ? -1 : 1;
        }
        int order = switch (kinds[key]) {
            case LONG, BOOL -> ops[key].compareLong(a.getLong(i), b.getLong(j));
            case DOUBLE -> io.quantadb.function.CoreComparisons.compareDouble(a.getDouble(i), b.getDouble(j));
            case OBJECT -> a instanceof NumericVector x && b instanceof NumericVector y && x.isScaled()
                    && y.isScaled() && x.scale() == y.scale() ? Long.compare(x.scaled[i], y.scaled[j])
                    : ops[key].compare(a.get(i), b.get(j));
        };
        return descending[key] ? -order : order;
    }
}
