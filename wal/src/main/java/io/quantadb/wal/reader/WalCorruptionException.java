package io.quantadb.wal.reader;

import io.quantadb.base.Lsn;
import java.io.IOException;

/**
 * WAL that was durable is damaged or missing: a later record proves that more had been there. Not the end of the WAL.
 */
public final class WalCorruptionException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Lsn damagedLsn;
    private final Lsn laterRecordLsn;

    public WalCorruptionException(String message, Lsn damagedLsn, Lsn laterRecordLsn) {
        super(message);
        this.damagedLsn = damagedLsn;
        this.laterRecordLsn = laterRecordLsn;
    }

    /** Start of what cannot be read. */
    public Lsn damagedLsn() {
        return damagedLsn;
    }

    /** The record that proves it. */
    public Lsn laterRecordLsn() {
        return laterRecordLsn;
    }
}
