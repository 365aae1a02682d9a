package io.quantadb.wal.reader;

import io.quantadb.base.Lsn;

/**
 * Why a reader stopped.
 *
 * @param endLsn where the next record would start
 * @param detail one sentence for the log
 */
public record WalEnd(Reason reason, Lsn endLsn, String detail) {
    /** What stands at the end. */
    public enum Reason {
        /** The caller's limit; there may be more. */
        LIMIT,
        /** Zeros: nothing was written here. */
        ZEROES,
        /** No record: a torn write, or the contents of a recycled segment. */
        INVALID_RECORD,
        /** A record that does not continue this WAL. */
        WRONG_PREVIOUS,
        /** The segment does not exist. */
        MISSING_SEGMENT
    }
}
