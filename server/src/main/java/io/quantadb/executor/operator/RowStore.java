package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.ByteString;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows kept as chunks of columns, numbered from 0: in memory, or with {@link #spillTo} the older chunks in a temporary
 * file, from which they are read again a chunk at a time. Confined to one thread.
 */
final class RowStore {
    static final int SHIFT = 10;
    private static final int MASK = (1 << SHIFT) - 1;
    /** Chunks from the file kept at hand. */
    private static final int CACHED_CHUNKS = 8;
    /** Chunks at the end that stay in memory whatever the limit. */
    private static final int RECENT_CHUNKS = 2;

    private final PgType[] types;
    private final List<Batch> chunks = new ArrayList<>();
    private final boolean[] isObject;
    private final int fixedBytes;
    private int count;
    private long objectBytes;
    /** Pays for what is in memory; null for small stores nobody counts. */
    private QueryContext payer;
    private long paidBytes;
    /** Null if rows stay in memory. */
    private QueryContext spillQuery;
    private long limitBytes;
    private SpillFile file;
    /** Chunks below it are in the file, chunk c from fileEnds[c - 1] to fileEnds[c]; null in the list. */
    private int evicted;
    private long[] fileEnds = {};
    private final Batch[] cached = new Batch[CACHED_CHUNKS];
    private final int[] cachedNumbers = new int[CACHED_CHUNKS];
    private int nextCached;

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

    /** From now on older rows go to a file when all need more than the limit; {@link #clear} removes it. */
    void spillTo(QueryContext query, long newLimitBytes) {
        spillQuery = query.files == null ? null : query;
        limitBytes = newLimitBytes;
    }

    /** From now on each chunk is booked on the execution's account, and interrupts are noticed. */
    RowStore payBy(QueryContext query) {
        pay(0);
        payer = query;
        return this;
    }

    private void pay(long target) {
        if (payer != null) {
            payer.memory.add(target - paidBytes);
            paidBytes = target;
        }
    }

    private long residentBytes() {
        return chunks.isEmpty() ? 0 : bytes() / chunks.size() * (chunks.size() - evicted);
    }

    void clear() {
        pay(0);
        chunks.clear();
        count = 0;
        objectBytes = 0;
        if (file != null) {
            file.close();
            file = null;
        }
        evicted = 0;
        Arrays.fill(cached, null);
    }

    private void evict() {
        int last = chunks.size() - RECENT_CHUNKS;
        if (last <= evicted || bytes() / chunks.size() * (chunks.size() - evicted) <= limitBytes) {
            return;
        }
        if (file == null) {
            file = new SpillFile(spillQuery, types);
        }
        if (fileEnds.length < last) {
            fileEnds = Arrays.copyOf(fileEnds, last * 2);
        }
        for (; evicted < last; evicted++) {
            Batch chunk = chunks.get(evicted);
            for (int i = 0; i < chunk.size(); i++) {
                file.write(chunk.columns, i);
            }
            fileEnds[evicted] = file.bytes();
            chunks.set(evicted, null);
        }
    }

    private Batch load(int number) {
        for (int i = 0; i < CACHED_CHUNKS; i++) {
            if (cached[i] != null && cachedNumbers[i] == number) {
                return cached[i];
            }
        }
        // Always a new batch: somebody may still look at the one it replaces.
        Batch chunk = file.readRange(number == 0 ? 0 : fileEnds[number - 1], fileEnds[number], 1 << SHIFT);
        cached[nextCached] = chunk;
        cachedNumbers[nextCached] = number;
        nextCached = (nextCached + 1) % CACHED_CHUNKS;
        return chunk;
    }

    private Batch chunkForNext() {
        int chunk = count >> SHIFT;
        if (chunk == chunks.size()) {
            if (spillQuery != null && chunk > 0) {
                evict();
            }
            if (payer != null) {
                payer.checkInterrupts();
                pay(residentBytes() + ((long) fixedBytes << SHIFT));
            }
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
        Batch chunk = chunk(row >> SHIFT);
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
                column.copy(i, chunk(row >> SHIFT).columns[c], row & MASK);
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
        Batch chunk = chunks.get(index);
        return chunk != null ? chunk : load(index);
    }

    Vector vector(int row, int column) {
        return chunk(row >> SHIFT).columns[column];
    }

    Batch batchOf(int row) {
        return chunk(row >> SHIFT);
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
        chunk(row >> SHIFT).readRow(row & MASK, target);
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
