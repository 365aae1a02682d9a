package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Query.Locking;
import io.quantadb.sql.ast.Window;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.PermissionRequest;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One query level under analysis: the query being built, the names visible in it, and what was met on the way.
 *
 * <p>Scopes form a chain to the enclosing queries; a lookup that fails here goes on in {@link #parent}.
 */
final class Scope {
    final Analysis analysis;
    final Scope parent;
    final QueryBuilder query = new QueryBuilder();
    final List<NamespaceItem> items = new ArrayList<>();
    List<NamespaceItem> namespace = new ArrayList<>();
    final List<CteDraft> ctes = new ArrayList<>();
    final List<CteDraft> futureCtes = new ArrayList<>();
    /** The WITH query this scope's query is the body of, if its parent is analysing one. */
    CteDraft parentCte;
    /** Windows of the WINDOW clause first, then those of OVER clauses. */
    final List<Window> windows = new ArrayList<>();
    boolean lateralActive;
    boolean lockedFromParent;
    boolean resolveUnknowns = true;
    ExprKind kind = ExprKind.OTHER;
    NamespaceItem target;
    List<Locking> locking = List.of();
    /** The last set-returning call built: tells CASE and others whether one appeared inside them. */
    Expr lastSetReturning;
    int multiAssignCount;
    /** VALUE while a domain constraint is analysed. */
    Expr domainValue;
    private final Map<Integer, Access> accesses = new LinkedHashMap<>();
    private final List<PermissionRequest> viewPermissions = new ArrayList<>();

    /** What is done to one relation. */
    static final class Access {
        int relation;
        boolean select;
        boolean insert;
        boolean update;
        boolean delete;
        final TreeSet<Integer> selected = new TreeSet<>();
        final TreeSet<Integer> inserted = new TreeSet<>();
        final TreeSet<Integer> updated = new TreeSet<>();
    }

    Scope(Analysis analysis, Scope parent) {
        this.analysis = analysis;
        this.parent = parent;
    }

    /** The entry a reference {@code levelsUp} levels out means. */
    RangeTableEntry entry(int rangeIndex, int levelsUp) {
        return up(levelsUp).query.entry(rangeIndex);
    }

    Scope up(int levels) {
        Scope scope = this;
        for (int i = 0; i < levels; i++) {
            scope = scope.parent;
        }
        return scope;
    }

    /** Adds an entry and its name item, which is not visible yet. */
    NamespaceItem add(RangeTableEntry entry) {
        NamespaceItem item = NamespaceItem.of(query.addEntry(entry), entry);
        items.add(item);
        return item;
    }

    Access access(int rangeIndex, int relation) {
        Access access = accesses.computeIfAbsent(rangeIndex, _ -> new Access());
        access.relation = relation;
        return access;
    }

    /** Notes that a column (0: the whole row) is read. */
    void readColumn(int rangeIndex, int attribute) {
        switch (query.entry(rangeIndex)) {
            case RangeTableEntry.Relation relation -> {
                Access access = access(rangeIndex, relation.relationOid());
                access.select = true;
                access.selected.add(attribute);
            }
            case RangeTableEntry.Subquery subquery when subquery.viewOid() != 0 -> {
                Access access = access(rangeIndex, subquery.viewOid());
                access.select = true;
                access.selected.add(attribute);
            }
            case RangeTableEntry.Join join -> {
                if (attribute > 0) {
                    markRead(join.expressions().get(attribute - 1));
                } else {
                    join.expressions().forEach(this::markRead);
                }
            }
            default -> {
            }
        }
    }

    void markRead(Expr expr) {
        if (expr instanceof Expr.ColumnRef column) {
            up(column.levelsUp()).readColumn(column.rangeIndex(), column.attribute());
        } else {
            io.quantadb.sql.typed.Exprs.forEachChild(expr, this::markRead);
        }
    }

    List<PermissionRequest> permissions(int checkAsRole) {
        List<PermissionRequest> result = new ArrayList<>(viewPermissions);
        accesses.values().forEach(a -> result.add(new PermissionRequest(a.relation, a.select, a.insert, a.update,
                a.delete, checkAsRole, java.util.Set.copyOf(a.selected), java.util.Set.copyOf(a.inserted),
                java.util.Set.copyOf(a.updated))));
        return result;
    }

    /** Errors unless set-returning functions may stand in the current clause. */
    void checkSetReturning(int position) {
        switch (kind) {
            case SELECT_TARGET, INSERT_TARGET, VALUES_SINGLE, GROUP_BY, ORDER_BY, DISTINCT_ON, WINDOW_PARTITION,
                    WINDOW_ORDER -> query.hasTargetSets = true;
            case FROM_FUNCTION, OTHER -> {
            }
            case WINDOW_FRAME_GROUPS, WINDOW_FRAME_RANGE, WINDOW_FRAME_ROWS -> throw analysis.notSupported(
                    "set-returning functions are not allowed in window definitions", position);
            default -> throw analysis.notSupported("set-returning functions are not allowed in " + kind.clause(),
                    position);
        }
    }

    /** Errors unless window functions may stand in the current clause. */
    void checkWindowFunction(int position) {
        String clause = switch (kind) {
            case SELECT_TARGET, ORDER_BY, DISTINCT_ON, OTHER -> null;
            case WINDOW_PARTITION, WINDOW_ORDER, WINDOW_FRAME_GROUPS, WINDOW_FRAME_RANGE, WINDOW_FRAME_ROWS ->
                    "window definitions";
            default -> kind.clause();
        };
        if (clause != null) {
            throw analysis.error(SqlState.WINDOWING_ERROR, "window functions are not allowed in " + clause, position);
        }
    }
}
