package io.quantadb.session.command;

import io.quantadb.executor.vector.Batch;
import java.io.IOException;

/** Turns batches into rows of objects. Stateless. */
final class Rows {
    private Rows() {
    }

    /** Takes one row; the array is new each time. */
    @FunctionalInterface
    interface Receiver {
        void accept(Object[] values) throws IOException;
    }

    static void forEach(Batch batch, int columns, Receiver receiver) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            int position = batch.position(i);
            Object[] values = new Object[columns];
            for (int c = 0; c < columns; c++) {
                values[c] = batch.columns[c].get(position);
            }
            receiver.accept(values);
        }
    }
}
