package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAuthMembers;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgDbRoleSetting;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.List;

/** Creates and changes schemas, roles, databases, and their settings. */
public final class SharedWriter {
    private static final CatalogIndex ROLE_OID = CatalogTables.index("pg_authid_oid_index");
    private static final CatalogIndex DATABASE_OID = CatalogTables.index("pg_database_oid_index");
    private static final CatalogIndex MEMBERS = CatalogTables.index("pg_auth_members_role_member_index");
    private static final CatalogIndex SETTINGS = CatalogTables.index("pg_db_role_setting_databaseid_rol_index");

    private final CatalogWriter writer;

    SharedWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    /** CREATE SCHEMA; names that begin with pg_ only for {@code system}, which is how temporary schemas are made. */
    public int createSchema(String name, int ownerOid, boolean system) {
        if (!system && name.startsWith("pg_")) {
            throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
                    .withDetail("The prefix \"pg_\" is reserved for system schemas.");
        }
        if (writer.reader.schema(name) != null) {
            throw CatalogErrors.schemaExists(name);
        }
        int oid = writer.store.newOid();
        RowBuilder.insert(PgNamespace.TABLE).set(PgNamespace.OID, oid).set(PgNamespace.NSPNAME, name)
                .set(PgNamespace.NSPOWNER, ownerOid).write(writer.store);
        writer.owners.recordOwner(ObjectAddress.schema(oid), ownerOid);
        return oid;
    }

