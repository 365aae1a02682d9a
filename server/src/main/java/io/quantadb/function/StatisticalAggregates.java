package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Interval;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeOps;
import io.quantadb.types.datetime.TimestampMath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Regression and correlation, and the ordered-set and hypothetical-set aggregates.
 *
 * <p>The call site of an ordered-set aggregate has the types of its direct arguments first, then those of its ordered
 * ones; rows hold the ordered ones only and come in the order asked for.
 */
public final class StatisticalAggregates implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerRegression(registry);
        registry.aggregate("percentile_cont", site -> context -> new Percentile(site, true));
        registry.aggregate("percentile_disc", site -> context -> new Percentile(site, false));
        registry.aggregate("mode", site -> context -> new Mode(site.argumentType(site.argumentCount() - 1)));
        for (String name : new String[] {"rank", "dense_rank", "percent_rank", "cume_dist"}) {
            registry.aggregate(name, site -> context -> new Hypothetical(name, site));
        }
    }

    // ---- two variables

    /** Youngs and Cramer's running sums, as PostgreSQL keeps them. */
    private static final class Sums {
        double n;
        double sx;
        double sxx;
        double sy;
        double syy;
        double sxy;

        void add(double y, double x) {
            n += 1;
            sx += x;
            sy += y;
            if (n > 1) {
                double tx = x * n - sx;
                double ty = y * n - sy;
                double scale = 1.0 / (n * (n - 1));
                sxx += tx * tx * scale;
                syy += ty * ty * scale;
                sxy += tx * ty * scale;
            }
        }
    }

    private static void registerRegression(FunctionRegistry.Builder registry) {
        registry.aggregate("regr_count", site -> context -> new Regression(s -> s.n, 0) {
            @Override
            protected Object result(Sums state) {
                return state == null ? 0L : (long) state.n;
            }
        });
        two(registry, "regr_sxx", 1, s -> s.sxx);
        two(registry, "regr_syy", 1, s -> s.syy);
        two(registry, "regr_sxy", 1, s -> s.sxy);
        two(registry, "regr_avgx", 1, s -> s.sx / s.n);
        two(registry, "regr_avgy", 1, s -> s.sy / s.n);
        two(registry, "covar_pop", 1, s -> s.sxy / s.n);
        two(registry, "covar_samp", 2, s -> s.sxy / (s.n - 1));
        two(registry, "corr", 1, s -> s.sxx == 0 || s.syy == 0 ? Double.NEGATIVE_INFINITY
                : s.sxy / Math.sqrt(s.sxx * s.syy));
        two(registry, "regr_r2", 1, s -> s.sxx == 0 ? Double.NEGATIVE_INFINITY : s.syy == 0 ? 1.0
                : s.sxy * s.sxy / (s.sxx * s.syy));
        two(registry, "regr_slope", 1, s -> s.sxx == 0 ? Double.NEGATIVE_INFINITY : s.sxy / s.sxx);
        two(registry, "regr_intercept", 1, s -> s.sxx == 0 ? Double.NEGATIVE_INFINITY
                : (s.sy - s.sx * s.sxy / s.sxx) / s.n);
    }

    /** @param result negative infinity stands for NULL; no finite input gives it */
    private static void two(FunctionRegistry.Builder registry, String name, int rowsMin,
            ToDoubleFunction<Sums> result) {
        registry.aggregate(name, site -> context -> new Regression(result, rowsMin));
    }

    private static class Regression extends ObjectAccumulator<Sums> {
        private final ToDoubleFunction<Sums> result;
        private final int rowsMin;

        Regression(ToDoubleFunction<Sums> result, int rowsMin) {
            this.result = result;
            this.rowsMin = rowsMin;
        }

        @Override
        protected Sums step(Sums state, Object[] arguments) {
            if (arguments[0] == null || arguments[1] == null) {
                return state;
            }
            Sums sums = state == null ? new Sums() : state;
            sums.add((Double) arguments[0], (Double) arguments[1]);
            return sums;
        }

        @Override
        protected Object result(Sums state) {
            if (state == null || state.n < rowsMin) {
                return null;
            }
            double value = result.applyAsDouble(state);
            return value == Double.NEGATIVE_INFINITY ? null : (Object) value;
        }
    }

    // ---- ordered sets

    /** Keeps the values of each group in their order, and the direct arguments. */
    private abstract static class Ordered extends ObjectAccumulator<List<Object[]>> {
        private Object[] direct = {};

        @Override
        public final void directArguments(int group, Object[] arguments) {
            direct = arguments.clone();
        }

        protected final Object[] direct() {
            return direct;
        }

        @Override
        protected List<Object[]> step(List<Object[]> state, Object[] arguments) {
            List<Object[]> rows = state == null ? new ArrayList<>() : state;
            rows.add(arguments.clone());
            return rows;
        }

        @Override
        protected long stateBytes(List<Object[]> state) {
            return 64L * state.size();
        }
    }

    private static final class Percentile extends Ordered {
        private final PgType type;
        private final boolean continuous;
        private final PgType result;

        Percentile(CallSite site, boolean continuous) {
            this.type = site.argumentType(site.argumentCount() - 1);
            this.continuous = continuous;
            this.result = site.resultType();
        }

        @Override
        protected Object boxLong(long value) {
            return type.ops().box(value);
        }

        @Override
        protected List<Object[]> step(List<Object[]> state, Object[] arguments) {
            return arguments[0] == null ? state : super.step(state, arguments);
        }

        @Override
        protected Object result(List<Object[]> state) {
            Object fraction = direct()[0];
            if (fraction == null || state == null) {
                return null;
            }
            if (!(fraction instanceof ArrayValue array)) {
                return at(state, (Double) fraction);
            }
            Object[] values = new Object[array.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = array.get(i) == null ? null : at(state, (Double) array.get(i));
            }
            PgType element = result.isArray() ? result.arrayOps().element() : type;
            return values.length == 0 ? ArrayValue.empty(element)
                    : new ArrayValue(element, array.dimensions(), array.lowerBounds(), values);
        }

        private Object at(List<Object[]> rows, double fraction) {
            if (!(fraction >= 0 && fraction <= 1)) {
                throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "percentile value "
                        + io.quantadb.types.FloatText.formatDouble(fraction, -9) + " is not between 0 and 1");
            }
            if (!continuous) {
                int place = (int) Math.max(1, Math.ceil(fraction * rows.size()));
                return rows.get(place - 1)[0];
            }
            double place = fraction * (rows.size() - 1);
            int first = (int) Math.floor(place);
            int second = (int) Math.ceil(place);
            Object low = rows.get(first)[0];
            return first == second ? low : between(low, rows.get(second)[0], place - first);
        }

        private static Object between(Object low, Object high, double proportion) {
            if (low instanceof Interval a) {
                Interval difference = TimestampMath.addIntervals((Interval) high, TimestampMath.negate(a));
                return TimestampMath.addIntervals(a, TimestampMath.multiply(difference, proportion));
            }
            return (Double) low + proportion * ((Double) high - (Double) low);
        }
    }

    /** The most frequent value; of several the first in order. */
    private static final class Mode extends Ordered {
        private final PgType type;

        Mode(PgType type) {
            this.type = type;
        }

        @Override
        protected Object boxLong(long value) {
            return type.ops().box(value);
        }

        @Override
        protected List<Object[]> step(List<Object[]> state, Object[] arguments) {
            return arguments[0] == null ? state : super.step(state, arguments);
        }

        @Override
        protected Object result(List<Object[]> state) {
            Object best = null;
            int bestCount = 0;
            Object current = null;
            int count = 0;
            for (Object[] row : state == null ? List.<Object[]>of() : state) {
                boolean same = count > 0 && type.ops().equal(current, row[0]);
                count = same ? count + 1 : 1;
                current = row[0];
                if (count > bestCount) {
                    bestCount = count;
                    best = current;
                }
            }
            return best;
        }
    }

    /**
     * rank and its relatives of a row that is not there. Rows come sorted; the direction and place of nulls of each
     * column are read off them, since the accumulator is not told the order.
     */
    private static final class Hypothetical extends Ordered {
        private final String name;
        private final int width;
        private final TypeOps[] ops;

        Hypothetical(String name, CallSite site) {
            this.name = name;
            this.width = site.argumentCount() / 2;
            this.ops = site.argumentTypes().stream().skip(site.argumentCount() - width).map(PgType::ops)
                    .toArray(TypeOps[]::new);
        }

        @Override
        protected Object result(List<Object[]> state) {
            List<Object[]> rows = state == null ? List.of() : state;
            int[] directions = new int[width];
            boolean[] nullsFirst = new boolean[width];
            learnOrder(rows, directions, nullsFirst);
            long before = 0;
            long groupsBefore = 0;
            long upTo = 0;
            Object[] previous = null;
            for (Object[] row : rows) {
                int order = compare(row, direct(), directions, nullsFirst);
                if (order < 0) {
                    before++;
                    if (previous == null || compare(previous, row, directions, nullsFirst) != 0) {
                        groupsBefore++;
                    }
                    previous = row;
                }
                if (order <= 0) {
                    upTo++;
                }
            }
            return switch (name) {
                case "rank" -> before + 1;
                case "dense_rank" -> groupsBefore + 1;
                case "percent_rank" -> rows.isEmpty() ? 0.0 : (double) before / rows.size();
                default -> (upTo + 1.0) / (rows.size() + 1.0);
            };
        }

        private void learnOrder(List<Object[]> rows, int[] directions, boolean[] nullsFirst) {
            for (int column = 0; column < width; column++) {
                directions[column] = 1;
                boolean known = false;
                for (int i = 1; i < rows.size() && !known; i++) {
                    if (samePrefix(rows.get(i - 1), rows.get(i), column)) {
                        Object a = rows.get(i - 1)[column];
                        Object b = rows.get(i)[column];
                        if (a == null && b != null) {
                            nullsFirst[column] = true;
                        } else if (a != null && b != null && ops[column].compare(a, b) != 0) {
                            directions[column] = ops[column].compare(a, b) < 0 ? 1 : -1;
                            known = true;
                        }
                    }
                }
            }
        }

        private boolean samePrefix(Object[] a, Object[] b, int columns) {
            for (int i = 0; i < columns; i++) {
                if (a[i] == null || b[i] == null ? a[i] != b[i] : ops[i].compare(a[i], b[i]) != 0) {
                    return false;
                }
            }
            return true;
        }

        private int compare(Object[] a, Object[] b, int[] directions, boolean[] nullsFirst) {
            for (int i = 0; i < width; i++) {
                int order;
                if (a[i] == null || b[i] == null) {
                    order = a[i] == b[i] ? 0 : (a[i] == null) == nullsFirst[i] ? -1 : 1;
                } else {
                    order = ops[i].compare(a[i], b[i]) * directions[i];
                }
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }
    }
}
