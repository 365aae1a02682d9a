package io.quantadb.session.command;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.key.KeyEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sorts index entries by (key, TID) for an index build. Confined to one thread; {@link #close} deletes its temporary files.
 *
 * <p>Short keys are left to {@link ShortKeySorter} as long as all are. Other entries lie in a byte arena; what is sorted are pairs of eight
 * bytes of the key, those behind the bytes all keys begin with, and the entry's place; only ties look at the arena. When the memory is
 * used up, a sorted run is written to a temporary file, and all runs are merged in the end.
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
    /** Key bytes and places (chunk number and offset). */
    private final LongPairs pairs = new LongPairs();
    /** The first key of what is in memory and how many bytes all begin with; keys that begin with NULL apart. */
    private byte[] firstKey = new byte[64];
    private int commonLength;
    private int valueKeys;
    /** What all keys of all runs begin with, but for those that begin with NULL; null before the first run. */
    private byte[] commonOfRuns;
    private long lastTid;
    private boolean tidsOrdered;
    private int longestKey;
    /** Null once a key came that it cannot sort. */
    private ShortKeySorter shortKeys;
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
        shortKeys = new ShortKeySorter(files, directory, this.memoryBytes);
    }

    /** Adds an entry; bytes are copied. */
    void add(byte[] key, int keyLength, byte[] payload, int payloadLength, long tid) {
        if (shortKeys != null) {
            if (payloadLength == 0 && shortKeys.add(key, keyLength, tid)) {
                return;
            }
            leaveShortKeys();
        }
        addAny(key, keyLength, payload, payloadLength, tid);
    }

    private void leaveShortKeys() {
        try (ShortKeySorter sorter = shortKeys) {
            shortKeys = null;
            byte[] key = new byte[16];
            sorter.drain((array, start, length, payloadLength, tid) -> {
                System.arraycopy(array, start, key, 0, length);
                addAny(key, length, null, 0, tid);
            });
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void addAny(byte[] key, int keyLength, byte[] payload, int payloadLength, long tid) {
        int size = HEADER + keyLength + payloadLength;
        if (chunkUsed + size > CHUNK_BYTES) {
            nextChunk();
        }
        noteKey(key, keyLength, tid);
        byte[] chunk = chunks.get(chunkCount - 1);
        int at = chunkUsed;
        Memory.putLong(chunk, at, tid);
        putShort(chunk, at + 8, keyLength);
        putShort(chunk, at + 10, payloadLength);
        System.arraycopy(key, 0, chunk, at + HEADER, keyLength);
        if (payloadLength > 0) {
            System.arraycopy(payload, 0, chunk, at + HEADER + keyLength, payloadLength);
        }
        pairs.add(0, (long) (chunkCount - 1) << CHUNK_BITS | at);
        chunkUsed += size + 3 & ~3;
    }

    private void noteKey(byte[] key, int length, long tid) {
        if (pairs.count == 0) {
            valueKeys = 0;
            longestKey = 0;
            commonLength = 0;
            tidsOrdered = true;
        } else {
            tidsOrdered &= lastTid <= (tid & ~NOT_LIVE);
        }
        lastTid = tid & ~NOT_LIVE;
        if (length == 0 || key[0] != KeyEncoder.VALUE) {
            return;
        }
        if (valueKeys++ == 0) {
            if (firstKey.length < length) {
                firstKey = new byte[length];
            }
            System.arraycopy(key, 0, firstKey, 0, length);
            commonLength = length;
        } else {
            int mismatch = Arrays.mismatch(firstKey, 0, commonLength, key, 0, Math.min(length, commonLength));
            commonLength = mismatch < 0 ? commonLength : mismatch;
        }
        longestKey = Math.max(longestKey, length);
    }

    /** Unsigned order of the numbers is that of the keys; NULL is before or behind everything. */
    private static long prefix(byte[] array, int key, int keyLength, int skip) {
        if (keyLength > 0 && array[key] == KeyEncoder.VALUE) {
            return bytes(array, key + skip, keyLength - skip);
        }
        return keyLength == 0 || array[key] == KeyEncoder.NULL_FIRST ? 0 : -1L;
    }

    private void nextChunk() {
        if ((long) chunkCount * CHUNK_BYTES + (long) pairs.count * LongPairs.PAIR_BYTES >= memoryBytes && pairs.count > 0) {
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

    private static int compareEntries(byte[] a, int atA, byte[] b, int atB) {
        int lengthA = getShort(a, atA + 8);
        int lengthB = getShort(b, atB + 8);
        int order = Arrays.compareUnsigned(a, atA + HEADER, atA + HEADER + lengthA, b, atB + HEADER,
                atB + HEADER + lengthB);
        return order != 0 ? order
                : Long.compare(Memory.getLong(a, atA) & ~NOT_LIVE, Memory.getLong(b, atB) & ~NOT_LIVE);
    }

    private byte[] chunkOf(long place) {
        return chunks.get((int) (place >>> CHUNK_BITS));
    }

    private static int offsetOf(long place) {
        return (int) place & CHUNK_MASK;
    }

    private int compare(long placeA, long placeB) {
        return compareEntries(chunkOf(placeA), offsetOf(placeA), chunkOf(placeB), offsetOf(placeB));
    }

    private void sort() {
        boolean whole = longestKey - commonLength < 8 && valueKeys == pairs.count;
        for (int i = 0; i < pairs.count; i++) {
            byte[] chunk = chunkOf(pairs.values[i]);
            int at = offsetOf(pairs.values[i]);
            int length = getShort(chunk, at + 8) - commonLength;
            long bytes = prefix(chunk, at + HEADER, length + commonLength, commonLength);
            // With the length in it, equal numbers are equal keys, and a key that another continues by zeros comes first.
            pairs.keys[i] = whole ? bytes | length : bytes;
        }
        pairs.keysChanged();
        pairs.sort();
        if (!whole || !tidsOrdered) {
            sortTies();
        }
    }

    /** Up to eight bytes as an unsigned number, zeros behind the end. */
    private static long bytes(byte[] array, int at, int length) {
        if (length <= 0) {
            return 0;
        }
        if (at + 8 <= array.length) {
            long value = Long.reverseBytes(Memory.getLong(array, at));
            return length >= 8 ? value : value & -1L << 64 - 8 * length;
        }
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (i < length ? array[at + i] & 0xFF : 0);
        }
        return value;
    }

    private void sortTies() {
        long[] keys = pairs.keys;
        int n = pairs.count;
        int low = 0;
        while (low < n) {
            int high = low + 1;
            long key = keys[low];
            while (high < n && keys[high] == key) {
                high++;
            }
            if (high - low > 1) {
                sortTies(low, high);
            }
            low = high;
        }
    }

    private void sortTies(int low, int high) {
        long[] places = pairs.values;
        int sorted = low + 1;
        while (sorted < high && compare(places[sorted - 1], places[sorted]) <= 0) {
            sorted++;
        }
        if (sorted == high) {
            return;
        }
        if (high - low <= BLOCK) {
            for (int i = sorted; i < high; i++) {
                long place = places[i];
                int j = i - 1;
                while (j >= low && compare(places[j], place) > 0) {
                    places[j + 1] = places[j];
                    j--;
                }
                places[j + 1] = place;
            }
            return;
        }
        int middle = low + high >>> 1;
        sortTies(low, middle);
        sortTies(middle, high);
        merge(places, low, middle, high);
    }

    private static final int BLOCK = 16;

    private void merge(long[] places, int low, int middle, int high) {
        if (compare(places[middle - 1], places[middle]) <= 0) {
            return;
        }
        long[] left = Arrays.copyOfRange(places, low, middle);
        int a = 0;
        int b = middle;
        int out = low;
        while (a < left.length) {
            places[out++] = b >= high || compare(left[a], places[b]) <= 0 ? left[a++] : places[b++];
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
            prefix = prefix(entry, HEADER, keyLength, commonOfRuns == null ? 0 : commonOfRuns.length) ^ Long.MIN_VALUE;
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
        if (valueKeys > 0) {
            noteCommon();
        }
        Run run = new Run(directory.resolve(nextFileName()));
        runs.add(run);
        try {
            files.createDirectories(directory);
            run.file = files.openOrCreate(run.path);
            run.file.truncate(0);
            for (int i = 0; i < pairs.count; i++) {
                byte[] chunk = chunkOf(pairs.values[i]);
                int at = offsetOf(pairs.values[i]);
                run.write(chunk, at, HEADER + getShort(chunk, at + 8) + getShort(chunk, at + 10));
            }
            run.flush();
        } catch (IOException e) {
            throw failure(e);
        }
        pairs.clear();
        chunkCount = 0;
        chunkUsed = CHUNK_BYTES;
    }

    private void noteCommon() {
        int length = commonOfRuns == null ? commonLength : Math.min(commonLength, commonOfRuns.length);
        int mismatch = commonOfRuns == null ? -1 : Arrays.mismatch(commonOfRuns, 0, length, firstKey, 0, length);
        commonOfRuns = Arrays.copyOf(firstKey, mismatch < 0 ? length : mismatch);
    }

    /** A name no other sort uses. */
    static String nextFileName() {
        return "sort" + NUMBERS.incrementAndGet() + ".tmp";
    }

    static SqlException failure(IOException cause) {
        return new SqlException(SqlState.IO_ERROR, "could not use a temporary file for sorting: " + cause.getMessage(),
                cause);
    }

    /** Hands all entries over in (key, TID) order. To be called once. */
    void drain(Receiver receiver) {
        if (shortKeys != null) {
            try {
                shortKeys.drain(receiver);
            } catch (IOException e) {
                throw failure(e);
            }
            return;
        }
        if (runs.isEmpty()) {
            sort();
            for (int i = 0; i < pairs.count; i++) {
                byte[] chunk = chunkOf(pairs.values[i]);
                int at = offsetOf(pairs.values[i]);
                receiver.accept(chunk, at + HEADER, getShort(chunk, at + 8), getShort(chunk, at + 10),
                        Memory.getLong(chunk, at));
            }
            return;
        }
        if (pairs.count > 0) {
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
        Run[] heap = new Run[runs.size()];
        int size = 0;
        for (Run run : runs) {
            run.rewind();
            if (run.advance()) {
                heap[size++] = run;
            }
        }
        Arrays.sort(heap, 0, size, KeySorter::compareRuns);
        while (size > 0) {
            Run run = heap[0];
            receiver.accept(run.entry, HEADER, getShort(run.entry, 8), getShort(run.entry, 10),
                    Memory.getLong(run.entry, 0));
            if (!run.advance()) {
                run = heap[--size];
                heap[size] = null;
            }
            if (size > 0) {
                siftDown(heap, size, run);
            }
        }
    }

    private static int compareRuns(Run a, Run b) {
        return a.prefix != b.prefix ? Long.compare(a.prefix, b.prefix) : compareEntries(a.entry, 0, b.entry, 0);
    }

    private static void siftDown(Run[] heap, int size, Run run) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && compareRuns(heap[child + 1], heap[child]) < 0) {
                child++;
            }
            if (compareRuns(heap[child], run) >= 0) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = run;
    }

    @Override
    public void close() {
        if (shortKeys != null) {
            try {
                shortKeys.close();
            } catch (IOException e) {
                throw failure(e);
            }
        }
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
