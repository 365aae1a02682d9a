package io.quantadb.executor.operator;

import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.SetFunction.RowCursor;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;
import java.util.List;

/** Functions in FROM, side by side, with an optional row number. */
final class FunctionScanOperator extends Operator {
    /**
     * One function.
     *
     * @param set the set-returning call, or null
     * @param scalar any other expression, or null
     * @param width columns of the output that are its own
     * @param composite a single value is a row to be spread over the columns
     */
    record Source(SetEvaluator set, ScalarEvaluator scalar, int width, boolean composite) {
    }

    private final List<Source> sources;
    private final boolean ordinality;
    private final Batch batch;
    private final RowCursor[] cursors;
    private final Object[][] rows;
    private long rowNumber;
    private boolean ended;

    FunctionScanOperator(List<PgType> types, List<Source> sources, boolean ordinality) {
        super(types);
        this.sources = sources;
        this.ordinality = ordinality;
        this.batch = Batch.ofTypes(types);
        this.cursors = new RowCursor[sources.size()];
        this.rows = new Object[sources.size()][];
        for (int i = 0; i < rows.length; i++) {
            Source source = sources.get(i);
            rows[i] = new Object[source.set == null ? 1 : Math.max(1, Math.max(source.set.width(), source.width))];
        }
    }

    @Override
    protected void doOpen() {
        start();
    }

    private void start() {
        close();
        rowNumber = 0;
        ended = false;
        for (int i = 0; i < cursors.length; i++) {
            Source source = sources.get(i);
            if (source.set != null) {
                cursors[i] = source.set.start(row);
            } else {
                Object value = source.scalar.eval(row);
                cursors[i] = RowCursor.ofValues(java.util.Collections.singletonList(value).iterator());
            }
        }
    }

    @Override
    public Batch next() {
        query.checkInterrupts();
        batch.clear();
        int n = 0;
        while (!ended && n < Vector.CAPACITY) {
            if (emit(n)) {
                n++;
            } else {
                ended = true;
            }
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    private boolean emit(int at) {
        boolean any = false;
        int column = 0;
        for (int i = 0; i < cursors.length; i++) {
            Source source = sources.get(i);
            boolean has = cursors[i].next(rows[i]);
            any |= has;
            if (!has) {
                for (int c = 0; c < source.width; c++) {
                    batch.columns[column + c].setNull(at);
                }
            } else if (source.composite && (source.set == null || source.set.width() == 1)) {
                spread((RowValue) rows[i][0], column, source.width, at);
            } else if (!source.composite && source.set != null && source.width == 1 && source.set.width() > 1) {
                batch.columns[column].set(at, source.set.value(rows[i]));
            } else {
                for (int c = 0; c < source.width; c++) {
                    batch.columns[column + c].set(at, rows[i][c]);
                }
            }
            column += source.width;
        }
        if (any && ordinality) {
            batch.columns[column].set(at, ++rowNumber);
        }
        return any;
    }

    private void spread(RowValue value, int column, int width, int at) {
        for (int c = 0; c < width; c++) {
            batch.columns[column + c].set(at, value == null || c >= value.size() ? null : value.get(c));
        }
    }

    @Override
    public void rescan() {
        start();
    }

    @Override
    public void close() {
        for (int i = 0; i < cursors.length; i++) {
            if (cursors[i] != null) {
                cursors[i].close();
                cursors[i] = null;
            }
        }
        ended = true;
    }
}
