package io.quantadb.session;

import io.quantadb.maintenance.ActivityRegistry;
import io.quantadb.sql.parser.QueryNormalizer;
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
    /** Characters of a text that is worth remembering with its general form. */
    private static final int TEXT_KEPT_MAX = 1000;

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

        /** The same for the same text in every run of the server. */
        public long queryId() {
            long hash = 0xCBF29CE484222325L;
            for (int i = 0; i < sql.length(); i++) {
                hash = (hash ^ sql.charAt(i)) * 0x100000001B3L;
            }
            return hash;
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
    /** Texts with constants, and what stands for them; filled until it is full. */
    private final Map<String, String> normalized = new ConcurrentHashMap<>();
    private final LongAdder queries = new LongAdder();
    private final LongAdder queryNanos = new LongAdder();
    private final LongAdder errors = new LongAdder();

    /** The entry to count in; null when there are too many different statements. A compiled statement keeps it. */
    Entry entry(int userOid, int databaseOid, String sql) {
        Key key = new Key(userOid, databaseOid, sql);
        Entry entry = entries.get(key);
        if (entry != null) {
            return entry;
        }
        String known = normalized.get(sql);
        String text = known != null ? known : QueryNormalizer.normalize(sql);
        if (known == null && normalized.size() < LIMIT && sql.length() <= TEXT_KEPT_MAX) {
            normalized.put(sql, text);
        }
        Key general = new Key(userOid, databaseOid, text);
        entry = entries.get(general);
        if (entry == null && entries.size() < LIMIT) {
            entry = entries.computeIfAbsent(general, k -> new Entry(userOid, databaseOid, text));
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
        normalized.clear();
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
