package io.quantadb.wal.rmgr;

import io.quantadb.wal.record.WalRecord;

/**
 * Replays and describes one family of WAL records. Ids are in the WAL: stable, never reused (see
 * {@link ResourceManagers}).
 *
 * <p>Redo is called by recovery (possibly from several threads, never concurrently for the same block); it finds every
 * page exactly as the inserter found it, or newer, in which case the page LSN says so.
 */
public interface ResourceManager {
    /** Short lower-case name printed by waldump. */
    String name();

    /** Applies the record to the pages it names. */
    void redo(WalRecord record);

    /** One line, without the block references, that says what the record does. Must not touch any page. */
    String describe(WalRecord record);
}
