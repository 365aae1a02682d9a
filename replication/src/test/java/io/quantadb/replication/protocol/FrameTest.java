package io.quantadb.replication.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: the bytes on the wire stay what the README says, and no damaged byte of a frame gets through. */
class FrameTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final long SEED = Long.getLong("quantadb.seed", System.nanoTime());
    private static final NodeInfo NODE = new NodeInfo("node-1", "main", new Endpoint("127.0.0.1", 5432),
            new Endpoint("127.0.0.1", 6432), new Endpoint("127.0.0.1", 7432), new Endpoint("h", 65_535));

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Message> all() {
        return List.of(
                new Hello(1, 3, PeerKind.REPLICA, AuthMechanism.SCRAM_SHA_256, -5L, NODE, 4, 0x1234_5678_9AL, "n,,x"),
                new AuthChallenge("r=1,s=2,i=4096"), new AuthProof("c=biws,r=1,p=3"),
                new Welcome(1, 77, NODE, true, 2, 1_000, 900, 1 << 24, "v=1", "1\t0/10\tx\n"),
                new Failure(ErrorCode.SLOT_INVALIDATED, "gone"),
                new StartStreaming(2, 4_096, "slot", 4_000, 0xCAFE, "1\t0/10\tx\n"),
                new WalData(2, true, false, 100, 90, 200, 12_345, bytes("wal bytes")),
                new Keepalive(true, 1, 2, 3), new Feedback(2, 5, 4, 3, 2, 1), new TimelineEnd(3, 500, "h"),
                new Diverged(1, 3, 400, "h"), new BaseCopyRequest("s", 9, List.of("a/b", "c")),
                new BaseCopyStart(true, 77, 1, 10, 9, 1 << 24, 3, 1_000_000, ""),
                new FileHeader(3, FileKind.RELATION, 8_192, "base/5/1"), new FileData(3, 8_192, bytes("page")),
                new FileEnd(3, -1), new BaseCopyEnd(99), new PageRequest(1, true, 5, 16_384, 0, 7, 512),
                new PageReply(1, 8, 7, bytes("pages")),
                new PageSums(1, 8, 6, new long[]{1, 2}, new int[]{3, -4}));
    }

    private static List<Frame> decode(ByteBuf in, int piece) throws ProtocolException {
        FrameDecoder decoder = new FrameDecoder();
        decoder.frameMax(Protocol.FRAME_MAX);
        List<Frame> frames = new ArrayList<>();
        try {
            while (in.isReadable()) {
                decoder.feed(in.readSlice(Math.min(piece, in.readableBytes())), ALLOCATOR,
                        frame -> frames.add(new Frame(frame.epoch(), copy(frame.message()))));
            }
        } finally {
            decoder.close();
        }
        return frames;
    }

    /** Buffers are valid during the call only. */
    private static Message copy(Message message) {
        return switch (message) {
            case WalData m -> new WalData(m.timeline(), m.ackWrite(), m.ackReplay(), m.startLsn(), m.horizonLsn(),
                    m.writtenLsn(), m.sendNanos(), copy(m.bytes()));
            case FileData m -> new FileData(m.index(), m.offset(), copy(m.bytes()));
            case PageReply m -> new PageReply(m.id(), m.blockCount(), m.firstBlock(), copy(m.pages()));
            default -> message;
        };
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    private static String text(Message message) {
        return message instanceof PageSums m ? m.id() + " " + m.blockCount() + " " + m.firstBlock() + " "
                + java.util.Arrays.toString(m.lsns()) + java.util.Arrays.toString(m.sums()) : message.toString();
    }

    @Test
    void shouldReturnEachMessageWhateverThePieces() throws ProtocolException {
        FrameEncoder encoder = new FrameEncoder();
        ByteBuf wire = Unpooled.buffer();
        for (Message message : all()) {
            ByteBuf frame = encoder.encode(message, 42, ALLOCATOR);
            wire.writeBytes(frame);
            frame.release();
        }
        for (int piece : new int[]{1, 2, 3, 7, 23, 64, 1_000, 100_000}) {
            List<Frame> frames = decode(wire.duplicate(), piece);
            assertEquals(all().size(), frames.size());
            for (int i = 0; i < frames.size(); i++) {
                assertEquals(42, frames.get(i).epoch());
                assertEquals(text(all().get(i)), text(frames.get(i).message()), "pieces of " + piece);
            }
        }
    }

    /** Computed by hand from the README's tables; the checksums by a program that is not ours. */
    @Test
    void shouldHaveTheDocumentedBytes() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.version(1);
        assertEquals("48000000" + "34cd8532" + "0700000000000000" + "09" + "00" + "0100" + "00000000"
                + "02000000" + "00000000" + "0500000000000000" + "0400000000000000"
                + "0300000000000000" + "0200000000000000" + "0100000000000000",
                hex(encoder.encode(new Feedback(2, 5, 4, 3, 2, 1), 7, ALLOCATOR)));
        assertEquals("43000000" + "0806ead7" + "0800000000000000" + "07" + "00" + "0100" + "01000000"
                + "02000000" + "01000000" + "6400000000000000" + "5a00000000000000" + "c800000000000000"
                + "3930000000000000" + "616263",
                hex(encoder.encode(new WalData(2, true, false, 100, 90, 200, 12_345, bytes("abc")), 8, ALLOCATOR)));
        assertEquals("22000000" + "2f4a0563" + "0000000000000000" + "05" + "00" + "0100" + "02000000"
                + "08000000" + "0400" + "676f6e65",
                hex(encoder.encode(new Failure(ErrorCode.SLOT_INVALIDATED, "gone"), 0, ALLOCATOR)));
    }

    private static String hex(ByteBuf frame) {
        String text = ByteBufUtil.hexDump(frame);
        frame.release();
        return text;
    }

    @Test
    void shouldRefuseEachFlippedBit() {
        Random random = new Random(SEED);
        for (Message message : all()) {
            ByteBuf frame = new FrameEncoder().encode(message, 42, ALLOCATOR);
            byte[] good = ByteBufUtil.getBytes(frame);
            frame.release();
            for (int i = 0; i < 200; i++) {
                byte[] bad = good.clone();
                int bit = i < 32 ? i : random.nextInt(bad.length * 8);
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    assertTrue(decode(Unpooled.wrappedBuffer(bad), 100_000).isEmpty(),
                            "bit " + bit + " of " + message + ", seed " + SEED);
                } catch (ProtocolException e) {
                    assertEquals(ErrorCode.PROTOCOL, e.code());
                }
            }
        }
    }

    @Test
    void shouldRefuseARepeatedOrMissingFrame() {
        FrameEncoder encoder = new FrameEncoder();
        ByteBuf first = encoder.encode(new Keepalive(false, 1, 2, 3), 1, ALLOCATOR);
        ByteBuf second = encoder.encode(new Keepalive(false, 1, 2, 3), 1, ALLOCATOR);
        assertThrows(ProtocolException.class, () -> decode(Unpooled.wrappedBuffer(first.copy(), first.copy()), 9));
        assertThrows(ProtocolException.class, () -> decode(second.copy(), 1_000));
    }

    @Test
    void shouldRefuseFramesThatAreTooLongOrNonsense() {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            if (garbage.length > 4 && i % 2 == 0) {
                garbage[1] = 0;
                garbage[2] = 0;
                garbage[3] = 0;
            }
            try {
                assertTrue(decode(Unpooled.wrappedBuffer(garbage), 1 + random.nextInt(400)).isEmpty(), "seed " + SEED);
            } catch (ProtocolException e) {
                assertEquals(ErrorCode.PROTOCOL, e.code());
            }
        }
    }

    @Test
    void shouldSkipFieldsOfALaterVersion() throws ProtocolException {
        ByteBuf payload = Unpooled.buffer();
        MessageCodec.encode(new Feedback(2, 5, 4, 3, 2, 1), payload);
        payload.writeLongLE(123);
        assertEquals(new Feedback(2, 5, 4, 3, 2, 1), MessageCodec.decode(MessageCodec.FEEDBACK, payload));
    }

    @Test
    void shouldAgreeOnTheNewestCommonVersion() {
        assertEquals(1, Protocol.negotiate(1, 1));
        assertEquals(1, Protocol.negotiate(1, 9));
        assertEquals(0, Protocol.negotiate(2, 9));
        assertEquals(0, Protocol.negotiate(0, 0));
    }
}
