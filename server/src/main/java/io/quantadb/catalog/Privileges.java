package io.quantadb.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers who may do what: the {@code has_..._privilege} functions and the executor's checks. Stateless.
 *
 * <p>A role has the rights granted to it, to PUBLIC, and to the roles whose privileges it inherits; superusers have
 * all; the owner has what the list says, and all grant options.
 */
public final class Privileges {
    /** Kinds of objects, by what privileges exist for them. The letter is that of {@code acldefault}. */
    public enum ObjectKind {
        TABLE('r', "arwdDxt", ""), COLUMN('c', "", ""), SEQUENCE('s', "rwU", ""), DATABASE('d', "CTc", "Tc"),
        FUNCTION('f', "X", "X"), LANGUAGE('l', "U", "U"), LARGE_OBJECT('L', "rw", ""), SCHEMA('n', "UC", ""),
        PARAMETER('p', "sA", ""), TABLESPACE('t', "C", ""), FOREIGN_DATA_WRAPPER('F', "U", ""),
        FOREIGN_SERVER('S', "U", ""), TYPE('T', "U", "U");

        private final char letter;
        private final int all;
        private final int forPublic;

        ObjectKind(char letter, String all, String forPublic) {
            this.letter = letter;
            this.all = bits(all);
            this.forPublic = bits(forPublic);
        }

        private static int bits(String letters) {
            int bits = 0;
            for (char c : letters.toCharArray()) {
                bits |= Privilege.ofLetter(c).bit();
            }
            return bits;
        }

        /** Every right that exists for such objects. */
        public int all() {
            return all;
        }

        /** @return null if the letter means nothing */
        public static ObjectKind ofLetter(char letter) {
            for (ObjectKind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            return null;
        }

        public static ObjectKind of(RelationKind kind) {
            return kind == RelationKind.SEQUENCE ? SEQUENCE : TABLE;
        }
    }

    private Privileges() {
    }

    /** {@code acldefault}: what an object without a list of its own grants. */
    public static List<String> defaults(ObjectKind kind, String owner) {
        List<String> acl = new ArrayList<>();
        if (kind.forPublic != 0) {
            acl.add(new AclItem("", kind.forPublic, 0, owner).toString());
        }
        if (kind.all != 0) {
            acl.add(new AclItem(owner, kind.all, 0, owner).toString());
        }
        return acl;
    }

    /**
     * Which of some rights a role has.
     *
     * @param acl the object's list, null for the defaults
     * @param wanted bits of {@link Privilege#bit}
     * @return the bits of {@code wanted} that it has
     */
    public static int held(CatalogReader catalog, int roleOid, ObjectKind kind, int ownerOid, List<String> acl,
            int wanted) {
        RoleDescriptor role = catalog.role(roleOid);
        if (role == null) {
            return 0;
        }
        if (role.superuser()) {
            return wanted;
        }
        List<Integer> roles = catalog.inheritedRoles(roleOid);
        if (acl == null && roles.contains(ownerOid)) {
            return wanted & (kind.all | kind.forPublic);
        }
        Set<String> names = names(catalog, roles);
        int held = 0;
        RoleDescriptor owner = catalog.role(ownerOid);
        for (String text : acl != null ? acl : defaults(kind, owner == null ? "" : owner.name())) {
            AclItem item = AclItem.parse(text);
            if (item.isPublic() || names.contains(item.grantee())) {
                held |= item.rights();
            }
        }
        return held & wanted;
    }

    /** As {@link #held} for grant options; an owner has all of them. */
    public static int grantable(CatalogReader catalog, int roleOid, ObjectKind kind, int ownerOid, List<String> acl,
            int wanted) {
        RoleDescriptor role = catalog.role(roleOid);
        List<Integer> roles = catalog.inheritedRoles(roleOid);
        if (role != null && role.superuser() || roles.contains(ownerOid)) {
            return wanted;
        }
        Set<String> names = names(catalog, roles);
        int held = 0;
        for (String text : acl == null ? List.<String>of() : acl) {
            AclItem item = AclItem.parse(text);
            if (names.contains(item.grantee())) {
                held |= item.grantOptions();
            }
        }
        return held & wanted;
    }

