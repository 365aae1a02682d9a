package io.quantadb.session;

import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a committed transaction waits for other nodes on the session's own thread: levels of synchronous_commit other than on and off.
 * The transaction is over; what fails here is the wait.
 */
final class CommitWait {
    /** How soon a wait notices a cancel request, and that it has become hopeless. */
    static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private CommitWait() {
    }

    /**
     * Returns when the commit has reached the level. A cancel request ends the wait with a warning, as in PostgreSQL.
     *
     * @throws SqlException FATAL 08007 if nobody will say whether the commit is kept, FATAL 57P01 if the session is terminated
     */
    static void await(Session session, CommitLevel level, long lsn) {
        SessionServices services = session.services();
        ClusterInfo cluster = services.cluster();
        if (cluster.levelLsn(level) >= lsn) {
            return;
        }
        services.wal().requestFlush(lsn);
        while (true) {
            long end = System.nanoTime() + STEP_NANOS;
            if (cluster.awaitLevel(level, lsn, end)) {
                return;
            }
            if (level != CommitLevel.LOCAL && cluster.isInsufficient()) {
                throw unknown("too few nodes are in sync");
            }
            if (services.recovery().isReplica()) {
                throw unknown("this node is not the primary any more");
            }
            if (isCanceled(session)) {
                return;
            }
            pauseUntil(end);
        }
    }

    /** Keeps a loop from spinning whose wait gives up at once. */
    static void pauseUntil(long endNanos) {
        long left = endNanos - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(Math.min(left, PAUSE_NANOS));
        }
    }

    private static boolean isCanceled(Session session) {
        try {
            session.interrupts().check();
            return false;
        } catch (SqlException e) {
            boolean ends = e.severity() == Severity.FATAL;
            session.notice(new SqlException(ends ? SqlState.ADMIN_SHUTDOWN : SqlState.WARNING,
                ends ? "canceling the wait for synchronous replication and terminating connection due to administrator command"
                    : "canceling wait for synchronous replication due to user request")
                .withDetail("The transaction has already committed locally, but might not have been replicated to the standby.")
                .withSeverity(Severity.WARNING));
            if (ends) {
                throw e;
            }
            return true;
        }
    }

    private static SqlException unknown(String why) {
        return new SqlException(SqlState.TRANSACTION_RESOLUTION_UNKNOWN, "the commit could not be confirmed: " + why)
            .withDetail("The transaction is in this node's WAL. It takes effect if enough nodes come back, and is lost if another one is"
                + " made primary without it.")
            .fatal();
    }
}
