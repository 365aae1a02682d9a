package io.quantadb.executor.vector;

import io.quantadb.types.PgType;
import java.util.List;

/**
 * Up to {@link Vector#CAPACITY} rows as columns, of which the selected ones count.
 *
 * <p>The selection lists row positions in output order; positions are strictly increasing unless an operator sorted.
 * A batch and its vectors belong to the operator that returned it and are valid until that operator is asked for the
 * next batch. Never empty when returned from {@code Operator.next}.
 */
public final class Batch {
    private static final int[] IDENTITY = new int[Vector.CAPACITY];

    static {
        for (int i = 0; i < IDENTITY.length; i++) {
            IDENTITY[i] = i;
        }
    }

    /** Columns; an operator may point them at another operator's vectors. */
    public final Vector[] columns;
    private int[] selection = IDENTITY;
    private int size;
    private int extent;

    public Batch(Vector[] columns) {
        this.columns = columns;
    }

    /** A batch with vectors of its own. */
    public static Batch ofTypes(List<PgType> types) {
        Vector[] columns = new Vector[types.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Vector.of(types.get(i));
        }
        return new Batch(columns);
    }

    /** 0, 1, 2...: never to be written to. */
    public static int[] identity() {
        return IDENTITY;
    }

    /** Number of selected rows. */
    public int size() {
        return size;
    }

    /** Positions of the selected rows; the first {@link #size} count. Read only for everyone but its owner. */
    public int[] selection() {
        return selection;
    }

    public int position(int index) {
        return selection[index];
    }

    /** Selects the first {@code rows} positions. */
    public void selectAll(int rows) {
        selection = IDENTITY;
        size = rows;
        extent = rows;
    }

    /** All positions in use are below it: what vectors computed from this batch must have room for. */
    public int extent() {
        return extent;
    }

    /** Takes over selection and extent of a batch whose vectors this one refers to. */
    public void selectLike(Batch other) {
        selection = other.selection;
        size = other.size;
        extent = other.extent;
    }

    /** Selects the given positions below {@link #extent}; the array is kept, not copied. */
    public void select(int[] positions, int count) {
        selection = positions;
        size = count;
    }

    public boolean isDense() {
        return selection == IDENTITY;
    }

    /** Forgets contents; for refilling by the owner of the vectors. */
    public void clear() {
        for (Vector column : columns) {
            column.reset();
        }
        selectAll(0);
    }

    /** Copies one row's values as objects. */
    public void readRow(int position, Object[] target) {
        for (int i = 0; i < columns.length; i++) {
            target[i] = columns[i].get(position);
        }
    }

    /** Sets one row's values from objects. */
    public void writeRow(int position, Object[] source) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].set(position, source[i]);
        }
    }
}
