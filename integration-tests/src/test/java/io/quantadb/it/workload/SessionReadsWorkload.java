package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Checker;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.SessionReadsChecker;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each client writes growing numbers on the primary, takes the LSN, and reads its number back on any node after {@code
 * WAIT FOR LSN}.
 */
public final class SessionReadsWorkload implements Workload {
    private static final int WAIT_MILLIS = 5_000;
    private final HostList hosts;
    private final boolean waits;
    private final KeyPool values = new KeyPool(1, 1);
    private final Map<Integer, ClientSession> readers = new ConcurrentHashMap<>();

    /** @param waits false: for servers without {@code WAIT FOR LSN}, which then must be alone */
    public SessionReadsWorkload(HostList hosts, boolean waits) {
        this.hosts = hosts;
        this.waits = waits;
    }

    @Override
    public String name() {
        return "own_writes";
    }

    @Override
    public String schema() {
        return "create table own_writes (k bigint primary key, v bigint not null)";
    }

    @Override
    public void write(ClientSession session, Random random) {
        long value = values.nextValue();
        int key = session.process();
        boolean done = session.single(Level.READ_COMMITTED, new Action.Write(key, value),
            "insert into own_writes values (" + key + ", " + value + ") on conflict (k) do update set v = excluded.v");
        String lsn = done && session.connect() ? session.position() : null;
        if (lsn == null) {
            return;
        }
        ClientSession reader = readers.computeIfAbsent(key, k -> session.beside(hosts, Role.ANY));
        if (random.nextInt(5) == 0) {
            reader.disconnect();
        }
        if (reader.connect() && (!waits || reader.waitFor(lsn, WAIT_MILLIS))) {
            reader.transaction(Level.READ_COMMITTED, tx -> {
                List<List<String>> rows = tx.rows("select v from own_writes where k = " + key);
                tx.saw(new Action.Read(key, rows.isEmpty() ? null : Long.valueOf(rows.getFirst().getFirst())));
            });
        }
    }

    @Override
    public void read(ClientSession session, Random random) {
        ClientSession.pause(1_000);
    }

    @Override
    public void readAll(ClientSession session) {
        readers.values().forEach(ClientSession::close);
    }

    @Override
    public Checker checker() {
        return new SessionReadsChecker();
    }
}
