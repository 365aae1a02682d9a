package io.quantadb.replication.receiver;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.replication.protocol.ClusterSecret;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.sender.BaseSource;
import io.quantadb.replication.sender.PageSource;
import io.quantadb.replication.sender.ReplicationServer;
import io.quantadb.replication.sender.SenderHost;
import io.quantadb.replication.sender.SenderOptions;
import io.quantadb.replication.sender.WalSource;
import io.quantadb.replication.sender.WriterWalSource;
import io.quantadb.replication.slot.ReplicationSlots;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.segment.WalSegments;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** A primary and replicas without a database: WAL directories joined by the replication port. */
public final class StreamBench {
    public static final String CLUSTER = "bench";
    public static final String SECRET = "a secret of the cluster";
    public static final SenderOptions LINK = SenderOptions.DEFAULT.withTimeoutMillis(3_000);

    private StreamBench() {
    }

    public static Credentials credentials(String secret) {
        return new Credentials(new ClusterSecret(CLUSTER, secret), false, null);
    }

    public static void awaitTrue(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not reached in 20 s: " + what);
            }
            Thread.sleep(1);
        }
    }

    /** Inserts WAL and serves it. The horizon is the smallest flush position of itself and all replicas heard of. */
    public static final class Primary implements SenderHost, AutoCloseable {
        public final WalSegments segments;
        public volatile WalWriter writer;
        public volatile WalSource source;
        public volatile TimelineHistory history;
        public final ReplicationSlots slots;
        public ReplicationServer server;
        public int port;
        public volatile long epoch = 1;
        public volatile long newerEpoch;
        public volatile boolean wantsWrite;
        public volatile boolean isPrimary = true;
        public volatile BaseSource base;
        public volatile PageSource pages;
        public volatile NodeInfo self;
        public final Map<String, Feedback> feedback = new ConcurrentHashMap<>();
        public final List<String> joined = new CopyOnWriteArrayList<>();
        public final AtomicLong horizon = new AtomicLong();
        public volatile Runnable onFeedback = () -> { };

        public Primary(FileSystem files, Path directory, SegmentLayout layout, WalPosition position,
                TimelineHistory history, WalWriterOptions options, long maxRetained) throws IOException {
            this.history = history;
            segments = new WalSegments(files, directory.resolve("wal"), layout, WalBench.SYSTEM_ID);
            slots = new ReplicationSlots(files, directory.resolve("slots"), WalBench.SYSTEM_ID, maxRetained,
                    Clock.SYSTEM);
            self = new NodeInfo("primary", CLUSTER);
            writer = new WalWriter(segments, history.timeline().value(), position, position.endLsn(), options,
                    Clock.SYSTEM, FAIL);
            source = new WriterWalSource(writer, history);
        }

        public Primary serve(int wantedPort, SenderOptions link) throws IOException {
            server = new ReplicationServer(new ReplicationServer.Options("127.0.0.1", wantedPort, 1, link, null, 20),
                    this, credentials(SECRET), Clock.SYSTEM, Executors.newCachedThreadPool(), FAIL);
            port = server.start();
            writer.addWriteListener(lsn -> server.wake());
            return this;
        }

        @Override
        public long systemId() {
            return WalBench.SYSTEM_ID;
        }

        @Override
        public NodeInfo self() {
            return self;
        }

        @Override
        public boolean isPrimary() {
            return isPrimary;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public WalSource wal() {
            return source;
        }

        @Override
        public long horizonLsn() {
            return horizon.get();
        }

        @Override
        public ReplicationSlots slots() {
            return slots;
        }

        @Override
        public BaseSource base() {
            return base;
        }

        @Override
        public PageSource pages() {
            return pages;
        }

        @Override
        public boolean wantsWriteAcknowledgements() {
            return wantsWrite;
        }

        @Override
        public void onJoin(NodeInfo node, PeerKind kind) {
            joined.add(node.nodeId());
        }

        @Override
        public void onFeedback(NodeInfo node, Feedback report, long roundTripNanos) {
            feedback.put(node.nodeId(), report);
            long safe = writer.flushLsn();
            for (Feedback each : feedback.values()) {
                safe = Math.min(safe, each.flushLsn());
            }
            horizon.set(Math.max(horizon.get(), safe));
            server.wake();
            onFeedback.run();
        }

        @Override
        public void onNewerEpoch(long newer, NodeInfo node) {
            newerEpoch = newer;
        }

        @Override
        public void close() throws IOException {
            if (server != null) {
                server.close();
            }
            writer.close();
        }
    }

    static final FatalErrorHandler FAIL = (message, cause) -> {
        new AssertionError(message, cause).printStackTrace();
        throw new AssertionError(message, cause);
    };

    /** Receives, keeps, and "replays" by reading up to the horizon on demand. */
    public static final class Replica implements ReceiverHost, AutoCloseable {
        public final FileSystem files;
        public final WalSegments segments;
        public final String name;
        public volatile ReplicaLog log;
        public volatile ReplicationClient client;
        public volatile List<Endpoint> candidates = List.of();
        public final AtomicLong epoch = new AtomicLong(1);
        public final AtomicLong horizon = new AtomicLong();
        public volatile long replayed;
        public volatile long systemId = WalBench.SYSTEM_ID;
        public volatile String slot;
        public volatile String clusterName = CLUSTER;
        public final AtomicReference<ErrorCode> refused = new AtomicReference<>();
        public final List<String> texts = new CopyOnWriteArrayList<>();
        public final List<String> ends = new CopyOnWriteArrayList<>();
        public final List<String> forks = new CopyOnWriteArrayList<>();

        public Replica(String name, FileSystem files, Path directory, SegmentLayout layout, TimelineHistory history,
                WalPosition position, boolean background) throws IOException {
            this.name = name;
            this.slot = name;
            this.files = files;
            segments = new WalSegments(files, directory.resolve("wal"), layout, WalBench.SYSTEM_ID);
            log = new ReplicaLog(files, segments, history, position, SyncMethod.FDATASYNC, Clock.SYSTEM, FAIL,
                    background);
        }

        public Replica follow(String secret, int... ports) {
            List<Endpoint> targets = new ArrayList<>();
            for (int port : ports) {
                targets.add(new Endpoint("127.0.0.1", port));
            }
            candidates = targets;
            client = new ReplicationClient(new ReplicationClient.Options(ReceiverOptions.DEFAULT.withTimeoutMillis(
                    3_000), null, 1_000), this, credentials(secret), Clock.SYSTEM, FAIL);
            log.addFlushListener(lsn -> client.wake());
            client.start();
            return this;
        }

        @Override
        public long systemId() {
            return systemId;
        }

        @Override
        public NodeInfo self() {
            return new NodeInfo(name, clusterName);
        }

        @Override
        public long epoch() {
            return epoch.get();
        }

        @Override
        public void onEpoch(long newer) {
            epoch.accumulateAndGet(newer, Math::max);
        }

        @Override
        public ReceivedLog log() {
            return log;
        }

        @Override
        public String slotName() {
            return slot;
        }

        @Override
        public List<Endpoint> candidates() {
            return candidates;
        }

        @Override
        public void onHorizon(long lsn) {
            if (horizon.getAndSet(lsn) > lsn) {
                throw new AssertionError("horizon fell to " + Lsn.format(lsn));
            }
        }

        @Override
        public long replayedLsn() {
            return replayed;
        }

        @Override
        public long oldestSnapshotLsn() {
            return 0;
        }

        @Override
        public void onDiverged(int timeline, long forkLsn, TimelineHistory theirs) throws IOException {
            long at = forkLsn == 0 ? replayed : forkLsn;
            forks.add(timeline + ":" + at);
            if (at < log.writeLsn() || timeline != log.history().timeline().value()) {
                log.truncate(timeline, at);
            }
        }

        @Override
        public void onTimeline(TimelineHistory history) {
        }

        @Override
        public void onRefused(ErrorCode code, String text) {
            refused.set(code);
            texts.add(text);
        }

        @Override
        public void onDisconnected(String reason) {
            ends.add(reason);
        }

        /** The numbers of all records from the start. */
        public List<Long> readAll() throws IOException {
            return StreamBench.readAll(segments, log.history());
        }

        @Override
        public void close() throws IOException {
            if (client != null) {
                client.close();
            }
            log.close();
        }
    }

    public static List<Long> readAll(WalSegments segments, TimelineHistory history) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (WalReader reader = new WalReader(segments.layout(), history.source(segments),
                segments.layout().firstLsn(), Lsn.INVALID, DamageCheck.OFF)) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                numbers.add(WalBench.number(record));
            }
        }
        return numbers;
    }

    public static TimelineHistory second(long forkLsn) {
        return TimelineHistory.first().branch(new TimelineId(2), new Lsn(forkLsn), "test");
    }
}
