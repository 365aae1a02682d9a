package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.TimelineId;
import io.quantadb.config.ServerConfig;
import io.quantadb.error.SqlException;
import io.quantadb.main.ReplicaScene.Member;
import io.quantadb.main.ReplicaScene.Pump;
import io.quantadb.main.ReplicaScene.Sql;
import io.quantadb.wal.writer.HorizonClosedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes under load that change their roles, lose tails and crash, many times. Readers on the replica check what must hold at any snapshot; after each
 * round the pages of both nodes are compared.
 */
final class ReplicaChaosTest {
    private static final int ACCOUNTS = 300;
    private static final int TOTAL = ACCOUNTS * 100;
    /** What may happen to a statement here: serialization, deadlock, the object is gone or new, the node is no primary (any more). */
    private static final Set<String> EXPECTED = Set.of("40001", "40P01", "42P01", "42P07", "25006", "55P03", "0A000", "57P01", "42710", "23505", "XX000");

    @TempDir
    private Path root;
    private final AtomicReference<Throwable> broken = new AtomicReference<>();
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();

    private static ServerConfig config() throws Exception {
        ServerConfig defaults = ServerConfig.defaults(ServerConfig.Overrides.NONE);
        return new ServerConfig(defaults.server(), defaults.cluster(), defaults.replication(), new ServerConfig.Storage(8 << 20, 1_000, 16 << 20),
            defaults.wal(), defaults.tls(), defaults.auth(), defaults.settings(), defaults.inactive());
    }

    /** Threads that work until stopped. */
    private final class Crew {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopping;

        void add(String name, Member member, long seed, Work work) {
            threads.add(Thread.ofPlatform().daemon().name(name).start(() -> {
                Random random = new Random(seed);
                try (Sql sql = member.sql()) {
                    while (!stopping) {
                        try {
                            work.step(sql, random);
                        } catch (HorizonClosedException e) {
                            // The client of a deposed primary gets no answer.
                            return;
                        } catch (SqlException e) {
                            if (!EXPECTED.contains(e.code()) || e.code().equals("XX000")) {
                                throw e;
                            }
                            try {
                                sql.run("rollback");
                            } catch (SqlException ignored) {
                                // None was open.
                            }
                        }
                    }
                } catch (Throwable e) {
                    if (broken.compareAndSet(null, e)) {
                        e.printStackTrace();
                    }
                }
            }));
        }

