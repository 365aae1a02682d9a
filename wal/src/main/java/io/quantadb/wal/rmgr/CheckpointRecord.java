package io.quantadb.wal.rmgr;

import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.base.TimelineId;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a checkpoint says: where redo starts, and the counters as of then.
 *
 * <p>Data of the record (56 bytes, little-endian):
 *
 * <pre>
 *   0  u64  redo LSN
 *   8  u32  timeline
 *  12  u32  previous timeline; differs only in the first checkpoint of a timeline
 *  16  u64  next xid
 *  24  u32  next oid
 *  28  u32  zero
 *  32  u64  oldest xid that may still be running
 *  40  i64  wall time, microseconds since 1970-01-01 UTC
 *  48  u32  1 = shutdown checkpoint: nothing follows from this run
 *  52  u32  zero
 * </pre>
 *
 * @param nextOid unsigned 32 bits
 */
public record CheckpointRecord(Lsn redoLsn, TimelineId timeline, TimelineId previousTimeline, long nextXid,
        long nextOid,
        long oldestXid, long wallMicros, boolean shutdown) {
    public static final int SIZE = 56;

    /** Begins and fills a record of the right kind. */
    public WalRecordBuilder write(WalRecordBuilder builder) {
        return builder.begin(ResourceManagers.XLOG, shutdown ? XlogKind.CHECKPOINT_SHUTDOWN
                : XlogKind.CHECKPOINT_ONLINE, 0)
                .mainData()
                .putLong(redoLsn.value())
                .putInt(timeline.value()).putInt(previousTimeline.value())
                .putLong(nextXid)
                .putInt((int) nextOid).putInt(0)
                .putLong(oldestXid)
                .putLong(wallMicros)
                .putInt(shutdown ? 1 : 0).putInt(0);
    }

    /** Decodes a record of one of the two checkpoint kinds. */
    public static CheckpointRecord read(WalRecord record) {
        Invariant.check(record.dataLength() == SIZE, "checkpoint record of %d bytes, expected %d",
                record.dataLength(), SIZE);
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        return new CheckpointRecord(new Lsn(Memory.getLong(bytes, at)), new TimelineId(Memory.getInt(bytes, at + 8)),
                new TimelineId(Memory.getInt(bytes, at + 12)), Memory.getLong(bytes, at + 16),
                Memory.getInt(bytes, at + 24) & 0xFFFFFFFFL, Memory.getLong(bytes, at + 32), Memory.getLong(bytes, at
                + 40),
                Memory.getInt(bytes, at + 48) == 1);
    }

    /** Whether the record is a checkpoint. */
    public static boolean isCheckpoint(WalRecord record) {
        return record.resourceManager() == ResourceManagers.XLOG
                && (record.kind() == XlogKind.CHECKPOINT_SHUTDOWN || record.kind() == XlogKind.CHECKPOINT_ONLINE);
    }

    public Instant time() {
        return Instant.EPOCH.plus(wallMicros, ChronoUnit.MICROS);
    }

    /** One line for waldump. */
    public String describe() {
        return "redo " + redoLsn + "; tli " + timeline + "; prev tli " + previousTimeline + "; next xid " + nextXid
                + "; next oid " + nextOid + "; oldest xid " + oldestXid + "; time " + time() + "; "
                + (shutdown ? "shutdown" : "online");
    }
}
