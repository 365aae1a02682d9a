package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Alias;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Joins: conditions, merged columns of USING and NATURAL, and the names a join shows. */
final class JoinAnalyzer {
    private final Analysis analysis;
    private final FromAnalyzer from;

    JoinAnalyzer(Analysis analysis, FromAnalyzer from) {
        this.analysis = analysis;
        this.from = from;
    }

    FromAnalyzer.Item join(Scope scope, FromItem.Join join) {
        RangeTableEntry.JoinKind kind = switch (join.kind()) {
            case INNER, CROSS -> RangeTableEntry.JoinKind.INNER;
            case LEFT -> RangeTableEntry.JoinKind.LEFT;
            case RIGHT -> RangeTableEntry.JoinKind.RIGHT;
            case FULL -> RangeTableEntry.JoinKind.FULL;
        };
        FromAnalyzer.Item left = from.item(scope, join.left());
        boolean lateralOk = kind == RangeTableEntry.JoinKind.INNER || kind == RangeTableEntry.JoinKind.LEFT;
        FromAnalyzer.setLateral(left.namespace(), true, lateralOk);
        int visible = scope.namespace.size();
        scope.namespace.addAll(left.namespace());
        FromAnalyzer.Item right = from.item(scope, join.right());
        scope.namespace.subList(visible, scope.namespace.size()).clear();
        from.checkConflicts(left.namespace(), right.namespace());
        List<NamespaceItem> both = new ArrayList<>(left.namespace());
        both.addAll(right.namespace());
        Columns columns = columns(scope, join, kind, left.top(), right.top());
        Expr condition = columns.condition;
        if (join.on() != null) {
            condition = onCondition(scope, join, both);
        }
        String name = join.alias() == null ? "unnamed_join" : join.alias().name();
        List<RangeColumn> shown = from.rename(columns.shown, join.alias(), "join expression", name);
        RangeTableEntry.Join entry = new RangeTableEntry.Join(kind, columns.merged.size(), columns.expressions,
                join.usingAlias() == null ? null : join.usingAlias().name(), name, FromAnalyzer.aliasOf(join.alias()),
                shown);
        int index = scope.query.addEntry(entry);
        NamespaceItem top = new NamespaceItem(index, entry, name, references(index, columns, shown));
        scope.items.add(top);
        top.relationVisible = join.alias() != null;
        List<NamespaceItem> namespace = new ArrayList<>();
        if (join.alias() == null) {
            both.forEach(item -> item.columnsVisible = false);
            namespace.addAll(both);
        }
        if (join.usingAlias() != null) {
            namespace.add(usingAlias(scope, join.usingAlias(), top, columns, both));
        }
        namespace.add(top);
        return new FromAnalyzer.Item(new JoinTree.Join(kind, join.natural(), left.tree(), right.tree(),
                columns.merged, condition, index), top, namespace);
    }

    private NamespaceItem usingAlias(Scope scope, Alias alias, NamespaceItem top, Columns columns,
                                     List<NamespaceItem> others) {
        NamespaceItem item = new NamespaceItem(top.rangeIndex, top.entry, alias.name(),
                List.copyOf(top.columns.subList(0, columns.merged.size())));
        item.columnsVisible = false;
        item.usingAlias = true;
        from.checkConflicts(others, List.of(item));
        return item;
    }

    /** Everything USING makes: result columns with the expressions behind them, and the equality condition. */
    private static final class Columns {
        private final List<String> merged = new ArrayList<>();
        private final List<RangeColumn> shown = new ArrayList<>();
        private final List<Expr> expressions = new ArrayList<>();
        private Expr condition;
    }

    private Columns columns(Scope scope, FromItem.Join join, RangeTableEntry.JoinKind kind, NamespaceItem left,
                            NamespaceItem right) {
        Columns result = new Columns();
        List<String> using = new ArrayList<>();
        if (join.natural()) {
            for (NamespaceItem.Column l : left.columns) {
                if (!l.dropped() && right.columns.stream().anyMatch(r -> !r.dropped() && r.name().equals(l.name()))) {
                    using.add(l.name());
                }
            }
        } else {
            join.using().stream().map(Identifier::name).forEach(using::add);
        }
        Set<Integer> usedLeft = new HashSet<>();
        Set<Integer> usedRight = new HashSet<>();
        List<Expr> equalities = new ArrayList<>();
        for (String name : using) {
            if (result.merged.contains(name)) {
                throw analysis.error(SqlState.DUPLICATE_COLUMN, "column name \"" + name
                        + "\" appears more than once in USING clause", -1);
            }
            int l = find(left, name, "left");
            int r = find(right, name, "right");
            usedLeft.add(l);
            usedRight.add(r);
            Expr leftColumn = analysis.names.reference(scope, left.columns.get(l), 0, -1);
            Expr rightColumn = analysis.names.reference(scope, right.columns.get(r), 0, -1);
            ExprKind saved = scope.kind;
            scope.kind = ExprKind.JOIN_USING;
            equalities.add(analysis.coercion.toBoolean(scope, analysis.operators.call(scope, null, "=", leftColumn,
                    rightColumn, -1), "JOIN/USING"));
            scope.kind = saved;
            Expr merged = merge(scope, kind, leftColumn, rightColumn);
            result.merged.add(name);
            result.expressions.add(merged);
            result.shown.add(new RangeColumn(name, merged.type(), merged.typmod(), merged.collation()));
        }
        addRest(result, left, usedLeft);
        addRest(result, right, usedRight);
        if (!equalities.isEmpty()) {
            result.condition = equalities.size() == 1 ? equalities.getFirst()
                    : new Expr.BoolExpr(Expr.BoolKind.AND, equalities, analysis.bool(), Origin.NONE);
        }
        return result;
    }

