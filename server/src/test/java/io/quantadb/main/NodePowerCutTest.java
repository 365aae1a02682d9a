package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.FileHandle;
import io.quantadb.base.SimDisk;
import io.quantadb.config.ServerConfig;
import io.quantadb.error.SqlException;
import io.quantadb.verify.Report;
import io.quantadb.verify.SystemVerifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: whatever the disk does, every acknowledged commit is there afterwards, no transaction is there in part, and indexes agree with
 * tables. Method: a whole node with SQL sessions on a disk in memory. Sessions write ledgers of what they do; at a random sync the power is
 * cut, or an operation fails, or the volume is full; the node is opened again on what is left, and asked.
 *
 * <p>{@code -Dquantadb.powercuts=1000} for a long run, {@code -Dquantadb.seed=N} to replay one case (threads interleave as they like, so
 * a replay meets the same disk and statements, not always the same order).
 */
class NodePowerCutTest {
    private static final int WORKERS = 3;
    private static final int ACCOUNTS = 20;
    private static final int RUN_MILLIS_MAX = 1500;
    private static final int CUTS = Integer.getInteger("quantadb.powercuts", 12);

    @TempDir
    private Path directory;

    private enum Harm { POWER_CUT, WAL_SYNC_ERROR, DATA_WRITE_ERROR, DISK_FULL }

    /** What one worker was promised: its last acknowledged and its last attempted step. */
    private static final class Ledger {
        volatile int acknowledged;
        volatile int attempted;
        /** What ended the worker while the node was alive. */
        volatile Throwable failure;
    }

    private ServerConfig config() throws Exception {
        Path file = directory.resolve("config.json");
        Files.writeString(file, """
            {"storage": {"buffer_pool_size": "4MB", "checkpoint_interval": "1s"}, "wal": {"segment_size": "1MB"}, "auth": {"method": "trust"}}
            """);
        return ServerConfig.load(file, ServerConfig.Overrides.NONE, 1L << 30);
    }

    @Test
    void shouldKeepEveryAcknowledgedCommitWhateverTheDiskDoes() throws Exception {
        ServerConfig config = config();
        Path path = directory.resolve("data");
        makeTemplate(path, config);
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        boolean single = System.getProperty("quantadb.seed") != null;
        int commits = 0;
        for (int i = 0; i < (single ? 1 : CUTS); i++) {
            commits += oneCase(path, config, seed + i, Harm.values()[Math.floorMod(seed + i, Harm.values().length)]);
        }
        System.out.println(CUTS + " cases from seed " + seed + ", " + commits + " acknowledged commits");
        assertTrue(commits > 0, "nothing was ever committed");
    }

    private void makeTemplate(Path path, ServerConfig config) throws Exception {
        ReplicaScene.Member member = new ReplicaScene.Member(path, config, io.quantadb.base.PosixFileSystem.INSTANCE);
        member.openSingle((message, cause) -> { });
        try (ReplicaScene.Sql sql = member.sql()) {
            sql.run("create table account (id int primary key, balance int not null)");
            sql.run("insert into account select i, 100 from generate_series(1, " + ACCOUNTS + ") i");
            sql.run("create table entry (worker int, step int, filler text, primary key (worker, step))");
            sql.run("create table progress (worker int primary key, step int)");
            sql.run("insert into progress select i, 0 from generate_series(0, " + (WORKERS - 1) + ") i");
        }
        member.close();
    }

