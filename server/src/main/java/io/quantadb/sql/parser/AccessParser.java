package io.quantadb.sql.parser;

import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.AccessStatement.Privilege;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.BooleanLiteral;
import io.quantadb.sql.ast.Expression.Row;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Roles, GRANT, REVOKE, default privileges, ownership. */
abstract class AccessParser extends SessionParser {
    AccessParser(String sql) {
        super(sql);
    }

    // ---- roles

    /** After ROLE, USER or GROUP. */
    final Statement createRole(AccessStatement.RoleWord word, int start) {
        String name = roleId();
        accept(Keyword.WITH);
        return new AccessStatement.CreateRole(word, name, roleOptions(true), start);
    }

    private List<Option> roleOptions(boolean create) {
        List<Option> options = new ArrayList<>();
        while (!atEnd()) {
            options.add(roleOption(create));
        }
        return options;
    }

    private Option roleOption(boolean create) {
        int start = token.start;
        if (at(Token.IDENT)) {
            return roleFlag(start);
        }
        if (!at(Token.KEYWORD)) {
            throw syntaxError();
        }
        switch (token.keyword) {
            case INHERIT -> {
                advance();
                return bool("inherit", true, start);
            }
            case ENCRYPTED, PASSWORD -> {
                accept(Keyword.ENCRYPTED);
                expect(Keyword.PASSWORD);
                return accept(Keyword.NULL) ? flag("password", start) : option("password", string(), start);
            }
            case UNENCRYPTED -> throw notSupported("UNENCRYPTED PASSWORD is no longer supported", start)
                    .withHint("Remove UNENCRYPTED to store the password in encrypted form instead.");
            case CONNECTION -> {
                advance();
                expect(Keyword.LIMIT);
                int at = token.start;
                String limit = Integer.toString(signedInteger());
                return new Option(null, "connectionlimit", new Expression.NumberLiteral(limit, true, at), null, start);
            }
            case VALID -> {
                advance();
                expect(Keyword.UNTIL);
                return option("validUntil", string(), start);
            }
            case SYSID -> {
                advance();
                return option("sysid", Integer.toString(integer()), start);
            }
            case USER, ROLE -> {
                if (!create && at(Keyword.ROLE)) {
                    throw syntaxError();
                }
                advance();
                return roleList("rolemembers", start);
            }
            case ADMIN -> {
                if (!create) {
                    throw syntaxError();
                }
                advance();
                return roleList("adminmembers", start);
            }
            case IN -> {
                advance();
                if (!create || !accept(Keyword.ROLE) && !accept(Keyword.GROUP)) {
                    throw syntaxError();
                }
                return roleList("addroleto", start);
            }
            default -> throw syntaxError();
        }
    }

    private Option roleFlag(int start) {
        String word = token.text;
        Option option = switch (word) {
            case "superuser" -> bool("superuser", true, start);
            case "nosuperuser" -> bool("superuser", false, start);
            case "createrole" -> bool("createrole", true, start);
            case "nocreaterole" -> bool("createrole", false, start);
            case "replication" -> bool("isreplication", true, start);
            case "noreplication" -> bool("isreplication", false, start);
            case "createdb" -> bool("createdb", true, start);
            case "nocreatedb" -> bool("createdb", false, start);
            case "login" -> bool("canlogin", true, start);
            case "nologin" -> bool("canlogin", false, start);
            case "bypassrls" -> bool("bypassrls", true, start);
            case "nobypassrls" -> bool("bypassrls", false, start);
            case "noinherit" -> bool("inherit", false, start);
            default -> throw error("unrecognized role option \"" + word + "\"", start);
        };
        advance();
        return option;
    }

    private static Option bool(String name, boolean value, int start) {
        return new Option(null, name, new BooleanLiteral(value, start), null, start);
    }

    private Option roleList(String name, int start) {
        List<Expression> names = new ArrayList<>();
        for (Role role : roles()) {
            String text = role.kind() == Role.Kind.NAMED ? role.name() : role.kind().name().toLowerCase(Locale.ROOT);
            names.add(new StringLiteral(text, role.position()));
        }
        return new Option(null, name, new Row(names, false, start), null, start);
    }

