package io.quantadb.wal.writer;

import io.quantadb.base.Lsn;

/** What a thread waited for was not made safe before this node stopped or gave up being the primary. */
public final class HorizonClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HorizonClosedException(long wanted, long horizon) {
        super("WAL up to " + Lsn.format(wanted) + " was not confirmed by the in-sync replicas (confirmed: "
                + Lsn.format(horizon) + ") before this node stopped being the primary");
    }
}
