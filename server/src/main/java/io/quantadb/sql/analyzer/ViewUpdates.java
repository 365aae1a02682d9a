package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.OnConflict;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.PermissionRequest;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.sql.typed.ViewCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * INSERT, UPDATE and DELETE through automatically updatable views: the view's table takes the place of the view, level
 * by level, its columns become the view's expressions, its WHERE restricts what is changed, and its CHECK OPTION what
 * new rows may be.
 *
 * <p>Source: PostgreSQL documentation, CREATE VIEW, "Updatable Views".
 */
final class ViewUpdates {
    private final Analysis analysis;
    private final Query query;
    private final RelationDescriptor view;
    private final Query definition;
    private final RelationDescriptor base;
    private final List<TargetEntry> columns;
    private final int target;

    private ViewUpdates(Analysis analysis, Query query, RelationDescriptor view) {
        this.analysis = analysis;
        this.query = query;
        this.view = view;
        this.target = query.resultRelation();
        this.definition = Views.definition(analysis, view);
        String reason = notUpdatable(definition);
        if (reason != null) {
            throw refuse(reason);
        }
        this.base = analysis.catalog.relation(baseOid(definition));
        this.columns = definition.resultColumns();
    }

    /** The query with a table as its result relation. */
    static Query rewrite(Analysis analysis, Query query) {
        Query result = query;
        boolean cascaded = false;
        while (result.resultRelation() != 0
                && result.entry(result.resultRelation()) instanceof RangeTableEntry.Relation r
                && r.relationKind() == 'v') {
            ViewUpdates update = new ViewUpdates(analysis, result, analysis.catalog.relation(r.relationOid()));
            cascaded |= "cascaded".equals(update.view.option("check_option"));
            result = update.rewrite(cascaded);
        }
        return result;
    }

    /** What a column of a view gets by default from its table; null if it is no column of it. */
    static Expr tableDefault(Analysis analysis, RelationDescriptor view, ColumnDescriptor column) {
        Query definition = Views.definition(analysis, view);
        if (notUpdatable(definition) != null || column.attnum() > definition.resultColumns().size()) {
            return null;
        }
        int attribute = baseAttribute(definition, column.attnum());
        RelationDescriptor base = analysis.catalog.relation(baseOid(definition));
        return attribute <= 0 ? null : StoredExpressions.columnDefault(analysis, base, base.column(attribute));
    }

    /** Events as {@code pg_relation_is_updatable} reports them: 4 UPDATE, 8 INSERT, 16 DELETE. */
    static int events(Analysis analysis, RelationDescriptor relation, Set<Integer> attributes) {
        if (relation.kind() == RelationKind.TABLE || relation.kind() == RelationKind.PARTITIONED_TABLE) {
            return 4 | 8 | 16;
        }
        if (relation.kind() != RelationKind.VIEW) {
            return 0;
        }
        Query definition = Views.definition(analysis, relation);
        if (notUpdatable(definition) != null) {
            return 0;
        }
        Set<Integer> inner = new TreeSet<>();
        int count = 0;
        for (int i = 1; i <= definition.resultColumns().size(); i++) {
            int attribute = baseAttribute(definition, i);
            if (attribute > 0) {
                count++;
                if (attributes == null || attributes.contains(i)) {
                    inner.add(attribute);
                }
            }
        }
        int events = count == 0 || inner.isEmpty() ? 16 : 4 | 8 | 16;
        RelationDescriptor base = analysis.catalog.relation(baseOid(definition));
        return events & (base.kind() == RelationKind.VIEW ? events(analysis, base, inner) : events(analysis, base,
                null));
    }

    // ---- Which views

    /** Why not; null if the view is updatable. */
    private static String notUpdatable(Query q) {
        if (!q.distinct().isEmpty()) {
            return "Views containing DISTINCT are not automatically updatable.";
        }
        if (!q.groupBy().isEmpty() || q.groupingSets() != null) {
            return "Views containing GROUP BY are not automatically updatable.";
        }
        if (q.having() != null) {
            return "Views containing HAVING are not automatically updatable.";
        }
        if (q.setOperations() != null) {
            return "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.";
        }
        if (!q.commonTables().isEmpty()) {
            return "Views containing WITH are not automatically updatable.";
        }
        if (q.limitCount() != null || q.limitOffset() != null) {
            return "Views containing LIMIT or OFFSET are not automatically updatable.";
        }
        if (q.hasAggregates()) {
            return "Views that return aggregate functions are not automatically updatable.";
        }
        if (q.hasWindowFunctions()) {
            return "Views that return window functions are not automatically updatable.";
        }
        if (q.hasTargetSets()) {
            return "Views that return set-returning functions are not automatically updatable.";
        }
        if (baseOid(q) == 0) {
            return "Views that do not select from a single table or view are not automatically updatable.";
        }
        if (q.entry(baseIndex(q)) instanceof RangeTableEntry.Relation r && r.sample() != null) {
            return "Views containing TABLESAMPLE are not automatically updatable.";
        }
        return null;
    }

    private static int baseIndex(Query q) {
        return q.joinTree().items().size() == 1 && q.joinTree().items().getFirst() instanceof JoinTree.Leaf leaf
                ? leaf.rangeIndex() : 0;
    }

