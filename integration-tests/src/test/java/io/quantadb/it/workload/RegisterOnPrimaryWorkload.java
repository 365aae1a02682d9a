package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.LinearizableChecker;
import java.util.List;
import java.util.Random;

/** Reads, writes and compare-and-set of single keys on the primary; clients of replicas have nothing to do. */
public final class RegisterOnPrimaryWorkload implements Workload {
    private final KeyPool keys = new KeyPool(3, 80);

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public String schema() {
        return "create table linear (k bigint primary key, v bigint not null)";
    }

    @Override
    public void write(ClientSession session, Random random) {
        long key = keys.draw(random);
        switch (random.nextInt(4)) {
            case 0 -> {
                long value = keys.nextValue();
                session.single(Level.READ_COMMITTED, new Action.Write(key, value), "insert into linear values (" + key
                    + ", " + value + ") on conflict (k) do update set v = excluded.v");
            }
            case 1 -> compareAndSet(session, key);
            default -> session.transaction(Level.READ_COMMITTED, tx -> read(tx, key));
        }
    }

    private static Long read(ClientSession tx, long key) {
        List<List<String>> rows = tx.rows("select v from linear where k = " + key);
        Long value = rows.isEmpty() ? null : Long.valueOf(rows.getFirst().getFirst());
        tx.saw(new Action.Read(key, value));
        return value;
    }

    /** By a lock: reads and writes in one transaction. */
    private void compareAndSet(ClientSession session, long key) {
        session.transaction(Level.READ_COMMITTED, tx -> {
            List<List<String>> rows = tx.rows("select v from linear where k = " + key + " for update");
            if (!rows.isEmpty()) {
                tx.saw(new Action.Read(key, Long.valueOf(rows.getFirst().getFirst())));
                long value = keys.nextValue();
                tx.tries(new Action.Write(key, value));
                tx.statement("update linear set v = " + value + " where k = " + key);
            }
        });
    }

    @Override
    public void read(ClientSession session, Random random) {
        ClientSession.pause(1_000);
    }

    @Override
    public Checker checker() {
        return new LinearizableChecker();
    }
}
