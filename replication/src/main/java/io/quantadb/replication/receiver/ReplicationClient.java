package io.quantadb.replication.receiver;

import com.ongres.scram.common.util.TlsServerEndpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.InvariantViolation;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.FrameDecoder;
import io.quantadb.replication.protocol.FrameEncoder;
import io.quantadb.replication.protocol.Message.Failure;
import io.quantadb.replication.protocol.Protocol;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.receiver.ReceiverAction.Authenticated;
import io.quantadb.replication.receiver.ReceiverAction.Close;
import io.quantadb.replication.receiver.ReceiverAction.Send;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica connected: tries the host's candidates in turn and runs a {@link ReceiverLink} over the connection.
 * Has one thread of its own, on which the host is called; the public methods are safe for all threads.
 */
public final class ReplicationClient implements AutoCloseable {
    /**
     * @param tls null = none
     * @param connectMillis time to connect
     */
    public record Options(ReceiverOptions link, SslContext tls, int connectMillis) {
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicationClient.class);
    private static final long TICK_MILLIS = 50;
    private static final long[] RETRY_MILLIS = {10, 50, 100, 200, 400, 500};
    private static final int READ_BUFFER_MAX = 512 << 10;

    private final Options options;
    private final ReceiverHost host;
    private final Credentials credentials;
    private final Clock clock;
    private final FatalErrorHandler fatalErrors;
    private final AtomicBoolean progressPending = new AtomicBoolean();
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final boolean epoll = Epoll.isAvailable();
    private volatile boolean stopped;
    private volatile Connection connection;
    // Confined to the loop.
    private int attempt;
    private boolean connecting;
    private String lastFailure = "";