    /** The table or view it selects from, 0 if it is not a single one. */
    private static int baseOid(Query q) {
        int index = baseIndex(q);
        if (index == 0) {
            return 0;
        }
        return switch (q.entry(index)) {
            case RangeTableEntry.Relation r when "rpf".indexOf(r.relationKind()) >= 0 -> r.relationOid();
            case RangeTableEntry.Subquery s -> s.viewOid();
            default -> 0;
        };
    }

    /** Attribute of the base that a view's column is, 0 if it is something else. */
    private static int baseAttribute(Query q, int column) {
        return q.resultColumns().get(column - 1).expr() instanceof Expr.ColumnRef c && c.levelsUp() == 0
                && c.rangeIndex() == baseIndex(q) && c.attribute() > 0 ? c.attribute() : 0;
    }

    private SqlException refuse(String detail) {
        String name = " view \"" + view.name() + "\"";
        SqlException error = switch (query.command()) {
            case INSERT -> new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot insert into" + name)
                    .withHint("To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an "
                            + "unconditional ON INSERT DO INSTEAD rule.");
            case UPDATE -> new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot update" + name)
                    .withHint("To enable updating the view, provide an INSTEAD OF UPDATE trigger or an "
                            + "unconditional ON UPDATE DO INSTEAD rule.");
            default -> new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot delete from" + name)
                    .withHint("To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an "
                            + "unconditional ON DELETE DO INSTEAD rule.");
        };
        return error.withDetail(detail);
    }