    private static Set<String> names(CatalogReader catalog, List<Integer> roles) {
        Set<String> names = new HashSet<>();
        for (int oid : roles) {
            RoleDescriptor role = catalog.role(oid);
            if (role != null) {
                names.add(role.name());
            }
        }
        return names;
    }

    /**
     * Rights on a table, view or sequence; members of pg_read_all_data and pg_write_all_data have theirs everywhere.
     */
    public static int onRelation(CatalogReader catalog, int roleOid, RelationDescriptor relation, int wanted) {
        int held = held(catalog, roleOid, ObjectKind.of(relation.kind()), relation.ownerOid(), relation.acl(),
                wanted);
        if (held != wanted) {
            List<Integer> roles = catalog.inheritedRoles(roleOid);
            if (roles.contains(PredefinedRoles.READ_ALL_DATA)) {
                held |= wanted & Privilege.SELECT.bit();
            }
            if (roles.contains(PredefinedRoles.WRITE_ALL_DATA)) {
                held |= wanted & (Privilege.INSERT.bit() | Privilege.UPDATE.bit() | Privilege.DELETE.bit());
            }
        }
        return held;
    }

    /** Rights on one column, those on the whole table included. */
    public static int onColumn(CatalogReader catalog, int roleOid, RelationDescriptor relation, int attnum,
            int wanted) {
        int held = onRelation(catalog, roleOid, relation, wanted);
        List<String> acl = attnum > 0 ? relation.column(attnum).acl() : null;
        return acl == null || held == wanted ? held
                : held | held(catalog, roleOid, ObjectKind.COLUMN, relation.ownerOid(), acl, wanted);
    }

    public static int onSchema(CatalogReader catalog, int roleOid, SchemaDescriptor schema, int wanted) {
        int held = held(catalog, roleOid, ObjectKind.SCHEMA, schema.ownerOid(), schema.acl(), wanted);
        if ((wanted & Privilege.USAGE.bit()) != 0) {
            List<Integer> roles = catalog.inheritedRoles(roleOid);
            if (roles.contains(PredefinedRoles.READ_ALL_DATA) || roles.contains(PredefinedRoles.WRITE_ALL_DATA)) {
                held |= Privilege.USAGE.bit();
            }
        }
        return held;
    }

    public static int onFunction(CatalogReader catalog, int roleOid, FunctionDescriptor function, int wanted) {
        return held(catalog, roleOid, ObjectKind.FUNCTION, function.ownerOid(), function.acl(), wanted);
    }

    public static int onType(CatalogReader catalog, int roleOid, TypeDescriptor type, int wanted) {
        return held(catalog, roleOid, ObjectKind.TYPE, type.ownerOid(), type.acl(), wanted);
    }

    public static int onDatabase(CatalogReader catalog, int roleOid, DatabaseDescriptor database, int wanted) {
        return held(catalog, roleOid, ObjectKind.DATABASE, database.ownerOid(), database.acl(), wanted);
    }

    /**
     * A list after GRANT or REVOKE.
     *
     * @param acl the list before, null for the defaults
     * @param grantee "" for PUBLIC
     * @param rights bits granted or revoked
     * @param option GRANT: WITH GRANT OPTION; REVOKE: only the GRANT OPTION
     * @return the new list; never null
     */
    public static List<String> change(List<String> acl, ObjectKind kind, String owner, String grantor, String grantee,
            int rights, boolean grant, boolean option) {
        List<AclItem> items = new ArrayList<>();
        for (String text : acl != null ? acl : defaults(kind, owner)) {
            items.add(AclItem.parse(text));
        }
        int at = -1;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).grantee().equals(grantee) && items.get(i).grantor().equals(grantor)) {
                at = i;
            }
        }
        AclItem old = at >= 0 ? items.get(at) : new AclItem(grantee, 0, 0, grantor);
        AclItem changed;
        if (grant) {
            changed = new AclItem(grantee, old.rights() | rights, old.grantOptions() | (option ? rights : 0), grantor);
        } else {
            changed = new AclItem(grantee, option ? old.rights() : old.rights() & ~rights,
                    old.grantOptions() & ~rights, grantor);
        }
        if (at >= 0) {
            if (changed.rights() == 0) {
                items.remove(at);
            } else {
                items.set(at, changed);
            }
        } else if (changed.rights() != 0) {
            items.add(changed);
        }
        return items.stream().map(AclItem::toString).toList();
    }
}