    /** After ALTER ROLE, USER or GROUP; RENAME included. */
    final Statement alterRole(boolean group, int start) {
        int nameStart = token.start;
        Role role = accept(Keyword.ALL) ? null : role();
        if (group && (at(Keyword.ADD) || at(Keyword.DROP))) {
            boolean add = at(Keyword.ADD);
            advance();
            expect(Keyword.USER);
            return new AccessStatement.AlterGroupMembers(role, add, roles(), start);
        }
        if (role != null && accept(Keyword.RENAME)) {
            expect(Keyword.TO);
            ObjectReference object = reference(ObjectKind.ROLE, QualifiedName.of(role.name(), nameStart), nameStart);
            return new ObjectStatement.Rename(object, ObjectKind.ROLE, false, roleId(), false,
                    false, start);
        }
        String database = null;
        if (accept(Keyword.IN)) {
            expect(Keyword.DATABASE);
            database = columnId();
        }
        if (at(Keyword.SET) || at(Keyword.RESET) || database != null || role == null) {
            return new AccessStatement.AlterRoleSet(role, database, settingClause(), start);
        }
        accept(Keyword.WITH);
        return new AccessStatement.AlterRole(role, roleOptions(false), start);
    }

    /** After DROP ROLE, USER or GROUP. */
    final Statement dropRole(int start) {
        boolean ifExists = ifExists();
        return new AccessStatement.DropRole(roles(), ifExists, start);
    }

    // ---- privileges

    final Statement grantOrRevoke() {
        int start = token.start;
        boolean grant = at(Keyword.GRANT);
        advance();
        boolean option = !grant && at(Keyword.GRANT) && peekIs(Keyword.OPTION);
        boolean admin = !grant && at(Keyword.ADMIN) && peekIs(Keyword.OPTION);
        if (option || admin) {
            advance();
            advance();
            expect(Keyword.FOR);
        }
        List<Privilege> privileges = privileges();
        if (!accept(Keyword.ON)) {
            return grantRoles(grant, admin, privileges, start);
        }
        if (admin) {
            throw syntaxError();
        }
        boolean all = at(Keyword.ALL);
        ObjectKind kind = all ? allInSchemaKind() : grantKind();
        List<ObjectReference> objects = all ? schemas() : grantObjects(kind);
        expect(grant ? Keyword.TO : Keyword.FROM);
        List<Role> grantees = grantees();
        if (grant && accept(Keyword.WITH)) {
            expect(Keyword.GRANT, Keyword.OPTION);
            option = true;
        }
        Role by = grantedBy();
        boolean cascade = !grant && cascade();
        return new AccessStatement.GrantPrivileges(grant, privileges, kind, all, objects, grantees, option, by,
                cascade, start);
    }

    private Role grantedBy() {
        if (!accept(Keyword.GRANTED)) {
            return null;
        }
        expect(Keyword.BY);
        return role();
    }

    private List<Role> grantees() {
        List<Role> grantees = new ArrayList<>();
        do {
            accept(Keyword.GROUP);
            grantees.add(role());
        } while (accept(','));
        return grantees;
    }

    /** Empty for ALL [PRIVILEGES]. */
    private List<Privilege> privileges() {
        List<Privilege> privileges = new ArrayList<>();
        int allStart = token.start;
        if (accept(Keyword.ALL)) {
            accept(Keyword.PRIVILEGES);
            return at('(') ? List.of(new Privilege(null, parenthesizedIdentifiers(), allStart)) : privileges;
        }
        do {
            int start = token.start;
            String name;
            if (accept(Keyword.ALTER, Keyword.SYSTEM)) {
                name = "alter system";
            } else if (at(Keyword.SELECT) || at(Keyword.REFERENCES) || at(Keyword.CREATE)) {
                name = label();
            } else {
                name = columnId();
            }
            privileges.add(new Privilege(name, optionalIdentifiers(), start));
        } while (accept(','));
        return privileges;
    }

    private Statement grantRoles(boolean grant, boolean adminFor, List<Privilege> privileges, int start) {
        if (privileges.isEmpty()) {
            throw syntaxError();
        }
        List<Identifier> roles = new ArrayList<>();
        for (Privilege privilege : privileges) {
            if (!privilege.columns().isEmpty()) {
                throw error("column names are not allowed here", privilege.position());
            }
            if (privilege.name() == null) {
                throw syntaxError();
            }
            roles.add(new Identifier(privilege.name(), privilege.position()));
        }
        expect(grant ? Keyword.TO : Keyword.FROM);
        List<Role> grantees = roles();
        boolean admin = adminFor;
        if (grant && accept(Keyword.WITH)) {
            expect(Keyword.ADMIN, Keyword.OPTION);
            admin = true;
        }
        Role by = grantedBy();
        boolean cascade = !grant && cascade();
        return new AccessStatement.GrantRoles(grant, roles, grantees, admin, by, cascade, start);
    }

