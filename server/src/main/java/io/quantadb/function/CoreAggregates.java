package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.ByteString;
import io.quantadb.types.Interval;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The standard aggregates. */
public final class CoreAggregates implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.aggregate("count", site -> context -> new CountAccumulator(site.argumentCount() == 0));
        registry.aggregate("sum", site -> context -> sum(site));
        registry.aggregate("avg", site -> context -> average(site));
        registry.aggregate("min", site -> context -> new ExtremeAccumulator(false, site.argumentType(0)));
        registry.aggregate("max", site -> context -> new ExtremeAccumulator(true, site.argumentType(0)));
        registerVariance(registry);
        registerBooleans(registry);
        registerBits(registry);
        registry.aggregate("array_agg", site -> context -> site.argumentType(0).isArray()
                ? new ArrayOfArrays(site.argumentType(0).arrayOps().element())
                : new ArrayOfValues(site.argumentType(0)));
        registry.aggregate("string_agg", site -> context -> site.argumentType(0).oid() == Oids.BYTEA
                ? new ByteaConcatenation() : new TextConcatenation());
    }

    private static Accumulator sum(CallSite site) {
        return switch (site.argumentType(0).oid()) {
            case Oids.INT2, Oids.INT4 -> new LongAccumulator(LongAccumulator.Kind.SUM_INT8);
            case Oids.INT8 -> new LongAccumulator(LongAccumulator.Kind.SUM_NUMERIC);
            case Oids.MONEY -> new LongAccumulator(LongAccumulator.Kind.SUM_INT8);
            case Oids.FLOAT8 -> new DoubleAccumulator(DoubleAccumulator.Kind.SUM, false);
            case Oids.FLOAT4 -> new DoubleAccumulator(DoubleAccumulator.Kind.SUM_SINGLE, true);
            case Oids.NUMERIC -> new NumericAccumulator(LongAccumulator.Kind.SUM_NUMERIC);
            case Oids.INTERVAL -> new IntervalAccumulator(false);
            default -> throw unsupported(site);
        };
    }

    private static Accumulator average(CallSite site) {
        return switch (site.argumentType(0).oid()) {
            case Oids.INT2, Oids.INT4, Oids.INT8 -> new LongAccumulator(LongAccumulator.Kind.AVG);
            case Oids.FLOAT8 -> new DoubleAccumulator(DoubleAccumulator.Kind.AVG, false);
            case Oids.FLOAT4 -> new DoubleAccumulator(DoubleAccumulator.Kind.AVG, true);
            case Oids.NUMERIC -> new NumericAccumulator(LongAccumulator.Kind.AVG);
            case Oids.INTERVAL -> new IntervalAccumulator(true);
            default -> throw unsupported(site);
        };
    }

    private static SqlException unsupported(CallSite site) {
        return SqlException.notSupported("aggregate function " + site.name() + "(" + site.argumentType(0).name()
                + ") is not supported");
    }

    private static void registerVariance(FunctionRegistry.Builder registry) {
        String[] names = {"var_pop", "var_samp", "variance", "stddev_pop", "stddev_samp", "stddev"};
        String[] kinds = {"VAR_POP", "VAR_SAMP", "VAR_SAMP", "STDDEV_POP", "STDDEV_SAMP", "STDDEV_SAMP"};
        for (int i = 0; i < names.length; i++) {
            LongAccumulator.Kind exact = LongAccumulator.Kind.valueOf(kinds[i]);
            DoubleAccumulator.Kind approximate = DoubleAccumulator.Kind.valueOf(kinds[i]);
            registry.aggregate(names[i], site -> context -> switch (site.argumentType(0).oid()) {
                case Oids.INT2, Oids.INT4 -> new LongAccumulator(exact);
                case Oids.INT8, Oids.NUMERIC -> new NumericAccumulator(exact);
                case Oids.FLOAT4 -> new DoubleAccumulator(approximate, true);
                case Oids.FLOAT8 -> new DoubleAccumulator(approximate, false);
                default -> throw unsupported(site);
            });
        }
    }

    private static void registerBooleans(FunctionRegistry.Builder registry) {
        registry.aggregate("bool_and", site -> context -> new BooleanAccumulator(true));
        registry.aggregate("every", site -> context -> new BooleanAccumulator(true));
        registry.aggregate("bool_or", site -> context -> new BooleanAccumulator(false));
    }

    private static void registerBits(FunctionRegistry.Builder registry) {
        registry.aggregate("bit_and", site -> context -> bits(site, (a, b) -> a & b));
        registry.aggregate("bit_or", site -> context -> bits(site, (a, b) -> a | b));
        registry.aggregate("bit_xor", site -> context -> bits(site, (a, b) -> a ^ b));
    }

    private static Accumulator bits(CallSite site, ScalarFunction.LongFn2 operation) {
        if (site.argumentType(0).oid() == Oids.BIT) {
            return bitStrings(operation);
        }
        if (site.argumentType(0).category() != 'N') {
            throw unsupported(site);
        }
        return new ObjectAccumulator<Long>() {
            @Override
            protected Long step(Long state, Object[] arguments) {
                Long value = (Long) arguments[0];
                return value == null ? state : state == null ? value : (Long) operation.call(state, value);
            }

            @Override
            protected Object result(Long state) {
                return state;
            }
        };
    }

    private static Accumulator bitStrings(ScalarFunction.LongFn2 operation) {
        return new ObjectAccumulator<io.quantadb.types.BitString>() {
            @Override
            protected io.quantadb.types.BitString step(io.quantadb.types.BitString state, Object[] arguments) {
                io.quantadb.types.BitString value = (io.quantadb.types.BitString) arguments[0];
                return value == null ? state : state == null ? value
                        : BitFunctions.combine(state, value, (a, b) -> (int) operation.call(a, b));
            }

            @Override
            protected Object result(io.quantadb.types.BitString state) {
                return state;
            }
        };
    }

    /** bool_and and bool_or. Counting trues and falses makes them work in moving window frames, too. */
    private static final class BooleanAccumulator extends Accumulator {
        private final boolean and;
        private long[] trues = new long[16];
        private long[] falses = new long[16];

        BooleanAccumulator(boolean and) {
            this.and = and;
        }

        @Override
        public void ensureGroups(int count) {
            if (count > trues.length) {
                int size = Math.max(count, trues.length * 2);
                trues = Arrays.copyOf(trues, size);
                falses = Arrays.copyOf(falses, size);
            }
        }

        @Override
        public void add(int group, Object[] arguments) {
            count(group, arguments[0], 1);
        }

        private void count(int group, Object value, int step) {
            if (value != null) {
                long[] counts = (Boolean) value ? trues : falses;
                counts[group] += step;
            }
        }

        @Override
        protected Object boxLong(long value) {
            return value != 0;
        }

        @Override
        public boolean canRemove() {
            return true;
        }

        @Override
        public void remove(int group, Object[] arguments) {
            count(group, arguments[0], -1);
        }

        @Override
        public void reset(int group) {
            trues[group] = 0;
            falses[group] = 0;
        }

        @Override
        public boolean canCombine() {
            return true;
        }

        @Override
        public void combine(int group, Accumulator other, int otherGroup) {
            trues[group] += ((BooleanAccumulator) other).trues[otherGroup];
            falses[group] += ((BooleanAccumulator) other).falses[otherGroup];
        }

        @Override
        public Object finish(int group) {
            if (trues[group] + falses[group] == 0) {
                return null;
            }
            return and ? falses[group] == 0 : trues[group] > 0;
        }

        @Override
        public long memoryBytes() {
            return 16L * trues.length;
        }
    }

    /** sum and avg of intervals. */
    private static final class IntervalAccumulator extends ObjectAccumulator<IntervalAccumulator.State> {
        private final boolean average;

        IntervalAccumulator(boolean average) {
            this.average = average;
        }

        record State(Interval sum, long count) {
        }

        @Override
        protected State step(State state, Object[] arguments) {
            Interval value = (Interval) arguments[0];
            if (value == null) {
                return state;
            }
            return state == null ? new State(value, 1) : new State(plus(state.sum, value), state.count + 1);
        }

        private static Interval plus(Interval a, Interval b) {
            try {
                return new Interval(Math.addExact(a.months(), b.months()), Math.addExact(a.days(), b.days()),
                        Math.addExact(a.micros(), b.micros()));
            } catch (ArithmeticException e) {
                throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range", e);
            }
        }

        @Override
        protected Object result(State state) {
            return state == null ? null : average ? divide(state.sum, state.count) : state.sum;
        }

        /** Division as PostgreSQL does it: fractions of months go to days, of days to the time. */
        private static Interval divide(Interval span, double divisor) {
            int months = (int) (span.months() / divisor);
            int days = (int) (span.days() / divisor);
            double monthDays = (span.months() / divisor - months) * 30.0;
            monthDays = Math.rint(monthDays * 1_000_000.0) / 1_000_000.0;
            double seconds = (span.days() / divisor - days + monthDays - (int) monthDays) * 86_400.0;
            seconds = Math.rint(seconds * 1_000_000.0) / 1_000_000.0;
            if (Math.abs(seconds) >= 86_400.0) {
                days += (int) (seconds / 86_400);
                seconds -= (int) (seconds / 86_400) * 86_400.0;
            }
            days += (int) monthDays;
            return new Interval(months, days, (long) Math.rint(span.micros() / divisor + seconds * 1_000_000.0));
        }
    }

    private static final class ArrayOfValues extends ObjectAccumulator<ArrayList<Object>> {
        private final PgType element;

        ArrayOfValues(PgType element) {
            this.element = element;
        }

        @Override
        protected ArrayList<Object> step(ArrayList<Object> state, Object[] arguments) {
            ArrayList<Object> values = state == null ? new ArrayList<>() : state;
            values.add(arguments[0]);
            return values;
        }

        @Override
        protected Object result(ArrayList<Object> state) {
            return state == null ? null : ArrayValue.of(element, state);
        }

        @Override
        protected Object boxLong(long value) {
            return element.ops().box(value);
        }

        @Override
        protected long stateBytes(ArrayList<Object> state) {
            return 40L + 32L * state.size();
        }
    }

    private static final class ArrayOfArrays extends ObjectAccumulator<List<ArrayValue>> {
        private final PgType element;

        ArrayOfArrays(PgType element) {
            this.element = element;
        }

        @Override
        protected List<ArrayValue> step(List<ArrayValue> state, Object[] arguments) {
            ArrayValue value = (ArrayValue) arguments[0];
            if (value == null) {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
            }
            if (value.dimensionCount() == 0) {
                throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays");
            }
            List<ArrayValue> values = state == null ? new ArrayList<>() : state;
            if (!values.isEmpty() && !Arrays.equals(values.getFirst().dimensions(), value.dimensions())) {
                throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                        "cannot accumulate arrays of different dimensionality");
            }
            values.add(value);
            return values;
        }

        @Override
        protected Object result(List<ArrayValue> state) {
            if (state == null) {
                return null;
            }
            ArrayValue first = state.getFirst();
            int n = first.dimensionCount();
            int[] dimensions = new int[n + 1];
            int[] lowerBounds = new int[n + 1];
            dimensions[0] = state.size();
            lowerBounds[0] = 1;
            System.arraycopy(first.dimensions(), 0, dimensions, 1, n);
            System.arraycopy(first.lowerBounds(), 0, lowerBounds, 1, n);
            List<Object> values = new ArrayList<>();
            state.forEach(array -> values.addAll(Arrays.asList(array.elements())));
            return new ArrayValue(element, dimensions, lowerBounds, values.toArray());
        }

        @Override
        protected long stateBytes(List<ArrayValue> state) {
            return 40L + state.size() * (64L + 24L * state.getFirst().size());
        }
    }

    /** string_agg(text, delimiter): each value but the first is preceded by its own delimiter. */
    private static final class TextConcatenation extends ObjectAccumulator<StringBuilder> {
        @Override
        protected StringBuilder step(StringBuilder state, Object[] arguments) {
            if (arguments[0] == null) {
                return state;
            }
            if (state == null) {
                return new StringBuilder((String) arguments[0]);
            }
            if (arguments[1] != null) {
                state.append((String) arguments[1]);
            }
            return state.append((String) arguments[0]);
        }

        @Override
        protected Object result(StringBuilder state) {
            return state == null ? null : state.toString();
        }

        @Override
        protected long stateBytes(StringBuilder state) {
            return 40L + state.capacity();
        }
    }

    private static final class ByteaConcatenation extends ObjectAccumulator<ByteArrayOutputStream> {
        @Override
        protected ByteArrayOutputStream step(ByteArrayOutputStream state, Object[] arguments) {
            if (arguments[0] == null) {
                return state;
            }
            ByteArrayOutputStream bytes = state;
            if (bytes == null) {
                bytes = new ByteArrayOutputStream();
            } else if (arguments[1] != null) {
                append(bytes, arguments[1]);
            }
            append(bytes, arguments[0]);
            return bytes;
        }

        private static void append(ByteArrayOutputStream bytes, Object value) {
            byte[] part = ((ByteString) value).toByteArray();
            bytes.write(part, 0, part.length);
        }

        @Override
        protected Object result(ByteArrayOutputStream state) {
            return state == null ? null : ByteString.wrap(state.toByteArray());
        }
    }
}
