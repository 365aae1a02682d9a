package io.quantadb.it.workload;

import io.quantadb.it.history.Anomaly;
import io.quantadb.it.history.History;
import io.quantadb.it.history.Outcome;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Some workloads at once on a cluster, or on one server: starts their clients, stops them, and judges the histories.
 * Used from one thread; the clients have their own.
 */
public final class WorkloadRun implements AutoCloseable {
    private static final int STOP_MILLIS = 60_000;
    private static final int FINAL_TRIES = 200;

    /** @param pauseMillis average pause of a client between transactions; 0 for none */
    public record Clients(int onPrimary, int onReplicas, int pauseMillis) {
    }

    private record Running(Workload workload, History history) {
    }

    private final HostList hosts;
    private final List<Running> running = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;
    private volatile RuntimeException failure;

    private WorkloadRun(HostList hosts) {
        this.hosts = hosts;
    }

    /** Makes the tables on the primary and starts the clients. */
    public static WorkloadRun start(HostList hosts, List<Workload> workloads, Clients clients, long seed) {
        WorkloadRun run = new WorkloadRun(hosts);
        Random random = new Random(seed);
        for (Workload workload : workloads) {
            createTables(hosts, workload);
            History history = new History();
            run.running.add(new Running(workload, history));
            for (int i = 0; i < clients.onPrimary + clients.onReplicas; i++) {
                boolean writer = i < clients.onPrimary;
                ClientSession session = new ClientSession(hosts, writer ? Role.PRIMARY : Role.REPLICA, i, i, history);
                Random own = new Random(random.nextLong());
                run.threads.add(Thread.ofPlatform().name(workload.name() + "-" + i).daemon()
                    .unstarted(() -> run.serve(workload, session, writer, clients.pauseMillis, own)));
            }
        }
        run.threads.forEach(Thread::start);
        return run;
    }

    private static void createTables(HostList hosts, Workload workload) {
        for (int i = 0; i < FINAL_TRIES; i++) {
            HostList.Connected connected = hosts.connect(Role.PRIMARY, i);
            if (connected != null) {
                try (WireClient client = connected.client()) {
                    client.execute(workload.schema());
                    return;
                } catch (IllegalStateException e) {
                    if (!isRetryable(e)) {
                        throw e;
                    }
                }
            }
            ClientSession.pause(100);
        }
        throw new IllegalStateException("no primary to make the tables of " + workload.name());
    }

    /** On a busy machine the primary may change, or be cut off for a moment, while the tables are made. */
    private static boolean isRetryable(IllegalStateException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("25006") || message.startsWith("57P01");
    }

    private void serve(Workload workload, ClientSession session, boolean writer, int pauseMillis, Random random) {
        try {
            while (!stopped && failure == null) {
                if (session.connect()) {
                    if (writer) {
                        workload.write(session, random);
                    } else {
                        workload.read(session, random);
                    }
                    if (pauseMillis > 0) {
                        ClientSession.pause(random.nextInt(2 * pauseMillis + 1));
                    }
                }
            }
        } catch (RuntimeException e) {
            failure = new IllegalStateException(Thread.currentThread().getName() + ": " + e, e);
        } finally {
            session.close();
        }
    }

    /** Ends the clients, reads everything once more on the primary, and checks. */
    public List<Anomaly> finish() {
        stopClients();
        if (failure != null) {
            throw failure;
        }
        List<Anomaly> anomalies = new ArrayList<>();
        for (Running each : running) {
            try (ClientSession session = new ClientSession(hosts, Role.PRIMARY, -1, 0, each.history)) {
                boolean connected = false;
                for (int i = 0; i < FINAL_TRIES && !connected; i++) {
                    connected = session.connect();
                }
                if (!connected) {
                    throw new IllegalStateException("no primary for the last reads of " + each.workload.name());
                }
                each.workload.readAll(session);
            }
            anomalies.addAll(each.workload.checker().check(each.history));
        }
        return anomalies;
    }

    private void stopClients() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " does not end");
            }
        }
    }

    /** Transactions that were acknowledged so far, of all workloads. */
    public long acknowledged() {
        return running.stream().mapToLong(each -> each.history.count(Outcome.OK)).sum();
    }

    /** One line a workload: how many transactions ended how. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        for (Running each : running) {
            text.append(each.workload.name());
            for (Outcome outcome : Outcome.values()) {
                text.append(' ').append(outcome).append(' ').append(each.history.count(outcome));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Keeps the histories for a closer look. */
    public void save(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Running each : running) {
            each.history.save(directory.resolve(each.workload.name() + ".txt"));
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
    }
}
