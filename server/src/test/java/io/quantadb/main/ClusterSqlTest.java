package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.main.ReplicaScene.Member;
import io.quantadb.main.ReplicaScene.Pump;
import io.quantadb.main.ReplicaScene.Sql;
import io.quantadb.pgwire.PgServer;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.CommitLevel;
import io.quantadb.session.OffLoop;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQL sessions see of a cluster, with a cluster that does as it is told. Texts and codes are those of PostgreSQL 15 and 19. */
final class ClusterSqlTest {
    private static final long MOMENT = 1_700_000_000_000_000L;

    @TempDir
    private Path root;
    private final Cluster cluster = new Cluster();
    private Member member;

    private static final class Cluster implements ClusterInfo {
        final List<Sender> senders = new ArrayList<>();
        final List<Slot> slots = new ArrayList<>();
        final List<CommitLevel> asked = new CopyOnWriteArrayList<>();
        Receiver receiver;
        volatile long reached = Long.MAX_VALUE;
        volatile boolean insufficient;
        volatile long staleness;
        CompletableFuture<Boolean> promotion = new CompletableFuture<>();

        @Override
        public List<Sender> senders() {
            return senders;
        }

        @Override
        public Receiver receiver() {
            return receiver;
        }

        @Override
        public List<Slot> slots() {
            return slots;
        }

        @Override
        public long createSlot(String name, boolean reserve) {
            slots.add(new Slot(name, null, reserve ? 0x1000 : 0, WalStatus.RESERVED, -1));
            return reserve ? 0x1000 : 0;
        }

        @Override
        public void dropSlot(String name) {
            slots.removeIf(slot -> slot.name().equals(name));
        }

        @Override
        public long levelLsn(CommitLevel level) {
            asked.add(level);
            return reached;
        }

        @Override
        public boolean awaitLevel(CommitLevel level, long lsn, long deadlineNanos) {
            return reached >= lsn;
        }

        @Override
        public boolean isInsufficient() {
            return insufficient;
        }

        @Override
        public CompletableFuture<Boolean> promote() {
            return promotion;
        }

        @Override
        public long stalenessMicros() {
            return staleness;
        }
    }

    @BeforeEach
    void openNode() throws Exception {
        member = new Member(root.resolve("single"), ReplicaScene.config(), PosixFileSystem.INSTANCE);
        member.initialise();
        member.cluster = cluster;
        member.openSingle((message, cause) -> { });
    }

    @AfterEach
    void closeNode() throws Exception {
        member.close();
    }

    private static SqlException failure(Sql sql, String text) {
        return assertThrows(SqlException.class, () -> sql.run(text));
    }

    private static void assertFails(Sql sql, String text, String code, String message) {
        SqlException error = failure(sql, text);
        assertEquals(message, error.getMessage());
        assertEquals(code, error.code());
    }

