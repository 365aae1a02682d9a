package io.quantadb.planner.rule;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.JoinColumns;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges simple subqueries in FROM, among them most views, into the query around them.
 *
 * <pre>
 * before: SELECT s.x + 1 FROM (SELECT a.x FROM a WHERE a.y = 1) s
 * after:  SELECT a.x + 1 FROM a WHERE a.y = 1
 * </pre>
 */
public final class SubqueryPullUp {
    private SubqueryPullUp() {
    }

    /** Merges as long as there is something to merge; the query's own joins are flattened already. */
    public static Query apply(Query query) {
        Query current = query;
        int position = 1;
        while (position <= current.rangeTable().size()) {
            Query merged = merge(current, position);
            if (merged == null) {
                position++;
            } else {
                current = merged;
            }
        }
        return current;
    }

    /** Whether a query is only FROM, WHERE and a plain select list. */
    public static boolean canMerge(Query query) {
        return query.command() == CommandType.SELECT && query.setOperations() == null && !query.isGrouped()
                && query.windows().isEmpty() && query.distinct().isEmpty() && query.limitCount() == null
                && query.limitOffset() == null && query.commonTables().isEmpty() && query.rowMarks().isEmpty()
                && !query.joinTree().items().isEmpty() && !query.hasWindowFunctions()
                && query.targetList().stream().noneMatch(t -> Expressions.returnsSet(t.expr())
                || Expressions.isVolatile(t.expr()));
    }

    private static Query merge(Query query, int position) {
        // An ORDER BY stays where it was written: what reads the rows may depend on it.
        if (!(query.entry(position) instanceof RangeTableEntry.Subquery subquery) || !canMerge(subquery.query())
                || !subquery.query().orderBy().isEmpty()
                || subquery.securityBarrier() || query.setOperations() != null || query.mergeSource() == position
                || query.command() == CommandType.MERGE) {
            return null;
        }
        Place place = place(query.joinTree(), position, Place.PLAIN);
        if (place == null || query.rowMarks().stream().anyMatch(mark -> mark.rangeIndex() == position)) {
            return null;
        }
        Query inner = JoinColumns.flatten(subquery.query());
        List<Expr> values = inner.resultColumns().stream().map(TargetEntry::expr).toList();
        boolean plain = values.stream().allMatch(e -> e instanceof Expr.ColumnRef c && c.levelsUp() == 0);
        boolean usesCte = inner.rangeTable().stream().anyMatch(e -> e instanceof RangeTableEntry.Cte);
        boolean lateral = Expressions.any(inner, (e, depth) -> e instanceof Expr.ColumnRef c
                && c.levelsUp() == depth + 1);
        if (place == Place.NULLABLE && (!plain || lateral) || usesCte || usesWholeRow(query, position)) {
            return null;
        }
        return substitute(query, position, inner);
    }

    private static boolean usesWholeRow(Query query, int position) {
        return Expressions.any(query, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() == depth
                && c.rangeIndex() == position && c.attribute() <= 0);
    }

    /** Where in the join tree an entry stands. */
    private enum Place { PLAIN, NULLABLE }

    private static Place place(JoinTree tree, int position, Place here) {
        return switch (tree) {
            case JoinTree.Leaf leaf -> leaf.rangeIndex() == position ? here : null;
            case JoinTree.From from -> {
                Place found = null;
                for (JoinTree item : from.items()) {
                    found = found != null ? found : place(item, position, here);
                }
                yield found;
            }
            case JoinTree.Join join -> {
                boolean leftNull = join.kind() == RangeTableEntry.JoinKind.RIGHT
                        || join.kind() == RangeTableEntry.JoinKind.FULL;
                boolean rightNull = join.kind() == RangeTableEntry.JoinKind.LEFT
                        || join.kind() == RangeTableEntry.JoinKind.FULL;
                Place left = place(join.left(), position, leftNull ? Place.NULLABLE : here);
                yield left != null ? left : place(join.right(), position, rightNull ? Place.NULLABLE : here);
            }
        };
    }

    private static Query substitute(Query query, int position, Query inner) {
        int offset = query.rangeTable().size();
        Query moved = move(inner, offset);
        Map<Integer, Expr> values = new HashMap<>();
        int column = 0;
        for (TargetEntry target : moved.resultColumns()) {
            values.put(++column, target.expr());
        }
        Query replaced = new ExprRewriter() {
            @Override
            public Expr rewrite(Expr expr) {
                if (expr instanceof Expr.ColumnRef c && c.levelsUp() == depth() && c.rangeIndex() == position) {
                    return LevelShifter.shift(values.get(c.attribute()), depth(), 0);
                }
                return rewriteChildren(expr);
            }
        }.rewriteQuery(query);
        QueryBuilder builder = replaced.toBuilder();
        builder.rangeTable.addAll(moved.rangeTable());
        RangeTableEntry.Subquery old = (RangeTableEntry.Subquery) replaced.entry(position);
        builder.rangeTable.set(position - 1, new RangeTableEntry.Values(List.of(), false, old.name(), old.alias(),
                old.columns()));
        builder.joinTree = (JoinTree.From) replace(builder.joinTree, position, moved.joinTree());
        builder.hasSubLinks |= moved.hasSubLinks();
        return builder.build();
    }

    private static JoinTree replace(JoinTree tree, int position, JoinTree by) {
        return switch (tree) {
            case JoinTree.Leaf leaf -> leaf.rangeIndex() == position ? by : leaf;
            case JoinTree.From from -> new JoinTree.From(from.items().stream()
                    .map(item -> replace(item, position, by)).toList(), from.where());
            case JoinTree.Join join -> new JoinTree.Join(join.kind(), join.natural(),
                    replace(join.left(), position, by), replace(join.right(), position, by), join.using(),
                    join.condition(), join.rangeIndex());
        };
    }

    /**
     * The query as if its range table stood behind {@code offset} entries of the query around it: its own columns are
     * renumbered, what it takes from outside is one level nearer.
     */
    public static Query move(Query inner, int offset) {
        Query renumbered = new ExprRewriter() {
            @Override
            public Expr rewrite(Expr expr) {
                if (expr instanceof Expr.ColumnRef c && c.levelsUp() == depth()) {
                    return new Expr.ColumnRef(c.rangeIndex() + offset, c.attribute(), c.levelsUp(), c.type(),
                            c.typmod(), c.collation(), c.origin());
                }
                return rewriteChildren(expr);
            }
        }.rewriteQuery(inner);
        Query nearer = LevelShifter.shift(renumbered, -1, 1);
        QueryBuilder builder = nearer.toBuilder();
        builder.joinTree = (JoinTree.From) renumber(builder.joinTree, offset);
        return builder.build();
    }

    private static JoinTree renumber(JoinTree tree, int offset) {
        return switch (tree) {
            case JoinTree.Leaf leaf -> new JoinTree.Leaf(leaf.rangeIndex() + offset);
            case JoinTree.From from -> new JoinTree.From(from.items().stream().map(i -> renumber(i, offset)).toList(),
                    from.where());
            case JoinTree.Join join -> new JoinTree.Join(join.kind(), join.natural(), renumber(join.left(), offset),
                    renumber(join.right(), offset), join.using(), join.condition(), join.rangeIndex() + offset);
        };
    }
}
