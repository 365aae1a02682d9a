package io.quantadb.access.heap;

import io.quantadb.base.Memory;
import io.quantadb.storage.StorageException;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.Arrays;

/**
 * Large values: compresses them, or moves them to the relation's TOAST heap. Safe for use by many threads.
 *
 * <p>The TOAST heap is a heap relation without indexes. Its rows have one variable-width column: TID of the next chunk
 * (u64, 0 at the end), sequence number (u32), then data. The
 * chunks of a value are written last one first, so that each can name its successor; the row's pointer names the first.
 * Reading needs no visibility check:
 * whoever sees the row may read its chunks, which are deleted by the same transaction that deletes the row or replaces
 * the value, and so die with it.
 */
final class HeapToast implements ToastReader {
    /** Rows above it are shrunk, and down to it, as PostgreSQL does. */
    static final int THRESHOLD = 2032;
    private static final int SMALLEST_WORTH_SHRINKING = 64;
    private static final int CHUNK_HEADER = 12;
    /** Two chunks fill a page. */
    static final int CHUNK_BYTES = 4000;

    /** The value's form is its bytes: any type's would do. */
    private static final TupleLayout CHUNK_LAYOUT = TupleLayout.bytes();

    private final HeapRelation heap;

    HeapToast(HeapContext context, HeapDescriptor owner) {
        heap = new HeapRelation(context,
                new HeapDescriptor(owner.toast(), owner.name(), CHUNK_LAYOUT, null, 100, owner.logged()));
    }

    HeapRelation heap() {
        return heap;
    }

    /**
     * Makes a row small: compresses its largest values, then moves the largest out of line, until it is below the
     * threshold or nothing is left to do.
     */
    static void shrink(HeapToast toast, Transaction transaction, TupleBuilder row) {
        boolean[] tried = new boolean[row.layout().attributeCount()];
        int attribute;
        while (row.length() > THRESHOLD && (attribute = largest(row, tried, false)) >= 0) {
            tried[attribute] = true;
            byte[] compressed = ToastPointer.compress(row.variableArray(attribute), row.variableStart(attribute),
                    row.variableLength(attribute));
            if (compressed != null) {
                row.setExternal(attribute, compressed);
            }
        }
        if (toast == null) {
            return;
        }
        Arrays.fill(tried, false);
        while (row.length() > THRESHOLD && (attribute = largest(row, tried, true)) >= 0) {
            tried[attribute] = true;
            toast.moveOut(transaction, row, attribute);
        }
    }

    /** The attribute with the largest value in the row itself, -1 if none is worth it. */
    private static int largest(TupleBuilder row, boolean[] tried, boolean alsoCompressed) {
        int best = -1;
        int bestLength = SMALLEST_WORTH_SHRINKING;
        for (int i = 0; i < tried.length; i++) {
            int length = row.variableLength(i);
            if (length > bestLength && !tried[i] && (alsoCompressed || !row.isExternal(i))) {
                best = i;
                bestLength = length;
            }
        }
        return best;
    }

    private void moveOut(Transaction transaction, TupleBuilder row, int attribute) {
        byte[] bytes = row.variableArray(attribute);
        int start = row.variableStart(attribute);
        int length = row.variableLength(attribute);
        boolean compressed = row.isExternal(attribute);
        int rawLength = length;
        if (compressed) {
            rawLength = Memory.getInt(bytes, start + 1);
            start += ToastPointer.COMPRESSED_HEADER;
            length -= ToastPointer.COMPRESSED_HEADER;
        }
        long first = store(transaction, bytes, start, length);
        row.setExternal(attribute, ToastPointer.outOfLine(rawLength, length, compressed, first));
    }

    private long store(Transaction transaction, byte[] bytes, int start, int length) {
        TupleBuilder chunk = new TupleBuilder(CHUNK_LAYOUT);
        byte[] buffer = new byte[CHUNK_HEADER + CHUNK_BYTES];
        long next = 0;
        for (int sequence = (length - 1) / CHUNK_BYTES; sequence >= 0; sequence--) {
            int from = sequence * CHUNK_BYTES;
            int size = Math.min(CHUNK_BYTES, length - from);
            Memory.putLong(buffer, 0, next);
            Memory.putInt(buffer, 8, sequence);
            System.arraycopy(bytes, start + from, buffer, CHUNK_HEADER, size);
            chunk.setBytes(0, buffer, 0, CHUNK_HEADER + size);
            next = heap.insert(transaction, chunk);
        }
        return next;
    }

