package io.quantadb.replication.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32C;

/**
 * Cuts the bytes of one direction of a link into frames and verifies them: length, checksum, number. Confined to the
 * link's thread.
 *
 * <p>A frame that arrives in one piece is decoded in place; one that does not is gathered in a buffer of exactly its
 * length, so no byte is copied twice.
 */
public final class FrameDecoder {
    /** Takes the frames in order. The message's buffers are valid during the call only. */
    @FunctionalInterface
    public interface Sink {
        void frame(Frame frame) throws ProtocolException;
    }

    private final CRC32C crc = new CRC32C();
    private final byte[] lengthBytes = new byte[Integer.BYTES];
    private int frameMax = Protocol.FRAME_MAX_UNAUTHENTICATED;
    private int sequence;
    private ByteBuf gathering;
    private int gatheringLength;
    private int lengthSeen;

    /** Sets the longest frame accepted from now on. */
    public void frameMax(int bytes) {
        frameMax = bytes;
    }

    /**
     * Takes all readable bytes and hands on the frames they complete.
     *
     * @throws ProtocolException of the decoder or the sink; nothing may be fed afterwards
     */
    public void feed(ByteBuf in, ByteBufAllocator allocator, Sink sink) throws ProtocolException {
        while (in.isReadable()) {
            if (gathering != null) {
                gathering.writeBytes(in, Math.min(in.readableBytes(), gatheringLength - gathering.readableBytes()));
                if (gathering.readableBytes() < gatheringLength) {
                    return;
                }
                ByteBuf frame = gathering;
                gathering = null;
                try {
                    sink.frame(decode(frame));
                } finally {
                    frame.release();
                }
                continue;
            }
            if (!next(in, allocator, sink)) {
                return;
            }
        }
    }

    private boolean next(ByteBuf in, ByteBufAllocator allocator, Sink sink) throws ProtocolException {
        if (lengthSeen == 0 && in.readableBytes() >= Integer.BYTES) {
            int length = checkedLength(in.getIntLE(in.readerIndex()));
            if (in.readableBytes() >= length) {
                sink.frame(decode(in.readSlice(length)));
                return true;
            }
            gather(length, allocator);
            return true;
        }
        while (lengthSeen < Integer.BYTES && in.isReadable()) {
            lengthBytes[lengthSeen++] = in.readByte();
        }
        if (lengthSeen < Integer.BYTES) {
            return false;
        }
        int length = checkedLength((lengthBytes[0] & 0xFF) | (lengthBytes[1] & 0xFF) << 8
                | (lengthBytes[2] & 0xFF) << 16 | (lengthBytes[3] & 0xFF) << 24);
        gather(length, allocator);
        gathering.writeBytes(lengthBytes);
        lengthSeen = 0;
        return true;
    }

    private void gather(int length, ByteBufAllocator allocator) {
        gathering = allocator.directBuffer(length, length);
        gatheringLength = length;
    }

    private int checkedLength(int length) throws ProtocolException {
        if (length < Protocol.HEADER_SIZE || length > frameMax) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "frame of " + Integer.toUnsignedString(length)
                    + " bytes, limits are " + Protocol.HEADER_SIZE + " and " + frameMax);
        }
        return length;
    }

    private Frame decode(ByteBuf frame) throws ProtocolException {
        int start = frame.readerIndex();
        int type = frame.getUnsignedByte(start + Protocol.OFFSET_TYPE);
        boolean unsummed = (frame.getByte(start + Protocol.OFFSET_FLAGS) & Protocol.FLAG_BODY_UNSUMMED) != 0;
        int summed = frame.readableBytes();
        if (unsummed) {
            summed = Protocol.HEADER_SIZE + Protocol.WAL_DATA_FIXED;
            if (type != MessageCodec.WAL_DATA || frame.readableBytes() < summed) {
                throw new ProtocolException(ErrorCode.PROTOCOL, "frame without checksum of type " + type);
            }
        }
        int computed = checksum(crc, frame, start, summed);
        int stored = frame.getIntLE(start + Protocol.OFFSET_CRC);
        if (computed != stored) {
            throw new ProtocolException(ErrorCode.PROTOCOL, String.format("frame %d has checksum %08X, computed %08X",
                    sequence, stored, computed));
        }
        int number = frame.getIntLE(start + Protocol.OFFSET_SEQUENCE);
        if (number != sequence) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "frame has number " + Integer.toUnsignedString(number)
                    + ", expected " + Integer.toUnsignedString(sequence));
        }
        sequence++;
        long epoch = frame.getLongLE(start + Protocol.OFFSET_EPOCH);
        frame.skipBytes(Protocol.HEADER_SIZE);
        return new Frame(epoch, MessageCodec.decode(type, frame));
    }

    static int checksum(CRC32C crc, ByteBuf frame, int start, int length) {
        int from = start + Protocol.OFFSET_CRC + Integer.BYTES;
        crc.reset();
        crc.update(frame.nioBuffer(from, start + length - from));
        return (int) crc.getValue();
    }

    /** Releases what an unfinished frame holds. */
    public void close() {
        if (gathering != null) {
            gathering.release();
            gathering = null;
        }
    }
}
