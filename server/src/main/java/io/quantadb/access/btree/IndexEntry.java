package io.quantadb.access.btree;

import io.quantadb.base.Invariant;
import java.util.Arrays;

/**
 * An index entry being assembled: key, TID, payload. Reusable; confined to one thread. The arrays it hands out are
 * valid until the next call.
 */
public final class IndexEntry {
    private byte[] key = new byte[64];
    private int keyLength;
    private long tid;
    private byte[] item = new byte[80];
    private int itemLength;

    /**
     * Sets all parts; the arrays are copied.
     *
     * @param entryTid {@code block << 16 | offset}
     */
    public IndexEntry set(byte[] keyBytes, int length, long entryTid, byte[] payload, int payloadLength) {
        Invariant.check(length + payloadLength <= BTree.MAX_ENTRY_BYTES, "index entry of %d bytes, limit is %d",
            length + payloadLength, BTree.MAX_ENTRY_BYTES);
        if (key.length < length) {
            key = new byte[Math.max(length, key.length * 2)];
        }
        System.arraycopy(keyBytes, 0, key, 0, length);
        keyLength = length;
        tid = entryTid;
        int needed = BTreePage.ITEM_HEADER + length + payloadLength;
        if (item.length < needed) {
            item = new byte[Math.max(needed, item.length * 2)];
        }
        itemLength = BTreePage.writeItem(item, entryTid, key, length);
        if (payloadLength > 0) {
            System.arraycopy(payload, 0, item, itemLength, payloadLength);
            itemLength += payloadLength;
        }
        return this;
    }

    /** As {@link #set(byte[], int, long, byte[], int)} without payload. */
    public IndexEntry set(byte[] keyBytes, int length, long entryTid) {
        return set(keyBytes, length, entryTid, null, 0);
    }

    byte[] key() {
        return key;
    }

    int keyLength() {
        return keyLength;
    }

    long tid() {
        return tid;
    }

    byte[] item() {
        return item;
    }

    int itemLength() {
        return itemLength;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(key, keyLength)) + "@" + (tid >>> 16) + "," + (tid & 0xFFFF);
    }
}
