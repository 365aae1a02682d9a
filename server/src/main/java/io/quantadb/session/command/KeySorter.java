package io.quantadb.session.command;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sorts index entries by (key, TID) for an index build. Confined to one thread; {@link #close} deletes its temporary files.
 *
 * <p>Entries lie in a byte arena; what is sorted is an array of places, compared by the first eight bytes of the keys, which are kept
 * beside them; only ties look at the arena. Input that is sorted already costs one pass. When the memory is used up, a sorted run is
 * written to a temporary file, and all runs are merged in the end.
 *
 * <pre>
 * entry: TID i64 (bit 62: row is not live), key length u16, payload length u16, key, payload
 * </pre>
 */
final class KeySorter implements AutoCloseable {
    /** Marks an entry of a row version that is deleted but may still be seen: it cannot be a duplicate. */
    static final long NOT_LIVE = 1L << 62;

    private static final int HEADER = 12;
    private static final int CHUNK_BITS = 20;
    private static final int CHUNK_BYTES = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_BYTES - 1;
    private static final int RUN_BUFFER_BYTES = 256 << 10;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final FileSystem files;
    private final Path directory;
    private final long memoryBytes;
    private final List<byte[]> chunks = new ArrayList<>();
    private int chunkUsed = CHUNK_BYTES;
    private int chunkCount;
    private long[] prefixes = new long[1024];
    private int[] places = new int[1024];
    private int count;
    private final List<Run> runs = new ArrayList<>();

    /** Receives entries in order; the arrays are valid during the call only. */
    @FunctionalInterface
    interface Receiver {
        /** @param array holds the key at {@code [key, key + keyLength)} and the payload behind it */
        void accept(byte[] array, int key, int keyLength, int payloadLength, long tid);
    }

    /** @param memoryBytes what may be used before entries go to temporary files */
    KeySorter(FileSystem files, Path directory, long memoryBytes) {
        this.files = files;
        this.directory = directory;
        this.memoryBytes = Math.max(memoryBytes, 4L * CHUNK_BYTES);
    }

    /** Adds an entry; bytes are copied. */
    void add(byte[] key, int keyLength, byte[] payload, int payloadLength, long tid) {
        int size = HEADER + keyLength + payloadLength;
        if (chunkUsed + size > CHUNK_BYTES) {
            nextChunk();
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
            prefixes = Arrays.copyOf(prefixes, count * 2);
        }
        byte[] chunk = chunks.get(chunkCount - 1);
        int at = chunkUsed;
        Memory.putLong(chunk, at, tid);
        putShort(chunk, at + 8, keyLength);
        putShort(chunk, at + 10, payloadLength);
        System.arraycopy(key, 0, chunk, at + HEADER, keyLength);
        if (payloadLength > 0) {
            System.arraycopy(payload, 0, chunk, at + HEADER + keyLength, payloadLength);
        }
        places[count] = (chunkCount - 1 << CHUNK_BITS - 2) | at >> 2;
        prefixes[count++] = prefix(key, keyLength);
        chunkUsed += size + 3 & ~3;
    }

    private void nextChunk() {
        if ((long) chunkCount * CHUNK_BYTES + count * 24L >= memoryBytes && count > 0) {
            spill();
        }
        if (chunkCount == chunks.size()) {
            chunks.add(new byte[CHUNK_BYTES]);
        }
        chunkCount++;
        chunkUsed = 0;
    }

    private static void putShort(byte[] array, int at, int value) {
        array[at] = (byte) value;
        array[at + 1] = (byte) (value >>> 8);
    }

    private static int getShort(byte[] array, int at) {
        return array[at] & 0xFF | (array[at + 1] & 0xFF) << 8;
    }

    /** The first eight bytes, so that signed comparison is their unsigned order. */
    private static long prefix(byte[] key, int length) {
        long value;
        if (length >= 8) {
            value = Long.reverseBytes(Memory.getLong(key, 0));
        } else {
            value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | (i < length ? key[i] & 0xFF : 0);
            }
        }
        return value ^ Long.MIN_VALUE;
    }

    private static int compareEntries(byte[] a, int atA, byte[] b, int atB) {
        int lengthA = getShort(a, atA + 8);
        int lengthB = getShort(b, atB + 8);
        int order = Arrays.compareUnsigned(a, atA + HEADER, atA + HEADER + lengthA, b, atB + HEADER,
                atB + HEADER + lengthB);
        return order != 0 ? order
                : Long.compare(Memory.getLong(a, atA) & ~NOT_LIVE, Memory.getLong(b, atB) & ~NOT_LIVE);
    }

    private byte[] chunkOf(int place) {
        return chunks.get(place >>> CHUNK_BITS - 2);
    }

    private static int offsetOf(int place) {
        return place << 2 & CHUNK_MASK;
    }

    private boolean inOrder(long prefixA, int placeA, long prefixB, int placeB) {
        if (prefixA != prefixB) {
            return prefixA < prefixB;
        }
        return compareEntries(chunkOf(placeA), offsetOf(placeA), chunkOf(placeB), offsetOf(placeB)) <= 0;
    }

    /** Merge sort from the bottom up; halves already in order are left alone. */
    private void sort() {
        int n = count;
        long[] fromPrefixes = prefixes;
        int[] fromPlaces = places;
        insertionSortBlocks(n);
        long[] toPrefixes = null;
        int[] toPlaces = null;
        for (int width = BLOCK; width < n; width *= 2) {
            if (isSorted(fromPrefixes, fromPlaces, n, width)) {
                continue;
            }
            if (toPrefixes == null) {
                toPrefixes = new long[n];
                toPlaces = new int[n];
            }
            for (int low = 0; low < n; low += 2 * width) {
                merge(fromPrefixes, fromPlaces, toPrefixes, toPlaces, low, Math.min(low + width, n),
                        Math.min(low + 2 * width, n));
            }
            long[] swapPrefixes = fromPrefixes;
            fromPrefixes = toPrefixes;
            toPrefixes = swapPrefixes;
            int[] swapPlaces = fromPlaces;
            fromPlaces = toPlaces;
            toPlaces = swapPlaces;
        }
        prefixes = fromPrefixes;
        places = fromPlaces;
    }

    private static final int BLOCK = 16;

    private void insertionSortBlocks(int n) {
        for (int low = 0; low < n; low += BLOCK) {
            int high = Math.min(low + BLOCK, n);
            for (int i = low + 1; i < high; i++) {
                long prefix = prefixes[i];
                int place = places[i];
                int j = i - 1;
                while (j >= low && !inOrder(prefixes[j], places[j], prefix, place)) {
                    prefixes[j + 1] = prefixes[j];
                    places[j + 1] = places[j];
                    j--;
                }
                prefixes[j + 1] = prefix;
                places[j + 1] = place;
            }
        }
    }

    /** Whether all neighbouring blocks of this width follow each other in order. */
    private boolean isSorted(long[] p, int[] q, int n, int width) {
        for (int i = width; i < n; i += width) {
            if (!inOrder(p[i - 1], q[i - 1], p[i], q[i])) {
                return false;
            }
        }
        return true;
    }

    private void merge(long[] p, int[] q, long[] toP, int[] toQ, int low, int middle, int high) {
        if (middle >= high || inOrder(p[middle - 1], q[middle - 1], p[middle], q[middle])) {
            System.arraycopy(p, low, toP, low, high - low);
            System.arraycopy(q, low, toQ, low, high - low);
            return;
        }
        int a = low;
        int b = middle;
        for (int out = low; out < high; out++) {
            if (a < middle && (b >= high || inOrder(p[a], q[a], p[b], q[b]))) {
                toP[out] = p[a];
                toQ[out] = q[a++];
            } else {
                toP[out] = p[b];
                toQ[out] = q[b++];
            }
        }
    }

    // ---- Runs on disk

    private final class Run {
        final Path path;
        FileHandle file;
        long size;
        ByteBuffer buffer = ByteBuffer.allocate(RUN_BUFFER_BYTES);
        long position;
        /** The current entry. */
        byte[] entry = new byte[64];
        long prefix;

        Run(Path path) {
            this.path = path;
        }

        void write(byte[] source, int at, int length) throws IOException {
            if (buffer.remaining() < length) {
                flush();
            }
            buffer.put(source, at, length);
        }

        void flush() throws IOException {
            buffer.flip();
            int length = buffer.remaining();
            file.write(buffer, size);
            size += length;
            buffer.clear();
        }

        void rewind() {
            buffer.clear().limit(0);
            position = 0;
        }

        /** Goes to the next entry. @return false at the end */
        boolean advance() throws IOException {
            if (!require(HEADER)) {
                return false;
            }
            int at = buffer.position();
            int length = HEADER + getShort(buffer.array(), at + 8) + getShort(buffer.array(), at + 10);
            require(length);
            if (entry.length < length) {
                entry = new byte[length * 2];
            }
            buffer.get(entry, 0, length);
            int keyLength = getShort(entry, 8);
            prefix = prefix(Arrays.copyOfRange(entry, HEADER, HEADER + Math.min(8, keyLength)), Math.min(8, keyLength));
            return true;
        }

        private boolean require(int bytes) throws IOException {
            if (buffer.remaining() >= bytes) {
                return true;
            }
            buffer.compact();
            while (buffer.hasRemaining() && position < size) {
                int read = file.read(buffer, position);
                if (read <= 0) {
                    break;
                }
                position += read;
            }
            buffer.flip();
            return buffer.remaining() >= bytes;
        }

        void close() throws IOException {
            if (file != null) {
                file.close();
                file = null;
                files.delete(path);
            }
        }
    }

    private void spill() {
        sort();
        Run run = new Run(directory.resolve("sort" + NUMBERS.incrementAndGet() + ".tmp"));
        runs.add(run);
        try {
            files.createDirectories(directory);
            run.file = files.openOrCreate(run.path);
            run.file.truncate(0);
            for (int i = 0; i < count; i++) {
                byte[] chunk = chunkOf(places[i]);
                int at = offsetOf(places[i]);
                run.write(chunk, at, HEADER + getShort(chunk, at + 8) + getShort(chunk, at + 10));
            }
            run.flush();
        } catch (IOException e) {
            throw failure(e);
        }
        count = 0;
        chunkCount = 0;
        chunkUsed = CHUNK_BYTES;
    }

    private static SqlException failure(IOException cause) {
        return new SqlException(SqlState.IO_ERROR, "could not use a temporary file for sorting: " + cause.getMessage(),
                cause);
    }

    /** Hands all entries over in (key, TID) order. To be called once. */
    void drain(Receiver receiver) {
        if (runs.isEmpty()) {
            sort();
            for (int i = 0; i < count; i++) {
                byte[] chunk = chunkOf(places[i]);
                int at = offsetOf(places[i]);
                receiver.accept(chunk, at + HEADER, getShort(chunk, at + 8), getShort(chunk, at + 10),
                        Memory.getLong(chunk, at));
            }
            return;
        }
        if (count > 0) {
            spill();
        }
        chunks.clear();
        try {
            mergeRuns(receiver);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void mergeRuns(Receiver receiver) throws IOException {
        PriorityQueue<Run> queue = new PriorityQueue<>((a, b) -> a.prefix != b.prefix
                ? Long.compare(a.prefix, b.prefix) : compareEntries(a.entry, 0, b.entry, 0));
        for (Run run : runs) {
            run.rewind();
            if (run.advance()) {
                queue.add(run);
            }
        }
        while (!queue.isEmpty()) {
            Run run = queue.poll();
            receiver.accept(run.entry, HEADER, getShort(run.entry, 8), getShort(run.entry, 10),
                    Memory.getLong(run.entry, 0));
            if (run.advance()) {
                queue.add(run);
            }
        }
    }

    @Override
    public void close() {
        for (Run run : runs) {
            try {
                run.close();
            } catch (IOException e) {
                throw failure(e);
            }
        }
        runs.clear();
    }
}
