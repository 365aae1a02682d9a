package io.quantadb.main;

import io.netty.handler.ssl.SslContext;
import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlGroup;
import io.quantadb.replication.control.ControlGroupOptions;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.failover.ClusterAgent;
import io.quantadb.replication.failover.FailoverAgent;
import io.quantadb.replication.failover.FailoverOptions;
import io.quantadb.replication.protocol.ClusterSecret;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.receiver.BaseCopy;
import io.quantadb.replication.receiver.ReceiverOptions;
import io.quantadb.replication.receiver.ReplicaLog;
import io.quantadb.replication.receiver.ReplicationClient;
import io.quantadb.replication.sender.ReplicationServer;
import io.quantadb.replication.sender.SenderOptions;
import io.quantadb.replication.slot.ReplicationSlots;
import io.quantadb.replication.sync.SyncOptions;
import io.quantadb.replication.sync.SyncTracker;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.DurableFile;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.recovery.WalScan;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a cluster: its node, the streams in and out, its part in Raft, and the agent that decides between them.
 *
 * <pre>
 *   clients --5432-- ServedNode          ClusterAgent --7432-- Raft
 *                        |                    | NodeControl
 *   replicas --6432-- StreamOut, StreamIn -- RoleControl (one thread: all changes of role)
 * </pre>
 *
 * <p>Every member opens as a replica, also the one that was primary: what it may be, the control state says. Built,
 * started and closed by one thread; the parts have their own thread rules.
 */
