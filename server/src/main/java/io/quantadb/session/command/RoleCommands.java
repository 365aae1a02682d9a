package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.auth.ScramVerifier;
import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.types.BuiltinTypes;
import java.util.ArrayList;
import java.util.List;

/** Roles, their memberships and their settings. Confined to one command. */
final class RoleCommands {
    private final CommandContext context;

    RoleCommands(CommandContext context) {
        this.context = context;
    }

    static void requireCreateRole(CommandContext context, String action) {
        RoleDescriptor role = context.role();
        if (!role.superuser() && !role.createRole()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to " + action);
        }
    }

    /** A role's attributes while options are applied to them. */
    private static final class Attributes {
        boolean superuser;
        boolean inherit = true;
        boolean createRole;
        boolean createDatabase;
        boolean canLogin;
        boolean replication;
        boolean bypassRls;
        int connectionLimit = -1;
        String password;
        Long validUntil;

        RoleDescriptor toRole(int oid, String name) {
            return new RoleDescriptor(oid, name, superuser, inherit, createRole, createDatabase, canLogin, replication,
                    bypassRls, connectionLimit, password, validUntil);
        }

        static Attributes of(RoleDescriptor role) {
            Attributes a = new Attributes();
            a.superuser = role.superuser();
            a.inherit = role.inherit();
            a.createRole = role.createRole();
            a.createDatabase = role.createDatabase();
            a.canLogin = role.canLogin();
            a.replication = role.replication();
            a.bypassRls = role.bypassRls();
            a.connectionLimit = role.connectionLimit();
            a.password = role.password();
            a.validUntil = role.validUntil();
            return a;
        }
    }

