package io.quantadb.catalog.cache;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.bootstrap.BootstrapRows;
import io.quantadb.catalog.table.MemoryCatalogStore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A whole catalog of one database in memory, with the built-in objects; not transactional, nothing durable. For tests
 * of the packages above, and for answering questions about built-in objects before a database is open.
 *
 * <p>Thread-safe; each thread takes its own {@link #reader}.
 */
public final class MemoryCatalog {
    private final MemoryCatalogStore store = BootstrapRows.newStore();
    private final CacheHolder holder = new CacheHolder(new DescriptorCache(new AtomicLong()));

    public MemoryCatalog() {
        store.setListener((table, before, after) -> Invalidations
                .of(table, CatalogIds.DATABASE_QUANTADB, before, after).forEach(holder.cache::apply));
    }

    /** For the DDL primitives. */
    public MemoryCatalogStore store() {
        return store;
    }

    public CatalogReader reader() {
        return reader(SearchPath.DEFAULT);
    }

    public CatalogReader reader(SearchPath searchPath) {
        return new CachedCatalogReader(CatalogIds.DATABASE_QUANTADB, store, holder, searchPath);
    }
}
