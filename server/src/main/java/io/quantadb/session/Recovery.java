package io.quantadb.session;

import io.quantadb.wal.writer.WalInserter;
import java.util.concurrent.locks.LockSupport;

/** What sessions ask of the node's replay. Safe for use by many threads. */
public interface Recovery {
    /** How often a position beyond the end of a single node's WAL is looked at. */
    long BEYOND_END_PAUSE_NANOS = 1_000_000;

    /** Whether this node is a replica. */
    boolean isReplica();

    /** End of the WAL stored on this node. */
    long receivedLsn();

    long replayedLsn();

    /** Wall time of the last replayed commit, microseconds since 1970; 0 for none. */
    long lastReplayedCommitMicros();

    /** The timeline of the node's WAL. */
    int timeline();

    void pauseReplay();

    void resumeReplay();

    boolean isReplayPaused();

    /**
     * Waits until the LSN has been replayed, on a primary until it is safe.
     *
     * @param deadlineNanos {@code System.nanoTime} value
     */
    boolean awaitReplayed(long lsn, long deadlineNanos);

    /** A node outside of any cluster: never a replica. */
    static Recovery single(WalInserter wal, int timeline) {
        return new Recovery() {
            @Override
            public boolean isReplica() {
                return false;
            }

            @Override
            public long receivedLsn() {
                return wal.flushLsn();
            }

            @Override
            public long replayedLsn() {
                return wal.flushLsn();
            }

            @Override
            public long lastReplayedCommitMicros() {
                return 0;
            }

            @Override
            public int timeline() {
                return timeline;
            }

            @Override
            public void pauseReplay() {
                throw new UnsupportedOperationException("no replica");
            }

            @Override
            public void resumeReplay() {
                throw new UnsupportedOperationException("no replica");
            }

            @Override
            public boolean isReplayPaused() {
                return false;
            }

            @Override
            public boolean awaitReplayed(long lsn, long deadlineNanos) {
                while (wal.flushLsn() < lsn) {
                    if (wal.insertLsn() >= lsn) {
                        wal.flush(lsn);
                        return true;
                    }
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    // Nobody inserts up to a position on purpose, so there is nobody to wake us.
                    LockSupport.parkNanos(Math.min(left, BEYOND_END_PAUSE_NANOS));
                }
                return true;
            }
        };
    }
}
