package io.quantadb.planner;

import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.Oids;
import io.quantadb.types.PhysicalKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether an index alone can answer. */
final class IndexCover {
    private static final Set<Integer> EXACT_OBJECTS = Set.of(Oids.TEXT, Oids.VARCHAR, Oids.NAME, Oids.UUID, Oids.BYTEA);

    private IndexCover() {
    }

    static boolean covers(BaseRel base, IndexDescriptor index, Map<ColumnKey, Expr.ColumnRef> needed,
            List<Expr> filters) {
        Set<Integer> offered = new HashSet<>();
        for (IndexColumn column : index.keyColumns()) {
            if (!column.isExpression() && isExact(column)) {
                offered.add(column.attnum());
            }
        }
        index.includeColumns().forEach(column -> offered.add(column.attnum()));
        for (ColumnKey key : needed.keySet()) {
            if (key.rangeIndex() == base.rangeIndex && !offered.contains(key.attribute())) {
                return false;
            }
        }
        for (Expr filter : filters) {
            for (Expr.ColumnRef column : Expressions.columns(filter)) {
                if (column.rangeIndex() == base.rangeIndex && !offered.contains(column.attribute())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a key holds everything the value has: not numeric's scale or char(n)'s padding. */
    private static boolean isExact(IndexColumn column) {
        return column.type().kind() == PhysicalKind.LONG || column.type().kind() == PhysicalKind.BOOL
                || EXACT_OBJECTS.contains(column.type().oid());
    }
}
