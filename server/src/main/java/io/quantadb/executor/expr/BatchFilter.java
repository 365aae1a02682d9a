package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;

/** A compiled condition over batches. Has scratch space: used by one thread at a time. */
public abstract class BatchFilter {
    /**
     * Keeps the positions for which the condition is true.
     *
     * @param selection positions to look at; the first {@code count} count
     * @param out receives those kept, in the same order; may be {@code selection} itself
     * @return how many were kept
     */
    public abstract int filter(Batch batch, int[] selection, int count, int[] out, RowContext row);

    /** All conditions, one after the other. */
    static final class And extends BatchFilter {
        private final BatchFilter[] parts;

        And(BatchFilter[] parts) {
            this.parts = parts;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            int[] from = selection;
            int left = count;
            for (BatchFilter part : parts) {
                if (left == 0) {
                    return 0;
                }
                left = part.filter(batch, from, left, out, row);
                from = out;
            }
            return left;
        }
    }

    /** Any condition: later ones look only at rows the earlier ones left. */
    static final class Or extends BatchFilter {
        private final BatchFilter[] parts;
        private int[] rest = {};
        private int[] hits = {};
        /** By position in the batch, hence of full size; made when first needed. */
        private boolean[] keep;

        Or(BatchFilter[] parts) {
            this.parts = parts;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            reserve(count);
            for (int i = 0; i < count; i++) {
                keep[selection[i]] = false;
            }
            int[] from = selection;
            int left = count;
            for (int p = 0; p < parts.length && left > 0; p++) {
                int found = parts[p].filter(batch, from, left, hits, row);
                for (int i = 0; i < found; i++) {
                    keep[hits[i]] = true;
                }
                int remaining = 0;
                for (int i = 0; i < left; i++) {
                    int position = from[i];
                    if (!keep[position]) {
                        rest[remaining++] = position;
                    }
                }
                from = rest;
                left = remaining;
            }
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (keep[position]) {
                    out[kept++] = position;
                }
            }
            return kept;
        }

        private void reserve(int count) {
            if (keep == null) {
                keep = new boolean[Vector.CAPACITY];
            }
            if (rest.length < count) {
                int size = Math.min(Vector.CAPACITY, Math.max(16, 2 * count));
                rest = new int[size];
                hits = new int[size];
            }
        }
    }

    /** A boolean vector's rows that are true, or false for NOT. */
    static final class OfVector extends BatchFilter {
        private final VectorEvaluator evaluator;
        private final long wanted;

        OfVector(VectorEvaluator evaluator, boolean wanted) {
            this.evaluator = evaluator;
            this.wanted = wanted ? 1 : 0;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            LongVector vector = (LongVector) evaluator.eval(batch, selection, count, row);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (vector.values[position] == wanted && !vector.isNull(position)) {
                    out[kept++] = position;
                }
            }
            return kept;
        }
    }

    /** Row at a time. */
    static final class Fallback extends BatchFilter {
        private final ScalarEvaluator evaluator;
        private final RowView.BatchRow view = new RowView.BatchRow();

        Fallback(ScalarEvaluator evaluator) {
            this.evaluator = evaluator;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            RowView saved = row.outer;
            row.outer = view;
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                view.at(batch, position);
                if (evaluator.isTrue(row)) {
                    out[kept++] = position;
                }
            }
            row.outer = saved;
            return kept;
        }
    }

    /** IS NULL and IS NOT NULL. */
    static final class NullTest extends BatchFilter {
        private final VectorEvaluator evaluator;
        private final boolean wantNull;

        NullTest(VectorEvaluator evaluator, boolean wantNull) {
            this.evaluator = evaluator;
            this.wantNull = wantNull;
        }

        @Override
        public int filter(Batch batch, int[] selection, int count, int[] out, RowContext row) {
            Vector vector = evaluator.eval(batch, selection, count, row);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = selection[i];
                if (vector.isNull(position) == wantNull) {
                    out[kept++] = position;
                }
            }
            return kept;
        }
    }

    /** Drops NULL rows, so that kernels need not look for them. */
    static int withoutNulls(Vector vector, int[] selection, int count, int[] out) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int position = selection[i];
            out[kept] = position;
            kept += vector.isNull(position) ? 0 : 1;
        }
        return kept;
    }
}
