package io.quantadb.access.btree;

import io.quantadb.base.Memory;
import io.quantadb.storage.page.Page;
import java.util.function.Consumer;

/** Prints a B-tree page item by item. Trusts nothing it reads; static. */
public final class BTreePageDump {
    private static final int KEY_BYTES_SHOWN = 32;

    private BTreePageDump() {
    }

    /** Prints the special area, then one line an item, to {@code out}. */
    public static void dump(long page, Consumer<String> out) {
        if (Page.special(page) != Page.SIZE - BTreePage.SPECIAL_SIZE) {
            out.accept("  special area at " + Page.special(page) + ", a B-tree page's is at "
                + (Page.SIZE - BTreePage.SPECIAL_SIZE));
            return;
        }
        out.accept("  btree: level " + BTreePage.level(page) + ", left " + BTreePage.left(page) + ", right "
            + BTreePage.right(page) + flags(page));
        int max = BTreePage.maxOffset(page);
        for (int offset = 1; offset <= max; offset++) {
            out.accept(item(page, offset));
        }
    }

    private static String flags(long page) {
        return (BTreePage.hasFlag(page, BTreePage.INCOMPLETE_SPLIT) ? ", INCOMPLETE_SPLIT" : "")
            + (BTreePage.hasFlag(page, BTreePage.HAS_DEAD_ITEMS) ? ", HAS_DEAD_ITEMS" : "");
    }

    private static String item(long page, int offset) {
        int start = Page.pointerOffset(Page.linePointer(page, offset));
        int length = Page.itemLength(page, offset);
        String text = String.format("  %4d: at %4d length %4d", offset, start, length);
        if (start < Page.HEADER_SIZE || start + Math.max(length, BTreePage.ITEM_HEADER) > Page.SIZE) {
            return text + " OUTSIDE THE PAGE";
        }
        long item = page + start;
        int keyLength = BTreePage.itemKeyLength(item);
        if (keyLength > length - BTreePage.ITEM_HEADER) {
            return text + " key of " + keyLength + " bytes IS LONGER THAN THE ITEM";
        }
        boolean highKey = offset < BTreePage.firstData(page);
        long tid = BTreePage.itemTid(item);
        text += " " + (highKey ? "high key" : "tid") + " (" + (tid >>> 16) + "," + (tid & 0xFFFF) + ") key "
            + hex(BTreePage.itemKey(item), keyLength);
        int payload = length - BTreePage.ITEM_HEADER - keyLength;
        if (!highKey && BTreePage.level(page) > 0 && payload == BTreePage.CHILD_SIZE) {
            text += " child " + BTreePage.itemChild(item);
        } else if (payload > 0) {
            text += " payload " + hex(BTreePage.itemKey(item) + keyLength, payload);
        }
        return BTree.isMarkedDead(page, offset) ? text + " DEAD" : text;
    }

    private static String hex(long address, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(length, KEY_BYTES_SHOWN); i++) {
            text.append(String.format("%02x", Memory.getUnsignedByte(address + i)));
        }
        if (length > KEY_BYTES_SHOWN) {
            text.append("... (").append(length).append(" bytes)");
        }
        return text.isEmpty() ? "(empty)" : text.toString();
    }
}
