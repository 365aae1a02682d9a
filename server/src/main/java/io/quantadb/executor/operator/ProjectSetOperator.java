package io.quantadb.executor.operator;

import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.SetFunction.RowCursor;
import io.quantadb.types.PgType;
import java.util.List;

/** Set-returning functions in the select list: all sets of an input row are read side by side. */
final class ProjectSetOperator extends Operator {
    private final Operator input;
    /** Plain expressions; null where a set stands. */
    private final ScalarEvaluator[] scalars;
    private final SetEvaluator[] sets;
    private final RowCursor[] cursors;
    private final Object[][] setRows;
    private final Batch batch;
    private final RowView.BatchRow view = new RowView.BatchRow();
    private Batch source;
    private int sourceIndex;
    private boolean rowActive;

    ProjectSetOperator(List<PgType> types, Operator input, ScalarEvaluator[] scalars, SetEvaluator[] sets) {
        super(types);
        this.input = input;
        this.scalars = scalars;
        this.sets = sets;
        this.cursors = new RowCursor[sets.length];
        this.setRows = new Object[sets.length][];
        for (int i = 0; i < sets.length; i++) {
            setRows[i] = sets[i] == null ? null : new Object[sets[i].width()];
        }
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        source = null;
        rowActive = false;
        input.open(query);
    }

    @Override
    public Batch next() {
        batch.clear();
        int n = 0;
        while (n < Vector.CAPACITY) {
            if (!rowActive && !nextRow()) {
                break;
            }
            if (emit(n)) {
                n++;
            }
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    private boolean nextRow() {
        query.checkInterrupts();
        if (source != null) {
            sourceIndex++;
        }
        while (source == null || sourceIndex == source.size()) {
            source = input.next();
            sourceIndex = 0;
            if (source == null) {
                return false;
            }
        }
        row.outer = view.at(source, source.position(sourceIndex));
        for (int i = 0; i < sets.length; i++) {
            cursors[i] = sets[i] == null ? null : sets[i].start(row);
        }
        rowActive = true;
        return true;
    }

    /** Writes the next row of the current input row; false if its sets have ended. */
    private boolean emit(int at) {
        boolean any = false;
        for (int i = 0; i < sets.length; i++) {
            if (cursors[i] == null) {
                continue;
            }
            if (cursors[i].next(setRows[i])) {
                any = true;
                batch.columns[i].set(at, sets[i].value(setRows[i]));
            } else {
                cursors[i].close();
                cursors[i] = RowCursor.EMPTY;
                batch.columns[i].setNull(at);
            }
        }
        if (!any) {
            rowActive = false;
            return false;
        }
        for (int i = 0; i < scalars.length; i++) {
            if (scalars[i] != null) {
                batch.columns[i].set(at, scalars[i].eval(row));
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (int i = 0; i < cursors.length; i++) {
            if (cursors[i] != null) {
                cursors[i].close();
                cursors[i] = null;
            }
        }
        input.close();
        rowActive = false;
        source = null;
    }
}
