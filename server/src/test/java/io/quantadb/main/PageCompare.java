package io.quantadb.main;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import io.quantadb.txn.TupleHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares the pages of two nodes that have replayed or inserted the same WAL: all but hints, command ids and checksums. */
final class PageCompare {
    private PageCompare() {
    }

    /** Differences, at most a few; the nodes stand at the same LSN and nothing changes. */
    static List<String> differences(Node a, Node b) throws Exception {
        List<String> found = new ArrayList<>();
        for (RelationId relation : relations(a.directory)) {
            int blocks = a.pool.blockCount(relation, ForkNumber.MAIN);
            int others = b.pool.blockCount(relation, ForkNumber.MAIN);
            for (int block = 0; block < Math.max(blocks, others) && found.size() < 10; block++) {
                byte[] first = page(a.pool, relation, block, blocks);
                byte[] second = page(b.pool, relation, block, others);
                String difference = compare(first, second);
                if (difference != null) {
                    found.add(relation + " block " + block + ": " + difference);
                }
            }
        }
        return found;
    }

    private static List<RelationId> relations(Path directory) throws Exception {
        List<RelationId> relations = new ArrayList<>();
        try (Stream<Path> databases = Files.list(directory.resolve("base"))) {
            for (Path database : databases.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
                try (Stream<Path> files = Files.list(database)) {
                    files.map(p -> p.getFileName().toString()).filter(n -> n.matches("\\d+")).forEach(n -> relations.add(
                        new RelationId(Integer.parseInt(database.getFileName().toString()), Integer.parseInt(n))));
                }
            }
        }
        return relations;
    }

    /** Null for a new page, or none. */
    private static byte[] page(BufferPool pool, RelationId relation, int block, int blocks) {
        if (block >= blocks) {
            return null;
        }
        int buffer = pool.pin(relation, ForkNumber.MAIN, block);
        pool.latchShared(buffer);
        try {
            long page = pool.address(buffer);
            if (Page.isNew(page)) {
                return null;
            }
            byte[] bytes = new byte[Page.SIZE];
            Memory.copyToArray(page, bytes, 0, Page.SIZE);
            mask(bytes, page);
            return bytes;
        } finally {
            pool.releaseShared(buffer);
        }
    }

    private static void mask(byte[] bytes, long page) {
        Memory.putInt(bytes, 8, 0);
        Memory.putInt(bytes, 12, Memory.getInt(bytes, 12) & 0xFFFF0000);
        Memory.putLong(bytes, 24, 0);
        boolean heap = bytes[20] == PageKind.HEAP.id();
        for (int offset = 1; offset <= Page.maxOffset(page); offset++) {
            int state = Page.itemState(page, offset);
            int at = Page.HEADER_SIZE + (offset - 1) * Page.LINE_POINTER_SIZE;
            if (!heap && state == Page.DEAD) {
                Memory.putInt(bytes, at, Page.makePointer(Page.pointerOffset(Page.linePointer(page, offset)), Page.NORMAL,
                    Page.pointerLength(Page.linePointer(page, offset))));
            } else if (heap && state == Page.NORMAL) {
                int tuple = Page.pointerOffset(Page.linePointer(page, offset));
                Memory.putInt(bytes, tuple + TupleHeader.CID, 0);
                int infomask = (bytes[tuple + TupleHeader.INFOMASK] & 0xFF | (bytes[tuple + TupleHeader.INFOMASK + 1] & 0xFF) << 8)
                    & ~(TupleHeader.HINT_BITS | TupleHeader.COMBO_CID);
                bytes[tuple + TupleHeader.INFOMASK] = (byte) infomask;
                bytes[tuple + TupleHeader.INFOMASK + 1] = (byte) (infomask >> 8);
            }
        }
        // What lies between line pointers and items, and between items, is nothing.
        int upper = Page.upper(page);
        boolean[] used = new boolean[Page.SIZE];
        for (int offset = 1; offset <= Page.maxOffset(page); offset++) {
            int pointer = Page.linePointer(page, offset);
            int state = Page.pointerState(pointer);
            if (state == Page.NORMAL || !heap && state == Page.DEAD) {
                int from = Page.pointerOffset(pointer);
                java.util.Arrays.fill(used, from, from + Page.pointerLength(pointer), true);
            }
        }
        boolean items = heap || bytes[20] != PageKind.OTHER.id() && Page.maxOffset(page) > 0;
        int special = Page.special(page) > 0 ? Page.special(page) : Page.SIZE;
        for (int i = Page.lower(page); i < (items ? special : upper); i++) {
            if (!used[i]) {
                bytes[i] = 0;
            }
        }
        if (!heap && Page.special(page) + 12 <= Page.SIZE && Page.special(page) > 0) {
            bytes[Page.special(page) + 10] &= ~2;
        }
    }

    private static String compare(byte[] first, byte[] second) {
        if (first == null && second == null) {
            return null;
        }
        if (first == null || second == null) {
            return first == null ? "only on the second" : "only on the first";
        }
        for (int i = 0; i < Page.SIZE; i++) {
            if (first[i] != second[i]) {
                return "byte " + i + " is " + first[i] + " and " + second[i] + ", kind " + first[20] + ", LSNs "
                    + Long.toHexString(Memory.getLong(first, 0)) + " and " + Long.toHexString(Memory.getLong(second, 0))
                    + ", lower " + Memory.getInt(first, 14) % 65536;
            }
        }
        return null;
    }
}
