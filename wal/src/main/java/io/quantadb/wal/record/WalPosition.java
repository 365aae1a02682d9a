package io.quantadb.wal.record;

import io.quantadb.base.Lsn;

/**
 * Where the WAL goes on.
 *
 * @param endLsn exclusive end of the last record
 * @param lastRecordLsn start of the last record, {@link Lsn#INVALID} if there is none
 */
public record WalPosition(Lsn endLsn, Lsn lastRecordLsn) {
}