    private SimDisk diskOf(Path path, long seed) throws Exception {
        SimDisk disk = new SimDisk(seed);
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted().toList()) {
                if (Files.isDirectory(file)) {
                    disk.createDirectories(file);
                } else if (!file.getFileName().toString().equals(DataDirectory.LOCK)) {
                    try (FileHandle handle = disk.openOrCreate(file)) {
                        handle.write(ByteBuffer.wrap(Files.readAllBytes(file)), 0);
                        handle.sync(true);
                    }
                }
            }
            try (Stream<Path> directories = Files.walk(path)) {
                for (Path each : directories.filter(Files::isDirectory).toList()) {
                    disk.syncDirectory(each);
                }
            }
        }
        return disk;
    }

    private int oneCase(Path path, ServerConfig config, long seed, Harm harm) throws Exception {
        Random random = new Random(seed);
        SimDisk disk = diskOf(path, seed);
        Ledger[] ledgers = new Ledger[WORKERS];
        for (int i = 0; i < WORKERS; i++) {
            ledgers[i] = new Ledger();
        }
        int rounds = 1 + random.nextInt(2);
        for (int round = 0; round < rounds; round++) {
            runUntilHarm(path, config, disk, harm, random, ledgers);
            disk.clearFaults();
            disk.capacity(Long.MAX_VALUE);
            disk.crash();
            check(path, config, disk, ledgers, "seed " + seed + ", " + harm + ", round " + round);
        }
        int commits = 0;
        for (Ledger ledger : ledgers) {
            commits += ledger.acknowledged;
        }
        return commits;
    }

    private void runUntilHarm(Path path, ServerConfig config, SimDisk disk, Harm harm, Random random, Ledger[] ledgers) throws Exception {
        ReplicaScene.Member member = new ReplicaScene.Member(path, config, disk);
        AtomicBoolean stopped = new AtomicBoolean();
        member.openSingle((message, cause) -> stopped.set(true));
        int when = 1 + random.nextInt(60);
        switch (harm) {
            case POWER_CUT -> disk.powerOffAtSync(disk.syncPoints() + when);
            case WAL_SYNC_ERROR -> disk.fail(SimDisk.Operation.SYNC, file -> file.toString().contains("pg_wal"), when, true);
            case DATA_WRITE_ERROR -> disk.fail(SimDisk.Operation.WRITE, file -> file.toString().contains("base"), when, random.nextBoolean());
            case DISK_FULL -> disk.capacity(disk.usedBytes() + random.nextInt(3 << 20));
        }
        List<Thread> workers = new ArrayList<>();
        long deadline = System.nanoTime() + RUN_MILLIS_MAX * 1_000_000L;
        for (int i = 0; i < WORKERS; i++) {
            int worker = i;
            long seed = random.nextLong();
            workers.add(Thread.ofPlatform().daemon().start(() -> work(member, worker, new Random(seed), ledgers[worker], stopped, disk, deadline)));
        }
        while (!stopped.get() && !disk.isOff() && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        for (Thread worker : workers) {
            // Who waits for a row of a session that died would wait for ever; a real server's process is gone by now.
            for (int i = 0; i < 1000 && !worker.join(Duration.ofMillis(10)); i++) {
                if (stopped.get() || disk.isOff()) {
                    member.interruptSessions();
                    i += 20;
                }
            }
            for (Ledger ledger : ledgers) {
                assertNull(ledger.failure, () -> harm + ": a session cannot go on: " + trace(ledger.failure));
            }
            // A node whose WAL failed leaves pages latched: its process would have ended in the middle of a change.
            assertFalse(worker.isAlive() && !stopped.get() && !disk.isOff(), () -> harm + ", node stopped " + stopped.get() + ", disk off " + disk.isOff() + ": a worker hangs: "
                + workers.stream().map(each -> List.of(each.getStackTrace()).toString()).toList());
        }
        disk.powerOff();
        member.kill();
    }

    private static void work(ReplicaScene.Member member, int worker, Random random, Ledger ledger, AtomicBoolean stopped, SimDisk disk,
            long deadline) {
        ReplicaScene.Sql sql = member.sql();
        try {
            while (!stopped.get() && !disk.isOff() && System.nanoTime() < deadline) {
                int step = ledger.acknowledged + 1;
                ledger.attempted = Math.max(ledger.attempted, step);
                try {
                    transaction(sql, worker, step, random);
                    ledger.acknowledged = step;
                } catch (SqlException e) {
                    sql.run("rollback");
                    if (landed(sql, worker, step)) {
                        // The error came after the commit was in the WAL: its outcome was unknown, and is known now.
                        ledger.acknowledged = step;
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            // Of a dead node nothing else is to be expected; a node that lives must let its sessions go on.
            if (!stopped.get() && !disk.isOff()) {
                ledger.failure = e;
            }
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static boolean landed(ReplicaScene.Sql sql, int worker, int step) {
        return ((Number) sql.value("select step from progress where worker = " + worker)).intValue() >= step;
    }

    private static void transaction(ReplicaScene.Sql sql, int worker, int step, Random random) {
        sql.run("begin");
        sql.run("insert into entry values (" + worker + ", " + step + ", repeat('" + (char) ('a' + random.nextInt(26)) + "', "
            + random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300) + "))");
        int from = 1 + random.nextInt(ACCOUNTS / 2);
        int to = ACCOUNTS / 2 + 1 + random.nextInt(ACCOUNTS / 2);
        int amount = random.nextInt(10);
        sql.run("update account set balance = balance - " + amount + " where id = " + from);
        sql.run("update account set balance = balance + " + amount + " where id = " + to);
        if (random.nextInt(4) == 0) {
            sql.run("savepoint s");
            sql.run("update account set balance = balance + 1000 where id = " + to);
            sql.run("rollback to s");
        }
        if (random.nextInt(12) == 0) {
            sql.run("drop table if exists own" + worker);
            sql.run("create table own" + worker + " as select * from entry where worker = " + worker);
            sql.run("create index on own" + worker + " (step desc)");
        }
        sql.run("update progress set step = " + step + " where worker = " + worker);
        sql.run(random.nextInt(10) == 0 ? "rollback" : "commit");
        if (!landed(sql, worker, step)) {
            // Rolled back on purpose: the same step again, until it is committed.
            transaction(sql, worker, step, random);
        }
    }

    private void check(Path path, ServerConfig config, SimDisk disk, Ledger[] ledgers, String where) throws Exception {
        ReplicaScene.Member member = new ReplicaScene.Member(path, config, disk);
        member.openSingle((message, cause) -> {
            throw new AssertionError(where + ": " + message, cause);
        });
        try (ReplicaScene.Sql sql = member.sql()) {
            assertEquals(100L * ACCOUNTS, ((Number) sql.value("select sum(balance) from account")).longValue(), where + ": money was made or lost");
            for (int worker = 0; worker < WORKERS; worker++) {
                int step = ((Number) sql.value("select step from progress where worker = " + worker)).intValue();
                String who = where + ", worker " + worker;
                assertTrue(step >= ledgers[worker].acknowledged, who + ": acknowledged " + ledgers[worker].acknowledged + ", found " + step);
                assertTrue(step <= ledgers[worker].attempted, who + ": attempted " + ledgers[worker].attempted + ", found " + step);
                assertEquals(step, ((Number) sql.value("select count(*) from entry where worker = " + worker)).intValue(), who + ": entries");
                assertEquals(step, ((Number) sql.value("select coalesce(max(step), 0) from entry where worker = " + worker)).intValue(), who);
                ledgers[worker].acknowledged = step;
            }
        }
        List<String> damage = new ArrayList<>();
        Report report = new Report(finding -> damage.add(finding.toString()));
        SystemVerifier verifier = new SystemVerifier(new SystemVerifier.Parts(member.node.pool, member.node.storage.visibilityMap(),
            member.node.transactions, member.node.heaps, member.node.catalogs), report);
        member.node.checkpointer.checkpointNow(io.quantadb.maintenance.CheckpointKind.REQUESTED);
        var files = SystemVerifier.verifyFiles(disk, path, member.node.storage.control().get().systemId(), verifier.names(), report);
        verifier.verifyRelations(files.found());
        assertEquals(0, report.damaged(), where + ": " + damage);
        member.close();
    }
}
