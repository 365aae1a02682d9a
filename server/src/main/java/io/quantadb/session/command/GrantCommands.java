package io.quantadb.session.command;

import io.quantadb.catalog.AclItem;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgDefaultAcl;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** GRANT and REVOKE of privileges, and ALTER DEFAULT PRIVILEGES. Confined to one command. */
final class GrantCommands {
    private final CommandContext context;

    GrantCommands(CommandContext context) {
        this.context = context;
    }

    /** Something privileges stand on. */
    private record Target(ObjectAddress address, Privileges.ObjectKind kind, int ownerOid, List<String> acl, String noun,
            String name, RelationDescriptor relation) {
    }

    String run(AccessStatement.GrantPrivileges grant) {
        for (Target target : targets(grant)) {
            List<AccessStatement.Privilege> whole = grant.privileges().stream().filter(p -> p.columns().isEmpty()).toList();
            if (grant.privileges().isEmpty() || !whole.isEmpty()) {
                int rights = rights(whole, target);
                List<String> acl = change(target, target.acl(), rights, grant, grant.privileges().isEmpty());
                if (acl != null) {
                    context.writer().objects().setAcl(target.address(), acl);
                }
            }
            for (AccessStatement.Privilege privilege : grant.privileges()) {
                for (Identifier column : privilege.columns()) {
                    grantColumn(target, privilege, column, grant);
                }
            }
        }
        return grant.grant() ? "GRANT" : "REVOKE";
    }

    // ---- Objects

    private List<Target> targets(AccessStatement.GrantPrivileges grant) {
        List<Target> targets = new ArrayList<>();
        for (ObjectReference object : grant.objects()) {
            if (grant.allInSchemas()) {
                allIn(object, grant.kind(), targets);
            } else {
                targets.add(target(object, grant.kind()));
            }
        }
        return targets;
    }

    private void allIn(ObjectReference object, ObjectKind kind, List<Target> targets) {
        SchemaDescriptor schema = context.requireSchema(object.name().name());
        switch (kind) {
            case TABLE, SEQUENCE -> {
                for (RelationDescriptor relation : context.catalog().relations(schema.oid())) {
                    boolean sequence = relation.kind() == RelationKind.SEQUENCE;
                    boolean table = switch (relation.kind()) {
                        case TABLE, VIEW, MATERIALIZED_VIEW, PARTITIONED_TABLE, FOREIGN_TABLE -> true;
                        default -> false;
                    };
                    if (kind == ObjectKind.SEQUENCE ? sequence : table) {
                        targets.add(relation(relation));
                    }
                }
            }
            default -> {
                for (CatalogRow row : context.transactionCatalog().store().scan(CatalogTables
                        .table(io.quantadb.catalog.table.SystemColumns.PgProc.TABLE))) {
                    if (row.integer(io.quantadb.catalog.table.SystemColumns.PgProc.PRONAMESPACE) == schema.oid()) {
                        targets.add(function(context.catalog().function(
                                row.integer(io.quantadb.catalog.table.SystemColumns.PgProc.OID))));
                    }
                }
            }
        }
    }

