package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgDepend;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Rows of {@code pg_depend}. Built-in objects are pinned: nothing records that it depends on them.
 *
 * <p>Source: PostgreSQL 15 documentation, "pg_depend".
 */
public final class Dependencies {
    /** Dropping the referenced object needs CASCADE. */
    public static final char NORMAL = 'n';
    /** Dropped silently with the referenced object. */
    public static final char AUTO = 'a';
    /** Part of the referenced object: can be dropped only with it. */
    public static final char INTERNAL = 'i';

    private static final CatalogIndex DEPENDER = CatalogTables.index("pg_depend_depender_index");
    private static final CatalogIndex REFERENCE = CatalogTables.index("pg_depend_reference_index");

    /** One row: {@code object} depends on {@code referenced}. */
    public record Dependency(ObjectAddress object, ObjectAddress referenced, char type) {
    }

    private final CatalogStore store;

    public Dependencies(CatalogStore store) {
        this.store = store;
    }

    public void record(ObjectAddress object, ObjectAddress referenced, char type) {
        if (referenced.objectOid() == 0 || CatalogIds.isPinned(referenced.objectOid())
                || object.equals(referenced)) {
            return;
        }
        RowBuilder.insert(PgDepend.TABLE).set(PgDepend.CLASSID, object.classOid())
                .set(PgDepend.OBJID, object.objectOid()).set(PgDepend.OBJSUBID, object.subId())
                .set(PgDepend.REFCLASSID, referenced.classOid()).set(PgDepend.REFOBJID, referenced.objectOid())
                .set(PgDepend.REFOBJSUBID, referenced.subId()).setChar(PgDepend.DEPTYPE, type).write(store);
    }

    /** As {@link #record}, each referenced object once. */
    public void recordAll(ObjectAddress object, Collection<ObjectAddress> referenced, char type) {
        for (ObjectAddress reference : new LinkedHashSet<>(referenced)) {
            record(object, reference, type);
        }
    }

    /** What an object depends on; for subId 0 what the object and its columns depend on. */
    public List<Dependency> of(ObjectAddress object) {
        return rows(DEPENDER, object).stream().map(Dependencies::dependency).toList();
    }

    /** What depends on an object; for subId 0 on the object or any of its columns. */
    public List<Dependency> on(ObjectAddress referenced) {
        return rows(REFERENCE, referenced).stream().map(Dependencies::dependency).toList();
    }

    private List<CatalogRow> rows(CatalogIndex index, ObjectAddress address) {
        return address.subId() == 0 ? store.find(index, (long) address.classOid(), (long) address.objectOid())
                : store.find(index, (long) address.classOid(), (long) address.objectOid(), (long) address.subId());
    }

    private static Dependency dependency(CatalogRow row) {
        return new Dependency(
                new ObjectAddress(row.integer(PgDepend.CLASSID), row.integer(PgDepend.OBJID),
                        row.integer(PgDepend.OBJSUBID)),
                new ObjectAddress(row.integer(PgDepend.REFCLASSID), row.integer(PgDepend.REFOBJID),
                        row.integer(PgDepend.REFOBJSUBID)),
                row.character(PgDepend.DEPTYPE));
    }

    /** Forgets what an object (and with subId 0 its columns) depends on. */
    public void deleteOf(ObjectAddress object) {
        rows(DEPENDER, object).forEach(store::delete);
    }

    /** Forgets dependencies of an object on objects of one catalog; all types if {@code type} is 0. */
    public void deleteOf(ObjectAddress object, int referencedClass, char type) {
        for (CatalogRow row : rows(DEPENDER, object)) {
            if (row.integer(PgDepend.REFCLASSID) == referencedClass
                    && row.integer(PgDepend.OBJSUBID) == object.subId()
                    && (type == 0 || row.character(PgDepend.DEPTYPE) == type)) {
                store.delete(row);
            }
        }
    }

    /** Replaces one referenced object, as SET SCHEMA and OWNED BY do. */
    public void change(ObjectAddress object, ObjectAddress oldReference, ObjectAddress newReference, char type) {
        for (CatalogRow row : rows(DEPENDER, object)) {
            if (dependency(row).referenced().equals(oldReference) && row.character(PgDepend.DEPTYPE) == type) {
                store.delete(row);
            }
        }
        record(object, newReference, type);
    }
}
