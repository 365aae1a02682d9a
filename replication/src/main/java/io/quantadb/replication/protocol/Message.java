package io.quantadb.replication.protocol;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message between two nodes, without its frame. Values; the layout of each is in the module's README, section
 * "Protocol".
 *
 * <p>LSNs are raw positions, 0 = none. A {@link ByteBuffer} in a received message is valid during the call that
 * delivers it only.
 */
public sealed interface Message {
    /** The first message of the node that connects. */
    record Hello(int versionMin, int versionMax, PeerKind kind, AuthMechanism mechanism, long systemId, NodeInfo node,
            int timeline, long lastLsn, String scramFirst) implements Message {
    }

    /** SCRAM's server-first message. */
    record AuthChallenge(String serverFirst) implements Message {
    }

    /** SCRAM's client-final message. */
    record AuthProof(String clientFinal) implements Message {
    }

    /**
     * The peer is accepted.
     *
     * @param scramFinal the server's own proof; empty with certificates
     * @param history of the server's timeline, in the format of history files
     */
    record Welcome(int version, long systemId, NodeInfo node, boolean primary, int timeline, long writtenLsn,
            long horizonLsn, int segmentSizeBytes, String scramFinal, String history) implements Message {
    }

    /** The link ends. */
    record Failure(ErrorCode code, String text) implements Message {
    }

    /**
     * Asks for WAL.
     *
     * @param slot name of the slot; empty = none, nothing is retained
     * @param lastRecordLsn start of the last record the peer has; 0 = unknown
     * @param lastRecordCrc its checksum
     * @param history of {@code timeline}
     */
    record StartStreaming(int timeline, long startLsn, String slot, long lastRecordLsn, int lastRecordCrc,
            String history) implements Message {
    }

    /**
     * WAL bytes in one segment.
     *
     * @param writtenLsn end of the sender's WAL
     * @param sendNanos the sender's monotonic clock
     */
    record WalData(int timeline, boolean ackWrite, boolean ackReplay, long startLsn, long horizonLsn, long writtenLsn,
            long sendNanos, ByteBuffer bytes) implements Message {
    }

    /** Says that the sender lives, and where its horizon is. */
    record Keepalive(boolean replyRequested, long horizonLsn, long writtenLsn, long sendNanos) implements Message {
    }

    /**
     * The receiver's positions, all on {@code timeline}.
     *
     * @param oldestSnapshotLsn of the receiver's queries; 0 = none
     * @param echoNanos the latest {@code sendNanos} seen
     */
    record Feedback(int timeline, long writeLsn, long flushLsn, long replayLsn, long oldestSnapshotLsn,
            long echoNanos) implements Message {
    }

    /**
     * The timeline was left at {@code switchLsn}, up to which all of it has been sent.
     *
     * @param history of the next timeline
     */
    record TimelineEnd(int nextTimeline, long switchLsn, String history) implements Message {
    }

    /**
     * The receiver's WAL leaves the sender's history.
     *
     * @param timeline timeline of the fork
     * @param senderTimeline the sender's, whose history follows
     * @param forkLsn the last common position; 0 = not known: cut at what has been replayed
     */
    record Diverged(int timeline, int senderTimeline, long forkLsn, String history) implements Message {
    }

    /**
     * Asks for the files of the sender.
     *
     * @param resumeRedoLsn redo point of the interrupted copy; 0 = a new copy
     * @param done paths that are complete, of that copy
     */
    record BaseCopyRequest(String slot, long resumeRedoLsn, List<String> done) implements Message {
    }

    /**
     * A base copy begins.
     *
     * @param resumed false: what was copied before is worthless
     * @param totalBytes of the files that follow, about
     */
    record BaseCopyStart(boolean resumed, long systemId, int timeline, long checkpointLsn, long redoLsn,
            int segmentSizeBytes, int fileCount, long totalBytes, String history) implements Message {
    }

    /** A file begins. {@code path} is relative, with slashes. */
    record FileHeader(int index, FileKind kind, long sizeBytes, String path) implements Message {
    }

    record FileData(int index, long offset, ByteBuffer bytes) implements Message {
    }

    /** A file is complete; with size -1 it was dropped meanwhile. */
    record FileEnd(int index, long sizeBytes) implements Message {
    }

    /** The copy is consistent when the WAL has been replayed up to {@code minimumRecoveryLsn}. */
    record BaseCopyEnd(long minimumRecoveryLsn) implements Message {
    }

    /**
     * Asks for pages of a relation fork.
     *
     * @param sums true: only page LSNs and checksums
     */
    record PageRequest(int id, boolean sums, int database, int file, int fork, int firstBlock, int count)
            implements Message {
    }

    /** Whole pages, as many as exist from {@code firstBlock} on. */
    record PageReply(int id, int blockCount, int firstBlock, ByteBuffer pages) implements Message {
    }

    /**
     * LSN and CRC32C of pages.
     *
     * @param blockCount blocks of the fork
     */
    record PageSums(int id, int blockCount, int firstBlock, long[] lsns, int[] sums) implements Message {
    }
}
