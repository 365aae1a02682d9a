package io.quantadb.session.command;

import io.quantadb.catalog.Privileges.ObjectKind;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgDefaultAcl;
import java.util.ArrayList;
import java.util.List;

/** Gives new objects the privileges ALTER DEFAULT PRIVILEGES asks for. Stateless. */
final class DefaultPrivileges {
    private DefaultPrivileges() {
    }

    static void apply(CommandContext context, int relationOid, RelationKind kind) {
        RelationDescriptor relation = context.catalog().relation(relationOid);
        List<String> acl = acl(context, relation.ownerOid(), relation.schemaOid(), kind == RelationKind.SEQUENCE ? 'S' : 'r',
                ObjectKind.of(kind));
        if (acl != null) {
            context.writer().objects().setAcl(ObjectAddress.relation(relationOid), acl);
        }
    }

    /** As above for functions ({@code 'f'}), types ({@code 'T'}) and schemas ({@code 'n'}, in schema 0). */
    static void apply(CommandContext context, ObjectAddress object, int schemaOid, char letter, ObjectKind kind) {
        List<String> acl = acl(context, context.roleOid(), schemaOid, letter, kind);
        if (acl != null) {
            context.writer().objects().setAcl(object, acl);
        }
    }

    /** The privileges of a new object; null if they are the built-in ones. */
    static List<String> acl(CommandContext context, int ownerOid, int schemaOid, char letter, ObjectKind kind) {
        CatalogRow global = null;
        CatalogRow local = null;
        for (CatalogRow row : context.transactionCatalog().store()
                .scan(CatalogTables.table(PgDefaultAcl.TABLE))) {
            if (row.integer(PgDefaultAcl.DEFACLROLE) == ownerOid
                    && row.character(PgDefaultAcl.DEFACLOBJTYPE) == letter) {
                if (row.integer(PgDefaultAcl.DEFACLNAMESPACE) == 0) {
                    global = row;
                } else if (row.integer(PgDefaultAcl.DEFACLNAMESPACE) == schemaOid) {
                    local = row;
                }
            }
        }
        if (global == null && local == null) {
            return null;
        }
        String owner = context.catalog().role(ownerOid).name();
        List<String> acl = new ArrayList<>(global != null ? global.texts(PgDefaultAcl.DEFACLACL)
                : io.quantadb.catalog.Privileges.defaults(kind, owner));
        if (local != null) {
            for (String item : local.texts(PgDefaultAcl.DEFACLACL)) {
                var parsed = io.quantadb.catalog.AclItem.parse(item);
                acl = new ArrayList<>(io.quantadb.catalog.Privileges.change(acl, kind, owner, parsed.grantor(),
                        parsed.grantee(), parsed.rights(), true, false));
            }
        }
        return acl;
    }
}
