package io.quantadb.planner.cost;

import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Relids;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Estimates which fraction of rows a condition keeps, from {@code pg_statistic} or PostgreSQL's default guesses.
 *
 * <p>Source: PostgreSQL documentation, "How the Planner Uses Statistics".
 */
public final class Selectivity {
    private static final double DEFAULT_EQUAL = 0.005;
    private static final double DEFAULT_INEQUALITY = 1.0 / 3;
    private static final double DEFAULT_RANGE = 0.005;
    private static final double DEFAULT_MATCH = 0.005;
    private static final double DEFAULT_DISTINCT = 200;

    /** What is known about a column. */
    public interface Columns {
        /** Null if nothing was collected or the entry is no table. */
        ColumnStatistics statistics(Expr.ColumnRef column);

        /** Rows of the column's table. */
        double tuples(Expr.ColumnRef column);

        /** Whether a unique index is on just this column. */
        boolean unique(Expr.ColumnRef column);
    }

    private final Columns columns;

    public Selectivity(Columns columns) {
        this.columns = columns;
    }

    /** The product over the conditions; ranges on one column are combined. */
    public double ofAll(List<Expr> conditions) {
        double result = 1;
        List<Expr> rest = new ArrayList<>(conditions);
        while (!rest.isEmpty()) {
            Expr condition = rest.removeFirst();
            Expr other = partner(condition, rest);
            if (other == null) {
                result *= of(condition);
                continue;
            }
            rest.remove(other);
            double a = of(condition);
            double b = of(other);
            boolean guess = a == DEFAULT_INEQUALITY && b == DEFAULT_INEQUALITY;
            double range = guess ? DEFAULT_RANGE : a + b - 1;
            result *= range <= 0 ? 1e-4 : range;
        }
        return clamp(result);
    }

    private static Expr partner(Expr condition, List<Expr> rest) {
        Boolean direction = direction(condition);
        if (direction == null) {
            return null;
        }
        Expr.ColumnRef column = columnOf((Expr.OperatorCall) condition);
        for (Expr other : rest) {
            Boolean opposite = direction(other);
            if (opposite != null && !opposite.equals(direction)
                    && column.equals(columnOf((Expr.OperatorCall) other))) {
                return other;
            }
        }
        return null;
    }

    /** Whether a range comparison bounds its column from below (true) or above (false); null if it is none. */
    private static Boolean direction(Expr condition) {
        if (!(condition instanceof Expr.OperatorCall op) || op.arguments().size() != 2 || columnOf(op) == null) {
            return null;
        }
        boolean swapped = !(Expressions.strip(op.left()) instanceof Expr.ColumnRef);
        return switch (op.operator().name()) {
            case ">", ">=" -> !swapped;
            case "<", "<=" -> swapped;
            default -> null;
        };
    }

    private static Expr.ColumnRef columnOf(Expr.OperatorCall op) {
        if (Expressions.strip(op.left()) instanceof Expr.ColumnRef c && Expressions.relids(op.right()).isEmpty()) {
            return c;
        }
        return Expressions.strip(op.right()) instanceof Expr.ColumnRef c && Expressions.relids(op.left()).isEmpty()
                ? c : null;
    }

    public double of(Expr condition) {
        return clamp(switch (condition) {
            case Expr.Const c -> Boolean.TRUE.equals(c.value()) ? 1 : 0;
            case Expr.BoolExpr b -> bool(b);
            case Expr.OperatorCall op when op.arguments().size() == 2 -> operator(op);
            case Expr.ScalarArrayOp op -> arrayOp(op);
            case Expr.IsNull n -> isNull(n);
            case Expr.BooleanTest t -> switch (t.kind()) {
                case IS_TRUE, IS_NOT_FALSE -> of(t.operand());
                case IS_FALSE, IS_NOT_TRUE -> 1 - of(t.operand());
                case IS_UNKNOWN -> DEFAULT_EQUAL;
                case IS_NOT_UNKNOWN -> 1 - DEFAULT_EQUAL;
            };
            case Expr.ColumnRef c when c.type().oid() == Oids.BOOL -> equalsConstant(c, Boolean.TRUE);
            case Expr.DistinctFrom d -> 1 - DEFAULT_EQUAL;
            case Expr.SubLink _ -> 0.5;
            default -> DEFAULT_INEQUALITY;
        });
    }

    private static double clamp(double s) {
        return Double.isNaN(s) ? 0.5 : Math.max(0, Math.min(1, s));
    }

    private double bool(Expr.BoolExpr b) {
        return switch (b.kind()) {
            case AND -> ofAll(b.arguments());
            case NOT -> 1 - of(b.arguments().getFirst());
            case OR -> {
                double sum = 0;
                for (Expr argument : b.arguments()) {
                    double s = of(argument);
                    sum = sum + s - sum * s;
                }
                yield sum;
            }
        };
    }

