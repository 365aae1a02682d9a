package io.quantadb.planner;

import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.JoinGroup.Item;
import io.quantadb.planner.JoinGroup.Special;
import io.quantadb.planner.cost.Selectivity;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Estimates how many rows sets of items give. The estimate belongs to the set: the first one made is kept. */
final class JoinRows {
    private final JoinGroup group;
    private final Selectivity selectivity;
    private final Map<Long, Double> known = new HashMap<>();

    JoinRows(QueryPlanner planner, JoinGroup group) {
        this.group = group;
        this.selectivity = planner.selectivity();
    }

    void put(long set, double rows) {
        known.put(set, rows);
    }

    /** @param here conditions that become checkable by this join, an outer join's own left out */
    double of(long left, long right, Special special, List<Expr> here) {
        Double rows = known.get(left | right);
        if (rows == null) {
            rows = estimate(left, right, special, here);
            known.put(left | right, rows);
        }
        return rows;
    }

    private double estimate(long left, long right, Special special, List<Expr> here) {
        double outer = known.get(left);
        double inner = known.get(right);
        if (special == null) {
            return Math.max(1, outer * inner * selectivity(here, left | right));
        }
        double s = selectivity(special.conditions(), left | right);
        double count = switch (special.type()) {
            case LEFT -> Math.max(outer * inner * s, outer);
            case SEMI -> outer * Math.min(1, Math.max(inner * s, 1e-4));
            case ANTI -> outer * Math.max(0.01, 1 - Math.min(1, inner * s));
            default -> outer * inner * s;
        };
        return Math.max(1, count * selectivity.ofAll(here));
    }

    /** Equalities with all columns of a unique index are one condition: they find one row of the table. */
    private double selectivity(List<Expr> conditions, long items) {
        if (conditions.size() < 2) {
            return selectivity.ofAll(conditions);
        }
        List<Expr> rest = new ArrayList<>(conditions);
        double result = 1;
        for (long bits = items; bits != 0 && rest.size() > 1; bits &= bits - 1) {
            Item item = group.items.get(Long.numberOfTrailingZeros(bits));
            if (item.base == null || item.base.relation == null) {
                continue;
            }
            for (IndexDescriptor index : item.base.relation.indexes()) {
                List<Expr> used = keyConditions(item, index, rest);
                if (used != null) {
                    double fixed = Math.min(1, item.rows / Math.max(1, item.base.tuples));
                    result *= 1 / Math.max(1, item.base.tuples * (used.size() < index.keyColumns().size() ? fixed : 1));
                    rest.removeAll(used);
                    break;
                }
            }
        }
        return result * selectivity.ofAll(rest);
    }

    /** At least two equalities that, with the item's own, fix all columns of the index; null if there are none. */
    private static List<Expr> keyConditions(Item item, IndexDescriptor index, List<Expr> conditions) {
        if (!index.unique() || index.isPartial() || index.keyColumns().size() < 2) {
            return null;
        }
        List<Expr> used = new ArrayList<>();
        for (IndexColumn column : index.keyColumns()) {
            Expr found = equality(item, column.attnum(), conditions);
            if (found != null) {
                used.add(found);
            } else if (column.isExpression() || equality(item, column.attnum(), item.filters) == null) {
                return null;
            }
        }
        return used.size() < 2 ? null : used;
    }

    private static Expr equality(Item item, int attribute, List<Expr> conditions) {
        for (Expr condition : conditions) {
            if (condition instanceof Expr.OperatorCall op && op.arguments().size() == 2
                    && op.operator().name().equals("=") && op.operator().mergeable()
                    && (isColumn(item, attribute, op.left()) && !Expressions.relids(op.right()).intersects(item.relids)
                    || isColumn(item, attribute, op.right())
                    && !Expressions.relids(op.left()).intersects(item.relids))) {
                return condition;
            }
        }
        return null;
    }

    private static boolean isColumn(Item item, int attribute, Expr expr) {
        return Expressions.strip(expr) instanceof Expr.ColumnRef c && c.levelsUp() == 0 && c.attribute() == attribute
                && c.rangeIndex() == item.base.rangeIndex;
    }
}
