package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query.Limit;
import io.quantadb.sql.ast.Query.Locking;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** SELECT and VALUES, with the clauses around them. */
final class QueryAnalyzer {
    private final Analysis analysis;

    QueryAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    /** A query one level inside {@code parent}. */
    Query subquery(Scope parent, io.quantadb.sql.ast.Query query, boolean resolveUnknowns) {
        Scope scope = new Scope(analysis, parent);
        scope.resolveUnknowns = resolveUnknowns;
        return analyze(scope, query);
    }

    Query statement(Scope scope, Statement statement) {
        return statement instanceof io.quantadb.sql.ast.Query query ? analyze(scope, query)
                : analysis.changes.analyze(scope, (io.quantadb.sql.ast.DataStatement) statement);
    }

    Query analyze(Scope scope, io.quantadb.sql.ast.Query given) {
        io.quantadb.sql.ast.Query query = given;
        while (query.body() instanceof io.quantadb.sql.ast.Query inner) {
            query = merge(query, inner);
        }
        if (query.with() != null) {
            analysis.with.analyze(scope, query.with());
        }
        scope.locking = query.locking();
        switch (query.body()) {
            case QueryBody.Select select -> select(scope, query, select);
            case QueryBody.Values values -> values(scope, query, values);
            case QueryBody.SetOperation operation -> analysis.setOperations.analyze(scope, query, operation);
            case io.quantadb.sql.ast.Query _ -> throw new IllegalStateException("nested query was merged");
        }
        return finish(scope);
    }

    Query finish(Scope scope) {
        scope.ctes.forEach(cte -> scope.query.commonTables.add(cte.build()));
        scope.query.permissions = scope.permissions(analysis.checkAsRole);
        return scope.query.build();
    }

    /** Clauses outside and inside a pair of parentheses belong to the same query, if they do not collide. */
    private io.quantadb.sql.ast.Query merge(io.quantadb.sql.ast.Query outer, io.quantadb.sql.ast.Query inner) {
        if (!outer.orderBy().isEmpty() && !inner.orderBy().isEmpty()) {
            throw collision("ORDER BY", outer.orderBy().getFirst().position());
        }
        if (outer.with() != null && inner.with() != null) {
            throw collision("WITH", outer.with().position());
        }
        Limit limit = inner.limit();
        if (outer.limit() != null) {
            if (limit != null && (outer.limit().count() != null && limit.count() != null)) {
                throw collision("LIMIT", outer.limit().position());
            }
            if (limit != null && outer.limit().offset() != null && limit.offset() != null) {
                throw collision("OFFSET", outer.limit().position());
            }
            limit = limit == null ? outer.limit() : new Limit(
                    outer.limit().count() != null ? outer.limit().count() : limit.count(),
                    outer.limit().offset() != null ? outer.limit().offset() : limit.offset(),
                    outer.limit().withTies() || limit.withTies(), limit.position());
        }
        List<Locking> locking = new ArrayList<>(inner.locking());
        locking.addAll(outer.locking());
        return new io.quantadb.sql.ast.Query(outer.with() != null ? outer.with() : inner.with(), inner.body(),
                outer.orderBy().isEmpty() ? inner.orderBy() : outer.orderBy(), limit, locking, outer.position());
    }

    private SqlException collision(String clause, int position) {
        return analysis.error(SqlState.SYNTAX_ERROR, "multiple " + clause + " clauses not allowed", position);
    }

    private void select(Scope scope, io.quantadb.sql.ast.Query query, QueryBody.Select select) {
        scope.windows.addAll(select.windows());
        List<JoinTree> from = analysis.from.analyze(scope, select.from());
        List<TargetEntry> targets = analysis.targets.targetList(scope, select.items(), ExprKind.SELECT_TARGET);
        Expr where = analysis.clauses.condition(scope, select.where(), ExprKind.WHERE, "WHERE");
        scope.query.having = analysis.clauses.condition(scope, select.having(), ExprKind.HAVING, "HAVING");
        List<SortGroupClause> order = analysis.clauses.sortClause(scope, targets, query.orderBy(), ExprKind.ORDER_BY,
                false);
        if (select.groupBy() != null) {
            new GroupingAnalyzer(scope, targets, order).run(select.groupBy());
        }
        if (select.distinct()) {
            scope.query.distinctOn = !select.distinctOn().isEmpty();
            scope.query.distinct = select.distinctOn().isEmpty()
                    ? analysis.clauses.distinct(scope, targets, order)
                    : analysis.clauses.distinctOn(scope, select.distinctOn(), targets, order);
        }
        scope.query.orderBy = order;
        limit(scope, query.limit(), !query.orderBy().isEmpty());
        scope.query.windows = new WindowAnalyzer(scope, targets).run();
        if (scope.resolveUnknowns) {
            targets = analysis.targets.resolveUnknowns(scope, targets);
        }
        scope.query.targetList = new ArrayList<>(analysis.targets.markOrigins(scope, targets));
        scope.query.joinTree = new JoinTree.From(from, where);
        if (scope.query.hasAggregates || !scope.query.groupBy.isEmpty() || scope.query.groupingSets != null
                || scope.query.having != null) {
            GroupingChecker.check(scope);
        }
        if (scope.query.hasAggregates) {
            rejectRecursiveAggregates(scope);
        }
        lock(scope, query.locking());
    }

