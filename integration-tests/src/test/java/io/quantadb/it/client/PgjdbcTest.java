package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: the JDBC driver works in all its ways: metadata, batches, generated keys, cursors, savepoints, binary transfer.
 * Method: metadata
 * compared with PostgreSQL 15's, the rest with JDBC's contract.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PgjdbcTest {
    /** Type name, and two literals of it. */
    private static final List<List<String>> TYPES = List.of(List.of("bool", "true", "false"),
        List.of("int2", "'-32768'", "5"),
        List.of("int4", "2147483647", "'-1'"), List.of("int8", "'-9223372036854775808'", "7"),
        List.of("float4", "1.5", "'-Infinity'"),
        List.of("float8", "0.1", "'NaN'"), List.of("numeric", "12345678901234567890.000123", "-0.00"),
        List.of("numeric", "1e30", "'NaN'"),
        List.of("text", "'täxt € 𝄞'", "''"), List.of("varchar(9)", "'abc'", "'x'"), List.of("bpchar", "'a  '", "''"),
        List.of("name", "'n'", "'m'"),
        List.of("bytea", "'\\x00ff41'", "''"), List.of("date", "'0044-03-15 BC'", "'2024-02-29'"),
        List.of("time", "'23:59:59.999999'", "'00:00'"),
        List.of("timetz", "'12:00:00.5+05:30'", "'00:00-12'"),
        List.of("timestamp", "'1999-12-31 23:59:59.999999'", "'infinity'"),
        List.of("timestamptz", "'2024-06-30 12:00:00+02'", "'-infinity'"),
        List.of("interval", "'1 year -2 days 03:04:05.678'", "'0'"),
        List.of("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'00000000-0000-0000-0000-000000000000'"),
        List.of("json", "'{\"a\": [1, null]}'", "'1'"),
        List.of("jsonb", "'{\"b\": 1, \"a\": [true]}'", "'\"s\"'"), List.of("oid", "4294967295", "0"),
        List.of("int4[]", "'{1,NULL,3}'", "'{}'"),
        List.of("text[]", "'{\"a b\",\"c\\\"d\",NULL}'", "'{{x,y},{z,w}}'"),
        List.of("int8[]", "'[2:3]={5,6}'", "'{1}'"),
        List.of("numeric[]", "'{1.50,-2}'", "'{}'"), List.of("float8[]", "'{1.5,NaN}'", "'{}'"),
        List.of("bool[]", "'{t,f}'", "'{}'"),
        List.of("timestamptz[]", "'{2020-01-01 00:00:00+00}'", "'{}'"), List.of("\"char\"", "'x'", "'y'"),
        List.of("inet", "'10.1.2.3/8'", "'::1'"),
        List.of("bit(4)", "'1010'", "'0000'"), List.of("varbit", "'101'", "''"),
        List.of("int4range", "'[1,10)'", "'empty'"), List.of("point", "'(1,2)'", "'(-1.5,0)'"));

    private DatabaseServer postgres;
    private DatabaseServer quanta;
    private Connection ours;
    private Connection theirs;
    private boolean northwindLoaded;

    @BeforeAll
    void start() throws SQLException {
        Requirements.postgres();
        quanta = ServerProcess.startNew();
        postgres = PostgresProcess.startNew("fsync = off", "shared_buffers = '32MB'");
        ours = connect(quanta, Map.of());
        theirs = connect(postgres, Map.of());
        for (Connection connection : List.of(ours, theirs)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(ClientSchema.SQL);
                statement.execute("set search_path = shop, public");
            }
        }
    }

    @AfterAll
    void stop() throws SQLException {
        for (AutoCloseable closeable : new AutoCloseable[] {ours, theirs, quanta, postgres}) {
            if (closeable != null) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    throw new SQLException(e);
                }
            }
        }
    }

    private static Connection connect(DatabaseServer server, Map<String, String> more) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", DatabaseServer.USER);
        properties.put("password", DatabaseServer.PASSWORD);
        properties.put("socketTimeout", "60");
        properties.putAll(more);
        return DriverManager.getConnection(server.jdbcUrl(DatabaseServer.USER), properties);
    }

    private interface MetaDataCall {
        ResultSet on(DatabaseMetaData data) throws SQLException;
    }

    static Stream<Object[]> metaDataCalls() {
        Map<String, MetaDataCall> calls = new LinkedHashMap<>();
        calls.put("getTables", data -> data.getTables(null, "shop", "%", null));
        calls.put("getTables of kinds", data -> data.getTables(null, "shop", "%", new String[] {"TABLE", "VIEW"}));
        calls.put("getColumns", data -> data.getColumns(null, "shop", "%", "%"));
        calls.put("getPrimaryKeys", data -> data.getPrimaryKeys(null, "shop", "lines"));
        calls.put("getIndexInfo", data -> data.getIndexInfo(null, "shop", "orders", false, true));
        calls.put("getIndexInfo unique", data -> data.getIndexInfo(null, "shop", "customers", true, true));
        calls.put("getImportedKeys", data -> data.getImportedKeys(null, "shop", "orders"));
        calls.put("getExportedKeys", data -> data.getExportedKeys(null, "shop", "customers"));
        calls.put("getCrossReference", data -> data.getCrossReference(null, "shop", "orders", null, "shop", "lines"));
        calls.put("getSchemas", DatabaseMetaData::getSchemas);
        calls.put("getCatalogs", DatabaseMetaData::getCatalogs);
        calls.put("getTableTypes", DatabaseMetaData::getTableTypes);
        calls.put("getTypeInfo", DatabaseMetaData::getTypeInfo);
        calls.put("getUDTs", data -> data.getUDTs(null, "shop", "%", null));
        calls.put("getFunctions", data -> data.getFunctions(null, "shop", "%"));
        calls.put("getFunctionColumns", data -> data.getFunctionColumns(null, "shop", "%", "%"));
        calls.put("getProcedures", data -> data.getProcedures(null, "shop", "%"));
        calls.put("getBestRowIdentifier", data -> data.getBestRowIdentifier(null, "shop", "customers",
            DatabaseMetaData.bestRowSession, true));
        calls.put("getVersionColumns", data -> data.getVersionColumns(null, "shop", "customers"));
        calls.put("getTablePrivileges", data -> data.getTablePrivileges(null, "shop", "customers"));
        calls.put("getColumnPrivileges", data -> data.getColumnPrivileges(null, "shop", "customers", "%"));
        calls.put("getClientInfoProperties", DatabaseMetaData::getClientInfoProperties);
        return calls.entrySet().stream().map(call -> new Object[] {call.getKey(), call.getValue()});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("metaDataCalls")
    void shouldGiveTheMetaDataOfPostgres(String name, MetaDataCall call) throws SQLException {
        // A connection of its own: one call that fails or hangs must not spoil the next.
        try (Connection connection = connect(quanta, Map.of("socketTimeout", "20", "options",
            "-c search_path=shop,public"))) {
            List<String> expected = rows(call.on(theirs.getMetaData()));
            List<String> got = rows(call.on(connection.getMetaData()));
            // Types of one kind come in no particular order. The statistics of statements are an extension there.
            if (name.equals("getTypeInfo")) {
                got.removeIf(line -> line.startsWith("_pg_stat_statements|"));
                Collections.sort(expected);
                Collections.sort(got);
            }
            assertEquals(String.join("\n", expected), String.join("\n", got));
        }
    }

    static Stream<Object[]> northwindCalls() {
        Map<String, MetaDataCall> calls = new LinkedHashMap<>();
        calls.put("getTables", data -> data.getTables(null, "public", "%", null));
        calls.put("getColumns", data -> data.getColumns(null, "public", "%", "%"));
        calls.put("getPrimaryKeys", data -> data.getPrimaryKeys(null, "public", "order_details"));
        calls.put("getPrimaryKeys of all", data -> data.getPrimaryKeys(null, "public", null));
        calls.put("getImportedKeys", data -> data.getImportedKeys(null, "public", "orders"));
        calls.put("getImportedKeys of all", data -> data.getImportedKeys(null, null, null));
        calls.put("getExportedKeys", data -> data.getExportedKeys(null, "public", "employees"));
        calls.put("getExportedKeys of all", data -> data.getExportedKeys(null, null, null));
        calls.put("getCrossReference", data -> data.getCrossReference(null, "public", "customers", null, "public",
            "orders"));
        calls.put("getIndexInfo", data -> data.getIndexInfo(null, "public", "order_details", false, true));
        calls.put("getBestRowIdentifier", data -> data.getBestRowIdentifier(null, "public", "territories",
            DatabaseMetaData.bestRowSession, true));
        calls.put("getTablePrivileges", data -> data.getTablePrivileges(null, "public", "%"));
        calls.put("getSchemas", data -> data.getSchemas(null, "p%"));
        return calls.entrySet().stream().map(call -> new Object[] {call.getKey(), call.getValue()});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("northwindCalls")
    void shouldGiveTheMetaDataOfNorthwindQuickly(String name, MetaDataCall call) throws SQLException, IOException {
        loadNorthwind();
        long start = System.nanoTime();
        List<String> got = rows(call.on(ours.getMetaData()));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertEquals(String.join("\n", rows(call.on(theirs.getMetaData()))), String.join("\n", got));
        assertTrue(millis < 10_000, name + " took " + millis + " ms");
    }

    private void loadNorthwind() throws SQLException, IOException {
        if (northwindLoaded) {
            return;
        }
        String script = Files.readString(Requirements.testData("northwind.sql"));
        for (Connection connection : List.of(ours, theirs)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set search_path = public");
                statement.execute(script);
                statement.execute("reset all; set search_path = shop, public; analyze");
            }
        }
        northwindLoaded = true;
    }

    /** Header and rows; numbers of objects of the user's differ between servers and are left out. */
    private static List<String> rows(ResultSet result) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (result) {
            ResultSetMetaData data = result.getMetaData();
            StringBuilder header = new StringBuilder();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                header.append(data.getColumnName(i)).append(' ').append(data.getColumnTypeName(i)).append('|');
            }
            lines.add(header.toString());
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= data.getColumnCount(); i++) {
                    String value = data.getColumnName(i).matches("(?i)specific_name|pages") ? "*" : result.getString(i);
                    row.append(value).append('|');
                }
                lines.add(row.toString());
            }
        }
        return lines;
    }

    @Test
    void shouldDescribeTheServerAsPostgres() throws SQLException {
        DatabaseMetaData expected = theirs.getMetaData();
        DatabaseMetaData got = ours.getMetaData();
        assertEquals(expected.getDatabaseProductName(), got.getDatabaseProductName());
        assertEquals(expected.getDatabaseMajorVersion(), got.getDatabaseMajorVersion());
        assertEquals(expected.getSQLKeywords(), got.getSQLKeywords());
        assertEquals(expected.getMaxIndexLength(), got.getMaxIndexLength());
        assertEquals(expected.getMaxColumnNameLength(), got.getMaxColumnNameLength());
        assertEquals(expected.getDefaultTransactionIsolation(), got.getDefaultTransactionIsolation());
        assertEquals(theirs.getSchema(), ours.getSchema());
        assertEquals(theirs.getCatalog(), ours.getCatalog());
    }

    static Stream<List<String>> types() {
        return TYPES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void shouldTransferTheTypeInTextAndBinary(List<String> type) throws SQLException {
        String sql = "select " + type.get(1) + "::" + type.get(0) + " as a, " + type.get(2) + "::" + type.get(0)
            + " as b, null::" + type.get(0)
            + " as c";
        // Arrays are compared in text by the driver; getString of a binary value shows what the driver decoded.
        for (Map<String, String> mode : List.of(Map.of("binaryTransfer", "false"), Map.of("prepareThreshold", "-1"),
            Map.of("preferQueryMode", "simple"))) {
            try (Connection mine = connect(quanta, mode); Connection other = connect(postgres, mode)) {
                assertEquals(values(other, sql), values(mine, sql), mode.toString());
            }
        }
    }

    private static List<String> values(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int run = 0; run < 2; run++) {
                try (ResultSet result = statement.executeQuery()) {
                    assertTrue(result.next());
                    for (int i = 1; i <= 3; i++) {
                        Object value = result.getObject(i);
                        String shown = value instanceof byte[] bytes ? java.util.HexFormat.of().formatHex(bytes)
                            : result.getString(i);
                        values.add(result.getMetaData().getColumnTypeName(i) + " "
                            + (value == null ? "null" : value.getClass().getSimpleName()) + " "
                            + shown);
                    }
                }
            }
        }
        return values;
    }

    @Test
    void shouldTakeBinaryParametersOfTheCommonTypes() throws SQLException {
        try (Connection connection = connect(quanta, Map.of("prepareThreshold", "-1"));
            PreparedStatement statement = connection.prepareStatement(
                "select ?::int + 1, ?::bigint + 1, ?::float8 * 2, ?::numeric * 2, ?::text || '!', ?::bytea, ?::date + 1, ?::uuid, ?::int[], ?::bool")) {
            for (int run = 0; run < 3; run++) {
                statement.setInt(1, 41);
                statement.setLong(2, 1L << 40);
                statement.setDouble(3, 1.25);
                statement.setBigDecimal(4, new java.math.BigDecimal("12.345"));
                statement.setString(5, "grüße");
                statement.setBytes(6, new byte[] {0, 1, -1});
                statement.setObject(7, java.time.LocalDate.of(2024, 2, 28));
                statement.setObject(8, java.util.UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
                statement.setArray(9, connection.createArrayOf("int4", new Object[] {1, null, 3}));
                statement.setBoolean(10, true);
                try (ResultSet result = statement.executeQuery()) {
                    assertTrue(result.next());
                    assertEquals(42, result.getInt(1));
                    assertEquals((1L << 40) + 1, result.getLong(2));
                    assertEquals(2.5, result.getDouble(3));
                    assertEquals(new java.math.BigDecimal("24.690"), result.getBigDecimal(4));
                    assertEquals("grüße!", result.getString(5));
                    assertArrayEquals(new byte[] {0, 1, -1}, result.getBytes(6));
                    assertEquals(java.time.LocalDate.of(2024, 2, 29), result.getObject(7, java.time.LocalDate.class));
                    assertEquals("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", result.getString(8));
                    assertArrayEquals(new Integer[] {1, null, 3}, (Integer[]) result.getArray(9).getArray());
                    assertTrue(result.getBoolean(10));
                }
            }
        }
    }

    @Test
    void shouldRunBatchesAndReportTheirFailures() throws SQLException {
        try (Statement statement = ours.createStatement()) {
            statement.execute("create table batched (a int primary key, b text)");
        }
        try (PreparedStatement insert = ours.prepareStatement("insert into batched values (?, ?)")) {
            for (int i = 0; i < 500; i++) {
                insert.setInt(1, i);
                insert.setString(2, "row " + i);
                insert.addBatch();
            }
            int[] counts = insert.executeBatch();
            assertEquals(500, counts.length);
            assertEquals(1, counts[499]);
            insert.setInt(1, 1000);
            insert.setString(2, "x");
            insert.addBatch();
            insert.setInt(1, 7);
            insert.addBatch();
            BatchUpdateException failure = assertThrows(BatchUpdateException.class, insert::executeBatch);
            assertEquals("23505", failure.getSQLState());
        }
        assertEquals("500", single("select count(*) from batched"));
        try (Statement statement = ours.createStatement()) {
            statement.execute("drop table batched");
        }
    }

    private String single(String sql) throws SQLException {
        try (Statement statement = ours.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            assertTrue(result.next());
            return result.getString(1);
        }
    }

    @Test
    void shouldReturnGeneratedKeys() throws SQLException {
        try (PreparedStatement insert = ours.prepareStatement("insert into shop.customers (email, name) values (?, ?)",
            new String[] {"id", "vip"})) {
            insert.setString(1, "key@example.org");
            insert.setString(2, "generated");
            assertEquals(1, insert.executeUpdate());
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertTrue(keys.next());
                assertTrue(keys.getInt("id") > 0);
                assertFalse(keys.getBoolean("vip"));
                assertFalse(keys.next());
            }
        }
        try (Statement statement = ours.createStatement()) {
            assertEquals(1, statement.executeUpdate("delete from shop.customers where name = 'generated'",
                Statement.RETURN_GENERATED_KEYS));
        }
    }

    @Test
    void shouldFetchInPieces() throws SQLException {
        ours.setAutoCommit(false);
        try (PreparedStatement statement = ours.prepareStatement("select g from generate_series(1, 1000) g")) {
            statement.setFetchSize(37);
            try (ResultSet result = statement.executeQuery()) {
                int count = 0;
                while (result.next()) {
                    count++;
                    assertEquals(count, result.getInt(1));
                }
                assertEquals(1000, count);
            }
        } finally {
            ours.rollback();
            ours.setAutoCommit(true);
        }
    }

    @Test
    void shouldRollBackToSavepoints() throws SQLException {
        ours.setAutoCommit(false);
        try (Statement statement = ours.createStatement()) {
            statement.execute("create temp table saved (a int primary key)");
            statement.execute("insert into saved values (1)");
            Savepoint savepoint = ours.setSavepoint("here");
            statement.execute("insert into saved values (2)");
            SQLException duplicate = assertThrows(SQLException.class, () ->
                statement.execute("insert into saved values (1)"));
            assertEquals("23505", duplicate.getSQLState());
            SQLException aborted = assertThrows(SQLException.class, () -> statement.execute("select 1"));
            assertEquals("25P02", aborted.getSQLState());
            ours.rollback(savepoint);
            assertEquals("1", single("select count(*) from saved"));
        } finally {
            ours.rollback();
            ours.setAutoCommit(true);
        }
    }

    @Test
    void shouldSwitchIsolationAndReadOnly() throws SQLException {
        try (Connection connection = connect(quanta, Map.of())) {
            for (int level : List.of(Connection.TRANSACTION_SERIALIZABLE, Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_READ_COMMITTED)) {
                connection.setTransactionIsolation(level);
                assertEquals(level, connection.getTransactionIsolation());
            }
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            SQLException refused = assertThrows(SQLException.class, () ->
                connection.createStatement().execute("create table no (a int)"));
            assertEquals("25006", refused.getSQLState());
            connection.rollback();
            assertTrue(connection.isValid(5));
        }
    }

    @Test
    void shouldCancelAndTimeOut() throws SQLException {
        try (Connection connection = connect(quanta, Map.of()); Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            SQLException cancelled = assertThrows(SQLException.class, () -> statement.execute("select pg_sleep(30)"));
            assertEquals("57014", cancelled.getSQLState());
            statement.setQueryTimeout(0);
            assertTrue(statement.execute("select 1"));
        }
    }

    @Test
    void shouldCopyInAndOut() throws Exception {
        try (Connection connection = connect(quanta, Map.of()); Statement statement = connection.createStatement()) {
            statement.execute("create temp table bulk (a int, b text)");
            var copy = new org.postgresql.copy.CopyManager(connection.unwrap(org.postgresql.core.BaseConnection.class));
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 10_000; i++) {
                rows.append(i).append("\trow ").append(i).append('\n');
            }
            assertEquals(10_000, copy.copyIn("copy bulk from stdin", new java.io.StringReader(rows.toString())));
            java.io.StringWriter out = new java.io.StringWriter();
            assertEquals(10_000, copy.copyOut("copy (select * from bulk order by a) to stdout", out));
            assertEquals(rows.toString(), out.toString());
            java.io.ByteArrayOutputStream binary = new java.io.ByteArrayOutputStream();
            copy.copyOut("copy bulk to stdout (format binary)", binary);
            statement.execute("truncate bulk");
            assertEquals(10_000, copy.copyIn("copy bulk from stdin (format binary)",
                new java.io.ByteArrayInputStream(binary.toByteArray())));
        }
    }

    @Test
    void shouldKeepPreparedStatementsAcrossSchemaChanges() throws SQLException {
        try (Connection connection = connect(quanta, Map.of("prepareThreshold",
            "1")); Statement ddl = connection.createStatement()) {
            ddl.execute("create table evolving (a int); insert into evolving values (1)");
            try (PreparedStatement statement = connection.prepareStatement("select * from evolving")) {
                for (int i = 0; i < 3; i++) {
                    statement.executeQuery().close();
                }
                ddl.execute("alter table evolving add column b text default 'new'");
                // The driver meets "cached plan must not change result type" and prepares anew.
                try (ResultSet result = statement.executeQuery()) {
                    assertTrue(result.next());
                    assertEquals("new", result.getString("b"));
                }
            }
            ddl.execute("drop table evolving");
        }
    }
}
