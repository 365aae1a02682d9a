package io.quantadb.catalog.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.catalog.BtreeStrategy;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.MemoryCatalogStore;
import io.quantadb.catalog.table.SystemColumns;
import io.quantadb.catalog.table.SystemColumns.PgAmop;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgCast;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgOperator;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.types.Oids;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Goal: the bootstrap facts are PostgreSQL 15's and consistent in themselves. Method: column lists and row counts
 * against goldens written by extract-catalog.sh from a PostgreSQL 15; samples against its documentation; references
 * followed.
 */
class BootstrapRowsTest {
    /** Catalogs of which QuantaDB has other rows, for reasons given in the package's README. */
    private static final Set<String> OTHER_ROWS = Set.of("pg_database", "pg_collation", "pg_description",
            "pg_shdescription", "pg_statistic");

    private final MemoryCatalogStore store = BootstrapRows.newStore();
    private final CatalogReader reader = new MemoryCatalog().reader();

    private static List<String> golden(String name) throws IOException {
        try (InputStream in = BootstrapRowsTest.class.getResourceAsStream("/golden/catalog/" + name)) {
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
        }
    }

    private List<CatalogRow> rows(int tableOid) {
        return store.scan(CatalogTables.table(tableOid));
    }

    @Test
    void shouldHaveColumnsOfEveryTableAndViewAsPostgres() throws IOException {
        Map<String, String> actual = rows(PgClass.TABLE).stream()
                .filter(row -> "rv".indexOf(row.character(PgClass.RELKIND)) >= 0)
                .map(row -> reader.relation(row.integer(PgClass.OID)))
                .collect(Collectors.toMap(BootstrapRowsTest::key, this::columns));
        int compared = 0;
        for (String line : golden("columns.golden")) {
            int kindEnd = line.indexOf(' ', line.indexOf(' ') + 1);
            assertEquals(line.substring(kindEnd + 1), actual.get(line.substring(0, kindEnd)), line);
            compared++;
        }
        assertEquals(compared, actual.size() - own("pg_class"));
    }

    /** Rows that only QuantaDB has. */
    private static int own(String table) throws IOException {
        try (InputStream in = BootstrapRowsTest.class.getResourceAsStream("own_" + table + ".tsv")) {
            return in == null ? 0 : (int) new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().count();
        }
    }

    private static String key(RelationDescriptor relation) {
        String schema = relation.schemaName().equals("pg_catalog") ? "" : relation.schemaName() + ".";
        return schema + relation.name() + " " + relation.kind().code();
    }

    private String columns(RelationDescriptor relation) {
        StringJoiner columns = new StringJoiner(" ");
        relation.columns().forEach(column -> columns.add(column.name() + ":"
                + TypeNames.format(reader, column.type().oid(), column.typmod(), true)));
        return columns.toString();
    }

    @Test
    void shouldHaveAsManyRowsAsPostgres() throws IOException {
        for (String line : golden("counts.golden")) {
            String[] words = line.split(" ");
            if (!OTHER_ROWS.contains(words[0])) {
                assertEquals(Integer.parseInt(words[1]), store.scan(CatalogTables.table(words[0])).size() - own(words[0]), line);
            }
        }
    }

    @Test
    void shouldNameColumnPositionsAsTheTablesSay() throws ReflectiveOperationException {
        Class<?>[] classes = SystemColumns.class.getDeclaredClasses();
        assertEquals(CatalogTables.all().size(), classes.length);
        for (Class<?> columns : classes) {
            CatalogTable table = CatalogTables.table(columns.getField("TABLE").getInt(null));
            for (int i = 0; i < table.columns().size(); i++) {
                assertEquals(i, columns.getField(table.columns().get(i).name().toUpperCase(Locale.ROOT)).getInt(null));
            }
        }
    }

    @Test
    void shouldDefineEveryView() {
        for (CatalogRow row : rows(PgClass.TABLE)) {
            if (row.character(PgClass.RELKIND) == 'v') {
                String definition = reader.relation(row.integer(PgClass.OID)).viewDefinition();
                assertNotNull(definition, row.text(PgClass.RELNAME));
                assertTrue(definition.startsWith("SELECT "), definition);
            }
        }
    }

