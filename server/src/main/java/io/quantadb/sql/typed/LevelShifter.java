package io.quantadb.sql.typed;

/**
 * Adds a number to the {@code levelsUp} of everything that refers outside, for moving an expression or query further
 * into (or out of) nested queries.
 */
public final class LevelShifter extends ExprRewriter {
    private final int delta;
    private final int minimum;

    private LevelShifter(int delta, int minimum) {
        this.delta = delta;
        this.minimum = minimum;
    }

    /** @param minimum references with fewer levels than this (seen from the top of {@code expr}) stay */
    public static Expr shift(Expr expr, int delta, int minimum) {
        return delta == 0 ? expr : new LevelShifter(delta, minimum).rewrite(expr);
    }

    public static Query shift(Query query, int delta, int minimum) {
        return delta == 0 ? query : new LevelShifter(delta, minimum).rewriteQuery(query);
    }

    @Override
    public Expr rewrite(Expr expr) {
        int bound = depth() + minimum;
        return switch (expr) {
            case Expr.ColumnRef c when c.levelsUp() >= bound -> new Expr.ColumnRef(c.rangeIndex(), c.attribute(),
                    c.levelsUp() + delta, c.type(), c.typmod(), c.collation(), c.origin());
            case Expr.AggregateCall a when a.levelsUp() >= bound -> {
                Expr.AggregateCall r = (Expr.AggregateCall) rewriteChildren(a);
                yield new Expr.AggregateCall(r.function(), r.directArguments(), r.arguments(), r.orderBy(),
                        r.distinct(), r.filter(), r.star(), r.variadic(), r.kind(), r.argumentTypes(),
                        r.levelsUp() + delta, r.type(), r.collation(), r.inputCollation(), r.origin());
            }
            case Expr.GroupingCall g when g.levelsUp() >= bound -> {
                Expr.GroupingCall r = (Expr.GroupingCall) rewriteChildren(g);
                yield new Expr.GroupingCall(r.arguments(), r.references(), r.levelsUp() + delta, r.type(),
                        r.origin());
            }
            default -> rewriteChildren(expr);
        };
    }

    @Override
    public Query rewriteQuery(Query query) {
        Query result = super.rewriteQuery(query);
        int bound = depth() + minimum;
        QueryBuilder b = result.toBuilder();
        b.rangeTable.replaceAll(entry -> entry instanceof RangeTableEntry.Cte c && c.levelsUp() >= bound
                ? new RangeTableEntry.Cte(c.cteName(), c.levelsUp() + delta, c.selfReference(), c.name(), c.alias(),
                        c.columns()) : entry);
        return b.build();
    }
}
