package io.quantadb.replication.sender;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens on the replication port and runs a {@link SenderLink} for each connection. Safe for use by many threads.
 *
 * <p>Connections without authentication are few and short-lived: their number, frame length and time are limited.
 */
public final class ReplicationServer implements AutoCloseable {
    /**
     * @param port 0 = chosen by the system
     * @param tls null = none; then the secret is demanded
     * @param connectionsMax connections at one time, authenticated or not
     */
    public record Options(String host, int port, int eventLoops, SenderOptions link, SslContext tls,
            int connectionsMax) {
    }

    /** One link, for views and metrics. Positions are read without a lock. */
    public record LinkStatus(NodeInfo node, PeerKind kind, String address, boolean streaming, String slot, long sentLsn,
            Feedback feedback) {
    }

    private static final int BACKLOG = 128;
    private static final int UNAUTHENTICATED_MAX = 32;
    private static final int READ_BUFFER_MAX = 256 << 10;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 4 << 20);

    private final Options options;
    private final SenderHost host;
    private final Credentials credentials;
    private final Clock clock;
    private final Executor blocking;
    private final FatalErrorHandler fatalErrors;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unauthenticated = new AtomicInteger();
    private final Map<EventLoop, Waker> wakers = new ConcurrentHashMap<>();
    private volatile Waker[] allWakers = new Waker[0];
    private volatile boolean closing;
    private MultiThreadIoEventLoopGroup group;
    private Channel listener;

    /** The connections of one event loop, woken together: however often asked, once per turn. */
    private static final class Waker implements Runnable {
        private final EventLoop loop;
        private final AtomicBoolean pending = new AtomicBoolean();
        /** Confined to the loop. */
        private final List<ServerConnection> connections = new ArrayList<>();

        Waker(EventLoop loop) {
            this.loop = loop;
        }

        void wake() {
            if (!pending.get() && pending.compareAndSet(false, true)) {
                loop.execute(this);
            }
        }

        @Override
        public void run() {
            // Before the positions are read, so that none moved afterwards is missed.
            pending.set(false);
            for (int i = connections.size() - 1; i >= 0; i--) {
                connections.get(i).pump();
            }
        }
    }

    /**
     * @param credentials what peers must prove; its channel binding is the hash of our certificate
     * @param blocking runs what reads pages
     */
    public ReplicationServer(Options options, SenderHost host, Credentials credentials, Clock clock, Executor blocking,
            FatalErrorHandler fatalErrors) {
        this.options = options;
        this.host = host;
        this.credentials = credentials;
        this.clock = clock;
        this.blocking = blocking;
        this.fatalErrors = fatalErrors;
        if (options.tls() == null && credentials.secret() == null) {
            throw new IllegalArgumentException("replication without TLS needs a cluster secret");
        }
    }

    /** Starts listening. @return the port */
    public int start() throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(options.eventLoops(), new DefaultThreadFactory("replication-server",
                true), handlers);
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 4096,
                        READ_BUFFER_MAX))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (options.tls() != null) {
                            channel.pipeline().addLast("tls", options.tls().newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast("replication", new ServerConnection(ReplicationServer.this));
                    }
                });
        var bound = bootstrap.bind(new InetSocketAddress(options.host(), options.port())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + options.host() + ":" + options.port() + ": "
                    + bound.cause().getMessage(), bound.cause());
        }
        listener = bound.channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** WAL has been written, or the horizon has moved: links send it. Cheap; called by the flusher for each group. */
    public void wake() {
        for (Waker waker : allWakers) {
            waker.wake();
        }
    }

    /** The links that have joined. */
    public List<LinkStatus> links() {
        List<LinkStatus> result = new ArrayList<>();
        for (ServerConnection connection : connections) {
            SenderLink link = connection.link();
            SenderLink.NodeAndKind peer = link == null ? null : link.peer();
            if (peer != null) {
                result.add(new LinkStatus(peer.node(), peer.kind(), String.valueOf(connection.channel()
                        .remoteAddress()), link.isStreaming(), link.slot(), link.sentLsn(), link.feedback()));
            }
        }
        return result;
    }

    /** Ends the links of one node. */
    public void disconnect(String nodeId, String reason) {
        for (ServerConnection connection : connections) {
            connection.channel().eventLoop().execute(() -> {
                SenderLink link = connection.link();
                if (link != null && link.peer() != null && link.peer().node().nodeId().equals(nodeId)) {
                    link.close(ErrorCode.REFUSED, reason);
                }
            });
        }
    }

    /** Ends all links: the node changes its role. New connections are accepted meanwhile. */
    public void disconnectAll(ErrorCode code, String reason) {
        for (ServerConnection connection : connections) {
            connection.channel().eventLoop().execute(() -> {
                if (connection.link() != null) {
                    connection.link().close(code, reason);
                }
            });
        }
    }

    @Override
    public void close() {
        closing = true;
        if (listener == null) {
            return;
        }
        listener.close().awaitUninterruptibly();
        disconnectAll(ErrorCode.SHUTDOWN, "node " + host.self().nodeId() + " is shutting down");
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // --- for connections -----------------------------------------------------------------------------------------

    boolean onConnected(ServerConnection connection) {
        if (closing || connections.size() >= options.connectionsMax() || unauthenticated.get() >= UNAUTHENTICATED_MAX) {
            return false;
        }
        unauthenticated.incrementAndGet();
        connections.add(connection);
        return true;
    }

    void onAuthenticated(ServerConnection connection) {
        unauthenticated.decrementAndGet();
        EventLoop loop = connection.channel().eventLoop();
        Waker waker = wakers.computeIfAbsent(loop, Waker::new);
        waker.connections.add(connection);
        synchronized (wakers) {
            allWakers = wakers.values().toArray(new Waker[0]);
        }
    }

    void onDisconnected(ServerConnection connection) {
        if (connections.remove(connection)) {
            Waker waker = wakers.get(connection.channel().eventLoop());
            if (waker == null || !waker.connections.remove(connection)) {
                unauthenticated.decrementAndGet();
            }
        }
    }

    void onBroken(Throwable cause) {
        fatalErrors.fatal("a replication link broke an invariant", cause);
    }

    SenderHost host() {
        return host;
    }

    Options options() {
        return options;
    }

    Credentials credentials() {
        return credentials;
    }

    Executor blocking() {
        return blocking;
    }

    long now() {
        return clock.monotonicNanos();
    }
}
