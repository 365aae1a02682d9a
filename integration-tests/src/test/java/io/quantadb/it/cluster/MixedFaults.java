package io.quantadb.it.cluster;

import io.quantadb.it.history.Anomaly;
import io.quantadb.it.workload.HostList;
import io.quantadb.it.workload.WorkloadRun;
import io.quantadb.it.workload.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random faults, one after the other and sometimes two at once, under all workloads of the history checkers. */
final class MixedFaults {
    private static final int READ_TIMEOUT_MILLIS = 3_000;
    private static final int TRANSACTIONS_BETWEEN_MIN = 100;
    private static final Duration WHOLE_LIMIT = Duration.ofSeconds(90);

    private MixedFaults() {
    }

    /**
     * @param faults to choose from
     * @param evidence where the histories are kept if something is wrong
     * @return what is wrong
     */
    static List<Anomaly> run(Cluster cluster, List<Fault> faults, Duration length, long seed, Path evidence)
        throws IOException {
        Random random = new Random(seed);
        int members = cluster.options().nodes();
        HostList hosts = new HostList(cluster.hosts().endpoints(), 500, READ_TIMEOUT_MILLIS);
        long deadline = System.nanoTime() + length.toNanos();
        try (WorkloadRun run = WorkloadRun.start(hosts, Workloads.all(hosts, members > 1),
            new WorkloadRun.Clients(3, members > 1 ? 2 : 0, 10), random.nextLong())) {
            while (System.nanoTime() < deadline) {
                long before = run.acknowledged();
                Cluster.pause(1_000 + random.nextInt(3_000));
                // On a busy machine a fault must not come before there is something to lose.
                cluster.await("transactions between faults", WHOLE_LIMIT, () -> run.acknowledged()
                    >= before + TRANSACTIONS_BETWEEN_MIN);
                oneRound(cluster, faults, random, run);
            }
            List<Anomaly> anomalies = run.finish();
            System.out.print(run.summary());
            if (!anomalies.isEmpty()) {
                run.save(evidence);
                System.out.println("histories: " + evidence);
            }
            return anomalies;
        }
    }

    private static void oneRound(Cluster cluster, List<Fault> faults, Random random, WorkloadRun run) {
        List<Runnable> ends = new ArrayList<>();
        long acknowledged = run.acknowledged();
        StringBuilder names = new StringBuilder();
        Fault fault = faults.get(random.nextInt(faults.size()));
        ends.add(fault.begin(cluster, random));
        names.append(fault);
        if (random.nextInt(4) == 0 && fault != Fault.KILL_ALL) {
            // The second must find a primary, or it is left out.
            Fault second = faults.get(random.nextInt(faults.size()));
            Cluster.pause(random.nextInt(500));
            if (second != fault && cluster.primary() != null) {
                ends.add(second.begin(cluster, random));
                names.append(" + ").append(second);
            }
        }
        Cluster.pause(500 + random.nextInt(6_000));
        ends.forEach(Runnable::run);
        long ended = System.nanoTime();
        cluster.awaitInSync(cluster.options().nodes(), WHOLE_LIMIT);
        System.out.printf("%s: %d transactions meanwhile, whole again after %d ms, primary %s%n", names,
            run.acknowledged() - acknowledged, (System.nanoTime() - ended) / 1_000_000,
            cluster.awaitPrimary(WHOLE_LIMIT).name());
    }
}
