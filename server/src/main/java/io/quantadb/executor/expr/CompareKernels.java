package io.quantadb.executor.expr;

import io.quantadb.base.Memory;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.CoreComparisons;
import io.quantadb.types.Numeric;

/** Comparisons that turn a selection into a smaller one. */
final class CompareKernels {
    private CompareKernels() {
    }

    static BatchFilter filter(CompareOp.Kernel kernel, VectorEvaluator left, VectorEvaluator right) {
        if (right instanceof VectorEvaluator.Broadcast constant) {
            return new WithConstant(kernel.op(), kernel.domain(), left, constant);
        }
        if (left instanceof VectorEvaluator.Broadcast constant) {
            return new WithConstant(kernel.op().swapped(), kernel.domain(), right, constant);
        }
        return new OfVectors(kernel.op(), kernel.domain(), left, right);
    }

    private static final class WithConstant extends BatchFilter {
        private final CompareOp op;
        private final CompareOp.Domain domain;
        private final VectorEvaluator left;
        private final VectorEvaluator.Broadcast right;
        private String encodedFrom;
        private byte[] encoded;

        WithConstant(CompareOp op, CompareOp.Domain domain, VectorEvaluator left, VectorEvaluator.Broadcast right) {
            this.op = op;
            this.domain = domain;
            this.left = left;
            this.right = right;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            Object constant = right.value(row);
            if (constant == null) {
                return 0;
            }
            Vector vector = left.eval(batch, selection, count, row);
            int[] from = selection;
            int n = count;
            if (vector.mayHaveNulls()) {
                n = withoutNulls(vector, selection, count, out);
                from = out;
            }
            return switch (domain) {
                case LONG -> compareLong(op, ((LongVector) vector).values, asLong(constant), from, n, out);
                case DOUBLE -> compareDouble(op, ((DoubleVector) vector).values, (Double) constant, from, n, out);
                case NUMERIC -> compareNumeric((NumericVector) vector, (Numeric) constant, from, n, out);
                case TEXT -> compareText((ObjectVector) vector, (String) constant, from, n, out);
                case BPCHAR -> compareText((ObjectVector) vector, SliceText.trimmed((String) constant), from, n, out);
            };
        }

        private int compareNumeric(NumericVector vector, Numeric constant, int[] from, int n, int[] out) {
            if (vector.isScaled() && constant.isFinite() && constant.minScale() <= vector.scale()) {
                Numeric rescaled = constant.setScale(vector.scale());
                if (rescaled.isCompact()) {
                    return compareLong(op, vector.scaled, rescaled.unscaledLong(), from, n, out);
                }
            }
            int kept = 0;
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                kept += op.holds(vector.get(position).compareTo(constant)) ? 1 : 0;
            }
            return kept;
        }