    private double isNull(Expr.IsNull n) {
        ColumnStatistics s = statistics(n.operand());
        double fraction = s == null ? DEFAULT_EQUAL : s.nullFraction();
        return n.negated() ? 1 - fraction : fraction;
    }

    private ColumnStatistics statistics(Expr expr) {
        return Expressions.strip(expr) instanceof Expr.ColumnRef c && c.levelsUp() == 0 && c.attribute() > 0
                ? columns.statistics(c) : null;
    }

    private double operator(Expr.OperatorCall op) {
        BitSet left = Expressions.relids(op.left());
        BitSet right = Expressions.relids(op.right());
        if (!left.isEmpty() && !right.isEmpty() && !left.equals(right)) {
            return join(op);
        }
        Expr column = left.isEmpty() ? op.right() : op.left();
        Expr value = left.isEmpty() ? op.left() : op.right();
        String name = left.isEmpty() ? commuted(op.operator().name()) : op.operator().name();
        String estimator = op.operator().restrictEstimator();
        if (estimator == null) {
            return 0.5;
        }
        return switch (estimator) {
            case "eqsel" -> equal(column, value);
            case "neqsel" -> 1 - equal(column, value) - nullFraction(column);
            case "scalarltsel", "scalarlesel", "scalargtsel", "scalargesel" -> inequality(column, value,
                    name.startsWith("<"));
            case "likesel", "iclikesel", "regexeqsel", "icregexeqsel" -> like(column, value);
            case "nlikesel", "icnlikesel", "regexnesel", "icregexnesel" -> 1 - like(column, value);
            default -> DEFAULT_MATCH;
        };
    }

    private static String commuted(String name) {
        return switch (name) {
            case "<" -> ">";
            case "<=" -> ">=";
            case ">" -> "<";
            case ">=" -> "<=";
            default -> name;
        };
    }

    private double nullFraction(Expr expr) {
        ColumnStatistics s = statistics(expr);
        return s == null ? 0 : s.nullFraction();
    }

    private double equal(Expr column, Expr value) {
        if (!(Expressions.strip(column) instanceof Expr.ColumnRef c) || c.levelsUp() > 0) {
            return DEFAULT_EQUAL;
        }
        if (Expressions.strip(value) instanceof Expr.Const constant) {
            return constant.isNull() ? 0 : equalsConstant(c, constant.value());
        }
        ColumnStatistics s = columns.statistics(c);
        double nulls = s == null ? 0 : s.nullFraction();
        return (1 - nulls) / Math.max(1, distinct(c));
    }

    private double equalsConstant(Expr.ColumnRef c, Object value) {
        ColumnStatistics s = c.attribute() > 0 ? columns.statistics(c) : null;
        if (columns.unique(c)) {
            return 1 / Math.max(1, columns.tuples(c));
        }
        if (s == null) {
            return c.type().oid() == Oids.BOOL ? 0.5 : 1 / Math.max(1, distinct(c));
        }
        double common = 0;
        int count = s.mostCommonValues() == null ? 0 : s.mostCommonValues().size();
        for (int i = 0; i < count; i++) {
            if (same(c, s.mostCommonValues().get(i), value)) {
                return s.mostCommonFrequencies()[i];
            }
            common += s.mostCommonFrequencies()[i];
        }
        double others = Math.max(1, distinct(c) - count);
        double result = (1 - common - s.nullFraction()) / others;
        return count > 0 ? Math.min(result, s.mostCommonFrequencies()[count - 1]) : result;
    }

    private static boolean same(Expr.ColumnRef c, Object a, Object b) {
        return a != null && a.getClass() == b.getClass() && c.type().ops().equal(a, b);
    }

    /** Estimated number of distinct values of a column. */
    public double distinct(Expr expr) {
        if (!(Expressions.strip(expr) instanceof Expr.ColumnRef c) || c.levelsUp() > 0) {
            return DEFAULT_DISTINCT;
        }
        double tuples = Math.max(1, columns.tuples(c));
        if (c.attribute() > 0 && columns.unique(c)) {
            return tuples;
        }
        ColumnStatistics s = c.attribute() > 0 ? columns.statistics(c) : null;
        if (s == null || s.distinct() == 0) {
            return c.type().oid() == Oids.BOOL ? 2 : Math.min(tuples, DEFAULT_DISTINCT);
        }
        return Math.max(1, s.distinct() > 0 ? s.distinct() : -s.distinct() * tuples);
    }

