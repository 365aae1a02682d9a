package io.quantadb.catalog.bootstrap;

import io.quantadb.base.Invariant;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.table.CatalogColumn;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.MemoryCatalogStore;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgShdescription;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The facts a new database starts with: the extracted rows of PostgreSQL 15's catalogs, QuantaDB's databases, and the
 * definitions of the system views. Read once, on first use; some 16,000 rows.
 */
public final class BootstrapRows {
    private static final String PATH = "/io/quantadb/catalog/bootstrap/";
    private static final int ENCODING_UTF8 = 6;

    private BootstrapRows() {
    }

    private static final class Holder {
        private static final MemoryCatalogStore STORE = load();
    }

    /** A catalog with the built-in objects only, as the caller's own copy. */
    public static MemoryCatalogStore newStore() {
        return Holder.STORE.fork();
    }

    private static MemoryCatalogStore load() {
        MemoryCatalogStore store = new MemoryCatalogStore();
        Map<Integer, String> views = SystemViews.definitions();
        for (CatalogTable table : CatalogTables.all()) {
            load(table, table.name() + ".tsv", store, views);
            load(table, SystemViews.OWN + table.name() + ".tsv", store, views);
        }
        addDatabases(store);
        return store;
    }

    private static void load(CatalogTable table, String resource, MemoryCatalogStore store, Map<Integer, String> views) {
        try (InputStream in = BootstrapRows.class.getResourceAsStream(PATH + resource)) {
            if (in != null) {
                read(table, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), store, views);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(CatalogTable table, BufferedReader reader, MemoryCatalogStore store,
            Map<Integer, String> views) throws IOException {
        int count = table.columns().size();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            String[] fields = CopyText.fields(line, count);
            Object[] values = new Object[count];
            for (int i = 0; i < count; i++) {
                values[i] = fields[i] == null ? null : parse(table, table.columns().get(i), fields[i]);
            }
            if (table.oid() == PgRewrite.TABLE) {
                int view = (int) ((Long) values[PgRewrite.EV_CLASS]).longValue();
                String definition = views.get(view);
                if (definition == null) {
                    continue;
                }
                values[PgRewrite.EV_ACTION] = definition;
            }
            store.insert(table, values);
        }
    }

    private static Object parse(CatalogTable table, CatalogColumn column, String text) {
        PgType type = column.type();
        Object value = type.ops().fromText(text, -1, TextContext.DEFAULT);
        Invariant.check(value != null, "column %s has no value for \"%s\"", column.name(), text);
        return value;
    }

    private static void addDatabases(MemoryCatalogStore store) {
        addDatabase(store, CatalogIds.DATABASE_TEMPLATE1, "template1", true, true);
        addDatabase(store, CatalogIds.DATABASE_TEMPLATE0, "template0", true, false);
        addDatabase(store, CatalogIds.DATABASE_POSTGRES, "postgres", false, true);
        addDatabase(store, CatalogIds.DATABASE_QUANTADB, "quantadb", false, true);
        describe(store, CatalogIds.DATABASE_TEMPLATE1, "default template for new databases");
        describe(store, CatalogIds.DATABASE_TEMPLATE0, "unmodifiable empty database");
        describe(store, CatalogIds.DATABASE_POSTGRES, "default administrative connection database");
        describe(store, CatalogIds.DATABASE_QUANTADB, "default database of applications");
    }

    private static void addDatabase(MemoryCatalogStore store, int oid, String name, boolean template,
            boolean connectable) {
        CatalogTable table = CatalogTables.table(PgDatabase.TABLE);
        Object[] row = new Object[table.columns().size()];
        row[PgDatabase.OID] = (long) oid;
        row[PgDatabase.DATNAME] = name;
        row[PgDatabase.DATDBA] = (long) CatalogIds.BOOTSTRAP_ROLE;
        row[PgDatabase.ENCODING] = (long) ENCODING_UTF8;
        row[PgDatabase.DATLOCPROVIDER] = "c";
        row[PgDatabase.DATISTEMPLATE] = template;
        row[PgDatabase.DATALLOWCONN] = connectable;
        row[PgDatabase.DATCONNLIMIT] = -1L;
        row[PgDatabase.DATFROZENXID] = 0L;
        row[PgDatabase.DATMINMXID] = 0L;
        row[PgDatabase.DATTABLESPACE] = (long) CatalogIds.TABLESPACE_DEFAULT;
        row[PgDatabase.DATCOLLATE] = "C.UTF-8";
        row[PgDatabase.DATCTYPE] = "C.UTF-8";
        if (template) {
            PgType acl = table.columns().get(PgDatabase.DATACL).type();
            row[PgDatabase.DATACL] = acl.ops().fromText("{=c/quantadb,quantadb=CTc/quantadb}", -1,
                    TextContext.DEFAULT);
        }
        store.insert(table, row);
    }

    private static void describe(MemoryCatalogStore store, int databaseOid, String text) {
        Object[] row = new Object[3];
        row[PgShdescription.OBJOID] = (long) databaseOid;
        row[PgShdescription.CLASSOID] = (long) PgDatabase.TABLE;
        row[PgShdescription.DESCRIPTION] = text;
        store.insert(CatalogTables.table(PgShdescription.TABLE), row);
    }
}
