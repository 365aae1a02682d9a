package io.quantadb.session;

import io.quantadb.maintenance.ActivityRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls, rows and time of statements by text: what pg_stat_statements and the metrics read. Safe for use by many
 * threads.
 */
public final class StatementStatistics {
    private static final int LIMIT = 5000;

    /** One statement's counters; times in nanoseconds. */
    public static final class Entry {
        private final int userOid;
        private final int databaseOid;
        private final String sql;
        private final LongAdder calls = new LongAdder();
        private final LongAdder rows = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private volatile long minimumNanos = Long.MAX_VALUE;
        private volatile long maximumNanos;

        Entry(int userOid, int databaseOid, String sql) {
            this.userOid = userOid;
            this.databaseOid = databaseOid;
            this.sql = sql;
        }

        void add(long elapsedNanos, long rowCount) {
            calls.increment();
            rows.add(rowCount);
            nanos.add(elapsedNanos);
            // Races lose an extreme now and then; exact extremes are not worth a lock on each statement.
            if (elapsedNanos < minimumNanos) {
                minimumNanos = elapsedNanos;
            }
            if (elapsedNanos > maximumNanos) {
                maximumNanos = elapsedNanos;
            }
        }

        public int userOid() {
            return userOid;
        }

        public int databaseOid() {
            return databaseOid;
        }

        public String sql() {
            return sql;
        }

        public long calls() {
            return calls.sum();
        }

        public long rows() {
            return rows.sum();
        }

        public long totalNanos() {
            return nanos.sum();
        }

        public long minimumNanos() {
            return minimumNanos == Long.MAX_VALUE ? 0 : minimumNanos;
        }

        public long maximumNanos() {
            return maximumNanos;
        }
    }

    private record Key(int userOid, int databaseOid, String sql) {
    }

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final ActivityRegistry tables = new ActivityRegistry();
    private final LongAdder queries = new LongAdder();
    private final LongAdder queryNanos = new LongAdder();
    private final LongAdder errors = new LongAdder();

    /** The entry to count in; null when there are too many different statements. A compiled statement keeps it. */
    Entry entry(int userOid, int databaseOid, String sql) {
        Key key = new Key(userOid, databaseOid, sql);
        Entry entry = entries.get(key);
        if (entry == null && entries.size() < LIMIT) {
            entry = entries.computeIfAbsent(key, k -> new Entry(userOid, databaseOid, sql));
        }
        return entry;
    }

    void count(Entry entry, long elapsedNanos, long rowCount) {
        queries.increment();
        queryNanos.add(elapsedNanos);
        if (entry != null) {
            entry.add(elapsedNanos, rowCount);
        }
    }

    void countError() {
        errors.increment();
    }

    /** Counters of tables, indexes and databases. */
    public ActivityRegistry tables() {
        return tables;
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public void reset() {
        entries.clear();
    }

    public long queries() {
        return queries.sum();
    }

    public double querySeconds() {
        return queryNanos.sum() / 1e9;
    }

    public long errors() {
        return errors.sum();
    }
}
