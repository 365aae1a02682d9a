package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.JoinColumns;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that a grouped query uses columns only inside aggregates or as grouped, and resolves GROUPING's arguments.
 *
 * <p>A column of a table whose primary key is grouped counts as grouped (functional dependency).
 */
final class GroupingChecker extends ExprRewriter {
    private final Analysis analysis;
    private final QueryBuilder query;
    /** Grouped expressions with their sort-group references, joins' columns replaced. */
    private final Map<Expr, Integer> grouped = new LinkedHashMap<>();
    private final boolean hasGrouping;
    private boolean inDirectArguments;

    private GroupingChecker(Analysis analysis, QueryBuilder query) {
        this.analysis = analysis;
        this.query = query;
        for (SortGroupClause key : query.groupBy) {
            TargetEntry target = ClauseAnalyzer.byReference(query.targetList, key.targetRef());
            grouped.putIfAbsent(JoinColumns.flatten(target.expr(), query.rangeTable), key.targetRef());
        }
        hasGrouping = !grouped.isEmpty();
    }

    static void check(Scope scope) {
        GroupingChecker checker = new GroupingChecker(scope.analysis, scope.query);
        QueryBuilder query = scope.query;
        query.targetList.replaceAll(target -> target.withExpr(checker.checkTop(target.expr())));
        if (query.having != null) {
            query.having = checker.checkTop(query.having);
        }
    }

    private Expr checkTop(Expr expr) {
        rewrite(JoinColumns.flatten(expr, query.rangeTable));
        return new GroupingReferences().rewrite(expr);
    }

    @Override
    public Expr rewrite(Expr expr) {
        if (expr instanceof Expr.Const || expr instanceof Expr.Parameter) {
            return expr;
        }
        if (expr instanceof Expr.AggregateCall a) {
            if (a.levelsUp() == depth()) {
                boolean saved = inDirectArguments;
                inDirectArguments = true;
                a.directArguments().forEach(this::rewrite);
                inDirectArguments = saved;
                return expr;
            }
            if (a.levelsUp() > depth()) {
                return expr;
            }
        }
        if (expr instanceof Expr.GroupingCall g && g.levelsUp() >= depth()) {
            return expr;
        }
        if (hasGrouping && !(expr instanceof Expr.ColumnRef) && depth() == 0 && grouped.containsKey(expr)) {
            return expr;
        }
        if (hasGrouping && depth() > 0 && isGroupedOuter(expr)) {
            return expr;
        }
        if (expr instanceof Expr.ColumnRef column) {
            if (column.levelsUp() == depth() && !isGrouped(column)) {
                throw ungrouped(column);
            }
            return expr;
        }
        return rewriteChildren(expr);
    }

    /** An expression inside a subquery over this level's grouped expression. */
    private boolean isGroupedOuter(Expr expr) {
        if (expr instanceof Expr.ColumnRef) {
            return false;
        }
        for (Expr key : grouped.keySet()) {
            if (key.getClass() == expr.getClass()
                    && io.quantadb.sql.typed.LevelShifter.shift(key, depth(), 0).equals(expr)) {
                return true;
            }
        }
        return false;
    }

    private boolean isGrouped(Expr.ColumnRef column) {
        Expr.ColumnRef local = column.levelsUp() == 0 ? column : new Expr.ColumnRef(column.rangeIndex(),
                column.attribute(), 0, column.type(), column.typmod(), column.collation(), column.origin());
        if (grouped.containsKey(local)) {
            return true;
        }
        return query.entry(column.rangeIndex()) instanceof RangeTableEntry.Relation relation
                && query.groupingSets == null && dependsOnKey(relation, column.rangeIndex());
    }

    private boolean dependsOnKey(RangeTableEntry.Relation entry, int rangeIndex) {
        RelationDescriptor relation = analysis.catalog.relation(entry.relationOid());
        for (ConstraintDescriptor constraint : relation.constraints()) {
            if (constraint.isPrimaryKey() && !constraint.deferrable()) {
                return constraint.columns().stream().allMatch(attribute -> grouped.keySet().stream().anyMatch(
                        key -> key instanceof Expr.ColumnRef c && c.rangeIndex() == rangeIndex
                                && c.attribute() == attribute && c.levelsUp() == 0));
            }
        }
        return false;
    }

    private SqlException ungrouped(Expr.ColumnRef column) {
        RangeTableEntry entry = query.entry(column.rangeIndex());
        String name = column.attribute() > 0 ? entry.columns().get(column.attribute() - 1).name()
                : column.attribute() == 0 ? "*" : List.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid")
                        .get(-1 - column.attribute());
        String qualified = "\"" + entry.name() + "." + name + "\"";
        if (depth() > 0) {
            return analysis.error(SqlState.GROUPING_ERROR, "subquery uses ungrouped column " + qualified
                    + " from outer query", column.position());
        }
        SqlException error = analysis.error(SqlState.GROUPING_ERROR, "column " + qualified
                + " must appear in the GROUP BY clause or be used in an aggregate function", column.position());
        return inDirectArguments ? error.withDetail(
                "Direct arguments of an ordered-set aggregate must use only grouped columns.") : error;
    }

    /** Finds the grouped expressions GROUPING's arguments mean. */
    private final class GroupingReferences extends ExprRewriter {
        @Override
        public Expr rewrite(Expr expr) {
            if (!(expr instanceof Expr.GroupingCall g) || g.levelsUp() != depth()) {
                return rewriteChildren(expr);
            }
            List<Integer> references = new ArrayList<>();
            for (Expr argument : g.arguments()) {
                Expr local = io.quantadb.sql.typed.LevelShifter.shift(
                        JoinColumns.flatten(argument, query.rangeTable), -depth(), depth());
                Integer reference = grouped.get(local);
                if (reference == null) {
                    throw analysis.error(SqlState.GROUPING_ERROR,
                            "arguments to GROUPING must be grouping expressions of the associated query level",
                            Locations.of(argument));
                }
                references.add(reference);
            }
            return new Expr.GroupingCall(g.arguments(), references, g.levelsUp(), g.type(), g.origin());
        }
    }
}
