package io.quantadb.replication.protocol;

import io.netty.buffer.ByteBuf;
import io.quantadb.replication.protocol.Message.AuthChallenge;
import io.quantadb.replication.protocol.Message.AuthProof;
import io.quantadb.replication.protocol.Message.BaseCopyEnd;
import io.quantadb.replication.protocol.Message.BaseCopyRequest;
import io.quantadb.replication.protocol.Message.BaseCopyStart;
import io.quantadb.replication.protocol.Message.Diverged;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.Message.FileData;
import io.quantadb.replication.protocol.Message.FileEnd;
import io.quantadb.replication.protocol.Message.FileHeader;
import io.quantadb.replication.protocol.Message.Hello;
import io.quantadb.replication.protocol.Message.Keepalive;
import io.quantadb.replication.protocol.Message.PageReply;
import io.quantadb.replication.protocol.Message.PageRequest;
import io.quantadb.replication.protocol.Message.PageSums;
import io.quantadb.replication.protocol.Message.StartStreaming;
import io.quantadb.replication.protocol.Message.TimelineEnd;
import io.quantadb.replication.protocol.Message.WalData;
import io.quantadb.replication.protocol.Message.Welcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages to and from bytes, little-endian; the layouts are in the module's README. Stateless.
 *
 * <p>Bytes behind the last field known are left alone: a later version may append fields.
 */
final class MessageCodec {
    static final int HELLO = 1;
    static final int AUTH_CHALLENGE = 2;
    static final int AUTH_PROOF = 3;
    static final int WELCOME = 4;
    static final int FAILURE = 5;
    static final int START_STREAMING = 6;
    static final int WAL_DATA = 7;
    static final int KEEPALIVE = 8;
    static final int FEEDBACK = 9;
    static final int TIMELINE_END = 10;
    static final int DIVERGED = 11;
    static final int BASE_COPY_REQUEST = 12;
    static final int BASE_COPY_START = 13;
    static final int FILE_HEADER = 14;
    static final int FILE_DATA = 15;
    static final int FILE_END = 16;
    static final int BASE_COPY_END = 17;
    static final int PAGE_REQUEST = 18;
    static final int PAGE_REPLY = 19;
    static final int PAGE_SUMS = 20;

    private static final int PATHS_MAX = 1 << 20;
    private static final int ACK_WRITE = 1;
    private static final int ACK_REPLAY = 2;

    private MessageCodec() {
    }

    static int typeOf(Message message) {
        return switch (message) {
            case Hello m -> HELLO;
            case AuthChallenge m -> AUTH_CHALLENGE;
            case AuthProof m -> AUTH_PROOF;
            case Welcome m -> WELCOME;
            case Failure m -> FAILURE;
            case StartStreaming m -> START_STREAMING;
            case WalData m -> WAL_DATA;
            case Keepalive m -> KEEPALIVE;
            case Feedback m -> FEEDBACK;
            case TimelineEnd m -> TIMELINE_END;
            case Diverged m -> DIVERGED;
            case BaseCopyRequest m -> BASE_COPY_REQUEST;
            case BaseCopyStart m -> BASE_COPY_START;
            case FileHeader m -> FILE_HEADER;
            case FileData m -> FILE_DATA;
            case FileEnd m -> FILE_END;
            case BaseCopyEnd m -> BASE_COPY_END;
            case PageRequest m -> PAGE_REQUEST;
            case PageReply m -> PAGE_REPLY;
            case PageSums m -> PAGE_SUMS;
        };
    }

