package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogKind;
import io.quantadb.wal.writer.WalInserter;

/**
 * Hands out object ids, and file numbers, which come from the same counter. Safe for use by many threads.
 *
 * <p>Before ids of a new range are used, a WAL record says that they may be; recovery goes on behind the range, so
 * that no id is given twice. Never wraps: after four billion ids it stops with an error. (PostgreSQL wraps and looks
 * for free ones.)
 */
public final class OidAllocator {
    private static final int RANGE = 8192;
    private static final long OIDS_MAX = 0xFFFF_FFFFL;

    private WalInserter wal;
    private long next;
    private long loggedBelow;

    /** @param nextOid from the last checkpoint and the redone records, at least 16384 */
    public OidAllocator(long nextOid) {
        next = Math.max(nextOid, io.quantadb.catalog.CatalogIds.FIRST_USER_OID);
        loggedBelow = next;
    }

    /** Called when this node begins to accept changes. */
    public synchronized void startPrimary(WalInserter inserter) {
        wal = inserter;
        loggedBelow = next;
    }

    /** Ends changes: this primary becomes a replica. */
    public synchronized void stopPrimary() {
        wal = null;
        next = loggedBelow;
    }

    public synchronized int next() {
        Invariant.check(wal != null, "an oid was asked for on a replica");
        if (next >= OIDS_MAX - RANGE) {
            throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "all object identifiers have been used");
        }
        if (next >= loggedBelow) {
            long below = next + RANGE;
            wal.admit();
            wal.insert(wal.newRecord().begin(ResourceManagers.XLOG, XlogKind.NEXT_OID, 0).mainData()
                    .putInt((int) below));
            loggedBelow = below;
        }
        return (int) next++;
    }

    /** For the checkpoint record: all ids below may have been used. */
    public synchronized long limit() {
        return loggedBelow;
    }

    /** Redo of {@link XlogKind#NEXT_OID} and checkpoints. */
    public synchronized void replayed(long belowOid) {
        next = Math.max(next, belowOid);
        loggedBelow = next;
    }
}
