package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.LongForkChecker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Keys that are written once, by writers that do not touch each other, and reads of a group of them anywhere. */
public final class LongForkWorkload implements Workload {
    private static final int GROUP = 8;
    private final AtomicLong nextKey = new AtomicLong();

    @Override
    public String name() {
        return "forks";
    }

    @Override
    public String schema() {
        return "create table forks (k bigint primary key, v bigint not null)";
    }

    @Override
    public void write(ClientSession session, Random random) {
        if (random.nextInt(3) == 0) {
            read(session, random);
        } else {
            long key = nextKey.getAndIncrement();
            session.single(Level.READ_COMMITTED, new Action.Write(key, 1), "insert into forks values (" + key
                + ", 1)");
        }
    }

    /** In one statement, or key by key in a snapshot. */
    @Override
    public void read(ClientSession session, Random random) {
        long first = Math.max(0, nextKey.get() - 1) / GROUP * GROUP;
        boolean whole = random.nextBoolean();
        session.transaction(Level.REPEATABLE_READ, tx -> {
            Set<Long> found = new HashSet<>();
            if (whole) {
                tx.rows("select k from forks where k between " + first + " and " + (first + GROUP - 1))
                    .forEach(row -> found.add(Long.valueOf(row.getFirst())));
            } else {
                for (long key = first; key < first + GROUP; key++) {
                    tx.rows("select k from forks where k = " + key)
                        .forEach(row -> found.add(Long.valueOf(row.getFirst())));
                }
            }
            List<Action> seen = new ArrayList<>();
            for (long key = first; key < first + GROUP; key++) {
                seen.add(new Action.Read(key, found.contains(key) ? 1L : null));
            }
            seen.forEach(tx::saw);
        });
    }

    @Override
    public Checker checker() {
        return new LongForkChecker(GROUP);
    }
}
