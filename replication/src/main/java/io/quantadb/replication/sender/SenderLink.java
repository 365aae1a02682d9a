package io.quantadb.replication.sender;

import io.quantadb.base.FileHandle;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Histories;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.AuthChallenge;
import io.quantadb.replication.protocol.Message.AuthProof;
import io.quantadb.replication.protocol.Message.BaseCopyRequest;
import io.quantadb.replication.protocol.Message.Diverged;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.Message.Hello;
import io.quantadb.replication.protocol.Message.Keepalive;
import io.quantadb.replication.protocol.Message.PageRequest;
import io.quantadb.replication.protocol.Message.StartStreaming;
import io.quantadb.replication.protocol.Message.TimelineEnd;
import io.quantadb.replication.protocol.Message.WalData;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.Protocol;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.protocol.ScramServer;
import io.quantadb.replication.sender.SenderAction.Authenticated;
import io.quantadb.replication.sender.SenderAction.Close;
import io.quantadb.replication.sender.SenderAction.CopyBase;
import io.quantadb.replication.sender.SenderAction.ReadPages;
import io.quantadb.replication.sender.SenderAction.Send;
import io.quantadb.replication.sender.SenderAction.SendWal;
import io.quantadb.replication.slot.SlotException;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The sending end of one link as a step function: (message, now) to actions. Knows neither sockets nor clocks; confined
 * to one thread.
 *
 * <pre>
 *   GREETING --Hello, SCRAM--> PROVING --AuthProof--> READY --StartStreaming--> STREAMING
 *       \-----Hello, certificate--------------------/  |  ^---TimelineEnd sent-----/
 *                                                      \--BaseCopyRequest--> COPYING --end--> READY
 *   any --error, timeout, newer epoch--> CLOSED
 * </pre>
 *
 * <p>Before READY nothing of the peer is believed and the host hears nothing of it. WAL is sent only while the peer's
 * position lies on the host's history, and never beyond the host's written position.
 *
 * <p>The caller hands in messages ({@link #onMessage}) and time ({@link #onTick}), and pulls what there is to send
 * ({@link #next}) whenever the channel has room and WAL, horizon or window have moved.
 */
public final class SenderLink {
    private enum State { GREETING, PROVING, READY, STREAMING, COPYING, CLOSED }

    private final SenderHost host;
    private final SenderOptions options;
    private final ScramServer authentication;
    private final Consumer<SenderAction> actions;
    private final long createdNanos;
    private State state = State.GREETING;
    private Hello hello;
    private String slot = "";
    private long lastReceivedNanos;
    private long lastSentNanos;
    private boolean replyRequested;
    private boolean behind;

    private int timeline;
    private long sentLsn;
    private long horizonSent;
    private Feedback feedback;

    /** @param actions carries out what the link wants, at once and in order */
    public SenderLink(SenderHost host, SenderOptions options, Credentials credentials, long nowNanos,
            Consumer<SenderAction> actions) {
        this.host = host;
        this.options = options;
        this.authentication = new ScramServer(credentials);
        this.actions = actions;
        this.createdNanos = nowNanos;
        this.lastReceivedNanos = nowNanos;
    }

    /** Who is there; null before it has proved it. */
    public NodeAndKind peer() {
        return state == State.GREETING || state == State.PROVING || hello == null ? null
                : new NodeAndKind(hello.node(), hello.kind());
    }

    /** A peer that has joined. */
    public record NodeAndKind(io.quantadb.replication.protocol.NodeInfo node, PeerKind kind) {
    }

    public boolean isStreaming() {
        return state == State.STREAMING;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** End of what has been sent. */
    public long sentLsn() {
        return sentLsn;
    }

    /** The peer's latest report; null before the first. */
    public Feedback feedback() {
        return feedback;
    }

    public String slot() {
        return slot;
    }

    /** Takes one message. */
    public void onMessage(Message message, long epoch, long nowNanos) {
        if (state == State.CLOSED) {
            return;
        }
        lastReceivedNanos = nowNanos;
        try {
            if (isAuthenticated()) {
                checkEpoch(epoch);
            }
            switch (message) {
                case Hello m when state == State.GREETING -> onHello(m, epoch);
                case AuthProof m when state == State.PROVING -> {
                    String proof = authentication.finish(m.clientFinal());
                    welcome(proof, epoch);
                }
                case StartStreaming m when state == State.READY -> onStart(m);
                case Feedback m when state == State.STREAMING || state == State.READY ->
                    onFeedback(m, epoch, nowNanos);
                case BaseCopyRequest m when state == State.READY && hello.kind() == PeerKind.BASE_COPY -> {
                    state = State.COPYING;
                    act(new CopyBase(m));
                }
                case PageRequest m when isAuthenticated() -> act(new ReadPages(m));
                case Failure m -> close(null, m.code() + ": " + m.text());
                default -> throw new ProtocolException(ErrorCode.PROTOCOL, "message "
                        + message.getClass().getSimpleName() + " has no place in state " + state);
            }
        } catch (ProtocolException e) {
            close(e.code(), e.getMessage());
        } catch (SlotException e) {
            close(e.reason() == SlotException.Reason.INVALIDATED ? ErrorCode.SLOT_INVALIDATED : ErrorCode.REFUSED,
                    e.getMessage());
        } catch (IOException e) {
            close(ErrorCode.IO, e.getMessage());
        }
    }

    private boolean isAuthenticated() {
        return state != State.GREETING && state != State.PROVING;
    }

    private void act(SenderAction action) {
        actions.accept(action);
    }

    private void send(Message message) {
        act(new Send(message));
    }

    private void checkEpoch(long epoch) throws ProtocolException {
        long own = host.epoch();
        if (epoch > own) {
            host.onNewerEpoch(epoch, hello.node());
            throw new ProtocolException(ErrorCode.STALE_EPOCH, "epoch " + own + " of node "
                    + host.self().nodeId() + " is over, node " + hello.node().nodeId() + " knows " + epoch);
        }
    }

    private void onHello(Hello m, long epoch) throws ProtocolException {
        if (Protocol.negotiate(m.versionMin(), m.versionMax()) == 0) {
            throw new ProtocolException(ErrorCode.VERSION, "protocol versions " + m.versionMin() + " to "
                    + m.versionMax() + " are not spoken here, but " + Protocol.VERSION_MIN + " to "
                    + Protocol.VERSION_MAX);
        }
        hello = m;
        String challenge = authentication.start(m.mechanism(), m.scramFirst());
        if (challenge == null) {
            welcome("", epoch);
        } else {
            state = State.PROVING;
            send(new AuthChallenge(challenge));
        }
    }

    /** The peer has proved who it is; does it belong here? */
    private void welcome(String proof, long epoch) throws ProtocolException {
        // Refusals from here on carry our epoch and reasons: the peer may see them.
        if (!hello.node().clusterName().equals(host.self().clusterName())) {
            throw new ProtocolException(ErrorCode.WRONG_CLUSTER, "this is cluster \"" + host.self().clusterName()
                    + "\", not \"" + hello.node().clusterName() + "\"");
        }
        boolean needsData = hello.kind() == PeerKind.REPLICA || hello.kind() == PeerKind.CASCADING;
        if (hello.systemId() != host.systemId() && (needsData || hello.systemId() != 0)) {
            throw new ProtocolException(ErrorCode.WRONG_SYSTEM, "this is database system "
                    + Long.toUnsignedString(host.systemId()) + ", not " + Long.toUnsignedString(hello.systemId()));
        }
        checkEpoch(epoch);
        WalSource wal = host.wal();
        if (wal == null) {
            throw new ProtocolException(ErrorCode.NOT_READY, "node " + host.self().nodeId() + " is not serving");
        }
        host.onJoin(hello.node(), hello.kind());
        state = State.READY;
        int version = Protocol.negotiate(hello.versionMin(), hello.versionMax());
        act(new Authenticated(version));
        send(new Welcome(version, host.systemId(), host.self(), host.isPrimary(), wal.history().timeline().value(),
                wal.writtenLsn(), host.horizonLsn(), wal.layout().sizeBytes(), proof, wal.history().format()));
    }

    // --- streaming -----------------------------------------------------------------------------------------------

    private void onStart(StartStreaming m) throws ProtocolException, SlotException, IOException {
        WalSource wal = host.wal();
        if (wal == null) {
            throw new ProtocolException(ErrorCode.NOT_READY, "node " + host.self().nodeId() + " is not serving");
        }
        if (!checkHistory(m, wal)) {
            return;
        }
        checkAvailable(m.startLsn(), wal);
        if (!m.slot().isEmpty()) {
            host.slots().acquire(m.slot(), new Lsn(m.startLsn()), this);
            slot = m.slot();
        }
        timeline = m.timeline();
        sentLsn = m.startLsn();
        feedback = new Feedback(timeline, sentLsn, sentLsn, 0, 0, 0);
        state = State.STREAMING;
        // The first message tells the horizon even if there is no WAL to send.
        horizonSent = -1;
    }

    /** Whether the peer's position lies on our history; tells it where it does not. */
    private boolean checkHistory(StartStreaming m, WalSource wal) throws ProtocolException, IOException {
        TimelineHistory ours = wal.history();
        TimelineHistory theirs = Histories.parse(m.timeline(), m.history());
        Histories.Fork common = Histories.lastCommon(theirs, m.startLsn(), ours);
        if (common == null) {
            throw new ProtocolException(ErrorCode.NO_COMMON_HISTORY, "timeline " + m.timeline()
                    + " has nothing in common with timeline " + ours.timeline() + " of node " + host.self().nodeId()
                    + "; a new base copy is needed");
        }
        if (common.timeline() != m.timeline() || common.lsn() < m.startLsn()) {
            return diverged(common.timeline(), common.lsn(), ours);
        }
        boolean current = m.timeline() == ours.timeline().value();
        if (current && m.startLsn() > wal.writtenLsn()) {
            if (host.isPrimary()) {
                // It has what we sent before a crash and lost in it: never acknowledged, and different now.
                return diverged(m.timeline(), Math.min(wal.startLsn(), wal.writtenLsn()), ours);
            }
            behind = true;
        }
        if (m.lastRecordLsn() > 0 && m.lastRecordCrc() != 0 && m.startLsn() <= wal.writtenLsn()) {
            Boolean same = hasRecord(m.lastRecordLsn(), m.lastRecordCrc(), wal);
            if (same != null && !same) {
                long safe = current && m.startLsn() > wal.startLsn() ? wal.startLsn() : 0;
                return diverged(m.timeline(), safe, ours);
            }
        }
        return true;
    }

    private boolean diverged(int forkTimeline, long forkLsn, TimelineHistory ours) {
        send(new Diverged(forkTimeline, ours.timeline().value(), forkLsn, ours.format()));
        return false;
    }

    /** Whether our WAL has the record with this checksum there; null if our WAL of that place is gone. */
    private static Boolean hasRecord(long lsn, int crc, WalSource wal) throws IOException {
        SegmentLayout layout = wal.layout();
        try (FileHandle file = wal.openSegment(layout.segmentOf(lsn))) {
            if (file == null) {
                return null;
            }
            byte[] bytes = new byte[WalFormat.HEADER_SIZE];
            int length = file.read(ByteBuffer.wrap(bytes), layout.offsetOf(lsn));
            return length == bytes.length && Memory.getInt(bytes, WalFormat.OFFSET_CRC) == crc;
        }
    }

    private void checkAvailable(long startLsn, WalSource wal) throws ProtocolException, IOException {
        long from = firstByte(startLsn, wal.layout());
        if (from >= wal.writtenLsn()) {
            return;
        }
        try (FileHandle file = wal.openSegment(wal.layout().segmentOf(from))) {
            if (file == null) {
                throw new ProtocolException(ErrorCode.WAL_REMOVED, "WAL from " + Lsn.format(startLsn)
                        + " on has been removed from node " + host.self().nodeId() + "; a new base copy is needed");
            }
        }
    }

    /** Where the bytes behind {@code lsn} are: not in a segment's header. */
    private static long firstByte(long lsn, SegmentLayout layout) {
        int offset = layout.offsetOf(lsn);
        return offset < SegmentHeader.SIZE ? lsn - offset + SegmentHeader.SIZE : lsn;
    }

    private void onFeedback(Feedback m, long epoch, long nowNanos) throws ProtocolException {
        replyRequested = false;
        if (state != State.STREAMING || m.timeline() != timeline || epoch != host.epoch()) {
            return;
        }
        // A skip record's end is the next segment's first record, just behind what was sent.
        if (m.writeLsn() > sentLsn + SegmentHeader.SIZE && !behind || m.flushLsn() > m.writeLsn()) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "acknowledged " + Lsn.format(m.writeLsn()) + " and "
                    + Lsn.format(m.flushLsn()) + ", sent is " + Lsn.format(sentLsn));
        }
        feedback = m;
        if (!slot.isEmpty()) {
            host.slots().advance(slot, new Lsn(m.flushLsn()), this);
        }
        host.onFeedback(hello.node(), m, m.echoNanos() == 0 ? -1 : nowNanos - m.echoNanos());
    }

    /**
     * Sends the next piece, if there is one and the window allows it.
     *
     * @return false if there is nothing to send now
     */
    public boolean next(long nowNanos) {
        if (state != State.STREAMING) {
            return false;
        }
        WalSource wal = host.wal();
        if (wal == null) {
            close(ErrorCode.NOT_READY, "node " + host.self().nodeId() + " stops sending");
            return false;
        }
        TimelineHistory history = wal.history();
        boolean current = history.timeline().value() == timeline;
        long limit = wal.writtenLsn();
        if (!current) {
            Lsn left = ancestorEnd(history);
            if (left == null) {
                close(ErrorCode.NOT_READY, "timeline " + timeline + " is no longer on this node's history");
                return false;
            }
            limit = left.value();
        }
        SegmentLayout layout = wal.layout();
        long from = firstByte(sentLsn, layout);
        if (from >= firstByte(limit, layout)) {
            return current ? announce(wal, nowNanos) : endTimeline(history, limit, layout);
        }
        if (from >= limit || sentLsn - feedback.writeLsn() >= options.windowBytes()) {
            return announce(wal, nowNanos);
        }
        long end = Math.min(Math.min(limit, from + options.frameBytes()),
                layout.startOf(layout.segmentOf(from) + 1));
        WalData fixed = new WalData(timeline, host.wantsWriteAcknowledgements(), host.wantsReplayAcknowledgements(),
                from, host.horizonLsn(), limit, nowNanos, null);
        horizonSent = fixed.horizonLsn();
        lastSentNanos = nowNanos;
        sentLsn = end;
        behind = false;
        act(new SendWal(wal, fixed, (int) (end - from), current));
        return true;
    }

    private Lsn ancestorEnd(TimelineHistory history) {
        for (TimelineHistory.Ancestor ancestor : history.ancestors()) {
            if (ancestor.timeline().value() == timeline) {
                return ancestor.switchLsn();
            }
        }
        return null;
    }

    private boolean endTimeline(TimelineHistory history, long switchLsn, SegmentLayout layout) {
        state = State.READY;
        if (firstByte(sentLsn, layout) > firstByte(switchLsn, layout)) {
            diverged(timeline, switchLsn, history);
            return false;
        }
        int next = Histories.childOf(history, timeline);
        send(new TimelineEnd(next, switchLsn, Histories.upTo(history, next).format()));
        return false;
    }

    /** The horizon alone, if it has moved. */
    private boolean announce(WalSource wal, long nowNanos) {
        if (host.horizonLsn() != horizonSent) {
            keepalive(wal, nowNanos, false);
        }
        return false;
    }

    private void keepalive(WalSource wal, long nowNanos, boolean reply) {
        horizonSent = host.horizonLsn();
        lastSentNanos = nowNanos;
        replyRequested |= reply;
        send(new Keepalive(reply, horizonSent, wal.writtenLsn(), nowNanos));
    }

    // --- time ----------------------------------------------------------------------------------------------------

    /** To be called about every tenth of a second. */
    public void onTick(long nowNanos) {
        switch (state) {
            case GREETING, PROVING -> {
                if (nowNanos - createdNanos > options.handshakeNanos()) {
                    close(ErrorCode.TIMEOUT, "no authentication in time");
                }
            }
            case READY -> {
                // A replica that changes its timeline makes a segment first, which may take long on a busy disk.
                if (nowNanos - lastReceivedNanos > Math.max(options.timeoutNanos(), options.handshakeNanos())
                        && hello.kind() != PeerKind.TOOL) {
                    close(ErrorCode.TIMEOUT, "nothing was asked for in time");
                }
            }
            case STREAMING -> tickStreaming(nowNanos);
            case COPYING, CLOSED -> { }
        }
    }

    private void tickStreaming(long nowNanos) {
        WalSource wal = host.wal();
        if (wal == null) {
            close(ErrorCode.NOT_READY, "node " + host.self().nodeId() + " stops sending");
        } else if (nowNanos - lastReceivedNanos > options.timeoutNanos()) {
            close(ErrorCode.TIMEOUT, "node " + hello.node().nodeId() + " has not answered for "
                    + options.timeoutNanos() / 1_000_000 + " ms");
        } else if (!slot.isEmpty() && !host.slots().isHeldBy(slot, this)) {
            var view = host.slots().get(slot);
            boolean invalid = view != null && view.slot().invalidated();
            close(invalid ? ErrorCode.SLOT_INVALIDATED : ErrorCode.REFUSED, "replication slot \"" + slot + "\" "
                    + (invalid ? "was invalidated: it retained more WAL than replication.max_retained_wal allows; "
                    + "the replica needs a new base copy" : "was dropped or taken by a newer connection"));
        } else if (nowNanos - lastReceivedNanos > options.timeoutNanos() / 2 && !replyRequested) {
            keepalive(wal, nowNanos, true);
        } else if (nowNanos - lastSentNanos > options.keepaliveNanos()) {
            keepalive(wal, nowNanos, true);
        }
    }

    /** The copy asked for by {@link CopyBase} is over. */
    public void onCopyEnd(long nowNanos) {
        if (state == State.COPYING) {
            lastReceivedNanos = nowNanos;
            state = State.READY;
        }
    }

    /** Ends the link; with a code the peer is told. */
    public void close(ErrorCode code, String text) {
        if (state == State.CLOSED) {
            return;
        }
        boolean joined = isAuthenticated();
        state = State.CLOSED;
        if (!slot.isEmpty() && host.slots() != null) {
            host.slots().release(slot, this);
        }
        act(new Close(code, text));
        if (joined) {
            host.onLeave(hello.node(), hello.kind());
        }
    }
}