    private ObjectKind allInSchemaKind() {
        advance();
        ObjectKind kind = pluralKind();
        expect(Keyword.IN, Keyword.SCHEMA);
        return kind;
    }

    /** TABLES, SEQUENCES ... */
    private ObjectKind pluralKind() {
        ObjectKind kind = at(Token.KEYWORD) ? switch (token.keyword) {
            case TABLES -> ObjectKind.TABLE;
            case SEQUENCES -> ObjectKind.SEQUENCE;
            case FUNCTIONS -> ObjectKind.FUNCTION;
            case PROCEDURES -> ObjectKind.PROCEDURE;
            case ROUTINES -> ObjectKind.ROUTINE;
            case TYPES -> ObjectKind.TYPE;
            case SCHEMAS -> ObjectKind.SCHEMA;
            default -> throw syntaxError();
        } : null;
        if (kind == null) {
            throw syntaxError();
        }
        advance();
        return kind;
    }

    private List<ObjectReference> schemas() {
        List<ObjectReference> schemas = new ArrayList<>();
        do {
            schemas.add(objectReference(ObjectKind.SCHEMA));
        } while (accept(','));
        return schemas;
    }

    private ObjectKind grantKind() {
        if (at(Keyword.FOREIGN) && peekIs(Keyword.SERVER)) {
            advance();
            advance();
            return ObjectKind.SERVER;
        }
        if (accept(Keyword.PARAMETER)) {
            return ObjectKind.PARAMETER;
        }
        if (!at(Token.KEYWORD)) {
            return ObjectKind.TABLE;
        }
        return switch (token.keyword) {
            case TABLE, SEQUENCE, DATABASE, DOMAIN, FOREIGN, FUNCTION, LANGUAGE, LARGE, PROCEDURE, ROUTINE, SCHEMA,
                    TABLESPACE, TYPE -> objectKind();
            default -> ObjectKind.TABLE;
        };
    }

    private List<ObjectReference> grantObjects(ObjectKind kind) {
        List<ObjectReference> objects = new ArrayList<>();
        do {
            if (kind == ObjectKind.PARAMETER) {
                int start = token.start;
                StringBuilder name = new StringBuilder(columnId());
                while (accept('.')) {
                    name.append('.').append(columnId());
                }
                objects.add(reference(kind, QualifiedName.of(name.toString(), start), start));
            } else {
                objects.add(objectReference(kind));
            }
        } while (accept(','));
        return objects;
    }

    /** After ALTER DEFAULT PRIVILEGES. */
    final Statement alterDefaultPrivileges(int start) {
        List<Role> roles = List.of();
        List<Identifier> schemas = List.of();
        while (at(Keyword.FOR) || at(Keyword.IN)) {
            if (accept(Keyword.FOR)) {
                if (!accept(Keyword.ROLE)) {
                    expect(Keyword.USER);
                }
                roles = roles();
            } else {
                expect(Keyword.IN, Keyword.SCHEMA);
                schemas = identifiers();
            }
        }
        boolean grant = accept(Keyword.GRANT);
        boolean option = false;
        if (!grant) {
            expect(Keyword.REVOKE);
            if (accept(Keyword.GRANT, Keyword.OPTION)) {
                expect(Keyword.FOR);
                option = true;
            }
        }
        List<Privilege> privileges = privileges();
        expect(Keyword.ON);
        ObjectKind kind = pluralKind();
        expect(grant ? Keyword.TO : Keyword.FROM);
        List<Role> grantees = grantees();
        if (grant && accept(Keyword.WITH)) {
            expect(Keyword.GRANT, Keyword.OPTION);
            option = true;
        }
        return new AccessStatement.AlterDefaultPrivileges(roles, schemas, grant, privileges, kind, grantees, option,
                !grant && cascade(), start);
    }

    final Statement reassignOwned() {
        int start = token.start;
        advance();
        expect(Keyword.OWNED, Keyword.BY);
        List<Role> roles = roles();
        expect(Keyword.TO);
        return new AccessStatement.ReassignOwned(roles, role(), start);
    }

    /** After DROP OWNED. */
    final Statement dropOwned(int start) {
        expect(Keyword.BY);
        List<Role> roles = roles();
        return new AccessStatement.DropOwned(roles, cascade(), start);
    }
}
