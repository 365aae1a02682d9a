package io.quantadb.session.info;

import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.function.SetFunction;
import io.quantadb.session.Session;
import io.quantadb.session.SessionFunctions;
import io.quantadb.session.SessionServices;
import io.quantadb.txn.lock.LockInfo;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What runs now and what it waits for: sessions, locks, advisory locks. */
public final class ActivityFunctions implements FunctionRegistry.Library {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.set("pg_stat_get_activity", (c, a) -> activity(services(c), (Long) a[0]))
            .set("pg_lock_status", (c, a) -> locks(services(c)))
            .fn1("pg_blocking_pids", (c, pid) -> blocking(c, ((Long) pid).intValue()))
            .set("pg_prepared_xact", (c, a) -> SetFunction.RowCursor.EMPTY)
            .set("pg_stat_get_wal_senders", (c, a) -> SetFunction.RowCursor.EMPTY)
            .set("pg_get_replication_slots", (c, a) -> SetFunction.RowCursor.EMPTY)
            .set("pg_available_extensions", (c, a) -> SetFunction.RowCursor.EMPTY);
        for (String shared : new String[] {"", "_shared"}) {
            boolean share = !shared.isEmpty();
            for (String level : new String[] {"", "_xact"}) {
                boolean sessionLevel = level.isEmpty();
                advisory(registry, "pg_advisory" + level + "_lock" + shared, share, sessionLevel, false);
                advisory(registry, "pg_try_advisory" + level + "_lock" + shared, share, sessionLevel, true);
            }
            registry.fn1("pg_advisory_unlock" + shared + "_int8", (c, key) ->
                locks(c).unlockAdvisory(session(c).txn().lockOwner(), session(c).identity().databaseOid(), (Long) key, share));
            registry.fn2("pg_advisory_unlock" + shared + "_int4", (c, a, b) -> locks(c).unlockAdvisory(session(c).txn().lockOwner(),
                session(c).identity().databaseOid(), ((Long) a).intValue(), ((Long) b).intValue(), share));
        }
        registry.fn0("pg_advisory_unlock_all", c -> {
            locks(c).unlockAllAdvisory(session(c).txn().lockOwner());
            return "";
        });
    }

    private static void advisory(FunctionRegistry.Builder registry, String name, boolean share, boolean sessionLevel, boolean attempt) {
        registry.fn1(name + "_int8", (c, key) -> answer(attempt, locks(c).lockAdvisory(session(c).txn().lockOwner(),
            session(c).identity().databaseOid(), (Long) key, share, sessionLevel, policy(c, attempt))));
        registry.fn2(name + "_int4", (c, a, b) -> answer(attempt, locks(c).lockAdvisory(session(c).txn().lockOwner(),
            session(c).identity().databaseOid(), ((Long) a).intValue(), ((Long) b).intValue(), share, sessionLevel, policy(c, attempt))));
    }

    private static WaitPolicy policy(FunctionContext context, boolean attempt) {
        return attempt ? WaitPolicy.NOWAIT : session(context).waitPolicy();
    }

    /** The waiting variants return void. */
    private static Object answer(boolean attempt, boolean acquired) {
        return attempt ? (Object) acquired : "";
    }

    private static Session session(FunctionContext context) {
        return SessionFunctions.sessionOf(context);
    }

    private static SessionServices services(FunctionContext context) {
        return session(context).services();
    }

    private static LockManager locks(FunctionContext context) {
        return services(context).transactions().locks();
    }

    private static Object blocking(FunctionContext context, int pid) {
        int[] pids = locks(context).blockingProcesses(pid);
        Object[] values = new Object[pids.length];
        for (int i = 0; i < pids.length; i++) {
            values[i] = (long) pids[i];
        }
        return ArrayValue.of(BuiltinTypes.get(Oids.INT4), values);
    }

    /** Columns as in pg_proc: datid, pid, usesysid, application_name, state, query, wait_event_type ... gss_delegation, query_id. */
    private static SetFunction.RowCursor activity(SessionServices services, Long pid) {
        List<Object[]> rows = new ArrayList<>();
        for (Session session : services.sessions().all()) {
            if (pid == null || pid == session.processId()) {
                rows.add(row(session));
            }
        }
        return SetFunction.RowCursor.ofRows(rows.iterator());
    }

    private static Object[] row(Session session) {
        var activity = session.activity();
        var owner = session.txn().lockOwner();
        Object[] row = new Object[30];
        row[0] = Integer.toUnsignedLong(session.identity().databaseOid());
        row[1] = (long) session.processId();
        row[2] = Integer.toUnsignedLong(session.identity().userOid());
        row[3] = activity.applicationName();
        row[4] = activity.state();
        row[5] = activity.query();
        String waiting = owner.waitEvent();
        row[6] = waiting != null ? "Lock" : activity.state().equals("active") ? null : "Client";
        row[7] = waiting != null ? waiting : activity.state().equals("active") ? null : "ClientRead";
        row[8] = time(activity.transactionStartMicros());
        row[9] = time(activity.queryStartMicros());
        row[10] = time(session.identity().startMicros());
        row[11] = time(activity.stateChangeMicros());
        if (session.identity().client() instanceof InetSocketAddress client) {
            row[12] = BuiltinTypes.get(Oids.INET).ops().fromText(client.getAddress().getHostAddress(), -1, io.quantadb.types.TextContext.DEFAULT);
            row[14] = (long) client.getPort();
        }
        row[15] = owner.xid() == 0 ? null : (Object) (owner.xid() & 0xFFFF_FFFFL);
        row[17] = "client backend";
        row[18] = session.identity().tls();
        row[25] = false;
        return row;
    }

    private static Object time(long micros) {
        return micros == 0 ? null : (Object) (micros - POSTGRES_EPOCH_MICROS);
    }

    /** Columns of pg_locks. */
    private static SetFunction.RowCursor locks(SessionServices services) {
        List<Object[]> rows = new ArrayList<>();
        for (LockInfo lock : services.transactions().locks().list()) {
            Object[] row = new Object[16];
            row[0] = lock.type();
            boolean relation = lock.type().equals("relation") || lock.type().equals("tuple");
            boolean advisory = lock.type().equals("advisory");
            row[1] = relation || advisory ? (Object) Integer.toUnsignedLong(lock.databaseOid()) : null;
            row[2] = relation ? (Object) Integer.toUnsignedLong(lock.relationOid()) : null;
            row[3] = lock.tid() >= 0 ? (Object) (lock.tid() >>> 16) : null;
            row[4] = lock.tid() >= 0 ? (Object) (lock.tid() & 0xFFFF) : null;
            row[6] = lock.xid() != 0 ? (Object) (lock.xid() & 0xFFFF_FFFFL) : null;
            row[7] = advisory ? (Object) Integer.toUnsignedLong(lock.classId()) : null;
            row[8] = advisory ? (Object) Integer.toUnsignedLong(lock.objectId()) : null;
            row[9] = advisory ? (Object) (long) lock.objectSubId() : null;
            row[10] = lock.processId() + "/1";
            row[11] = (long) lock.processId();
            row[12] = lock.modeName();
            row[13] = lock.granted();
            row[14] = lock.fastPath();
            row[15] = lock.waitStartMicros() == 0 ? null : (Object) (lock.waitStartMicros() - POSTGRES_EPOCH_MICROS);
            rows.add(row);
        }
        return SetFunction.RowCursor.ofRows(rows.iterator());
    }
}
