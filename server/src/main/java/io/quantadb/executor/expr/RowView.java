package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;

/** One row that expressions read, whatever holds it. Columns count from 0. Confined to one thread. */
public interface RowView {
    /** The value, null for NULL. */
    Object get(int column);

    boolean isNull(int column);

    /** Value of a LONG or BOOL column that is not NULL. */
    default long getLong(int column) {
        Object value = get(column);
        return value instanceof Boolean b ? (b ? 1 : 0) : (Long) value;
    }

    /** Value of a DOUBLE column that is not NULL. */
    default double getDouble(int column) {
        return (Double) get(column);
    }

    /** The row at a position of a batch. */
    final class BatchRow implements RowView {
        public Batch batch;
        public int position;

        public BatchRow at(Batch newBatch, int newPosition) {
            batch = newBatch;
            position = newPosition;
            return this;
        }

        @Override
        public Object get(int column) {
            return batch.columns[column].get(position);
        }

        @Override
        public boolean isNull(int column) {
            return batch.columns[column].isNull(position);
        }

        @Override
        public long getLong(int column) {
            return batch.columns[column].getLong(position);
        }

        @Override
        public double getDouble(int column) {
            return batch.columns[column].getDouble(position);
        }
    }

    /** A row as an array of values. */
    final class ArrayRow implements RowView {
        public Object[] values;

        public ArrayRow() {
        }

        public ArrayRow(Object[] values) {
            this.values = values;
        }

        public ArrayRow at(Object[] newValues) {
            values = newValues;
            return this;
        }

        @Override
        public Object get(int column) {
            return values[column];
        }

        @Override
        public boolean isNull(int column) {
            return values[column] == null;
        }
    }
}
