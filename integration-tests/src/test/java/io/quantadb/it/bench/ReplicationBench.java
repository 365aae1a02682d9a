package io.quantadb.it.bench;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures QuantaDB's synchronous replication beside PostgreSQL's, on one machine: throughput of pgbench's tpcb-like
 * with one and with two replicas, replay lag meanwhile, and the time of a new replica against a plain copy.
 *
 * <p>Started by {@code bin/bench-replication}; README.md describes it. Both sets of servers run all the time and are
 * measured in turns.
 */
public final class ReplicationBench {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
    private static final Duration LIMIT = Duration.ofMinutes(60);

    private final ReplicationOptions options;
    private final Comparison comparison = new Comparison();
    private final Path programs = PostgresProcess.programs().orElseThrow(() ->
        new IllegalStateException("needs PostgreSQL 15 with pgbench"));

    private ReplicationBench(ReplicationOptions options) {
        this.options = options;
    }

    /** Exit code 0 when everything ran, 1 when something failed, 2 for wrong usage. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ReplicationOptions options;
        try {
            options = ReplicationOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(ReplicationOptions.USAGE);
            System.exit(2);
            return;
        }
        ReplicationBench bench = new ReplicationBench(options);
        System.out.printf("%d processors; %s%n", Runtime.getRuntime().availableProcessors(), options);
        if (options.parts().contains("tpcb")) {
            for (int replicas : options.replicas()) {
                bench.attempt(replicas + " replicas", replicas, bench::throughput);
            }
        }
        if (options.parts().contains("copy")) {
            bench.attempt("new replica", 1, bench::newReplica);
        }
        System.out.println();
        System.out.print(bench.comparison.table());
        System.exit(bench.comparison.hasFailures() ? 1 : 0);
    }

    private interface Task {
        void run(List<ReplicatedServers> all, int replicas) throws IOException, InterruptedException;
    }

    private void attempt(String name, int replicas, Task task) throws InterruptedException {
        List<ReplicatedServers> all = new ArrayList<>();
        try {
            if (options.servers().contains("postgres")) {
                all.add(ReplicatedServers.postgres(replicas, options.bufferPoolMegabytes()));
            }
            if (options.servers().contains("quantadb")) {
                all.add(ReplicatedServers.quantadb(replicas, options.bufferPoolMegabytes()));
            }
            task.run(all, replicas);
        } catch (IOException | RuntimeException e) {
            comparison.failed(name, e.getMessage());
            System.out.println("FAILED " + name + ": " + e.getMessage());
        } finally {
            all.forEach(ReplicatedServers::close);
        }
    }

    private void throughput(List<ReplicatedServers> all, int replicas) throws InterruptedException {
        for (ReplicatedServers servers : all) {
            pgbench(servers.primary(), "-i", "-q", "-s", Integer.toString(options.scale()));
            // One run that does not count: caches, compilers, first full-page images.
            pgbench(servers.primary(), "-n", "-M", "prepared", "-c", "8", "-j", "2", "-T",
                Integer.toString(options.seconds()));
        }
        for (int clients : options.clients()) {
            for (int round = 0; round < options.rounds(); round++) {
                for (ReplicatedServers servers : round % 2 == 0 ? all : all.reversed()) {
                    measure(servers, replicas, clients);
                }
            }
        }
    }

    private void measure(ReplicatedServers servers, int replicas, int clients) throws InterruptedException {
        DatabaseServer primary = servers.primary();
        String name = "tpcb-like prepared, " + replicas + (replicas == 1 ? " replica, " : " replicas, ") + clients
            + " clients";
        try (ReplayLag lag = new ReplayLag(primary, servers.replica())) {
            String output = pgbench(primary, "-n", "-M", "prepared", "-c", Integer.toString(clients), "-j", "2", "-T",
                Integer.toString(options.seconds()));
            double median = lag.medianMillis();
            Matcher matcher = TPS.matcher(output);
            if (!matcher.find() || !output.contains("failed transactions: 0 (")) {
                throw new IllegalStateException(primary.name() + ": " + output);
            }
            System.out.printf(Locale.ROOT, "%s, %s: %s, replay lag median %.2f ms%n", primary.name(), name,
                matcher.group(), median);
            comparison.rate(name + " (tps)", primary, Double.parseDouble(matcher.group(1)));
            comparison.size(name + ": replay lag median (ms)", primary, median);
        }
    }

    private void newReplica(List<ReplicatedServers> all, int replicas) throws IOException {
        for (ReplicatedServers servers : all) {
            pgbench(servers.primary(), "-i", "-q", "-s", Integer.toString(options.copyScale()));
            servers.plainCopy();
            for (int round = 0; round < options.rounds(); round++) {
                double copy = servers.plainCopy();
                double renewed = servers.renewReplica();
                System.out.printf(Locale.ROOT, "%s: plain copy %.1f s, new replica %.1f s%n",
                    servers.primary().name(), copy, renewed);
                comparison.time("new replica in sync, scale " + options.copyScale(), servers.primary(), renewed);
                comparison.size("new replica / plain copy of the files", servers.primary(), renewed / copy);
            }
        }
    }

    private String pgbench(DatabaseServer server, String... arguments) {
        List<String> command = new ArrayList<>(List.of(programs.resolve("pgbench").toString()));
        command.addAll(List.of(arguments));
        return Processes.run(LIMIT, server.clientEnvironment(), command)
            .throwIfFailed(server.name() + ": " + String.join(" ", command));
    }
}