    private static Object[] strings(Object[] row) {
        Object[] texts = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
            texts[i] = row[i] == null ? null : row[i].toString();
        }
        return texts;
    }

    // ---- Views

    @Test
    void shouldShowStreams() {
        cluster.senders.add(new ClusterInfo.Sender("node-b", "10.1.2.3", 40001, MOMENT, "streaming", 0x3000, 0x2800, 0x2000, 0x1000, 1500, 2_000_000, -1,
            1, ClusterInfo.SyncState.SYNC, MOMENT + 1));
        cluster.senders.add(new ClusterInfo.Sender("node-c", "c.example", 40002, MOMENT, "catchup", 0x10, 0, 0, 0, -1, -1, -1, 0,
            ClusterInfo.SyncState.ASYNC, 0));
        try (Sql sql = member.sql()) {
            List<Object[]> rows = sql.run("""
                select application_name, host(client_addr), client_hostname, client_port::text, backend_start at time zone 'UTC', state, sent_lsn::text,
                    write_lsn::text, flush_lsn::text, replay_lsn::text, write_lag::text, flush_lag::text, replay_lag::text, sync_priority::text, sync_state,
                    extract(epoch from reply_time)::text, usename::text, pid > 0
                from pg_stat_replication order by 1""");
            Object[] first = strings(rows.getFirst());
            first[4] = null;
            assertArrayEquals(new Object[] {"node-b", "10.1.2.3", null, "40001", null, "streaming", "0/3000", "0/2800", "0/2000", "0/1000",
                "00:00:00.0015", "00:00:02", null, "1", "sync", "1700000000.000001", null, "true"}, first);
            Object[] second = strings(rows.get(1));
            second[4] = null;
            assertArrayEquals(new Object[] {"node-c", null, "c.example", "40002", null, "catchup", "0/10", null, null, null, null, null, null, "0", "async",
                null, null, "true"}, second);
            assertEquals(2L, sql.value("select count(distinct pid) from pg_stat_activity where backend_type = 'walsender'"));
            assertEquals(sql.value("select pid from pg_stat_replication where application_name = 'node-b'"),
                sql.value("select pid from pg_stat_replication where application_name = 'node-b'"));
            sql.run("create role plain; set role plain");
            assertArrayEquals(new Object[] {"node-b", null, null}, sql.run("select application_name, state, sent_lsn from pg_stat_replication").getFirst());
            sql.run("reset role; grant pg_read_all_stats to plain; set role plain");
            assertEquals("streaming", sql.value("select state from pg_stat_replication where application_name = 'node-b'"));
        }
    }

    @Test
    void shouldShowTheReceiver() {
        try (Sql sql = member.sql()) {
            assertEquals(0L, sql.value("select count(*) from pg_stat_wal_receiver"));
            cluster.receiver = new ClusterInfo.Receiver("streaming", MOMENT, 0x1000, 1, 0x3000, 0x2000, 2, MOMENT, MOMENT + 1, 0x4000, MOMENT, "me", "10.0.0.1", 6432);
            assertArrayEquals(new Object[] {"streaming", "0/1000", "1", "0/3000", "0/2000", "2", "1700000000.000000", "1700000000.000001", "0/4000",
                "me", "10.0.0.1", "6432", null}, strings(sql.run("""
                    select status, receive_start_lsn::text, receive_start_tli, written_lsn::text, flushed_lsn::text, received_tli,
                        extract(epoch from last_msg_send_time)::text, extract(epoch from last_msg_receipt_time)::text, latest_end_lsn::text, slot_name,
                        sender_host, sender_port, conninfo
                    from pg_stat_wal_receiver""").getFirst()));
        }
    }

    @Test
    void shouldMakeAndDropSlots() {
        try (Sql sql = member.sql()) {
            assertFails(sql, "select pg_create_physical_replication_slot('Bad-Name')", "42602",
                "replication slot name \"Bad-Name\" contains invalid character");
            assertFails(sql, "select pg_create_physical_replication_slot('')", "42602", "replication slot name \"\" is too short");
            assertFails(sql, "select pg_create_physical_replication_slot('a', false, true)", "0A000", "temporary replication slots are not supported");
            assertArrayEquals(new Object[] {"one", null}, strings(sql.run("select slot_name, lsn::text from pg_create_physical_replication_slot('one')").getFirst()));
            assertArrayEquals(new Object[] {"two", "0/1000"},
                strings(sql.run("select slot_name, lsn::text from pg_create_physical_replication_slot('two', true)").getFirst()));
            assertFails(sql, "select pg_create_physical_replication_slot('one')", "42710", "replication slot \"one\" already exists");
            cluster.senders.add(new ClusterInfo.Sender("b", null, -1, MOMENT, "streaming", 1, 1, 1, 1, 0, 0, 0, 1, ClusterInfo.SyncState.SYNC, 0));
            cluster.slots.add(new ClusterInfo.Slot("used", "b", 0x2000, ClusterInfo.WalStatus.EXTENDED, 4096));
            List<Object[]> rows = sql.run("select slot_name, slot_type, active, restart_lsn::text, wal_status, safe_wal_size, temporary, two_phase"
                + " from pg_replication_slots order by 1");
            assertArrayEquals(new Object[] {"one", "physical", "false", null, null, null, "false", "false"}, strings(rows.getFirst()));
            assertArrayEquals(new Object[] {"two", "physical", "false", "0/1000", "reserved", null, "false", "false"}, strings(rows.get(1)));
            assertArrayEquals(new Object[] {"used", "physical", "true", "0/2000", "extended", "4096", "false", "false"}, strings(rows.get(2)));
            Object pid = sql.value("select pid from pg_stat_replication r join pg_replication_slots s on s.active_pid = r.pid");
            assertFails(sql, "select pg_drop_replication_slot('used')", "55006", "replication slot \"used\" is active for PID " + pid);
            assertFails(sql, "select pg_drop_replication_slot('nope')", "42704", "replication slot \"nope\" does not exist");
            sql.run("select pg_drop_replication_slot('one')");
            assertEquals(2, cluster.slots.size());
            sql.run("create role plain; set role plain");
            assertFails(sql, "select pg_drop_replication_slot('two')", "42501", "must be superuser or replication role to use replication slots");
            sql.run("reset role; alter role plain replication; set role plain");
            sql.run("select pg_drop_replication_slot('two')");
            assertEquals(1, cluster.slots.size());
        }
    }

    // ---- Commit levels

    @Test
    void shouldWaitForTheLevelOfSynchronousCommit() throws Exception {
        try (Sql sql = member.sql(); Sql other = member.sql(); ExecutorService threads = Executors.newSingleThreadExecutor()) {
            sql.run("create table t (a int)");
            cluster.asked.clear();
            sql.run("insert into t values (0)");
            sql.run("set synchronous_commit = off");
            sql.run("insert into t values (1)");
            assertEquals(List.of(), cluster.asked);
            for (String level : List.of("local", "remote_write", "remote_apply")) {
                cluster.reached = 0;
                sql.run("set synchronous_commit = on");
                sql.run("begin; set local synchronous_commit = " + level + "; insert into t values (2)");
                Future<?> commit = threads.submit(() -> sql.run("commit"));
                assertThrows(TimeoutException.class, () -> commit.get(200, TimeUnit.MILLISECONDS));
                cluster.reached = Long.MAX_VALUE;
                commit.get(10, TimeUnit.SECONDS);
                assertEquals(level, cluster.asked.getLast().name().toLowerCase(java.util.Locale.ROOT));
                cluster.asked.clear();
                sql.run("insert into t values (3)");
                assertEquals(List.of(), cluster.asked, "SET LOCAL ends with its transaction");
            }
            cluster.reached = 0;
            sql.run("set synchronous_commit = remote_apply");
            assertEquals(8L, sql.value("select count(*) from t"), "who has not written does not wait");
            assertEquals(8L, other.value("select count(*) from t"));
        }
    }

    @Test
    void shouldLeaveTheLoopBeforeACommitThatWaits() {
        try (Sql sql = member.sql()) {
            sql.run("create table t (a int)");
            sql.run("set synchronous_commit = remote_apply");
            sql.session.mayWait(false);
            assertThrows(OffLoop.class, () -> sql.session.simpleQuery("insert into t values (1)"));
            assertTrue(sql.session.isIdle());
            sql.run("insert into t values (1)");
            sql.run("begin; insert into t values (2)");
            sql.session.mayWait(false);
            assertThrows(OffLoop.class, () -> sql.session.simpleQuery("commit"));
            assertTrue(sql.session.inTransactionBlock());
            sql.run("commit");
            assertEquals(2L, sql.value("select count(*) from t"));
        }
    }

    @Test
    void shouldNotPromiseWhatCannotBeConfirmed() {
        try (Sql sql = member.sql()) {
            sql.run("create table t (a int); set synchronous_commit = remote_write");
            cluster.reached = 0;
            cluster.insufficient = true;
            SqlException error = failure(sql, "insert into t values (1)");
            assertEquals("08007", error.code());
            assertEquals(Severity.FATAL, error.severity());
        }
    }

    @Test
    void shouldEndAWaitWithAWarningWhenCanceled() throws Exception {
        try (Sql sql = member.sql(); Sql other = member.sql(); ExecutorService threads = Executors.newSingleThreadExecutor()) {
            sql.run("create table t (a int); set synchronous_commit = remote_apply");
            cluster.reached = 0;
            cluster.asked.clear();
            Future<?> insert = threads.submit(() -> sql.run("insert into t values (1)"));
            while (cluster.asked.isEmpty()) {
                Thread.sleep(1);
            }
            assertEquals(true, other.value("select pg_cancel_backend(" + sql.session.processId() + ")"));
            insert.get(10, TimeUnit.SECONDS);
            assertEquals("canceling wait for synchronous replication due to user request", sql.notices.getLast().getMessage());
            assertEquals("The transaction has already committed locally, but might not have been replicated to the standby.",
                sql.notices.getLast().detail());
            assertEquals("01000", sql.notices.getLast().code());
            assertEquals(1L, other.value("select count(*) from t"));
        }
    }

    @Test
    void shouldReportTheLsnOfEachCommit() throws Exception {
        try (PgServer server = member.listen()) {
            int port = server.start();
            try (Connection connection = connect(port); Statement statement = connection.createStatement()) {
                statement.execute("create table t (a int)");
                assertEquals(null, status(connection));
                statement.execute("set quantadb.report_commit_lsn = on");
                statement.execute("insert into t values (1)");
                String first = status(connection);
                assertTrue(Lsn.parse(first).value() <= Lsn.parse(ask(statement, "select pg_current_wal_flush_lsn()")).value());
                assertEquals(first, ask(statement, "show quantadb.last_commit_lsn"));
                assertEquals("success", ask(statement, "wait for lsn '" + first + "'"));
                assertEquals(first, status(connection), "reading commits nothing");
                connection.setAutoCommit(false);
                statement.execute("insert into t values (2)");
                connection.rollback();
                assertEquals(first, status(connection));
                statement.execute("insert into t values (2)");
                assertEquals(first, status(connection));
                connection.commit();
                assertTrue(Lsn.parse(status(connection)).value() > Lsn.parse(first).value());
                SQLException fixed = assertThrows(SQLException.class, () -> statement.execute("set quantadb.last_commit_lsn = '0/1'"));
                assertEquals("55P02", fixed.getSQLState());
            }
        }
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/quantadb?user=quantadb");
    }

    private static String status(Connection connection) throws SQLException {
        return connection.unwrap(org.postgresql.PGConnection.class).getParameterStatus("quantadb.last_commit_lsn");
    }

    private static String ask(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    // ---- WAIT FOR LSN

    @Test
    void shouldReadTheOptionsOfWaitFor() {
        try (Sql sql = member.sql()) {
            assertEquals("success", sql.value("wait for lsn '0/1'"));
            assertEquals("WAIT", sql.tags.getLast());
            assertEquals("success", sql.value("wait for lsn '0/1' with (mode 'primary_flush', timeout 100, no_throw)"));
            assertFails(sql, "wait for lsn 'invalid_lsn'", "22P02", "invalid input syntax for type pg_lsn: \"invalid_lsn\"");
            assertFails(sql, "wait for lsn '0/1' with (timeout '-1000ms')", "22023", "timeout cannot be negative");
            assertFails(sql, "wait for lsn '0/1' with (timeout 'invalid')", "22023", "invalid timeout value: \"invalid\"");
            assertFails(sql, "wait for lsn '0/1' with (timeout '1', timeout '2')", "42601", "conflicting or redundant options");
            assertFails(sql, "wait for lsn '0/1' with (no_throw, no_throw)", "42601", "conflicting or redundant options");
            assertFails(sql, "wait for lsn '0/1' with (unknown_param 'value')", "42601", "option \"unknown_param\" not recognized");
            assertFails(sql, "wait for lsn '0/1' with (mode 'invalid')", "22023", "unrecognized value for WAIT option \"mode\": \"invalid\"");
            assertEquals("42601", failure(sql, "wait for lsn '0/1' (timeout '100ms')").code());
            assertFails(sql, "wait for lsn '0/1' with (mode 'standby_flush')", "55000", "recovery is not in progress");
            assertEquals("not in recovery", sql.value("wait for lsn '0/1' with (mode 'standby_replay', no_throw)"));
            assertEquals("timeout", sql.value("wait for lsn 'FFFFFF/0' with (timeout '50ms', no_throw)"));
            SqlException late = failure(sql, "wait for lsn 'FFFFFF/0' with (timeout 50)");
            assertEquals("57014", late.code());
            assertTrue(late.getMessage().startsWith("timed out while waiting for target LSN FFFFFF/0 to be flushed; current primary_flush LSN 0/"));
            sql.run("set statement_timeout = 50");
            assertFails(sql, "wait for lsn 'FFFFFF/0'", "57014", "canceling statement due to statement timeout");
            sql.run("set statement_timeout = 0; begin; select 1");
            assertEquals("success", sql.value("wait for lsn '0/1'"));
            sql.run("commit; begin isolation level repeatable read; select 1");
            assertFails(sql, "wait for lsn '0/1'", "55000", "WAIT FOR must be called without an active or registered snapshot");
            sql.run("rollback");
            assertFails(sql, "select pg_promote()", "55000", "recovery is not in progress");
        }
    }

    // ---- On a replica

    @Test
    void shouldTellAReplicaFromAPrimary() throws Exception {
        Member[] pair = pair();
        Member a = pair[0];
        Member b = pair[1];
        try (Pump pump = new Pump(a, b); Sql sql = a.sql(); Sql reader = b.sql()) {
            sql.run("create table t (a int); insert into t values (1)");
            long lsn = a.node.wal.flushLsn();
            assertEquals("success", reader.value("wait for lsn '" + Lsn.format(lsn) + "' with (timeout '20s')"));
            assertEquals("success", reader.value("wait for lsn '" + Lsn.format(lsn) + "' with (mode 'standby_flush')"));
            assertEquals(1L, reader.value("select count(*) from t"));
            assertEquals("timeout", reader.value("wait for lsn 'FFFFFF/0' with (timeout 50, no_throw)"));
            SqlException late = failure(reader, "wait for lsn 'FFFFFF/0' with (timeout '0.05s')");
            assertTrue(late.getMessage().startsWith("timed out while waiting for target LSN FFFFFF/0 to be replayed; current standby_replay LSN 0/"));
            assertTrue(failure(reader, "wait for lsn 'FFFFFF/0' with (mode 'standby_write', timeout 50)").getMessage().contains(" to be written; "));
            assertFails(reader, "wait for lsn '0/1' with (mode 'primary_flush')", "55000", "recovery is in progress");
            for (String function : List.of("pg_current_wal_lsn", "pg_current_wal_flush_lsn", "pg_current_wal_insert_lsn")) {
                SqlException refused = failure(reader, "select " + function + "()");
                assertEquals("recovery is in progress", refused.getMessage());
                assertEquals("WAL control functions cannot be executed during recovery.", refused.hint());
            }
            cluster.staleness = 5_000_000;
            assertEquals("-1", reader.value("show quantadb.max_staleness"));
            assertEquals(1L, reader.value("select count(*) from t"));
            reader.run("begin isolation level repeatable read; select 1");
            reader.run("set quantadb.max_staleness = '4s'");
            assertEquals(1L, reader.value("select count(*) from t"), "the snapshot was taken before");
            reader.run("commit");
            SqlException stale = failure(reader, "select count(*) from t");
            assertEquals("55000", stale.code());
            assertEquals("the data of this replica is older than quantadb.max_staleness allows", stale.getMessage());
            assertEquals("It is 5000 ms old, allowed are 4000 ms.", stale.detail());
            assertEquals("55000", failure(reader, "select 1").code());
            assertEquals("55000", failure(reader, "explain analyze select 1").code());
            assertEquals("55000", failure(reader, "copy t to stdout").code());
            assertEquals("4s", reader.value("show quantadb.max_staleness"));
            cluster.staleness = 3_999_999;
            assertEquals(1L, reader.value("select count(*) from t"));
            cluster.staleness = Long.MAX_VALUE;
            assertEquals("It is not known how old it is.", failure(reader, "select count(*) from t").detail());
            reader.run("set quantadb.max_staleness = -1");
            assertEquals(1L, reader.value("select count(*) from t"));
            sql.run("set quantadb.max_staleness = 0");
            assertEquals(1L, sql.value("select count(*) from t"), "a primary is never stale");
            sql.run("create role plain; create role operator; grant execute on function pg_promote to operator");
            reader.value("wait for lsn '" + Lsn.format(a.node.wal.flushLsn()) + "'");
            for (String function : List.of("pg_promote", "pg_wal_replay_pause", "pg_wal_replay_resume")) {
                reader.run("set role plain");
                assertFails(reader, "select " + function + "()", "42501", "permission denied for function " + function);
            }
            reader.run("set role operator");
            assertFails(reader, "select pg_promote(true, 0)", "22003", "\"wait_seconds\" must not be negative or zero");
            assertEquals(true, reader.value("select pg_promote(false)"));
            assertEquals(false, reader.value("select pg_promote(true, 1)"));
            assertEquals("server did not promote within 1 second", reader.notices.getLast().getMessage());
            reader.run("reset role");
            cluster.promotion.complete(true);
            assertEquals(true, reader.value("select pg_promote()"));
            cluster.promotion = CompletableFuture.failedFuture(new IllegalStateException("not in sync"));
            assertEquals("not in sync", failure(reader, "select pg_promote()").detail());
        }
        a.abandon();
        b.close();
    }

    private Member[] pair() throws Exception {
        Member[] pair = ReplicaScene.pair(root);
        for (Member each : pair) {
            each.close();
            each.cluster = cluster;
            each.open();
        }
        ReplicaNodeTest.promote(pair[0], 2);
        pair[1].roles().follow(pair[0].roles().history());
        return pair;
    }

    // ---- Replies that cannot be confirmed

    @Test
    void shouldEndAStatementThatRunsBehindAReplyThatIsGivenUp() throws Exception {
        Member[] pair = pair();
        Member a = pair[0];
        SqlException reason = new SqlException(SqlState.TRANSACTION_RESOLUTION_UNKNOWN, "nobody answers").fatal();
        try (Pump pump = new Pump(a, pair[1]); PgServer server = a.listen()) {
            int port = server.start();
            try (Socket client = new Socket("127.0.0.1", port)) {
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                DataInputStream in = new DataInputStream(client.getInputStream());
                login(client, out, in);
                query(out, "create table t (a int)");
                awaitReady(in);
                pump.holdHorizon = true;
                Thread.sleep(50);
                query(out, "insert into t values (1)");
                // Else its reply would leave together with the next one's.
                for (int i = 0; i < 2000 && a.sessions().stream().noneMatch(session -> session.activity().query().contains("insert")
                        && session.activity().state().equals("idle")); i++) {
                    Thread.sleep(5);
                }
                Thread.sleep(200);
                query(out, "select pg_sleep(60)");
                for (int i = 0; i < 2000 && a.sessions().stream().noneMatch(s -> s.activity().query().contains("pg_sleep")); i++) {
                    Thread.sleep(5);
                }
                Thread.sleep(100);
                server.failHeld(reason);
                assertLast(in);
            }
            cluster.insufficient = true;
            try (Socket client = new Socket("127.0.0.1", port)) {
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                DataInputStream in = new DataInputStream(client.getInputStream());
                login(client, out, in);
                query(out, "insert into t values (2)");
                assertLast(in);
            }
            cluster.insufficient = false;
            for (int i = 0; i < 2000 && !a.sessions().isEmpty(); i++) {
                Thread.sleep(5);
            }
            assertEquals(0, a.sessions().size());
            pump.holdHorizon = false;
        }
        assertEquals(null, a.failure.get());
        a.abandon();
        pair[1].close();
    }

    private static void login(Socket client, DataOutputStream out, DataInputStream in) throws IOException {
        client.setSoTimeout(20_000);
        byte[] startup = "\0\3\0\0user\0quantadb\0database\0quantadb\0\0".getBytes(StandardCharsets.US_ASCII);
        out.writeInt(startup.length + 4);
        out.write(startup);
        awaitReady(in);
    }

    private static void awaitReady(DataInputStream in) throws IOException {
        String next = message(in);
        while (!next.startsWith("Z")) {
            assertFalse(next.startsWith("E"), next);
            next = message(in);
        }
    }

    private static void assertLast(DataInputStream in) throws IOException {
        String last = message(in);
        assertTrue(last.startsWith("E"), last);
        assertTrue(last.contains("08007") && last.contains("FATAL"), last);
        assertEquals(-1, in.read());
    }

    private static void query(DataOutputStream out, String sql) throws IOException {
        byte[] text = (sql + "\0").getBytes(StandardCharsets.US_ASCII);
        out.write('Q');
        out.writeInt(text.length + 4);
        out.write(text);
        out.flush();
    }

    /** @return the next message: its type, then its bytes as text */
    private static String message(DataInputStream in) throws IOException {
        char type = (char) in.readUnsignedByte();
        return type + new String(in.readNBytes(in.readInt() - 4), StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldDisconnectClientsWhoseRepliesAreGivenUp() throws Exception {
        Member[] pair = pair();
        Member a = pair[0];
        SqlException reason = new SqlException(SqlState.TRANSACTION_RESOLUTION_UNKNOWN, "nobody answers").fatal();
        try (Pump pump = new Pump(a, pair[1]); PgServer server = a.listen(); ExecutorService threads = Executors.newSingleThreadExecutor()) {
            int port = server.start();
            try (Connection writer = connect(port); Connection idle = connect(port); Statement write = writer.createStatement();
                    Statement read = idle.createStatement()) {
                write.execute("create table t (a int)");
                pump.holdHorizon = true;
                Thread.sleep(50);
                Future<?> insert = threads.submit(() -> write.execute("insert into t values (1)"));
                assertThrows(TimeoutException.class, () -> insert.get(300, TimeUnit.MILLISECONDS));
                server.failHeld(reason);
                Throwable error = assertThrows(java.util.concurrent.ExecutionException.class, () -> insert.get(10, TimeUnit.SECONDS)).getCause();
                assertEquals("08007", ((SQLException) error).getSQLState());
                assertTrue(error.getMessage().startsWith("FATAL: nobody answers"));
                assertTrue(writer.isClosed());
                assertEquals("1", ask(read, "select 1"), "who waits for nothing goes on");
                assertEquals("0", ask(read, "select count(*) from t"));
                for (int i = 0; i < 1000 && server.connectionCount() > 1; i++) {
                    Thread.sleep(5);
                }
                assertEquals(1, server.connectionCount());
                pump.holdHorizon = false;
                assertFalse(idle.isClosed());
            }
        }
        assertEquals(null, a.failure.get());
        a.abandon();
        pair[1].close();
    }
}
