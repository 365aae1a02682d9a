package io.quantadb.pgwire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.Session;
import io.quantadb.session.SessionIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What happens on a connection before the session is there. Confined to the event loop.
 *
 * <pre>
 *   FIRST --SSLRequest--> FIRST (encrypted)      FIRST --CancelRequest--> closed
 *   FIRST --StartupMessage--> AUTHENTICATING --right password--> LOGIN (on a thread: catalog) --> done
 * </pre>
 * Source: PostgreSQL documentation, "Start-up", "SSL Session Encryption".
 */
final class Startup {
    private static final int PROTOCOL_3 = 3;
    private static final int SSL_REQUEST = 80877103;
    private static final int GSSENC_REQUEST = 80877104;
    static final int CANCEL_REQUEST = 80877102;
    /** First byte of a TLS handshake: a client that starts TLS at once. */
    private static final int TLS_HANDSHAKE = 0x16;
    private static final long TIMEOUT_SECONDS = 60;

    private enum Step { FIRST, AUTHENTICATING, LOGIN }

    private final PgServer server;
    private final PgConnection connection;
    private final PgWriter writer;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private Step step = Step.FIRST;
    private Authentication authentication;
    private LoginCatalog.Login login;
    private Future<?> timeout;
    private boolean tls;
    private boolean slot;
    private boolean relay;

    Startup(PgServer server, PgConnection connection, PgWriter writer) {
        this.server = server;
        this.connection = connection;
        this.writer = writer;
    }

