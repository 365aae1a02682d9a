package io.quantadb.session;

import io.quantadb.error.SqlException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What SQL sessions see of the cluster and ask of it. Safe for use by many threads; the lists are snapshots. Nothing here
 * blocks but {@link #awaitLevel}, {@link #createSlot} and {@link #dropSlot}.
 *
 * <p>Moments are microseconds since 1970, 0 for none; positions are raw LSNs, 0 for none.
 */
public interface ClusterInfo {
    /** A node outside of any cluster: no streams, and the local flush is the horizon. */
    ClusterInfo NONE = new ClusterInfo() {
    };

    /** How the sender's commits depend on a replica, as pg_stat_replication.sync_state has it. */
    enum SyncState {
        /** In the in-sync set: commits wait for it. */
        SYNC,
        /** Commits do not wait for it. */
        ASYNC,
        /** Could join the in-sync set when it has caught up. */
        POTENTIAL
    }

    /** As pg_replication_slots.wal_status has it. */
    enum WalStatus { RESERVED, EXTENDED, UNRESERVED, LOST }

    /**
     * One stream this node sends.
     *
     * @param nodeId shown as application_name
     * @param address numeric address or host name of the replica; null if unknown
     * @param port the replica's end of the connection; -1 if unknown
     * @param startMicros when the link was made
     * @param state {@code startup, catchup, streaming, backup, stopping}
     * @param writeLagMicros how long the newest WAL reported took to be written there; -1 if unknown
     * @param syncPriority 0 for a replica that commits never wait for
     * @param replyMicros the replica's last report
     */
    record Sender(String nodeId, String address, int port, long startMicros, String state, long sentLsn, long writeLsn, long flushLsn,
            long replayLsn, long writeLagMicros, long flushLagMicros, long replayLagMicros, int syncPriority, SyncState syncState,
            long replyMicros) {
    }

    /**
     * The stream this node receives.
     *
     * @param status {@code starting, streaming, waiting, restarting, stopping}
     * @param sentMicros the sender's clock in its last message
     * @param receivedMicros when that message came
     * @param latestEndLsn end of the sender's WAL as it last said
     * @param latestEndMicros when it said so
     * @param slotName null if none is used
     * @param senderHost null if unknown
     */
    record Receiver(String status, long startMicros, long startLsn, int startTimeline, long writtenLsn, long flushedLsn, int timeline,
            long sentMicros, long receivedMicros, long latestEndLsn, long latestEndMicros, String slotName, String senderHost,
            int senderPort) {
    }

    /**
     * A replication slot of this node.
     *
     * @param nodeId node id of the stream that uses it; null if it is not active
     * @param safeWalSize bytes of WAL that may be written before it is in danger of being lost; -1 if there is no limit, or it is lost
     */
    record Slot(String name, String nodeId, long restartLsn, WalStatus walStatus, long safeWalSize) {
        boolean active() {
            return nodeId != null;
        }
    }

    default List<Sender> senders() {
        return List.of();
    }

    /** Null if this node receives nothing. */
    default Receiver receiver() {
        return null;
    }

    default List<Slot> slots() {
        return List.of();
    }

    /**
     * Makes a slot. The caller has checked the name, its uniqueness, and the role's right.
     *
     * @param reserve false: WAL is retained from the slot's first use on
     * @return the LSN from which on WAL is retained; 0 for none yet
     * @throws SqlException 53400 if there are too many, 42710 if it exists by now
     */
    default long createSlot(String name, boolean reserve) {
        throw SqlException.notSupported("replication slots are not supported on a node outside of a cluster");
    }

    /** @throws SqlException 42704 if it is gone by now, 55006 if it is in use by now */
    default void dropSlot(String name) {
        throw SqlException.notSupported("replication slots are not supported on a node outside of a cluster");
    }

    /** WAL up to here has reached the level. Not asked for {@link CommitLevel#OFF}. */
    default long levelLsn(CommitLevel level) {
        return Long.MAX_VALUE;
    }

    /**
     * Waits until {@link #levelLsn} has passed the LSN.
     *
     * @param deadlineNanos {@code System.nanoTime} value
     * @return false if that has not happened; may return early when the node stops or changes its role
     */
    default boolean awaitLevel(CommitLevel level, long lsn, long deadlineNanos) {
        return true;
    }

    /** Whether fewer nodes are in sync than commits need: those that wait for others would wait for long. */
    default boolean isInsufficient() {
        return false;
    }

    /**
     * Asks the cluster to make this replica the primary.
     *
     * @return completes with whether this node is the primary now; exceptionally with the reason why the cluster refused
     */
    default CompletableFuture<Boolean> promote() {
        return CompletableFuture.failedFuture(SqlException.notSupported("promotion is not supported on a node outside of a cluster"));
    }

    /**
     * Age of the newest horizon this replica has replayed, microseconds: every commit that was acknowledged (by a primary, with
     * synchronous_commit on) longer ago than this is visible here. 0 on a primary; {@code Long.MAX_VALUE} if nothing is known.
     * A primary that is cut off, and so says that it is a replica, counts from the end of its lease.
     */
    default long stalenessMicros() {
        return 0;
    }
}
