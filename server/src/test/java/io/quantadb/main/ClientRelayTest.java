package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.pgwire.PgServer;
import io.quantadb.pgwire.RelayTarget;
import io.quantadb.session.ClusterInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: a client notices nothing when its session is carried over to another node. Method: two independent servers with
 * the same table, in which each calls itself by another name; clients of the first are moved to the second.
 */
class ClientRelayTest {
    private static final String SECRET = "the secret of the cluster";

    @TempDir
    private Path directory;
    private Server first;
    private Server second;

    /** A node of its own that lets in clients which other nodes bring along. */
    private record Server(DataDirectory directory, ServedNode served) {
        void close() throws Exception {
            served.close(true);
            directory.close();
        }

        PgServer clients() {
            return served.clients();
        }
    }

    @BeforeEach
    void startServers() throws Exception {
        first = start("first");
        second = start("second");
    }

    @AfterEach
    void stopServers() throws Exception {
        first.close();
        second.close();
    }

    private Server start(String name) throws Exception {
        Path file = Files.writeString(directory.resolve(name + ".json"), """
            {"server": {"port": 0, "data_dir": "%s"}, "auth": {"method": "trust"}, "storage": {"buffer_pool_size": "8MB"}}
            """.formatted(directory.resolve(name)));
        ServerConfig config = ServerConfig.load(file, ServerConfig.Overrides.NONE, 1L << 30);
        DataDirectory data = DataDirectory.open(config.server().dataDirectory());
        Node node = new Node(data, config, PosixFileSystem.INSTANCE, Clock.SYSTEM, null, failure -> { });
        ServedNode served = new ServedNode(node, config, Map.of(), SECRET, ClusterInfo.NONE, failure -> { });
        served.listen();
        Server server = new Server(data, served);
        try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
            statement.execute("create table node (name text, counter int)");
            statement.execute("insert into node values ('" + name + "', 0)");
        }
        return server;
    }

    private static Connection connect(Server server) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.served().port()
            + "/quantadb?user=quantadb&prepareThreshold=1");
    }

    private RelayTarget target(String secret) {
        return new RelayTarget("second", "127.0.0.1", second.served().port(), secret);
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    @Test
    void shouldTakeSettingsAndPreparedStatementsAlong() throws Exception {
        try (Connection connection = connect(first); Statement statement = connection.createStatement()) {
            statement.execute("set search_path = \"$user\", public, pg_catalog");
            statement.execute("set intervalstyle = 'iso_8601'");
            statement.execute("set custom.value = 'it''s \\ here'");
            statement.execute("prepare by_sql (int) as select name || $1 from node");
            try (PreparedStatement prepared = connection.prepareStatement("select name, ?::int + 1 from node")) {
                prepared.setInt(1, 41);
                for (int i = 0; i < 3; i++) {
                    try (ResultSet rows = prepared.executeQuery()) {
                        assertTrue(rows.next());
                        assertEquals("first", rows.getString(1));
                    }
                }
                first.clients().moveClients(target(SECRET));
                try (ResultSet rows = prepared.executeQuery()) {
                    assertTrue(rows.next());
                    assertEquals("second", rows.getString(1));
                    assertEquals(42, rows.getInt(2));
                }
            }
            assertEquals("second7", ask(connection, "execute by_sql(7)"));
            assertEquals("\"$user\", public, pg_catalog", ask(connection, "show search_path"));
            assertEquals("P1DT2H", ask(connection, "select (interval '26 hours' - interval '24 hours' + interval '1 day')::text"));
            assertEquals("it's \\ here", ask(connection, "show custom.value"));
        }
    }

    @Test
    void shouldMoveBusyClientsBetweenTransactionsWithoutAnError() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong committed = new AtomicLong();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(clients.submit(() -> {
                    try (Connection connection = connect(first)) {
                        connection.setAutoCommit(false);
                        try (PreparedStatement update = connection.prepareStatement("update node set counter = counter + ?")) {
                            while (!stop.get()) {
                                update.setInt(1, 1);
                                update.executeUpdate();
                                connection.commit();
                                committed.incrementAndGet();
                            }
                        }
                        return ask(connection, "select name from node");
                    }
                }));
            }
            awaitAtLeast(committed, 200);
            first.clients().park();
            while (first.clients().countUnparked().get(10, TimeUnit.SECONDS) > 0) {
                Thread.onSpinWait();
            }
            long atPark = committed.get();
            first.clients().moveClients(target(SECRET));
            awaitAtLeast(committed, atPark + 200);
            stop.set(true);
            for (Future<?> client : running) {
                assertEquals("second", client.get(20, TimeUnit.SECONDS));
            }
        }
        try (Connection one = connect(first); Connection two = connect(second)) {
            long sum = Long.parseLong(ask(one, "select counter from node")) + Long.parseLong(ask(two, "select counter from node"));
            assertEquals(committed.get(), sum);
        }
    }

    private static void awaitAtLeast(AtomicLong counter, long wanted) throws InterruptedException {
        for (int i = 0; i < 2000 && counter.get() < wanted; i++) {
            Thread.sleep(10);
        }
        assertTrue(counter.get() >= wanted, counter + " of " + wanted);
    }

    @Test
    void shouldPassACancelRequestOn() throws Exception {
        try (Connection connection = connect(first); Statement statement = connection.createStatement();
                ExecutorService canceller = Executors.newSingleThreadExecutor()) {
            first.clients().moveClients(target(SECRET));
            assertEquals("second", ask(connection, "select name from node"));
            canceller.submit(() -> {
                Thread.sleep(300);
                statement.cancel();
                return null;
            });
            SQLException canceled = assertThrows(SQLException.class, () -> statement.execute("select pg_sleep(60)"));
            assertEquals("57014", canceled.getSQLState());
        }
    }

    @Test
    void shouldEndASessionThatCannotBeRebuilt() throws Exception {
        try (Connection connection = connect(first); Statement statement = connection.createStatement()) {
            statement.execute("create temporary table mine (a int)");
            first.clients().moveClients(target(SECRET));
            SQLException ended = assertThrows(SQLException.class, () -> statement.execute("select 1"));
            assertEquals("57P01", ended.getSQLState());
        }
    }

    @Test
    void shouldNotLetAStrangerOpenASession() throws Exception {
        try (Connection connection = connect(first); Statement statement = connection.createStatement()) {
            first.clients().moveClients(target("a guess"));
            SQLException ended = assertThrows(SQLException.class, () -> statement.execute("select 1"));
            assertEquals("57P01", ended.getSQLState());
        }
        try (Connection direct = connect(second)) {
            assertEquals("second", ask(direct, "select name from node"));
        }
    }
}
