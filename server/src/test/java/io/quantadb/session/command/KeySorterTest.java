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

    @Test
    void shouldSortInMemory() {
        check(5000, System.nanoTime());
    }

    @Test
    void shouldMergeRunsFromTemporaryFiles() {
        check(120_000, System.nanoTime());
    }
}
