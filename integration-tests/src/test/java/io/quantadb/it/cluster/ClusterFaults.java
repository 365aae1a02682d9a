package io.quantadb.it.cluster;

import io.quantadb.it.history.Anomaly;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Longer runs from the command line: {@code bin/cluster-faults}. First each fault of the primary the given number of
 * times under paced inserts, with the times of unavailability; then mixed faults for the given minutes.
 */
public final class ClusterFaults {
    private static final String USAGE = """
        usage: cluster-faults [--minutes 10] [--seed N] [--times 0] [--faults KILL_PRIMARY,CUT_WAL,...]
        faults: """ + " " + Arrays.toString(Fault.values());
    private static final List<Fault> OF_PRIMARY = List.of(Fault.KILL_PRIMARY, Fault.STOP_PRIMARY, Fault.CUT_WAL,
        Fault.CUT_RAFT, Fault.ISOLATE_PRIMARY);
    private static final int HOLD_MILLIS = 6_000;

    private ClusterFaults() {
    }

    /** Exit code 0 when nothing is wrong, 1 when something is, 2 for wrong usage. */
    public static void main(String[] arguments) throws IOException {
        long seed = System.nanoTime();
        int minutes = 10;
        int times = 0;
        List<Fault> faults = List.of(Fault.values());
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--minutes" -> minutes = Integer.parseInt(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--times" -> times = Integer.parseInt(value);
                    case "--faults" -> faults = Arrays.stream(value.split(",")).map(Fault::valueOf).toList();
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.out.println("seed " + seed);
        System.exit(run(seed, minutes, times, faults) ? 0 : 1);
    }

    private static boolean run(long seed, int minutes, int times, List<Fault> faults) throws IOException {
        boolean well = true;
        for (Fault fault : times == 0 ? List.<Fault>of() : OF_PRIMARY) {
            if (faults.contains(fault)) {
                try (Cluster cluster = Cluster.start(ClusterOptions.three().withProxies())) {
                    FailoverLoop.Report report = loop(cluster, fault, times, seed);
                    System.out.println(report);
                    well &= report.anomalies().isEmpty() && report.differences().isEmpty();
                }
            }
        }
        if (minutes > 0) {
            try (Cluster cluster = Cluster.start(ClusterOptions.three().withProxies())) {
                List<Anomaly> anomalies = MixedFaults.run(cluster, faults, Duration.ofMinutes(minutes), seed,
                    Path.of("cluster-faults-" + seed).toAbsolutePath());
                anomalies.forEach(System.out::println);
                System.out.println(anomalies.isEmpty() ? "no anomaly" : anomalies.size() + " anomalies, seed " + seed);
                well &= anomalies.isEmpty();
            }
        }
        return well;
    }

    private static FailoverLoop.Report loop(Cluster cluster, Fault fault, int times, long seed) throws IOException {
        try {
            return FailoverLoop.run(cluster, fault, times, fault == Fault.KILL_PRIMARY ? 2_500 : HOLD_MILLIS, false, seed);
        } catch (IOException e) {
            System.out.println(cluster.describe());
            throw e;
        }
    }
}
