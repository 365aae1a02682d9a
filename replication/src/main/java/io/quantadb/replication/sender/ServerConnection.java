package io.quantadb.replication.sender;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.FrameDecoder;
import io.quantadb.replication.protocol.FrameEncoder;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Protocol;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.sender.SenderAction.Authenticated;
import io.quantadb.replication.sender.SenderAction.Close;
import io.quantadb.replication.sender.SenderAction.CopyBase;
import io.quantadb.replication.sender.SenderAction.ReadPages;
import io.quantadb.replication.sender.SenderAction.Send;
import io.quantadb.replication.sender.SenderAction.SendWal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One accepted connection: carries bytes between channel and {@link SenderLink}. Confined to its event loop. */
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerConnection.class);
    private static final long TICK_MILLIS = 100;
    /** Shorter pieces are read and summed: the second system call of a file region costs more. */
    private static final int REGION_MIN = 32 << 10;

    private final ReplicationServer server;
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameEncoder encoder = new FrameEncoder();
    private ChannelHandlerContext context;
    private SenderLink link;
    private boolean tls;
    private SharedSegment segment;
    private io.netty.util.concurrent.ScheduledFuture<?> ticker;
    private Thread task;

    ServerConnection(ReplicationServer server) {
        this.server = server;
    }

    SenderLink link() {
        return link;
    }

    Channel channel() {
        return context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        tls = ctx.pipeline().get(SslHandler.class) != null;
        if (!server.onConnected(this)) {
            ctx.close();
            return;
        }
        ticker = ctx.executor().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (!tls) {
            startLink(false);
        }
    }

    private void startLink(boolean certificate) {
        Credentials base = server.credentials();
        if (base.secret() == null && !certificate) {
            LOGGER.info("Refusing {}: it has no certificate", context.channel().remoteAddress());
            context.close();
            return;
        }
        Credentials credentials = new Credentials(base.secret(), base.certificate() && certificate,
                tls ? base.channelBinding() : null);
        link = new SenderLink(server.host(), server.options().link(), credentials, server.now(), this::perform);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                startLink(hasPeerCertificate(ctx));
            } else {
                LOGGER.info("TLS handshake with {} failed: {}", ctx.channel().remoteAddress(),
                        String.valueOf(handshake.cause().getMessage()));
                ctx.close();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private static boolean hasPeerCertificate(ChannelHandlerContext ctx) {
        try {
            return ctx.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            LOGGER.debug("{} has no certificate", ctx.channel().remoteAddress(), e);
            return false;
        }
    }

    void onCopyEnd() {
        link.onCopyEnd(server.now());
    }

    private void tick() {
        guarded(() -> {
            if (link != null) {
                link.onTick(server.now());
                pumpUnguarded();
            }
        });
    }

    /** Ends the link if the work fails: a task of the event loop has nobody else to tell. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            exceptionCaught(context, e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (link != null && !link.isClosed()) {
                decoder.feed((ByteBuf) message, ctx.alloc(), frame -> {
                    link.onMessage(frame.message(), frame.epoch(), server.now());
                    if (link.isClosed()) {
                        throw new ProtocolException(ErrorCode.PROTOCOL, "closed");
                    }
                });
            }
        } catch (ProtocolException e) {
            link.close(link.peer() == null ? null : e.code(), e.getMessage());
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump();
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            pump();
        }
    }

    /** Sends what there is to send, as far as the channel has room. */
    void pump() {
        guarded(this::pumpUnguarded);
    }

    private void pumpUnguarded() {
        if (link == null || !link.isStreaming()) {
            return;
        }
        Channel channel = context.channel();
        while (channel.isWritable() && link.next(server.now())) {
            // Each step has written something.
        }
        context.flush();
    }

    private void perform(SenderAction action) {
        switch (action) {
            case Send a -> write(a.message());
            case SendWal a -> sendWal(a);
            case Authenticated a -> {
                encoder.version(a.version());
                decoder.frameMax(Protocol.FRAME_MAX);
                server.onAuthenticated(this);
            }
            case CopyBase a -> runTask("base-copy-sender", () -> new BaseCopyTask(server.host(), a.request(),
                    new TaskChannel(this)).run());
            case ReadPages a -> server.blocking().execute(() -> new PageTask(server.host(), a.request(),
                    new TaskChannel(this)).run());
            case Close a -> close(a);
        }
    }

    private void runTask(String name, Runnable work) {
        task = Thread.ofPlatform().name(name).daemon().start(work);
    }

    /** Puts a message into the channel's queue. */
    io.netty.channel.ChannelFuture write(Message message) {
        return context.write(encoder.encode(message, server.host().epoch(), context.alloc()));
    }

    void flush() {
        context.flush();
    }

    private void sendWal(SendWal action) {
        try {
            long lsn = action.fixed().startLsn();
            int length = action.length();
            if (!action.fromMemory() || !sendFromMemory(action, lsn, length)) {
                sendFromFile(action, lsn, length);
            }
        } catch (IOException e) {
            link.close(ErrorCode.IO, "cannot read WAL at " + Lsn.format(action.fixed().startLsn()) + ": "
                    + e.getMessage());
        }
    }

    private boolean sendFromMemory(SendWal action, long lsn, int length) {
        ByteBuf frame = encoder.beginWal(action.fixed(), length, context.alloc());
        boolean done = false;
        try {
            if (action.source().copyFromMemory(lsn, FrameEncoder.walBuffer(frame, length))) {
                encoder.finishWal(frame, length, server.host().epoch());
                done = true;
                context.write(frame);
            }
            return done;
        } finally {
            if (!done) {
                frame.release();
            }
        }
    }

    private void sendFromFile(SendWal action, long lsn, int length) throws IOException {
        SharedSegment source = openSegment(action.source(), lsn);
        int offset = action.source().layout().offsetOf(lsn);
        FileChannel file = source.handle().channel();
        if (length >= REGION_MIN && !tls && file != null) {
            context.write(encoder.walPrefix(action.fixed(), length, server.host().epoch(), context.alloc()));
            context.write(new SegmentRegion(source.retain(), file, offset, length));
            return;
        }
        ByteBuf frame = encoder.beginWal(action.fixed(), length, context.alloc());
        boolean done = false;
        try {
            int count = source.handle().read(FrameEncoder.walBuffer(frame, length), offset);
            if (count < length) {
                throw new IOException("the segment file has only " + (offset + count) + " bytes");
            }
            encoder.finishWal(frame, length, server.host().epoch());
            done = true;
            context.write(frame);
        } finally {
            if (!done) {
                frame.release();
            }
        }
    }

    private SharedSegment openSegment(WalSource wal, long lsn) throws IOException {
        long number = wal.layout().segmentOf(lsn);
        int timeline = wal.history().timeline().value();
        if (segment != null && segment.number() == number && segment.timeline() == timeline) {
            return segment;
        }
        closeSegment();
        var handle = wal.openSegment(number);
        if (handle == null) {
            throw new IOException("its segment has been removed");
        }
        segment = new SharedSegment(handle, number, timeline);
        return segment;
    }

    private void closeSegment() {
        if (segment != null) {
            segment.release();
            segment = null;
        }
    }

    private void close(Close action) {
        if (action.code() != null) {
            LOGGER.info("Ending the replication link of {}: {}: {}", describe(), action.code(), action.text());
            context.writeAndFlush(encoder.encode(new Failure(action.code(), action.text()), server.host().epoch(),
                    context.alloc())).addListener(ChannelFutureListener.CLOSE);
        } else {
            LOGGER.info("Replication link of {} ends: {}", describe(), action.text());
            context.close();
        }
    }

    private String describe() {
        SenderLink.NodeAndKind peer = link == null ? null : link.peer();
        return (peer == null ? "a peer" : "node " + peer.node().nodeId()) + " at " + context.channel().remoteAddress();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ticker != null) {
            ticker.cancel(false);
        }
        if (link != null) {
            link.close(null, "connection closed");
        }
        if (task != null) {
            task.interrupt();
        }
        decoder.close();
        closeSegment();
        server.onDisconnected(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof io.quantadb.base.InvariantViolation) {
            server.onBroken(cause);
        }
        LOGGER.info("Replication link of {} failed: {}", describe(), cause.toString());
        LOGGER.debug("Details", cause);
        if (link != null) {
            link.close(null, cause.toString());
        }
        ctx.close();
    }

    /** An open segment file that stays open until the regions of it have been sent. */
    private static final class SharedSegment {
        private final io.quantadb.base.FileHandle handle;
        private final long number;
        private final int timeline;
        private int references = 1;

        SharedSegment(io.quantadb.base.FileHandle handle, long number, int timeline) {
            this.handle = handle;
            this.number = number;
            this.timeline = timeline;
        }

        io.quantadb.base.FileHandle handle() {
            return handle;
        }

        long number() {
            return number;
        }

        int timeline() {
            return timeline;
        }

        SharedSegment retain() {
            references++;
            return this;
        }

        void release() {
            references--;
            Invariant.check(references >= 0, "segment %d released too often (%d)", number, references);
            if (references == 0) {
                try {
                    handle.close();
                } catch (IOException e) {
                    LOGGER.warn("Could not close WAL segment {}: {}", number, e.toString());
                }
            }
        }
    }

    /** Part of a segment; the channel belongs to the shared segment. */
    private static final class SegmentRegion extends DefaultFileRegion {
        private final SharedSegment shared;

        SegmentRegion(SharedSegment shared, FileChannel file, long offset, long length) {
            super(file, offset, length);
            this.shared = shared;
        }

        @Override
        protected void deallocate() {
            shared.release();
        }
    }
}
