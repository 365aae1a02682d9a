package io.quantadb.it.bench;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.Processes;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures QuantaDB beside PostgreSQL 15 on this machine: both run all the time, measured in turns, equal buffer pools,
 * fsync on in both.
 *
 * <p>Started by {@code bin/bench}; README.md describes its options. Single runs say little on a shared machine: the
 * number to quote is the
 * median of the rounds' ratios.
 */
public final class Bench implements AutoCloseable {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
    private static final Duration SETUP_LIMIT = Duration.ofMinutes(60);
    private static final int IDLE_SESSIONS = 900;
    private static final int ACTIVE_SESSIONS = 100;
    /** A hundred clients need seconds to connect on a busy machine. */
    private static final int SESSIONS_SECONDS_MIN = 10;

    private final BenchOptions options;
    private final Comparison comparison = new Comparison();
    private final Path directory = Processes.temporaryDirectory("quantadb-bench");
    private final Path programs;
    private final DatabaseServer postgres;
    private final DatabaseServer quanta;

    private Bench(BenchOptions options) {
        this.options = options;
        programs = PostgresProcess.programs().orElseThrow(() ->
            new IllegalStateException("needs PostgreSQL 15 with pgbench and psql"));
        postgres = PostgresProcess.startNew("shared_buffers = '" + options.bufferPoolMegabytes() + "MB'",
            "max_connections = 1100", "fsync = on");
        quanta = ServerProcess.startNew(
            "{\"server\": {\"max_connections\": 1100}, \"storage\": {\"buffer_pool_size\": \""
            + options.bufferPoolMegabytes() + "MB\"}}");
    }

    @Override
    public void close() {
        postgres.close();
        quanta.close();
        Processes.deleteQuietly(directory);
    }

