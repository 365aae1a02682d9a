package io.quantadb.replication.sender;

import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.slot.ReplicationSlots;

/**
 * The node behind the sending ends of its links: a primary, or a replica that others follow. Called by the event loops;
 * nothing here may block.
 */
public interface SenderHost {
    long systemId();

    NodeInfo self();

    boolean isPrimary();

    /** The newest epoch this node knows; as a primary its own. */
    long epoch();

    /** Null while the node cannot send: peers are told to try again. */
    WalSource wal();

    /** The durable horizon, as far as this node knows it. */
    long horizonLsn();

    ReplicationSlots slots();

    /** Null: no base copies from here. */
    default BaseSource base() {
        return null;
    }

    /** Null: no pages from here. */
    default PageSource pages() {
        return null;
    }

    /** Whether a commit waits until replicas have written it. */
    default boolean wantsWriteAcknowledgements() {
        return false;
    }

    /** Whether a commit waits until replicas have replayed it. */
    default boolean wantsReplayAcknowledgements() {
        return false;
    }

    /**
     * A peer has proved who it is.
     *
     * @throws ProtocolException REFUSED or NOT_READY, if it may not stay
     */
    default void onJoin(NodeInfo node, PeerKind kind) throws ProtocolException {
    }

    /** The link of a peer that had joined is gone. */
    default void onLeave(NodeInfo node, PeerKind kind) {
    }

    /**
     * A replica reports where it stands; it has our epoch and lies on our history.
     *
     * @param roundTripNanos since the WAL or keepalive it answers was sent; -1 = it answers none
     */
    void onFeedback(NodeInfo node, Feedback feedback, long roundTripNanos);

    /** A peer knows a newer epoch: this node has been deposed, or is about to learn of it. */
    void onNewerEpoch(long epoch, NodeInfo node);
}
