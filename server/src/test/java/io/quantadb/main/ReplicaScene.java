package io.quantadb.main;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.pgwire.PgServer;
import io.quantadb.session.ClientWriter;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.CopyInput;
import io.quantadb.session.ResultColumn;
import io.quantadb.session.Session;
import io.quantadb.session.SessionIdentity;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.SettingCatalog;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Nodes of a cluster in one process, without network: a pump copies WAL from one directory to the other. */
final class ReplicaScene {
    private ReplicaScene() {
    }

    /** A node with everything that SQL needs. */
    static final class Member implements AutoCloseable {
        final Path path;
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final ServerConfig config;
        private final FileSystem files;
        DataDirectory directory;
        Node node;
        private SessionRegistry registry;
        private Engine engine;
        /** Set before the node is opened. */
        ClusterInfo cluster = ClusterInfo.NONE;

        Member(Path path, ServerConfig config, FileSystem files) {
            this.path = path;
            this.config = config;
            this.files = files;
        }

        void initialise() throws Exception {
            directory = DataDirectory.open(path);
            new Node(directory, config, files, Clock.SYSTEM, null, failure::set).close();
            directory.close();
        }

        void open() throws Exception {
            directory = DataDirectory.open(path);
            node = Node.openReplica(directory, config, files, Clock.SYSTEM, failure::set);
            openEngine();
        }

        /** A node of its own, not of a cluster. */
        void openSingle(FatalErrorHandler fatalErrors) throws Exception {
            directory = DataDirectory.open(path);
            node = Node.openSingle(directory, config, files, Clock.SYSTEM, fatalErrors, failure::set);
            openEngine();
        }

        /** Whatever sessions wait for, they stop waiting. */
        void interruptSessions() {
            registry.all().forEach(Session::interruptForDisconnect);
        }

        /** Lets go of a node that can do nothing any more. */
        void kill() throws Exception {
            registry.close();
            try {
                node.abandon();
            } catch (IOException | RuntimeException e) {
                // Closing files of a dead disk fails; what matters is that its threads have ended.
                failure.compareAndSet(null, e);
            }
            directory.close();
        }

        private void openEngine() throws IOException {
            SettingCatalog settings = new SettingCatalog(Map.of());
            registry = new SessionRegistry(100);
            Path temporary = path.resolve("base").resolve("pgsql_tmp");
            Files.createDirectories(temporary);
            engine = new Engine(node, settings, registry, path, temporary, cluster);
        }

        /** Clients are let in without a password. */
        PgServer listen() throws IOException {
            var options = new PgServer.Options("127.0.0.1", 0, 1, true, null, false, null);
            return new PgServer(options, engine.services(), new Logins(node, engine::attach), failure::set);
        }

        NodeRoles roles() {
            return node.roles();
        }

        java.util.Collection<Session> sessions() {
            return registry.all();
        }

        Sql sql() {
            return new Sql(this);
        }

        @Override
        public void close() throws Exception {
            end(false);
        }

        void abandon() throws Exception {
            end(true);
        }

        private void end(boolean abandon) throws Exception {
            registry.all().forEach(Session::close);
            registry.close();
            if (abandon) {
                node.abandon();
            } else {
                node.close();
            }
            directory.close();
        }
    }

    /** A session that runs statements and keeps what they return. Confined to one thread. */
    static final class Sql implements ClientWriter, AutoCloseable {
        final Session session;
        private final List<Object[]> rows = new ArrayList<>();
        private SqlException error;
        final List<String> statuses = new ArrayList<>();
        final List<String> tags = new ArrayList<>();
        final List<SqlException> notices = new ArrayList<>();
        private final Member member;
        private long holdLsn;

        Sql(Member member) {
            this.member = member;
            var identity = new SessionIdentity(io.quantadb.catalog.CatalogIds.DATABASE_POSTGRES, "postgres", 10, "quantadb", true, null, 0, false);
            session = new Session(member.engine.services(), identity, this);
            member.engine.attach(session);
        }

        /** Runs the text; throws its error. */
        List<Object[]> run(String sql) {
            rows.clear();
            error = null;
            session.mayWait(true);
            session.simpleQuery(sql);
            if (error != null) {
                throw error;
            }
            if (holdLsn != 0) {
                member.node.wal.flush(holdLsn);
                holdLsn = 0;
            }
            return new ArrayList<>(rows);
        }

        Object value(String sql) {
            return run(sql).getFirst()[0];
        }

        @Override
        public void close() {
            session.close();
        }

        @Override
        public void rowDescription(List<ResultColumn> columns, short[] formats) {
        }

        @Override
        public void beginRows(List<ResultColumn> columns, short[] formats) {
        }

        @Override
        public void rows(Batch batch, int from, int to) {
            for (int i = from; i < to; i++) {
                int position = batch.selection()[i];
                Object[] row = new Object[batch.columns.length];
                for (int c = 0; c < row.length; c++) {
                    Vector vector = batch.columns[c];
                    row[c] = vector.isNull(position) ? null : vector.get(position);
                }
                rows.add(row);
            }
        }

