package io.quantadb.function;

import static io.quantadb.function.Args.interval;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.numeric;

import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.datetime.TimestampMath;
import java.util.function.LongUnaryOperator;

/** generate_series of every type. */
public final class SeriesFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.set("generate_series_int4", (c, a) -> longs(num(a[0]), num(a[1]), 1))
                .set("generate_series_int8", (c, a) -> longs(num(a[0]), num(a[1]), 1))
                .set("generate_series_step_int4", (c, a) -> longs(num(a[0]), num(a[1]), num(a[2])))
                .set("generate_series_step_int8", (c, a) -> longs(num(a[0]), num(a[1]), num(a[2])))
                .set("generate_series_numeric", (c, a) -> numerics(numeric(a[0]), numeric(a[1]), Numeric.ONE))
                .set("generate_series_step_numeric", (c, a) -> numerics(numeric(a[0]), numeric(a[1]), numeric(a[2])))
                .set("generate_series_timestamp", (c, a) -> {
                    Interval step = interval(a[2]);
                    return times(num(a[0]), num(a[1]), step, t -> TimestampMath.add(t, step));
                })
                .set("generate_series_timestamptz", (c, a) -> {
                    Interval step = interval(a[2]);
                    SessionTimeZone zone = c.text().timeZone();
                    return times(num(a[0]), num(a[1]), step, t -> TimestampMath.addTz(t, step, zone));
                });
    }

    private static SetFunction.RowCursor longs(long start, long stop, long step) {
        if (step == 0) {
            throw Args.invalidParameter("step size cannot equal zero");
        }
        return new SetFunction.RowCursor() {
            private long next = start;
            private boolean done;

            @Override
            public boolean next(Object[] row) {
                if (done || (step > 0 ? next > stop : next < stop)) {
                    return false;
                }
                row[0] = next;
                long following = next + step;
                // Past the end of the type the series ends, too.
                done = step > 0 ? following < next : following > next;
                next = following;
                return true;
            }
        };
    }

    private static SetFunction.RowCursor numerics(Numeric start, Numeric stop, Numeric step) {
        check(start, "start");
        check(stop, "stop");
        if (step.isNaN()) {
            throw Args.invalidParameter("step size cannot be NaN");
        }
        if (step.isInfinite()) {
            throw Args.invalidParameter("step size cannot be infinity");
        }
        if (step.isZero()) {
            throw Args.invalidParameter("step size cannot equal zero");
        }
        return new SetFunction.RowCursor() {
            private Numeric next = start;

            @Override
            public boolean next(Object[] row) {
                if (next.compareTo(stop) * step.signum() > 0) {
                    return false;
                }
                row[0] = next;
                next = next.add(step);
                return true;
            }
        };
    }

    private static void check(Numeric value, String what) {
        if (!value.isFinite()) {
            throw Args.invalidParameter(what + " value cannot be " + (value.isNaN() ? "NaN" : "infinity"));
        }
    }

    private static SetFunction.RowCursor times(long start, long stop, Interval step, LongUnaryOperator advance) {
        int sign = step.compareTo(Interval.ZERO);
        if (sign == 0) {
            throw Args.invalidParameter("step size cannot equal zero");
        }
        return new SetFunction.RowCursor() {
            private long next = start;
            private boolean done;

            @Override
            public boolean next(Object[] row) {
                if (done || (sign > 0 ? next > stop : next < stop)) {
                    return false;
                }
                row[0] = next;
                if (TimeUnits.isFiniteTimestamp(next)) {
                    next = advance.applyAsLong(next);
                } else {
                    done = true;
                }
                return true;
            }
        };
    }
}
