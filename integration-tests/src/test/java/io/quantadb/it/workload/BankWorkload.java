package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.BankChecker;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import java.util.List;
import java.util.Random;

/** Transfers between accounts, and totals of all accounts on every node, in one statement or account by account. */
public final class BankWorkload implements Workload {
    private static final int ACCOUNTS = 12;
    private static final int START_BALANCE = 100;
    private final Level level;

    /** @param level of the transfers; a total that takes several statements is read in a snapshot */
    public BankWorkload(Level level) {
        this.level = level;
    }

    @Override
    public String name() {
        return "bank_" + level.sql().replace(' ', '_');
    }

    @Override
    public String schema() {
        return "create table " + name() + " (id int primary key, balance bigint not null); insert into " + name()
            + " select g, " + START_BALANCE + " from generate_series(1, " + ACCOUNTS + ") g";
    }

    @Override
    public void write(ClientSession session, Random random) {
        if (random.nextInt(4) == 0) {
            read(session, random);
            return;
        }
        int from = 1 + random.nextInt(ACCOUNTS);
        int to = 1 + random.nextInt(ACCOUNTS);
        int amount = random.nextInt(20);
        session.transaction(level, tx -> {
            tx.statement("update " + name() + " set balance = balance - " + amount + " where id = " + from);
            tx.statement("update " + name() + " set balance = balance + " + amount + " where id = " + to);
        });
    }

    @Override
    public void read(ClientSession session, Random random) {
        if (random.nextBoolean()) {
            session.transaction(Level.READ_COMMITTED, tx -> {
                List<String> row = tx.rows("select sum(balance), count(*) from " + name()).getFirst();
                tx.saw(new Action.Total(Long.parseLong(row.get(0)), Long.parseLong(row.get(1))));
            });
        } else {
            session.transaction(Level.REPEATABLE_READ, tx -> {
                long sum = 0;
                for (int id = 1; id <= ACCOUNTS; id++) {
                    sum += Long.parseLong(tx.rows("select balance from " + name() + " where id = " + id).getFirst()
                        .getFirst());
                }
                tx.saw(new Action.Total(sum, ACCOUNTS));
            });
        }
    }

    @Override
    public void readAll(ClientSession session) {
        for (int i = 0; i < 4; i++) {
            read(session, new Random(i));
        }
    }

    @Override
    public Checker checker() {
        return new BankChecker(ACCOUNTS, (long) ACCOUNTS * START_BALANCE);
    }
}
