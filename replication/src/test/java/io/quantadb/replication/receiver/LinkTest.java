package io.quantadb.replication.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.SimDisk;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.Message.Keepalive;
import io.quantadb.replication.protocol.Message.StartStreaming;
import io.quantadb.replication.protocol.Message.WalData;
import io.quantadb.replication.sender.SenderAction;
import io.quantadb.replication.sender.SenderLink;
import io.quantadb.replication.sender.SenderOptions;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalBench;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goal: both step functions, joined without sockets, threads or clocks, do what the protocol's rules say. */
class LinkTest {
    private static final SenderOptions OPTIONS = new SenderOptions(5_000, 20_000, 1_000, 10_000, 5_000);
    private static final ReceiverOptions RECEIVER = new ReceiverOptions(10_000, 2_000, 100, 10_000);

    private record Sent(Message message, long epoch) {
    }

    private StreamBench.Primary primary;
    private StreamBench.Replica replica;
    private SenderLink sender;
    private ReceiverLink receiver;
    private final ArrayDeque<Sent> toReceiver = new ArrayDeque<>();
    private final ArrayDeque<Sent> toSender = new ArrayDeque<>();
    private final List<Message> seen = new ArrayList<>();
    private ErrorCode senderEnd;
    private ErrorCode receiverEnd;
    private long now = 1;

    @BeforeEach
    void open() throws IOException {
        primary = new StreamBench.Primary(new SimDisk(1), Path.of("/p"), WalBench.LAYOUT, WalBench.START,
                TimelineHistory.first(), WalBench.options(false, SyncMethod.FDATASYNC), 0);
        // Nobody listens: the bench's server is not started.
        primary.server = new io.quantadb.replication.sender.ReplicationServer(
                new io.quantadb.replication.sender.ReplicationServer.Options("127.0.0.1", 0, 1, OPTIONS, null, 1),
                primary, StreamBench.credentials(StreamBench.SECRET), io.quantadb.base.Clock.SYSTEM, Runnable::run,
                StreamBench.FAIL);
        replica = new StreamBench.Replica("one", new SimDisk(2), Path.of("/r"), WalBench.LAYOUT,
                TimelineHistory.first(), WalBench.START, false);
        connect(StreamBench.SECRET);
    }

    private void connect(String secret) {
        toReceiver.clear();
        toSender.clear();
        senderEnd = null;
        receiverEnd = null;
        sender = new SenderLink(primary, OPTIONS, StreamBench.credentials(StreamBench.SECRET), now, this::perform);
        receiver = new ReceiverLink(replica, replica.log, RECEIVER, StreamBench.credentials(secret), now,
                this::perform);
        receiver.onConnected();
    }

    private void perform(SenderAction action) {
        switch (action) {
            case SenderAction.Send a -> toReceiver.add(new Sent(a.message(), primary.epoch));
            case SenderAction.SendWal a -> toReceiver.add(new Sent(read(a), primary.epoch));
            case SenderAction.Close a -> {
                senderEnd = a.code();
                if (a.code() != null) {
                    toReceiver.add(new Sent(new Message.Failure(a.code(), a.text()), primary.epoch));
                }
            }
            case SenderAction.Authenticated a -> assertEquals(1, a.version());
            case SenderAction.CopyBase a -> throw new AssertionError(a);
            case SenderAction.ReadPages a -> throw new AssertionError(a);
        }
    }

