package io.quantadb.txn;

import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.StorageRecords;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.ResourceManagers;
import java.util.List;

/**
 * Record kinds of the TRANSACTION resource manager and their data. Kinds are in the WAL: stable, never reused. Little-endian. No block references.
 *
 * <pre>
 * COMMIT    wall time i64 (microseconds since 1970), subtransactions u32 and u64 each, relations to drop (u32 count, database u32 and
 *           file number u32 each), invalidations u32 and for each its length u32 and bytes. The record's xid is the top-level one
 * ABORT     as COMMIT without invalidations. The record's xid is 0 when only the listed subtransactions are rolled back
 * NEXT_XID  next xid u64, lost u8: 1 when a server starts, after which nothing below next xid is running
 * </pre>
 */
public final class TransactionRecords {
    /** Id in the WAL of the resource manager. */
    public static final int RESOURCE_MANAGER = ResourceManagers.TRANSACTION;
    public static final int COMMIT = 1;
    public static final int ABORT = 2;
    public static final int NEXT_XID = 3;

    private TransactionRecords() {
    }

    /** A decoded commit or abort record. */
    record Outcome(long xid, long wallMicros, long[] subXids, List<RelationId> drops, List<byte[]> invalidations) {
    }

    static void put(WalRecordBuilder record, int kind, long xid, long wallMicros, long[] subXids, int from, int to,
            List<RelationId> drops, List<byte[]> invalidations) {
        record.begin(RESOURCE_MANAGER, kind, xid).mainData().putLong(wallMicros).putInt(to - from);
        for (int i = from; i < to; i++) {
            record.putLong(subXids[i]);
        }
        StorageRecords.putRelations(record, drops);
        if (kind == COMMIT) {
            record.putInt(invalidations.size());
            for (byte[] message : invalidations) {
                record.putInt(message.length).putBytes(message, 0, message.length);
            }
        }
    }

    static Outcome outcome(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        long wallMicros = Memory.getLong(bytes, at);
        long[] subXids = new long[Memory.getInt(bytes, at + 8)];
        at += 12;
        for (int i = 0; i < subXids.length; i++, at += 8) {
            subXids[i] = Memory.getLong(bytes, at);
        }
        List<RelationId> drops = StorageRecords.relations(bytes, at);
        at += StorageRecords.relationsLength(drops.size());
        List<byte[]> invalidations = new java.util.ArrayList<>();
        if (record.kind() == COMMIT) {
            int count = Memory.getInt(bytes, at);
            at += 4;
            for (int i = 0; i < count; i++) {
                int length = Memory.getInt(bytes, at);
                invalidations.add(java.util.Arrays.copyOfRange(bytes, at + 4, at + 4 + length));
                at += 4 + length;
            }
        }
        return new Outcome(record.xid(), wallMicros, subXids, drops, invalidations);
    }

    /** Time of a commit or abort, microseconds since 1970. */
    public static long wallMicros(WalRecord record) {
        return Memory.getLong(record.bytes(), record.dataOffset());
    }

    static long nextXid(WalRecord record) {
        return Memory.getLong(record.bytes(), record.dataOffset());
    }

    static boolean lost(WalRecord record) {
        return record.bytes()[record.dataOffset() + 8] != 0;
    }
}
