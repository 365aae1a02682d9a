package io.quantadb.wal.segment;

import java.io.IOException;

/** A file in the WAL directory is not the segment it should be. */
public final class SegmentException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why, so that callers can react to each. */
    public enum Reason {
        /** No magic number or a wrong checksum. */
        CORRUPT,
        TOO_OLD,
        TOO_NEW,
        /** Valid, but of another database cluster. */
        WRONG_SYSTEM,
        /** Valid, but of another position, timeline, segment size or page size than its name and place say. */
        MISPLACED
    }

    private final Reason reason;

    public SegmentException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
