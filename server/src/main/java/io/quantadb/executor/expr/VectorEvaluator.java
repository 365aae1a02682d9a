package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;

/** A compiled expression over the columns of a batch. Owns its result vector; used by one thread at a time. */
public abstract class VectorEvaluator {
    /**
     * Computes the expression for the given positions only: an error in other rows must not show.
     *
     * @param selection positions; the first {@code count} count
     * @param row carries the query; its {@code outer} is overwritten
     * @return values at the same positions; valid until the next call or the next batch. May be an input column
     */
    public abstract Vector eval(Batch batch, int[] selection, int count, RowContext row);

    /** An input column itself. */
    static final class Column extends VectorEvaluator {
        final int column;

        Column(int column) {
            this.column = column;
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            return batch.columns[column];
        }
    }

    /** Row at a time; the default for what has no kernel. */
    static final class Fallback extends VectorEvaluator {
        private final ScalarEvaluator evaluator;
        private final Vector result;
        private final RowView.BatchRow view = new RowView.BatchRow();

        Fallback(ScalarEvaluator evaluator, io.quantadb.types.PgType type) {
            this.evaluator = evaluator;
            this.result = Vector.of(type);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            result.reset();
            result.ensure(batch.extent());
            RowView saved = row.outer;
            row.outer = view;
            for (int i = 0; i < count; i++) {
                view.at(batch, selection[i]);
                result.set(selection[i], evaluator.eval(row));
            }
            row.outer = saved;
            return result;
        }
    }

    /** The same value in every position, evaluated once a batch: constants and parameters. */
    static final class Broadcast extends VectorEvaluator {
        private final ScalarEvaluator evaluator;
        private final Vector result;
        private final boolean constant;
        private int filled;
        private Object last;

        Broadcast(ScalarEvaluator evaluator, io.quantadb.types.PgType type, boolean constant) {
            this.evaluator = evaluator;
            this.result = Vector.of(type);
            this.constant = constant;
        }

        Object value(RowContext row) {
            return evaluator.eval(row);
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            int extent = batch.extent();
            Object value = constant && filled > 0 ? last : evaluator.eval(row);
            if (filled >= extent && value == last) {
                return result;
            }
            result.reset();
            result.ensure(extent);
            for (int i = 0; i < extent; i++) {
                result.set(i, value);
            }
            filled = extent;
            last = value;
            return result;
        }
    }
}
