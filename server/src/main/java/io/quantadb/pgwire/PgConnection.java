package io.quantadb.pgwire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.CopyInput;
import io.quantadb.session.OffLoop;
import io.quantadb.session.Session;
import io.quantadb.session.SessionTransfer;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: frames messages, hands them to the session, sends its answers.
 *
 * <pre>
 *   STARTUP --startup packet, login--> READY --Terminate, FATAL, peer gone--> CLOSED
 *   READY --moveTo(node)--> MOVING --the node has the session--> RELAYED --either side gone--> CLOSED
 * </pre>
 * A <em>boundary</em> is where a client may be parked or moved: nothing of it runs or is half received, it has its
 * ReadyForQuery, and no transaction is open.
 *
 * Confined to its event loop, except where a method says otherwise. In READY a message is handled on the loop; if the
 * session throws {@link OffLoop}, the same message is handled on a virtual thread,
 * {@code busy} is set, and further input waits in {@code input} (reading stops when that grows). Exactly one thread
 * uses the session at any time.
 *
 * <p>What the session wrote is sent when the loop has no further complete message of this client: one write for a
 * pipeline. Output that must wait for WAL to become durable stays in {@code held}, in order.
 */
final class PgConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(PgConnection.class);
    /** Input kept while a statement runs before reading stops. */
    private static final int INPUT_HIGH_WATER = 1 << 20;
    /** Output chunks on their way to the socket before a producing thread waits. */
    private static final int OUTPUT_PERMITS = 16;

    private enum Phase { STARTUP, READY, MOVING, RELAYED, CLOSED }

    /**
     * Output that may leave once WAL up to lsn is durable.
     *
     * @param permit a producing thread is to get a permit back when it has left
     */
    private record Held(ByteBuf data, long lsn, boolean permit) {
    }

    private final PgServer server;
    private final PgWriter writer = new PgWriter(this);
    private final Semaphore outputPermits = new Semaphore(OUTPUT_PERMITS);
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private ChannelHandlerContext context;
    private DurableReplies replies;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private Phase phase = Phase.STARTUP;
    private Startup startup;
    private Session session;
    private boolean busy;
    private SqlException failLater;
    private boolean closeWhenSent;
    /** Held replies were given up: nothing follows the FATAL message. */
    private boolean failed;
    /** The last message was one that ends with ReadyForQuery. */
    private boolean answered = true;
    private RelayTarget movesTo;
    private ClientRelay relay;
    private int movedProcessId;
    private int movedSecretKey;
    private volatile CopyReceiver copy;

    PgConnection(PgServer server) {
        this.server = server;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext newContext) {
        context = newContext;
        replies = server.repliesOf(newContext.channel().eventLoop());
        startup = new Startup(server, this, writer);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        server.connected(this);
        startup.armTimeout(ctx.channel().eventLoop());
    }

    ChannelHandlerContext context() {
        return context;
    }

    PgWriter writer() {
        return writer;
    }

    // ---- Input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (phase == Phase.CLOSED) {
            data.release();
            return;
        }
        if (phase == Phase.RELAYED) {
            relay.fromClient(data);
            return;
        }
        if (input.isReadable()) {
            input = appended(input, data);
        } else {
            input.release();
            input = data;
        }
        if (busy) {
            feedCopy();
            CopyReceiver receiver = copy;
            // A receiver takes what is complete; behind that may be the beginning of a message of any size.
            if ((receiver == null || receiver.isComplete()) && input.readableBytes() > INPUT_HIGH_WATER) {
                ctx.channel().config().setAutoRead(false);
            }
        } else {
            drain();
            if (input.readableBytes() > INPUT_HIGH_WATER && (phase == Phase.MOVING || phase == Phase.READY && parked())) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    private ByteBuf appended(ByteBuf first, ByteBuf second) {
        int needed = first.readableBytes() + second.readableBytes();
        ByteBuf target = first;
        if (first.writableBytes() < second.readableBytes() || first.refCnt() > 1) {
            target = context.alloc().buffer(Math.max(needed, Math.min(2 * needed, MessageReader.LARGE_LIMIT)));
            target.writeBytes(first);
            first.release();
        }
        target.writeBytes(second);
        second.release();
        return target;
    }

    /** Handles every complete message, until one goes to a thread of its own. */
    private void drain() {
        try {
            while (!busy && phase != Phase.CLOSED && phase != Phase.MOVING && phase != Phase.RELAYED && input.isReadable()) {
                if (phase == Phase.STARTUP) {
                    if (!startup.handle(input)) {
                        break;
                    }
                    continue;
                }
                if (movesTo != null && atBoundary()) {
                    move();
                    break;
                }
                if (parked()) {
                    break;
                }
                boolean simpleQuery = input.getByte(input.readerIndex()) == 'Q';
                FrontendMessage message;
                try {
                    message = MessageReader.read(input);
                } catch (SqlException e) {
                    badMessage(e, simpleQuery);
                    continue;
                }
                if (message == null) {
                    break;
                }
                handle(message);
            }
        } catch (SqlException fatal) {
            fatal(fatal);
        }
        if (!busy) {
            send();
        }
    }

    private void badMessage(SqlException error, boolean simpleQuery) {
        if (error.severity() == Severity.FATAL) {
            writer.error(error);
            throw error;
        }
        session.failMessage(error, simpleQuery);
    }

    private void handle(FrontendMessage message) {
        if (message instanceof FrontendMessage.Terminate) {
            close();
            return;
        }
        session.mayWait(false);
        try {
            dispatch(message);
        } catch (OffLoop e) {
            busy = true;
            server.startThread(() -> handleOffLoop(message));
        }
    }

    /** On a virtual thread. */
    private void handleOffLoop(FrontendMessage message) {
        Throwable failure = null;
        try {
            session.mayWait(true);
            dispatch(message);
        } catch (Throwable e) {
            failure = e;
        }
        Throwable outcome = failure;
        context.channel().eventLoop().execute(() -> resume(outcome));
    }

    private void resume(Throwable failure) {
        busy = false;
        if (copy != null) {
            copy.abandon();
            copy = null;
        }
        if (phase == Phase.CLOSED) {
            endSession();
            return;
        }
        if (failure instanceof SqlException fatal) {
            fatal(fatal);
            return;
        }
        SqlException reason = failLater;
        failLater = null;
        if (failure == null && reason != null && !held.isEmpty()) {
            failHeld(reason);
            return;
        }
        if (failure != null) {
            server.supervisor().accept(failure);
            return;
        }
        context.channel().config().setAutoRead(true);
        drain();
    }

    private void dispatch(FrontendMessage message) {
        answered = message instanceof FrontendMessage.Query || message instanceof FrontendMessage.Sync;
        switch (message) {
            case FrontendMessage.Query m -> session.simpleQuery(m.sql());
            case FrontendMessage.Parse m -> session.parse(m.name(), m.sql(), m.parameterTypes());
            case FrontendMessage.Bind m ->
                session.bind(m.portal(), m.statement(), m.parameterFormats(), m.values(), m.resultFormats());
            case FrontendMessage.Describe m -> {
                if (m.portal()) {
                    session.describePortal(m.name());
                } else {
                    session.describeStatement(m.name());
                }
            }
            case FrontendMessage.Execute m -> session.execute(m.portal(), m.maximumRows());
            case FrontendMessage.Close m -> {
                if (m.portal()) {
                    session.closePortal(m.name());
                } else {
                    session.closeStatement(m.name());
                }
            }
            case FrontendMessage.Sync m -> session.sync();
            // What is buffered leaves at the end of the read batch; nothing is kept back for a Flush.
            case FrontendMessage.Flush m -> { }
            // Left over from a COPY that failed on our side: the protocol says to ignore them.
            case FrontendMessage.CopyData m -> { }
            case FrontendMessage.CopyDone m -> { }
            case FrontendMessage.CopyFail m -> { }
            case FrontendMessage.Password m -> throw MessageReader.violation("unexpected password message");
            case FrontendMessage.Terminate m -> { }
        }
    }

    // ---- Parking, and moving to another node

    /** On the loop: whether the session rests between two transactions. */
    boolean atBoundary() {
        return phase == Phase.READY && !busy && answered && session.isIdle();
    }

    /** On the loop: whether it has a session that does not rest. */
    boolean isWorking() {
        return session != null && !atBoundary() && phase == Phase.READY;
    }

    private boolean parked() {
        return server.isParking() && atBoundary();
    }

    /** On the loop: goes on with what a parked client has sent. */
    void unpark() {
        if (phase == Phase.READY && !busy) {
            context.channel().config().setAutoRead(true);
            drain();
        }
    }

    /**
     * On the loop: at the next boundary at which the client sends something, its session is rebuilt on another node, and
     * from then on its bytes pass through. A client that listens for notifications moves at once.
     */
    void moveTo(RelayTarget target) {
        if (phase == Phase.STARTUP) {
            movesTo = target;
            return;
        }
        if (phase != Phase.READY) {
            return;
        }
        movesTo = target;
        if (atBoundary() && (input.isReadable() || !server.services().utility().channels(session).isEmpty())) {
            move();
        }
    }

    /**
     * On the loop: a client that was to move and has been silent since goes where the primary is now.
     *
     * @param target null: here
     */
    void moveInsteadTo(RelayTarget target) {
        if (movesTo != null && (phase == Phase.READY || phase == Phase.STARTUP)) {
            movesTo = target;
        }
    }

    private void move() {
        SessionTransfer transfer = session.transfer();
        if (transfer == null) {
            refuseToMove("it has temporary tables, held cursors or advisory locks");
            return;
        }
        phase = Phase.MOVING;
        relay = ClientRelay.start(transfer, movesTo, context.channel(), new ClientRelay.Listener() {
            @Override
            public void ready() {
                moved();
            }

            @Override
            public void failed(String reason) {
                if (phase == Phase.MOVING) {
                    phase = Phase.READY;
                    refuseToMove(reason);
                }
            }
        });
    }

    private void moved() {
        if (phase != Phase.MOVING) {
            relay.close();
            return;
        }
        phase = Phase.RELAYED;
        movedProcessId = session.processId();
        movedSecretKey = session.secretKey();
        server.relayed(this, movedProcessId);
        endSession();
        if (input.isReadable()) {
            relay.fromClient(input);
        } else {
            input.release();
        }
        input = Unpooled.EMPTY_BUFFER;
        context.channel().config().setAutoRead(true);
    }

    private void refuseToMove(String reason) {
        LOG.warn("{}: the session cannot be moved to {}: {}", context.channel().remoteAddress(), movesTo, reason);
        SqlException error = new SqlException(SqlState.ADMIN_SHUTDOWN,
            "terminating connection because " + movesTo.nodeId() + " is the primary now").fatal();
        writer.error(error);
        fatal(error);
    }

    /** On any thread: a cancel request by the key the client was given here. */
    void cancelRelayed(int secretKey) {
        context.channel().eventLoop().execute(() -> {
            if (phase == Phase.RELAYED && secretKey == movedSecretKey) {
                relay.cancel();
            }
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (relay != null) {
            relay.clientWritable(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    // ---- COPY FROM STDIN

    /** Called by the session's thread: from now on input goes to the returned receiver. */
    CopyInput beginCopyIn() {
        CopyReceiver receiver = new CopyReceiver(() -> context.channel().eventLoop().execute(this::resumeCopyInput));
        copy = receiver;
        flushAndWait();
        context.channel().eventLoop().execute(this::feedCopy);
        return receiver;
    }

    private void resumeCopyInput() {
        feedCopy();
        CopyReceiver receiver = copy;
        // Reading on while the receiver is full would pile the client's data up here.
        if (phase != Phase.CLOSED && receiver != null && !receiver.isComplete() && !receiver.isFull()) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** While the session copies: hands it complete messages, as many as it has room for. */
    private void feedCopy() {
        CopyReceiver receiver = copy;
        if (receiver == null || phase == Phase.CLOSED) {
            return;
        }
        try {
            while (!receiver.isComplete()) {
                if (receiver.isFull()) {
                    context.channel().config().setAutoRead(false);
                    return;
                }
                FrontendMessage message = MessageReader.read(input);
                if (message == null) {
                    return;
                }
                switch (message) {
                    case FrontendMessage.CopyData m -> receiver.data(m.data());
                    case FrontendMessage.CopyDone m -> receiver.done();
                    case FrontendMessage.CopyFail m -> receiver.fail(new SqlException(SqlState.QUERY_CANCELED,
                        "COPY from stdin failed: " + m.reason()));
                    case FrontendMessage.Sync m -> { }
                    case FrontendMessage.Flush m -> { }
                    case FrontendMessage.Terminate m -> receiver.fail(gone());
                    default -> receiver.fail(MessageReader.violation("unexpected message type during COPY from stdin"));
                }
            }
        } catch (SqlException e) {
            receiver.fail(e);
        }
    }

    private static SqlException gone() {
        return new SqlException(SqlState.CONNECTION_FAILURE, "unexpected EOF on client connection with an open transaction").fatal();
    }

    // ---- Output

    /**
     * Sends what is buffered. On the loop it returns at once; on a session's thread it waits while the client reads
     * slowly.
     */
    void flushAndWait() {
        if (context.channel().eventLoop().inEventLoop()) {
            send();
            return;
        }
        ByteBuf data = takeBuffer();
        long lsn = writer.takeHoldLsn();
        if (data == null) {
            return;
        }
        outputPermits.acquireUninterruptibly();
        context.channel().eventLoop().execute(() -> deliver(data, lsn, true));
        if (!context.channel().isActive()) {
            throw gone();
        }
    }

    private ByteBuf takeBuffer() {
        OutputBuffer buffer = writer.buffer();
        if (buffer.length() == 0) {
            return null;
        }
        ByteBuf data = bytes(buffer);
        buffer.clear();
        return data;
    }

    private ByteBuf bytes(OutputBuffer buffer) {
        ByteBuf data = context.alloc().directBuffer(buffer.length());
        data.writeBytes(buffer.array(), 0, buffer.length());
        return data;
    }

    private void send() {
        ByteBuf data = takeBuffer();
        long lsn = writer.takeHoldLsn();
        if (data != null) {
            deliver(data, lsn, false);
        } else if (closeWhenSent && held.isEmpty()) {
            context.close();
        }
    }

    /** On the loop: writes the data, or keeps it until it is durable and everything before it has left. */
    private void deliver(ByteBuf data, long lsn, boolean permit) {
        if (failed) {
            drop(new Held(data, lsn, permit));
            return;
        }
        boolean waits = lsn != 0 && server.wal().flushLsn() < lsn;
        if (held.isEmpty() && !waits) {
            write(data, permit);
        } else {
            held.add(new Held(data, lsn, permit));
            SqlException hopeless = waits ? server.heldFailure() : null;
            if (hopeless != null) {
                failHeld(hopeless);
            } else if (waits) {
                replies.add(lsn, this);
            }
        }
    }

    private void write(ByteBuf data, boolean permit) {
        boolean last = closeWhenSent && held.isEmpty();
        if (!permit && !last) {
            context.writeAndFlush(data, context.voidPromise());
            return;
        }
        context.writeAndFlush(data).addListener(future -> {
            if (permit) {
                outputPermits.release();
            }
            if (last) {
                context.close();
            }
        });
    }

    /** Called by {@link DurableReplies}: WAL below {@code flushLsn} is durable. */
    void sendDurable(long flushLsn) {
        while (!held.isEmpty() && held.peek().lsn() <= flushLsn) {
            Held next = held.poll();
            write(next.data(), next.permit());
        }
    }

    // ---- End

    /**
     * On the loop: if replies wait to become durable, they are given up, and the client is told the reason as the last
     * message. A statement that runs meanwhile is ended; what it still writes is dropped.
     */
    void failHeld(SqlException reason) {
        if (held.isEmpty()) {
            return;
        }
        if (busy) {
            // The session's thread writes now: as soon as it is done.
            failLater = reason;
            return;
        }
        while (!held.isEmpty()) {
            drop(held.poll());
        }
        LOG.info("{}: {}: {}", context.channel().remoteAddress(), reason.code(), reason.getMessage());
        failed = true;
        phase = Phase.CLOSED;
        // The session's thread may be using the connection's own writer.
        PgWriter last = new PgWriter(this);
        last.error(reason.fatal());
        context.writeAndFlush(bytes(last.buffer())).addListener(future -> context.close());
        if (!busy) {
            endSession();
        } else if (session != null) {
            session.interruptForDisconnect();
        }
    }

    private void drop(Held output) {
        output.data().release();
        if (output.permit()) {
            outputPermits.release();
        }
    }

    private void fatal(SqlException error) {
        LOG.info("{}: {}: {}", context.channel().remoteAddress(), error.code(), error.getMessage());
        phase = Phase.CLOSED;
        closeWhenSent = true;
        send();
        endSession();
    }

    /** Reports the error as FATAL and closes. For startup. */
    void refuse(SqlException error) {
        writer.error(error.fatal());
        fatal(error);
    }

    void close() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            closeWhenSent = true;
            send();
            if (!busy) {
                endSession();
            }
        }
    }

    /** The login succeeded: from now on messages go to the session. */
    void ready(Session newSession) {
        session = newSession;
        phase = Phase.READY;
        writer.text(newSession.text());
        newSession.onTerminate(() -> context.channel().eventLoop().execute(this::terminate));
        newSession.onNotification(() -> context.channel().eventLoop().execute(this::notified));
    }

    /** A notification for an idle session; a busy one sends it with its next ReadyForQuery. */
    private void notified() {
        if (!busy && phase == Phase.READY) {
            session.deliverNotifications();
            send();
        }
    }

    private void terminate() {
        if (!busy && phase == Phase.READY) {
            SqlException error = new SqlException(SqlState.ADMIN_SHUTDOWN,
                "terminating connection due to administrator command").fatal();
            writer.error(error);
            fatal(error);
        }
    }

    /** Rolls back and forgets the session; rolling back may take a while, so not on the loop. */
    private void endSession() {
        Session ending = session;
        session = null;
        if (ending != null) {
            server.startThread(() -> {
                ending.close();
                server.services().sessions().releaseSlot();
            });
        }
    }

    /** Runs login work that waits, on a virtual thread, then {@code then} on the loop. */
    void offLoop(Runnable work, Runnable then) {
        busy = true;
        server.startThread(() -> {
            SqlException failure = null;
            try {
                work.run();
            } catch (SqlException e) {
                failure = e;
            } catch (RuntimeException e) {
                LOG.error("login failed", e);
                failure = new SqlException(SqlState.INTERNAL_ERROR, "internal error during login", e);
            }
            SqlException outcome = failure;
            context.channel().eventLoop().execute(() -> {
                busy = false;
                if (phase == Phase.CLOSED) {
                    then.run();
                    endSession();
                } else if (outcome != null) {
                    refuse(outcome);
                } else {
                    then.run();
                    drain();
                }
            });
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        server.disconnected(this);
        startup.cancelTimeout();
        if (relay != null) {
            relay.close();
            server.relayEnded(movedProcessId);
        }
        boolean wasOpen = phase != Phase.CLOSED;
        phase = Phase.CLOSED;
        input.release();
        input = Unpooled.EMPTY_BUFFER;
        while (!held.isEmpty()) {
            held.poll().data().release();
        }
        // Whoever waits for a slow reader need not wait any longer.
        outputPermits.release(OUTPUT_PERMITS);
        CopyReceiver receiver = copy;
        if (receiver != null) {
            receiver.fail(gone());
        }
        if (busy && session != null) {
            session.interruptForDisconnect();
        } else if (wasOpen) {
            endSession();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.warn("{}: connection closed after an error", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
        if (cause instanceof Error error) {
            server.supervisor().accept(error);
        }
    }
}
