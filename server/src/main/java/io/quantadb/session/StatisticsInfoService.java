package io.quantadb.session;

import io.quantadb.catalog.PredefinedRoles;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.StatisticsInfo;
import io.quantadb.txn.lock.LockInfo;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.TextContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Numbers of the statistics views, from the registry of sessions, the lock manager and the catalog. */
final class StatisticsInfoService implements StatisticsInfo {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;


    private final Session session;
    private final ReplicationInfoService replication;

    StatisticsInfoService(Session session, ReplicationInfoService replication) {
        this.session = session;
        this.replication = replication;
    }

    /** Whether the role may see what others do: superusers and members of pg_read_all_stats. */
    static boolean seesAll(Session session) {
        return session.isSuperuser() || session.catalog().isMemberOf(session.roleOid(), PredefinedRoles.READ_ALL_STATS);
    }

    private static Object moment(long unixMicros) {
        return unixMicros == 0 ? null : (Object) (unixMicros - POSTGRES_EPOCH_MICROS);
    }

    @Override
    public List<Object[]> activity(Integer processId) {
        List<Object[]> rows = new ArrayList<>();
        List<Session> sessions = new ArrayList<>(session.services().sessions().all());
        sessions.sort(Comparator.comparingInt(Session::processId));
        for (Session other : sessions) {
            if (processId == null || processId == other.processId()) {
                rows.add(activityOf(other));
            }
        }
        rows.addAll(replication.activity(processId));
        return rows;
    }

    /** Columns as pg_stat_get_activity has them; texts of other roles' statements are for superusers only. */
    private Object[] activityOf(Session other) {
        SessionIdentity identity = other.identity();
        SessionActivity activity = other.activity();
        boolean visible = seesAll(session) || identity.userOid() == session.identity().userOid();
        Object[] row = new Object[30];
        row[0] = Integer.toUnsignedLong(identity.databaseOid());
        row[1] = (long) other.processId();
        row[2] = Integer.toUnsignedLong(identity.userOid());
        row[3] = activity.applicationName();
        row[4] = visible ? activity.state() : null;
        row[5] = visible ? activity.query() : "<insufficient privilege>";
        row[17] = "client backend";
        if (!visible) {
            row[4] = null;
            return row;
        }
        boolean waiting = other.txn().lockOwner().isWaiting();
        boolean idle = !"active".equals(activity.state());
        row[6] = waiting ? "Lock" : idle ? "Client" : null;
        row[7] = waiting ? other.txn().lockOwner().waitEvent() : idle ? "ClientRead" : null;
        row[8] = moment(activity.transactionStartMicros());
        row[9] = moment(activity.queryStartMicros());
        row[10] = moment(identity.startMicros());
        row[11] = moment(activity.stateChangeMicros());
        if (identity.client() instanceof InetSocketAddress address && address.getAddress() != null) {
            row[12] = BuiltinTypes.get(Oids.INET).ops().fromText(address.getAddress().getHostAddress(), -1, TextContext.DEFAULT);
            row[14] = (long) address.getPort();
        } else {
            row[14] = -1L;
        }
        long xid = other.txn().lockOwner().xid();
        row[15] = xid == 0 ? null : (Object) (xid & 0xFFFF_FFFFL);
        row[18] = identity.tls();
        row[25] = false;
        row[27] = false;
        return row;
    }

    @Override
    public List<Object[]> locks() {
        List<Object[]> rows = new ArrayList<>();
        for (LockInfo lock : session.services().transactions().listLocks()) {
            Object[] row = new Object[16];
            boolean advisory = lock.type().equals("advisory");
            row[0] = lock.type();
            row[1] = lock.type().equals("transactionid") || lock.type().equals("virtualxid") ? null : Integer.toUnsignedLong(lock.databaseOid());
            row[2] = lock.relationOid() == 0 ? null : (Object) Integer.toUnsignedLong(lock.relationOid());
            if (lock.type().equals("tuple")) {
                row[3] = lock.tid() >>> 16;
                row[4] = lock.tid() & 0xFFFF;
            }
            row[6] = lock.xid() == 0 ? null : (Object) (lock.xid() & 0xFFFF_FFFFL);
            row[7] = advisory ? (Object) Integer.toUnsignedLong(lock.classId()) : null;
            row[8] = advisory ? (Object) Integer.toUnsignedLong(lock.objectId()) : null;
            row[9] = advisory ? (Object) (long) lock.objectSubId() : null;
            row[10] = lock.processId() + "/0";
            row[11] = (long) lock.processId();
            row[12] = lock.modeName();
            row[13] = lock.granted();
            row[14] = lock.fastPath();
            row[15] = moment(lock.waitStartMicros());
            rows.add(row);
        }
        return rows;
    }

    @Override
    public int[] blockers(int processId) {
        return session.services().transactions().locks().blockingProcesses(processId);
    }

    @Override
    public Object counter(String function, int object) {
        return switch (function) {
            case "pg_stat_get_db_numbackends" -> session.services().sessions().all().stream()
                .filter(other -> other.identity().databaseOid() == object).count();
            default -> StatisticsCounters.find(session, function, object);
        };
    }

    @Override
    public List<Object[]> statements(boolean showText) {
        return StatementRows.all(session, showText);
    }

    @Override
    public void resetStatements() {
        if (!session.isSuperuser()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function pg_stat_statements_reset");
        }
        session.services().statistics().reset();
    }
}