    public ReplicationClient(Options options, ReceiverHost host, Credentials credentials, Clock clock,
            FatalErrorHandler fatalErrors) {
        this.options = options;
        this.host = host;
        this.credentials = credentials;
        this.clock = clock;
        this.fatalErrors = fatalErrors;
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("replication-receiver", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
    }

    /** Begins to connect. Once. */
    public void start() {
        loop.execute(this::connect);
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Positions have moved: flushed or replayed. Cheap, never blocks; made for listeners. */
    public void wake() {
        if (!progressPending.get() && progressPending.compareAndSet(false, true)) {
            loop.execute(this::progress);
        }
    }

    private void progress() {
        progressPending.set(false);
        Connection current = connection;
        if (current != null && current.link != null) {
            current.guarded(() -> current.link.onProgress(clock.monotonicNanos()));
        }
    }

    /** Gives up the present link, if any, and tries the candidates again at once. */
    public void reconnect(String reason) {
        loop.execute(() -> {
            attempt = 0;
            Connection current = connection;
            if (current != null && current.link != null) {
                current.link.close(null, reason);
            } else if (current == null) {
                connect();
            }
        });
    }

    /** Whether WAL is being received now. */
    public boolean isStreaming() {
        Connection current = connection;
        return current != null && current.link != null && current.link.isStreaming();
    }

    /** The present link, for views; null without one. */
    public ReceiverLink link() {
        Connection current = connection;
        return current == null ? null : current.link;
    }

    /** Runs something on the receiver's thread, between two messages; returns at once. */
    public void execute(Runnable work) {
        loop.execute(work);
    }

    private void tick() {
        Connection current = connection;
        if (current != null && current.link != null) {
            if (current.link.isStreaming()) {
                attempt = 0;
                lastFailure = "";
            }
            current.guarded(() -> current.link.onTick(clock.monotonicNanos()));
        }
    }

    private void connect() {
        if (stopped || connecting || connection != null) {
            return;
        }
        List<Endpoint> candidates;
        try {
            candidates = host.log() == null ? List.of() : host.candidates();
        } catch (RuntimeException e) {
            LOGGER.error("The node cannot say whom to follow", e);
            candidates = List.of();
        }
        if (candidates.isEmpty()) {
            retry();
            return;
        }
        Endpoint target = candidates.get(attempt % candidates.size());
        connecting = true;
        bootstrap().connect(new InetSocketAddress(target.host(), target.port())).addListener(future -> {
            connecting = false;
            if (!future.isSuccess()) {
                failed("cannot connect to " + target + ": " + future.cause().getMessage());
                retry();
            }
        });
    }

    private Bootstrap bootstrap() {
        return new Bootstrap().group(group).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectMillis())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(2048, 64 << 10,
                        READ_BUFFER_MAX))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (options.tls() != null) {
                            channel.pipeline().addLast("tls", options.tls().newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast("replication", new Connection());
                    }
                });
    }

    private void retry() {
        if (!stopped) {
            long delay = RETRY_MILLIS[Math.min(attempt, RETRY_MILLIS.length - 1)];
            attempt++;
            loop.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
        }
    }

    /** Logs a failure once, however often it repeats. */
    private void failed(String reason) {
        if (reason.equals(lastFailure)) {
            LOGGER.debug("Replication: {}", reason);
        } else {
            lastFailure = reason;
            LOGGER.info("Replication: {}", reason);
        }
    }

    @Override
    public void close() {
        stopped = true;
        loop.execute(() -> {
            Connection current = connection;
            if (current != null) {
                current.context.close();
            }
        });
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Data of tls-server-end-point for the certificate the server showed; null without TLS. */
    static byte[] channelBinding(ChannelHandlerContext ctx) throws SSLPeerUnverifiedException,
            GeneralSecurityException {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        X509Certificate server = (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
        return TlsServerEndpoint.getChannelBindingData(server);
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private final FrameDecoder decoder = new FrameDecoder();
        private final FrameEncoder encoder = new FrameEncoder();
        private ChannelHandlerContext context;
        private volatile ReceiverLink link;
        private String endReason = "connection closed";
        private boolean dirty;

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            context = ctx;
            connection = this;
            if (ctx.pipeline().get(SslHandler.class) == null) {
                startLink();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    startLink();
                } else {
                    endReason = "TLS handshake failed: " + handshake.cause().getMessage();
                    ctx.close();
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        private void startLink() throws GeneralSecurityException, SSLPeerUnverifiedException {
            ReceivedLog log = host.log();
            if (log == null || stopped) {
                context.close();
                return;
            }
            byte[] binding = channelBinding(context);
            Credentials own = new Credentials(credentials.secret(), credentials.certificate() && binding != null,
                    binding);
            link = new ReceiverLink(host, log, options.link(), own, clock.monotonicNanos(), this::perform);
            link.onConnected();
            flush();
        }

        private void perform(ReceiverAction action) {
            switch (action) {
                case Send a -> {
                    context.write(encoder.encode(a.message(), host.epoch(), context.alloc()));
                    dirty = true;
                }
                case Authenticated a -> {
                    encoder.version(a.version());
                    decoder.frameMax(Protocol.FRAME_MAX);
                }
                case Close a -> {
                    endReason = a.text();
                    if (a.code() == null) {
                        context.close();
                    } else {
                        context.writeAndFlush(encoder.encode(new Failure(a.code(), a.text()), host.epoch(),
                                context.alloc())).addListener(ChannelFutureListener.CLOSE);
                    }
                }
            }
        }

        /** Ends the link if the work fails: a task of the event loop has nobody else to tell. */
        void guarded(Runnable work) {
            try {
                work.run();
                flush();
            } catch (RuntimeException e) {
                exceptionCaught(context, e);
            }
        }

        void flush() {
            if (dirty) {
                dirty = false;
                context.flush();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (link != null && !link.isClosed()) {
                    decoder.feed((ByteBuf) message, ctx.alloc(), frame -> {
                        link.onMessage(frame.message(), frame.epoch(), clock.monotonicNanos());
                        if (link.isClosed()) {
                            throw new ProtocolException(ErrorCode.PROTOCOL, "closed");
                        }
                    });
                }
            } catch (ProtocolException e) {
                link.close(e.code(), e.getMessage());
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (link != null) {
                link.onReadComplete(clock.monotonicNanos());
            }
            flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            decoder.close();
            if (link != null) {
                link.close(null, endReason);
            }
            if (connection == this) {
                connection = null;
            }
            failed(endReason);
            host.onDisconnected(endReason);
            retry();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof InvariantViolation) {
                fatalErrors.fatal("the replication receiver broke an invariant", cause);
            }
            endReason = cause.toString();
            LOGGER.debug("Replication link failed", cause);
            ctx.close();
        }
    }
}