    private WalData read(SenderAction.SendWal action) {
        WalData fixed = action.fixed();
        ByteBuffer bytes = ByteBuffer.allocateDirect(action.length());
        try {
            if (!action.fromMemory() || !action.source().copyFromMemory(fixed.startLsn(), bytes)) {
                try (var file = action.source().openSegment(WalBench.LAYOUT.segmentOf(fixed.startLsn()))) {
                    file.read(bytes, WalBench.LAYOUT.offsetOf(fixed.startLsn()));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new WalData(fixed.timeline(), fixed.ackWrite(), fixed.ackReplay(), fixed.startLsn(),
                fixed.horizonLsn(), fixed.writtenLsn(), fixed.sendNanos(), bytes.flip());
    }

    private void perform(ReceiverAction action) {
        switch (action) {
            case ReceiverAction.Send a -> toSender.add(new Sent(a.message(), replica.epoch()));
            case ReceiverAction.Authenticated a -> assertEquals(1, a.version());
            case ReceiverAction.Close a -> receiverEnd = a.code();
        }
    }

    /** Delivers until nothing is on its way. */
    private void settle() {
        while (true) {
            while (sender.next(now)) {
                // Each step has sent something.
            }
            if (toReceiver.isEmpty() && toSender.isEmpty()) {
                return;
            }
            deliver();
        }
    }

    private void deliver() {
        while (!toReceiver.isEmpty()) {
            Sent sent = toReceiver.poll();
            seen.add(sent.message());
            receiver.onMessage(sent.message(), sent.epoch(), now);
        }
        receiver.onReadComplete(now);
        receiver.onProgress(now);
        while (!toSender.isEmpty()) {
            Sent sent = toSender.poll();
            seen.add(sent.message());
            sender.onMessage(sent.message(), sent.epoch(), now);
        }
    }

    private void insert(long from, long to) {
        for (long i = from; i <= to; i++) {
            primary.writer.admit();
            WalBench.insert(primary.writer, i, 500);
        }
        primary.writer.flush(primary.writer.insertLsn());
    }

    @Test
    void shouldSendAllAndRaiseTheHorizonToWhatBothHave() throws IOException {
        insert(1, 300);
        settle();
        assertTrue(sender.isStreaming() && receiver.isStreaming());
        insert(301, 320);
        settle();
        assertEquals(primary.writer.flushLsn(), replica.log.flushLsn());
        assertEquals(primary.writer.flushLsn(), replica.horizon.get());
        assertEquals(LongStream.rangeClosed(1, 320).boxed().toList(), replica.readAll());
        assertEquals(320L, replica.readAll().size());
    }

    @Test
    void shouldStopAtTheWindow() {
        settle();
        insert(1, 300);
        while (sender.next(now)) {
            // Each step has sent something.
        }
        long sent = sender.sentLsn() - WalBench.START.endLsn().value();
        assertTrue(sent >= 20_000 && sent < 25_000, "sent " + sent);
        assertTrue(toReceiver.stream().allMatch(s -> ((WalData) s.message()).bytes().remaining() <= 5_000));
        settle();
        assertEquals(primary.writer.flushLsn(), replica.log.flushLsn());
    }

    @Test
    void shouldTellTheHostNothingBeforeTheProof() {
        connect("some other secret");
        settle();
        assertEquals(ErrorCode.AUTHENTICATION, senderEnd);
        assertEquals(ErrorCode.AUTHENTICATION, replica.refused.get());
        assertTrue(primary.joined.isEmpty());
    }

    @Test
    void shouldRefuseMessagesOutOfPlace() {
        SenderLink fresh = new SenderLink(primary, OPTIONS, StreamBench.credentials(StreamBench.SECRET), now,
                this::perform);
        fresh.onMessage(new StartStreaming(1, 100, "", 0, 0, ""), 9, now);
        assertTrue(fresh.isClosed());
        assertEquals(ErrorCode.PROTOCOL, senderEnd);
        assertEquals(0, primary.newerEpoch);
        connect(StreamBench.SECRET);
        settle();
        receiver.onMessage(new Message.BaseCopyEnd(1), 1, now);
        assertEquals(ErrorCode.PROTOCOL, receiverEnd);
    }

    @Test
    void shouldNotAcknowledgeToADeposedPrimary() {
        settle();
        insert(1, 10);
        while (sender.next(now)) {
            // Each step has sent something.
        }
        replica.onEpoch(2);
        seen.clear();
        deliver();
        assertEquals(ErrorCode.STALE_EPOCH, receiverEnd);
        assertTrue(seen.stream().noneMatch(Feedback.class::isInstance));
        assertEquals(WalBench.START.endLsn().value(), replica.log.writeLsn());
        // Its own report would have told as well.
        sender.onMessage(new Feedback(1, 100, 100, 0, 0, 0), 2, now);
        assertEquals(2, primary.newerEpoch);
        assertEquals(ErrorCode.STALE_EPOCH, senderEnd);
    }

    @Test
    void shouldNotCountAReportOfAnOlderEpoch() {
        settle();
        insert(1, 10);
        settle();
        long before = primary.feedback.get("one").flushLsn();
        primary.epoch = 2;
        sender.onMessage(new Feedback(1, before + 8, before + 8, 0, 0, 0), 1, now);
        assertEquals(before, primary.feedback.get("one").flushLsn());
        assertFalse(sender.isClosed());
        insert(11, 20);
        settle();
        assertEquals(2, replica.epoch());
        assertEquals(primary.writer.flushLsn(), primary.feedback.get("one").flushLsn());
    }

    @Test
    void shouldRefuseAReportBeyondWhatWasSent() {
        settle();
        sender.onMessage(new Feedback(1, 1L << 40, 1, 0, 0, 0), 1, now);
        assertEquals(ErrorCode.PROTOCOL, senderEnd);
    }

    @Test
    void shouldKeepALinkAliveAndGiveUpADeadOne() {
        settle();
        for (int i = 0; i < 50; i++) {
            now += 600;
            sender.onTick(now);
            receiver.onTick(now);
            settle();
        }
        assertFalse(sender.isClosed() || receiver.isClosed());
        assertTrue(seen.stream().anyMatch(Keepalive.class::isInstance));
        toReceiver.clear();
        now += 10_001;
        receiver.onTick(now);
        sender.onTick(now);
        assertEquals(ErrorCode.TIMEOUT, receiverEnd);
        assertEquals(ErrorCode.TIMEOUT, senderEnd);
        assertFalse(primary.slots.get("one").active());
    }

    @Test
    void shouldEndWhenTheNodeStopsSendingOrReceiving() {
        settle();
        primary.source = null;
        sender.onTick(now);
        assertEquals(ErrorCode.NOT_READY, senderEnd);
        connect(StreamBench.SECRET);
        settle();
        assertEquals(ErrorCode.NOT_READY, replica.refused.get());
    }

    @Test
    void shouldAcknowledgeAWriteAtOnceIfSomebodyWaitsForIt() {
        settle();
        insert(1, 3);
        sender.next(now);
        WalData data = assertInstanceOf(WalData.class, toReceiver.peek().message());
        assertFalse(data.ackWrite());
        settle();
        primary.wantsWrite = true;
        insert(4, 6);
        sender.next(now);
        assertTrue(assertInstanceOf(WalData.class, toReceiver.peek().message()).ackWrite());
        settle();
        assertEquals(primary.writer.flushLsn(), primary.feedback.get("one").writeLsn());
    }
}