        private int compareText(ObjectVector vector, String constant, int[] from, int n, int[] out) {
            if (vector.isSliced()) {
                return compareSlices(vector, constant, from, n, out);
            }
            Object[] values = vector.values(from, n);
            int kept = 0;
            if (domain == CompareOp.Domain.BPCHAR) {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    String value = SliceText.trimmed((String) values[position]);
                    kept += op.holds(CoreComparisons.compareText(value, constant)) ? 1 : 0;
                }
                return kept;
            }
            if (op == CompareOp.EQ || op == CompareOp.NE) {
                boolean wanted = op == CompareOp.EQ;
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += constant.equals(values[position]) == wanted ? 1 : 0;
                }
                return kept;
            }
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                kept += op.holds(CoreComparisons.compareText((String) values[position], constant)) ? 1 : 0;
            }
            return kept;
        }

        /** UTF-8 bytes compare like the texts. */
        private int compareSlices(ObjectVector vector, String constant, int[] from, int n, int[] out) {
            if (!constant.equals(encodedFrom)) {
                encoded = constant.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                encodedFrom = constant;
            }
            long[] addresses = vector.sliceAddresses();
            int[] lengths = vector.sliceLengths();
            boolean padded = domain == CompareOp.Domain.BPCHAR;
            int kept = 0;
            if (op == CompareOp.EQ || op == CompareOp.NE) {
                boolean wanted = op == CompareOp.EQ;
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    long address = addresses[position];
                    int length = padded ? SliceText.trimmed(address, lengths[position]) : lengths[position];
                    kept += SliceText.equal(address, length, encoded) == wanted ? 1 : 0;
                }
                return kept;
            }
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                long address = addresses[position];
                int length = padded ? SliceText.trimmed(address, lengths[position]) : lengths[position];
                kept += op.holds(Memory.compare(address, length, encoded, encoded.length)) ? 1 : 0;
            }
            return kept;
        }
    }

    private static long asLong(Object constant) {
        return constant instanceof Long l ? l : (Boolean) constant ? 1 : 0;
    }

    private static final class OfVectors extends BatchFilter {
        private final CompareOp op;
        private final CompareOp.Domain domain;
        private final VectorEvaluator left;
        private final VectorEvaluator right;

        OfVectors(CompareOp op, CompareOp.Domain domain, VectorEvaluator left, VectorEvaluator right) {
            this.op = op;
            this.domain = domain;
            this.left = left;
            this.right = right;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            Vector a = left.eval(batch, selection, count, row);
            Vector b = right.eval(batch, selection, count, row);
            int[] from = selection;
            int n = count;
            if (a.mayHaveNulls()) {
                n = withoutNulls(a, from, n, out);
                from = out;
            }
            if (b.mayHaveNulls()) {
                n = withoutNulls(b, from, n, out);
                from = out;
            }
            return switch (domain) {
                case LONG -> compareLongs(op, ((LongVector) a).values, ((LongVector) b).values, from, n, out);
                case DOUBLE -> compareDoubles((DoubleVector) a, (DoubleVector) b, from, n, out);
                case NUMERIC -> compareNumerics((NumericVector) a, (NumericVector) b, from, n, out);
                case TEXT, BPCHAR -> compareTexts(((ObjectVector) a).values(from, n), ((ObjectVector) b).values(from, n),
                        from, n, out);
            };
        }

        private int compareDoubles(DoubleVector a, DoubleVector b, int[] from, int n, int[] out) {
            int kept = 0;
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                kept += op.holds(CoreComparisons.compareDouble(a.values[position], b.values[position])) ? 1 : 0;
            }
            return kept;
        }

        private int compareNumerics(NumericVector a, NumericVector b, int[] from, int n, int[] out) {
            if (a.isScaled() && b.isScaled() && a.scale() == b.scale()) {
                return compareLongs(op, a.scaled, b.scaled, from, n, out);
            }
            int kept = 0;
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                kept += op.holds(a.get(position).compareTo(b.get(position))) ? 1 : 0;
            }
            return kept;
        }

        private int compareTexts(Object[] a, Object[] b, int[] from, int n, int[] out) {
            int kept = 0;
            for (int i = 0; i < n; i++) {
                int position = from[i];
                out[kept] = position;
                String x = (String) a[position];
                String y = (String) b[position];
                kept += op.holds(domain == CompareOp.Domain.TEXT ? CoreComparisons.compareText(x, y)
                        : CoreComparisons.compareText(SliceText.trimmed(x), SliceText.trimmed(y))) ? 1 : 0;
            }
            return kept;
        }
    }

    private static int compareLong(CompareOp op, long[] values, long constant, int[] from, int n, int[] out) {
        int kept = 0;
        switch (op) {
            case EQ -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] == constant ? 1 : 0;
                }
            }
            case NE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] != constant ? 1 : 0;
                }
            }
            case LT -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] < constant ? 1 : 0;
                }
            }
            case LE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] <= constant ? 1 : 0;
                }
            }
            case GT -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] > constant ? 1 : 0;
                }
            }
            case GE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += values[position] >= constant ? 1 : 0;
                }
            }
        }
        return kept;
    }

    private static int compareLongs(CompareOp op, long[] a, long[] b, int[] from, int n, int[] out) {
        int kept = 0;
        switch (op) {
            case EQ -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] == b[position] ? 1 : 0;
                }
            }
            case NE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] != b[position] ? 1 : 0;
                }
            }
            case LT -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] < b[position] ? 1 : 0;
                }
            }
            case LE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] <= b[position] ? 1 : 0;
                }
            }
            case GT -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] > b[position] ? 1 : 0;
                }
            }
            case GE -> {
                for (int i = 0; i < n; i++) {
                    int position = from[i];
                    out[kept] = position;
                    kept += a[position] >= b[position] ? 1 : 0;
                }
            }
        }
        return kept;
    }

    /** PostgreSQL's order of floats: NaN equals NaN and is above everything, -0 equals 0. */
    private static int compareDouble(CompareOp op, double[] values, double constant, int[] from, int n, int[] out) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
            int position = from[i];
            out[kept] = position;
            kept += op.holds(CoreComparisons.compareDouble(values[position], constant)) ? 1 : 0;
        }
        return kept;
    }
}