    @Test
    void shouldReferOnlyToWhatExists() {
        for (CatalogRow row : rows(PgProc.TABLE)) {
            String name = row.text(PgProc.PRONAME);
            assertNotNull(reader.type(row.integer(PgProc.PRORETTYPE)), name);
            for (int type : row.integers(PgProc.PROARGTYPES)) {
                assertNotNull(reader.type(type), name);
            }
            assertEquals(row.integer(PgProc.PRONARGS), row.integers(PgProc.PROARGTYPES).length, name);
            FunctionDescriptor function = reader.function(row.integer(PgProc.OID));
            assertEquals(function.defaultsCount(), function.defaults().size(), name);
            if (function.isAggregate()) {
                assertNotNull(reader.function(reader.aggregate(function.oid()).transitionFunction()), name);
            }
        }
        for (CatalogRow row : rows(PgOperator.TABLE)) {
            String name = row.text(PgOperator.OPRNAME);
            assertNotNull(reader.type(row.integer(PgOperator.OPRRIGHT)), name);
            FunctionDescriptor function = reader.function(row.integer(PgOperator.OPRCODE));
            assertEquals(row.integer(PgOperator.OPRRESULT), function.returnType(), name);
            int commutator = row.integer(PgOperator.OPRCOM);
            assertTrue(commutator == 0 || reader.operator(commutator) != null, name);
        }
        for (CatalogRow row : rows(PgAmop.TABLE)) {
            OperatorDescriptor operator = reader.operator(row.integer(PgAmop.AMOPOPR));
            assertEquals(row.integer(PgAmop.AMOPLEFTTYPE), operator.leftType());
            assertEquals(row.integer(PgAmop.AMOPRIGHTTYPE), operator.rightType());
        }
        for (CatalogRow row : rows(PgCast.TABLE)) {
            int function = row.integer(PgCast.CASTFUNC);
            assertTrue(function == 0 || reader.function(function) != null);
        }
        for (CatalogRow row : rows(PgAttribute.TABLE)) {
            assertNotNull(reader.pgType(row.integer(PgAttribute.ATTTYPID)), row.text(PgAttribute.ATTNAME));
        }
    }

    @Test
    void shouldDescribeEachCatalogAsTheProgramSeesIt() {
        for (CatalogTable table : CatalogTables.all()) {
            RelationDescriptor relation = reader.relation(table.oid());
            assertEquals(table.name(), relation.name());
            assertEquals(RelationKind.TABLE, relation.kind());
            assertEquals(table.storage(CatalogIds.DATABASE_QUANTADB), relation.storage());
            assertEquals(table.toastOid(), relation.toastOid());
            for (int i = 0; i < table.columns().size(); i++) {
                assertEquals(table.columns().get(i).name(), relation.columns().get(i).name());
                assertEquals(table.columns().get(i).type().storageWidth(),
                        relation.columns().get(i).type().storageWidth(), table.name());
            }
            assertEquals(table.indexes().stream().map(i -> i.oid()).collect(Collectors.toSet()),
                    relation.indexes().stream().map(i -> i.oid()).collect(Collectors.toSet()));
        }
    }

    @Test
    void shouldResolveTypesAndOperatorsAsPostgres() {
        assertEquals("character varying(10)", reader.formatType(Oids.VARCHAR, 14));
        assertEquals("timestamp(3) with time zone", reader.formatType(Oids.TIMESTAMPTZ, 3));
        assertEquals("numeric(10,2)", reader.formatType(Oids.NUMERIC, (10 << 16 | 2) + 4));
        assertEquals("integer[]", reader.formatType(Oids.INT4_ARRAY, -1));
        assertEquals("\"char\"", reader.formatType(Oids.CHAR, -1));
        assertEquals("bpchar", reader.formatType(Oids.BPCHAR, -1));
        assertEquals("character", TypeNames.format(reader, Oids.BPCHAR, -1, false));
        assertEquals("information_schema.sql_identifier",
                reader.formatType(reader.type("information_schema", "sql_identifier").oid(), -1));
        // int4 <, text = for varchar through the binary cast, anyarray = for arrays
        assertEquals(97, reader.btreeOperator(Oids.INT4, BtreeStrategy.LT).oid());
        assertEquals(98, reader.btreeOperator(Oids.VARCHAR, BtreeStrategy.EQ).oid());
        assertEquals(1070, reader.btreeOperator(Oids.INT4_ARRAY, BtreeStrategy.EQ).oid());
        assertEquals(50, reader.operators(null, "+").size());
        assertEquals(481, reader.cast(Oids.INT4, Oids.INT8).functionOid());
        assertEquals(1242, reader.function(null, "boolin", new int[] {Oids.CSTRING}).oid());
    }

    @Test
    void shouldLetOthersReadWhatPublicMayRead() {
        RelationDescriptor roles = reader.relation(null, "pg_roles");
        RelationDescriptor authid = reader.relation(null, "pg_authid");
        int monitor = reader.role("pg_monitor").oid();
        int select = Privilege.SELECT.bit();
        assertEquals(select, Privileges.onRelation(reader, monitor, roles, select));
        assertEquals(0, Privileges.onRelation(reader, monitor, authid, select));
        assertEquals(select, Privileges.onRelation(reader, CatalogIds.BOOTSTRAP_ROLE, authid, select));
        assertTrue(reader.inheritedRoles(monitor).contains(reader.role("pg_read_all_stats").oid()));
        assertTrue(reader.isMemberOf(CatalogIds.BOOTSTRAP_ROLE, monitor));
    }
}
