package io.quantadb.it.cluster;

import io.quantadb.it.history.Anomaly;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.workload.HostList;
import io.quantadb.it.workload.PacedInserts;
import io.quantadb.it.workload.RowInserter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The same fault again and again, under a client that inserts a row every 20 ms: for how long is nothing acknowledged,
 * is anything lost, does the cluster become whole by itself.
 */
final class FailoverLoop {
    private static final int CALM_MILLIS = 1_500;
    private static final int READ_TIMEOUT_MILLIS = 1_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 300;
    private static final Duration HEAL_LIMIT = Duration.ofSeconds(60);

    private FailoverLoop() {
    }

    /**
     * @param gapsMillis longest time without an acknowledgement, one a fault
     * @param wholeMillis from the end of the fault until all members were in sync again, one a fault
     */
    record Report(Fault fault, List<Long> gapsMillis, List<Long> wholeMillis, long acknowledged,
        List<Anomaly> anomalies, List<String> differences) {
        long worstMillis() {
            return gapsMillis.stream().mapToLong(Long::longValue).max().orElse(0);
        }

        private static long median(List<Long> values) {
            List<Long> sorted = values.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                "%s x %d: unavailable p50 %d ms, worst %d ms; whole again p50 %d ms; %d rows acknowledged; %s %s",
                fault, gapsMillis.size(), median(gapsMillis), worstMillis(), median(wholeMillis), acknowledged,
                anomalies.isEmpty() ? "no anomaly" : anomalies, differences.isEmpty() ? "" : differences);
        }
    }

    /**
     * @param holdMillis from the beginning of the fault to its end, at least until writes go on
     * @param jdbc whether a second client uses pgjdbc, which must then be on the class path
     */
    static Report run(Cluster cluster, Fault fault, int times, int holdMillis, boolean jdbc, long seed)
        throws IOException {
        Random random = new Random(seed);
        HostList hosts = new HostList(cluster.hosts().endpoints(), CONNECT_TIMEOUT_MILLIS, READ_TIMEOUT_MILLIS);
        List<RowInserter> inserters = new ArrayList<>(List.of(RowInserter.wire(hosts)));
        if (jdbc) {
            inserters.add(RowInserter.jdbc(hosts, DatabaseServer.USER, DatabaseServer.PASSWORD));
        }
        List<Long> gaps = new ArrayList<>();
        List<Long> whole = new ArrayList<>();
        int members = cluster.options().nodes();
        try (PacedInserts inserts = PacedInserts.start(hosts, inserters)) {
            for (int i = 0; i < times; i++) {
                Cluster.pause(CALM_MILLIS + random.nextInt(CALM_MILLIS));
                try (PacedInserts.Lingering lingering = inserts.lingering()) {
                    long began = System.nanoTime();
                    Runnable end = fault.begin(cluster, random);
                    Cluster.pause(holdMillis);
                    if (members > 1 && fault != Fault.KILL_ALL) {
                        cluster.await("writes during " + fault, HEAL_LIMIT, () -> inserts.acknowledgedSince(
                            began + 1_000_000L * holdMillis / 2));
                        gaps.add(inserts.longestGapMillis(began, System.nanoTime()));
                    }
                    long ended = System.nanoTime();
                    end.run();
                    // A primary that was deposed in its sleep acknowledges nothing; the checker would find it lost.
                    lingering.insert();
                    cluster.awaitInSync(members, HEAL_LIMIT);
                    whole.add((System.nanoTime() - ended) / 1_000_000);
                    cluster.await("writes after " + fault, HEAL_LIMIT, () -> inserts.acknowledgedSince(ended));
                    if (gaps.size() <= i) {
                        gaps.add(inserts.longestGapMillis(began, System.nanoTime()));
                    }
                    System.out.printf("%tT %s: unavailable %d ms, whole again after %d ms%n", System.currentTimeMillis(), fault,
                        gaps.getLast(), whole.getLast());
                }
            }
            List<Anomaly> anomalies = inserts.finish();
            List<String> differences = members == 1 ? List.of()
                : cluster.compareContents(List.of(PacedInserts.TABLE));
            return new Report(fault, gaps, whole, inserts.acknowledged(), anomalies, differences);
        }
    }
}