    static void encode(Message message, ByteBuf out) {
        switch (message) {
            case Hello m -> {
                out.writeShortLE(m.versionMin()).writeShortLE(m.versionMax());
                out.writeByte(m.kind().id()).writeByte(m.mechanism().id()).writeShortLE(0);
                out.writeLongLE(m.systemId()).writeLongLE(m.lastLsn()).writeIntLE(m.timeline());
                node(m.node(), out);
                string(m.scramFirst(), out);
            }
            case AuthChallenge m -> string(m.serverFirst(), out);
            case AuthProof m -> string(m.clientFinal(), out);
            case Welcome m -> {
                out.writeShortLE(m.version()).writeByte(m.primary() ? 1 : 0).writeByte(0);
                out.writeIntLE(m.timeline()).writeLongLE(m.systemId()).writeLongLE(m.writtenLsn());
                out.writeLongLE(m.horizonLsn()).writeIntLE(m.segmentSizeBytes());
                node(m.node(), out);
                string(m.scramFinal(), out);
                text(m.history(), out);
            }
            case Failure m -> {
                out.writeIntLE(m.code().id());
                string(m.text(), out);
            }
            case StartStreaming m -> {
                out.writeIntLE(m.timeline()).writeIntLE(m.lastRecordCrc());
                out.writeLongLE(m.startLsn()).writeLongLE(m.lastRecordLsn());
                string(m.slot(), out);
                text(m.history(), out);
            }
            case WalData m -> {
                walFixed(m, out);
                out.writeBytes(m.bytes().duplicate());
            }
            case Keepalive m -> out.writeIntLE(m.replyRequested() ? 1 : 0).writeIntLE(0).writeLongLE(m.horizonLsn())
                    .writeLongLE(m.writtenLsn()).writeLongLE(m.sendNanos());
            case Feedback m -> out.writeIntLE(m.timeline()).writeIntLE(0).writeLongLE(m.writeLsn())
                    .writeLongLE(m.flushLsn()).writeLongLE(m.replayLsn()).writeLongLE(m.oldestSnapshotLsn())
                    .writeLongLE(m.echoNanos());
            case TimelineEnd m -> {
                out.writeIntLE(m.nextTimeline()).writeIntLE(0).writeLongLE(m.switchLsn());
                text(m.history(), out);
            }
            case Diverged m -> {
                out.writeIntLE(m.timeline()).writeIntLE(m.senderTimeline()).writeLongLE(m.forkLsn());
                text(m.history(), out);
            }
            case BaseCopyRequest m -> {
                out.writeLongLE(m.resumeRedoLsn());
                string(m.slot(), out);
                out.writeIntLE(m.done().size());
                m.done().forEach(path -> string(path, out));
            }
            case BaseCopyStart m -> {
                out.writeIntLE(m.resumed() ? 1 : 0).writeIntLE(m.timeline()).writeLongLE(m.systemId());
                out.writeLongLE(m.checkpointLsn()).writeLongLE(m.redoLsn());
                out.writeIntLE(m.segmentSizeBytes()).writeIntLE(m.fileCount()).writeLongLE(m.totalBytes());
                text(m.history(), out);
            }
            case FileHeader m -> {
                out.writeIntLE(m.index()).writeIntLE(m.kind().id()).writeLongLE(m.sizeBytes());
                string(m.path(), out);
            }
            case FileData m -> out.writeIntLE(m.index()).writeIntLE(0).writeLongLE(m.offset())
                    .writeBytes(m.bytes().duplicate());
            case FileEnd m -> out.writeIntLE(m.index()).writeIntLE(0).writeLongLE(m.sizeBytes());
            case BaseCopyEnd m -> out.writeLongLE(m.minimumRecoveryLsn());
            case PageRequest m -> out.writeIntLE(m.id()).writeIntLE(m.sums() ? 1 : 0).writeIntLE(m.database())
                    .writeIntLE(m.file()).writeIntLE(m.fork()).writeIntLE(m.firstBlock()).writeIntLE(m.count());
            case PageReply m -> out.writeIntLE(m.id()).writeIntLE(m.blockCount()).writeIntLE(m.firstBlock())
                    .writeIntLE(0).writeBytes(m.pages().duplicate());
            case PageSums m -> {
                out.writeIntLE(m.id()).writeIntLE(m.blockCount()).writeIntLE(m.firstBlock())
                        .writeIntLE(m.lsns().length);
                for (int i = 0; i < m.lsns().length; i++) {
                    out.writeLongLE(m.lsns()[i]).writeIntLE(m.sums()[i]);
                }
            }
        }
    }

    /** What stands in front of the WAL bytes. */
    static void walFixed(WalData m, ByteBuf out) {
        out.writeIntLE(m.timeline());
        out.writeIntLE((m.ackWrite() ? ACK_WRITE : 0) | (m.ackReplay() ? ACK_REPLAY : 0));
        out.writeLongLE(m.startLsn()).writeLongLE(m.horizonLsn()).writeLongLE(m.writtenLsn());
        out.writeLongLE(m.sendNanos());
    }

