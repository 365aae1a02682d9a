package io.quantadb.pgwire;

import io.quantadb.session.auth.ScramVerifier;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.quantadb.error.SqlException;
import io.quantadb.session.Session;
import io.quantadb.session.SessionServices;
import io.quantadb.wal.writer.WalInserter;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Listens for PostgreSQL clients. One event loop a core; statements that may wait run on virtual threads. */
public final class PgServer implements AutoCloseable {
    /**
     * How clients are let in.
     *
     * @param trust nobody needs to prove anything
     * @param tls null: no TLS
     * @param requireTls refuse connections without it
     * @param clusterSecret what other nodes prove to know when they bring clients along; null outside of clusters
     */
    public record Options(String host, int port, int eventLoops, boolean trust, TlsContext tls, boolean requireTls,
            String clusterSecret) {
    }

    private static final int BACKLOG = 1024;
    private static final long STOP_MILLIS = 5_000;

    private final Options options;
    private final SessionServices services;
    private final LoginCatalog logins;
    private final Consumer<Throwable> supervisor;
    private final Map<EventLoop, DurableReplies> replies = new ConcurrentHashMap<>();
    private final Set<PgConnection> connections = ConcurrentHashMap.newKeySet();
    private final byte[] mockSecret = new byte[32];
    private final Map<Integer, PgConnection> relayed = new ConcurrentHashMap<>();
    private volatile boolean parking;
    private volatile boolean closed;
    private volatile SqlException heldFailure;
    private volatile DurableReplies[] allReplies = new DurableReplies[0];
    private MultiThreadIoEventLoopGroup group;
    private Channel listener;

    /** @param supervisor told of broken invariants; stops the process */
    public PgServer(Options options, SessionServices services, LoginCatalog logins, Consumer<Throwable> supervisor) {
        this.options = options;
        this.services = services;
        this.logins = logins;
        this.supervisor = supervisor;
        new SecureRandom().nextBytes(mockSecret);
        services.wal().addFlushListener(this::onFlush);
    }

    /** Starts listening. @return the port, which was chosen by the system if 0 was asked for */
    public int start() throws java.io.IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(options.eventLoops(), handlers);
        Class<? extends ServerChannel> channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(channelType)
            .option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast("pgwire", new PgConnection(PgServer.this));
                }
            });
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new java.io.IOException("cannot listen on " + options.host() + ":" + options.port() + ": " + bound.cause().getMessage(),
                bound.cause());
        }
        listener = bound.channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private void onFlush(long flushLsn) {
        if (closed) {
            return;
        }
        for (DurableReplies loop : allReplies) {
            loop.onFlush(flushLsn);
        }
    }

    DurableReplies repliesOf(EventLoop loop) {
        DurableReplies found = replies.get(loop);
        if (found == null) {
            synchronized (replies) {
                found = replies.computeIfAbsent(loop, l -> new DurableReplies(l, services.wal()));
                allReplies = replies.values().toArray(new DurableReplies[0]);
            }
        }
        return found;
    }

    SessionServices services() {
        return services;
    }

    LoginCatalog logins() {
        return logins;
    }

    WalInserter wal() {
        return services.wal();
    }

    Consumer<Throwable> supervisor() {
        return supervisor;
    }

    TlsContext tlsContext() {
        return options.tls();
    }

    boolean requiresTls() {
        return options.requireTls();
    }

    Authentication authentication(LoginCatalog.Login login, PgConnection connection, boolean tls) {
        if (options.trust()) {
            return Authentication.TRUST;
        }
        ScramVerifier verifier = ScramVerifier.parse(login.passwordVerifier());
        boolean mock = verifier == null;
        return new ScramAuthentication(login.userName(), mock ? ScramVerifier.mock(login.userName(), mockSecret) : verifier, mock,
            tls ? options.tls().endPointHash() : null);
    }

    void startThread(Runnable work) {
        Thread.ofVirtual().name("session").start(work);
    }

    void connected(PgConnection connection) {
        connections.add(connection);
    }

    void disconnected(PgConnection connection) {
        connections.remove(connection);
    }

    String clusterSecret() {
        return options.clusterSecret();
    }

    void cancel(int processId, int secretKey) {
        PgConnection moved = relayed.get(processId);
        if (moved == null) {
            services.sessions().cancel(processId, secretKey);
        } else {
            moved.cancelRelayed(secretKey);
        }
    }

    void relayed(PgConnection connection, int processId) {
        relayed.put(processId, connection);
    }

    void relayEnded(int processId) {
        relayed.remove(processId);
    }

    // ---- Switchover

    boolean isParking() {
        return parking;
    }

    /**
     * From now on no client begins anything: each is parked as soon as its transaction is over, and what it sends is
     * kept. Logins go on.
     */
    public void park() {
        parking = true;
    }

    /** How many clients are not parked yet. Completes when every event loop has looked. */
    public CompletableFuture<Integer> countUnparked() {
        List<CompletableFuture<Integer>> counts = new ArrayList<>();
        connections.stream().collect(Collectors.groupingBy(connection -> connection.context().channel().eventLoop()))
            .forEach((loop, clients) -> counts.add(CompletableFuture.supplyAsync(
                () -> (int) clients.stream().filter(PgConnection::isWorking).count(), loop)));
        return CompletableFuture.allOf(counts.toArray(new CompletableFuture<?>[0]))
            .thenApply(done -> counts.stream().mapToInt(CompletableFuture::join).sum());
    }

    /** Clients go on here. */
    public void unpark() {
        parking = false;
        forEachConnection(PgConnection::unpark);
    }

    /**
     * Every client connected now goes on at another node, through this one; see {@link PgConnection#moveTo}. Clients
     * are parked until each knows where it goes, or one could begin something here in between.
     */
    public void moveClients(RelayTarget target) {
        park();
        forEachConnection(connection -> connection.moveTo(target)).thenRun(this::unpark);
    }

    /**
     * Clients that were to move and have not sent anything since go there instead.
     *
     * @param target null: they stay
     */
    public void moveInstead(RelayTarget target) {
        forEachConnection(connection -> connection.moveInsteadTo(target));
    }

    private CompletableFuture<Void> forEachConnection(Consumer<PgConnection> action) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (PgConnection connection : connections) {
            told.add(CompletableFuture.runAsync(() -> action.accept(connection), connection.context().channel().eventLoop()));
        }
        return CompletableFuture.allOf(told.toArray(new CompletableFuture<?>[0]));
    }

    /**
     * Clients whose replies wait for their durability are told that it is not known, and disconnected; later also those whose replies would
     * begin to wait while {@link io.quantadb.session.ClusterInfo#isInsufficient}.
     *
     * @param reason the message to the client
     */
    public void failHeld(SqlException reason) {
        heldFailure = reason;
        forEachConnection(connection -> connection.failHeld(reason));
    }

    /** Why a reply that has to wait must not begin to; null if it may. */
    SqlException heldFailure() {
        SqlException reason = heldFailure;
        return reason != null && services.cluster().isInsufficient() ? reason : null;
    }

    /** Connections open now, those logging in included. */
    public int connectionCount() {
        return connections.size();
    }

    /** Stops listening, ends all sessions, and waits for them. */
    @Override
    public void close() {
        closed = true;
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        new ArrayList<>(services.sessions().all()).forEach(Session::terminate);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (services.sessions().size() > 0 && System.nanoTime() < deadline) {
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        if (group != null) {
            group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        }
    }
}
