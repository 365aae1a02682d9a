package io.quantadb.replication.receiver;

import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;

/** What a {@link ReceiverLink} wants done, in order. */
public sealed interface ReceiverAction {
    record Send(Message message) implements ReceiverAction {
    }

    /** The peer has proved who it is: long frames are allowed. */
    record Authenticated(int version) implements ReceiverAction {
    }

    /**
     * End the link.
     *
     * @param code the peer is told; null = it is not
     */
    record Close(ErrorCode code, String text) implements ReceiverAction {
    }
}
