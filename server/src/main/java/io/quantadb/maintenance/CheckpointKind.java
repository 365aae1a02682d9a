package io.quantadb.maintenance;

/** Why a checkpoint is made. */
public enum CheckpointKind {
    /** The interval is over. */
    TIMED,
    /** Enough WAL has been written since the last one. */
    WAL_VOLUME,
    /** CHECKPOINT, a base backup, CREATE DATABASE. */
    REQUESTED,
    /** The last act of a clean shutdown: nothing is inserted any more, so recovery has nothing to do. */
    SHUTDOWN,
    /** The first act after redo. */
    END_OF_RECOVERY
}