        void stop() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join(30_000);
                if (thread.isAlive()) {
                    for (StackTraceElement e : thread.getStackTrace()) {
                        System.err.println(thread.getName() + " at " + e);
                    }
                }
                assertTrue(!thread.isAlive(), thread.getName() + " hangs");
            }
        }
    }

    private interface Work {
        void step(Sql sql, Random random);
    }

    private void transfer(Sql sql, Random random) {
        int from = random.nextInt(ACCOUNTS);
        int to = random.nextInt(ACCOUNTS);
        int amount = random.nextInt(20);
        sql.run("begin");
        sql.run("update account set balance = balance - " + amount + " where id = " + from);
        sql.run("update account set balance = balance + " + amount + " where id = " + to);
        if (random.nextInt(4) == 0) {
            sql.run("insert into history select i, repeat('x', " + random.nextInt(300) + ") from generate_series(1, " + (1 + random.nextInt(30)) + ") i");
        }
        sql.run(random.nextInt(10) == 0 ? "rollback" : "commit");
        changes.incrementAndGet();
    }

    private void define(Sql sql, Random random) {
        switch (random.nextInt(9)) {
            case 0 -> sql.run("create table d (a int primary key, b text); ");
            case 1 -> sql.run("drop table if exists d");
            case 2 -> sql.run("begin; truncate history; insert into history values (0, 'first'); commit");
            case 3 -> sql.run("vacuum account");
            case 4 -> sql.run("vacuum history");
            case 5 -> sql.run("create index on history (n)");
            case 6 -> sql.run("begin; drop table if exists pairs; create table pairs (k int, v int); insert into pairs select i, i from generate_series(1, 50) i; "
                + "insert into pairs select i, -i from generate_series(1, 50) i; commit");
            case 7 -> sql.run("alter table pairs alter column v type bigint");
            default -> sql.run("delete from history where n > 5");
        }
    }

    private void check(Sql sql, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> assertEquals((long) TOTAL, ((Number) sql.value("select sum(balance)::int8 from account")).longValue());
            case 1 -> {
                sql.run("set enable_seqscan = off");
                assertEquals((long) TOTAL, ((Number) sql.value("select sum(balance)::int8 from account where id >= 0")).longValue());
                sql.run("set enable_seqscan = on");
            }
            case 2 -> {
                sql.run("begin isolation level repeatable read");
                Object first = sql.value("select string_agg(id || ':' || balance, ',' order by id) from account");
                pause(random.nextInt(30));
                assertEquals(first, sql.value("select string_agg(id || ':' || balance, ',' order by id) from account"));
                sql.run("commit");
            }
            case 3 -> {
                sql.run("begin isolation level repeatable read");
                sql.run("declare c cursor for select balance from account");
                long sum = 0;
                for (int i = 0; i < ACCOUNTS / 50; i++) {
                    for (Object[] row : sql.run("fetch 50 from c")) {
                        sum += ((Number) row[0]).longValue();
                    }
                    pause(random.nextInt(20));
                }
                assertEquals((long) TOTAL, sum);
                sql.run("commit");
            }
            case 4 -> {
                List<Object[]> row = sql.run("select count(*), coalesce(sum(v), 0)::int8 from pairs");
                assertEquals(100L, ((Number) row.getFirst()[0]).longValue());
                assertEquals(0L, ((Number) row.getFirst()[1]).longValue());
            }
            default -> assertTrue(((Number) sql.value("select count(*) from history")).longValue() >= 0);
        }
        checks.incrementAndGet();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldKeepNodesEqualThroughRoleChangesAndCrashes() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        int rounds = Integer.getInteger("rounds", 8);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Member a = new Member(root.resolve("a"), config(), PosixFileSystem.INSTANCE);
        a.initialise();
        ReplicaScene.copyDirectory(root.resolve("a"), root.resolve("b"));
        Member b = new Member(root.resolve("b"), config(), PosixFileSystem.INSTANCE);
        a.open();
        b.open();
        int timeline = 2;
        a.roles().promote(new TimelineId(timeline), a.roles().walEnd());
        b.roles().follow(a.roles().history());
        Pump pump = new Pump(a, b);
        try (Sql sql = a.sql()) {
            sql.run("create table account (id int primary key, balance int, note text)");
            sql.run("insert into account select i, 100, repeat('n', 100) from generate_series(0, " + (ACCOUNTS - 1) + ") i");
            sql.run("create table history (n int, t text)");
            sql.run("create table pairs (k int, v int); insert into pairs select i % 50, case when i > 50 then 1 else -1 end from generate_series(1, 100) i");
        }
        for (int round = 0; round < rounds; round++) {
            assertTrue(b.roles().awaitReplayed(a.node.wal.insertLsn(), ReplicaScene.soon()));
            Crew crew = new Crew();
            for (int i = 0; i < 2; i++) {
                crew.add("writer" + i, a, random.nextLong(), this::transfer);
            }
            crew.add("definer", a, random.nextLong(), this::define);
            Crew readers = new Crew();
            for (int i = 0; i < 3; i++) {
                readers.add("reader" + i, b, random.nextLong(), this::check);
            }
            pause(300 + random.nextInt(1200));
            int event = random.nextInt(4);
            System.out.println("round " + round + " event " + event + " timeline " + timeline + ", " + changes + " changes, " + checks + " checks");
            switch (event) {
                case 0 -> {
                    // Planned: the writers pause, the readers stay connected and become readers of a primary.
                    crew.stop();
                    Lsn end = a.roles().demote(ReplicaScene.soon());
                    pump.close();
                    Pump last = new Pump(a, b);
                    last.close();
                    assertEquals(end.value(), b.roles().storedLsn());
                    b.roles().promote(new TimelineId(++timeline), b.roles().walEnd());
                    a.roles().follow(b.roles().history());
                    Member old = a;
                    a = b;
                    b = old;
                    pump = new Pump(a, b);
                    pause(100);
                    readers.stop();
                }
                case 1 -> {
                    // The primary dies with WAL nobody else has; the replica takes over with what it has received.
                    pump.holdHorizon = random.nextBoolean();
                    pause(random.nextInt(30));
                    pump.holdWal = true;
                    pause(random.nextInt(50));
                    pump.close();
                    a.roles().closeHorizon();
                    crew.stop();
                    a.abandon();
                    b.roles().promote(new TimelineId(++timeline), b.roles().walEnd());
                    HistoryCut.Result cut = new HistoryCut(PosixFileSystem.INSTANCE, a.path, Clock.SYSTEM).cut(b.roles().history());
                    System.out.println("  discarded " + cut);
                    a.open();
                    Member old = a;
                    a = b;
                    b = old;
                    pump = new Pump(a, b);
                    readers.stop();
                }
                case 2 -> {
                    // The replica dies and comes back, sometimes properly.
                    readers.stop();
                    pump.close();
                    a.roles().setExternalOldestSnapshot(0);
                    if (random.nextBoolean()) {
                        b.abandon();
                    } else {
                        b.close();
                    }
                    pause(random.nextInt(200));
                    b.open();
                    pump = new Pump(a, b);
                }
                default -> {
                    pause(500);
                    readers.stop();
                }
            }
            crew.stop();
            if (broken.get() != null) {
                throw new AssertionError("seed " + seed, broken.get());
            }
            assertNull(a.failure.get());
            assertNull(b.failure.get());
            long end = a.node.wal.insertLsn();
            a.node.wal.requestFlush(end);
            assertTrue(b.roles().awaitReplayed(end, ReplicaScene.soon()), "replay stands at " + b.roles() + ", wanted " + Lsn.format(end));
            assertTrue(b.roles().awaitConsistent(ReplicaScene.soon()));
            try (Sql sql = a.sql(); Sql other = b.sql()) {
                assertEquals((long) TOTAL, ((Number) sql.value("select sum(balance)::int8 from account")).longValue());
                assertEquals((long) TOTAL, ((Number) other.value("select sum(balance)::int8 from account")).longValue());
            }
            // Reading prunes.
            settle(a, b);
            assertEquals(List.of(), PageCompare.differences(a.node, b.node), "seed " + seed + " round " + round);
        }
        pump.close();
        assertTrue(checks.get() > 0);
        new Pump(a, b).close();
        a.abandon();
        b.close();
        for (Member member : List.of(a, b)) {
            List<String> damaged = new ArrayList<>();
            Path scratch = java.nio.file.Files.createDirectory(root.resolve("scratch-" + member.path.getFileName()));
            var summary = OfflineVerification.run(member.path, scratch, finding -> {
                if (finding.toString().startsWith("damaged")) {
                    damaged.add(finding.toString());
                }
            });
            assertTrue(summary.recovered());
            assertEquals(List.of(), damaged);
        }
    }

    /** Checkpoints go on, but nobody changes pages. */
    private static long settle(Member a, Member b) throws Exception {
        long end = a.node.wal.insertLsn();
        long begin = System.nanoTime();
        while (true) {
            a.node.wal.requestFlush(end);
            assertTrue(b.roles().awaitReplayed(end, ReplicaScene.soon()));
            long now = a.node.wal.insertLsn();
            boolean removed = a.node.storage.changes().removals().oldestLsn() == Long.MAX_VALUE
                && b.node.storage.changes().removals().oldestLsn() == Long.MAX_VALUE;
            if (now == end && removed) {
                return end;
            }
            end = now;
            if (System.nanoTime() - begin > 20_000_000_000L) {
                throw new AssertionError("files are not removed: " + a.node.storage.changes().removals().oldestLsn() + " at "
                    + a.roles().oldestSnapshotLsn() + "; " + b.node.storage.changes().removals().oldestLsn() + " at " + b.roles().oldestSnapshotLsn()
                    + " horizon " + b.roles().replayedLsn() + " " + b.roles().isConsistent() + a.roles());
            }
            pause(5);
        }
    }
}
