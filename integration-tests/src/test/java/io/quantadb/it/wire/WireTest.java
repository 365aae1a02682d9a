package io.quantadb.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient.Body;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: the protocol's rules, those for broken clients included. Method: conversations message by message over a raw
 * socket; expected
 * answers are PostgreSQL 15's. After each broken client the server still serves others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WireTest {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int PROTOCOL_3_0 = 196_608;
    private static final int MAX_CONNECTIONS = 12;
    private DatabaseServer server;

    @BeforeAll
    void start() {
        server = startServer();
    }

    /** Overridden to run the same conversations with another server. */
    DatabaseServer startServer() {
        return ServerProcess.startNew("{\"server\": {\"max_connections\": " + MAX_CONNECTIONS + "}}");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private WireClient connect() throws IOException {
        return WireClient.connect(server, DatabaseServer.USER);
    }

    private void assertStillServing() throws IOException {
        try (WireClient other = connect()) {
            assertEquals("1", other.queryOne("select 1").single());
        }
    }

    private static byte[] startupPacket(int... words) {
        ByteBuffer packet = ByteBuffer.allocate(words.length * 4);
        for (int word : words) {
            packet.putInt(word);
        }
        return packet.array();
    }

    // Startup.

    @Test
    void shouldAnswerAnSslRequestWithN() throws IOException {
        try (WireClient client = WireClient.open(server)) {
            client.sendRaw(startupPacket(8, SSL_REQUEST));
            assertEquals('N', client.readByte());
            client.sendStartup(PROTOCOL_3_0, Map.of("user", DatabaseServer.USER, "database", "postgres"));
            assertNull(client.authenticate(DatabaseServer.PASSWORD));
            assertEquals("postgres", client.queryOne("select current_database()").single());
        }
    }

    /** PostgreSQL built with GSSAPI answers G, so this one is ours alone. */
    @Test
    void shouldAnswerAGssRequestWithN() throws IOException {
        try (WireClient client = WireClient.open(server)) {
            client.sendRaw(startupPacket(8, GSS_REQUEST));
            assertEquals(server.name().equals("QuantaDB") ? 'N' : 'G', client.readByte());
        }
    }

    @Test
    void shouldTakeTheUserNameForAMissingDatabase() throws IOException {
        try (WireClient client = WireClient.open(server)) {
            client.sendStartup(PROTOCOL_3_0, Map.of("user", DatabaseServer.USER));
            assertNull(client.authenticate(DatabaseServer.PASSWORD));
            assertEquals(DatabaseServer.USER, client.queryOne("select current_database()").single());
        }
    }

    @Test
    void shouldReportTheParametersClientsRelyOn() throws IOException {
        try (WireClient client = WireClient.connect(server, DatabaseServer.USER,
            Map.of("application_name", "wire test", "DateStyle", "ISO, DMY",
            "options", "-c statement_timeout=5s -c work_mem=8MB"))) {
            assertTrue(client.parameter("server_version").startsWith("15."), client.parameter("server_version"));
            assertEquals("UTF8", client.parameter("server_encoding"));
            assertEquals("UTF8", client.parameter("client_encoding"));
            assertEquals("wire test", client.parameter("application_name"));
            assertEquals("ISO, DMY", client.parameter("DateStyle"));
            assertEquals("on", client.parameter("integer_datetimes"));
            assertEquals("on", client.parameter("standard_conforming_strings"));
            assertEquals("on", client.parameter("is_superuser"));
            assertEquals("off", client.parameter("in_hot_standby"));
            assertEquals("off", client.parameter("default_transaction_read_only"));
            assertNotNull(client.parameter("TimeZone"));
            assertEquals("5s", client.queryOne("show statement_timeout").single());
            client.execute("set application_name = 'changed'");
            assertEquals("changed", client.parameter("application_name"));
            assertTrue(client.processId() != 0);
        }
    }

    @Test
    void shouldRefuseAnUnknownDatabase() {
        WireClient.WireException refused = assertThrows(WireClient.WireException.class, () ->
            WireClient.connect(server, "nowhere").close());
        assertEquals("3D000", refused.sqlState());
        assertTrue(refused.getMessage().endsWith("database \"nowhere\" does not exist"), refused.getMessage());
    }

    @Test
    void shouldRefuseAnUnknownSettingInTheStartupMessage() {
        WireClient.WireException refused = assertThrows(WireClient.WireException.class,
            () -> WireClient.connect(server, DatabaseServer.USER, Map.of("no_such_setting", "1")).close());
        assertEquals("42704", refused.sqlState());
    }

    @Test
    void shouldRefuseOtherMajorProtocolVersions() throws IOException {
        try (WireClient client = WireClient.open(server)) {
            client.sendStartup(4 << 16, Map.of("user", DatabaseServer.USER));
            WireMessage answer = client.read();
            assertEquals('E', answer.type());
            assertEquals("0A000", answer.fields().get('C'));
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void shouldNegotiateANewerMinorVersion() throws IOException {
        try (WireClient client = WireClient.open(server)) {
            client.sendStartup(PROTOCOL_3_0 + 2, Map.of("user", DatabaseServer.USER, "_pq_.something", "on"));
            WireMessage answer = client.read();
            assertEquals('v', answer.type());
            ByteBuffer body = answer.reader();
            // The minor version alone in PostgreSQL before 16.5; the whole number since.
            assertTrue(List.of(0, PROTOCOL_3_0).contains(body.getInt()));
            assertEquals(1, body.getInt());
            assertEquals("_pq_.something", WireMessage.cstring(body));
            assertNull(client.authenticate(DatabaseServer.PASSWORD));
        }
    }

    @Test
    void shouldCloseOnAStartupPacketOfAnImpossibleLength() throws IOException {
        for (int length : new int[] {0, 7, 100_000, Integer.MAX_VALUE, -1}) {
            try (WireClient client = WireClient.open(server)) {
                client.sendRaw(startupPacket(length, PROTOCOL_3_0, 0));
                client.readTimeoutMillis(10_000);
                assertTrue(client.closedByServer(), "length " + length);
            }
        }
        assertStillServing();
    }

    @Test
    void shouldSurviveClientsThatLeaveDuringStartup() throws IOException {
        for (int i = 0; i < 40; i++) {
            WireClient client = WireClient.open(server);
            if (i % 3 == 1) {
                client.sendRaw(new byte[] {0, 0});
            } else if (i % 3 == 2) {
                client.sendStartup(PROTOCOL_3_0, Map.of("user", DatabaseServer.USER));
            }
            client.abort();
        }
        assertStillServing();
    }

    @Test
    void shouldRefuseConnectionsAboveTheLimit() throws Exception {
        List<WireClient> open = new ArrayList<>();
        try {
            WireClient.WireException refused = assertThrows(WireClient.WireException.class, () -> {
                for (int i = 0; i <= MAX_CONNECTIONS; i++) {
                    open.add(connect());
                }
            });
            assertEquals("53300", refused.sqlState());
            assertTrue(open.size() >= MAX_CONNECTIONS - 4, "only " + open.size() + " sessions were let in");
        } finally {
            open.forEach(WireClient::close);
        }
        Thread.sleep(300);
        assertStillServing();
    }

    // Broken messages.

    @Test
    void shouldEndTheSessionOnAnUnknownMessageType() throws IOException {
        try (WireClient client = connect()) {
            client.send('y', new Body().string("what"));
            client.flush();
            assertFatal(client);
        }
        assertStillServing();
    }

    @Test
    void shouldEndTheSessionOnAnImpossibleLength() throws IOException {
        for (int length : new int[] {0, 3, -5, Integer.MAX_VALUE}) {
            try (WireClient client = connect()) {
                client.sendRaw(ByteBuffer.allocate(5).put((byte) 'Q').putInt(length).array());
                client.readTimeoutMillis(10_000);
                // PostgreSQL closes without a word; an error is as good.
                try {
                    assertEquals("08P01", client.read().fields().get('C'));
                } catch (EOFException e) {
                    continue;
                }
                assertTrue(client.closedByServer(), "length " + length);
            }
        }
        assertStillServing();
    }

    @Test
    void shouldReportAMalformedBodyAsAProtocolViolation() throws IOException {
        try (WireClient client = connect()) {
            // A Bind message that ends in the middle of its parameter count.
            client.send('P', new Body().string("").string("select 1").int16(0));
            client.send('B', new Body().string("").string("").bytes(new byte[] {0}));
            client.send('S', new Body());
            client.flush();
            List<StatementResult> results = client.readResults(List.of());
            assertEquals("08P01", results.getLast().sqlState());
            assertEquals("2", client.queryOne("select 1 + 1").single());
        }
    }

    private static void assertFatal(WireClient client) throws IOException {
        client.readTimeoutMillis(10_000);
        WireMessage answer = client.read();
        assertEquals('E', answer.type());
        assertEquals("FATAL", answer.fields().get('S'));
        assertEquals("08P01", answer.fields().get('C'));
        assertTrue(client.closedByServer());
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() throws IOException {
        try (WireClient client = connect()) {
            client.send('Q', new Body().bytes(new byte[] {'s', 'e', 'l', 'e', 'c', 't', ' ', '\'', (byte) 0xC3,
                (byte) 0x28, '\'', 0}));
            client.flush();
            StatementResult result = client.readResults(List.of()).getFirst();
            assertEquals("22021", result.sqlState());
            assertEquals("invalid byte sequence for encoding \"UTF8\": 0xc3 0x28", result.errorMessage());
            assertEquals("1", client.queryOne("select 1").single());
        }
    }

    // Simple protocol.

    @Test
    void shouldRunSeveralStatementsAsOneTransaction() throws IOException {
        try (WireClient client = connect()) {
            client.execute("create table if not exists several (a int)");
            List<StatementResult> results = client.query(
                "insert into several values (1); insert into several values (2); select 1/0; select 5");
            assertEquals(3, results.size());
            assertEquals("22012", results.getLast().sqlState());
            assertEquals("0", client.queryOne("select count(*) from several").single());
            assertEquals("", client.queryOne(";").tag);
            assertEquals('I', client.transactionStatus());
            client.execute("begin");
            assertEquals('T', client.transactionStatus());
            assertEquals("42P01", client.queryOne("select * from nothing").sqlState());
            assertEquals('E', client.transactionStatus());
            assertEquals("25P02", client.queryOne("select 1").sqlState());
            assertEquals("ROLLBACK", client.queryOne("commit").tag);
            client.execute("drop table several");
        }
    }

    // Extended protocol.

    @Test
    void shouldDescribeStatementsBeforeAnyValueIsKnown() throws IOException {
        try (WireClient client = connect()) {
            client.send('P', new Body().string("s1").string("select $1 + 1 as n, $2::text as t where $3").int16(0));
            client.send('D', new Body().bytes(new byte[] {'S'}).string("s1"));
            client.send('S', new Body());
            client.flush();
            assertEquals('1', client.read().type());
            WireMessage parameters = client.read();
            assertEquals('t', parameters.type());
            ByteBuffer body = parameters.reader();
            assertEquals(3, body.getShort());
            assertEquals(List.of(23, 25, 16), List.of(body.getInt(), body.getInt(), body.getInt()));
            assertEquals('T', client.read().type());
            assertEquals('Z', client.read().type());
        }
    }

    @Test
    void shouldSuspendPortalsAtTheRowLimit() throws IOException {
        try (WireClient client = connect()) {
            client.send('P', new Body().string("").string("select g from generate_series(1, 7) g").int16(0));
            client.sendBind("p", "");
            for (int i = 0; i < 4; i++) {
                client.send('E', new Body().string("p").int32(3));
            }
            client.send('S', new Body());
            client.flush();
            List<StatementResult> results = client.readResults(List.of());
            assertEquals(List.of(3, 3, 1, 0), results.stream().map(result -> result.rows.size()).toList());
            assertEquals(List.of(true, true, false, false), results.stream().map(result -> result.suspended).toList());
            assertEquals("SELECT 1", results.get(2).tag);
            assertEquals("SELECT 0", results.get(3).tag);
        }
    }

    @Test
    void shouldSkipToSyncAfterAnError() throws IOException {
        try (WireClient client = connect()) {
            client.send('P', new Body().string("bad").string("select 1/0").int16(0));
            client.sendBind("", "bad");
            client.send('E', new Body().string("").int32(0));
            client.send('P', new Body().string("never").string("select 2").int16(0));
            client.send('S', new Body());
            client.send('P', new Body().string("").string("select 3").int16(0));
            client.sendBind("", "");
            client.send('E', new Body().string("").int32(0));
            client.send('S', new Body());
            client.flush();
            assertEquals("22012", client.readResults(List.of()).getFirst().sqlState());
            assertEquals(List.of("3"), client.readResults(List.of()).getFirst().rows.getFirst());
            client.sendBind("", "never");
            client.send('S', new Body());
            client.flush();
            assertEquals("26000", client.readResults(List.of()).getFirst().sqlState());
        }
    }

    @Test
    void shouldKeepTheOrderOfALongPipeline() throws IOException {
        try (WireClient client = connect()) {
            int count = 2_000;
            client.send('P', new Body().string("q").string("select $1::int * 2").int16(0));
            for (int i = 0; i < count; i++) {
                client.sendBind("", "q", Integer.toString(i));
                client.send('E', new Body().string("").int32(0));
            }
            client.send('S', new Body());
            client.flush();
            List<StatementResult> results = client.readResults(List.of());
            assertEquals(count, results.size());
            for (int i = 0; i < count; i++) {
                assertEquals(Integer.toString(i * 2), results.get(i).rows.getFirst().getFirst());
            }
        }
    }

    @Test
    void shouldCommitAPipelineAsOneTransaction() throws IOException {
        try (WireClient client = connect()) {
            client.execute("create table piped (a int primary key)");
            for (String value : List.of("1", "2", "1")) {
                client.send('P', new Body().string("").string("insert into piped values ($1)").int16(0));
                client.sendBind("", "", value);
                client.send('E', new Body().string("").int32(0));
            }
            client.send('S', new Body());
            client.flush();
            assertEquals("23505", client.readResults(List.of()).getLast().sqlState());
            assertEquals("0", client.queryOne("select count(*) from piped").single());
            client.execute("drop table piped");
        }
    }

    @Test
    void shouldRefuseStatementsThatDoNotExistOrExistAlready() throws IOException {
        try (WireClient client = connect()) {
            client.sendBind("", "unknown");
            client.send('S', new Body());
            client.flush();
            assertEquals("26000", client.readResults(List.of()).getFirst().sqlState());
            client.send('E', new Body().string("no portal").int32(0));
            client.send('S', new Body());
            client.flush();
            assertEquals("34000", client.readResults(List.of()).getFirst().sqlState());
            client.send('P', new Body().string("twice").string("select 1").int16(0));
            client.send('P', new Body().string("twice").string("select 1").int16(0));
            client.send('S', new Body());
            client.flush();
            assertEquals("42P05", client.readResults(List.of()).getLast().sqlState());
            StatementResult two = client.extended("select 1; select 2");
            assertEquals("42601", two.sqlState());
            assertEquals("cannot insert multiple commands into a prepared statement", two.errorMessage());
            StatementResult wrong = client.extended("select $1::int", "1", "2");
            assertEquals("08P01", wrong.sqlState());
        }
    }

    @Test
    void shouldReplanOrRefuseAfterTheTableChanged() throws IOException {
        try (WireClient client = connect()) {
            client.execute("create table changing (a int); insert into changing values (1)");
            client.send('P', new Body().string("c").string("select * from changing").int16(0));
            client.send('S', new Body());
            client.flush();
            client.readResults(List.of());
            client.execute("alter table changing add column b int");
            client.sendBind("", "c");
            client.send('E', new Body().string("").int32(0));
            client.send('S', new Body());
            client.flush();
            StatementResult result = client.readResults(List.of()).getFirst();
            assertEquals("0A000", result.sqlState());
            assertEquals("cached plan must not change result type", result.errorMessage());
            client.execute("drop table changing");
        }
    }

    // COPY.

    @Test
    void shouldAbandonACopyTheClientFails() throws IOException {
        try (WireClient client = connect()) {
            client.execute("create table copied (a int, b text)");
            client.send('Q', new Body().string("copy copied from stdin"));
            client.flush();
            assertEquals('G', client.read().type());
            client.send('d', new Body().bytes("1\tone\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            client.send('f', new Body().string("changed my mind"));
            client.flush();
            StatementResult result = client.readResults(List.of()).getFirst();
            assertEquals("57014", result.sqlState());
            assertEquals("COPY from stdin failed: changed my mind", result.errorMessage());
            assertEquals("0", client.queryOne("select count(*) from copied").single());
            client.execute("drop table copied");
        }
    }

    @Test
    void shouldReassembleCopyRowsFromArbitraryPieces() throws IOException {
        try (WireClient client = connect()) {
            client.execute("create table pieces (a int, b text)");
            client.send('Q', new Body().string("copy pieces from stdin"));
            client.flush();
            assertEquals('G', client.read().type());
            for (byte b : "1\tone\n2\ttw\\to\n3\t\\N\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                client.send('d', new Body().bytes(new byte[] {b}));
            }
            client.send('c', new Body());
            client.flush();
            assertEquals("COPY 3", client.readResults(List.of()).getFirst().tag);
            assertEquals("1=one,2=tw\to,3=-", client.queryOne(
                "select string_agg(a || '=' || coalesce(b, '-'), ',' order by a) from pieces").single());
            client.execute("drop table pieces");
        }
    }

    @Test
    void shouldRollBackACopyWhoseClientVanishes() throws Exception {
        try (WireClient client = connect()) {
            client.execute("create table vanishing (a int)");
            WireClient other = connect();
            other.send('Q', new Body().string("copy vanishing from stdin"));
            other.flush();
            other.read();
            other.send('d', new Body().bytes("1\n2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            other.flush();
            other.abort();
            client.execute("set lock_timeout = '10s'");
            client.execute("drop table vanishing");
        }
    }

    // Cancel and the end of sessions.

    @Test
    void shouldCancelARunningStatement() throws Exception {
        try (WireClient client = connect()) {
            Thread canceller = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(300);
                    client.cancel();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            long started = System.nanoTime();
            StatementResult result = client.queryOne("select pg_sleep(30)");
            canceller.join();
            assertEquals("57014", result.sqlState());
            assertEquals("canceling statement due to user request", result.errorMessage());
            assertTrue(System.nanoTime() - started < TimeUnit.SECONDS.toNanos(10));
            assertEquals("1", client.queryOne("select 1").single());
        }
    }

    @Test
    void shouldCancelWorkOfTheProcessorToo() throws Exception {
        try (WireClient client = connect()) {
            client.execute("set statement_timeout = '500ms'");
            StatementResult result = client.queryOne(
                "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b");
            assertEquals("57014", result.sqlState());
            assertEquals("canceling statement due to statement timeout", result.errorMessage());
        }
    }

    @Test
    void shouldIgnoreACancelRequestWithTheWrongKey() throws Exception {
        try (WireClient client = connect(); WireClient stranger = WireClient.open(server)) {
            stranger.sendRaw(startupPacket(16, 80_877_102, client.processId(), 12345));
            assertThrows(EOFException.class, stranger::read);
            assertEquals("1", client.queryOne("select 1 from pg_sleep(0.2)").single());
        }
    }

    @Test
    void shouldTerminateABackend() throws Exception {
        try (WireClient client = connect(); WireClient victim = connect()) {
            assertEquals("t", client.queryOne("select pg_terminate_backend(" + victim.processId() + ")").single());
            victim.readTimeoutMillis(10_000);
            WireMessage last = victim.read();
            assertEquals('E', last.type());
            assertEquals("57P01", last.fields().get('C'));
            assertTrue(victim.closedByServer());
        }
    }

    @Test
    void shouldReleaseLocksOfAVanishedSession() throws Exception {
        try (WireClient client = connect()) {
            client.execute("create table held (a int primary key); insert into held values (1)");
            WireClient other = connect();
            other.execute("begin; update held set a = 2");
            other.abort();
            client.execute("set lock_timeout = '10s'");
            client.execute("update held set a = 3");
            assertEquals("3", client.queryOne("select a from held").single());
            client.execute("drop table held");
        }
    }

    @Test
    void shouldDeliverNotificationsToAnIdleSession() throws Exception {
        try (WireClient client = connect(); WireClient listener = connect()) {
            listener.execute("listen news");
            client.execute("notify news, 'hello'");
            listener.readTimeoutMillis(10_000);
            WireMessage message = listener.read();
            assertEquals('A', message.type());
            ByteBuffer body = message.reader();
            assertEquals(client.processId(), body.getInt());
            assertEquals("news", WireMessage.cstring(body));
            assertEquals("hello", WireMessage.cstring(body));
        }
    }

    @Test
    void shouldSendLargeValuesInBothDirections() throws IOException {
        try (WireClient client = connect()) {
            String text = "ä0123456789".repeat(300_000);
            StatementResult result = client.extended("select $1::text, length($1)", text);
            result.throwIfFailed();
            assertEquals(Integer.toString(text.length()), result.rows.getFirst().get(1));
            assertEquals(text, result.rows.getFirst().get(0));
            assertFalse(result.suspended);
        }
    }
}