    /** The table's attribute for an assigned column of the view. */
    private int assignable(int column) {
        int attribute = baseAttribute(definition, column);
        if (attribute > 0) {
            return attribute;
        }
        Expr expr = columns.get(column - 1).expr();
        String detail = !(expr instanceof Expr.ColumnRef c)
                ? "View columns that are not columns of their base relation are not updatable."
                : c.attribute() == 0 ? "View columns that return whole-row references are not updatable."
                : "View columns that refer to system columns are not updatable.";
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot "
                + (query.command() == CommandType.INSERT ? "insert into" : "update") + " column \""
                + view.column(column).name() + "\" of view \"" + view.name() + "\"").withDetail(detail);
    }

    // ---- The rewriting

    private Query rewrite(boolean cascaded) {
        for (int column = 1; column <= columns.size(); column++) {
            if (query.command() == CommandType.DELETE || baseAttribute(definition, column) > 0) {
                break;
            }
            if (column == columns.size()) {
                throw refuse("Views that have no updatable columns are not automatically updatable.");
            }
        }
        int excluded = query.onConflict() == null ? 0 : query.onConflict().excludedIndex();
        QueryBuilder b = new Columns(excluded).rewriteQuery(query).toBuilder();
        b.rangeTable.set(target - 1, entry(baseKind(), null));
        if (excluded != 0) {
            b.rangeTable.set(excluded - 1, entry('c', new RangeTableEntry.Alias("excluded", List.of())));
        }
        Expr where = move(definition.where(), target);
        if (where != null) {
            b.hasSubLinks |= definition.hasSubLinks();
            if (query.command() != CommandType.INSERT) {
                b.joinTree = new JoinTree.From(b.joinTree.items(), and(where, b.joinTree.where()));
            }
            if (query.command() != CommandType.DELETE && (cascaded || "local".equals(view.option("check_option")))) {
                b.viewChecks.addFirst(new ViewCheck(view.name(), where));
            }
        }
        if (query.command() != CommandType.DELETE) {
            assignments(b);
        }
        if (query.onConflict() != null) {
            b.onConflict = conflict(b);
        }
        permissions(b);
        return b.build();
    }

    private char baseKind() {
        return base.kind().code();
    }

    private RangeTableEntry entry(char kind, RangeTableEntry.Alias alias) {
        RangeTableEntry inner = definition.entry(baseIndex(definition));
        RangeTableEntry.Alias shown = alias == null ? inner.alias() : alias;
        boolean inherit = !(inner instanceof RangeTableEntry.Relation r) || r.inherit();
        return new RangeTableEntry.Relation(base.oid(), base.schemaName(), base.name(), kind,
                inherit && alias == null, null, RangeTableEntry.LockMode.ROW_EXCLUSIVE,
                shown == null ? base.name() : shown.name(), shown, FromAnalyzer.columnsOf(base));
    }

    private Expr and(Expr a, Expr b) {
        return b == null ? a : new Expr.BoolExpr(Expr.BoolKind.AND, List.of(a, b), analysis.bool(), Origin.NONE);
    }

    /** An expression of the view's definition, over another range index of the query. */
    private Expr move(Expr expr, int rangeIndex) {
        int from = baseIndex(definition);
        return new ExprRewriter() {
            @Override
            public Expr rewrite(Expr e) {
                if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth() && c.rangeIndex() == from) {
                    return new Expr.ColumnRef(rangeIndex, c.attribute(), c.levelsUp(), c.type(), c.typmod(),
                            c.collation(), c.origin());
                }
                return rewriteChildren(e);
            }
        }.rewriteOrNull(expr);
    }

    /** Puts the view's expressions in the place of its columns. */
    private final class Columns extends ExprRewriter {
        private final int excluded;

        Columns(int excluded) {
            this.excluded = excluded;
        }

        @Override
        public Expr rewrite(Expr expr) {
            if (!(expr instanceof Expr.ColumnRef c) || c.levelsUp() != depth()
                    || c.rangeIndex() != target && (c.rangeIndex() != excluded || excluded == 0)) {
                return expr instanceof Expr.ColumnRef ? expr : rewriteChildren(expr);
            }
            if (c.attribute() > 0) {
                return column(c.attribute(), c.rangeIndex());
            }
            List<Expr> fields = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (ColumnDescriptor column : view.liveColumns()) {
                fields.add(column(column.attnum(), c.rangeIndex()));
                names.add(column.name());
            }
            return new Expr.RowExpr(fields, names, c.type(), c.origin());
        }

        private Expr column(int attribute, int rangeIndex) {
            return LevelShifter.shift(move(columns.get(attribute - 1).expr(), rangeIndex), depth(), 0);
        }
    }

    private void assignments(QueryBuilder b) {
        Map<Integer, Expr> assigned = new TreeMap<>();
        List<TargetEntry> junk = new ArrayList<>();
        for (TargetEntry entry : b.targetList) {
            if (entry.junk()) {
                junk.add(entry);
            } else {
                int attribute = assignable(entry.number());
                if (assigned.put(attribute, entry.expr()) != null) {
                    throw new SqlException(SqlState.SYNTAX_ERROR, "multiple assignments to same column \""
                            + base.column(attribute).name() + "\"");
                }
            }
        }
        if (base.kind() != RelationKind.VIEW) {
            if (query.command() == CommandType.INSERT) {
                b.defaultsOf = new ArrayList<>();
                fill(assigned, b);
            } else {
                assigned.forEach((attribute, value) -> AssignmentChecks.checkUpdate(base.column(attribute), value));
            }
        } else if (query.command() == CommandType.INSERT) {
            for (ColumnDescriptor column : base.liveColumns()) {
                if (column.defaultExpression() != null && !assigned.containsKey(column.attnum())) {
                    assigned.put(column.attnum(), StoredExpressions.columnDefault(analysis, base, column));
                }
            }
        }
        b.targetList = new ArrayList<>(ChangeAnalyzer.entries(base, assigned));
        b.targetList.addAll(junk);
    }

    private void fill(Map<Integer, Expr> assigned, QueryBuilder b) {
        for (ColumnDescriptor column : base.liveColumns()) {
            Expr value = assigned.get(column.attnum());
            if (value != null && (value instanceof Expr.NextValue
                    || !AssignmentChecks.replacesByDefault(analysis, column, value, query.overriding()))) {
                continue;
            }
            if (column.isGenerated()) {
                assigned.remove(column.attnum());
            } else {
                b.defaultsOf.add(column.attnum());
                assigned.put(column.attnum(), StoredExpressions.columnDefault(analysis, base, column));
            }
        }
    }

    private OnConflict conflict(QueryBuilder b) {
        OnConflict c = b.onConflict;
        List<Integer> indexes = new ArrayList<>(c.arbiterIndexes());
        if (base.kind() != RelationKind.VIEW && !c.arbiterElements().isEmpty() && c.constraintOid() == 0) {
            new ConflictAnalyzer(analysis, analysis.changes).infer(base,
                    NamespaceItem.of(target, b.rangeTable.get(target - 1)), c.arbiterElements(), c.arbiterWhere(),
                    indexes);
        }
        List<TargetEntry> assignments = new ArrayList<>();
        for (TargetEntry t : c.assignments()) {
            if (t.junk()) {
                assignments.add(t);
            } else {
                int attribute = assignable(t.number());
                assignments.add(new TargetEntry(t.expr(), attribute, base.column(attribute).name(), 0, 0, 0, false));
            }
        }
        return new OnConflict(c.update(), c.arbiterElements(), c.arbiterWhere(), c.constraintOid(), indexes,
                assignments, c.where(), c.excludedIndex());
    }

    /** The view's owner must be allowed to do to the table what the user does to the view. */
    private void permissions(QueryBuilder b) {
        int role = "true".equals(view.option("security_invoker")) ? analysis.checkAsRole : view.ownerOid();
        for (PermissionRequest request : query.permissions()) {
            if (request.relationOid() == view.oid() && (request.insert() || request.update() || request.delete())) {
                b.permissions.add(new PermissionRequest(base.oid(), false, request.insert(), request.update(),
                        request.delete(), role, Set.of(), attributes(request.insertedColumns()),
                        attributes(request.updatedColumns())));
            }
        }
        if (query.command() != CommandType.INSERT) {
            b.permissions.addAll(definition.permissions());
        }
    }

    private Set<Integer> attributes(Set<Integer> viewColumns) {
        Set<Integer> result = new TreeSet<>();
        for (int column : viewColumns) {
            int attribute = baseAttribute(definition, column);
            if (attribute > 0) {
                result.add(attribute);
            }
        }
        return result;
    }
}
