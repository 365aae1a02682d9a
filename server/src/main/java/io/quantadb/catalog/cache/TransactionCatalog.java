package io.quantadb.catalog.cache;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.txn.Transaction;
import java.util.HashSet;
import java.util.Set;

/**
 * One transaction's view of its database's catalogs. Confined to the transaction's thread.
 *
 * <p>Its first change of a catalog gives it a cache of its own; at commit, when the new rows have become visible and
 * before its locks are released, the other caches forget what it changed. The same messages go into the commit record
 * for the replicas.
 */
public final class TransactionCatalog {
    private final CatalogCaches caches;
    private final CatalogCaches.Database database;
    private final int databaseOid;
    private final Transaction transaction;
    private final CacheHolder holder;
    private final HeapCatalogStore store;
    private final Set<Invalidation> recorded = new HashSet<>();

    public TransactionCatalog(CatalogCaches caches, int databaseOid, Transaction transaction) {
        this.caches = caches;
        this.databaseOid = databaseOid;
        this.transaction = transaction;
        database = caches.database(databaseOid);
        holder = new CacheHolder(database.cache());
        store = new HeapCatalogStore(database.files(), transaction, caches.latestLsn(), caches.oids(), this::changed);
    }

    public CatalogStore store() {
        return store;
    }

    public CatalogReader reader(SearchPath searchPath) {
        return new CachedCatalogReader(databaseOid, store, holder, searchPath);
    }

    /** Whether this transaction has changed catalogs, so that plans of others do not fit. */
    public boolean hasChanges() {
        return holder.cache != database.cache();
    }

    private void changed(CatalogTable table, Object[] before, Object[] after) {
        Set<Invalidation> messages = Invalidations.of(table, databaseOid, before, after);
        if (messages.isEmpty()) {
            return;
        }
        if (!hasChanges()) {
            holder.cache = database.cache().newPrivate();
        }
        for (Invalidation message : messages) {
            holder.cache.apply(message);
            if (recorded.add(message)) {
                transaction.addInvalidation(message.encode());
                transaction.onCommit(() -> caches.apply(message));
                transaction.onAbort(this::rolledBack);
            }
        }
    }

    /** What was cached since may show changes that are undone; what was recorded since is forgotten with them. */
    private void rolledBack() {
        recorded.clear();
        holder.cache.clearOwn();
    }
}
