package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgShdepend;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of {@code pg_shdepend}: who owns an object, and which roles its privileges name; so that a role in use is not
 * dropped. Built-in roles are pinned.
 */
public final class OwnerDependencies {
    private static final char OWNER = 'o';
    private static final char ACL = 'a';
    private static final CatalogIndex DEPENDER = CatalogTables.index("pg_shdepend_depender_index");
    private static final CatalogIndex REFERENCE = CatalogTables.index("pg_shdepend_reference_index");

    private final CatalogStore store;
    private final CatalogReader reader;
    private final ObjectDescriptions descriptions;

    OwnerDependencies(CatalogStore store, CatalogReader reader, ObjectDescriptions descriptions) {
        this.store = store;
        this.reader = reader;
        this.descriptions = descriptions;
    }

    private static boolean isShared(int classOid) {
        CatalogTable table = CatalogTables.find(classOid);
        return table != null && table.shared();
    }

    private long databaseOf(ObjectAddress object) {
        return isShared(object.classOid()) ? 0 : reader.databaseOid();
    }

    public void recordOwner(ObjectAddress object, int roleOid) {
        record(object, roleOid, OWNER);
    }

    private void record(ObjectAddress object, int roleOid, char type) {
        if (CatalogIds.isPinned(roleOid)) {
            return;
        }
        RowBuilder.insert(PgShdepend.TABLE).set(PgShdepend.DBID, databaseOf(object))
                .set(PgShdepend.CLASSID, object.classOid()).set(PgShdepend.OBJID, object.objectOid())
                .set(PgShdepend.OBJSUBID, object.subId()).set(PgShdepend.REFCLASSID, PgAuthid.TABLE)
                .set(PgShdepend.REFOBJID, roleOid).setChar(PgShdepend.DEPTYPE, type).write(store);
    }

    private List<CatalogRow> rows(ObjectAddress object) {
        return store.find(DEPENDER, databaseOf(object), (long) object.classOid(), (long) object.objectOid());
    }

    public void changeOwner(ObjectAddress object, int newRoleOid) {
        for (CatalogRow row : rows(object)) {
            if (row.character(PgShdepend.DEPTYPE) == OWNER) {
                store.delete(row);
            }
        }
        recordOwner(object, newRoleOid);
    }

    /** Replaces the roles that an object's (or column's) privileges name. */
    public void changeAcl(ObjectAddress object, Collection<Integer> roles) {
        for (CatalogRow row : rows(object)) {
            if (row.character(PgShdepend.DEPTYPE) == ACL && row.integer(PgShdepend.OBJSUBID) == object.subId()) {
                store.delete(row);
            }
        }
        roles.forEach(role -> record(object, role, ACL));
    }

    public void forget(ObjectAddress object) {
        rows(object).stream().filter(row -> object.subId() == 0
                || row.integer(PgShdepend.OBJSUBID) == object.subId()).forEach(store::delete);
    }

    /** Objects of this database (and shared ones) that a role owns. */
    public List<ObjectAddress> ownedBy(int roleOid) {
        return store.find(REFERENCE, (long) PgAuthid.TABLE, (long) roleOid).stream()
                .filter(row -> row.character(PgShdepend.DEPTYPE) == OWNER
                        && (row.integer(PgShdepend.DBID) == 0 || row.integer(PgShdepend.DBID) == reader.databaseOid()))
                .map(row -> new ObjectAddress(row.integer(PgShdepend.CLASSID), row.integer(PgShdepend.OBJID),
                        row.integer(PgShdepend.OBJSUBID)))
                .toList();
    }

    /** @throws SqlException 2BP01 if anything in any database still needs the role */
    public void checkRoleUnused(int roleOid, String roleName) {
        List<CatalogRow> rows = store.find(REFERENCE, (long) PgAuthid.TABLE, (long) roleOid);
        if (rows.isEmpty()) {
            return;
        }
        StringBuilder detail = new StringBuilder();
        Map<Integer, Integer> elsewhere = new TreeMap<>();
        for (CatalogRow row : rows) {
            int database = row.integer(PgShdepend.DBID);
            ObjectAddress object = new ObjectAddress(row.integer(PgShdepend.CLASSID), row.integer(PgShdepend.OBJID),
                    row.integer(PgShdepend.OBJSUBID));
            if (database != 0 && database != reader.databaseOid()) {
                elsewhere.merge(database, 1, Integer::sum);
                continue;
            }
            String relation = row.character(PgShdepend.DEPTYPE) == OWNER ? "owner of " : "privileges for ";
            detail.append(detail.isEmpty() ? "" : "\n").append(relation).append(descriptions.describe(object));
        }
        elsewhere.forEach((database, count) -> detail.append(detail.isEmpty() ? "" : "\n").append(count)
                .append(count == 1 ? " object in database " : " objects in database ")
                .append(reader.database(database) == null ? database : reader.database(database).name()));
        throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "role \"" + roleName + "\" cannot be dropped because some objects depend on it")
                .withDetail(detail.toString());
    }
}
