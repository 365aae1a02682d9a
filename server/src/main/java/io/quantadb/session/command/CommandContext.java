package io.quantadb.session.command;

import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.catalog.ddl.CatalogWriter;
import io.quantadb.catalog.ddl.Notices;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.ClientWriter;
import io.quantadb.session.Session;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.wal.writer.WalInserter;
import java.util.List;

/**
 * Surroundings of one running command: its session, text and catalogs, and what all commands do with names, locks, privileges and
 * files. Confined to the session's thread.
 */
final class CommandContext {
    final Session session;
    final CommandServices services;
    final SessionState state;
    final String sql;
    final Object[] parameters;
    final ClientWriter out;
    private CatalogWriter writer;

    CommandContext(Session session, CommandServices services, SessionState state, String sql, Object[] parameters,
            ClientWriter out) {
        this.session = session;
        this.services = services;
        this.state = state;
        this.sql = sql;
        this.parameters = parameters;
        this.out = out;
    }

    /** For work outside of a command: cascades, sequences. */
    static CommandContext internal(Session session, CommandServices services, SessionState state) {
        return new CommandContext(session, services, state, "", new Object[0], session.out());
    }

    CatalogReader catalog() {
        return session.catalog();
    }

    CatalogWriter writer() {
        if (writer == null) {
            writer = new CatalogWriter(transactionCatalog().store(), session.catalog(),
                    storage -> transaction().dropFilesAtCommit(storage));
        }
        return writer;
    }

    /** After the search path or role changed: readers are made anew. */
    void forgetReaders() {
        session.forgetCatalog();
        writer = null;
    }

    TransactionCatalog transactionCatalog() {
        return session.sessionCatalog().transactionCatalog();
    }

    BufferPool pool() {
        return session.services().pool();
    }

    WalInserter wal() {
        return session.services().wal();
    }

    Transaction transaction() {
        return session.transaction();
    }

    AnalyzerContext analyzer() {
        return AnalyzerContext.of(catalog(), session.text(), roleOid());
    }

    // ---- Errors and notices

    SqlException error(SqlState errorState, String message, int position) {
        return new SqlException(errorState, message).atOffset(sql, position);
    }

    void notice(SqlState noticeState, String message) {
        session.notice(new SqlException(noticeState, message).withSeverity(Severity.NOTICE));
    }

    void notice(String message) {
        notice(SqlState.SUCCESSFUL_COMPLETION, message);
    }

    void warning(SqlState noticeState, String message) {
        session.notice(new SqlException(noticeState, message).withSeverity(Severity.WARNING));
    }

    Notices notices() {
        return (message, detail) -> session.notice(new SqlException(SqlState.SUCCESSFUL_COMPLETION, message)
                .withSeverity(Severity.NOTICE).withDetail(detail));
    }

    // ---- Roles

    RoleDescriptor role() {
        return requireRole(session.functions().currentUser());
    }

    int roleOid() {
        return role().oid();
    }

    RoleDescriptor requireRole(String name) {
        RoleDescriptor role = catalog().role(name);
        if (role == null) {
            throw CatalogErrors.noRole(name);
        }
        return role;
    }

    RoleDescriptor resolve(Role role) {
        return switch (role.kind()) {
            case NAMED -> requireRole(role.name());
            case CURRENT_ROLE, CURRENT_USER -> role();
            case SESSION_USER -> requireRole(session.functions().sessionUser());
            case PUBLIC -> throw CatalogErrors.noRole("public");
        };
    }

    boolean isSuperuser() {
        return role().superuser();
    }

    /** Whether the current role is the owner, a member of it, or a superuser. */
    boolean owns(int ownerOid) {
        RoleDescriptor role = role();
        return role.superuser() || catalog().inheritedRoles(role.oid()).contains(ownerOid);
    }

