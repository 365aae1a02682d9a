package io.quantadb.access.heap;

import io.quantadb.wal.rmgr.ResourceManagers;

/**
 * Record kinds of the heap's two resource managers and their data. Kinds are in the WAL: stable, never reused.
 * Little-endian; "row" is a version's bytes behind
 * its header. xmin or xmax is the record's xid; commands are not logged, since no running transaction survives a crash.
 *
 * <pre>
 * HEAP
 *  INSERT        block 0 the page: offset u16, natts u16, infomask u16, row;                     data: flags u8
 *  MULTI_INSERT  block 0: for each offset u16, natts u16, infomask u16, length of row u16, row;    data: flags u8, rows
 *  u16
 *  DELETE        block 0;                                                                        data: flags u8, offset
 *  u16
 *  UPDATE        block 0 the new version's page: as INSERT; block 1 the old one's if another;     data: flags u8, old
 *  offset u16,
 *                with DELTA the row is prefix u16, suffix u16 (bytes to take from the old row)          new block u32,
 *                new offset u16
 *                and what is between them
 * HEAP_MAINTENANCE
 *  PRUNE         block 0: redirects u16, dead u16, unused u16 (counts); redirects as pairs from, to;      data:
 *  conflict LSN u64,
 *                then dead, then unused offsets                                                        prune xid u64
 *  VACUUM        block 0: count u16, offsets to become unused
 *  VISIBLE       block 0 the heap page, block 1 its visibility map page                              data: conflict LSN
 *  u64
 * </pre>
 *
 * Truncation is logged by the storage resource manager.
 */
final class HeapRecords {
    static final int HEAP = ResourceManagers.HEAP;
    static final int HEAP_MAINTENANCE = ResourceManagers.HEAP_MAINTENANCE;

    static final int INSERT = 1;
    static final int MULTI_INSERT = 2;
    static final int DELETE = 3;
    static final int UPDATE = 4;

    static final int PRUNE = 1;
    static final int VACUUM = 2;
    static final int VISIBLE = 3;

    /** The page of block 0 was all visible. */
    static final int CLEAR_VISIBLE = 1;
    /** The page of block 1 was all visible. */
    static final int CLEAR_VISIBLE_OLD = 2;
    /** The new version is heap-only. */
    static final int HOT = 4;
    /** The new row is given by its difference from the old one, which is on the same page. */
    static final int DELTA = 8;
    static final int KEYS_UPDATED = 16;

    private HeapRecords() {
    }
}
