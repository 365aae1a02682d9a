package io.quantadb.executor.expr;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import java.util.Map;

/** Addition, subtraction and multiplication of integers and numerics over whole vectors. */
final class ArithmeticKernels {
    enum Op { ADD, SUBTRACT, MULTIPLY }

    private record IntegerKernel(Op op, long min, long max, String typeName) {
    }

    private static final Map<String, IntegerKernel> INTEGERS = new java.util.HashMap<>();

    static {
        register("int4", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        register("int2", Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
        register("int24", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        register("int42", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        for (String name : new String[] {"int8", "int48", "int84", "int28", "int82"}) {
            register(name, Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
        }
    }

    private ArithmeticKernels() {
    }

    private static void register(String prefix, long min, long max, String typeName) {
        INTEGERS.put(prefix + "pl", new IntegerKernel(Op.ADD, min, max, typeName));
        INTEGERS.put(prefix + "mi", new IntegerKernel(Op.SUBTRACT, min, max, typeName));
        INTEGERS.put(prefix + "mul", new IntegerKernel(Op.MULTIPLY, min, max, typeName));
    }

    /** A kernel for the function, or null. */
    static VectorEvaluator of(String function, VectorEvaluator[] inputs, PgType type) {
        IntegerKernel integer = INTEGERS.get(function);
        if (integer != null) {
            return new IntegerArithmetic(integer, inputs[0], inputs[1], type);
        }
        return switch (function) {
            case "numeric_add" -> new NumericArithmetic(Op.ADD, inputs[0], inputs[1], type);
            case "numeric_sub" -> new NumericArithmetic(Op.SUBTRACT, inputs[0], inputs[1], type);
            case "numeric_mul" -> new NumericArithmetic(Op.MULTIPLY, inputs[0], inputs[1], type);
            default -> null;
        };
    }

    private static final class IntegerArithmetic extends VectorEvaluator {
        private final IntegerKernel kernel;
        private final VectorEvaluator left;
        private final VectorEvaluator right;
        private final LongVector result;

        IntegerArithmetic(IntegerKernel kernel, VectorEvaluator left, VectorEvaluator right, PgType type) {
            this.kernel = kernel;
            this.left = left;
            this.right = right;
            this.result = new LongVector(type);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            LongVector a = (LongVector) left.eval(batch, selection, count, row);
            LongVector b = (LongVector) right.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            boolean overflow = a.mayHaveNulls() || b.mayHaveNulls()
                    ? computeWithNulls(a, b, selection, count) : compute(a.values, b.values, selection, count);
            if (overflow) {
                throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, kernel.typeName + " out of range");
            }
            return result;
        }

        private boolean compute(long[] a, long[] b, int[] selection, int count) {
            long[] out = result.values;
            long bad = 0;
            boolean outside = false;
            long min = kernel.min;
            long max = kernel.max;
            switch (kernel.op) {
                case ADD -> {
                    for (int i = 0; i < count; i++) {
                        int p = selection[i];
                        long sum = a[p] + b[p];
                        bad |= (a[p] ^ sum) & (b[p] ^ sum);
                        outside |= sum < min | sum > max;
                        out[p] = sum;
                    }
                }
                case SUBTRACT -> {
                    for (int i = 0; i < count; i++) {
                        int p = selection[i];
                        long difference = a[p] - b[p];
                        bad |= (a[p] ^ b[p]) & (a[p] ^ difference);
                        outside |= difference < min | difference > max;
                        out[p] = difference;
                    }
                }
                case MULTIPLY -> {
                    for (int i = 0; i < count; i++) {
                        int p = selection[i];
                        long product = a[p] * b[p];
                        outside |= Math.multiplyHigh(a[p], b[p]) != product >> 63 | product < min | product > max;
                        out[p] = product;
                    }
                }
            }
            return bad < 0 || outside;
        }

        private boolean computeWithNulls(LongVector a, LongVector b, int[] selection, int count) {
            int[] one = new int[1];
            boolean overflow = false;
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                if (a.isNull(p) || b.isNull(p)) {
                    result.setNull(p);
                } else {
                    one[0] = p;
                    result.setLong(p, 0);
                    overflow |= compute(a.values, b.values, one, 1);
                }
            }
            return overflow;
        }
    }

    private static final class NumericArithmetic extends VectorEvaluator {
        private final Op op;
        private final VectorEvaluator left;
        private final VectorEvaluator right;
        private final NumericVector result;

        NumericArithmetic(Op op, VectorEvaluator left, VectorEvaluator right, PgType type) {
            this.op = op;
            this.left = left;
            this.right = right;
            this.result = new NumericVector(type);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            NumericVector a = (NumericVector) left.eval(batch, selection, count, row);
            NumericVector b = (NumericVector) right.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            if (a.isScaled() && b.isScaled() && !a.mayHaveNulls() && !b.mayHaveNulls()
                    && scaled(a, b, selection, count)) {
                return result;
            }
            result.reset();
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                Numeric x = a.get(p);
                Numeric y = b.get(p);
                if (x == null || y == null) {
                    result.setNull(p);
                } else {
                    result.set(p, switch (op) {
                        case ADD -> x.add(y);
                        case SUBTRACT -> x.subtract(y);
                        case MULTIPLY -> x.multiply(y);
                    });
                }
            }
            return result;
        }

        /** The fast form; false if some value needs more than 64 bits. */
        private boolean scaled(NumericVector a, NumericVector b, int[] selection, int count) {
            if (op == Op.MULTIPLY) {
                return multiply(a, b, selection, count);
            }
            int scale = Math.max(a.scale(), b.scale());
            if (scale - Math.min(a.scale(), b.scale()) > 18) {
                return false;
            }
            result.setScale(scale);
            return addScaled(a.scaled, power10(scale - a.scale()), b.scaled,
                    (op == Op.ADD ? 1 : -1) * power10(scale - b.scale()), selection, count);
        }

        private boolean multiply(NumericVector a, NumericVector b, int[] selection, int count) {
            result.setScale(a.scale() + b.scale());
            long[] x = a.scaled;
            long[] y = b.scaled;
            long[] out = result.scaled;
            boolean overflow = false;
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                long product = x[p] * y[p];
                overflow |= Math.multiplyHigh(x[p], y[p]) != product >> 63;
                out[p] = product;
            }
            return !overflow;
        }

        private boolean addScaled(long[] x, long xFactor, long[] y, long yFactor, int[] selection, int count) {
            long[] out = result.scaled;
            boolean overflow = false;
            long bad = 0;
            // Products of values within these bounds fit: cheaper to test than the upper half of each product.
            long xLimit = Long.MAX_VALUE / Math.abs(xFactor);
            long yLimit = Long.MAX_VALUE / Math.abs(yFactor);
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                long a = x[p];
                long b = y[p];
                long first = a * xFactor;
                long second = b * yFactor;
                long sum = first + second;
                overflow |= a > xLimit | a < -xLimit | b > yLimit | b < -yLimit;
                bad |= (first ^ sum) & (second ^ sum);
                out[p] = sum;
            }
            return !overflow && bad >= 0;
        }

        private static long power10(int exponent) {
            long power = 1;
            for (int i = 0; i < exponent; i++) {
                power *= 10;
            }
            return power;
        }
    }
}
