package io.quantadb.it.crash;

import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Kills the server with SIGKILL under a mixed write load, starts it again on the same data and checks it; many times
 * over.
 *
 * <p>{@code bin/kill-loop --iterations 100 [--seed N] [--workers N]} runs it from the command line. The same seed gives
 * the same load and
 * the same moments of death, as far as the machine's timing allows.
 */
public final class KillLoop {
    private static final int SHORTEST_LIFE_MILLIS = 150;
    private static final int LONGEST_LIFE_MILLIS = 2_000;
    static final String SCHEMA = """
        create table accounts (id int primary key, balance bigint not null, changes int not null);
        insert into accounts select g, 0, 0 from generate_series(0, %d) g;
        create table ledger (worker int, seq int, a int, b int, amount int, padding text, primary key (worker, seq));
        create table items (id bigserial primary key, worker int, batch int, n int, label text unique);
        create index items_by_batch on items (worker, batch);
        """.formatted(KillLoad.ACCOUNTS - 1);

    private KillLoop() {
    }

    /** @param commits acknowledged in all lives together */
    record Report(int iterations, long commits, List<String> problems) {
    }

    static Report run(int iterations, long seed, int workers, boolean talkative) throws IOException,
        InterruptedException {
        Random random = new Random(seed);
        List<String> problems = new ArrayList<>();
        try (ServerProcess server = ServerProcess.startNew()) {
            try (WireClient session = server.connect()) {
                session.execute(SCHEMA);
            }
            List<KillLoad> loads = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                loads.add(new KillLoad(server, worker, random.nextLong()));
            }
            int life = 0;
            while (life < iterations && problems.isEmpty()) {
                life++;
                oneLife(server, loads, SHORTEST_LIFE_MILLIS
                    + random.nextInt(LONGEST_LIFE_MILLIS - SHORTEST_LIFE_MILLIS), problems);
                if (talkative) {
                    System.out.printf(
                        "kill %d: %d commits acknowledged so far, back in %d ms, data %d MB, problems: %s%n", life,
                        commits(loads),
                        server.startTime().toMillis(), server.dataBytes() >> 20, problems);
                }
            }
            if (!problems.isEmpty()) {
                problems.add("seed " + seed + ", kill " + life + "; the server's last words:\n" + server.logTail());
            }
            return new Report(life, commits(loads), problems);
        }
    }

    private static void oneLife(ServerProcess server, List<KillLoad> loads, int lifeMillis, List<String> problems)
        throws IOException, InterruptedException {
        List<Thread> threads = loads.stream().map(load -> Thread.ofPlatform().name("load-" + load.worker()).start(load))
            .toList();
        Thread.sleep(lifeMillis);
        if (!server.isAlive()) {
            problems.add("the server ended by itself");
        }
        server.killNow();
        for (Thread thread : threads) {
            thread.join();
        }
        loads.stream().filter(load -> load.failure != null).forEach(load -> problems.add(load.failure));
        server.start();
        try (WireClient session = server.connect()) {
            problems.addAll(new KillChecker(session).check(loads));
        } catch (RuntimeException e) {
            problems.add("the check itself failed: " + e.getMessage());
        }
    }

    private static long commits(List<KillLoad> loads) {
        return loads.stream().mapToLong(load -> load.commits).sum();
    }

    /** Exit code 0 when nothing was lost. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int iterations = 100;
        int workers = 6;
        long seed = System.nanoTime();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--iterations" -> iterations = Integer.parseInt(arguments[i + 1]);
                case "--workers" -> workers = Integer.parseInt(arguments[i + 1]);
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                default -> {
                    System.err.println("unknown option " + arguments[i]
                        + "; known: --iterations N, --workers N, --seed N");
                    System.exit(2);
                }
            }
        }
        System.out.println("seed " + seed);
        Report report = run(iterations, seed, workers, true);
        report.problems().forEach(System.out::println);
        System.out.printf("%d kills, %d acknowledged commits, %s%n", report.iterations(), report.commits(),
            report.problems().isEmpty() ? "nothing lost, nothing half done" : "FAILED");
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }
}
