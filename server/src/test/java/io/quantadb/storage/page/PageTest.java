package io.quantadb.storage.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.InvariantViolation;
import io.quantadb.base.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: items keep their bytes and offset numbers through every operation. Method: fixed cases and random operations
 * against a list.
 */
class PageTest {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(Page.SIZE);
    private final long page = Memory.addressOf(memory);

    private static byte[] item(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] read(int offset) {
        byte[] bytes = new byte[Page.itemLength(page, offset)];
        Memory.copyToArray(Page.itemAddress(page, offset), bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void shouldLayOutHeaderAsDocumented() {
        Page.init(page, 12, PageKind.BTREE);
        Page.setLsn(page, 0x1122334455667788L);
        Page.setPruneXid(page, 77);
        Page.setFlag(page, Page.ALL_VISIBLE | Page.PAGE_FULL);
        memory.order(java.nio.ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x1122334455667788L, memory.getLong(0));
        assertEquals(5, memory.getShort(12));
        assertEquals(32, memory.getShort(14));
        assertEquals(8176, memory.getShort(16));
        assertEquals(8176, memory.getShort(18));
        assertEquals(0x0102, memory.getShort(20));
        assertEquals(77, memory.getLong(24));
        assertEquals(page + 8176, Page.specialAddress(page));
    }

    @Test
    void shouldTreatZeroPageAsNew() {
        assertTrue(Page.isNew(page));
        assertTrue(Page.isHeaderSane(page));
        assertEquals(0, Page.maxOffset(page));
        Page.init(page, 0, PageKind.HEAP);
        assertFalse(Page.isNew(page));
    }

    @Test
    void shouldReuseUnusedLinePointersAndRefuseWhatDoesNotFit() {
        Page.init(page, 0, PageKind.HEAP);
        assertEquals(1, Page.addItem(page, item(1, 100), 100, 0));
        assertEquals(2, Page.addItem(page, item(2, 50), 50, 0));
        assertEquals(3, Page.addItem(page, item(3, 10), 10, 0));
        Page.setUnused(page, 2);
        assertEquals(2, Page.addItem(page, item(4, 30), 30, 0));
        assertEquals(4, Page.addItem(page, item(5, 30), 30, 0));
        assertFalse(Page.hasFlag(page, Page.HAS_FREE_LINES), "the last search found none");
        assertArrayEquals(item(4, 30), read(2));
        int room = Page.freeSpace(page) & -8;
        assertEquals(0, Page.addItem(page, new byte[Page.SIZE], room + 8, 0));
        assertEquals(5, Page.addItem(page, new byte[Page.SIZE], room, 0));
        assertTrue(Page.freeSpace(page) < 8);
    }

    @Test
    void shouldAddAtWantedOffsetOnlyIfFree() {
        Page.init(page, 0, PageKind.HEAP);
        assertEquals(1, Page.addItem(page, item(1, 8), 8, 1));
        assertThrows(InvariantViolation.class, () -> Page.addItem(page, item(1, 8), 8, 1));
        assertThrows(InvariantViolation.class, () -> Page.addItem(page, item(1, 8), 8, 3));
        Page.setUnused(page, 1);
        assertEquals(1, Page.addItem(page, item(2, 8), 8, 1));
        assertArrayEquals(item(2, 8), read(1));
    }

    @Test
    void shouldKeepRedirectsAndDeadPointersThroughCompaction() {
        Page.init(page, 16, PageKind.HEAP);
        for (int i = 1; i <= 6; i++) {
            Page.addItem(page, item(i, 100 + i), 100 + i, 0);
        }
        int before = Page.exactFreeSpace(page);
        Page.setRedirect(page, 2, 5);
        Page.setDead(page, 3);
        Page.setUnused(page, 6);
        Page.compact(page);
        assertEquals(5, Page.maxOffset(page), "trailing unused pointers go");
        assertEquals(before + 104 + 104 + 112 + 4, Page.exactFreeSpace(page));
        assertTrue(Page.isRedirect(page, 2));
        assertEquals(5, Page.redirectTarget(page, 2));
        assertTrue(Page.isDead(page, 3));
        for (int i : new int[] {1, 4, 5}) {
            assertArrayEquals(item(i, 100 + i), read(i));
        }
    }

    @Test
    void shouldKeepOrderedItemsEqualToListUnderRandomInsertsAndDeletes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> model = new ArrayList<>();
        Page.init(page, 32, PageKind.BTREE);
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(10) < 6) {
                byte[] bytes = item(step, 1 + random.nextInt(200));
                int at = random.nextInt(model.size() + 1);
                boolean fits = Page.align(bytes.length) <= Page.freeSpace(page);
                if (Page.insertItemAt(page, at + 1, bytes, 0, bytes.length)) {
                    model.add(at, bytes);
                } else {
                    assertFalse(fits, "seed " + seed);
                }
            } else if (!model.isEmpty()) {
                int[] offsets = random.ints(random.nextInt(4) + 1, 1, model.size() + 1).distinct().sorted().toArray();
                Page.deleteItems(page, offsets);
                for (int i = offsets.length - 1; i >= 0; i--) {
                    model.remove(offsets[i] - 1);
                }
            }
            assertEquals(model.size(), Page.maxOffset(page), "seed " + seed);
            if (step % 50 == 0) {
                for (int i = 0; i < model.size(); i++) {
                    assertArrayEquals(model.get(i), read(i + 1), "seed " + seed);
                }
            }
            assertTrue(Page.isHeaderSane(page));
        }
    }

    @Test
    void shouldChangeChecksumWithAnyBitAndBlock() {
        Page.init(page, 0, PageKind.HEAP);
        Page.addItem(page, item(1, 100), 100, 0);
        int sum = PageChecksum.compute(memory, 0, 7);
        PageChecksum.stamp(memory, 0, 7);
        assertEquals(sum, PageChecksum.compute(memory, 0, 7), "the field itself does not count");
        assertNotEquals(sum, PageChecksum.compute(memory, 0, 8));
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            int at = random.nextInt(Page.SIZE);
            if (at < 8 || at >= 12) {
                memory.put(at, (byte) (memory.get(at) ^ 1 << random.nextInt(8)));
                int changed = PageChecksum.compute(memory, 0, 7);
                assertNotEquals(sum, changed, "byte " + at);
                sum = changed;
            }
        }
    }
}
