package io.quantadb.maintenance;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes up every {@code autovacuum_naptime} and has the databases looked after in which something changed. A thread of its own, which
 * is also the only worker: with throttling by cost more of them would only compete.
 */
public final class Autovacuum implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Autovacuum.class);
    private static final long CLOSE_POLL_NANOS = 1_000_000;

    /** Does the work; implemented where sessions are. */
    @FunctionalInterface
    public interface Worker {
        /** Vacuums and analyses the tables of a database that are due; returns early when {@code stopping} says so. */
        void lookAfter(int databaseOid, BooleanSupplier stopping);
    }

    private final ActivityRegistry registry;
    private final long napMillis;
    private final Worker worker;
    private volatile boolean stopping;
    private Thread thread;

    public Autovacuum(ActivityRegistry registry, long napMillis, Worker worker) {
        this.registry = registry;
        this.napMillis = napMillis;
        this.worker = worker;
    }

    public void start() {
        thread = Thread.ofPlatform().daemon().name("autovacuum").priority(Thread.MIN_PRIORITY).start(this::run);
    }

    private void run() {
        while (!stopping) {
            long wakeNanos = System.nanoTime() + napMillis * 1_000_000;
            while (!stopping && System.nanoTime() < wakeNanos) {
                LockSupport.parkNanos(wakeNanos - System.nanoTime());
            }
            for (int database : changedDatabases()) {
                if (!stopping) {
                    lookAfter(database);
                }
            }
        }
    }

    private Set<Integer> changedDatabases() {
        Set<Integer> databases = new LinkedHashSet<>();
        for (TableActivity table : registry.all()) {
            if (table.databaseOid() != 0 && (table.dead.sum() > 0 || table.changedSinceAnalyze.sum() > 0
                    || table.insertedSinceVacuum.sum() > 0)) {
                databases.add(table.databaseOid());
            }
        }
        return databases;
    }

    private void lookAfter(int database) {
        try {
            worker.lookAfter(database, () -> stopping);
        } catch (RuntimeException e) {
            LOG.warn("autovacuum of database {} failed, the next round tries again", Integer.toUnsignedLong(database), e);
        }
    }

    /** Returns after the thread has ended, which may take until the page or lock it works on is done with. */
    @Override
    public void close() {
        stopping = true;
        if (thread != null) {
            LockSupport.unpark(thread);
            while (thread.isAlive()) {
                LockSupport.parkNanos(CLOSE_POLL_NANOS);
            }
        }
    }
}