    /** CREATE ROLE; {@code role.oid} is ignored. */
    public int createRole(RoleDescriptor role) {
        if (role.name().startsWith("pg_")) {
            throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + role.name() + "\" is reserved")
                    .withDetail("Role names starting with \"pg_\" are reserved.");
        }
        if (writer.reader.role(role.name()) != null) {
            throw CatalogErrors.roleExists(role.name());
        }
        int oid = writer.store.newOid();
        fill(RowBuilder.insert(PgAuthid.TABLE).set(PgAuthid.OID, oid), role).write(writer.store);
        return oid;
    }

    /**
     * ALTER ROLE with all attributes; also renames it, except in privileges, see {@link
     * ObjectWriter#renameInPrivileges}.
     */
    public void alterRole(RoleDescriptor role) {
        fill(RowBuilder.update(writer.store.findOne(ROLE_OID, (long) role.oid())), role).write(writer.store);
    }

    private static RowBuilder fill(RowBuilder row, RoleDescriptor role) {
        return row.set(PgAuthid.ROLNAME, role.name()).set(PgAuthid.ROLSUPER, role.superuser())
                .set(PgAuthid.ROLINHERIT, role.inherit()).set(PgAuthid.ROLCREATEROLE, role.createRole())
                .set(PgAuthid.ROLCREATEDB, role.createDatabase()).set(PgAuthid.ROLCANLOGIN, role.canLogin())
                .set(PgAuthid.ROLREPLICATION, role.replication()).set(PgAuthid.ROLBYPASSRLS, role.bypassRls())
                .set(PgAuthid.ROLCONNLIMIT, role.connectionLimit()).set(PgAuthid.ROLPASSWORD, role.password())
                .setObject(PgAuthid.ROLVALIDUNTIL, role.validUntil());
    }

    /** DROP ROLE; 2BP01 if anything depends on it. */
    public void dropRole(int oid) {
        RoleDescriptor role = writer.reader.role(oid);
        writer.owners.checkRoleUnused(oid, role.name());
        for (CatalogRow row : writer.store.scan(CatalogTables.table(PgAuthMembers.TABLE))) {
            if (row.integer(PgAuthMembers.ROLEID) == oid || row.integer(PgAuthMembers.MEMBER) == oid) {
                writer.store.delete(row);
            }
        }
        removeSettings(0, oid, false);
        writer.objects().removeSharedComment(PgAuthid.TABLE, oid);
        writer.store.delete(writer.store.findOne(ROLE_OID, (long) oid));
    }

    /** GRANT group TO member; 0LP01 if that makes a circle. */
    public void addMember(int group, int member, int grantor, boolean adminOption) {
        if (group == member || writer.reader.inheritedRoles(group).contains(member)) {
            throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "role \"" + writer.reader.role(group).name()
                    + "\" is a member of role \"" + writer.reader.role(member).name() + "\"");
        }
        CatalogRow old = writer.store.findOne(MEMBERS, (long) group, (long) member);
        if (old != null) {
            RowBuilder.update(old).set(PgAuthMembers.ADMIN_OPTION, adminOption || old.bool(PgAuthMembers.ADMIN_OPTION))
                    .set(PgAuthMembers.GRANTOR, grantor).write(writer.store);
            return;
        }
        RowBuilder.insert(PgAuthMembers.TABLE).set(PgAuthMembers.ROLEID, group).set(PgAuthMembers.MEMBER, member)
                .set(PgAuthMembers.GRANTOR, grantor).set(PgAuthMembers.ADMIN_OPTION, adminOption).write(writer.store);
    }

    /** REVOKE group FROM member, or only its admin option. Returns false if it was no member. */
    public boolean removeMember(int group, int member, boolean adminOptionOnly) {
        CatalogRow row = writer.store.findOne(MEMBERS, (long) group, (long) member);
        if (row == null) {
            return false;
        }
        if (adminOptionOnly) {
            RowBuilder.update(row).set(PgAuthMembers.ADMIN_OPTION, false).write(writer.store);
        } else {
            writer.store.delete(row);
        }
        return true;
    }

    /** Whether a member may grant the group to others. */
    public boolean hasAdminOption(int group, int member) {
        CatalogRow row = writer.store.findOne(MEMBERS, (long) group, (long) member);
        return row != null && row.bool(PgAuthMembers.ADMIN_OPTION);
    }

    /** The row of CREATE DATABASE; the caller copies the template's files. {@code database.oid} is ignored. */
    public int createDatabase(DatabaseDescriptor database) {
        if (writer.reader.database(database.name()) != null) {
            throw CatalogErrors.databaseExists(database.name());
        }
        int oid = writer.store.newOid();
        fill(RowBuilder.insert(PgDatabase.TABLE).set(PgDatabase.OID, oid).setChar(PgDatabase.DATLOCPROVIDER, 'c')
                .set(PgDatabase.DATFROZENXID, 0).set(PgDatabase.DATMINMXID, 0), database).write(writer.store);
        writer.owners.recordOwner(ObjectAddress.of(PgDatabase.TABLE, oid), database.ownerOid());
        return oid;
    }

    public void alterDatabase(DatabaseDescriptor database) {
        fill(RowBuilder.update(writer.store.findOne(DATABASE_OID, (long) database.oid())), database)
                .write(writer.store);
    }

    private static RowBuilder fill(RowBuilder row, DatabaseDescriptor database) {
        return row.set(PgDatabase.DATNAME, database.name()).set(PgDatabase.DATDBA, database.ownerOid())
                .set(PgDatabase.ENCODING, database.encoding()).set(PgDatabase.DATISTEMPLATE, database.isTemplate())
                .set(PgDatabase.DATALLOWCONN, database.allowConnections())
                .set(PgDatabase.DATCONNLIMIT, database.connectionLimit())
                .set(PgDatabase.DATTABLESPACE, database.tablespaceOid()).set(PgDatabase.DATCOLLATE, database.collate())
                .set(PgDatabase.DATCTYPE, database.ctype()).setTexts(PgDatabase.DATACL, database.acl());
    }

    /** The row of DROP DATABASE; the caller removes the files. */
    public void dropDatabase(int oid) {
        writer.owners.forget(ObjectAddress.of(PgDatabase.TABLE, oid));
        writer.objects().removeSharedComment(PgDatabase.TABLE, oid);
        removeSettings(oid, 0, true);
        writer.store.delete(writer.store.findOne(DATABASE_OID, (long) oid));
    }

    /** {@code name=value} settings of a database (0: all), a role (0: all), or one in the other; empty if none. */
    public List<String> settings(int databaseOid, int roleOid) {
        CatalogRow row = writer.store.findOne(SETTINGS, (long) databaseOid, (long) roleOid);
        return row == null ? List.of() : row.texts(PgDbRoleSetting.SETCONFIG);
    }

    /** ALTER ROLE / DATABASE SET: replaces all of them. */
    public void setSettings(int databaseOid, int roleOid, List<String> settings) {
        CatalogRow row = writer.store.findOne(SETTINGS, (long) databaseOid, (long) roleOid);
        if (settings.isEmpty()) {
            if (row != null) {
                writer.store.delete(row);
            }
            return;
        }
        RowBuilder builder = row != null ? RowBuilder.update(row) : RowBuilder.insert(PgDbRoleSetting.TABLE);
        builder.set(PgDbRoleSetting.SETDATABASE, databaseOid).set(PgDbRoleSetting.SETROLE, roleOid)
                .setTexts(PgDbRoleSetting.SETCONFIG, settings).write(writer.store);
    }

    private void removeSettings(int databaseOid, int roleOid, boolean byDatabase) {
        for (CatalogRow row : writer.store.scan(CatalogTables.table(PgDbRoleSetting.TABLE))) {
            if (byDatabase ? row.integer(PgDbRoleSetting.SETDATABASE) == databaseOid
                    : row.integer(PgDbRoleSetting.SETROLE) == roleOid) {
                writer.store.delete(row);
            }
        }
    }

    void removeSchema(int oid) {
        writer.store.delete(writer.store.findOne(CatalogTables.index("pg_namespace_oid_index"), (long) oid));
    }
}
