package io.quantadb.storage.buffer;

import io.quantadb.base.RelationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files that a WAL record says are gone and that are still there: a cluster's primary must not delete them before the
 * horizon has
 * passed the record; on a replica queries with older snapshots may be reading them. Safe for use by many threads.
 *
 * <p>Entries come in the order of their records. Whoever runs the removals knows how far they are safe.
 */
public final class DeferredRemovals {
    private final StorageChanges changes;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock running = new ReentrantLock();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private volatile long oldest = Long.MAX_VALUE;

    /** @param databaseOid of a database that goes as a whole, else 0 */
    private record Entry(long lsn, List<RelationId> relations, int databaseOid) {
    }

    DeferredRemovals(StorageChanges changes) {
        this.changes = changes;
    }

    void add(long lsn, List<RelationId> relations) {
        add(new Entry(lsn, List.copyOf(relations), 0));
    }

    void addDatabase(long lsn, int databaseOid) {
        add(new Entry(lsn, List.of(), databaseOid));
    }

    private void add(Entry entry) {
        lock.lock();
        try {
            entries.add(entry);
            oldest = Math.min(oldest, entry.lsn);
        } finally {
            lock.unlock();
        }
    }

    /** End LSN of the first record whose files are still there; the largest value if there is none. */
    public long oldestLsn() {
        return oldest;
    }

    /** Deletes what records that end at or before {@code safeLsn} name. */
    public void run(long safeLsn) {
        if (oldest > safeLsn) {
            return;
        }
        running.lock();
        try {
            for (Entry entry : due(safeLsn)) {
                entry.relations.forEach(changes::dropFiles);
                if (entry.databaseOid != 0) {
                    changes.dropDatabaseFiles(entry.databaseOid);
                }
                done(entry);
            }
        } finally {
            running.unlock();
        }
    }

    private List<Entry> due(long safeLsn) {
        lock.lock();
        try {
            List<Entry> due = new ArrayList<>(entries);
            due.removeIf(entry -> entry.lsn > safeLsn);
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void done(Entry entry) {
        lock.lock();
        try {
            entries.remove(entry);
            oldest = entries.stream().mapToLong(Entry::lsn).min().orElse(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }
}
