package io.quantadb.access.btree;

import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.RedoBlock;
import io.quantadb.storage.buffer.RedoBuffers;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.ResourceManager;

/**
 * The B-tree's WAL records. Numbers little-endian; "items" are {@code u16 length, bytes} one behind the other.
 *
 * <pre>
 * CREATE           block 0 metapage, block 1 root, both initialised
 * INSERT           block 0: u16 offset, item
 * INSERT_DOWNLINK  as INSERT; block 1: left child whose split is finished
 * DELETE           block 0: u16 offsets, ascending
 * PUSH_ROOT_DOWN   block 0 root, initialised; block 1 its only child, initialised: items; main: u16 child's level, u32
 * child's block
 * SPLIT            block 0 left: u16 offset of the new item, u16 first offset that went right, u16 length of the new
 * item (0: it went right), item,
 *                  u16 length of high key, high key; block 1 right, initialised: items; then the old right neighbour
 * and the finished
 *                  child, where there are such; main: u16 level, u32 left, right, old right, child
 * BUILD_PAGE       block 0 with a full image
 * </pre>
 */
public final class BTreeRedo implements ResourceManager {
    /** Id in {@code wal.rmgr.ResourceManagers}. */
    public static final int RESOURCE_MANAGER = 6;

    static final int CREATE = 1;
    static final int INSERT = 2;
    static final int INSERT_DOWNLINK = 3;
    static final int DELETE = 4;
    static final int PUSH_ROOT_DOWN = 5;
    static final int SPLIT = 6;
    static final int BUILD_PAGE = 7;

    private final RedoBuffers buffers;

    /** @param buffers finds and restores the pages of a record; null for describing only */
    public BTreeRedo(RedoBuffers buffers) {
        this.buffers = buffers;
    }

    @Override
    public String name() {
        return "btree";
    }

    /** Appends the items {@code [from, to]} of the page to the current block's data. */
    static void putItems(WalRecordBuilder record, long page, int from, int to) {
        for (int offset = from; offset <= to; offset++) {
            int length = Page.itemLength(page, offset);
            record.putShort(length).putMemory(BTreePage.item(page, offset), length);
        }
    }

    @Override
    public void redo(WalRecord record) {
        switch (record.kind()) {
            case CREATE -> {
                apply(record, 0, page -> BTreePage.init(page, 0, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0));
                apply(record, 1, page -> BTreePage.init(page, 0, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0));
            }
            case INSERT, INSERT_DOWNLINK -> {
                apply(record, 0, page -> insert(record, page));
                if (record.kind() == INSERT_DOWNLINK) {
                    apply(record, 1, page -> BTreePage.clearFlag(page, BTreePage.INCOMPLETE_SPLIT));
                }
            }
            case DELETE -> apply(record, 0, page -> delete(record, page));
            case PUSH_ROOT_DOWN -> {
                int level = u16(record.bytes(), record.dataOffset());
                int child = Memory.getInt(record.bytes(), record.dataOffset() + 2);
                // The child first: on a replica a reader that comes from the new root must find it.
                apply(record, 1, page -> {
                    BTreePage.init(page, level, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0);
                    fill(record, 1, page);
                });
                apply(record, 0, page -> BTreeSplitter.becomeRoot(page, level + 1, child));
            }
            case SPLIT -> redoSplit(record);
            case BUILD_PAGE -> apply(record, 0, page -> { });
            default -> throw io.quantadb.base.Invariant.broken("btree record of kind %d, largest is %d", record.kind(),
                    BUILD_PAGE);
        }
    }

