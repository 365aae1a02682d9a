package io.quantadb.planner;

import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Makes physical nodes of the upper part of a plan with their estimates. Formulas are PostgreSQL's, simplified. */
final class PlanNodes {
    private final StatementState state;

    PlanNodes(StatementState state) {
        this.state = state;
    }

    PlanInfo info(List<OutputColumn> output, double startup, double total, double rows) {
        int width = 0;
        for (OutputColumn column : output) {
            width += width(column.type());
        }
        return new PlanInfo(state.nextNode(), output, startup, total, Math.max(0, rows), width);
    }

    static int width(PgType type) {
        return type == null ? 4 : type.typlen() > 0 ? type.typlen() : 32;
    }

    static OutputColumn column(String name, Expr expr) {
        return new OutputColumn(name, expr.type(), expr.typmod(), expr.collation());
    }

    static List<OutputColumn> columns(List<Expr> exprs) {
        List<OutputColumn> result = new ArrayList<>();
        exprs.forEach(expr -> result.add(column(null, expr)));
        return result;
    }

    /** Cost of evaluating an expression once. */
    double exprCost(Expr expr) {
        if (expr == null) {
            return 0;
        }
        double own = switch (expr) {
            case Expr.FunctionCall f -> Math.max(0, f.function().estimatedCost());
            case Expr.OperatorCall o -> Math.max(0, o.operator().function().estimatedCost());
            case Expr.ScalarArrayOp _ -> 5;
            case Expr.DistinctFrom _, Expr.NullIf _, Expr.CoerceViaIo _ -> 1;
            default -> 0;
        };
        double[] sum = {own * state.settings.cpuOperatorCost()};
        Exprs.forEachChild(expr, child -> sum[0] += exprCost(child));
        return sum[0];
    }

    double exprCost(List<Expr> exprs) {
        double sum = 0;
        for (Expr expr : exprs) {
            sum += exprCost(expr);
        }
        return sum;
    }

    PhysicalPlan project(PhysicalPlan input, List<Expr> expressions, List<OutputColumn> output) {
        PlanInfo in = input.info();
        double cost = in.totalCost() + in.rows() * exprCost(expressions);
        return new PhysicalPlan.Project(info(output, in.startupCost(), cost, in.rows()), input, expressions);
    }

    PhysicalPlan filter(PhysicalPlan input, Expr condition, Expr oneTime, double selectivity) {
        PlanInfo in = input.info();
        double cost = in.totalCost() + in.rows() * exprCost(condition);
        return new PhysicalPlan.Filter(info(in.output(), in.startupCost(), cost, Math.max(1, in.rows() * selectivity)),
                input, condition, oneTime);
    }

    /** Cost of sorting so many rows of that width. */
    double sortCost(double rows, int width) {
        double n = Math.max(2, rows);
        double compare = 2 * state.settings.cpuOperatorCost();
        double cost = compare * n * Math.log(n) / Math.log(2);
        double bytes = n * (width + 24);
        if (bytes > state.settings.workMemBytes()) {
            cost += 2 * Math.ceil(bytes / 8192) * (0.75 * state.settings.seqPageCost()
                    + 0.25 * state.settings.randomPageCost());
        }
        return cost + (state.settings.enableSort() ? 0 : io.quantadb.planner.cost.PlannerSettings.DISABLE_COST);
    }

    Rel sort(Rel input, List<SortKey> keys) {
        List<SortKey> useful = new ArrayList<>();
        for (SortKey key : keys) {
            if (useful.stream().noneMatch(k -> k.column() == key.column())) {
                useful.add(key);
            }
        }
        if (useful.isEmpty() || isPrefix(useful, input.order())) {
            return input;
        }
        PlanInfo in = input.plan().info();
        int presorted = 0;
        while (presorted < input.order().size() && presorted < useful.size()
                && input.order().get(presorted).equals(useful.get(presorted))) {
            presorted++;
        }
        double cpu = state.settings.cpuOperatorCost();
        if (presorted > 0 && state.settings.enableIncrementalSort() && in.rows() > 2) {
            double groups = Math.max(1, Math.min(in.rows(), in.rows() / 10));
            double total = in.totalCost() + groups * sortCost(in.rows() / groups, in.width()) + in.rows() * cpu;
            return new Rel(new PhysicalPlan.IncrementalSort(info(in.output(), in.startupCost()
                    + (in.totalCost() - in.startupCost()) / groups, total, in.rows()), input.plan(), useful, presorted),
                    input.columns(), useful);
        }
        double startup = in.totalCost() + sortCost(in.rows(), in.width());
        return new Rel(new PhysicalPlan.Sort(info(in.output(), startup, startup + in.rows() * cpu, in.rows()),
                input.plan(), useful), input.columns(), useful);
    }

    static boolean isPrefix(List<SortKey> keys, List<SortKey> order) {
        return keys.size() <= order.size() && order.subList(0, keys.size()).equals(keys);
    }

    /** LIMIT; with a Sort directly below and no ties, both in one. */
    PhysicalPlan limit(PhysicalPlan input, Expr limit, Expr offset, List<SortKey> ties) {
        PlanInfo in = input.info();
        double skip = offset instanceof Expr.Const c && c.value() instanceof Long n ? Math.max(0, n) : 0;
        double count = limit instanceof Expr.Const c && c.value() instanceof Long n ? Math.max(0, n)
                : limit == null || limit instanceof Expr.Const ? in.rows() : Math.max(1, in.rows() / 10);
        double rows = Math.max(1, Math.min(count, in.rows() - skip));
        double part = in.rows() <= 0 ? 1 : Math.min(1, (skip + rows) / in.rows());
        double total = in.startupCost() + (in.totalCost() - in.startupCost()) * part;
        if (input instanceof PhysicalPlan.Sort sort && ties.isEmpty() && limit != null) {
            return new PhysicalPlan.TopN(info(in.output(), in.startupCost(), total, rows), sort.input(), sort.keys(),
                    limit, offset);
        }
        return new PhysicalPlan.Limit(info(in.output(), in.startupCost(), total, rows), input, limit, offset, ties);
    }

    PhysicalPlan distinct(PhysicalPlan input, List<Integer> columns, boolean sorted, double groups) {
        PlanInfo in = input.info();
        double cost = in.totalCost() + in.rows() * columns.size() * state.settings.cpuOperatorCost();
        return new PhysicalPlan.Distinct(info(in.output(), sorted ? in.startupCost() : cost, cost,
                Math.max(1, Math.min(groups, in.rows()))), input, columns, sorted);
    }

    PhysicalPlan append(List<PhysicalPlan> inputs, List<OutputColumn> output) {
        double startup = inputs.isEmpty() ? 0 : inputs.getFirst().info().startupCost();
        double total = 0;
        double rows = 0;
        for (PhysicalPlan input : inputs) {
            total += input.info().totalCost();
            rows += input.info().rows();
        }
        return new PhysicalPlan.Append(info(output, startup, total + rows * 0.5 * state.settings.cpuTupleCost(), rows),
                inputs);
    }
}
