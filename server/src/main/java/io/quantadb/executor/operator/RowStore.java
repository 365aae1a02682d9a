package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.ByteString;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.List;

/** Rows kept in memory as chunks of columns, numbered from 0. Confined to one thread. */
final class RowStore {
    private static final int SHIFT = 10;
    private static final int MASK = (1 << SHIFT) - 1;

    private final PgType[] types;
    private final List<Batch> chunks = new ArrayList<>();
    private final boolean[] isObject;
    private final int fixedBytes;
    private int count;
    private long objectBytes;

    RowStore(PgType[] types) {
        this.types = types;
        this.isObject = new boolean[types.length];
        int width = 0;
        for (int i = 0; i < types.length; i++) {
            isObject[i] = types[i].kind() == PhysicalKind.OBJECT;
            width += isObject[i] ? 4 : 8;
        }
        this.fixedBytes = width;
    }

    PgType[] types() {
        return types;
    }

    int count() {
        return count;
    }

    /** Estimated heap bytes of the contents. */
    long bytes() {
        return (long) count * fixedBytes + objectBytes;
    }

    void clear() {
        chunks.clear();
        count = 0;
        objectBytes = 0;
    }

    private Batch chunkForNext() {
        int chunk = count >> SHIFT;
        if (chunk == chunks.size()) {
            chunks.add(Batch.ofTypes(List.of(types)));
        }
        return chunks.get(chunk);
    }

    /** Appends the row at a position of a batch whose first columns have this store's types. @return its number */
    int append(Batch source, int position) {
        return append(source.columns, position);
    }

    int append(Vector[] columns, int position) {
        Batch chunk = chunkForNext();
        int at = count & MASK;
        for (int c = 0; c < types.length; c++) {
            chunk.columns[c].copy(at, columns[c], position);
            if (isObject[c]) {
                objectBytes += sizeOf(columns[c], position);
            }
        }
        chunk.selectAll(at + 1);
        return count++;
    }

    int append(Object[] values) {
        Batch chunk = chunkForNext();
        int at = count & MASK;
        for (int c = 0; c < types.length; c++) {
            chunk.columns[c].set(at, values[c]);
            if (isObject[c]) {
                objectBytes += sizeOf(values[c]);
            }
        }
        chunk.selectAll(at + 1);
        return count++;
    }

    /** Overwrites a row. */
    void replace(int row, Vector[] columns, int position) {
        Batch chunk = chunks.get(row >> SHIFT);
        for (int c = 0; c < types.length; c++) {
            if (isObject[c]) {
                objectBytes += sizeOf(columns[c], position) - sizeOf(chunk.columns[c], row & MASK);
            }
            chunk.columns[c].copy(row & MASK, columns[c], position);
        }
    }

    /** Copies rows {@code rows[from..from+n)} to positions 0 to n-1 of a cleared batch and selects them. */
    void gather(int[] rows, int from, int n, Batch target) {
        for (int c = 0; c < types.length; c++) {
            Vector column = target.columns[c];
            for (int i = 0; i < n; i++) {
                int row = rows[from + i];
                column.copy(i, chunks.get(row >> SHIFT).columns[c], row & MASK);
            }
        }
        target.selectAll(n);
    }

    /** Appends all selected rows. */
    void appendAll(Batch source) {
        appendAll(source.columns, source.selection(), source.size());
    }

    void appendAll(Vector[] columns, int[] selection, int size) {
        int done = 0;
        while (done < size) {
            Batch chunk = chunkForNext();
            int at = count & MASK;
            int n = Math.min(size - done, Vector.CAPACITY - at);
            for (int c = 0; c < types.length; c++) {
                chunk.columns[c].gather(at, columns[c], selection, done, n);
                if (isObject[c]) {
                    for (int i = 0; i < n; i++) {
                        objectBytes += sizeOf(columns[c], selection[done + i]);
                    }
                }
            }
            chunk.selectAll(at + n);
            count += n;
            done += n;
        }
    }

    int chunkCount() {
        return chunks.size();
    }

    /** A chunk as a batch with all its rows selected; its owner is this store. */
    Batch chunk(int index) {
        return chunks.get(index);
    }

    Vector vector(int row, int column) {
        return chunks.get(row >> SHIFT).columns[column];
    }

    Batch batchOf(int row) {
        return chunks.get(row >> SHIFT);
    }

    static int position(int row) {
        return row & MASK;
    }

    Object get(int row, int column) {
        return vector(row, column).get(row & MASK);
    }

    boolean isNull(int row, int column) {
        return vector(row, column).isNull(row & MASK);
    }

    void read(int row, Object[] target) {
        chunks.get(row >> SHIFT).readRow(row & MASK, target);
    }

    private static long sizeOf(Vector column, int position) {
        return column instanceof io.quantadb.executor.vector.NumericVector ? 9 : sizeOf(column.get(position));
    }

    /** Rough heap bytes of a value. */
    static long sizeOf(Object value) {
        return switch (value) {
            case null -> 0;
            case String s -> 56 + s.length();
            case ByteString b -> 40 + b.length();
            case ArrayValue a -> 64 + 24L * a.size();
            default -> 48;
        };
    }
}
