package io.quantadb.replication.receiver;

import io.quantadb.base.Lsn;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Histories;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.Diverged;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.Message.Keepalive;
import io.quantadb.replication.protocol.Message.StartStreaming;
import io.quantadb.replication.protocol.Message.TimelineEnd;
import io.quantadb.replication.protocol.Message.WalData;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.receiver.ReceiverAction.Authenticated;
import io.quantadb.replication.receiver.ReceiverAction.Close;
import io.quantadb.replication.receiver.ReceiverAction.Send;
import io.quantadb.wal.recovery.TimelineHistory;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The receiving end of one link as a step function: (message, now) to actions. Knows neither sockets nor clocks;
 * confined to one thread.
 *
 * <pre>
 *   GREETING --Welcome verified, StartStreaming sent--> STREAMING --TimelineEnd, StartStreaming sent--> STREAMING
 *   any --error, timeout, older epoch, Diverged--> CLOSED
 * </pre>
 *
 * <p>Invariants: nothing of an epoch older than the host's is taken or acknowledged; the horizon is believed only while
 * streaming, that is when our WAL lies on the sender's history; a position is acknowledged only after the log has it.
 */
public final class ReceiverLink {
    private enum State { GREETING, STREAMING, CLOSED }

    private final ReceiverHost host;
    private final ReceivedLog log;
    private final ReceiverOptions options;
    private final ClientHandshake handshake;
    private final Consumer<ReceiverAction> actions;
    private State state = State.GREETING;
    private long lastReceivedNanos;
    private long lastReportNanos;
    private long echoNanos;
    private long horizonLsn;
    private long senderWrittenLsn;
    private boolean ackWrite;
    private boolean ackReplay;
    private boolean replyDue;
    private boolean wasBusy;
    private Feedback reported = new Feedback(0, 0, 0, 0, 0, 0);

    /** @param log of the host, not null; the link ends when it changes */
    public ReceiverLink(ReceiverHost host, ReceivedLog log, ReceiverOptions options, Credentials credentials,
            long nowNanos, Consumer<ReceiverAction> actions) {
        this.host = host;
        this.log = log;
        this.options = options;
        this.actions = actions;
        this.lastReceivedNanos = nowNanos;
        this.handshake = new ClientHandshake(host.self(), host.kind(), host.systemId(), credentials,
                message -> actions.accept(new Send(message)));
    }

