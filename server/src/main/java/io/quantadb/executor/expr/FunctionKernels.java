package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.ScalarFunction;
import io.quantadb.types.PgType;

/** Strict functions applied to vectors: a call for each row, but no walk through an evaluator tree and no boxes. */
final class FunctionKernels {
    private FunctionKernels() {
    }

    /** A kernel for the function's shape, or null. */
    static VectorEvaluator of(ScalarFunction function, VectorEvaluator[] in, PgType type) {
        return switch (function) {
            case ScalarFunction.LongFn1 f -> new Long1(f, in[0], type);
            case ScalarFunction.LongFn2 f -> new Long2(f, in[0], in[1], type);
            case ScalarFunction.DoubleFn1 f -> new Double1(f, in[0], type);
            case ScalarFunction.DoubleFn2 f -> new Double2(f, in[0], in[1], type);
            case ScalarFunction.DoublePredicate2 f -> new DoubleTest(f, in[0], in[1], type);
            case ScalarFunction.ObjectPredicate2 f -> new ObjectTest(f, in[0], in[1], type);
            case ScalarFunction.Fn1 f -> new Object1(f, in[0], type);
            case ScalarFunction.Fn2 f -> new Object2(f, in[0], in[1], type);
            default -> null;
        };
    }

    private abstract static class Binary extends VectorEvaluator {
        private final VectorEvaluator left;
        private final VectorEvaluator right;
        final Vector result;

        Binary(VectorEvaluator left, VectorEvaluator right, PgType type) {
            this.left = left;
            this.right = right;
            this.result = Vector.of(type);
        }

        @Override
        public final Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            Vector a = left.eval(batch, selection, count, row);
            Vector b = right.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            boolean nulls = a.mayHaveNulls() || b.mayHaveNulls();
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                if (nulls && (a.isNull(p) || b.isNull(p))) {
                    result.setNull(p);
                } else {
                    apply(a, b, p, row);
                }
            }
            return result;
        }

        abstract void apply(Vector a, Vector b, int position, RowContext row);
    }

    private abstract static class Unary extends VectorEvaluator {
        private final VectorEvaluator input;
        final Vector result;

        Unary(VectorEvaluator input, PgType type) {
            this.input = input;
            this.result = Vector.of(type);
        }

        @Override
        public final Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            Vector a = input.eval(batch, selection, count, row);
            result.reset();
            result.ensure(batch.extent());
            boolean nulls = a.mayHaveNulls();
            for (int i = 0; i < count; i++) {
                int p = selection[i];
                if (nulls && a.isNull(p)) {
                    result.setNull(p);
                } else {
                    apply(a, p, row);
                }
            }
            return result;
        }

        abstract void apply(Vector a, int position, RowContext row);
    }

    private static final class Long1 extends Unary {
        private final ScalarFunction.LongFn1 function;

        Long1(ScalarFunction.LongFn1 function, VectorEvaluator input, PgType type) {
            super(input, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, int p, RowContext row) {
            ((LongVector) result).setLong(p, function.call(a.getLong(p)));
        }
    }

    private static final class Long2 extends Binary {
        private final ScalarFunction.LongFn2 function;

        Long2(ScalarFunction.LongFn2 function, VectorEvaluator left, VectorEvaluator right, PgType type) {
            super(left, right, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, Vector b, int p, RowContext row) {
            ((LongVector) result).setLong(p, function.call(a.getLong(p), b.getLong(p)));
        }
    }

    private static final class Double1 extends Unary {
        private final ScalarFunction.DoubleFn1 function;

        Double1(ScalarFunction.DoubleFn1 function, VectorEvaluator input, PgType type) {
            super(input, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, int p, RowContext row) {
            ((DoubleVector) result).setDouble(p, function.call(a.getDouble(p)));
        }
    }

    private static final class Double2 extends Binary {
        private final ScalarFunction.DoubleFn2 function;

        Double2(ScalarFunction.DoubleFn2 function, VectorEvaluator left, VectorEvaluator right, PgType type) {
            super(left, right, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, Vector b, int p, RowContext row) {
            ((DoubleVector) result).setDouble(p, function.call(a.getDouble(p), b.getDouble(p)));
        }
    }

    private static final class DoubleTest extends Binary {
        private final ScalarFunction.DoublePredicate2 function;

        DoubleTest(ScalarFunction.DoublePredicate2 function, VectorEvaluator left, VectorEvaluator right,
                PgType type) {
            super(left, right, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, Vector b, int p, RowContext row) {
            ((LongVector) result).setLong(p, function.call(a.getDouble(p), b.getDouble(p)) ? 1 : 0);
        }
    }

    private static final class ObjectTest extends Binary {
        private final ScalarFunction.ObjectPredicate2 function;

        ObjectTest(ScalarFunction.ObjectPredicate2 function, VectorEvaluator left, VectorEvaluator right,
                PgType type) {
            super(left, right, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, Vector b, int p, RowContext row) {
            ((LongVector) result).setLong(p, function.test(a.get(p), b.get(p)) ? 1 : 0);
        }
    }

    private static final class Object1 extends Unary {
        private final ScalarFunction.Fn1 function;

        Object1(ScalarFunction.Fn1 function, VectorEvaluator input, PgType type) {
            super(input, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, int p, RowContext row) {
            result.set(p, function.call(row.query.functions, a.get(p)));
        }
    }

    private static final class Object2 extends Binary {
        private final ScalarFunction.Fn2 function;

        Object2(ScalarFunction.Fn2 function, VectorEvaluator left, VectorEvaluator right, PgType type) {
            super(left, right, type);
            this.function = function;
        }

        @Override
        void apply(Vector a, Vector b, int p, RowContext row) {
            result.set(p, function.call(row.query.functions, a.get(p), b.get(p)));
        }
    }
}
