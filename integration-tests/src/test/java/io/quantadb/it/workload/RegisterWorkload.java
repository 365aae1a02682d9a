package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.RegisterChecker;
import java.util.List;
import java.util.Random;

/** Transactions that read and replace values, mostly both of the same key, so that the order of versions shows. */
public final class RegisterWorkload implements Workload {
    private static final int ACTIONS_MAX = 4;
    private final Level level;
    private final Level judgedAs;
    private final KeyPool keys = new KeyPool(6, 60);

    public RegisterWorkload(Level level) {
        this(level, level);
    }

    /** @param judgedAs another level than it runs at, to show that the checker finds the difference */
    RegisterWorkload(Level level, Level judgedAs) {
        this.level = level;
        this.judgedAs = judgedAs;
    }

    @Override
    public String name() {
        return "registers_" + level.sql().replace(' ', '_');
    }

    @Override
    public String schema() {
        return "create table " + name() + " (k bigint primary key, v bigint not null)";
    }

    @Override
    public void write(ClientSession session, Random random) {
        session.transaction(level, tx -> {
            for (int i = 1 + random.nextInt(ACTIONS_MAX); i > 0; i--) {
                long key = keys.draw(random);
                int kind = random.nextInt(10);
                if (kind < 8) {
                    read(tx, key);
                }
                if (kind >= 4) {
                    long value = keys.nextValue();
                    tx.tries(new Action.Write(key, value));
                    tx.statement("insert into " + name() + " values (" + key + ", " + value
                        + ") on conflict (k) do update set v = excluded.v");
                }
            }
        });
    }

    @Override
    public void read(ClientSession session, Random random) {
        session.transaction(level == Level.SERIALIZABLE ? Level.REPEATABLE_READ : level, tx -> {
            for (int i = 2 + random.nextInt(ACTIONS_MAX - 1); i > 0; i--) {
                read(tx, keys.draw(random));
            }
        });
    }

    private void read(ClientSession tx, long key) {
        List<List<String>> rows = tx.rows("select v from " + name() + " where k = " + key);
        tx.saw(new Action.Read(key, rows.isEmpty() ? null : Long.valueOf(rows.getFirst().getFirst())));
    }

    @Override
    public Checker checker() {
        return new RegisterChecker(judgedAs);
    }
}
