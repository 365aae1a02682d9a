package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.SessionInfo;
import io.quantadb.sql.parser.Keyword;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What functions ask of the session and its server. Confined to the session's thread. */
final class SessionInfoService implements SessionInfo {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    /** When this class was first used, which is when the server took its first connection. */
    private static final long STARTED_MICROS = java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime() * 1000L;

    private final Session session;

    SessionInfoService(Session session) {
        this.session = session;
    }

    @Override
    public long currentXid() {
        if (inRecovery()) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute pg_current_xact_id() during recovery");
        }
        return session.transaction().topXid();
    }

    @Override
    public long currentXidIfAssigned() {
        return session.transaction() == null ? 0 : session.transaction().topXidIfAssigned();
    }

    @Override
    public String transactionStatus(long xid) {
        return session.services().transactions().xactStatus(xid);
    }

    @Override
    public String snapshot() {
        long next = session.services().transactions().nextXid();
        long oldest = Math.min(next, session.services().transactions().oldestRunningXid());
        StringBuilder running = new StringBuilder();
        for (long xid = oldest; xid < next; xid++) {
            if ("in progress".equals(session.services().transactions().xactStatus(xid))) {
                running.append(running.isEmpty() ? "" : ",").append(xid);
            }
        }
        return oldest + ":" + next + ":" + running;
    }

    @Override
    public String currentQuery() {
        return session.activity().query();
    }

    @Override
    public String clientAddress() {
        return session.identity().client() instanceof InetSocketAddress address && address.getAddress() != null
            ? address.getAddress().getHostAddress() : null;
    }

    @Override
    public Integer clientPort() {
        return session.identity().client() instanceof InetSocketAddress address ? (Integer) address.getPort() : null;
    }

    /** Differs from PostgreSQL: the loopback address for local clients, else nothing; listeners may have several addresses. */
    @Override
    public String serverAddress() {
        return session.identity().client() instanceof InetSocketAddress address && address.getAddress() != null && address.getAddress().isLoopbackAddress()
            ? address.getAddress().getHostAddress() : null;
    }

    @Override
    public Integer serverPort() {
        return session.identity().client() instanceof InetSocketAddress ? (Integer) Integer.parseInt(session.settings().get("port")) : null;
    }

    @Override
    public long serverStart() {
        return STARTED_MICROS - POSTGRES_EPOCH_MICROS;
    }

    @Override
    public boolean inRecovery() {
        return session.services().recovery().isReplica();
    }

    @Override
    public long receivedLsn() {
        return session.services().recovery().receivedLsn();
    }

    @Override
    public long replayedLsn() {
        return session.services().recovery().replayedLsn();
    }

    @Override
    public Long lastReplayedCommit() {
        long micros = session.services().recovery().lastReplayedCommitMicros();
        return micros == 0 ? null : (Long) (micros - POSTGRES_EPOCH_MICROS);
    }

    @Override
    public int timeline() {
        return session.services().recovery().timeline();
    }

    @Override
    public void pauseReplay(boolean pause) {
        if (pause) {
            session.services().recovery().pauseReplay();
        } else {
            session.services().recovery().resumeReplay();
        }
    }

    @Override
    public boolean isReplayPaused() {
        return session.services().recovery().isReplayPaused();
    }

    @Override
    public long insertLsn() {
        return session.services().wal().insertLsn();
    }

    @Override
    public long flushLsn() {
        return session.services().wal().flushLsn();
    }

    @Override
    public boolean cancelBackend(int processId) {
        return checkSignal(processId, "cancel query of") && session.services().sessions().cancel(processId);
    }

    @Override
    public boolean terminateBackend(int processId) {
        return checkSignal(processId, "terminate") && session.services().sessions().terminate(processId);
    }

    /** A session may be signalled by superusers and by members of its role. False, with a warning, if there is none. */
    private boolean checkSignal(int processId, String what) {
        Session target = session.services().sessions().find(processId);
        if (target == null) {
            session.notice(new SqlException(SqlState.WARNING, "PID " + processId + " is not a PostgreSQL server process")
                .withSeverity(io.quantadb.error.Severity.WARNING));
            return false;
        }
        boolean allowed = session.isSuperuser() || !target.identity().superuser()
            && session.catalog().isMemberOf(session.sessionCatalog().currentRole().oid(), target.identity().userOid());
        if (!allowed) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be a member of the role whose "
                + (what.equals("terminate") ? "process is being terminated" : "query is being canceled")
                + " or member of pg_signal_backend");
        }
        return true;
    }

    @Override
    public boolean isSuperuser() {
        return session.isSuperuser();
    }

    @Override
    public List<Object[]> settings() {
        List<Object[]> rows = new ArrayList<>();
        for (SettingDefinition definition : session.services().settings().all()) {
            String name = definition.name();
            String value = session.settings().get(name);
            String server = session.services().settings().serverValue(name);
            boolean changed = value != null && !value.equals(server);
            rows.add(new Object[] {name, value, definition.unit().isEmpty() ? null : definition.unit(), definition.category(), "", null,
                definition.context(), definition.type().name().toLowerCase(Locale.ROOT),
                changed ? "session" : java.util.Objects.equals(server, definition.bootValue()) ? "default" : "configuration file",
                emptyToNull(definition.minimum()), emptyToNull(definition.maximum()),
                definition.enumValues().isEmpty() ? null : ArrayValue.of(BuiltinTypes.TEXT, definition.enumValues()),
                definition.bootValue(), server, null, null, false});
        }
        return rows;
    }

    private static String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public List<Object[]> cursors() {
        List<Object[]> rows = new ArrayList<>();
        for (Cursor cursor : session.statements().allCursors()) {
            rows.add(new Object[] {cursor.name(), cursor.sql(), cursor.isHold(), cursor.isBinary(), cursor.isScroll(),
                cursor.createdMicros() - POSTGRES_EPOCH_MICROS});
        }
        return rows;
    }

    @Override
    public List<Object[]> preparedStatements() {
        List<Object[]> rows = new ArrayList<>();
        for (PreparedStatement statement : session.statements().allPrepared()) {
            if (statement.name().isEmpty()) {
                continue;
            }
            List<Object> types = new ArrayList<>();
            if (statement.compiled() != null) {
                for (int type : statement.compiled().parameterTypes()) {
                    types.add(Integer.toUnsignedLong(type));
                }
            }
            rows.add(new Object[] {statement.name(), statement.source(), statement.preparedMicros() - POSTGRES_EPOCH_MICROS,
                ArrayValue.of(BuiltinTypes.get(Oids.REGTYPE), types), statement.fromSql(), 0L, 0L});
        }
        return rows;
    }

    @Override
    public List<Object[]> keywords() {
        List<Object[]> rows = new ArrayList<>();
        for (Keyword keyword : Keywords.all()) {
            rows.add(new Object[] {keyword.word(), String.valueOf(keyword.category().code()), keyword.bareLabel(),
                keyword.category().description(), keyword.bareLabel() ? "can be bare label" : "requires AS"});
        }
        return rows;
    }
}