    /**
     * Decodes what the buffer's readable bytes hold.
     *
     * @throws ProtocolException if they are no message of the type
     */
    static Message decode(int type, ByteBuf in) throws ProtocolException {
        try {
            return decodeFields(type, in);
        } catch (IndexOutOfBoundsException e) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "message of type " + type + " is too short");
        }
    }

    private static Message decodeFields(int type, ByteBuf in) throws ProtocolException {
        return switch (type) {
            case HELLO -> hello(in);
            case AUTH_CHALLENGE -> new AuthChallenge(string(in));
            case AUTH_PROOF -> new AuthProof(string(in));
            case WELCOME -> welcome(in);
            case FAILURE -> new Failure(ErrorCode.of(in.readIntLE()), string(in));
            case START_STREAMING -> startStreaming(in);
            case WAL_DATA -> walData(in);
            case KEEPALIVE -> {
                int flags = in.readIntLE();
                in.skipBytes(4);
                yield new Keepalive((flags & 1) != 0, lsn(in), lsn(in), in.readLongLE());
            }
            case FEEDBACK -> {
                int timeline = in.readIntLE();
                in.skipBytes(4);
                yield new Feedback(timeline, lsn(in), lsn(in), lsn(in), lsn(in), in.readLongLE());
            }
            case TIMELINE_END -> {
                int next = timeline(in);
                in.skipBytes(4);
                yield new TimelineEnd(next, lsn(in), text(in));
            }
            case DIVERGED -> new Diverged(timeline(in), timeline(in), lsn(in), text(in));
            case BASE_COPY_REQUEST -> baseCopyRequest(in);
            case BASE_COPY_START -> baseCopyStart(in);
            case FILE_HEADER -> new FileHeader(in.readIntLE(), FileKind.of(in.readIntLE()), size(in), string(in));
            case FILE_DATA -> {
                int index = in.readIntLE();
                in.skipBytes(4);
                yield new FileData(index, size(in), rest(in));
            }
            case FILE_END -> {
                int index = in.readIntLE();
                in.skipBytes(4);
                yield new FileEnd(index, in.readLongLE());
            }
            case BASE_COPY_END -> new BaseCopyEnd(lsn(in));
            case PAGE_REQUEST -> pageRequest(in);
            case PAGE_REPLY -> {
                int id = in.readIntLE();
                int blocks = in.readIntLE();
                int first = in.readIntLE();
                in.skipBytes(4);
                yield new PageReply(id, blocks, first, rest(in));
            }
            case PAGE_SUMS -> pageSums(in);
            default -> throw new ProtocolException(ErrorCode.PROTOCOL, "unknown message type " + type);
        };
    }

    private static Hello hello(ByteBuf in) throws ProtocolException {
        int min = in.readUnsignedShortLE();
        int max = in.readUnsignedShortLE();
        PeerKind kind = PeerKind.of(in.readUnsignedByte());
        AuthMechanism mechanism = AuthMechanism.of(in.readUnsignedByte());
        in.skipBytes(2);
        long systemId = in.readLongLE();
        long lastLsn = lsn(in);
        int timeline = in.readIntLE();
        return new Hello(min, max, kind, mechanism, systemId, node(in), timeline, lastLsn, string(in));
    }

    private static Welcome welcome(ByteBuf in) throws ProtocolException {
        int version = in.readUnsignedShortLE();
        boolean primary = in.readByte() != 0;
        in.skipBytes(1);
        int timeline = timeline(in);
        long systemId = in.readLongLE();
        long written = lsn(in);
        long horizon = lsn(in);
        int segmentSize = in.readIntLE();
        return new Welcome(version, systemId, node(in), primary, timeline, written, horizon, segmentSize, string(in),
                text(in));
    }

    private static StartStreaming startStreaming(ByteBuf in) throws ProtocolException {
        int timeline = timeline(in);
        int crc = in.readIntLE();
        long start = lsn(in);
        long last = lsn(in);
        return new StartStreaming(timeline, start, string(in), last, crc, text(in));
    }

    private static WalData walData(ByteBuf in) throws ProtocolException {
        int timeline = timeline(in);
        int flags = in.readIntLE();
        return new WalData(timeline, (flags & ACK_WRITE) != 0, (flags & ACK_REPLAY) != 0, lsn(in), lsn(in), lsn(in),
                in.readLongLE(), rest(in));
    }

    private static BaseCopyRequest baseCopyRequest(ByteBuf in) throws ProtocolException {
        long redo = lsn(in);
        String slot = string(in);
        int count = in.readIntLE();
        if (count < 0 || count > PATHS_MAX) {
            throw new ProtocolException(ErrorCode.PROTOCOL, count + " files are said to be copied");
        }
        List<String> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            done.add(string(in));
        }
        return new BaseCopyRequest(slot, redo, List.copyOf(done));
    }

    private static BaseCopyStart baseCopyStart(ByteBuf in) throws ProtocolException {
        boolean resumed = (in.readIntLE() & 1) != 0;
        int timeline = timeline(in);
        return new BaseCopyStart(resumed, in.readLongLE(), timeline, lsn(in), lsn(in), in.readIntLE(), in.readIntLE(),
                size(in), text(in));
    }

    private static PageRequest pageRequest(ByteBuf in) throws ProtocolException {
        int id = in.readIntLE();
        boolean sums = (in.readIntLE() & 1) != 0;
        PageRequest request = new PageRequest(id, sums, in.readIntLE(), in.readIntLE(), in.readIntLE(),
                in.readIntLE(), in.readIntLE());
        if (request.count() < 1 || request.count() > Protocol.PAGES_MAX || request.firstBlock() < 0) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "request for " + request.count() + " pages from block "
                    + request.firstBlock());
        }
        return request;
    }

    private static PageSums pageSums(ByteBuf in) throws ProtocolException {
        int id = in.readIntLE();
        int blocks = in.readIntLE();
        int first = in.readIntLE();
        int count = in.readIntLE();
        if (count < 0 || count > Protocol.PAGES_MAX) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "checksums of " + count + " pages");
        }
        long[] lsns = new long[count];
        int[] sums = new int[count];
        for (int i = 0; i < count; i++) {
            lsns[i] = in.readLongLE();
            sums[i] = in.readIntLE();
        }
        return new PageSums(id, blocks, first, lsns, sums);
    }

    // --- parts ---------------------------------------------------------------------------------------------------

    private static long lsn(ByteBuf in) throws ProtocolException {
        long value = in.readLongLE();
        if (value < 0) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "impossible LSN " + Long.toHexString(value));
        }
        return value;
    }

    private static long size(ByteBuf in) throws ProtocolException {
        long value = in.readLongLE();
        if (value < 0) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "impossible size " + value);
        }
        return value;
    }

    private static int timeline(ByteBuf in) throws ProtocolException {
        int value = in.readIntLE();
        if (value <= 0) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "impossible timeline " + value);
        }
        return value;
    }

    private static ByteBuffer rest(ByteBuf in) {
        ByteBuffer bytes = in.nioBuffer();
        in.skipBytes(in.readableBytes());
        return bytes;
    }

    private static void node(NodeInfo node, ByteBuf out) {
        string(node.nodeId(), out);
        string(node.clusterName(), out);
        for (Endpoint endpoint : List.of(node.sql(), node.replication(), node.raft(), node.api())) {
            string(endpoint.host(), out);
            out.writeShortLE(endpoint.port());
        }
    }

    private static NodeInfo node(ByteBuf in) throws ProtocolException {
        return new NodeInfo(string(in), string(in), endpoint(in), endpoint(in), endpoint(in), endpoint(in));
    }

    private static Endpoint endpoint(ByteBuf in) throws ProtocolException {
        return new Endpoint(string(in), in.readUnsignedShortLE());
    }

    /** u16 length, UTF-8; cut at {@link Protocol#STRING_MAX} bytes, which only texts for people reach. */
    private static void string(String value, ByteBuf out) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Protocol.STRING_MAX);
        out.writeShortLE(length).writeBytes(bytes, 0, length);
    }

    private static String string(ByteBuf in) throws ProtocolException {
        return characters(in, in.readUnsignedShortLE(), Protocol.STRING_MAX);
    }

    /** u32 length, UTF-8. */
    private static void text(String value, ByteBuf out) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeIntLE(bytes.length).writeBytes(bytes);
    }

    private static String text(ByteBuf in) throws ProtocolException {
        return characters(in, in.readIntLE(), Protocol.HISTORY_MAX);
    }

    private static String characters(ByteBuf in, int length, int max) throws ProtocolException {
        if (length < 0 || length > max) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "string of " + length + " bytes, limit is " + max);
        }
        return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }
}