    String create(AccessStatement.CreateRole create) {
        requireCreateRole(context, "create role");
        if (create.name().startsWith("pg_")) {
            throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + create.name() + "\" is reserved")
                    .withDetail("Role names starting with \"pg_\" are reserved.");
        }
        if (context.catalog().role(create.name()) != null) {
            throw CatalogErrors.roleExists(create.name());
        }
        Attributes attributes = new Attributes();
        attributes.canLogin = create.kind() == AccessStatement.RoleWord.USER;
        apply(attributes, create.options());
        int oid = context.writer().shared().createRole(attributes.toRole(0, create.name()));
        for (Option option : create.options()) {
            switch (option.name()) {
                case "rolemembers" -> names(option).forEach(n -> context.writer().shared()
                        .addMember(oid, context.requireRole(n).oid(), context.roleOid(), false));
                case "adminmembers" -> names(option).forEach(n -> context.writer().shared()
                        .addMember(oid, context.requireRole(n).oid(), context.roleOid(), true));
                case "addroleto" -> names(option).forEach(n -> context.writer().shared()
                        .addMember(context.requireRole(n).oid(), oid, context.roleOid(), false));
                default -> {
                    // An attribute.
                }
            }
        }
        return "CREATE ROLE";
    }

    private static List<String> names(Option option) {
        List<String> names = new ArrayList<>();
        if (option.value() instanceof Expression.Row row) {
            for (Expression field : row.fields()) {
                names.add(((Expression.StringLiteral) field).value());
            }
        } else if (option.value() instanceof Expression.StringLiteral literal) {
            names.add(literal.value());
        }
        return names;
    }

    private void apply(Attributes a, List<Option> options) {
        for (Option option : options) {
            switch (option.name()) {
                case "superuser" -> {
                    a.superuser = StorageOptions.bool(option);
                    requireSuperuser("must be superuser to " + (a.superuser ? "create superusers" : "alter superuser attribute"));
                }
                case "inherit" -> a.inherit = StorageOptions.bool(option);
                case "createrole" -> a.createRole = StorageOptions.bool(option);
                case "createdb" -> a.createDatabase = StorageOptions.bool(option);
                case "canlogin" -> a.canLogin = StorageOptions.bool(option);
                case "isreplication" -> {
                    a.replication = StorageOptions.bool(option);
                    requireSuperuser("must be superuser to create replication users");
                }
                case "bypassrls" -> {
                    a.bypassRls = StorageOptions.bool(option);
                    requireSuperuser("must be superuser to change bypassrls attribute");
                }
                case "connectionlimit" -> {
                    a.connectionLimit = Integer.parseInt(StorageOptions.text(option));
                    if (a.connectionLimit < -1) {
                        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                                "invalid connection limit: " + a.connectionLimit);
                    }
                }
                case "password" -> a.password = option.value() == null ? null : verifier(StorageOptions.text(option));
                case "validUntil" -> {
                    String text = StorageOptions.text(option);
                    a.validUntil = (Long) BuiltinTypes.TIMESTAMPTZ.ops().fromText(text, -1, context.session.text());
                }
                default -> {
                    // Memberships are handled by the caller.
                }
            }
        }
    }

    private void requireSuperuser(String message) {
        if (!context.isSuperuser()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, message);
        }
    }

    /** A given verifier is kept; a plain password becomes one. An empty password means none. */
    private String verifier(String password) {
        if (password.isEmpty()) {
            context.notice("empty string is not a valid password, clearing password");
            return null;
        }
        return password.startsWith("SCRAM-SHA-256$") ? password : ScramVerifier.of(password).toString();
    }

    String alter(AccessStatement.AlterRole alter) {
        RoleDescriptor role = context.resolve(alter.role());
        boolean own = role.oid() == context.roleOid()
                && alter.options().stream().allMatch(o -> o.name().equals("password"));
        if (role.superuser()) {
            requireSuperuser("must be superuser to alter superuser roles or change superuser attribute");
        } else if (!own) {
            requireCreateRole(context, "alter role");
        }
        Attributes attributes = Attributes.of(role);
        apply(attributes, alter.options());
        context.writer().shared().alterRole(attributes.toRole(role.oid(), role.name()));
        return "ALTER ROLE";
    }

    String drop(AccessStatement.DropRole drop) {
        requireCreateRole(context, "drop role");
        for (Role name : drop.roles()) {
            if (name.kind() != Role.Kind.NAMED) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot use special role specifier in DROP ROLE");
            }
            RoleDescriptor role = context.catalog().role(name.name());
            if (role == null) {
                if (drop.ifExists()) {
                    context.notice("role \"" + name.name() + "\" does not exist, skipping");
                    continue;
                }
                throw CatalogErrors.noRole(name.name());
            }
            if (role.oid() == context.roleOid()) {
                throw new SqlException(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
            }
            if (role.name().equals(context.session.functions().sessionUser())) {
                throw new SqlException(SqlState.OBJECT_IN_USE, "session user cannot be dropped");
            }
            if (role.superuser()) {
                requireSuperuser("must be superuser to drop superusers");
            }
            if (CatalogIds.isPinned(role.oid())) {
                throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop role " + role.name()
                        + " because it is required by the database system");
            }
            context.writer().owners().checkRoleUnused(role.oid(), role.name());
            context.writer().shared().dropRole(role.oid());
        }
        return "DROP ROLE";
    }

    // ---- Memberships

    String grant(AccessStatement.GrantRoles grant) {
        for (Identifier groupName : grant.roles()) {
            RoleDescriptor group = context.requireRole(groupName.name());
            requireAdmin(group);
            for (Role grantee : grant.grantees()) {
                RoleDescriptor member = context.resolve(grantee);
                if (grant.grant()) {
                    add(group, member, grant.adminOption());
                } else if (!context.writer().shared().removeMember(group.oid(), member.oid(), grant.adminOption())) {
                    context.warning(SqlState.WARNING, "role \"" + member.name() + "\" is not a member of role \""
                            + group.name() + "\"");
                }
            }
        }
        return grant.grant() ? "GRANT ROLE" : "REVOKE ROLE";
    }

    private void add(RoleDescriptor group, RoleDescriptor member, boolean adminOption) {
        boolean isMember = !group.equals(member) && isDirectMember(group, member);
        if (isMember && (!adminOption || context.writer().shared().hasAdminOption(group.oid(), member.oid()))) {
            context.notice("role \"" + member.name() + "\" is already a member of role \"" + group.name() + "\"");
            return;
        }
        context.writer().shared().addMember(group.oid(), member.oid(), context.roleOid(), adminOption);
    }

    private boolean isDirectMember(RoleDescriptor group, RoleDescriptor member) {
        return !context.transactionCatalog().store().find(io.quantadb.catalog.table.CatalogTables
                .index("pg_auth_members_role_member_index"), (long) group.oid(), (long) member.oid()).isEmpty();
    }

    private void requireAdmin(RoleDescriptor group) {
        RoleDescriptor role = context.role();
        if (role.superuser()) {
            return;
        }
        if (group.superuser()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser to alter superusers");
        }
        if (!role.createRole() && !context.writer().shared().hasAdminOption(group.oid(), role.oid())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "must have admin option on role \"" + group.name() + "\"");
        }
    }

    String groupMembers(AccessStatement.AlterGroupMembers alter) {
        RoleDescriptor group = context.resolve(alter.group());
        requireAdmin(group);
        for (Role name : alter.members()) {
            RoleDescriptor member = context.resolve(name);
            if (alter.add()) {
                add(group, member, false);
            } else {
                context.writer().shared().removeMember(group.oid(), member.oid(), false);
            }
        }
        return "ALTER ROLE";
    }

    // ---- Settings

    String alterSet(AccessStatement.AlterRoleSet alter) {
        int role = 0;
        if (alter.role() != null) {
            RoleDescriptor descriptor = context.resolve(alter.role());
            role = descriptor.oid();
            if (role != context.roleOid()) {
                requireCreateRole(context, "alter setting");
            }
        } else {
            requireSuperuser("must be superuser to alter settings globally");
        }
        int database = 0;
        if (alter.database() != null) {
            DatabaseDescriptor descriptor = context.catalog().database(alter.database());
            if (descriptor == null) {
                throw CatalogErrors.noDatabase(alter.database());
            }
            database = descriptor.oid();
        }
        change(database, role, alter.setting());
        return "ALTER ROLE";
    }

    String alterDatabaseSet(SchemaStatement.AlterDatabaseSet alter) {
        DatabaseDescriptor database = context.catalog().database(alter.name());
        if (database == null) {
            throw CatalogErrors.noDatabase(alter.name());
        }
        context.requireOwner(database.ownerOid(), "database " + database.name());
        change(database.oid(), 0, alter.setting());
        return "ALTER DATABASE";
    }

    private void change(int database, int role, SessionStatement setting) {
        List<String> settings = new ArrayList<>(context.writer().shared().settings(database, role));
        switch (setting) {
            case SessionStatement.Reset reset when reset.name() == null -> settings.clear();
            case SessionStatement.Reset reset -> remove(settings, reset.name());
            case SessionStatement.SetVariable set when set.values().isEmpty() -> remove(settings, set.name());
            case SessionStatement.SetVariable set -> {
                var definition = context.session.settings().catalog().find(set.name());
                String value = value(set);
                if (definition != null) {
                    value = definition.normalize(value);
                }
                remove(settings, set.name());
                settings.add(set.name() + "=" + value);
            }
            case SessionStatement.SetFromCurrent from -> {
                remove(settings, from.name());
                settings.add(from.name() + "=" + context.session.settings().get(from.name()));
            }
            default -> throw SqlException.notSupported("this setting cannot be stored");
        }
        context.writer().shared().setSettings(database, role, settings);
    }

    private static void remove(List<String> settings, String name) {
        settings.removeIf(s -> s.startsWith(name + "="));
    }

    private static String value(SessionStatement.SetVariable set) {
        List<String> parts = new ArrayList<>();
        for (Expression value : set.values()) {
            parts.add(switch (value) {
                case Expression.StringLiteral literal -> set.values().size() > 1
                        ? io.quantadb.catalog.Identifiers.quote(literal.value()) : literal.value();
                case Expression.NumberLiteral literal -> literal.text();
                case Expression.BooleanLiteral literal -> literal.value() ? "on" : "off";
                default -> throw SqlException.notSupported("this value of a setting cannot be stored");
            });
        }
        return String.join(", ", parts);
    }

    // ---- Objects of roles

    String reassign(AccessStatement.ReassignOwned reassign) {
        RoleDescriptor target = context.requireNewOwner(reassign.newOwner());
        for (Role name : reassign.roles()) {
            RoleDescriptor role = context.resolve(name);
            requireMembership(role);
            for (ObjectAddress object : context.writer().owners().ownedBy(role.oid())) {
                context.writer().objects().setOwner(object, target.oid());
            }
        }
        return "REASSIGN OWNED";
    }

    private void requireMembership(RoleDescriptor role) {
        if (!context.isSuperuser() && !context.catalog().inheritedRoles(context.roleOid()).contains(role.oid())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to reassign objects");
        }
    }

    String dropOwned(AccessStatement.DropOwned drop) {
        List<ObjectAddress> objects = new ArrayList<>();
        for (Role name : drop.roles()) {
            RoleDescriptor role = context.resolve(name);
            requireMembership(role);
            for (ObjectAddress object : context.writer().owners().ownedBy(role.oid())) {
                if (object.classOid() != io.quantadb.catalog.table.SystemColumns.PgDatabase.TABLE) {
                    objects.add(object);
                }
            }
            GrantCommands grants = new GrantCommands(context);
            grants.revokeAll(role);
            grants.forgetStale(role);
        }
        if (!objects.isEmpty()) {
            context.writer().drop(objects, drop.cascade(), context.notices());
        }
        return "DROP OWNED";
    }
}
