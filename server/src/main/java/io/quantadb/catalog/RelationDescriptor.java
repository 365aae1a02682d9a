package io.quantadb.catalog;

import io.quantadb.base.RelationId;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * One relation: its row of {@code pg_class} with columns, indexes and constraints. Immutable; a change of the catalog
 * makes a new object, so identity of two descriptors of one oid means nothing changed between.
 *
 * @param schemaName name of its schema at load time
 * @param storage its file; null for kinds without storage
 * @param rowTypeOid {@code reltype}, 0 for indexes, sequences have one
 * @param ofTypeOid {@code reloftype}
 * @param columns all columns including dropped ones; the column with attnum n is at n-1
 * @param indexes all indexes of the table, primary key first, then by name
 * @param constraints check, foreign key (referencing side), unique, primary key; by name
 * @param referencedBy foreign keys of other tables (and its own) that point here
 * @param toastOid TOAST relation, 0 if none
 * @param persistence p permanent, u unlogged, t temporary
 * @param acl privileges as aclitem texts, null means the owner's defaults
 * @param options {@code reloptions} texts like {@code fillfactor=70}, null if none
 * @param viewDefinition SQL text of a view or materialized view, without trailing semicolon; null otherwise
 * @param pages {@code relpages} and
 * @param tuples {@code reltuples} (-1: never counted) as of the last VACUUM or ANALYZE; {@code allVisiblePages}
 * likewise
 * @param parents oids this relation inherits from, in order
 * @param hasSubclass whether it has, or once had, children
 */
public record RelationDescriptor(int oid, String schemaName, int schemaOid, String name, RelationKind kind,
        RelationId storage, int rowTypeOid, int ofTypeOid, int accessMethod, int tablespaceOid,
        List<ColumnDescriptor> columns, List<IndexDescriptor> indexes, List<ConstraintDescriptor> constraints,
        List<ConstraintDescriptor> referencedBy, int toastOid, int ownerOid, List<String> acl, char persistence,
        boolean shared, char replicaIdentity, boolean hasRules, boolean hasTriggers, boolean rowSecurity,
        boolean forceRowSecurity, boolean hasSubclass, boolean populated, boolean isPartition, List<Integer> parents,
        List<String> options, String viewDefinition, int pages, double tuples, int allVisiblePages,
        RelationHandle handle) {

    /** The column called {@code name}, null if there is none; dropped columns are not found. */
    public ColumnDescriptor column(String columnName) {
        for (ColumnDescriptor column : columns) {
            if (!column.dropped() && column.name().equals(columnName)) {
                return column;
            }
        }
        return null;
    }

    public ColumnDescriptor column(int attnum) {
        return columns.get(attnum - 1);
    }

    /** Columns a user sees, in order. */
    public List<ColumnDescriptor> liveColumns() {
        for (ColumnDescriptor column : columns) {
            if (column.dropped()) {
                return columns.stream().filter(c -> !c.dropped()).toList();
            }
        }
        return columns;
    }

    /** Types of all columns including dropped ones: the row format on disk. */
    public PgType[] columnTypes() {
        return columns.stream().map(ColumnDescriptor::type).toArray(PgType[]::new);
    }

    public IndexDescriptor primaryKey() {
        for (IndexDescriptor index : indexes) {
            if (index.primary()) {
                return index;
            }
        }
        return null;
    }

    public IndexDescriptor index(int indexOid) {
        for (IndexDescriptor index : indexes) {
            if (index.oid() == indexOid) {
                return index;
            }
        }
        return null;
    }

    public ConstraintDescriptor constraint(String constraintName) {
        for (ConstraintDescriptor constraint : constraints) {
            if (constraint.name().equals(constraintName)) {
                return constraint;
            }
        }
        return null;
    }

    /** Value of a storage parameter, null if not set. */
    public String option(String key) {
        if (options != null) {
            for (String option : options) {
                if (option.startsWith(key) && option.length() > key.length() && option.charAt(key.length()) == '=') {
                    return option.substring(key.length() + 1);
                }
            }
        }
        return null;
    }

    /** Percent of a page inserts may fill; PostgreSQL's default for heaps is 100. */
    public int fillFactor() {
        String value = option("fillfactor");
        return value == null ? 100 : Integer.parseInt(value);
    }

    public boolean isTemporary() {
        return persistence == 't';
    }

    public boolean isSystem() {
        return CatalogIds.isPinned(oid);
    }
}
