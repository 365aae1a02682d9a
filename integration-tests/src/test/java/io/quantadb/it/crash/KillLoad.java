package io.quantadb.it.crash;

import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * One client of the load: runs random transactions until its connection breaks and remembers what was acknowledged.
 *
 * <p>Kinds of work: transfers with a ledger row, batches of rows that are inserted or deleted together, rolled-back
 * work, tables and
 * indexes made and dropped. Each client numbers its transactions without gaps, so what the database must hold follows
 * from
 * {@code acknowledged} and {@code uncertain} alone. Confined to its thread while running; read by the checker
 * afterwards.
 */
final class KillLoad implements Runnable {
    static final int ACCOUNTS = 500;
    static final int BATCH_ROWS = 5;
    /** Conflicts a correct client must expect, and the shutting down of the server. */
    private static final Set<String> EXPECTED_STATES = Set.of("40001", "40P01", "55P03", "57P01", "57P02", "57P03");

    private final ServerProcess server;
    private final int worker;
    private final Random random;
    /** Number of the last transfer whose COMMIT was answered; all below are acknowledged too. */
    int transfersAcknowledged;
    /** Whether transfer {@code transfersAcknowledged + 1} was sent its COMMIT and no answer came. */
    boolean transferUncertain;
    /** Numbers of batches that must exist. */
    final Set<Integer> batches = new TreeSet<>();
    /** A batch that may or may not exist; 0 for none. */
    int batchUncertain;
    private int nextBatch = 1;
    /** Names of this worker's extra tables that must exist. */
    final Set<String> tables = new TreeSet<>();
    String tableUncertain;
    private int nextTable = 1;
    /** Whether the index this worker makes and drops exists; null when unknown. */
    Boolean index = false;
    volatile String failure;
    long commits;

    KillLoad(ServerProcess server, int worker, long seed) {
        this.server = server;
        this.worker = worker;
        this.random = new Random(seed);
    }

    int worker() {
        return worker;
    }

    @Override
    public void run() {
        try (WireClient session = server.connect()) {
            while (failure == null) {
                step(session);
            }
        } catch (UncheckedIOException | IOException e) {
            // The server was killed: the checker decides what that may have cost.
        } catch (RuntimeException e) {
            failure = "worker " + worker + ": " + e;
        }
    }

    private void step(WireClient session) {
        int kind = random.nextInt(100);
        if (kind < 50) {
            transfer(session);
        } else if (kind < 75) {
            insertBatch(session);
        } else if (kind < 85) {
            deleteBatch(session);
        } else if (kind < 92) {
            rolledBack(session);
        } else if (kind < 97) {
            table(session);
        } else {
            index(session);
        }
    }

    private void transfer(WireClient session) {
        int seq = transfersAcknowledged + 1;
        int a = random.nextInt(ACCOUNTS);
        int b = random.nextInt(ACCOUNTS);
        int amount = random.nextInt(1_000);
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        int lowChange = low == a ? -amount : amount;
        if (!run(session, "begin")
            || !run(session, "update accounts set balance = balance + " + lowChange
            + ", changes = changes + 1 where id = " + low)
            || !run(session, "update accounts set balance = balance - " + lowChange
            + ", changes = changes + 1 where id = " + high)
            || !run(session, "insert into ledger values (" + worker + ", " + seq + ", " + a + ", " + b + ", " + amount
            + ", repeat('x', "
                + random.nextInt(600) + "))")) {
            rollback(session);
            return;
        }
        transferUncertain = true;
        if (run(session, "commit")) {
            transfersAcknowledged = seq;
            commits++;
        }
        transferUncertain = false;
    }

    private void insertBatch(WireClient session) {
        int number = nextBatch;
        if (!run(session, "begin")) {
            return;
        }
        for (int i = 0; i < BATCH_ROWS; i++) {
            if (i == 2 && !run(session, "savepoint s")) {
                return;
            }
            String sql = "insert into items (worker, batch, n, label) values (" + worker + ", " + number + ", " + i
                + ", 'w" + worker + "-" + number + "-" + i
                + "')";
            if (!run(session, sql)) {
                rollback(session);
                return;
            }
            if (i == 2 && random.nextBoolean() && (!run(session, "rollback to s") || !run(session, sql))) {
                rollback(session);
                return;
            }
        }
        nextBatch++;
        batchUncertain = number;
        if (run(session, "commit")) {
            batches.add(number);
            commits++;
        }
        batchUncertain = 0;
    }

    private void deleteBatch(WireClient session) {
        if (batches.isEmpty()) {
            return;
        }
        int number = batches.stream().skip(random.nextInt(batches.size())).findFirst().orElseThrow();
        batches.remove(number);
        batchUncertain = number;
        if (run(session, "delete from items where worker = " + worker + " and batch = " + number)) {
            commits++;
        } else {
            batches.add(number);
        }
        batchUncertain = 0;
    }

    private void rolledBack(WireClient session) {
        if (run(session, "begin") && run(session, "update accounts set balance = balance + 1000000 where id = "
            + random.nextInt(ACCOUNTS))) {
            run(session, "insert into items (worker, batch, n, label) select " + worker
                + ", -1, g, 'lost' || g from generate_series(1, 50) g");
        }
        rollback(session);
    }

    private void table(WireClient session) {
        boolean drop = tables.size() > 3;
        String name = drop ? tables.iterator().next() : "extra_" + worker + "_" + nextTable++;
        tables.remove(name);
        tableUncertain = name;
        boolean done;
        if (drop) {
            done = run(session, "drop table " + name);
        } else {
            done = run(session, "begin") && run(session, "create table " + name + " (id int primary key, t text)")
                && run(session, "insert into " + name + " select g, 'row ' || g from generate_series(1, 20) g")
                && run(session, "alter table " + name + " add column more int default 7") && run(session, "commit");
            if (!done) {
                rollback(session);
            }
        }
        if (done) {
            commits++;
        }
        if (done != drop) {
            tables.add(name);
        }
        tableUncertain = null;
    }

    private void index(WireClient session) {
        boolean exists = index;
        index = null;
        boolean done = run(session, exists ? "drop index items_by_label_" + worker : "create index items_by_label_"
            + worker + " on items (label, n)");
        index = done != exists;
        if (done) {
            commits++;
        }
    }

    private void rollback(WireClient session) {
        run(session, "rollback");
    }

    /** @return false after an error of the server, which ends the current piece of work */
    private boolean run(WireClient session, String sql) {
        StatementResult result = session.queryOne(sql);
        if (result.error == null) {
            return true;
        }
        if (!EXPECTED_STATES.contains(result.sqlState())) {
            failure = "worker " + worker + ": " + result.sqlState() + " " + result.errorMessage() + ", in: " + sql;
        }
        return false;
    }

    /** After a restart: what was uncertain is now as the database says. */
    void settle(int transfersFound, boolean batchFound, boolean tableFound, boolean indexFound) {
        transfersAcknowledged = transfersFound;
        transferUncertain = false;
        if (batchUncertain != 0 && batchFound) {
            batches.add(batchUncertain);
        }
        batchUncertain = 0;
        if (tableUncertain != null && tableFound) {
            tables.add(tableUncertain);
        }
        tableUncertain = null;
        index = indexFound;
    }
}
