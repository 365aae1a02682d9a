package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.ListAppendChecker;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Transactions of appends to and reads of lists, kept as text. Readers that cannot write read several lists. */
public final class ListAppendWorkload implements Workload {
    private static final int ACTIONS_MAX = 4;
    private final Level level;
    private final Level judgedAs;
    private final KeyPool keys = new KeyPool(6, 60);

    public ListAppendWorkload(Level level) {
        this(level, level);
    }

    /** @param judgedAs another level than it runs at, to show that the checker finds the difference */
    ListAppendWorkload(Level level, Level judgedAs) {
        this.level = level;
        this.judgedAs = judgedAs;
    }

    @Override
    public String name() {
        return "lists_" + level.sql().replace(' ', '_');
    }

    @Override
    public String schema() {
        return "create table " + name() + " (k bigint primary key, v text not null)";
    }

    @Override
    public void write(ClientSession session, Random random) {
        session.transaction(level, tx -> {
            for (int i = 1 + random.nextInt(ACTIONS_MAX); i > 0; i--) {
                long key = keys.draw(random);
                if (random.nextBoolean()) {
                    append(tx, key, keys.nextValue());
                } else {
                    readList(tx, key);
                }
            }
        });
    }

    @Override
    public void read(ClientSession session, Random random) {
        session.transaction(level == Level.SERIALIZABLE ? Level.REPEATABLE_READ : level, tx -> {
            for (int i = 2 + random.nextInt(ACTIONS_MAX - 1); i > 0; i--) {
                readList(tx, keys.draw(random));
            }
        });
    }

    @Override
    public void readAll(ClientSession session) {
        for (long first = 0; first < keys.end(); first += keys.width()) {
            long from = first;
            session.transaction(level, tx -> {
                for (int i = 0; i < keys.width(); i++) {
                    readList(tx, from + i);
                }
            });
        }
    }

    private void append(ClientSession tx, long key, long value) {
        tx.tries(new Action.Append(key, value));
        tx.statement("insert into " + name() + " as t values (" + key + ", '" + value
            + "') on conflict (k) do update set v = t.v || ',' || excluded.v");
    }

    private void readList(ClientSession tx, long key) {
        List<List<String>> rows = tx.rows("select v from " + name() + " where k = " + key);
        tx.saw(new Action.ReadList(key, rows.isEmpty() ? List.of()
            : Arrays.stream(rows.getFirst().getFirst().split(",")).map(Long::valueOf).toList()));
    }

    @Override
    public Checker checker() {
        return new ListAppendChecker(judgedAs);
    }
}