    /** An aggregate over a working table would have no end to wait for. */
    private void rejectRecursiveAggregates(Scope scope) {
        boolean recursive = scope.query.rangeTable.stream().anyMatch(entry ->
                entry instanceof RangeTableEntry.Cte cte && cte.selfReference());
        if (!recursive) {
            return;
        }
        int[] position = {-1};
        for (TargetEntry target : scope.query.targetList) {
            findAggregate(target.expr(), position);
        }
        findAggregate(scope.query.having, position);
        throw analysis.error(SqlState.INVALID_RECURSION,
                "aggregate functions are not allowed in a recursive query's recursive term", position[0]);
    }

    private static void findAggregate(Expr expr, int[] position) {
        if (expr == null || position[0] >= 0) {
            return;
        }
        ExprFacts.anywhere(expr, 0, (e, depth) -> {
            if (e instanceof Expr.AggregateCall call && call.levelsUp() == depth) {
                position[0] = call.position();
                return true;
            }
            return false;
        });
    }

    void limit(Scope scope, Limit limit, boolean ordered) {
        if (limit == null) {
            return;
        }
        if (limit.withTies() && !ordered) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause", -1);
        }
        scope.query.limitOffset = analysis.clauses.limit(scope, limit.offset(), ExprKind.OFFSET, "OFFSET", false);
        scope.query.limitCount = analysis.clauses.limit(scope, limit.count(), ExprKind.LIMIT, "LIMIT",
                limit.withTies());
        scope.query.withTies = limit.withTies();
    }

    private void values(Scope scope, io.quantadb.sql.ast.Query query, QueryBody.Values values) {
        if (!query.locking().isEmpty()) {
            throw analysis.notSupported("SELECT " + name(query.locking().getFirst())
                    + " cannot be applied to VALUES", -1);
        }
        List<List<Expr>> rows = rows(scope, values, ExprKind.VALUES);
        int width = rows.getFirst().size();
        List<RangeColumn> columns = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            List<Expr> column = new ArrayList<>();
            for (List<Expr> row : rows) {
                column.add(row.get(c));
            }
            int type = analysis.coercion.commonType(column, "VALUES");
            for (List<Expr> row : rows) {
                row.set(c, analysis.coercion.toCommon(scope, row.get(c), type, "VALUES"));
            }
            column.clear();
            for (List<Expr> row : rows) {
                column.add(row.get(c));
            }
            int collation = analysis.types.collationOf(type);
            columns.add(new RangeColumn("column" + (c + 1), analysis.pgType(type),
                    Coercion.commonTypmod(column, type), collation));
        }
        NamespaceItem item = addValues(scope, rows, columns);
        scope.namespace.add(item);
        List<TargetEntry> targets = new ArrayList<>();
        for (NamespaceItem.Column column : item.columns) {
            targets.add(new TargetEntry(new Expr.ColumnRef(item.rangeIndex, column.attribute(), 0, column.type(),
                    column.typmod(), column.collation(), Origin.NONE), targets.size() + 1, column.name(), 0, 0, 0,
                    false));
        }
        scope.query.orderBy = analysis.clauses.sortClause(scope, targets, query.orderBy(), ExprKind.ORDER_BY, false);
        limit(scope, query.limit(), !query.orderBy().isEmpty());
        scope.query.targetList = targets;
        scope.query.joinTree = new JoinTree.From(List.of(new JoinTree.Leaf(item.rangeIndex)), null);
    }

    static NamespaceItem addValues(Scope scope, List<List<Expr>> rows, List<RangeColumn> columns) {
        boolean lateral = rows.stream().anyMatch(row -> row.stream().anyMatch(e -> ExprFacts.usesLevel(e, 0)));
        return scope.add(new RangeTableEntry.Values(rows, lateral, "*VALUES*", null, columns));
    }

    /** Rows of VALUES, all of one length. */
    List<List<Expr>> rows(Scope scope, QueryBody.Values values, ExprKind kind) {
        List<List<Expr>> rows = new ArrayList<>();
        for (List<Expression> row : values.rows()) {
            List<Expr> exprs = new ArrayList<>(analysis.targets.expressionList(scope, row, kind));
            if (!rows.isEmpty() && rows.getFirst().size() != exprs.size()) {
                throw analysis.error(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length",
                        Locations.of(row.getFirst()));
            }
            rows.add(exprs);
        }
        return rows;
    }

    // Row locks

    static String name(Locking locking) {
        return "FOR " + locking.strength().name().replace('_', ' ').toUpperCase(Locale.ROOT);
    }

    void lock(Scope scope, List<Locking> clauses) {
        for (Locking locking : clauses) {
            checkLockable(scope.query.build(), name(locking));
            if (locking.tables().isEmpty()) {
                for (int i = 1; i <= scope.query.rangeTable.size(); i++) {
                    lockEntry(scope, i, locking, null);
                }
            } else {
                locking.tables().forEach(table -> lockTable(scope, table, locking));
            }
        }
    }

    private void lockTable(Scope scope, QualifiedName table, Locking locking) {
        if (table.schema() != null) {
            throw analysis.error(SqlState.SYNTAX_ERROR, name(locking) + " must specify unqualified relation names",
                    table.position());
        }
        for (NamespaceItem item : scope.namespace) {
            if (item.relationVisible && item.name.equals(table.name())) {
                lockEntry(scope, item.rangeIndex, locking, table);
                return;
            }
        }
        throw analysis.error(SqlState.UNDEFINED_TABLE, "relation \"" + table.name() + "\" in " + name(locking)
                + " clause not found in FROM clause", table.position());
    }

    private void lockEntry(Scope scope, int index, Locking locking, QualifiedName named) {
        boolean target = scope.namespace.stream().anyMatch(item -> item.rangeIndex == index);
        if (!target) {
            return;
        }
        String forbidden = switch (scope.query.entry(index)) {
            case RangeTableEntry.Relation relation -> {
                scope.access(index, relation.relationOid()).update = true;
                addMark(scope.query.rowMarks, index, locking, false);
                yield null;
            }
            case RangeTableEntry.Subquery subquery -> {
                Query inner = pushLock(subquery.query(), locking);
                scope.query.rangeTable.set(index - 1, new RangeTableEntry.Subquery(inner, subquery.viewOid(),
                        subquery.securityBarrier(), subquery.lateral(), subquery.name(), subquery.alias(),
                        subquery.columns()));
                addMark(scope.query.rowMarks, index, locking, false);
                yield null;
            }
            case RangeTableEntry.Join _ -> "a join";
            case RangeTableEntry.Function _ -> "a function";
            case RangeTableEntry.Values _ -> "VALUES";
            case RangeTableEntry.Cte _ -> "a WITH query";
        };
        if (forbidden != null && named != null) {
            throw analysis.notSupported(name(locking) + " cannot be applied to " + forbidden, named.position());
        }
    }

    private Query pushLock(Query query, Locking locking) {
        if (query.setOperations() != null || !query.groupBy().isEmpty() || !query.distinct().isEmpty()
                || query.hasAggregates() || query.hasWindowFunctions() || query.command() != CommandType.SELECT) {
            checkLockable(query, name(locking));
        }
        var builder = query.toBuilder();
        for (int i = 1; i <= builder.rangeTable.size(); i++) {
            switch (builder.entry(i)) {
                case RangeTableEntry.Relation _ -> addMark(builder.rowMarks, i, locking, true);
                case RangeTableEntry.Subquery s -> {
                    builder.rangeTable.set(i - 1, new RangeTableEntry.Subquery(pushLock(s.query(), locking),
                            s.viewOid(), s.securityBarrier(), s.lateral(), s.name(), s.alias(), s.columns()));
                    addMark(builder.rowMarks, i, locking, true);
                }
                default -> {
                }
            }
        }
        return builder.build();
    }

    private static void addMark(List<RowMark> marks, int index, Locking locking, boolean pushedDown) {
        RowMark.Strength strength = RowMark.Strength.valueOf(locking.strength().name());
        RowMark.WaitPolicy policy = RowMark.WaitPolicy.valueOf(locking.waitPolicy().name());
        for (int i = 0; i < marks.size(); i++) {
            RowMark old = marks.get(i);
            if (old.rangeIndex() == index) {
                marks.set(i, new RowMark(index, max(old.strength(), strength), max(old.waitPolicy(), policy),
                        old.pushedDown() && pushedDown));
                return;
            }
        }
        marks.add(new RowMark(index, strength, policy, pushedDown));
    }

    private static <T extends Comparable<T>> T max(T a, T b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private void checkLockable(Query query, String clause) {
        String reason = query.setOperations() != null ? "UNION/INTERSECT/EXCEPT"
                : !query.distinct().isEmpty() ? "DISTINCT clause"
                : !query.groupBy().isEmpty() || query.groupingSets() != null ? "GROUP BY clause"
                : query.having() != null ? "HAVING clause"
                : query.hasAggregates() ? "aggregate functions"
                : query.hasWindowFunctions() ? "window functions"
                : query.hasTargetSets() ? "set-returning functions in the target list" : null;
        if (reason != null) {
            throw analysis.notSupported(clause + " is not allowed with " + reason, -1);
        }
    }
}
