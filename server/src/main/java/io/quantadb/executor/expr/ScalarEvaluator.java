package io.quantadb.executor.expr;

/**
 * A compiled expression, for one row at a time. Stateless but for scratch space: used by one thread at a time.
 *
 * <p>The primitive variants avoid boxes; they set {@link RowContext#isNull}, and the value is meaningless if it is
 * true.
 */
public abstract class ScalarEvaluator {
    /** The value, null for NULL. */
    public abstract Object eval(RowContext row);

    /** The value of a LONG or BOOL expression. */
    public long evalLong(RowContext row) {
        Object value = eval(row);
        if (value == null) {
            row.isNull = true;
            return 0;
        }
        row.isNull = false;
        return value instanceof Long l ? l : (Boolean) value ? 1 : 0;
    }

    /** The value of a DOUBLE expression. */
    public double evalDouble(RowContext row) {
        Object value = eval(row);
        if (value == null) {
            row.isNull = true;
            return 0;
        }
        row.isNull = false;
        return (Double) value;
    }

    /** Whether a condition holds: NULL counts as false. */
    public final boolean isTrue(RowContext row) {
        return evalLong(row) != 0 && !row.isNull;
    }

    /** An evaluator whose natural result is a long. */
    abstract static class OfLong extends ScalarEvaluator {
        @Override
        public Object eval(RowContext row) {
            long value = evalLong(row);
            return row.isNull ? null : (Object) value;
        }

        @Override
        public abstract long evalLong(RowContext row);
    }

    /** An evaluator whose natural result is a boolean as 0 or 1. */
    abstract static class OfBoolean extends ScalarEvaluator {
        @Override
        public Object eval(RowContext row) {
            long value = evalLong(row);
            return row.isNull ? null : (Object) (value != 0);
        }

        @Override
        public abstract long evalLong(RowContext row);
    }

    /** An evaluator whose natural result is a double. */
    abstract static class OfDouble extends ScalarEvaluator {
        @Override
        public Object eval(RowContext row) {
            double value = evalDouble(row);
            return row.isNull ? null : (Object) value;
        }

        @Override
        public abstract double evalDouble(RowContext row);
    }
}
