package io.quantadb.it.bench;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a replica takes to show what has been committed: asks the primary for its position, and the replica
 * again and again until it has replayed that. The same for both kinds of server. It runs in a thread of its own.
 */
final class ReplayLag implements AutoCloseable {
    private static final int PAUSE_MILLIS = 25;
    private static final long POLL_NANOS = 200_000;
    private final Thread thread;
    private final List<Double> millis = new ArrayList<>();
    private volatile boolean stopped;

    ReplayLag(DatabaseServer primary, DatabaseServer replica) {
        thread = Thread.ofPlatform().daemon().name("replay-lag").start(() -> run(primary, replica));
    }

    private void run(DatabaseServer primary, DatabaseServer replica) {
        try (WireClient source = WireClient.connect(primary, DatabaseServer.USER);
            WireClient target = WireClient.connect(replica, DatabaseServer.USER)) {
            while (!stopped) {
                String lsn = source.queryOne("select pg_current_wal_flush_lsn()").single();
                long started = System.nanoTime();
                String reached = "select pg_last_wal_replay_lsn() >= '" + lsn + "'::pg_lsn";
                while (!stopped && !target.queryOne(reached).single().equals("t")) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                if (!stopped) {
                    millis.add((System.nanoTime() - started) / 1e6);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            stopped = true;
        }
    }

    /** Ends it. @return the median, milliseconds; not a number without samples */
    double medianMillis() throws InterruptedException {
        stopped = true;
        thread.join();
        List<Double> sorted = millis.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    @Override
    public void close() {
        stopped = true;
    }
}
