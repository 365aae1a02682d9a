package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.Anomaly;
import io.quantadb.it.history.History;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.Outcome;
import io.quantadb.it.history.SetChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that insert a row every 20 ms through a list of hosts, and a reader on each node that reads them: measures
 * for how long nothing is acknowledged, and finds what was acknowledged or seen and is gone.
 */
public final class PacedInserts implements AutoCloseable {
    public static final String TABLE = "paced";
    private static final int PERIOD_MILLIS = 20;
    private static final int READ_PERIOD_MILLIS = 100;
    private static final int ELEMENTS_PER_SET = 500;
    private static final int JOIN_MILLIS = 60_000;
    private static final int LAST_READ_TRIES = 300;

    private final HostList hosts;
    private final History history = new History();
    private final AtomicLong nextElement = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Long> acknowledgedNanos = new ArrayList<>();
    private volatile boolean stopped;

    private PacedInserts(HostList hosts) {
        this.hosts = hosts;
    }

    /** Makes the table and starts; each inserter gets a thread. */
    public static PacedInserts start(HostList hosts, List<RowInserter> inserters) {
        PacedInserts run = new PacedInserts(hosts);
        HostList.Connected connected = null;
        for (int i = 0; i < LAST_READ_TRIES && connected == null; i++) {
            connected = hosts.connect(Role.PRIMARY, i);
        }
        if (connected == null) {
            throw new IllegalStateException("no primary to make the table");
        }
        try (var client = connected.client()) {
            client.execute("drop table if exists " + TABLE + "; create table " + TABLE
                + " (s bigint, e bigint, primary key (s, e))");
        }
        for (int i = 0; i < inserters.size(); i++) {
            int process = i;
            RowInserter inserter = inserters.get(i);
            run.threads.add(Thread.ofPlatform().daemon().name("inserter-" + i)
                .start(() -> run.insert(process, inserter)));
        }
        for (Endpoint endpoint : hosts.endpoints()) {
            run.threads.add(Thread.ofPlatform().daemon().name("reader-" + endpoint.name())
                .start(() -> run.read(endpoint)));
        }
        return run;
    }

    private void insert(int process, RowInserter inserter) {
        try (inserter) {
            while (!stopped) {
                long element = nextElement.getAndIncrement();
                long invoked = System.nanoTime();
                Outcome outcome = inserter.execute(sql(element));
                long completed = System.nanoTime();
                history.add(process, "primary", true, Level.READ_COMMITTED, invoked, completed, outcome,
                    List.of(new Action.Append(element / ELEMENTS_PER_SET, element)));
                if (outcome == Outcome.OK) {
                    synchronized (acknowledgedNanos) {
                        acknowledgedNanos.add(completed);
                    }
                }
                ClientSession.pause(Math.max(1, PERIOD_MILLIS - (completed - invoked) / 1_000_000));
            }
        }
    }

    private static String sql(long element) {
        return "insert into " + TABLE + " values (" + element / ELEMENTS_PER_SET + ", " + element + ")";
    }

    private void read(Endpoint endpoint) {
        HostList one = new HostList(List.of(endpoint), hosts.connectTimeoutMillis(), hosts.readTimeoutMillis());
        try (ClientSession session = new ClientSession(one, Role.ANY, -1, 0, history)) {
            while (!stopped) {
                if (session.connect()) {
                    readSet(session, Math.max(0, nextElement.get() - 1) / ELEMENTS_PER_SET);
                }
                ClientSession.pause(READ_PERIOD_MILLIS);
            }
        }
    }

    private static boolean readSet(ClientSession session, long set) {
        return session.transaction(Level.READ_COMMITTED, tx -> tx.saw(new Action.ReadList(set,
            tx.rows("select e from " + TABLE + " where s = " + set).stream()
                .map(row -> Long.valueOf(row.getFirst())).toList())));
    }

    /** A client with an open connection to the present primary that will not give up: for a primary that sleeps. */
    public Lingering lingering() {
        HostList patient = new HostList(hosts.endpoints(), hosts.connectTimeoutMillis(), JOIN_MILLIS);
        ClientSession session = new ClientSession(patient, Role.PRIMARY, -2, 0, history);
        session.connect();
        return new Lingering(session);
    }

    /** See {@link #lingering}. */
    public final class Lingering implements AutoCloseable {
        private final ClientSession session;

        private Lingering(ClientSession session) {
            this.session = session;
        }

        /** Inserts by the old connection; what is acknowledged must be there in the end. */
        public boolean insert() {
            long element = nextElement.getAndIncrement();
            return session.single(Level.READ_COMMITTED, new Action.Append(element / ELEMENTS_PER_SET, element),
                sql(element));
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** The longest time without an acknowledgement that overlaps the span, milliseconds; up to now if none follows. */
    public long longestGapMillis(long fromNanos, long toNanos) {
        synchronized (acknowledgedNanos) {
            List<Long> times = acknowledgedNanos.stream().sorted().toList();
            long longest = 0;
            long last = fromNanos;
            for (long time : times) {
                if (time > fromNanos && last < toNanos) {
                    longest = Math.max(longest, time - last);
                }
                last = Math.max(last, time);
            }
            return Math.max(longest, last < toNanos ? toNanos - last : 0) / 1_000_000;
        }
    }

    public long acknowledged() {
        synchronized (acknowledgedNanos) {
            return acknowledgedNanos.size();
        }
    }

    /** Whether anything has been acknowledged since the moment. */
    public boolean acknowledgedSince(long nanos) {
        synchronized (acknowledgedNanos) {
            return acknowledgedNanos.stream().anyMatch(time -> time > nanos);
        }
    }

    public History history() {
        return history;
    }

    /** Ends the clients, reads all rows on the primary, and checks. */
    public List<Anomaly> finish() {
        close();
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (ClientSession session = new ClientSession(hosts, Role.PRIMARY, -1, 0, history)) {
            long sets = nextElement.get() / ELEMENTS_PER_SET + 1;
            int tries = 0;
            for (long set = 0; set < sets;) {
                if (session.connect() && readSet(session, set)) {
                    set++;
                } else if (++tries > LAST_READ_TRIES) {
                    throw new IllegalStateException("the rows cannot be read in the end");
                }
            }
        }
        return new SetChecker().check(history);
    }

    @Override
    public void close() {
        stopped = true;
    }
}