    public boolean isStreaming() {
        return state == State.STREAMING;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** End of the sender's WAL when it last said so. */
    public long senderWrittenLsn() {
        return senderWrittenLsn;
    }

    public long horizonLsn() {
        return horizonLsn;
    }

    public long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    /** The connection is there. */
    public void onConnected() {
        log.forgetPartial();
        handshake.hello(log.history().timeline().value(), log.writeLsn());
    }

    /** Takes one message; its bytes are no longer needed on return. */
    public void onMessage(Message message, long epoch, long nowNanos) {
        if (state == State.CLOSED) {
            return;
        }
        lastReceivedNanos = nowNanos;
        try {
            if (message instanceof Failure failure) {
                // Says why; believed before authentication as well, since the link ends either way.
                state = State.CLOSED;
                host.onRefused(failure.code(), failure.text());
                actions.accept(new Close(null, failure.code() + ": " + failure.text()));
            } else if (state == State.GREETING) {
                Welcome welcome = handshake.onMessage(message);
                if (welcome != null) {
                    checkEpoch(epoch);
                    onWelcome(welcome);
                }
            } else {
                checkEpoch(epoch);
                onStreaming(message, nowNanos);
            }
        } catch (ProtocolException e) {
            close(e.code(), e.getMessage());
        } catch (IOException e) {
            close(ErrorCode.IO, e.getMessage());
        }
    }

    private void checkEpoch(long epoch) throws ProtocolException {
        long seen = host.epoch();
        if (epoch < seen) {
            throw new ProtocolException(ErrorCode.STALE_EPOCH, "epoch " + epoch + " is over, node "
                    + host.self().nodeId() + " has seen " + seen);
        }
        if (epoch > seen) {
            host.onEpoch(epoch);
        }
    }

    private void onWelcome(Welcome welcome) throws ProtocolException {
        if (welcome.segmentSizeBytes() != log.layout().sizeBytes()) {
            throw new ProtocolException(ErrorCode.WRONG_SYSTEM, "WAL segments of node " + welcome.node().nodeId()
                    + " have " + welcome.segmentSizeBytes() + " bytes, ours " + log.layout().sizeBytes());
        }
        host.onWelcome(welcome);
        actions.accept(new Authenticated(welcome.version()));
        senderWrittenLsn = welcome.writtenLsn();
        start();
    }

    private void start() {
        state = State.STREAMING;
        reported = new Feedback(0, 0, 0, 0, 0, 0);
        TimelineHistory history = log.history();
        actions.accept(new Send(new StartStreaming(history.timeline().value(), log.writeLsn(), host.slotName(),
                Math.max(0, log.lastRecordLsn()), log.lastRecordCrc(), history.format())));
    }

    private void onStreaming(Message message, long nowNanos) throws ProtocolException, IOException {
        switch (message) {
            case WalData m -> onWal(m);
            case Keepalive m -> {
                echoNanos = m.sendNanos();
                senderWrittenLsn = m.writtenLsn();
                replyDue |= m.replyRequested();
                horizon(m.horizonLsn());
            }
            case TimelineEnd m -> onTimelineEnd(m);
            case Diverged m -> {
                TimelineHistory theirs = Histories.parse(m.senderTimeline(), m.history());
                state = State.CLOSED;
                host.onDiverged(m.timeline(), m.forkLsn(), theirs);
                actions.accept(new Close(null, "our WAL leaves the sender's history at " + Lsn.format(m.forkLsn())
                        + " of timeline " + m.timeline()));
            }
            default -> throw new ProtocolException(ErrorCode.PROTOCOL, "message "
                    + message.getClass().getSimpleName() + " has no place while streaming");
        }
    }

    private void onWal(WalData m) throws ProtocolException, IOException {
        if (m.timeline() != log.history().timeline().value()) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "WAL of timeline " + m.timeline() + ", we are on "
                    + log.history().timeline());
        }
        log.append(m.bytes(), m.startLsn());
        echoNanos = m.sendNanos();
        senderWrittenLsn = m.writtenLsn();
        ackWrite = m.ackWrite();
        ackReplay = m.ackReplay();
        horizon(m.horizonLsn());
    }

    private void horizon(long lsn) {
        if (lsn > horizonLsn) {
            horizonLsn = lsn;
            host.onHorizon(lsn);
        }
    }

    private void onTimelineEnd(TimelineEnd m) throws ProtocolException, IOException {
        TimelineHistory next = Histories.parse(m.nextTimeline(), m.history());
        int current = log.history().timeline().value();
        var end = next.switchLsnOf(log.history().timeline());
        if (end == null || end.value() != m.switchLsn() || m.nextTimeline() <= current) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "timeline " + m.nextTimeline()
                    + " is said to follow timeline " + current + ", its history says otherwise");
        }
        if (log.layout().recordStartAt(log.writeLsn()) != log.layout().recordStartAt(m.switchLsn())) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "timeline " + current + " ends at "
                    + Lsn.format(m.switchLsn()) + ", received is " + Lsn.format(log.writeLsn()));
        }
        // Makes a segment, which may take long on a busy disk: that silence is ours.
        log.switchTimeline(next, m.switchLsn());
        wasBusy = true;
        host.onTimeline(next);
        start();
    }

    /** All that had arrived has been handed in: sync it, and report if somebody waits for it. */
    public void onReadComplete(long nowNanos) {
        if (state != State.STREAMING) {
            return;
        }
        log.requestFlush();
        if (replyDue || ackWrite && log.writeLsn() > reported.writeLsn()
                || log.writeLsn() - reported.writeLsn() >= options.reportBytes()) {
            report(nowNanos);
        }
    }

    /** Positions have moved: flushed, or replayed. */
    public void onProgress(long nowNanos) {
        if (state != State.STREAMING) {
            return;
        }
        if (log.flushLsn() > reported.flushLsn() || host.replayedLsn() > reported.replayLsn()
                && (ackReplay || nowNanos - lastReportNanos >= options.replayReportNanos())) {
            report(nowNanos);
        }
    }

    private void report(long nowNanos) {
        // The flush position first: it must not pass the write position read.
        long flushLsn = log.flushLsn();
        reported = new Feedback(log.history().timeline().value(), log.writeLsn(), flushLsn, host.replayedLsn(),
                host.oldestSnapshotLsn(), echoNanos);
        echoNanos = 0;
        replyDue = false;
        lastReportNanos = nowNanos;
        actions.accept(new Send(reported));
    }

    /** To be called about every tenth of a second, or oftener. */
    public void onTick(long nowNanos) {
        if (state == State.CLOSED) {
            return;
        }
        if (wasBusy) {
            wasBusy = false;
            lastReceivedNanos = nowNanos;
        }
        if (host.log() != log) {
            close(null, "this node stops receiving");
        } else if (nowNanos - lastReceivedNanos > options.timeoutNanos()) {
            close(ErrorCode.TIMEOUT, "the sender has been silent for " + options.timeoutNanos() / 1_000_000 + " ms");
        } else if (state == State.STREAMING && (nowNanos - lastReportNanos > options.statusNanos()
                || host.replayedLsn() > reported.replayLsn())) {
            report(nowNanos);
        }
    }

    /** Ends the link; with a code the peer is told. */
    public void close(ErrorCode code, String text) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            actions.accept(new Close(code, text));
        }
    }
}
