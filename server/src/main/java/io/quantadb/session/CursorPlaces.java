package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From which tables a cursor's rows come directly, so that WHERE CURRENT OF can find them: those locked by FOR UPDATE
 * or FOR SHARE, or the only table of a query that neither groups nor combines rows. Their ctid is a column behind the
 * ones the client sees. Immutable.
 */
final class CursorPlaces {
    private static final int CTID = -1;

    private final Map<Integer, Integer> rangeIndexByTable = new LinkedHashMap<>();
    private final boolean locked;
    private final int width;

    private CursorPlaces(Query query) {
        width = query == null ? 0 : query.resultColumns().size();
        locked = query != null && !query.rowMarks().isEmpty();
        if (query == null || !isPlain(query)) {
            return;
        }
        List<Integer> indexes = new ArrayList<>();
        if (locked) {
            query.rowMarks().stream().map(RowMark::rangeIndex).forEach(indexes::add);
        } else if (query.joinTree().items().size() == 1
                && query.joinTree().items().getFirst() instanceof JoinTree.Leaf leaf) {
            indexes.add(leaf.rangeIndex());
        }
        for (int index : indexes) {
            if (query.entry(index) instanceof RangeTableEntry.Relation r) {
                rangeIndexByTable.putIfAbsent(r.relationOid(), index);
            }
        }
    }

    static CursorPlaces of(Query query) {
        return new CursorPlaces(query);
    }

    private static boolean isPlain(Query q) {
        return q.command() == CommandType.SELECT && q.setOperations() == null && !q.isGrouped()
                && q.distinct().isEmpty()
            && !q.hasWindowFunctions() && !q.hasTargetSets() && q.commonTables().isEmpty();
    }

    boolean isEmpty() {
        return rangeIndexByTable.isEmpty();
    }

    /** Whether the query says which tables it locks; then only those count. */
    boolean locked() {
        return locked;
    }

    /** Position of a table's ctid in the rows, -1 if there is none. */
    int column(int tableOid) {
        int at = width;
        for (int table : rangeIndexByTable.keySet()) {
            if (table == tableOid) {
                return at;
            }
            at++;
        }
        return -1;
    }

    /** The query with the further columns. */
    Query extend(Query query, CatalogReader catalog) {
        QueryBuilder b = query.toBuilder();
        List<TargetEntry> targets = new ArrayList<>(b.targetList.stream().filter(t -> !t.junk()).toList());
        List<TargetEntry> junk = b.targetList.stream().filter(TargetEntry::junk).toList();
        for (int rangeIndex : rangeIndexByTable.values()) {
            Expr place = new Expr.ColumnRef(rangeIndex, CTID, 0, catalog.pgType(Oids.TID), -1, 0, Origin.NONE);
            targets.add(new TargetEntry(place, targets.size() + 1, "ctid", 0, 0, 0, false));
        }
        for (TargetEntry t : junk) {
            targets.add(new TargetEntry(t.expr(), targets.size() + 1, t.name(), t.sortGroupRef(), 0, 0, true));
        }
        b.targetList = targets;
        return b.build();
    }
}