        @Override
        public void row(Object[] values) {
            rows.add(values);
        }

        @Override
        public void commandComplete(String tag) {
            tags.add(tag);
        }

        @Override
        public void emptyQueryResponse() {
        }

        @Override
        public void parseComplete() {
        }

        @Override
        public void bindComplete() {
        }

        @Override
        public void closeComplete() {
        }

        @Override
        public void portalSuspended() {
        }

        @Override
        public void noData() {
        }

        @Override
        public void parameterDescription(int[] typeOids) {
        }

        @Override
        public void parameterStatus(String name, String value) {
            statuses.add(name + "=" + value);
        }

        @Override
        public void readyForQuery(char status) {
        }

        @Override
        public void error(SqlException newError) {
            error = newError;
        }

        @Override
        public void notice(SqlException notice) {
            notices.add(notice);
        }

        @Override
        public void notification(int processId, String channel, String payload) {
        }

        @Override
        public CopyInput copyIn(boolean binary, int columns) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copyOutResponse(boolean binary, int columns) {
        }

        @Override
        public void copyData(byte[] data, int offset, int length) {
        }

        @Override
        public void copyDone() {
        }

        @Override
        public int mark() {
            return 0;
        }

        @Override
        public void rewind(int mark) {
        }

        @Override
        public void holdUntilDurable(long lsn) {
            holdLsn = Math.max(holdLsn, lsn);
        }

        @Override
        public void flush() {
        }
    }

    /** Copies the primary's flushed WAL to a replica, and moves the horizon of both. A thread. */
    static final class Pump implements AutoCloseable {
        private final Member primary;
        private final Member replica;
        private final Thread thread;
        private volatile boolean stopping;
        /** The horizon is not announced; WAL is still copied. */
        volatile boolean holdHorizon;
        volatile boolean holdWal;
        volatile boolean ignoreFeedback;
        volatile Throwable failure;
        private long copied;

        Pump(Member primary, Member replica) {
            this.primary = primary;
            this.replica = replica;
            copied = replica.roles().storedLsn();
            thread = Thread.ofPlatform().daemon().name("wal-pump").start(this::run);
        }

        private void run() {
            try {
                while (!stopping) {
                    step();
                    Thread.sleep(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                failure = e;
                e.printStackTrace();
            }
        }

        synchronized void step() throws IOException {
            long flushed = primary.roles().storedLsn();
            if (flushed > copied && !holdWal) {
                copy(primary, replica, primary.roles().history(), copied, flushed);
                copied = flushed;
                replica.roles().received(flushed);
            }
            primary.roles().setExternalOldestSnapshot(ignoreFeedback ? Long.MAX_VALUE : replica.roles().oldestSnapshotLsn());
            if (!holdHorizon) {
                primary.roles().limit(Math.min(flushed, copied));
                replica.roles().limit(primary.roles().horizonLsn());
            }
        }

        @Override
        public void close() throws Exception {
            stopping = true;
            thread.join();
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** Copies WAL bytes between directories. */
    static void copy(Member from, Member to, TimelineHistory history, long start, long end) throws IOException {
        WalSegments source = from.node.storage.segments();
        WalSegments target = to.node.storage.segments();
        SegmentLayout layout = source.layout();
        int timeline = history.timeline().value();
        for (long segment = layout.segmentOf(start); segment <= layout.segmentOf(end); segment++) {
            long begin = layout.startOf(segment);
            try (FileHandle in = source.openForReading(timeline, segment)) {
                if (in == null) {
                    continue;
                }
                boolean created = !target.exists(timeline, segment);
                target.create(timeline, segment);
                int offset = created ? layout.offsetOf(layout.firstRecordOf(segment)) : (int) Math.max(start - begin, layout.offsetOf(layout.firstRecordOf(segment)));
                int limit = (int) Math.min(end - begin, layout.sizeBytes());
                if (limit <= offset) {
                    continue;
                }
                ByteBuffer buffer = ByteBuffer.allocate(limit - offset);
                in.read(buffer, offset);
                try (FileHandle out = target.openForWriting(timeline, segment, false)) {
                    out.write(buffer.flip(), offset);
                    out.sync(false);
                }
            }
        }
    }

    static ServerConfig config() throws Exception {
        return ServerConfig.defaults(ServerConfig.Overrides.NONE);
    }

    static void copyDirectory(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                if (!path.getFileName().toString().equals(DataDirectory.LOCK)) {
                    Path target = to.resolve(from.relativize(path).toString());
                    if (!Files.isDirectory(path)) {
                        Files.copy(path, target);
                    } else if (!Files.exists(target)) {
                        Files.createDirectory(target, java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two members of one new system, both replicas. */
    static Member[] pair(Path root) throws Exception {
        Member first = new Member(root.resolve("a"), config(), PosixFileSystem.INSTANCE);
        first.initialise();
        copyDirectory(root.resolve("a"), root.resolve("b"));
        Member second = new Member(root.resolve("b"), config(), PosixFileSystem.INSTANCE);
        first.open();
        second.open();
        return new Member[] {first, second};
    }

    static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    }
}
