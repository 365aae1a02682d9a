package io.quantadb.replication.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.quantadb.replication.protocol.Message.FileData;
import io.quantadb.replication.protocol.Message.PageReply;
import io.quantadb.replication.protocol.Message.WalData;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Builds the frames of one direction of a link, which are numbered. Confined to the link's thread. */
public final class FrameEncoder {
    private final CRC32C crc = new CRC32C();
    private int version;
    private int sequence;

    /** Sets the version agreed on. */
    public void version(int agreed) {
        version = agreed;
    }

    /** A whole frame in a buffer of its own. */
    public ByteBuf encode(Message message, long epoch, ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(Protocol.HEADER_SIZE + 128 + bulk(message));
        boolean done = false;
        try {
            out.writeZero(Protocol.HEADER_SIZE);
            MessageCodec.encode(message, out);
            finish(out, out.readableBytes(), epoch, MessageCodec.typeOf(message), 0);
            done = true;
            return out;
        } finally {
            if (!done) {
                out.release();
            }
        }
    }

    /** Bytes that a message carries along: growing a buffer copies them once more. */
    private static int bulk(Message message) {
        return switch (message) {
            case FileData m -> m.bytes().remaining();
            case PageReply m -> m.pages().remaining();
            case WalData m -> m.bytes().remaining();
            default -> 0;
        };
    }

    /**
     * A buffer with room for a WalData frame of {@code length} bytes of WAL, in which the header is still missing. The
     * caller puts the WAL at {@link #walBuffer} and then calls {@link #finishWal}.
     */
    public ByteBuf beginWal(WalData fixed, int length, ByteBufAllocator allocator) {
        int size = Protocol.HEADER_SIZE + Protocol.WAL_DATA_FIXED + length;
        ByteBuf out = allocator.directBuffer(size, size);
        out.writeZero(Protocol.HEADER_SIZE);
        MessageCodec.walFixed(fixed, out);
        return out;
    }

    /** Where the WAL bytes of {@link #beginWal} go. */
    public static ByteBuffer walBuffer(ByteBuf frame, int length) {
        return frame.internalNioBuffer(Protocol.HEADER_SIZE + Protocol.WAL_DATA_FIXED, length);
    }

    public void finishWal(ByteBuf frame, int length, long epoch) {
        frame.writerIndex(Protocol.HEADER_SIZE + Protocol.WAL_DATA_FIXED + length);
        finish(frame, frame.readableBytes(), epoch, MessageCodec.WAL_DATA, 0);
    }

    /** Header and fixed fields of a WalData frame whose {@code length} bytes of WAL follow by other means. */
    public ByteBuf walPrefix(WalData fixed, int length, long epoch, ByteBufAllocator allocator) {
        ByteBuf out = beginWal(fixed, 0, allocator);
        finish(out, out.readableBytes() + length, epoch, MessageCodec.WAL_DATA, Protocol.FLAG_BODY_UNSUMMED);
        return out;
    }

    private void finish(ByteBuf out, int length, long epoch, int type, int flags) {
        out.setIntLE(Protocol.OFFSET_LENGTH, length);
        out.setLongLE(Protocol.OFFSET_EPOCH, epoch);
        out.setByte(Protocol.OFFSET_TYPE, type);
        out.setByte(Protocol.OFFSET_FLAGS, flags);
        out.setShortLE(Protocol.OFFSET_VERSION, version);
        out.setIntLE(Protocol.OFFSET_SEQUENCE, sequence++);
        out.setIntLE(Protocol.OFFSET_CRC, FrameDecoder.checksum(crc, out, out.readerIndex(), out.readableBytes()));
    }
}
