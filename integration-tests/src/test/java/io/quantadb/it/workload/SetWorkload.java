package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.SetChecker;
import java.util.Random;

/** Rows that are inserted and never changed, and reads of all of them, on every node. A set has some hundred rows. */
public final class SetWorkload implements Workload {
    private static final int ELEMENTS_PER_SET = 500;
    private static final int READ_ONE_IN = 10;
    private final KeyPool keys = new KeyPool(1, ELEMENTS_PER_SET);

    @Override
    public String name() {
        return "sets";
    }

    @Override
    public String schema() {
        return "create table sets (s bigint, e bigint, primary key (s, e))";
    }

    @Override
    public void write(ClientSession session, Random random) {
        if (random.nextInt(READ_ONE_IN) == 0) {
            read(session, random);
        } else {
            long set = keys.draw(random);
            long element = keys.nextValue();
            session.single(Level.READ_COMMITTED, new Action.Append(set, element), "insert into sets values (" + set
                + ", " + element + ")");
        }
    }

    /** Mostly the set in use, sometimes the one before. */
    @Override
    public void read(ClientSession session, Random random) {
        read(session, Math.max(0, keys.end() - 1 - (random.nextInt(4) == 0 ? 1 : 0)));
    }

    private static void read(ClientSession session, long set) {
        session.transaction(Level.READ_COMMITTED, tx -> tx.saw(new Action.ReadList(set,
            tx.rows("select e from sets where s = " + set).stream().map(row -> Long.valueOf(row.getFirst()))
                .toList())));
    }

    @Override
    public void readAll(ClientSession session) {
        for (long set = 0; set < keys.end(); set++) {
            read(session, set);
        }
    }

    @Override
    public Checker checker() {
        return new SetChecker();
    }
}
