package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: CREATE INDEX, REINDEX and DROP INDEX CONCURRENTLY let writers go on, and what they leave has an entry for every
 * row, with the row's own key. Method: writers change indexed columns all the time, partly by updates that the old
 * indexes would allow to stay in place; after each command one snapshot is read through the index and without it. The
 * seed is printed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrentIndexTest {
    private static final int ROWS = 5_000;
    private static final int WRITERS = 4;
    private static final int ROUNDS = 5;
    private ServerProcess server;

    @BeforeAll
    void start() {
        server = ServerProcess.startNew();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(DatabaseServer.USER), DatabaseServer.USER,
            DatabaseServer.PASSWORD);
    }

    @Test
    void shouldIndexEveryRowWhileWritersGoOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int primary key, c int not null)");
            statement.execute("insert into t select g, g from generate_series(1, " + ROWS + ") g");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong changes = new AtomicLong();
            List<Future<?>> writers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
                for (int w = 0; w < WRITERS; w++) {
                    Random random = new Random(seed + w);
                    writers.add(threads.submit(() -> write(random, stop, changes)));
                }
                try {
                    for (int round = 0; round < ROUNDS; round++) {
                        long before = changes.get();
                        statement.execute("create index concurrently t_c on t (c)");
                        check(connection, statement, "created in round " + round);
                        statement.execute("reindex index concurrently t_c");
                        check(connection, statement, "rebuilt in round " + round);
                        statement.execute("drop index concurrently t_c");
                        assertTrue(changes.get() > before, "writers stood still");
                    }
                } finally {
                    stop.set(true);
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
            }
        }
    }

    private Void write(Random random, AtomicBoolean stop, AtomicLong changes) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            while (!stop.get()) {
                int id = 1 + random.nextInt(ROWS);
                statement.execute("update t set c = " + random.nextInt(1_000_000) + " where id = " + id);
                changes.incrementAndGet();
            }
        }
        return null;
    }

    private static void check(Connection connection, Statement statement, String when) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        statement.execute("set local enable_seqscan = off");
        statement.execute("set local enable_bitmapscan = off");
        String byIndex = sums(statement);
        statement.execute("set local enable_seqscan = on");
        statement.execute("set local enable_indexscan = off");
        statement.execute("set local enable_indexonlyscan = off");
        assertEquals(sums(statement), byIndex, when);
        assertTrue(byIndex.startsWith(ROWS + " "), when + ": " + byIndex);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static String sums(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*), sum(c), sum(id) from t where c >= 0")) {
            row.next();
            return row.getLong(1) + " " + row.getLong(2) + " " + row.getLong(3);
        }
    }

    @Test
    void shouldLeaveAnInvalidIndexWhereKeysAreDuplicate() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("create table d (a int)");
            statement.execute("insert into d values (1), (1)");
            try {
                statement.execute("create unique index concurrently d_a on d (a)");
                throw new AssertionError("a unique index over duplicates was built");
            } catch (SQLException e) {
                assertEquals("23505", e.getSQLState());
            }
            try (ResultSet row = statement.executeQuery("select indisvalid from pg_index where indexrelid = 'd_a'::regclass")) {
                assertTrue(row.next());
                assertEquals(false, row.getBoolean(1));
            }
            statement.execute("drop index concurrently d_a");
            try (ResultSet row = statement.executeQuery("select 1 from pg_class where relname = 'd_a'")) {
                assertEquals(false, row.next());
            }
        }
    }
}