    void requireOwner(RelationDescriptor relation) {
        if (relation.isSystem() && relation.schemaOid() != CatalogIds.PUBLIC_SCHEMA
                && relation.schemaOid() == CatalogIds.PG_CATALOG) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: \"" + relation.name() + "\" is a system catalog");
        }
        if (!owns(relation.ownerOid())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "must be owner of " + relation.kind().noun() + " " + relation.name());
        }
    }

    void requireOwner(int ownerOid, String what) {
        if (!owns(ownerOid)) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of " + what);
        }
    }

    void requireRelation(RelationDescriptor relation, Privilege privilege) {
        if (Privileges.onRelation(catalog(), roleOid(), relation, privilege.bit()) == 0) {
            throw denied(relation.kind().noun(), relation.name());
        }
    }

    static SqlException denied(String kind, String name) {
        return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + kind + " " + name);
    }

    /** The new owner must be someone the current role may act as. */
    RoleDescriptor requireNewOwner(Role role) {
        RoleDescriptor owner = resolve(role);
        if (!isSuperuser() && !catalog().isMemberOf(roleOid(), owner.oid())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be member of role \"" + owner.name() + "\"");
        }
        return owner;
    }

    // ---- Schemas and names

    SchemaDescriptor requireSchema(String name) {
        SchemaDescriptor schema = catalog().schema(name);
        if (schema == null) {
            throw CatalogErrors.noSchema(name);
        }
        return schema;
    }

    /** Where CREATE puts an object with this name; checks the right to create there. */
    SchemaDescriptor creationSchema(QualifiedName name) {
        return creationSchema(name, false);
    }

    SchemaDescriptor creationSchema(QualifiedName name, boolean temporary) {
        checkDatabase(name);
        if (temporary) {
            if (name.schema() != null && !name.schema().equals("pg_temp")
                    && !(catalog().schema(name.schema()) != null && catalog().schema(name.schema()).isTemporary())) {
                throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
                        "cannot create temporary relation in non-temporary schema");
            }
            return TemporaryObjects.schema(this);
        }
        if (name.schema() == null) {
            SchemaDescriptor schema = catalog().creationSchema();
            if (schema == null) {
                throw error(SqlState.INVALID_SCHEMA_NAME, "no schema has been selected to create in", name.position());
            }
            return requireCreate(schema);
        }
        if (name.schema().equals("pg_temp")) {
            return TemporaryObjects.schema(this);
        }
        SchemaDescriptor schema = catalog().schema(name.schema());
        if (schema == null) {
            throw error(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name.schema() + "\" does not exist", name.position());
        }
        return requireCreate(schema);
    }

    private SchemaDescriptor requireCreate(SchemaDescriptor schema) {
        if (schema.oid() == CatalogIds.PG_CATALOG) {
            throw denied("schema", schema.name());
        }
        if (Privileges.onSchema(catalog(), roleOid(), schema, Privilege.CREATE.bit()) == 0) {
            throw denied("schema", schema.name());
        }
        return schema;
    }

    private void checkDatabase(QualifiedName name) {
        if (name.catalog() != null && !name.catalog().equals(catalog().databaseName())) {
            throw error(SqlState.FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: \""
                    + name.catalog() + "." + name.schema() + "." + name.name() + "\"", name.position());
        }
    }

    static String text(QualifiedName name) {
        return (name.schema() == null ? "" : name.schema() + ".") + name.name();
    }

    // ---- Relations and locks

    /**
     * Finds a relation by name and locks it.
     *
     * @return null if there is none
     */
    RelationDescriptor findAndLock(QualifiedName name, LockMode mode) {
        return findAndLock(name, mode, WaitPolicy.BLOCK);
    }

    RelationDescriptor findAndLock(QualifiedName name, LockMode mode, WaitPolicy policy) {
        checkDatabase(name);
        RelationDescriptor found = lookup(name);
        while (found != null) {
            if (!lock(found.oid(), found.shared(), mode, policy)) {
                throw new SqlException(SqlState.LOCK_NOT_AVAILABLE,
                        "could not obtain lock on relation \"" + found.name() + "\"");
            }
            RelationDescriptor now = lookup(name);
            if (now != null && now.oid() == found.oid()) {
                return now;
            }
            found = now;
        }
        return null;
    }

    RelationDescriptor lookup(QualifiedName name) {
        if (name.schema() != null && !name.schema().equals("pg_temp")) {
            SchemaDescriptor schema = catalog().schema(name.schema());
            if (schema != null && Privileges.onSchema(catalog(), roleOid(), schema, Privilege.USAGE.bit()) == 0) {
                throw denied("schema", schema.name());
            }
        }
        return catalog().relation(name.schema(), name.name());
    }

    /** 42P01 if there is no such relation. */
    RelationDescriptor requireAndLock(QualifiedName name, LockMode mode) {
        RelationDescriptor relation = findAndLock(name, mode);
        if (relation == null) {
            throw noRelation(name);
        }
        return relation;
    }

    SqlException noRelation(QualifiedName name) {
        if (name.schema() != null && catalog().schema(name.schema()) == null) {
            return error(SqlState.UNDEFINED_TABLE, "relation \"" + text(name) + "\" does not exist", -1);
        }
        return error(SqlState.UNDEFINED_TABLE, "relation \"" + text(name) + "\" does not exist", -1);
    }

    boolean lock(int relationOid, boolean shared, LockMode mode, WaitPolicy policy) {
        var locks = session.services().transactions().locks();
        return locks.lockRelation(session.txn().lockOwner(),
                locks.relation(shared ? 0 : catalog().databaseOid(), relationOid), mode, policy);
    }

    void lock(RelationDescriptor relation, LockMode mode) {
        lock(relation.oid(), relation.shared(), mode, WaitPolicy.BLOCK);
    }

    /** The descriptor as it is after changes of this command. */
    RelationDescriptor reload(RelationDescriptor relation) {
        return catalog().relation(relation.oid());
    }

    RelationDescriptor requireTable(RelationDescriptor relation) {
        if (relation.kind() != RelationKind.TABLE && relation.kind() != RelationKind.PARTITIONED_TABLE) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table");
        }
        return relation;
    }

    // ---- Types

    Analyzer.ResolvedType resolveType(TypeName name) {
        return Analyzer.resolveType(name, sql, analyzer());
    }

    // ---- Files

    /** Makes an empty file that goes away if the (sub)transaction aborts. */
    void createFile(RelationId relation) {
        Transaction transaction = transaction();
        transaction.topXid();
        services.storage().create(relation, transaction.xid(), transaction.pendingStorage(), transaction.storageLevel());
    }

    /** Makes the files of a relation just added to the catalog, its TOAST relation's included. */
    void createFiles(int relationOid) {
        RelationDescriptor relation = catalog().relation(relationOid);
        if (relation.storage() != null) {
            createFile(relation.storage());
        }
        if (relation.toastOid() != 0) {
            createFile(catalog().relation(relation.toastOid()).storage());
        }
    }

    int newFileNumber() {
        return transactionCatalog().store().newFileNumber();
    }

    void drop(ObjectAddress object, boolean cascade) {
        writer().drop(List.of(object), cascade, notices());
    }

    void checkInterrupts() {
        session.functions().checkInterrupts();
    }
}
