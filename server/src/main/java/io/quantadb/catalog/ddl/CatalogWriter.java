package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.table.CatalogStore;
import java.util.List;

/**
 * The catalog changes of one transaction, grouped by kind of object. Confined to the transaction's thread.
 *
 * <p>Callers have the locks, have checked privileges, and make or delete the files; a change is visible to {@code
 * reader} as soon as its method returned.
 */
public final class CatalogWriter {
    final CatalogStore store;
    final CatalogReader reader;
    final Dependencies dependencies;
    final ObjectDescriptions descriptions;
    final OwnerDependencies owners;
    private final RelationWriter relations;
    private final IndexWriter indexes;
    private final TypeWriter types;
    private final FunctionWriter functions;
    private final SharedWriter shared;
    private final ObjectWriter objects;
    private final StatisticsWriter statistics;

    /**
     * @param reader over the same store, in a cache that sees this transaction's changes
     * @param storage told of files of dropped relations
     */
    public CatalogWriter(CatalogStore store, CatalogReader reader, StorageChanges storage) {
        this.store = store;
        this.reader = reader;
        dependencies = new Dependencies(store);
        descriptions = new ObjectDescriptions(reader, store);
        owners = new OwnerDependencies(store, reader, descriptions);
        types = new TypeWriter(this);
        relations = new RelationWriter(this);
        indexes = new IndexWriter(this);
        functions = new FunctionWriter(this);
        shared = new SharedWriter(this);
        objects = new ObjectWriter(this, storage);
        statistics = new StatisticsWriter(this);
    }

    public CatalogReader reader() {
        return reader;
    }

    /** Tables, views, sequences and their columns. */
    public RelationWriter relations() {
        return relations;
    }

    /** Indexes and constraints. */
    public IndexWriter indexes() {
        return indexes;
    }

    /** Enums, domains, composites. */
    public TypeWriter types() {
        return types;
    }

    public FunctionWriter functions() {
        return functions;
    }

    /** Schemas, roles, databases. */
    public SharedWriter shared() {
        return shared;
    }

    /** What all kinds of objects have in common: rename, owner, schema, comment, privileges, drop. */
    public ObjectWriter objects() {
        return objects;
    }

    /** Results of ANALYZE for columns; for relations see {@link RelationWriter#setStatistics}. */
    public StatisticsWriter statistics() {
        return statistics;
    }

    public Dependencies dependencies() {
        return dependencies;
    }

    public ObjectDescriptions descriptions() {
        return descriptions;
    }

    public OwnerDependencies owners() {
        return owners;
    }

    /**
     * Drops objects with everything that depends on them.
     *
     * @param notices null to say nothing about cascaded drops
     * @throws io.quantadb.error.SqlException 2BP01
     */
    public void drop(List<ObjectAddress> targets, boolean cascade, Notices notices) {
        for (ObjectAddress object : new DependencyDrop(dependencies, descriptions, targets).plan(cascade, notices)) {
            objects.remove(object);
        }
    }
}
