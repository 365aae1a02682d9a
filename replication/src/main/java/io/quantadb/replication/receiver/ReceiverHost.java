package io.quantadb.replication.receiver;

import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.wal.recovery.TimelineHistory;
import java.io.IOException;
import java.util.List;

/** The node behind the receiving end of a link. Called by the client's own thread, which it may block for a moment. */
public interface ReceiverHost {
    long systemId();

    NodeInfo self();

    /** REPLICA, or CASCADING if it follows a replica. */
    default PeerKind kind() {
        return PeerKind.REPLICA;
    }

    /** The newest epoch this node has seen or applied. */
    long epoch();

    /** A frame of an authenticated peer shows a newer epoch: from now on everything older is refused. */
    void onEpoch(long epoch);

    /** Null while nothing shall be received. */
    ReceivedLog log();

    /** Name of the slot at the sender; empty = none. */
    String slotName();

    /** Addresses to try, best first; asked before each attempt. May be empty. */
    List<Endpoint> candidates();

    /**
     * The peer has proved who it is.
     *
     * @throws ProtocolException if this node does not want to follow it
     */
    default void onWelcome(Welcome welcome) throws ProtocolException {
    }

    /**
     * WAL up to {@code lsn} may be replayed, as far as it is here. A new link may begin with a smaller value than the
     * last one had: the host keeps the largest.
     */
    void onHorizon(long lsn);

    long replayedLsn();

    /** Oldest snapshot of a query here; 0 = none. */
    long oldestSnapshotLsn();

    /**
     * Our WAL leaves the sender's history at {@code forkLsn} of {@code timeline}. On return the log is cut there (see
     * {@link ReplicaLog#truncate}); the link ends and a new one begins.
     *
     * @param forkLsn 0 = not known: cut at what has been replayed
     * @param theirs the sender's history
     */
    void onDiverged(int timeline, long forkLsn, TimelineHistory theirs) throws IOException;

    /** The log goes on, on a new timeline; called after it has been switched. */
    void onTimeline(TimelineHistory history);

    /** The sender refuses us. With {@link ErrorCode#needsBaseCopy} trying again cannot help. */
    void onRefused(ErrorCode code, String text);

    /** The link is gone; the next attempt follows by itself. */
    default void onDisconnected(String reason) {
    }
}