    @Override
    public byte[] fetch(long firstChunkTid, int length) {
        byte[] result = new byte[length];
        int done = 0;
        int sequence = 0;
        long tid = firstChunkTid;
        try (HeapCursor cursor = new HeapCursor()) {
            while (done < length) {
                long data = chunk(cursor, tid, sequence++);
                int size = Math.min(CHUNK_BYTES, length - done);
                Memory.copyToArray(data + CHUNK_HEADER, result, done, size);
                done += size;
                tid = Memory.getLong(data);
            }
        }
        return result;
    }

    /** Address of a chunk's stored bytes, checked to be the one expected. */
    private long chunk(HeapCursor cursor, long tid, int sequence) {
        if (tid == 0 || !heap.fetchAny(tid, cursor)) {
            throw StorageException.corrupted("missing chunk number " + sequence + " of a large value in relation \""
                    + heap.descriptor().name() + "\"");
        }
        long range = TupleReader.inlineBytes(CHUNK_LAYOUT, cursor.tupleAddress(), 0);
        long data = cursor.tupleAddress() + (range >>> 32);
        int found = Memory.getInt(data + 8);
        if (found != sequence) {
            throw StorageException.corrupted("unexpected chunk number " + found + " (expected " + sequence
                    + ") of a large value in relation \"" + heap.descriptor().name() + "\"");
        }
        return data;
    }

    /** First chunks of the row's values out of line. */
    static long[] outOfLine(TupleLayout layout, long tuple) {
        long[] result = new long[0];
        for (int i = 0; i < TupleHeader.natts(tuple); i++) {
            if (layout.code(i) != TupleLayout.VARIABLE || TupleReader.isNull(layout, tuple, i)) {
                continue;
            }
            long range = TupleReader.variableBytes(layout, tuple, i);
            long address = tuple + (range >>> 32);
            if ((range & 1L << 31) != 0 && ToastPointer.isOutOfLine(address)) {
                result = Arrays.copyOf(result, result.length + 1);
                result[result.length - 1] = ToastPointer.firstChunk(address);
            }
        }
        return result;
    }

    /** Deletes values whose row is deleted. */
    void delete(Transaction transaction, Snapshot snapshot, long[] firstChunks) {
        HeapChange change = new HeapChange();
        // Chunks written by an earlier command of this transaction are visible to any later one.
        Snapshot now = snapshot.withCommandId(Integer.MAX_VALUE);
        try (HeapCursor cursor = new HeapCursor()) {
            for (long first : firstChunks) {
                int sequence = 0;
                for (long tid = first; tid != 0; sequence++) {
                    long next = Memory.getLong(chunk(cursor, tid, sequence));
                    cursor.close();
                    heap.delete(transaction, now, tid, WaitPolicy.BLOCK, change);
                    tid = next;
                }
            }
        }
    }

    /** Deletes those values of the old row that the new one does not refer to any more. */
    void deleteUnused(Transaction transaction, Snapshot snapshot, long[] firstChunks, TupleBuilder newRow) {
        long[] gone = new long[firstChunks.length];
        int count = 0;
        for (long first : firstChunks) {
            if (!refersTo(newRow, first)) {
                gone[count++] = first;
            }
        }
        delete(transaction, snapshot, Arrays.copyOf(gone, count));
    }

    private static boolean refersTo(TupleBuilder row, long firstChunk) {
        for (int i = 0; i < row.layout().attributeCount(); i++) {
            if (row.isExternal(i)) {
                byte[] bytes = row.variableArray(i);
                int start = row.variableStart(i);
                if (bytes[start] == ToastPointer.OUT_OF_LINE && Memory.getLong(bytes, start + 10) == firstChunk) {
                    return true;
                }
            }
        }
        return false;
    }
}