    private double inequality(Expr column, Expr value, boolean less) {
        ColumnStatistics s = statistics(column);
        if (s == null || !(Expressions.strip(value) instanceof Expr.Const constant)) {
            return DEFAULT_INEQUALITY;
        }
        if (constant.isNull()) {
            return 0;
        }
        Expr.ColumnRef c = (Expr.ColumnRef) Expressions.strip(column);
        double common = 0;
        double matching = 0;
        int count = s.mostCommonValues() == null ? 0 : s.mostCommonValues().size();
        for (int i = 0; i < count; i++) {
            Object v = s.mostCommonValues().get(i);
            common += s.mostCommonFrequencies()[i];
            if (comparable(v, constant.value()) && c.type().ops().compare(v, constant.value()) < 0 == less) {
                matching += s.mostCommonFrequencies()[i];
            }
        }
        double below = histogramPosition(c, s.histogram(), constant.value());
        double rest = 1 - s.nullFraction() - common;
        if (below < 0) {
            return count == 0 ? DEFAULT_INEQUALITY : matching + rest / 3;
        }
        double result = matching + rest * (less ? below : 1 - below);
        return Math.max(1e-4, Math.min(1 - 1e-4, result));
    }

    private static boolean comparable(Object a, Object b) {
        return a != null && b != null && a.getClass() == b.getClass();
    }

    /** Which fraction of the histogram lies below the value; -1 without histogram. */
    private static double histogramPosition(Expr.ColumnRef c, ArrayValue histogram, Object value) {
        if (histogram == null || histogram.size() < 2 || !comparable(histogram.get(0), value)) {
            return -1;
        }
        int buckets = histogram.size() - 1;
        int low = 0;
        while (low <= buckets && c.type().ops().compare(histogram.get(low), value) < 0) {
            low++;
        }
        if (low == 0) {
            return 0;
        }
        if (low > buckets) {
            return 1;
        }
        return (low - 1 + fraction(histogram.get(low - 1), histogram.get(low), value)) / buckets;
    }

    private static double fraction(Object low, Object high, Object value) {
        if (low instanceof Number a && high instanceof Number b && value instanceof Number v
                && b.doubleValue() > a.doubleValue()) {
            return (v.doubleValue() - a.doubleValue()) / (b.doubleValue() - a.doubleValue());
        }
        return 0.5;
    }

    private double like(Expr column, Expr value) {
        if (value instanceof Expr.Const c && c.value() instanceof String pattern
                && pattern.indexOf('%') < 0 && pattern.indexOf('_') < 0) {
            return equal(column, value);
        }
        return DEFAULT_MATCH;
    }

    private double arrayOp(Expr.ScalarArrayOp op) {
        int count = 10;
        double each = 0;
        if (op.array() instanceof Expr.Const c && c.value() instanceof ArrayValue array) {
            count = array.size();
            if ("eqsel".equals(op.operator().restrictEstimator())
                    && Expressions.strip(op.scalar()) instanceof Expr.ColumnRef column && column.levelsUp() == 0) {
                double sum = 0;
                for (Object element : array.elements()) {
                    sum += element == null ? 0 : equalsConstant(column, element);
                }
                return op.useOr() ? sum : Math.pow(1 - sum / Math.max(1, count), count);
            }
        } else if (op.array() instanceof Expr.ArrayExpr array) {
            count = array.elements().size();
        }
        String estimator = op.operator().restrictEstimator();
        if ("eqsel".equals(estimator)) {
            each = 1 / Math.max(1, distinct(op.scalar()));
        } else if ("neqsel".equals(estimator)) {
            each = 1 - 1 / Math.max(1, distinct(op.scalar()));
        } else {
            each = DEFAULT_INEQUALITY;
        }
        return op.useOr() ? 1 - Math.pow(1 - each, count) : Math.pow(each, count);
    }

    private double join(Expr.OperatorCall op) {
        String estimator = op.operator().joinEstimator();
        if ("eqjoinsel".equals(estimator)) {
            double a = distinct(op.left());
            double b = distinct(op.right());
            return (1 - nullFraction(op.left())) * (1 - nullFraction(op.right())) / Math.max(1, Math.max(a, b));
        }
        if ("neqjoinsel".equals(estimator)) {
            return 1 - 1 / Math.max(1, Math.max(distinct(op.left()), distinct(op.right())));
        }
        return estimator == null ? 0.5 : DEFAULT_INEQUALITY;
    }

    /** Estimated number of groups of some expressions over so many rows. */
    public double groups(List<Expr> exprs, double rows) {
        double result = 1;
        BitSet seen = new BitSet();
        for (Expr expr : exprs) {
            double product = 1;
            BitSet relids = Expressions.relids(expr);
            for (Expr.ColumnRef column : Expressions.columns(expr)) {
                product *= distinct(column);
            }
            boolean repeated = Relids.contains(seen, relids) && !relids.isEmpty();
            result *= relids.isEmpty() ? 1 : repeated ? Math.max(1, Math.sqrt(product)) : product;
            seen.or(relids);
        }
        return Math.max(1, Math.min(result, rows));
    }
}
