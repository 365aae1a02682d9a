package io.quantadb.wal.rmgr;

import io.quantadb.base.Memory;
import io.quantadb.wal.record.WalRecord;
import java.nio.charset.StandardCharsets;

/**
 * Describes the records of {@link ResourceManagers#XLOG} and hands their redo to the server.
 *
 * <p>Thread rule: that of {@link ResourceManager}; the {@link Redo} given must follow it.
 */
public final class XlogResourceManager implements ResourceManager {
    /** What the server does with these records during recovery. */
    public interface Redo {
        void checkpoint(CheckpointRecord checkpoint, WalRecord record);

        /** All oids below {@code nextOid} may have been used. */
        void nextOid(long nextOid);

        /** Restore every block's image and stamp it with the record's end LSN. */
        void fullPageImages(WalRecord record);

        void parameterChange(WalRecord record);

        void endOfRecovery(int timeline, int previousTimeline, long wallMicros);
    }

    private final Redo redo;

    public XlogResourceManager(Redo redo) {
        this.redo = redo;
    }

    /** For inspectors: describes and cannot replay. */
    public static XlogResourceManager describerOnly() {
        return new XlogResourceManager(null);
    }

    @Override
    public String name() {
        return "xlog";
    }

    @Override
    public void redo(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        switch (record.kind()) {
            case XlogKind.NOOP -> { }
            case XlogKind.CHECKPOINT_SHUTDOWN, XlogKind.CHECKPOINT_ONLINE ->
                redo.checkpoint(CheckpointRecord.read(record), record);
            case XlogKind.NEXT_OID -> redo.nextOid(Memory.getInt(bytes, at) & 0xFFFFFFFFL);
            case XlogKind.FULL_PAGE_IMAGE -> redo.fullPageImages(record);
            case XlogKind.PARAMETER_CHANGE -> redo.parameterChange(record);
            case XlogKind.END_OF_RECOVERY ->
                redo.endOfRecovery(Memory.getInt(bytes, at), Memory.getInt(bytes, at + 4), Memory.getLong(bytes, at
                + 8));
            default -> throw new IllegalStateException("unknown xlog record kind " + record.kind());
        }
    }

    @Override
    public String describe(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        return switch (record.kind()) {
            case XlogKind.NOOP -> "NOOP";
            case XlogKind.CHECKPOINT_SHUTDOWN -> "CHECKPOINT_SHUTDOWN " + CheckpointRecord.read(record).describe();
            case XlogKind.CHECKPOINT_ONLINE -> "CHECKPOINT_ONLINE " + CheckpointRecord.read(record).describe();
            case XlogKind.NEXT_OID -> "NEXT_OID " + (Memory.getInt(bytes, at) & 0xFFFFFFFFL);
            case XlogKind.FULL_PAGE_IMAGE -> "FULL_PAGE_IMAGE";
            case XlogKind.PARAMETER_CHANGE -> "PARAMETER_CHANGE" + parameters(bytes, at);
            case XlogKind.END_OF_RECOVERY -> "END_OF_RECOVERY tli " + Memory.getInt(bytes, at) + "; prev tli "
                    + Memory.getInt(bytes, at + 4);
            default -> "unknown kind " + record.kind();
        };
    }

    private static String parameters(byte[] bytes, int offset) {
        StringBuilder text = new StringBuilder();
        int count = unsignedShort(bytes, offset);
        int at = offset + 2;
        for (int i = 0; i < count * 2; i++) {
            int length = unsignedShort(bytes, at);
            text.append(i % 2 == 0 ? ' ' : '=').append(new String(bytes, at + 2, length, StandardCharsets.UTF_8));
            at += 2 + length;
        }
        return text.toString();
    }

    private static int unsignedShort(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) | (bytes[offset + 1] & 0xFF) << 8;
    }
}
