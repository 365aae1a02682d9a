package io.quantadb.replication.sender;

import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.BaseCopyRequest;
import io.quantadb.replication.protocol.Message.PageRequest;

/** What a {@link SenderLink} wants done, in order. */
public sealed interface SenderAction {
    record Send(Message message) implements SenderAction {
    }

    /**
     * Send the {@code length} bytes of WAL at {@code fixed.startLsn()}, from memory or the segment file.
     *
     * @param source where the bytes are: the host may have another by now
     * @param fixed without bytes
     * @param fromMemory they lie on the timeline being written
     */
    record SendWal(WalSource source, Message.WalData fixed, int length, boolean fromMemory) implements SenderAction {
    }

    /** The peer has proved who it is: long frames are allowed. */
    record Authenticated(int version) implements SenderAction {
    }

    /** Send the files of the base, off the event loop. */
    record CopyBase(BaseCopyRequest request) implements SenderAction {
    }

    /** Answer, off the event loop. */
    record ReadPages(PageRequest request) implements SenderAction {
    }

    /** Tell the peer why, then end the link. */
    record Close(ErrorCode code, String text) implements SenderAction {
    }
}
