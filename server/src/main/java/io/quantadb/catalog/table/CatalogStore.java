package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import java.util.List;

/**
 * The rows of one database's catalogs (shared ones included) as one transaction sees and changes them: the latest
 * committed state, and its own changes at once.
 *
 * <p>Confined to the transaction's thread, except that implementations for tests may say otherwise. Changes keep all
 * indexes of the table up to date and collect what caches must forget.
 */
public interface CatalogStore {
    /**
     * Rows whose first index columns equal the given values, in index order.
     *
     * @param keyPrefix at least one value, none null: {@code Long} for oids, {@code String} for names
     */
    List<CatalogRow> find(CatalogIndex index, Object... keyPrefix);

    /** All rows, in storage order. */
    List<CatalogRow> scan(CatalogTable table);

    /**
     * Adds a row.
     *
     * @throws io.quantadb.error.SqlException 23505 if a unique index has its key already
     */
    void insert(CatalogTable table, Object... values);

    /**
     * Replaces a row; it must be the newest version. A row changed by a transaction that ran alongside: 40001 (XX000
     * in PostgreSQL).
     */
    void update(CatalogRow row, Object[] values);

    /**
     * As {@link #update}, for changes that any of several transactions running alongside may make.
     *
     * @return false, and nothing was changed, if another one changed the row first; it is committed then
     */
    default boolean tryUpdate(CatalogRow row, Object[] values) {
        update(row, values);
        return true;
    }

    void delete(CatalogRow row);

    /** A fresh object id, not in use in any catalog of this database; at least 16384. */
    int newOid();

    /** As {@link #newOid}, but also no file has it as number: for relations with storage, and for rewrites. */
    default int newFileNumber() {
        return newOid();
    }

    /** The only row with this full key, null if there is none. */
    default CatalogRow findOne(CatalogIndex index, Object... key) {
        List<CatalogRow> rows = find(index, key);
        Invariant.check(rows.size() <= 1, "%s has several rows for one key: %s", index, rows.size());
        return rows.isEmpty() ? null : rows.getFirst();
    }
}
