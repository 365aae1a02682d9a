package io.quantadb.sql.ast;

import java.util.List;

/** Roles and privileges. */
public sealed interface AccessStatement extends Statement {

    /** @param kind the word used: ROLE, USER or GROUP, which decides LOGIN's default */
    record CreateRole(RoleWord kind, String name, List<Option> options, int position) implements AccessStatement {
    }

    /** The three words for the same thing. */
    enum RoleWord { ROLE, USER, GROUP }

    /**
     * Option names are PostgreSQL's: superuser, createdb, createrole, inherit, canlogin, isreplication, bypassrls with
     * boolean values; password (value null: PASSWORD NULL), connectionlimit, validUntil; rolemembers, adminmembers,
     * addroleto with rows of strings.
     */
    record AlterRole(Role role, List<Option> options, int position) implements AccessStatement {
    }

    /** @param role null: ALL; @param database null: all */
    record AlterRoleSet(Role role, String database, SessionStatement setting, int position)
            implements AccessStatement {
    }

    /** ALTER GROUP ... ADD or DROP USER. */
    record AlterGroupMembers(Role group, boolean add, List<Role> members, int position) implements AccessStatement {
    }

    record DropRole(List<Role> roles, boolean ifExists, int position) implements AccessStatement {
    }

    /**
     * GRANT and REVOKE on objects.
     *
     * @param privileges      empty: ALL
     * @param allInSchemas    the objects are schemas, whose objects of that kind are meant
     * @param grantOption     WITH GRANT OPTION, or REVOKE GRANT OPTION FOR
     */
    record GrantPrivileges(boolean grant, List<Privilege> privileges, ObjectKind kind, boolean allInSchemas,
                           List<ObjectReference> objects, List<Role> grantees, boolean grantOption, Role grantedBy,
                           boolean cascade, int position) implements AccessStatement {
    }

    /** @param name lower case; null: ALL (columns); @param columns empty: the whole object */
    record Privilege(String name, List<Identifier> columns, int position) implements Node {
    }

    record GrantRoles(boolean grant, List<Identifier> roles, List<Role> grantees, boolean adminOption,
                      Role grantedBy, boolean cascade, int position) implements AccessStatement {
    }

    /** @param kind TABLE, SEQUENCE, FUNCTION, ROUTINE, TYPE or SCHEMA */
    record AlterDefaultPrivileges(List<Role> roles, List<Identifier> schemas, boolean grant,
                                  List<Privilege> privileges, ObjectKind kind, List<Role> grantees,
                                  boolean grantOption, boolean cascade, int position) implements AccessStatement {
    }

    record ReassignOwned(List<Role> roles, Role newOwner, int position) implements AccessStatement {
    }

    record DropOwned(List<Role> roles, boolean cascade, int position) implements AccessStatement {
    }
}
