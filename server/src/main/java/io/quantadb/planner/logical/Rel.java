package io.quantadb.planner.logical;

import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished physical plan with what its columns mean in the query level being planned. Immutable.
 *
 * @param columns one logical expression for each output column
 * @param order   by what the rows are sorted; may be empty
 */
public record Rel(PhysicalPlan plan, List<Expr> columns, List<SortKey> order, Map<Object, Integer> index) {
    public Rel(PhysicalPlan plan, List<Expr> columns, List<SortKey> order) {
        this(plan, List.copyOf(columns), List.copyOf(order), index(columns));
    }

    public Rel(PhysicalPlan plan, List<Expr> columns) {
        this(plan, columns, List.of());
    }

    private static Map<Object, Integer> index(List<Expr> columns) {
        Map<Object, Integer> result = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            result.putIfAbsent(ColumnKey.lookup(columns.get(i)), i);
        }
        return result;
    }

    /** Position of the column that holds this expression, -1 if there is none. */
    public int find(Expr expr) {
        return index.getOrDefault(ColumnKey.lookup(expr), -1);
    }

    /** A reference to the column that holds the expression as the only or left input; null if there is none. */
    public Expr outer(Expr expr) {
        int position = expr instanceof Expr.Const ? -1 : find(expr);
        return position < 0 ? null : reference(InputRef.OUTER, position, expr);
    }

    /** As {@link #outer} for a right input. */
    public Expr inner(Expr expr) {
        int position = expr instanceof Expr.Const ? -1 : find(expr);
        return position < 0 ? null : reference(InputRef.INNER, position, expr);
    }

    private static Expr reference(int input, int position, Expr expr) {
        return new Expr.ColumnRef(input, position + 1, 0, expr.type(), expr.typmod(), expr.collation(), Origin.NONE);
    }

    /** The same plan under other meanings of its columns. */
    public Rel withColumns(List<Expr> newColumns) {
        return new Rel(plan, newColumns, order);
    }

    public List<Integer> positions(List<Expr> exprs) {
        List<Integer> result = new ArrayList<>();
        exprs.forEach(expr -> result.add(find(expr)));
        return result;
    }
}