    void armTimeout(EventLoop loop) {
        timeout = loop.schedule(() -> connection.context().close(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
        if (slot) {
            slot = false;
            server.services().sessions().releaseSlot();
        }
    }

    /** Handles one packet. @return false if it is not complete yet */
    boolean handle(ByteBuf in) {
        return switch (step) {
            case FIRST -> first(in);
            case AUTHENTICATING -> password(in);
            case LOGIN -> false;
        };
    }

    private boolean first(ByteBuf in) {
        if (!tls && in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE && server.tlsContext() != null) {
            ByteBuf handshake = in.readRetainedSlice(in.readableBytes());
            startTls();
            connection.context().pipeline().firstContext().fireChannelRead(handshake);
            return false;
        }
        if (in.readableBytes() < 8) {
            return false;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 8 || length > MessageReader.SMALL_LIMIT) {
            throw refuse(new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid length of startup packet"));
        }
        if (in.readableBytes() < length) {
            return false;
        }
        int end = in.readerIndex() + length;
        in.skipBytes(4);
        int code = in.readInt();
        try {
            packet(code, in, end);
        } catch (IndexOutOfBoundsException e) {
            throw refuse(new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid startup packet layout"));
        }
        in.readerIndex(Math.min(end, in.writerIndex()));
        return true;
    }

    private void packet(int code, ByteBuf in, int end) {
        switch (code) {
            case SSL_REQUEST -> {
                boolean accept = server.tlsContext() != null && !tls;
                answer(accept ? 'S' : 'N');
                if (accept) {
                    if (in.writerIndex() > end) {
                        // Bytes sent in clear before the handshake could be anybody's.
                        throw refuse(new SqlException(SqlState.PROTOCOL_VIOLATION, "received unencrypted data after SSL request"));
                    }
                    startTls();
                }
            }
            case GSSENC_REQUEST -> answer('N');
            case CANCEL_REQUEST -> {
                server.cancel(in.readInt(), in.readInt());
                connection.close();
            }
            default -> startup(code >>> 16, code & 0xFFFF, in, end);
        }
    }

    private void answer(char reply) {
        ByteBuf data = connection.context().alloc().buffer(1);
        data.writeByte(reply);
        connection.context().writeAndFlush(data);
    }

    private void startTls() {
        tls = true;
        SslHandler handler = server.tlsContext().newHandler(connection.context().alloc());
        connection.context().pipeline().addFirst("tls", handler);
    }

    private SqlException refuse(SqlException error) {
        writer.error(error.fatal());
        return error;
    }

    private void startup(int major, int minor, ByteBuf in, int end) {
        if (major != PROTOCOL_3) {
            throw refuse(new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "unsupported frontend protocol " + major + "." + minor
                + ": server supports 3.0 to 3.0"));
        }
        List<String> unknown = new ArrayList<>();
        while (in.readerIndex() < end - 1) {
            String name = MessageReader.string(in, end);
            if (name.isEmpty()) {
                break;
            }
            String value = MessageReader.string(in, end);
            if (name.startsWith("_pq_.")) {
                unknown.add(name);
            } else {
                parameters.put(name, value);
            }
        }
        if (minor > 0 || !unknown.isEmpty()) {
            writer.negotiateProtocolVersion(0, unknown);
        }
        relay = parameters.remove(RelayAuthentication.PARAMETER) != null;
        String user = parameters.getOrDefault("user", "");
        if (user.isEmpty()) {
            throw refuse(new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                "no PostgreSQL user name specified in startup packet"));
        }
        if (parameters.containsKey("replication") && !parameters.get("replication").matches("(?i)false|off|no|0")) {
            throw refuse(SqlException.notSupported("replication connections on this port are not supported"));
        }
        if (server.requiresTls() && !tls) {
            throw refuse(new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                "connections without TLS are refused for user \"" + user + "\"").withHint("Connect with sslmode=require."));
        }
        if (!server.services().sessions().acquireSlot()) {
            throw refuse(new SqlException(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already"));
        }
        slot = true;
        step = Step.LOGIN;
        String database = parameters.getOrDefault("database", user);
        // The slot is the connection's until the session has it.
        connection.offLoop(() -> login = server.logins().find(user, database), this::authenticate);
    }

    private void authenticate() {
        if (login == null) {
            return;
        }
        authentication = relay
            ? new RelayAuthentication(server.clusterSecret(), login.userName(), parameters.getOrDefault("database", login.userName()))
            : server.authentication(login, connection, tls);
        step = Step.AUTHENTICATING;
        if (authentication.begin(writer)) {
            authenticated();
        }
    }

    private boolean password(ByteBuf in) {
        FrontendMessage message = MessageReader.read(in);
        if (message == null) {
            return false;
        }
        if (!(message instanceof FrontendMessage.Password password)) {
            throw refuse(MessageReader.violation("expected password response, got " + message.getClass().getSimpleName()));
        }
        try {
            if (authentication.response(password.data(), writer)) {
                authenticated();
            }
        } catch (SqlException e) {
            throw refuse(e);
        }
        return true;
    }

    private void authenticated() {
        step = Step.LOGIN;
        try {
            login.check();
        } catch (SqlException e) {
            connection.refuse(e);
            return;
        }
        writer.authentication(0, new byte[0]);
        Session[] opened = new Session[1];
        connection.offLoop(() -> opened[0] = open(), () -> {
            if (opened[0] != null) {
                slot = false;
                if (timeout != null) {
                    timeout.cancel(false);
                    timeout = null;
                }
                connection.ready(opened[0]);
            }
        });
    }

    /** On a virtual thread: opens the session and writes everything up to the first ReadyForQuery. */
    private Session open() {
        SessionIdentity identity = new SessionIdentity(login.databaseOid(), login.databaseName(), login.userOid(), login.userName(),
            login.superuser(), connection.context().channel().remoteAddress(), server.services().clock().wallMicros(), tls);
        Session session = new Session(server.services(), identity, writer);
        try {
            int mark = writer.mark();
            session.settings().setSessionDefault("session_authorization", login.userName());
            session.settings().setInternal("is_superuser", login.superuser() ? "on" : "off");
            login.settings().forEach(session.settings()::setSessionDefault);
            applyParameters(session);
            writer.rewind(mark);
            server.logins().prepare(session);
            for (String name : REPORTED_AT_START) {
                writer.parameterStatus(name, session.settings().show(name));
            }
            writer.backendKeyData(session.processId(), session.secretKey());
            writer.readyForQuery('I');
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static final List<String> REPORTED_AT_START = List.of("application_name", "client_encoding", "DateStyle",
        "default_transaction_read_only", "in_hot_standby", "integer_datetimes", "IntervalStyle", "is_superuser", "server_encoding",
        "server_version", "session_authorization", "standard_conforming_strings", "TimeZone");

    private void applyParameters(Session session) {
        parameters.forEach((name, value) -> {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "user", "database", "replication" -> { }
                case "options" -> StartupOptions.parse(value).forEach(session.settings()::setSessionDefault);
                default -> session.settings().setSessionDefault(name, value);
            }
        });
    }
}
