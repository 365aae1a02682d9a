package io.quantadb.sql.analyzer;

import io.quantadb.catalog.AggregateDescriptor;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Window;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Aggregate, GROUPING and window calls: their own clauses, and where they may stand. */
final class AggregateAnalyzer {
    private final Analysis analysis;

    AggregateAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    Expr call(Scope scope, FunctionRef function, AggregateDescriptor descriptor, List<Expr> arguments,
              Expression.FunctionCall call, boolean variadic, PgType type, boolean named) {
        int position = call.position();
        String name = Names.qualified(call.name());
        if (arguments.isEmpty() && !call.star() && descriptor.kind() == 'n') {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, name
                    + "(*) must be used to call a parameterless aggregate function", position);
        }
        if (named) {
            throw analysis.notSupported("aggregates cannot use named arguments", position);
        }
        Expr filter = filter(scope, call);
        List<PgType> argumentTypes = arguments.stream().map(Expr::type).toList();
        int direct = descriptor.kind() == 'n' ? 0 : call.arguments().size();
        if (variadic && descriptor.kind() != 'n') {
            direct = Math.min(direct, arguments.size());
        }
        List<Expr> directArguments = List.copyOf(arguments.subList(0, direct));
        List<TargetEntry> targets = new ArrayList<>();
        for (Expr argument : arguments.subList(direct, arguments.size())) {
            targets.add(new TargetEntry(argument, targets.size() + 1, null, 0, 0, 0, false));
        }
        List<SortGroupClause> order = List.of();
        List<SortGroupClause> distinct = List.of();
        if (descriptor.kind() != 'n') {
            List<SortGroupClause> keys = new ArrayList<>();
            for (int i = 0; i < call.orderBy().size() && i < targets.size(); i++) {
                analysis.clauses.addSortKey(scope, targets, i, keys, call.orderBy().get(i));
            }
            order = keys;
        } else if (!call.orderBy().isEmpty() || call.distinct()) {
            order = analysis.clauses.sortClause(scope, targets, call.orderBy(), ExprKind.ORDER_BY, true);
            if (call.distinct()) {
                distinct = analysis.clauses.aggregateDistinct(targets, order, position);
            }
        }
        Expr check = new Expr.AggregateCall(function, directArguments, targets, order, distinct, filter, call.star(),
                variadic, descriptor.kind(), argumentTypes, 0, type, 0, 0, Origin.at(position));
        int level = levelOf((Expr.AggregateCall) check, position);
        int input = Collations.combine(analysis, arguments);
        int own = analysis.types.collationOf(type.oid());
        Scope owner = scope.up(level);
        checkPlace(owner, "aggregate functions", position);
        owner.query.hasAggregates = true;
        return new Expr.AggregateCall(function, directArguments, targets, order, distinct, filter, call.star(),
                variadic, descriptor.kind(), argumentTypes, level, type, own == 0 ? 0 : input == 0 ? own : input,
                input, Origin.at(position));
    }

    private Expr filter(Scope scope, Expression.FunctionCall call) {
        if (call.filter() == null) {
            return null;
        }
        return analysis.coercion.toBoolean(scope, analysis.expressions.analyze(scope, call.filter(),
                ExprKind.FILTER), "FILTER");
    }

    /** The query level that evaluates an aggregate: that of the innermost column in its arguments. */
    private int levelOf(Expr.AggregateCall call, int position) {
        int[] columns = {Integer.MAX_VALUE};
        int[] aggregates = {Integer.MAX_VALUE};
        ExprFacts.anywhere(call, 0, (e, depth) -> {
            switch (e) {
                case Expr.ColumnRef c when c.levelsUp() >= depth ->
                        columns[0] = Math.min(columns[0], c.levelsUp() - depth);
                case Expr.AggregateCall a when a != call && a.levelsUp() >= depth ->
                        aggregates[0] = Math.min(aggregates[0], a.levelsUp() - depth);
                case Expr.GroupingCall g when g.levelsUp() >= depth ->
                        aggregates[0] = Math.min(aggregates[0], g.levelsUp() - depth);
                case Expr.WindowCall w when depth == 0 -> throw analysis.error(SqlState.GROUPING_ERROR,
                        "aggregate function calls cannot contain window function calls", w.position());
                case Expr.FunctionCall f when depth == 0 && f.function().returnsSet() -> throw analysis.notSupported(
                        "aggregate function calls cannot contain set-returning function calls", f.position())
                        .withHint("You might be able to move the set-returning function into a LATERAL FROM item.");
                default -> {
                }
            }
            return false;
        });
        int level = Math.min(columns[0], aggregates[0]);
        if (level == Integer.MAX_VALUE) {
            return 0;
        }
        if (aggregates[0] == level) {
            int inner = innermostAggregate(call, level);
            throw analysis.error(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested",
                    inner >= 0 ? inner : position);
        }
        return level;
    }

    private static int innermostAggregate(Expr.AggregateCall call, int level) {
        int[] place = {-1};
        ExprFacts.anywhere(call, 0, (e, depth) -> {
            if (e != call && e instanceof Expr.AggregateCall a && a.levelsUp() == level + depth) {
                place[0] = a.position();
                return true;
            }
            return false;
        });
        return place[0];
    }

    private void checkPlace(Scope scope, String what, int position) {
        switch (scope.kind.aggregates()) {
            case ALLOW -> {
            }
            case OUTER_ONLY -> {
            }
            case FORBID, FORBID_PLURAL -> {
                if (scope.kind.clause() != null) {
                    throw analysis.error(SqlState.GROUPING_ERROR, what + " are not allowed in "
                            + scope.kind.clause(), position);
                }
            }
        }
        if (scope.kind == ExprKind.FROM_SUBSELECT) {
            throw analysis.error(SqlState.GROUPING_ERROR, what
                    + " are not allowed in FROM clause of their own query level", position);
        }
    }

    Expr grouping(Scope scope, Expression.Grouping e) {
        if (e.operands().size() > 31) {
            throw analysis.error(SqlState.TOO_MANY_ARGUMENTS, "GROUPING must have fewer than 32 arguments",
                    e.position());
        }
        List<Expr> arguments = analysis.expressions.analyzeAll(scope, e.operands());
        int level = Integer.MAX_VALUE;
        for (Expr argument : arguments) {
            int[] least = {Integer.MAX_VALUE};
            ExprFacts.anywhere(argument, 0, (x, depth) -> {
                if (x instanceof Expr.ColumnRef c && c.levelsUp() >= depth) {
                    least[0] = Math.min(least[0], c.levelsUp() - depth);
                }
                return false;
            });
            level = Math.min(level, least[0]);
        }
        level = level == Integer.MAX_VALUE ? 0 : level;
        checkPlace(scope.up(level), "grouping operations", e.position());
        scope.up(level).query.hasAggregates = true;
        return new Expr.GroupingCall(arguments, List.of(), level, analysis.pgType(Oids.INT4),
                Origin.at(e.position()));
    }

    Expr window(Scope scope, FunctionRef function, boolean aggregate, List<Expr> arguments,
                Expression.FunctionCall call, boolean variadic, PgType type, boolean named) {
        int position = call.position();
        String name = Names.qualified(call.name());
        if (call.distinct()) {
            throw analysis.notSupported("DISTINCT is not implemented for window functions", position);
        }
        if (aggregate && arguments.isEmpty() && !call.star()) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, name
                    + "(*) must be used to call a parameterless aggregate function", position);
        }
        if (!call.orderBy().isEmpty()) {
            throw analysis.notSupported("aggregate ORDER BY is not implemented for window functions", position);
        }
        if (!aggregate && call.filter() != null) {
            throw analysis.notSupported("FILTER is not implemented for non-aggregate window functions", position);
        }
        if (named) {
            throw analysis.notSupported("window functions cannot use named arguments", position);
        }
        Expr filter = filter(scope, call);
        for (Expr argument : arguments) {
            ExprFacts.anywhere(argument, 0, (e, depth) -> {
                if (depth == 0 && e instanceof Expr.WindowCall) {
                    throw analysis.error(SqlState.WINDOWING_ERROR, "window function calls cannot be nested",
                            e.position());
                }
                if (depth == 0 && e instanceof Expr.FunctionCall f && f.function().returnsSet()) {
                    throw analysis.notSupported("window function calls cannot contain set-returning function calls",
                            e.position()).withHint(
                            "You might be able to move the set-returning function into a LATERAL FROM item.");
                }
                return false;
            });
        }
        scope.checkWindowFunction(position);
        scope.query.hasWindowFunctions = true;
        int input = Collations.combine(analysis, arguments);
        int own = analysis.types.collationOf(type.oid());
        return new Expr.WindowCall(function, arguments, filter, windowReference(scope, call.over()), call.star(),
                aggregate, variadic, type, own == 0 ? 0 : input == 0 ? own : input, input, Origin.at(position));
    }

    /** Number of the window an OVER means, from 1. */
    private int windowReference(Scope scope, Window over) {
        if (over.reference()) {
            for (int i = 0; i < scope.windows.size(); i++) {
                if (over.name().equals(scope.windows.get(i).name())) {
                    return i + 1;
                }
            }
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "window \"" + over.name() + "\" does not exist",
                    over.position());
        }
        for (int i = 0; i < scope.windows.size(); i++) {
            Window other = scope.windows.get(i);
            if (other.name() == null && SyntaxEquality.same(other, over)) {
                return i + 1;
            }
        }
        scope.windows.add(over);
        return scope.windows.size();
    }
}