    /** Exit code 0 when everything ran, 1 when something failed, 2 for wrong usage. */
    public static void main(String[] arguments) {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(BenchOptions.USAGE);
            System.exit(2);
            return;
        }
        boolean failed;
        try (Bench bench = new Bench(options)) {
            bench.run();
            System.out.println();
            System.out.print(bench.comparison.table());
            failed = bench.comparison.hasFailures();
        }
        System.exit(failed ? 1 : 0);
    }

    private void run() {
        System.out.printf("%s, %d processors; %s%n", System.getProperty("os.name"),
            Runtime.getRuntime().availableProcessors(), options);
        if (options.wants("pgbench") || options.wants("sessions")) {
            attempt("pgbench -i -s " + options.scale(), this::initialisePgbench);
        }
        if (options.wants("pgbench")) {
            for (String script : List.of("select-only", "tpcb-like")) {
                for (int clients : options.clients()) {
                    String name = script + " prepared, " + clients + " clients";
                    attempt(name, () -> pgbenchRounds(name, script, clients));
                }
            }
        }
        if (options.wants("sessions")) {
            for (DatabaseServer server : inTurn(0)) {
                attempt("1,000 sessions, " + server.name(), () -> sessions(server));
            }
        }
        if (options.wants("bulk")) {
            attempt("bulk", this::bulk);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    /** A failure of one benchmark is noted and does not stop the others. */
    private void attempt(String name, Task task) {
        try {
            task.run();
        } catch (IOException | RuntimeException e) {
            comparison.failed(name, e.getMessage());
            System.out.println("FAILED " + name + ": " + e.getMessage());
        }
    }

    /** The servers in the order of this round: each is the first one every other time. */
    private List<DatabaseServer> inTurn(int round) {
        return round % 2 == 0 ? List.of(postgres, quanta) : List.of(quanta, postgres);
    }

    private void initialisePgbench() {
        for (DatabaseServer server : inTurn(0)) {
            long started = System.nanoTime();
            pgbench(server, "-i", "-q", "-s", Integer.toString(options.scale()));
            comparison.time("pgbench -i -s " + options.scale(), server, seconds(started));
        }
    }

    private String pgbench(DatabaseServer server, String... arguments) {
        List<String> command = new ArrayList<>(List.of(programs.resolve("pgbench").toString()));
        command.addAll(List.of(arguments));
        return Processes.run(SETUP_LIMIT, server.clientEnvironment(), command)
            .throwIfFailed(server.name() + ": " + String.join(" ", command));
    }

    private void pgbenchRounds(String name, String script, int clients) {
        for (int round = 0; round < options.rounds(); round++) {
            for (DatabaseServer server : inTurn(round)) {
                comparison.rate(name + " (tps)", server, transactionsPerSecond(server, script, clients,
                    options.seconds()));
            }
        }
    }

    private double transactionsPerSecond(DatabaseServer server, String script, int clients, int seconds) {
        String output = pgbench(server, "-n", "-M", "prepared", "-b", script, "-c", Integer.toString(clients), "-j",
            "2", "-T",
            Integer.toString(seconds));
        Matcher matcher = TPS.matcher(output);
        if (!matcher.find() || !output.contains("failed transactions: 0 (")) {
            throw new IllegalStateException(server.name() + ": " + output);
        }
        System.out.printf(Locale.ROOT, "%s %s, %d clients: %s%n", server.name(), script, clients, matcher.group());
        return Double.parseDouble(matcher.group(1));
    }

    /** Point reads by a hundred clients, alone and among nine hundred idle sessions. */
    private void sessions(DatabaseServer server) throws IOException {
        int seconds = Math.max(SESSIONS_SECONDS_MIN, options.seconds());
        comparison.rate(ACTIVE_SESSIONS + " active sessions alone (tps)", server,
            transactionsPerSecond(server, "select-only", ACTIVE_SESSIONS, seconds));
        List<WireClient> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE_SESSIONS; i++) {
                WireClient session = WireClient.connect(server, DatabaseServer.USER);
                idle.add(session);
                session.execute("select abalance from pgbench_accounts where aid = " + (i + 1));
            }
            comparison.rate(ACTIVE_SESSIONS + " active among " + IDLE_SESSIONS + " idle (tps)", server,
                transactionsPerSecond(server, "select-only", ACTIVE_SESSIONS, seconds));
            comparison.size("resident memory then (MB)", server, server.residentBytes() / 1048576.0);
        } finally {
            idle.forEach(WireClient::close);
        }
    }

    private void bulk() throws IOException {
        Path rows = BulkData.write(directory.resolve("rows.csv"), options.rows());
        String count = String.format(Locale.ROOT, "%,d", options.rows());
        for (int round = 0; round < options.rounds(); round++) {
            for (DatabaseServer server : inTurn(round)) {
                psql(server, "-c", BulkData.SCHEMA);
                long started = System.nanoTime();
                psql(server, "-c", "\\copy bench from '" + rows + "' csv");
                comparison.time("COPY in " + count + " rows", server, seconds(started));
            }
        }
        Files.delete(rows);
        for (String index : BulkData.INDEXES) {
            for (int round = 0; round < options.rounds(); round++) {
                for (DatabaseServer server : inTurn(round)) {
                    psql(server, "-c", "drop index if exists bench_index");
                    long started = System.nanoTime();
                    psql(server, "-c", "create index bench_index on bench " + index);
                    comparison.time("CREATE INDEX " + index, server, seconds(started));
                }
            }
        }
        for (DatabaseServer server : inTurn(0)) {
            psql(server, "-c", "create unique index bench_id on bench (id)");
            psql(server, "-c", "vacuum analyze bench");
            psql(server, "-c", "vacuum analyze bench_groups");
        }
        for (BulkData.Query query : BulkData.queries(options.rows())) {
            attempt(query.name(), () -> queryRounds(query));
        }
    }

    private void psql(DatabaseServer server, String... arguments) {
        List<String> command = new ArrayList<>(List.of(programs.resolve("psql").toString(), "-X", "-q", "-v",
            "ON_ERROR_STOP=1"));
        command.addAll(List.of(arguments));
        Processes.run(SETUP_LIMIT, server.clientEnvironment(), command)
            .throwIfFailed(server.name() + ": " + String.join(" ", command));
    }

    /** The first run of each server warms it and is not counted; answers must agree. */
    private void queryRounds(BulkData.Query query) throws IOException {
        try (WireClient oracle = WireClient.connect(postgres,
            DatabaseServer.USER); WireClient ours = WireClient.connect(quanta, DatabaseServer.USER)) {
            for (int round = -1; round < options.rounds(); round++) {
                List<StatementResult> answers = new ArrayList<>();
                for (DatabaseServer server : inTurn(round + 2)) {
                    long started = System.nanoTime();
                    StatementResult answer = (server == postgres ? oracle : ours).queryOne(query.sql()).throwIfFailed();
                    if (round >= 0) {
                        comparison.time(query.name(), server, seconds(started));
                    }
                    answers.add(answer);
                }
                if (!answers.get(0).rows.equals(answers.get(1).rows)) {
                    throw new IllegalStateException("the servers give different answers");
                }
            }
        }
        System.out.println("done: " + query.name());
    }

    private static double seconds(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
