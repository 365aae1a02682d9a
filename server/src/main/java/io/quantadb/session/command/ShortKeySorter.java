package io.quantadb.session.command;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts index entries whose whole key fits in eight bytes behind a first byte that all share, which is the case for indexes on one
 * integer, date, timestamp, float or shorter number. Nothing but (key, TID) is kept of an entry. Confined to one thread; {@link #close}
 * deletes its temporary files.
 *
 * <p>Keys of nine bytes are the eight bytes behind the first. Shorter ones are seven bytes, zeros behind the end, and the length, which
 * sorts keys as their bytes do. Keys of one byte are NULLs, apart from the others.
 */
final class ShortKeySorter implements AutoCloseable {
    private static final int LONG_KEY = 9;
    private static final int RUN_BUFFER_BYTES = 256 << 10;
    private static final int ENTRY_BYTES = 16;

    private final FileSystem files;
    private final Path directory;
    private final int maxCount;
    private final LongPairs pairs = new LongPairs();
    private final LongPairs nulls = new LongPairs();
    private final List<Run> runs = new ArrayList<>();
    /** -1 until known. */
    private int leadByte = -1;
    private int nullByte = -1;
    private boolean longKeys;

    ShortKeySorter(FileSystem files, Path directory, long memoryBytes) {
        this.files = files;
        this.directory = directory;
        maxCount = (int) Math.clamp(memoryBytes / LongPairs.PAIR_BYTES, 1024, 1 << 30);
    }

    /** Adds an entry. @return false if the key has another form than this can sort; nothing has changed then */
    boolean add(byte[] key, int length, long tid) {
        if (length <= 1 || length > LONG_KEY) {
            return length == 1 && addNull(key[0] & 0xFF, tid);
        }
        int lead = key[0] & 0xFF;
        if (leadByte < 0) {
            if (lead == nullByte) {
                return false;
            }
            leadByte = lead;
            longKeys = length == LONG_KEY;
        } else if (lead != leadByte || longKeys != (length == LONG_KEY)) {
            return false;
        }
        if (pairs.count + nulls.count >= maxCount) {
            spill();
        }
        pairs.add(pack(key, length), tid);
        return true;
    }

    private boolean addNull(int value, long tid) {
        if (nullByte >= 0 && nullByte != value || leadByte == value) {
            return false;
        }
        nullByte = value;
        nulls.add(0, tid);
        return true;
    }

    private long pack(byte[] key, int length) {
        long bytes;
        if (key.length >= LONG_KEY) {
            bytes = Long.reverseBytes(Memory.getLong(key, 1));
        } else {
            bytes = 0;
            for (int i = 1; i < LONG_KEY; i++) {
                bytes = bytes << 8 | (i < length ? key[i] & 0xFF : 0);
            }
        }
        return longKeys ? bytes : bytes & -1L << 8 * (LONG_KEY - length) | length;
    }

    /** Hands all entries over in (key, TID) order. To be called once. */
    void drain(KeySorter.Receiver receiver) throws IOException {
        if (nullByte >= 0 && nullByte < leadByte) {
            drainNulls(receiver);
        }
        byte[] key = new byte[LONG_KEY];
        key[0] = (byte) leadByte;
        pairs.sort();
        if (runs.isEmpty()) {
            for (int i = 0; i < pairs.count; i++) {
                deliver(receiver, key, pairs.keys[i], pairs.values[i]);
            }
        } else {
            merge(receiver, key);
        }
        if (nullByte >= 0 && nullByte > leadByte) {
            drainNulls(receiver);
        }
    }

    private void deliver(KeySorter.Receiver receiver, byte[] key, long packed, long tid) {
        Memory.putLong(key, 1, Long.reverseBytes(packed));
        receiver.accept(key, 0, longKeys ? LONG_KEY : (int) packed & 0xFF, 0, tid);
    }

    private void drainNulls(KeySorter.Receiver receiver) {
        nulls.sort();
        byte[] key = {(byte) nullByte};
        for (int i = 0; i < nulls.count; i++) {
            receiver.accept(key, 0, 1, 0, nulls.values[i]);
        }
    }

    // ---- Runs on disk; the last one stays in memory

    private final class Run {
        private final Path path;
        private FileHandle file;
        private final byte[] bytes = new byte[RUN_BUFFER_BYTES];
        private int at;
        private int limit;
        private long position;
        private final long size;
        long key;
        long tid;

        /** Writes what is there, sorted. */
        Run(Path path) throws IOException {
            this.path = path;
            files.createDirectories(directory);
            file = files.openOrCreate(path);
            runs.add(this);
            file.truncate(0);
            size = (long) pairs.count * ENTRY_BYTES;
            int used = 0;
            for (int i = 0; i < pairs.count; i++) {
                Memory.putLong(bytes, used, pairs.keys[i]);
                Memory.putLong(bytes, used + 8, pairs.values[i]);
                used += ENTRY_BYTES;
                if (used == bytes.length || i == pairs.count - 1) {
                    file.write(ByteBuffer.wrap(bytes, 0, used), position);
                    position += used;
                    used = 0;
                }
            }
            position = 0;
        }

        boolean advance() throws IOException {
            if (at == limit && !load()) {
                return false;
            }
            key = Memory.getLong(bytes, at);
            tid = Memory.getLong(bytes, at + 8);
            at += ENTRY_BYTES;
            return true;
        }

        private boolean load() throws IOException {
            if (position >= size) {
                return false;
            }
            ByteBuffer target = ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, size - position));
            while (target.hasRemaining()) {
                int read = file.read(target, position);
                if (read <= 0) {
                    throw new IOException("temporary file " + path + " ends early");
                }
                position += read;
            }
            at = 0;
            limit = target.position();
            return true;
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
        pairs.sort();
        try {
            new Run(directory.resolve(KeySorter.nextFileName()));
        } catch (IOException e) {
            throw KeySorter.failure(e);
        }
        pairs.clear();
    }

    /** A heap of runs by their current entry; entries in memory come through the array's last element, null. */
    private void merge(KeySorter.Receiver receiver, byte[] scratch) throws IOException {
        int inMemory = 0;
        Run[] heap = new Run[runs.size()];
        int size = 0;
        for (Run run : runs) {
            if (run.advance()) {
                heap[size++] = run;
            }
        }
        Arrays.sort(heap, 0, size, (a, b) -> isBefore(a.key, a.tid, b.key, b.tid) ? -1 : 1);
        while (size > 0) {
            Run top = heap[0];
            while (inMemory < pairs.count && isBefore(pairs.keys[inMemory], pairs.values[inMemory], top.key, top.tid)) {
                deliver(receiver, scratch, pairs.keys[inMemory], pairs.values[inMemory++]);
            }
            deliver(receiver, scratch, top.key, top.tid);
            if (!top.advance()) {
                top = heap[--size];
                heap[size] = null;
            }
            if (size > 0) {
                siftDown(heap, size, top);
            }
        }
        for (; inMemory < pairs.count; inMemory++) {
            deliver(receiver, scratch, pairs.keys[inMemory], pairs.values[inMemory]);
        }
    }

    private static void siftDown(Run[] heap, int size, Run run) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(heap[child + 1].key, heap[child + 1].tid, heap[child].key, heap[child].tid)) {
                child++;
            }
            if (!isBefore(heap[child].key, heap[child].tid, run.key, run.tid)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = run;
    }

    private static boolean isBefore(long keyA, long tidA, long keyB, long tidB) {
        return keyA != keyB ? Long.compareUnsigned(keyA, keyB) < 0
                : (tidA & ~KeySorter.NOT_LIVE) < (tidB & ~KeySorter.NOT_LIVE);
    }

    @Override
    public void close() throws IOException {
        for (Run run : runs) {
            run.close();
        }
        runs.clear();
    }
}
