package io.quantadb.txn;

import java.util.List;

/** Told of each commit that redo replays: how a replica's catalog caches learn of changes. Called by the redo thread. */
@FunctionalInterface
public interface CommitReplayListener {
    /**
     * @param invalidations messages given to {@link Transaction#addInvalidation} on the primary; may be empty
     * @param commitLsn raw end LSN of the commit record
     * @param wallMicros commit time on the primary, microseconds since 1970
     */
    void replayed(long xid, List<byte[]> invalidations, long commitLsn, long wallMicros);
}
