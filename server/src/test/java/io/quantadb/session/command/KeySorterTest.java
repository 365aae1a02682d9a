package io.quantadb.session.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.storage.MemoryFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: index builds get entries in (key, TID) order. Method: random keys with shared prefixes, against a sorted list. */
class KeySorterTest {
    private record Entry(byte[] key, byte[] payload, long tid) {
    }

    private static void check(int count, long seed) {
        Random random = new Random(seed);
        List<Entry> expected = new ArrayList<>();
        List<Entry> sorted = new ArrayList<>();
        try (KeySorter sorter = new KeySorter(new MemoryFileSystem(), Path.of("/tmp"), 1)) {
            for (int i = 0; i < count; i++) {
                byte[] key = new byte[random.nextInt(40)];
                random.nextBytes(key);
                Arrays.fill(key, 0, Math.min(key.length, random.nextInt(12)), (byte) 1);
                byte[] payload = new byte[random.nextInt(200)];
                random.nextBytes(payload);
                Entry entry = new Entry(key, payload, random.nextInt(1 << 20));
                expected.add(entry);
                sorter.add(key, key.length, payload, payload.length, entry.tid());
            }
            sorter.drain((array, key, keyLength, payloadLength, tid) -> sorted.add(new Entry(
                    Arrays.copyOfRange(array, key, key + keyLength),
                    Arrays.copyOfRange(array, key + keyLength, key + keyLength + payloadLength), tid)));
        }
        expected.sort(Comparator.<Entry, byte[]>comparing(Entry::key, Arrays::compareUnsigned).thenComparingLong(Entry::tid));
        assertEquals(expected.size(), sorted.size(), "seed " + seed);
        for (int i = 0; i < sorted.size(); i++) {
            assertArrayEquals(expected.get(i).key(), sorted.get(i).key(), "key " + i + ", seed " + seed);
            assertEquals(expected.get(i).tid(), sorted.get(i).tid(), "TID " + i + ", seed " + seed);
        }
    }

    /** Texts that begin alike, and NULLs: what is common must be found without those, in each run and over all. */
    private static void checkTexts(int count, int nullByte, long seed) {
        Random random = new Random(seed);
        List<Entry> expected = new ArrayList<>();
        List<Entry> sorted = new ArrayList<>();
        try (KeySorter sorter = new KeySorter(new MemoryFileSystem(), Path.of("/tmp"), 1)) {
            for (int i = 0; i < count; i++) {
                String text = (i < count / 3 ? "label one " : "label ") + random.nextInt(count / 5) + " of the row";
                byte[] key = random.nextInt(20) == 0 ? new byte[] {(byte) nullByte}
                        : ("\001" + text + "\000").getBytes(java.nio.charset.StandardCharsets.UTF_8);
                expected.add(new Entry(key, null, i));
                sorter.add(key, key.length, null, 0, i);
            }
            sorter.drain((array, key, keyLength, payloadLength, tid) -> sorted.add(
                    new Entry(Arrays.copyOfRange(array, key, key + keyLength), null, tid)));
        }
        expected.sort(Comparator.<Entry, byte[]>comparing(Entry::key, Arrays::compareUnsigned)
                .thenComparingLong(Entry::tid));
        assertEquals(expected.size(), sorted.size(), "seed " + seed);
        for (int i = 0; i < sorted.size(); i++) {
            assertArrayEquals(expected.get(i).key(), sorted.get(i).key(), "key " + i + ", seed " + seed);
            assertEquals(expected.get(i).tid(), sorted.get(i).tid(), "TID " + i + ", seed " + seed);
        }
    }

    @Test
    void shouldSortTextsThatBeginAlike() {
        for (int count : new int[] {20, 3_000, 150_000}) {
            checkTexts(count, 0xFF, System.nanoTime());
            checkTexts(count, 0x00, System.nanoTime());
        }
    }

    /** As index builds call it: no payload, TIDs nearly in order, some rows not live. */
    private static void checkShort(int count, int nullByte, int nullPercent, boolean tidsInOrder, boolean longKeys,
            int oddOneAt, long seed) {
        Random random = new Random(seed);
        List<Entry> expected = new ArrayList<>();
        List<Entry> sorted = new ArrayList<>();
        int span = 1 + random.nextInt(3 * count);
        try (KeySorter sorter = new KeySorter(new MemoryFileSystem(), Path.of("/tmp"), 1)) {
            for (int i = 0; i < count; i++) {
                byte[] key = longKeys ? new byte[9] : new byte[2 + random.nextInt(7)];
                key[0] = 1;
                long value = random.nextInt(span) - span / 2;
                for (int b = 1; b < key.length; b++) {
                    key[b] = longKeys ? (byte) ((value ^ Long.MIN_VALUE) >>> 64 - 8 * b) : (byte) random.nextInt(3);
                }
                if (random.nextInt(100) < nullPercent) {
                    key = new byte[] {(byte) nullByte};
                }
                if (i == oddOneAt) {
                    key = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
                }
                long tid = tidsInOrder ? i + 1 : random.nextLong(1L << 48);
                expected.add(new Entry(key, null, random.nextInt(4) == 0 ? tid | KeySorter.NOT_LIVE : tid));
                sorter.add(key, key.length, null, 0, expected.getLast().tid());
            }
            sorter.drain((array, key, keyLength, payloadLength, tid) -> {
                assertEquals(0, payloadLength);
                sorted.add(new Entry(Arrays.copyOfRange(array, key, key + keyLength), null, tid));
            });
        }
        expected.sort(Comparator.<Entry, byte[]>comparing(Entry::key, Arrays::compareUnsigned)
                .thenComparingLong(e -> e.tid() & ~KeySorter.NOT_LIVE));
        assertEquals(expected.size(), sorted.size(), "seed " + seed);
        for (int i = 0; i < sorted.size(); i++) {
            assertArrayEquals(expected.get(i).key(), sorted.get(i).key(), "key " + i + ", seed " + seed);
            assertEquals(expected.get(i).tid(), sorted.get(i).tid(), "TID " + i + ", seed " + seed);
        }
    }

    @Test
    void shouldSortShortKeysAsNumbers() {
        long seed = System.nanoTime();
        for (int round = 0; round < 40; round++) {
            checkShort(1 + round * round * 9, 0xFF, round % 3 * 10, (round & 1) == 0, (round & 2) == 0, -1, seed + round);
        }
    }

    @Test
    void shouldMergeRunsOfShortKeys() {
        checkShort(300_000, 0xFF, 5, true, true, -1, System.nanoTime());
        checkShort(300_000, 0x00, 5, false, false, -1, System.nanoTime());
    }

    @Test
    void shouldGoOnWhenAKeyIsNotShort() {
        checkShort(2_000, 0xFF, 5, true, true, 0, System.nanoTime());
        checkShort(2_000, 0x00, 5, false, false, 1_000, System.nanoTime());
        checkShort(200_000, 0x00, 5, false, true, 190_000, System.nanoTime());
        checkShort(3, 0x00, 100, false, true, -1, System.nanoTime());
    }

    @Test
    void shouldSortInMemory() {
        check(5000, System.nanoTime());
    }

    @Test
    void shouldMergeRunsFromTemporaryFiles() {
        check(120_000, System.nanoTime());
    }
}
