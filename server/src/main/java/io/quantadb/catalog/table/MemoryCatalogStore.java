package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Catalog rows in memory: the bootstrap facts before they are written to tables, and a catalog for tests of the
 * packages above. Not transactional. Safe for use by many threads (one lock).
 *
 * <p>A fork shares the rows of its origin until it changes a table.
 */
public final class MemoryCatalogStore implements CatalogStore {
    private static final int FIRST_OID = 16384;

    private final Map<Integer, Rows> tables;
    private CatalogChangeListener listener = (table, before, after) -> {
    };
    private int nextOid;

    public MemoryCatalogStore() {
        this(new HashMap<>(), FIRST_OID);
    }

    private MemoryCatalogStore(Map<Integer, Rows> tables, int nextOid) {
        this.tables = tables;
        this.nextOid = nextOid;
    }

    /** An independent copy; costs little until tables are changed. */
    public synchronized MemoryCatalogStore fork() {
        tables.values().forEach(rows -> rows.shared = true);
        return new MemoryCatalogStore(new HashMap<>(tables), nextOid);
    }

    public synchronized void setListener(CatalogChangeListener newListener) {
        listener = newListener;
    }

    @Override
    public synchronized List<CatalogRow> find(CatalogIndex index, Object... keyPrefix) {
        Rows rows = tables.get(index.tableOid());
        return rows == null ? List.of() : rows.find(index, Arrays.asList(keyPrefix));
    }

    @Override
    public synchronized List<CatalogRow> scan(CatalogTable table) {
        Rows rows = tables.get(table.oid());
        return rows == null ? List.of() : List.copyOf(rows.byTid.values());
    }

    @Override
    public synchronized void insert(CatalogTable table, Object... values) {
        Invariant.check(values.length == table.columns().size(), "row has %d values, table has %d columns",
                values.length, table.columns().size());
        Rows rows = changeable(table);
        checkUnique(table, rows, values, -1);
        rows.add(new CatalogRow(table, rows.nextTid++, values));
        listener.changed(table, null, values);
    }

    @Override
    public synchronized void update(CatalogRow row, Object[] values) {
        Rows rows = changeable(row.table());
        Invariant.check(rows.byTid.get(row.tid()) != null, "row %s of %s is gone", row.tid(), row.table());
        checkUnique(row.table(), rows, values, row.tid());
        CatalogRow old = rows.remove(row.tid());
        rows.add(new CatalogRow(row.table(), rows.nextTid++, values));
        listener.changed(row.table(), old.values(), values);
    }

    @Override
    public synchronized void delete(CatalogRow row) {
        CatalogRow old = changeable(row.table()).remove(row.tid());
        Invariant.check(old != null, "row %s of %s is gone", row.tid(), row.table());
        listener.changed(row.table(), old.values(), null);
    }

    @Override
    public synchronized int newOid() {
        return nextOid++;
    }

    private Rows changeable(CatalogTable table) {
        Rows rows = tables.get(table.oid());
        if (rows == null || rows.shared) {
            rows = rows == null ? new Rows() : new Rows(rows);
            tables.put(table.oid(), rows);
        }
        return rows;
    }

    private static void checkUnique(CatalogTable table, Rows rows, Object[] values, long exceptTid) {
        for (CatalogIndex index : table.indexes()) {
            if (!index.unique()) {
                continue;
            }
            List<Object> key = Rows.key(index, index.columns().length, values);
            for (CatalogRow other : key.contains(null) ? List.<CatalogRow>of() : rows.find(index, key)) {
                if (other.tid() != exceptTid) {
                    throw UniqueErrors.duplicate(table, index, values);
                }
            }
        }
    }

    /** The rows of one table with hash maps over the index prefixes that were asked for. */
    private static final class Rows {
        private final LinkedHashMap<Long, CatalogRow> byTid = new LinkedHashMap<>();
        private final Map<Prefix, Map<List<Object>, List<CatalogRow>>> maps = new ConcurrentHashMap<>();
        private long nextTid = 1;
        private boolean shared;

        private record Prefix(CatalogIndex index, int length) {
        }

        Rows() {
        }

        Rows(Rows origin) {
            byTid.putAll(origin.byTid);
            nextTid = origin.nextTid;
        }

        static List<Object> key(CatalogIndex index, int length, Object[] values) {
            Object[] key = new Object[length];
            for (int i = 0; i < length; i++) {
                key[i] = values[index.columns()[i]];
            }
            return Arrays.asList(key);
        }

        List<CatalogRow> find(CatalogIndex index, List<Object> key) {
            synchronized (maps) {
                Prefix prefix = new Prefix(index, key.size());
                Map<List<Object>, List<CatalogRow>> map = maps.get(prefix);
                if (map == null) {
                    map = build(prefix, byTid.values());
                    maps.put(prefix, map);
                }
                List<CatalogRow> found = map.get(key);
                return found == null ? List.of() : List.copyOf(found);
            }
        }

        private static Map<List<Object>, List<CatalogRow>> build(Prefix prefix, Collection<CatalogRow> rows) {
            Map<List<Object>, List<CatalogRow>> map = new HashMap<>();
            for (CatalogRow row : rows) {
                map.computeIfAbsent(key(prefix.index, prefix.length, row.values()), k -> new ArrayList<>(1)).add(row);
            }
            if (prefix.length < prefix.index.columns().length) {
                map.values().forEach(list -> list.sort((a, b) -> compare(prefix.index, a.values(), b.values())));
            }
            return map;
        }

        private static int compare(CatalogIndex index, Object[] a, Object[] b) {
            CatalogTable table = CatalogTables.table(index.tableOid());
            for (int column : index.columns()) {
                if (a[column] != null && b[column] != null) {
                    int order = table.columns().get(column).type().ops().compare(a[column], b[column]);
                    if (order != 0) {
                        return order;
                    }
                }
            }
            return 0;
        }

        void add(CatalogRow row) {
            byTid.put(row.tid(), row);
            // A list of several is kept in index order only by rebuilding its map.
            synchronized (maps) {
                maps.entrySet().removeIf(entry -> entry.getKey().length < entry.getKey().index.columns().length);
                maps.forEach((prefix, map) -> map.computeIfAbsent(key(prefix.index, prefix.length, row.values()),
                        k -> new ArrayList<>(1)).add(row));
            }
        }

        CatalogRow remove(long tid) {
            CatalogRow row = byTid.remove(tid);
            if (row != null) {
                synchronized (maps) {
                    maps.forEach((prefix, map) -> map.get(key(prefix.index, prefix.length, row.values())).remove(row));
                }
            }
            return row;
        }
    }
}
