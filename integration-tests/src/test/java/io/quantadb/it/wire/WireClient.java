package io.quantadb.it.wire;

import io.quantadb.it.process.DatabaseServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A client of protocol 3.0 that shows everything the server sends: tags, type OIDs, notices, error fields.
 *
 * <p>Results are always in text form. Besides whole statements ({@link #query}) single messages can be sent and read,
 * for tests
 * of the protocol itself. One thread at a time, except {@link #cancel()}.
 *
 * <p>Source: PostgreSQL documentation, "Frontend/Backend Protocol".
 */
public final class WireClient implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 196_608;
    private static final int CANCEL_CODE = 80_877_102;
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** A result larger than any test wants means that the server does not stop. */
    private static final long RESULT_BYTES_MAX = 32L << 20;

    private final DatabaseServer server;
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<String, String> parameters = new HashMap<>();
    private int processId;
    private int secretKey;
    private char transactionStatus;

    private WireClient(DatabaseServer server, int connectTimeoutMillis, int readTimeoutMillis) throws IOException {
        this.server = server;
        socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(server.host(), server.port()), connectTimeoutMillis);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(readTimeoutMillis);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    /** A bare connection, nothing sent yet. */
    public static WireClient open(DatabaseServer server) throws IOException {
        return new WireClient(server, CONNECT_TIMEOUT_MILLIS, 60_000);
    }

    /** A session of the server's superuser, ready for queries. */
    public static WireClient connect(DatabaseServer server, String database) throws IOException {
        return connect(server, database, Map.of());
    }

    /** @param more further startup parameters, which also override user and database */
    public static WireClient connect(DatabaseServer server, String database, Map<String,
        String> more) throws IOException {
        return connect(server, database, more, CONNECT_TIMEOUT_MILLIS, 120_000);
    }

    /**
     * For servers that may have gone.
     *
     * @param readTimeoutMillis longest wait for any bytes of an answer, from the connection's first on
     */
    public static WireClient connect(DatabaseServer server, String database, Map<String, String> more,
        int connectTimeoutMillis, int readTimeoutMillis) throws IOException {
        WireClient client = new WireClient(server, connectTimeoutMillis, readTimeoutMillis);
        Map<String, String> startup = new LinkedHashMap<>();
        startup.put("user", DatabaseServer.USER);
        startup.put("database", database);
        startup.putAll(more);
        try {
            client.sendStartup(PROTOCOL_3_0, startup);
            WireMessage failure = client.authenticate(DatabaseServer.PASSWORD);
            if (failure != null) {
                throw new WireException(failure.fields());
            }
            return client;
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** A FATAL error before the session was ready. */
    public static final class WireException extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Map<Character, String> fields;

        WireException(Map<Character, String> fields) {
            super(fields.get('C') + ": " + fields.get('M'));
            this.fields = fields;
        }

        public String sqlState() {
            return fields.get('C');
        }
    }

    public void sendStartup(int version, Map<String, String> values) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeInt(version);
        for (Map.Entry<String, String> value : values.entrySet()) {
            data.write(zeroTerminated(value.getKey()));
            data.write(zeroTerminated(value.getValue()));
        }
        data.writeByte(0);
        out.writeInt(body.size() + 4);
        body.writeTo(out);
        out.flush();
    }

    /** Carries the start through to ReadyForQuery. @return the ErrorResponse that ended it, or null */
    public WireMessage authenticate(String password) throws IOException {
        ScramClient scram = new ScramClient(password);
        while (true) {
            WireMessage message = read();
            switch (message.type()) {
                case 'R' -> answerAuthentication(message, scram);
                case 'S' -> noteParameter(message);
                case 'K' -> {
                    ByteBuffer body = message.reader();
                    processId = body.getInt();
                    secretKey = body.getInt();
                }
                case 'Z' -> {
                    transactionStatus = (char) message.body()[0];
                    return null;
                }
                case 'E' -> {
                    return message;
                }
                default -> {
                }
            }
        }
    }

    private void answerAuthentication(WireMessage message, ScramClient scram) throws IOException {
        ByteBuffer body = message.reader();
        int kind = body.getInt();
        byte[] rest = new byte[body.remaining()];
        body.get(rest);
        String text = new String(rest, StandardCharsets.UTF_8);
        switch (kind) {
            case 0 -> {
            }
            case 10 -> {
                byte[] first = scram.clientFirst().getBytes(StandardCharsets.UTF_8);
                send('p', new Body().string("SCRAM-SHA-256").int32(first.length).bytes(first));
                flush();
            }
            case 11 -> {
                send('p', new Body().bytes(scram.clientFinal(text).getBytes(StandardCharsets.UTF_8)));
                flush();
            }
            case 12 -> scram.checkServerFinal(text);
            default -> throw new IOException("authentication request " + kind + " is not known to the tests");
        }
    }

    private void noteParameter(WireMessage message) {
        ByteBuffer body = message.reader();
        parameters.put(WireMessage.cstring(body), WireMessage.cstring(body));
    }

    /** Runs statements by the simple protocol. @return one result a statement; the last may be an error */
    public List<StatementResult> query(String sql) {
        return query(sql, List.of());
    }

    /** The only result of one statement. */
    public StatementResult queryOne(String sql) {
        List<StatementResult> results = query(sql);
        return results.getLast();
    }

    /** Runs statements that must succeed. */
    public void execute(String sql) {
        query(sql).forEach(StatementResult::throwIfFailed);
    }

    /** @param copyData lines for COPY FROM STDIN statements */
    public List<StatementResult> query(String sql, List<String> copyData) {
        try {
            send('Q', new Body().string(sql));
            flush();
            return readResults(copyData);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() + ", in: " + abbreviated(sql), e);
        }
    }

    /** Runs one statement by the extended protocol: Parse, Bind, Describe, Execute, Sync. Parameters in text form. */
    public StatementResult extended(String sql, String... values) {
        try {
            send('P', new Body().string("").string(sql).int16(0));
            sendBind("", "", values);
            send('D', new Body().bytes(new byte[] {'P'}).string(""));
            send('E', new Body().string("").int32(0));
            send('S', new Body());
            flush();
            List<StatementResult> results = readResults(List.of());
            return results.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage() + ", in: " + abbreviated(sql), e);
        }
    }

    public void sendBind(String portal, String statement, String... values) throws IOException {
        Body bind = new Body().string(portal).string(statement).int16(0).int16(values.length);
        for (String value : values) {
            if (value == null) {
                bind.int32(-1);
            } else {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                bind.int32(bytes.length).bytes(bytes);
            }
        }
        send('B', bind.int16(0));
    }

    /** Reads up to ReadyForQuery. */
    public List<StatementResult> readResults(List<String> copyData) throws IOException {
        List<StatementResult> results = new ArrayList<>();
        StatementResult current = new StatementResult();
        long bytes = 0;
        while (true) {
            WireMessage message = read();
            bytes += message.body().length;
            if (bytes > RESULT_BYTES_MAX) {
                abort();
                throw new IOException("the server sent more than " + RESULT_BYTES_MAX + " bytes");
            }
            switch (message.type()) {
                case 'T' -> readColumns(message, current);
                case 'D' -> current.rows.add(readRow(message));
                case 'd' -> current.copied.add(new String(message.body(), StandardCharsets.UTF_8).stripTrailing());
                case 'G' -> sendCopy(copyData);
                case 'N' -> current.notices.add(message.fields());
                case 'S' -> noteParameter(message);
                case 'C', 'I', 'E', 's' -> {
                    end(message, current);
                    results.add(current);
                    current = new StatementResult();
                }
                case 'Z' -> {
                    transactionStatus = (char) message.body()[0];
                    if (results.isEmpty()) {
                        results.add(current);
                    } else {
                        results.getLast().notices.addAll(current.notices);
                    }
                    return results;
                }
                default -> {
                }
            }
        }
    }

    private static void end(WireMessage message, StatementResult result) {
        switch (message.type()) {
            case 'C' -> result.tag = WireMessage.cstring(message.reader());
            case 'I' -> result.tag = "";
            case 's' -> result.suspended = true;
            default -> result.error = message.fields();
        }
    }

    private static void readColumns(WireMessage message, StatementResult result) {
        ByteBuffer body = message.reader();
        int count = body.getShort();
        for (int i = 0; i < count; i++) {
            String name = WireMessage.cstring(body);
            body.position(body.position() + 6);
            int oid = body.getInt();
            body.getShort();
            int modifier = body.getInt();
            body.getShort();
            result.columns.add(new StatementResult.Column(name, oid, modifier));
        }
    }

    private static List<String> readRow(WireMessage message) {
        ByteBuffer body = message.reader();
        int count = body.getShort();
        List<String> row = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = body.getInt();
            if (length < 0) {
                row.add(null);
            } else {
                row.add(new String(body.array(), body.position(), length, StandardCharsets.UTF_8));
                body.position(body.position() + length);
            }
        }
        return row;
    }

    private void sendCopy(List<String> lines) throws IOException {
        for (String line : lines) {
            send('d', new Body().bytes((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        send('c', new Body());
        flush();
    }

    /** Asks the server, on another connection, to cancel what this session runs. */
    public void cancel() throws IOException {
        try (Socket other = new Socket(server.host(), server.port())) {
            DataOutputStream data = new DataOutputStream(other.getOutputStream());
            data.write(ByteBuffer.allocate(16).putInt(16).putInt(CANCEL_CODE).putInt(processId).putInt(secretKey)
                .array());
            data.flush();
            other.setSoTimeout(10_000);
            if (other.getInputStream().read() != -1) {
                throw new IOException("a cancel request must be answered by closing the connection");
            }
        }
    }

    public void send(char type, Body body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.size() + 4);
        body.writeTo(out);
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void flush() throws IOException {
        out.flush();
    }

    /** The next message, whatever it is. @throws EOFException when the server has closed the connection */
    public WireMessage read() throws IOException {
        char type = (char) in.readUnsignedByte();
        int length = in.readInt();
        if (length < 4) {
            throw new IOException("message '" + type + "' of impossible length " + length);
        }
        byte[] body = new byte[length - 4];
        in.readFully(body);
        return new WireMessage(type, body);
    }

    /** One byte, as in the answer to an SSLRequest; -1 at the end. */
    public int readByte() throws IOException {
        return in.read();
    }

    /** Whether the server has closed the connection; reads and drops what is left before. */
    public boolean closedByServer() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException e) {
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    public void readTimeoutMillis(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    public int processId() {
        return processId;
    }

    public String parameter(String name) {
        return parameters.get(name);
    }

    /** 'I' idle, 'T' in a transaction, 'E' in a failed one; as of the last ReadyForQuery. */
    public char transactionStatus() {
        return transactionStatus;
    }

    /** Closes the socket without a word. */
    public void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (!socket.isClosed()) {
                send('X', new Body());
                flush();
            }
        } catch (IOException e) {
            // The server may have closed first: nothing is lost.
        } finally {
            abort();
        }
    }

    private static byte[] zeroTerminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String abbreviated(String sql) {
        return sql.length() <= 200 ? sql : sql.substring(0, 200) + "...";
    }

    /** The body of a message under construction. */
    public static final class Body extends ByteArrayOutputStream {
        public Body string(String text) {
            return bytes(zeroTerminated(text));
        }

        public Body bytes(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }

        public Body int32(int value) {
            return bytes(ByteBuffer.allocate(4).putInt(value).array());
        }

        public Body int16(int value) {
            return bytes(ByteBuffer.allocate(2).putShort((short) value).array());
        }
    }
}
