package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.PermissionRequest;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryWalker;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.RelationLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a statement does to one table: the lock it takes and the privileges it needs before it runs. Immutable.
 *
 * @param lock strongest mode the statement needs; null for relations that are only named in {@code request} (views)
 * @param request null if the table is only locked
 */
record TableAccess(int relationOid, LockMode lock, PermissionRequest request) {
    /** All of a query, its subqueries and WITH queries included. */
    static List<TableAccess> of(Query query) {
        Map<Integer, LockMode> locks = new HashMap<>();
        List<TableAccess> all = new ArrayList<>();
        QueryWalker.forEachQuery(query, part -> {
            for (RangeTableEntry entry : part.rangeTable()) {
                if (entry instanceof RangeTableEntry.Relation relation) {
                    LockMode mode = LockMode.values()[relation.lockMode().ordinal()];
                    locks.merge(relation.relationOid(), mode, (a, b) -> a.compareTo(b) >= 0 ? a : b);
                }
            }
            for (PermissionRequest request : part.permissions()) {
                all.add(new TableAccess(request.relationOid(), null, request));
            }
        });
        locks.forEach((oid, mode) -> all.add(new TableAccess(oid, mode, null)));
        return List.copyOf(all);
    }

    /** Takes the lock until the end of the transaction. */
    void acquire(Session session, CatalogReader catalog) {
        if (lock == null) {
            return;
        }
        RelationDescriptor relation = catalog.relation(relationOid);
        LockManager locks = session.services().transactions().locks();
        locks.lockRelation(session.txn().lockOwner(), lockOf(session, relation, relationOid), lock, session.waitPolicy());
    }

    /** The lock object of a relation, kept at its handle. */
    static RelationLock lockOf(Session session, RelationDescriptor relation, int relationOid) {
        if (relation != null && relation.handle().lock instanceof RelationLock known) {
            return known;
        }
        int database = relation != null && relation.shared() ? 0 : session.identity().databaseOid();
        RelationLock found = session.services().transactions().locks().relation(database, relationOid);
        if (relation != null) {
            relation.handle().lock = found;
        }
        return found;
    }

    /** Throws 42501 if the current role may not do this. */
    void check(Session session, CatalogReader catalog) {
        if (request == null) {
            return;
        }
        RelationDescriptor relation = catalog.relation(relationOid);
        int role = request.checkAsRole() != 0 ? request.checkAsRole() : session.roleOid();
        if (relation == null || role == relation.ownerOid()) {
            return;
        }
        boolean allowed = allows(catalog, role, relation, request.select(), Privilege.SELECT, request.selectedColumns())
            && allows(catalog, role, relation, request.insert(), Privilege.INSERT, request.insertedColumns())
            && allows(catalog, role, relation, request.update(), Privilege.UPDATE, request.updatedColumns())
            && (!request.delete() || Privileges.onRelation(catalog, role, relation, Privilege.DELETE.bit()) != 0);
        if (!allowed) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + kindName(relation.kind()) + " " + relation.name());
        }
    }

    static String kindName(RelationKind kind) {
        return switch (kind) {
            case VIEW -> "view";
            case MATERIALIZED_VIEW -> "materialized view";
            case SEQUENCE -> "sequence";
            case INDEX, PARTITIONED_INDEX -> "index";
            case FOREIGN_TABLE -> "foreign table";
            default -> "table";
        };
    }

    private static boolean allows(CatalogReader catalog, int role, RelationDescriptor relation, boolean needed, Privilege privilege,
        Set<Integer> columns) {
        if (!needed || Privileges.onRelation(catalog, role, relation, privilege.bit()) != 0) {
            return true;
        }
        if (columns.contains(0)) {
            return relation.liveColumns().stream().allMatch(c -> Privileges.onColumn(catalog, role, relation, c.attnum(), privilege.bit()) != 0);
        }
        if (columns.isEmpty()) {
            return relation.liveColumns().stream().anyMatch(c -> Privileges.onColumn(catalog, role, relation, c.attnum(), privilege.bit()) != 0);
        }
        return columns.stream().allMatch(attnum -> Privileges.onColumn(catalog, role, relation, attnum, privilege.bit()) != 0);
    }
}
