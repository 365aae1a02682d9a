package io.quantadb.catalog.cache;

import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.table.SystemColumns.PgAuthMembers;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgCollation;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import java.util.Comparator;
import java.util.List;

/** Loads the small catalogs whole: schemas, roles, databases, collations. Confined to its reader's thread. */
final class SharedLoader {
    private final Finder finder;

    SharedLoader(Finder finder) {
        this.finder = finder;
    }

    SchemaTable schemas() {
        return new SchemaTable(finder.scan(PgNamespace.TABLE).stream()
                .map(row -> new SchemaDescriptor(row.integer(PgNamespace.OID), row.text(PgNamespace.NSPNAME),
                        row.integer(PgNamespace.NSPOWNER), row.texts(PgNamespace.NSPACL)))
                .sorted(Comparator.comparing(SchemaDescriptor::name)).toList());
    }

    RoleTable roles() {
        List<RoleDescriptor> roles = finder.scan(PgAuthid.TABLE).stream()
                .map(row -> new RoleDescriptor(row.integer(PgAuthid.OID), row.text(PgAuthid.ROLNAME),
                        row.bool(PgAuthid.ROLSUPER), row.bool(PgAuthid.ROLINHERIT), row.bool(PgAuthid.ROLCREATEROLE),
                        row.bool(PgAuthid.ROLCREATEDB), row.bool(PgAuthid.ROLCANLOGIN),
                        row.bool(PgAuthid.ROLREPLICATION), row.bool(PgAuthid.ROLBYPASSRLS),
                        row.integer(PgAuthid.ROLCONNLIMIT), row.text(PgAuthid.ROLPASSWORD),
                        (Long) row.value(PgAuthid.ROLVALIDUNTIL)))
                .sorted(Comparator.comparing(RoleDescriptor::name)).toList();
        List<RoleTable.Membership> memberships = finder.scan(PgAuthMembers.TABLE).stream()
                .map(row -> new RoleTable.Membership(row.integer(PgAuthMembers.ROLEID),
                        row.integer(PgAuthMembers.MEMBER)))
                .toList();
        return new RoleTable(roles, memberships);
    }

    List<DatabaseDescriptor> databases() {
        return finder.scan(PgDatabase.TABLE).stream()
                .map(row -> new DatabaseDescriptor(row.integer(PgDatabase.OID), row.text(PgDatabase.DATNAME),
                        row.integer(PgDatabase.DATDBA), row.integer(PgDatabase.ENCODING),
                        row.bool(PgDatabase.DATISTEMPLATE), row.bool(PgDatabase.DATALLOWCONN),
                        row.integer(PgDatabase.DATCONNLIMIT), row.integer(PgDatabase.DATTABLESPACE),
                        row.text(PgDatabase.DATCOLLATE), row.text(PgDatabase.DATCTYPE),
                        row.texts(PgDatabase.DATACL)))
                .sorted(Comparator.comparing(DatabaseDescriptor::name)).toList();
    }

    List<CollationDescriptor> collations() {
        return finder.scan(PgCollation.TABLE).stream()
                .map(row -> new CollationDescriptor(row.integer(PgCollation.OID), row.text(PgCollation.COLLNAME),
                        row.integer(PgCollation.COLLNAMESPACE), row.integer(PgCollation.COLLOWNER),
                        row.character(PgCollation.COLLPROVIDER), row.bool(PgCollation.COLLISDETERMINISTIC),
                        row.integer(PgCollation.COLLENCODING), row.text(PgCollation.COLLCOLLATE),
                        row.text(PgCollation.COLLCTYPE), row.text(PgCollation.COLLICULOCALE)))
                .toList();
    }
}