    private Target target(ObjectReference object, ObjectKind kind) {
        String name = object.name() == null ? "" : object.name().name();
        return switch (kind) {
            case TABLE, SEQUENCE -> {
                RelationDescriptor relation = context.lookup(object.name());
                if (relation == null) {
                    throw context.noRelation(object.name());
                }
                if (relation.kind() == RelationKind.INDEX) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is an index");
                }
                if (kind == ObjectKind.SEQUENCE && relation.kind() != RelationKind.SEQUENCE) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a sequence");
                }
                yield relation(relation);
            }
            case SCHEMA -> {
                SchemaDescriptor schema = context.requireSchema(name);
                yield new Target(ObjectAddress.schema(schema.oid()), Privileges.ObjectKind.SCHEMA, schema.ownerOid(),
                        schema.acl(), "schema", name, null);
            }
            case DATABASE -> {
                DatabaseDescriptor database = context.catalog().database(name);
                if (database == null) {
                    throw CatalogErrors.noDatabase(name);
                }
                yield new Target(ObjectAddress.of(PgDatabase.TABLE, database.oid()), Privileges.ObjectKind.DATABASE,
                        database.ownerOid(), database.acl(), "database", name, null);
            }
            case FUNCTION, PROCEDURE, ROUTINE -> function(Routines.find(context, object));
            case TYPE, DOMAIN -> {
                TypeDescriptor type = object.types() != null && !object.types().isEmpty()
                        ? Types.find(context, object.types().getFirst()) : Types.find(context, object.name());
                if (type == null) {
                    throw CatalogErrors.noType(name);
                }
                yield new Target(ObjectAddress.type(type.oid()), Privileges.ObjectKind.TYPE, type.ownerOid(), type.acl(),
                        "type", type.name(), null);
            }
            default -> throw SqlException.notSupported("GRANT ON " + kind.sql() + " is not supported");
        };
    }

    private static Target relation(RelationDescriptor relation) {
        return new Target(ObjectAddress.relation(relation.oid()), Privileges.ObjectKind.of(relation.kind()),
                relation.ownerOid(), relation.acl(), relation.kind().noun(), relation.name(), relation);
    }

    private static Target function(FunctionDescriptor function) {
        return new Target(ObjectAddress.function(function.oid()), Privileges.ObjectKind.FUNCTION, function.ownerOid(),
                function.acl(), "function", function.name(), null);
    }

    // ---- Rights

    private static int rights(List<AccessStatement.Privilege> privileges, Target target) {
        if (privileges.isEmpty()) {
            return target.kind().all();
        }
        int rights = 0;
        for (AccessStatement.Privilege written : privileges) {
            if (written.name() == null) {
                return target.kind().all();
            }
            rights |= right(written, target).bit();
        }
        return rights;
    }

    private static Privilege right(AccessStatement.Privilege written, Target target) {
        Privilege privilege = Privilege.ofName(written.name());
        if (privilege == null) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized privilege type \"" + written.name() + "\"");
        }
        boolean sequenceAsTable = target.kind() == Privileges.ObjectKind.SEQUENCE;
        if ((privilege.bit() & target.kind().all()) == 0 && !sequenceAsTable) {
            throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "invalid privilege type "
                    + privilege.name().replace('_', ' ') + " for " + kindName(target.kind()));
        }
        return privilege;
    }

    private static String kindName(Privileges.ObjectKind kind) {
        return kind == Privileges.ObjectKind.TABLE ? "relation" : kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The new list; null if nothing may be granted (a warning was sent). */
    private List<String> change(Target target, List<String> acl, int wanted, AccessStatement.GrantPrivileges grant,
            boolean all) {
        int role = context.roleOid();
        int allowed = Privileges.grantable(context.catalog(), role, target.kind(), target.ownerOid(), acl, wanted);
        if (allowed == 0) {
            if (Privileges.held(context.catalog(), role, target.kind(), target.ownerOid(), acl, target.kind().all()) == 0) {
                throw CommandContext.denied(target.noun(), target.name());
            }
            context.warning(grant.grant() ? SqlState.WARNING_PRIVILEGE_NOT_GRANTED : SqlState.WARNING_PRIVILEGE_NOT_REVOKED,
                    grant.grant() ? "no privileges were granted for \"" + target.name() + "\""
                            : "no privileges could be revoked for \"" + target.name() + "\"");
            return null;
        }
        if (allowed != wanted && !all) {
            context.warning(grant.grant() ? SqlState.WARNING_PRIVILEGE_NOT_GRANTED : SqlState.WARNING_PRIVILEGE_NOT_REVOKED,
                    grant.grant() ? "not all privileges were granted for \"" + target.name() + "\""
                            : "not all privileges could be revoked for \"" + target.name() + "\"");
        }
        String owner = context.catalog().role(target.ownerOid()).name();
        String grantor = context.owns(target.ownerOid()) ? owner : context.role().name();
        List<String> changed = acl;
        for (Role grantee : grant.grantees()) {
            String name = grantee.kind() == Role.Kind.PUBLIC ? "" : context.resolve(grantee).name();
            if (grant.grant() && grant.grantOption() && name.isEmpty()) {
                throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
            }
            if (!grant.grant()) {
                changed = revokeDependents(target, owner, changed, name, allowed, grant);
            }
            changed = Privileges.change(changed, target.kind(), owner, grantor, name, allowed, grant.grant(),
                    grant.grantOption());
        }
        return changed;
    }

    /** Rights that the grantee has passed on go with CASCADE and forbid the REVOKE without. */
    private static List<String> revokeDependents(Target target, String owner, List<String> acl, String name, int rights,
            AccessStatement.GrantPrivileges grant) {
        List<String> changed = acl;
        if (acl == null || name.isEmpty() || name.equals(owner)) {
            return acl;
        }
        for (String text : acl) {
            AclItem item = AclItem.parse(text);
            int dependent = item.rights() & rights;
            if (item.grantor().equals(name) && dependent != 0 && !item.grantee().equals(name)) {
                if (!grant.cascade()) {
                    throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "dependent privileges exist")
                            .withHint("Use CASCADE to revoke them too.");
                }
                changed = revokeDependents(target, owner, changed, item.grantee(), dependent, grant);
                changed = Privileges.change(changed, target.kind(), owner, name, item.grantee(), dependent, false, false);
            }
        }
        return changed;
    }

    private void grantColumn(Target target, AccessStatement.Privilege privilege, Identifier name,
            AccessStatement.GrantPrivileges grant) {
        if (target.relation() == null) {
            throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "column privileges are only valid for relations");
        }
        ColumnDescriptor column = AlterTable.column(target.relation(), name.name());
        int rights;
        int columnRights = Privilege.SELECT.bit() | Privilege.INSERT.bit() | Privilege.UPDATE.bit() | Privilege.REFERENCES.bit();
        if (privilege.name() == null) {
            rights = columnRights;
        } else {
            rights = right(privilege, target).bit();
            if ((rights & columnRights) == 0) {
                throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "invalid privilege type "
                        + Privilege.ofName(privilege.name()).name() + " for column");
            }
        }
        RelationDescriptor now = context.reload(target.relation());
        Target columnTarget = new Target(ObjectAddress.column(now.oid(), column.attnum()), Privileges.ObjectKind.COLUMN,
                target.ownerOid(), now.column(column.attnum()).acl(), target.noun(), target.name(), now);
        List<String> acl = change(columnTarget, columnTarget.acl(), rights, grant, false);
        if (acl != null) {
            context.writer().objects().setAcl(columnTarget.address(), acl.isEmpty() ? null : acl);
        }
    }

    /** DROP OWNED: takes away everything granted to a role on objects of this database. */
    void revokeAll(RoleDescriptor role) {
        for (CatalogRow row : context.transactionCatalog().store().scan(CatalogTables
                .table(io.quantadb.catalog.table.SystemColumns.PgClass.TABLE))) {
            List<String> acl = row.texts(io.quantadb.catalog.table.SystemColumns.PgClass.RELACL);
            if (acl != null && acl.stream().anyMatch(i -> AclItem.parse(i).grantee().equals(role.name()))) {
                context.writer().objects().setAcl(ObjectAddress.relation(
                        row.integer(io.quantadb.catalog.table.SystemColumns.PgClass.OID)), without(acl, role));
            }
        }
        for (SchemaDescriptor schema : context.catalog().schemas()) {
            if (schema.acl() != null && schema.acl().stream().anyMatch(i -> AclItem.parse(i).grantee().equals(role.name()))) {
                context.writer().objects().setAcl(ObjectAddress.schema(schema.oid()), without(schema.acl(), role));
            }
        }
    }

    /** Entries of pg_shdepend that were left behind when an owner changed. */
    void forgetStale(RoleDescriptor role) {
        for (CatalogRow row : context.transactionCatalog().store().find(CatalogTables.index("pg_shdepend_reference_index"),
                (long) io.quantadb.catalog.table.SystemColumns.PgAuthid.TABLE, (long) role.oid())) {
            boolean here = row.integer(io.quantadb.catalog.table.SystemColumns.PgShdepend.DBID) == context.catalog().databaseOid();
            if (here && row.character(io.quantadb.catalog.table.SystemColumns.PgShdepend.DEPTYPE) == 'a'
                    && row.integer(io.quantadb.catalog.table.SystemColumns.PgShdepend.CLASSID)
                    == io.quantadb.catalog.table.SystemColumns.PgClass.TABLE) {
                RelationDescriptor relation = context.catalog().relation(
                        row.integer(io.quantadb.catalog.table.SystemColumns.PgShdepend.OBJID));
                int column = row.integer(io.quantadb.catalog.table.SystemColumns.PgShdepend.OBJSUBID);
                if (relation != null) {
                    List<String> acl = column == 0 ? relation.acl() : relation.column(column).acl();
                    ObjectAddress address = column == 0 ? ObjectAddress.relation(relation.oid())
                            : ObjectAddress.column(relation.oid(), column);
                    context.writer().objects().setAcl(address, acl == null ? null : without(acl, role));
                }
            }
        }
    }

    private static List<String> without(List<String> acl, RoleDescriptor role) {
        return acl.stream().filter(i -> !AclItem.parse(i).grantee().equals(role.name())).toList();
    }

    // ---- ALTER DEFAULT PRIVILEGES

    String defaults(AccessStatement.AlterDefaultPrivileges alter) {
        char letter = switch (alter.kind()) {
            case TABLE -> 'r';
            case SEQUENCE -> 'S';
            case FUNCTION, ROUTINE -> 'f';
            case TYPE -> 'T';
            case SCHEMA -> 'n';
            default -> throw SqlException.notSupported("default privileges for " + alter.kind().sql());
        };
        Privileges.ObjectKind kind = switch (letter) {
            case 'r' -> Privileges.ObjectKind.TABLE;
            case 'S' -> Privileges.ObjectKind.SEQUENCE;
            case 'f' -> Privileges.ObjectKind.FUNCTION;
            case 'T' -> Privileges.ObjectKind.TYPE;
            default -> Privileges.ObjectKind.SCHEMA;
        };
        List<RoleDescriptor> roles = alter.roles().isEmpty() ? List.of(context.role())
                : alter.roles().stream().map(context::resolve).toList();
        for (RoleDescriptor role : roles) {
            if (!context.owns(role.oid())) {
                throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to change default privileges");
            }
            if (alter.schemas().isEmpty()) {
                changeDefault(alter, role, 0, letter, kind);
            }
            for (Identifier schema : alter.schemas()) {
                changeDefault(alter, role, context.requireSchema(schema.name()).oid(), letter, kind);
            }
        }
        return "ALTER DEFAULT PRIVILEGES";
    }

    private void changeDefault(AccessStatement.AlterDefaultPrivileges alter, RoleDescriptor role, int schema, char letter,
            Privileges.ObjectKind kind) {
        CatalogStore store = context.transactionCatalog().store();
        CatalogRow row = store.findOne(CatalogTables.index("pg_default_acl_role_nsp_obj_index"), (long) role.oid(),
                (long) schema, String.valueOf(letter));
        List<String> initial = schema == 0 ? Privileges.defaults(kind, role.name()) : List.of();
        List<String> acl = row == null ? initial : row.texts(PgDefaultAcl.DEFACLACL);
        Target target = new Target(null, kind, role.oid(), acl, "", "", null);
        int rights = rights(alter.privileges(), target);
        for (Role grantee : alter.grantees()) {
            String name = grantee.kind() == Role.Kind.PUBLIC ? "" : context.resolve(grantee).name();
            acl = Privileges.change(acl, kind, role.name(), role.name(), name, rights, alter.grant(), alter.grantOption());
        }
        boolean nothing = acl.equals(initial) || acl.isEmpty();
        if (row != null) {
            store.delete(row);
        }
        if (!nothing) {
            Object[] values = new Object[CatalogTables.table(PgDefaultAcl.TABLE).columns().size()];
            values[PgDefaultAcl.OID] = Integer.toUnsignedLong(store.newOid());
            values[PgDefaultAcl.DEFACLROLE] = Integer.toUnsignedLong(role.oid());
            values[PgDefaultAcl.DEFACLNAMESPACE] = Integer.toUnsignedLong(schema);
            values[PgDefaultAcl.DEFACLOBJTYPE] = String.valueOf(letter);
            values[PgDefaultAcl.DEFACLACL] = io.quantadb.types.ArrayValue.of(
                    io.quantadb.types.BuiltinTypes.get(io.quantadb.types.Oids.ACLITEM), acl);
            store.insert(CatalogTables.table(PgDefaultAcl.TABLE), values);
        }
    }
}