    private void redoSplit(WalRecord record) {
        byte[] bytes = record.bytes();
        int main = record.dataOffset();
        int level = u16(bytes, main);
        int leftBlock = Memory.getInt(bytes, main + 2);
        int rightBlock = Memory.getInt(bytes, main + 6);
        int oldRight = Memory.getInt(bytes, main + 10);
        int child = Memory.getInt(bytes, main + 14);
        // Right before left: on a replica a reader that follows the left page's new link must find the right page.
        apply(record, 1, page -> {
            BTreePage.init(page, level, leftBlock, oldRight, 0);
            fill(record, 1, page);
        });
        apply(record, 0, page -> redoLeft(record, page, rightBlock));
        int next = 2;
        if (oldRight != BTreePage.NO_BLOCK) {
            apply(record, next++, page -> BTreePage.setLeft(page, rightBlock));
        }
        if (child != BTreePage.NO_BLOCK) {
            apply(record, next, page -> BTreePage.clearFlag(page, BTreePage.INCOMPLETE_SPLIT));
        }
    }

    private static void redoLeft(WalRecord record, long page, int rightBlock) {
        byte[] bytes = record.bytes();
        int at = record.blockDataOffset(0);
        int newOffset = u16(bytes, at);
        int firstRight = u16(bytes, at + 2);
        int itemLength = u16(bytes, at + 4);
        byte[] item = itemLength == 0 ? null : java.util.Arrays.copyOfRange(bytes, at + 6, at + 6 + itemLength);
        int highAt = at + 6 + itemLength;
        int highLength = u16(bytes, highAt);
        byte[] high = java.util.Arrays.copyOfRange(bytes, highAt + 2, highAt + 2 + highLength);
        BTreeSplitter.truncateLeft(page, newOffset, item, itemLength, firstRight, high, rightBlock);
    }

    private static void insert(WalRecord record, long page) {
        int at = record.blockDataOffset(0);
        Page.insertItemAt(page, u16(record.bytes(), at), record.bytes(), at + 2, record.blockDataLength(0) - 2);
    }

    private static void delete(WalRecord record, long page) {
        int count = record.blockDataLength(0) / 2;
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = u16(record.bytes(), record.blockDataOffset(0) + 2 * i);
        }
        Page.deleteItems(page, offsets, count);
        BTreePage.clearFlag(page, BTreePage.HAS_DEAD_ITEMS);
    }

    private static void fill(WalRecord record, int block, long page) {
        int at = record.blockDataOffset(block);
        int end = at + record.blockDataLength(block);
        for (int offset = 1; at < end; offset++) {
            int length = u16(record.bytes(), at);
            Page.insertItemAt(page, offset, record.bytes(), at + 2, length);
            at += 2 + length;
        }
    }

    private static int u16(byte[] bytes, int offset) {
        return bytes[offset] & 0xFF | (bytes[offset + 1] & 0xFF) << 8;
    }

    private interface PageChange {
        void apply(long page);
    }

    private void apply(WalRecord record, int block, PageChange change) {
        try (RedoBlock found = buffers.prepare(record, block)) {
            if (found.needsRedo()) {
                change.apply(found.page());
                Page.setLsn(found.page(), record.endLsn());
                buffers.pool().markDirty(found.buffer());
            }
        }
    }

    @Override
    public String describe(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.blockCount() > 0 ? record.blockDataOffset(0) : 0;
        int length = record.blockCount() > 0 ? record.blockDataLength(0) : 0;
        return switch (record.kind()) {
            case CREATE -> "CREATE";
            case INSERT, INSERT_DOWNLINK -> (record.kind() == INSERT ? "INSERT" : "INSERT_DOWNLINK")
                + (length >= 2 ? " off " + u16(bytes, at) + ", item " + (length - 2) + " bytes" : " (page image)");
            case DELETE -> "DELETE" + (length > 0 ? " " + length / 2 + " items" : " (page image)");
            case PUSH_ROOT_DOWN -> "PUSH_ROOT_DOWN level " + u16(bytes, record.dataOffset());
            case SPLIT -> "SPLIT level " + u16(bytes, record.dataOffset())
                + (length >= 4 ? " first right " + u16(bytes, at + 2) + ", new item at " + u16(bytes, at)
                        : " (page image)");
            case BUILD_PAGE -> "BUILD_PAGE";
            default -> "UNKNOWN kind " + record.kind();
        };
    }
}
