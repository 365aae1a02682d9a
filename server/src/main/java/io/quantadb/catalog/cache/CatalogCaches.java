package io.quantadb.catalog.cache;

import io.quantadb.catalog.table.CatalogFiles;
import io.quantadb.catalog.table.OidAllocator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * The catalogs of all databases of one server: files, caches, oid counter, and where invalidations arrive. Safe for
 * use by many threads.
 */
public final class CatalogCaches {
    private final IntFunction<CatalogFiles> opener;
    private final LongSupplier latestLsn;
    private final OidAllocator oids;
    private final AtomicLong version = new AtomicLong();
    private final Map<Integer, Database> databases = new ConcurrentHashMap<>();

    record Database(CatalogFiles files, DescriptorCache cache) {
    }

    /**
     * @param opener opens a database's catalogs by its oid
     * @param latestLsn end of the WAL: inserted on a primary, replayed on a replica
     */
    public CatalogCaches(IntFunction<CatalogFiles> opener, LongSupplier latestLsn, OidAllocator oids) {
        this.opener = opener;
        this.latestLsn = latestLsn;
        this.oids = oids;
    }

    Database database(int oid) {
        Database database = databases.get(oid);
        return database != null ? database
                : databases.computeIfAbsent(oid, o -> new Database(opener.apply(o), new DescriptorCache(version)));
    }

    LongSupplier latestLsn() {
        return latestLsn;
    }

    public OidAllocator oids() {
        return oids;
    }

    /** Counts committed catalog changes: plans made under another version are to be checked. */
    public long version() {
        return version.get();
    }

    /** Forgets a dropped database. */
    public void forget(int databaseOid) {
        databases.remove(databaseOid);
    }

    /** Open files are to be opened again: this node became a primary. */
    public void reopenFiles() {
        databases.values().forEach(database -> database.files().reopen());
    }

    void apply(Invalidation message) {
        if (message.databaseOid() == 0) {
            databases.values().forEach(database -> database.cache().apply(message));
            return;
        }
        Database database = databases.get(message.databaseOid());
        if (database != null) {
            database.cache().apply(message);
        }
    }

    /** What a replica does with the messages of a commit record it has replayed. */
    public void applyReplayed(List<byte[]> messages) {
        messages.forEach(message -> apply(Invalidation.decode(message)));
    }
}