final class ClusterMember implements AutoCloseable {
    /** Names the cluster in handshakes and keys; the system identifier tells clusters apart. */
    static final String CLUSTER_NAME = "quantadb";
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);
    private static final long COPY_RETRY_MILLIS = 500;
    private static final long COPY_STALL_MILLIS = 30_000;
    private static final int CONNECT_MILLIS = 1_000;
    /** A silent link is given up, and a third of it is the longest pause between reports. */
    private static final long LINK_TIMEOUT_MILLIS = 700;
    private static final int CONNECTIONS_MAX = 200;
    private static final long JOIN_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int HOUSEKEEPING_MILLIS = 2_000;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HORIZON_POLL_MILLIS = 2;

    final ServerConfig config;
    final DataDirectory directory;
    final FileSystem files = PosixFileSystem.INSTANCE;
    final Clock clock = Clock.SYSTEM;
    final Map<String, String> serverSettings;
    final String secret;
    final Consumer<Throwable> supervisor;
    final NodeInfo self;
    final SyncTracker tracker;
    final StreamIn in;
    final StreamOut out;
    final RoleControl roles;
    final ClusterAgent agent;
    private final Credentials credentials;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("cluster-housekeeper").factory());
    private ReplicationSlots slots;
    private ReplicationServer server;
    private ReplicationClient client;
    private volatile ControlGroup group;
    private volatile ServedNode served;
    private volatile Runnable onServing = () -> { };
    private volatile boolean closed;
    private volatile String stage = "starting";

    /**
     * Prepares; {@link #start} does the rest.
     *
     * @param serverSettings run-time settings of the configuration
     * @param secret of the cluster
     */
    ClusterMember(ServerConfig config, DataDirectory directory, Map<String, String> serverSettings, String secret, Consumer<Throwable> supervisor) {
        this.config = config;
        this.directory = directory;
        this.serverSettings = serverSettings;
        this.secret = secret;
        this.supervisor = supervisor;
        ServerConfig.Cluster cluster = config.cluster();
        ServerConfig.Advertised advertised = cluster.advertised();
        String host = advertised.host() != null ? advertised.host() : config.server().host();
        self = new NodeInfo(cluster.nodeId(), CLUSTER_NAME, new Endpoint(host, or(advertised.port(), config.server().port())),
            new Endpoint(host, or(advertised.replicationPort(), cluster.replicationPort())),
            new Endpoint(host, or(advertised.raftPort(), cluster.raftPort())), new Endpoint(host, or(advertised.apiPort(), cluster.apiPort())));
        credentials = new Credentials(new ClusterSecret(CLUSTER_NAME, secret), false, null);
        var replication = config.replication();
        tracker = new SyncTracker(cluster.nodeId(), new SyncOptions(replication.synchronous(),
            TimeUnit.MILLISECONDS.toNanos(replication.syncTimeoutMillis()), JOIN_TIMEOUT_NANOS));
        in = new StreamIn(this);
        out = new StreamOut(this);
        roles = new RoleControl(this);
        long incarnation = new SecureRandom().nextLong() | 1;
        FailoverOptions options = FailoverOptions.of(replication.minInSync(), timeoutMin(), timeoutMax());
        agent = new ClusterAgent(new FailoverAgent(cluster.nodeId(), incarnation, options, tracker), roles, clock, FatalErrorHandler.HALT);
    }

    private static int or(int port, int otherwise) {
        return port == 0 ? otherwise : port;
    }

    private int timeoutMax() {
        return config.cluster().electionTimeoutMillis();
    }

    private int timeoutMin() {
        return timeoutMax() / 2;
    }

    /** Told, once and on any thread, when clients are let in for the first time. */
    void onServing(Runnable listener) {
        onServing = listener;
    }

    /**
     * Starts: a member that has no data yet fetches it first, which may take long and is retried until it is closed.
     *
     * @param superuserVerifier for the databases of a new cluster
     */
    void start(String superuserVerifier) throws Exception {
        boolean first = config.cluster().mode() == ServerConfig.Mode.PRIMARY && !(directory.isNew() && files.exists(copySources()));
        if (directory.isNew() && first) {
            new Node(directory, config, files, clock, superuserVerifier, supervisor).close();
        }
        if (directory.isNew()) {
            openNetwork(0);
            fetchBase();
            openSlots();
        } else {
            openSlots();
            openNetwork(systemId());
        }
        openLog();
        client.start();
        if (directory.isNew()) {
            awaitBase();
            directory.finishInitialisation(files);
        }
        if (files.exists(copySources())) {
            files.delete(copySources());
        }
        stage = "opening";
        openNode();
        startGroup(first ? ControlGroup.Start.FORM : ControlGroup.Start.JOIN);
        timer.scheduleWithFixedDelay(this::keepHouse, HOUSEKEEPING_MILLIS, HOUSEKEEPING_MILLIS, TimeUnit.MILLISECONDS);
        Thread.ofVirtual().start(this::serveWhenConsistent);
    }

    long systemId() throws IOException {
        return ControlFile.read(files, directory.path()).systemId();
    }

    private void openSlots() throws IOException {
        slots = new ReplicationSlots(files, directory.path().resolve(DataDirectory.CLUSTER).resolve("slots"), systemId(),
            config.replication().maxRetainedWalBytes(), clock);
    }

    private void openNetwork(long systemId) throws IOException {
        out.systemId(systemId);
        in.systemId(systemId);
        var options = new ReplicationServer.Options(config.server().host(), config.cluster().replicationPort(), 1,
            SenderOptions.DEFAULT.withBatchSize(config.replication().batchSize()).withTimeoutMillis(LINK_TIMEOUT_MILLIS), null, CONNECTIONS_MAX);
        server = new ReplicationServer(options, out, credentials, clock, Executors.newVirtualThreadPerTaskExecutor(), FatalErrorHandler.HALT);
        server.start();
        client = new ReplicationClient(new ReplicationClient.Options(ReceiverOptions.DEFAULT.withTimeoutMillis(LINK_TIMEOUT_MILLIS), (SslContext) null, CONNECT_MILLIS), in, credentials,
            clock, FatalErrorHandler.HALT);
        tracker.addHorizonListener(this::horizonMoved);
        tracker.addProgressListener(roles::progress);
    }

    // ---- A base copy

    /** Whom to ask: the members the control state knows, the primary first; without one, those known when a copy was begun. */
    private List<Endpoint> sources() throws IOException {
        Set<Endpoint> sources = new LinkedHashSet<>();
        ControlState state = state();
        Member primary = state.primary() == null ? null : state.member(state.primary());
        if (primary != null && !primary.id().equals(self.nodeId())) {
            sources.add(StreamIn.endpoint(primary.addresses().replication()));
        }
        for (Member other : state.dataMembers()) {
            if (!other.id().equals(self.nodeId())) {
                sources.add(StreamIn.endpoint(other.addresses().replication()));
            }
        }
        if (sources.isEmpty() && files.exists(copySources())) {
            Files.readAllLines(copySources()).forEach(line -> sources.add(StreamIn.endpoint(line)));
        }
        if (config.cluster().primaryHost() != null) {
            sources.add(new Endpoint(config.cluster().primaryHost(), config.cluster().primaryReplicationPort()));
        }
        return List.copyOf(sources);
    }

    /** There from before this node gives up its files until it has new ones: an empty directory with it is not that of a new cluster. */
    private Path copySources() {
        return directory.path().resolve(DataDirectory.CLUSTER).resolve("copy_sources");
    }

    /** On the role thread, with the node closed: replaces the directory's files by those of another node, and opens it. */
    void copyAgain() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        sources().forEach(source -> lines.append(source).append('\n'));
        DurableFile.replace(files, copySources(), lines.toString().getBytes(StandardCharsets.UTF_8));
        served = null;
        in.replicaLog(null);
        // The role thread is busy: whom to follow is taken from the control state meanwhile.
        in.upstream(null);
        directory.discard(NodeBaseSource::isOwn);
        fetchBase();
        openLog();
        in.receive(true);
        client.reconnect("a new base copy is there");
        awaitBase();
        directory.finishInitialisation(files);
        stage = "opening";
        openNode();
        files.delete(copySources());
        Thread.ofVirtual().start(this::serveWhenConsistent);
    }

    /** Copies the files of a serving node; tries until it succeeds. */
    private void fetchBase() throws InterruptedException, IOException {
        stage = "copying";
        Set<String> kept = new HashSet<>();
        for (String name : files.list(directory.path())) {
            if (NodeBaseSource.isOwn(name)) {
                kept.add(name);
            }
        }
        kept.add(StorageRecovery.WAL_DIRECTORY);
        var options = new BaseCopy.Options(directory.path(), directory.path().resolve(StorageRecovery.WAL_DIRECTORY), kept, in.slotName(), self,
            credentials, null, 0, COPY_STALL_MILLIS);
        files.createDirectories(directory.path().resolve(StorageRecovery.WAL_DIRECTORY));
        var copy = new BaseCopy(files, options, clock, new BaseCopy.Listener() {
            @Override
            public void progress(long bytes, long totalBytes, long bytesPerSecond) {
                in.copyProgress(bytes, totalBytes);
                LOG.info("base copy: {} of {} MB, {} MB/s", bytes >> 20, totalBytes >> 20, bytesPerSecond >> 20);
            }
        });
        String last = "";
        for (int attempt = 0; !closed; attempt++) {
            List<Endpoint> sources = sources();
            Endpoint source = sources.get(attempt % sources.size());
            try {
                copy.attempt(source);
                long systemId = systemId();
                in.systemId(systemId);
                out.systemId(systemId);
                return;
            } catch (IOException e) {
                if (!e.getMessage().equals(last)) {
                    last = e.getMessage();
                    LOG.info("no base copy from {} yet: {}", source, last);
                }
                Thread.sleep(COPY_RETRY_MILLIS);
            }
        }
        throw new IOException("stopped while waiting for a base copy");
    }

    /** The WAL that makes the copied files consistent has to be there before they can be opened. */
    private void awaitBase() throws IOException, InterruptedException {
        long wanted = Math.max(ControlFile.read(files, directory.path()).minimumRecoveryLsn().value(),
            ControlFile.read(files, directory.path()).checkpointLsn().value() + 1);
        while (!closed && in.replicaLog().flushLsn() < wanted) {
            in.replicaLog().requestFlush();
            Thread.sleep(5);
        }
    }

    // ---- The node

    /** Opens what is stored of the WAL, to go on receiving behind it. */
    void openLog() throws IOException {
        ControlFile control = ControlFile.read(files, directory.path());
        WalSegments segments = new WalSegments(files, directory.path().resolve(StorageRecovery.WAL_DIRECTORY),
            new SegmentLayout(control.segmentSizeBytes()), control.systemId());
        TimelineHistory history = TimelineHistory.read(files, segments.directory(), control.timeline());
        boolean copied = segments.list().isEmpty();
        WalPosition position = copied ? new WalPosition(control.redoLsn(), Lsn.INVALID) : WalScan.end(segments, history, control.checkpointLsn());
        openLog(segments, history, position);
    }

    void openLog(WalSegments segments, TimelineHistory history, WalPosition position) throws IOException {
        ReplicaLog log = new ReplicaLog(files, segments, history, position,
            SyncMethod.valueOf(config.wal().syncMethod().toUpperCase(Locale.ROOT)), clock, FatalErrorHandler.HALT, true);
        log.addFlushListener(in::flushed);
        log.addWriteListener(lsn -> server.wake());
        in.replicaLog(log);
        out.source(log);
    }

    /** Opens the directory's node as a replica. */
    void openNode() throws IOException {
        Node node = ServedNode.openMember(directory, config, supervisor);
        node.walRetainers().add(() -> {
            Lsn kept = slots.minimumLsn();
            return kept == null ? Long.MAX_VALUE : kept.value();
        });
        ServedNode opened = new ServedNode(node, config, serverSettings, secret, new ClusterSessions(this), supervisor);
        roles.attach(node);
        served = opened;
        // A receiver that was ahead may have gone to another timeline when there was no node to tell.
        TimelineHistory received = in.replicaLog().history();
        if (!received.equals(node.roles().history())) {
            node.roles().follow(received);
        }
        in.flushed(in.replicaLog().flushLsn());
        node.roles().limit(tracker.horizon());
    }

    void startGroup(ControlGroup.Start start) throws IOException {
        var options = new ControlGroupOptions(self.nodeId(), secret, directory.path().resolve(DataDirectory.CLUSTER).resolve("raft"),
            config.server().host(), config.cluster().raftPort(), self.raft().toString(), timeoutMin(), timeoutMax(), null);
        ControlGroup created = new ControlGroup(options, start, clock, agent.groupListener());
        created.start();
        group = created;
        agent.start(created);
        if (start == ControlGroup.Start.FORM) {
            Thread.ofVirtual().start(this::found);
        }
    }

    /** The first member creates the control state, unless it is there. */
    private void found() {
        try {
            while (!closed && agent.state().isEmpty()) {
                if (group.view().leaderReady()) {
                    group.propose(new Command.Bootstrap(member(), in.replicaLog().history().timeline().value())).join();
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("the cluster could not be founded yet: {}", e.getMessage());
            if (!closed) {
                Thread.ofVirtual().start(this::found);
            }
        }
    }

    private Member member() {
        return Member.of(self.nodeId(), Member.Kind.DATA, config.cluster().priority(), addresses(self));
    }

    static Member.Addresses addresses(NodeInfo node) {
        return new Member.Addresses(node.sql().toString(), node.replication().toString(), node.raft().toString(), node.api().toString());
    }

    /** Lets clients in as soon as what they would see is consistent. */
    void serveWhenConsistent() {
        ServedNode opened = served;
        try {
            while (!closed && served == opened && !(opened.node.roles().awaitConsistent(System.nanoTime() + POLL_NANOS) && showsAllItShowed(opened))) {
                Thread.onSpinWait();
            }
            if (!closed && served == opened) {
                opened.listen();
                stage = "running";
                Runnable listener = onServing;
                onServing = () -> { };
                listener.run();
            }
        } catch (IOException e) {
            LOG.error("clients cannot be let in: {}", e.getMessage());
            supervisor.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before it was stopped this node may have shown all up to the horizon; who asks it again must not find less. */
    private boolean showsAllItShowed(ServedNode opened) throws InterruptedException {
        long known = tracker.horizon();
        if (known == 0 && !opened.node.wal.isPrimary()) {
            Thread.sleep(HORIZON_POLL_MILLIS);
            return false;
        }
        return opened.node.wal.isPrimary() || opened.node.roles().awaitReplayed(known, System.nanoTime() + POLL_NANOS);
    }

    private void horizonMoved(long lsn) {
        ServedNode now = served;
        if (now != null) {
            now.node.roles().limit(lsn);
        }
        server.wake();
    }

    private void keepHouse() {
        try {
            ServedNode now = served;
            if (now != null) {
                slots.enforceRetention(new Lsn(now.node.wal.insertLsn()));
                slots.save();
                now.node.roles().setExternalOldestSnapshot(out.oldestSnapshot());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("replication slots could not be saved: {}", e.getMessage());
        }
    }

    // ---- Parts, for each other

    ServedNode served() {
        return served;
    }

    void served(ServedNode now) {
        served = now;
    }

    ReplicationSlots slots() {
        return slots;
    }

    ReplicationServer server() {
        return server;
    }

    ReplicationClient client() {
        return client;
    }

    ControlGroup group() {
        return group;
    }

    ControlState state() {
        return agent.state();
    }

    String stage() {
        return stage;
    }

    void stage(String newStage) {
        stage = newStage;
    }

    boolean isClosed() {
        return closed;
    }

    Path reports() {
        return directory.path().resolve(DataDirectory.CLUSTER);
    }

    @Override
    public void close() throws Exception {
        closed = true;
        timer.shutdownNow();
        ControlGroup raft = group;
        if (raft != null) {
            // A primary that stops in good order hands over first, if it can.
            roles.leave();
            agent.close();
            raft.close();
        }
        roles.close();
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        ReplicaLog log = in.replicaLog();
        ServedNode now = served;
        if (now != null) {
            now.close(true);
        }
        if (log != null) {
            log.close();
        }
    }
}