    private int find(NamespaceItem item, String name, String side) {
        int found = -1;
        for (int i = 0; i < item.columns.size(); i++) {
            NamespaceItem.Column column = item.columns.get(i);
            if (!column.dropped() && column.name().equals(name)) {
                if (found >= 0) {
                    throw analysis.error(SqlState.AMBIGUOUS_COLUMN, "common column name \"" + name
                            + "\" appears more than once in " + side + " table", -1);
                }
                found = i;
            }
        }
        if (found < 0) {
            throw analysis.error(SqlState.UNDEFINED_COLUMN, "column \"" + name
                    + "\" specified in USING clause does not exist in " + side + " table", -1);
        }
        return found;
    }

    private static void addRest(Columns result, NamespaceItem item, Set<Integer> used) {
        for (int i = 0; i < item.columns.size(); i++) {
            NamespaceItem.Column c = item.columns.get(i);
            if (!c.dropped() && !used.contains(i)) {
                result.expressions.add(new Expr.ColumnRef(c.rangeIndex(), c.attribute(), 0, c.type(), c.typmod(),
                        c.collation(), Origin.NONE));
                result.shown.add(new RangeColumn(c.name(), c.type(), c.typmod(), c.collation()));
            }
        }
    }

    private Expr merge(Scope scope, RangeTableEntry.JoinKind kind, Expr left, Expr right) {
        int type = analysis.coercion.commonType(List.of(left, right), "JOIN/USING");
        int typmod = Coercion.commonTypmod(List.of(left, right), type);
        Expr l = convert(scope, left, type, typmod);
        Expr r = convert(scope, right, type, typmod);
        return switch (kind) {
            case INNER -> l instanceof Expr.ColumnRef || !(r instanceof Expr.ColumnRef) ? l : r;
            case LEFT -> l;
            case RIGHT -> r;
            case FULL -> new Expr.Coalesce(List.of(l, r), analysis.pgType(type), l.collation(), Origin.NONE);
        };
    }

    private Expr convert(Scope scope, Expr column, int type, int typmod) {
        if (column.type().oid() != type) {
            return analysis.coercion.coerce(scope, column, type, typmod, Coercion.Context.IMPLICIT,
                    CoercionForm.IMPLICIT_CAST, -1);
        }
        return column.typmod() == typmod ? column : new Expr.RelabelType(column, column.type(), typmod,
                column.collation(), Origin.at(-1, CoercionForm.IMPLICIT_CAST));
    }

    /** A plain input column stands for itself; only computed columns refer to the join's own entry. */
    private static List<NamespaceItem.Column> references(int index, Columns columns, List<RangeColumn> shown) {
        List<NamespaceItem.Column> result = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            RangeColumn column = shown.get(i);
            boolean plain = columns.expressions.get(i) instanceof Expr.ColumnRef;
            Expr.ColumnRef input = plain ? (Expr.ColumnRef) columns.expressions.get(i) : null;
            result.add(new NamespaceItem.Column(column.name(), plain ? input.rangeIndex() : index,
                    plain ? input.attribute() : i + 1, column.type(), column.typmod(), column.collation()));
        }
        return result;
    }

    private Expr onCondition(Scope scope, FromItem.Join join, List<NamespaceItem> both) {
        FromAnalyzer.setLateral(both, false, true);
        List<NamespaceItem> saved = scope.namespace;
        scope.namespace = new ArrayList<>(both);
        Expr condition = analysis.coercion.toBoolean(scope, analysis.expressions.analyze(scope, join.on(),
                ExprKind.JOIN_ON), "JOIN/ON");
        scope.namespace = saved;
        return condition;
    }
}
