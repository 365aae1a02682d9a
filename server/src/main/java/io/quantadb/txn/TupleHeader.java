package io.quantadb.txn;

import io.quantadb.base.Memory;

/**
 * The 32-byte header of a row version, little-endian, at any address:
 *
 * <pre>
 *  0  xmin        8  inserting (sub)transaction
 *  8  xmax        8  deleting or updating (sub)transaction, 0 for none
 * 16  cid         4  inserting command, or deleting command, or combo id (COMBO_CID)
 * 20  ctid block  4  this version's own TID, or that of its successor
 * 24  ctid offset 2
 * 26  infomask    2
 * 28  natts       2  number of attributes stored
 * 30  spare       2
 * </pre>
 *
 * <p>A version was updated (rather than deleted) when its ctid names another TID.
 */
public final class TupleHeader {
    public static final int XMIN = 0;
    public static final int XMAX = 8;
    public static final int CID = 16;
    public static final int CTID_BLOCK = 20;
    public static final int CTID_OFFSET = 24;
    public static final int INFOMASK = 26;
    public static final int NATTS = 28;
    public static final int SPARE = 30;
    public static final int SIZE_BYTES = 32;

    /** Hint: xmin committed. Says nothing about when: compare with {@code Snapshot.settledXid}. */
    public static final int XMIN_COMMITTED = 0x0001;
    /** Hint: xmin aborted. */
    public static final int XMIN_ABORTED = 0x0002;
    /** Hint: xmax committed. */
    public static final int XMAX_COMMITTED = 0x0004;
    /** Hint: xmax aborted (or there is none). */
    public static final int XMAX_ABORTED = 0x0008;
    /** A null bitmap follows the header. */
    public static final int HAS_NULLS = 0x0010;
    /** Some value is compressed or out of line. */
    public static final int HAS_EXTERNAL = 0x0020;
    /** The successor is on the same page and has no index entries of its own. */
    public static final int HOT_UPDATED = 0x0040;
    /** No index entry points here: reached through a HOT chain only. */
    public static final int HEAP_ONLY = 0x0080;
    /** cid is a combo id of the inserting transaction, which also deleted the version. */
    public static final int COMBO_CID = 0x0100;
    /** xmax changed a column of a key (or deleted the row): conflicts with FOR KEY SHARE. */
    public static final int KEYS_UPDATED = 0x0200;
    /** This version is the successor of another one. */
    public static final int UPDATED_VERSION = 0x0400;

    /** Bits that are only hints: not logged, set under a shared latch. */
    public static final int HINT_BITS = XMIN_COMMITTED | XMIN_ABORTED | XMAX_COMMITTED | XMAX_ABORTED;
    /** Bits that belong to xmax and are replaced together with it. */
    public static final int XMAX_BITS = XMAX_COMMITTED | XMAX_ABORTED | HOT_UPDATED | COMBO_CID | KEYS_UPDATED;

    private TupleHeader() {
    }

    public static long xmin(long address) {
        return Memory.getLong(address + XMIN);
    }

    public static long xmax(long address) {
        return Memory.getLong(address + XMAX);
    }

    public static int cid(long address) {
        return Memory.getInt(address + CID);
    }

    public static int infomask(long address) {
        return Memory.getUnsignedShort(address + INFOMASK);
    }

    public static int natts(long address) {
        return Memory.getUnsignedShort(address + NATTS);
    }

    /** Packed TID: block &lt;&lt; 16 | offset. */
    public static long ctid(long address) {
        return Integer.toUnsignedLong(Memory.getInt(address + CTID_BLOCK)) << 16
                | Memory.getUnsignedShort(address + CTID_OFFSET);
    }

    public static void setCtid(long address, long tid) {
        Memory.putInt(address + CTID_BLOCK, (int) (tid >>> 16));
        Memory.putShort(address + CTID_OFFSET, (int) tid);
    }

    public static void setInfomask(long address, int infomask) {
        Memory.putShort(address + INFOMASK, infomask);
    }
}
