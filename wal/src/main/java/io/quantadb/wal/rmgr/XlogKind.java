package io.quantadb.wal.rmgr;

/**
 * Record kinds of the resource manager {@link ResourceManagers#XLOG}; ids are in the WAL. Numbers are little-endian.
 */
public final class XlogKind {
    /** No effect; also what fills the end of a segment (flag skip). */
    public static final int NOOP = 0;
    /** Data: {@link CheckpointRecord}; the system was stopped behind it. */
    public static final int CHECKPOINT_SHUTDOWN = 1;
    /** Data: {@link CheckpointRecord}. */
    public static final int CHECKPOINT_ONLINE = 2;
    /** Data: u32, all oids below it may have been used. */
    public static final int NEXT_OID = 3;
    /** Blocks with forced images, no data: restores the pages. */
    public static final int FULL_PAGE_IMAGE = 4;
    /**
     * Data: u16 count, then for each u16 length and UTF-8 name, u16 length and UTF-8 value: settings that replicas must
     * match.
     */
    public static final int PARAMETER_CHANGE = 5;
    /** Data: u32 new timeline, u32 previous timeline, i64 wall time (µs): first record of a promoted replica. */
    public static final int END_OF_RECOVERY = 6;

    private XlogKind() {
    }
}
