package io.quantadb.session;

import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.ReplicationInfo;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Interval;
import io.quantadb.types.Oids;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Replication as a session's functions see it: rows made of {@link ClusterInfo}, and PostgreSQL's rules for slots. */
final class ReplicationInfoService implements ReplicationInfo {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final int NAME_BYTES = 63;
    private static final long STEP_MILLIS = 50;
    private static final int ACTIVITY_COLUMNS = 30;

    private final Session session;
    private final ClusterInfo cluster;

    ReplicationInfoService(Session session) {
        this.session = session;
        this.cluster = session.services().cluster();
    }

    private static Object moment(long unixMicros) {
        return unixMicros == 0 ? null : (Object) (unixMicros - POSTGRES_EPOCH_MICROS);
    }

    private static Object lsn(long lsn) {
        return lsn == 0 ? null : (Object) lsn;
    }

    private static Object lag(long micros) {
        return micros < 0 ? null : new Interval(0, 0, micros);
    }

    private long senderPid(String nodeId) {
        return session.services().sessions().processIdOf("walsender " + nodeId);
    }

    private long receiverPid() {
        return session.services().sessions().processIdOf("walreceiver");
    }

    @Override
    public List<Object[]> senders() {
        List<Object[]> rows = new ArrayList<>();
        boolean visible = StatisticsInfoService.seesAll(session);
        for (ClusterInfo.Sender sender : cluster.senders()) {
            Object[] row = new Object[12];
            row[0] = senderPid(sender.nodeId());
            if (visible) {
                row[1] = sender.state();
                row[2] = lsn(sender.sentLsn());
                row[3] = lsn(sender.writeLsn());
                row[4] = lsn(sender.flushLsn());
                row[5] = lsn(sender.replayLsn());
                row[6] = lag(sender.writeLagMicros());
                row[7] = lag(sender.flushLagMicros());
                row[8] = lag(sender.replayLagMicros());
                row[9] = (long) sender.syncPriority();
                row[10] = sender.syncState().name().toLowerCase(Locale.ROOT);
                row[11] = moment(sender.replyMicros());
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public Object[] receiver() {
        ClusterInfo.Receiver receiver = cluster.receiver();
        if (receiver == null) {
            return null;
        }
        Object[] row = new Object[15];
        row[0] = receiverPid();
        if (StatisticsInfoService.seesAll(session)) {
            row[1] = receiver.status();
            row[2] = lsn(receiver.startLsn());
            row[3] = (long) receiver.startTimeline();
            row[4] = lsn(receiver.writtenLsn());
            row[5] = lsn(receiver.flushedLsn());
            row[6] = (long) receiver.timeline();
            row[7] = moment(receiver.sentMicros());
            row[8] = moment(receiver.receivedMicros());
            row[9] = lsn(receiver.latestEndLsn());
            row[10] = moment(receiver.latestEndMicros());
            row[11] = receiver.slotName();
            row[12] = receiver.senderHost();
            row[13] = receiver.senderPort() < 0 ? null : (Object) (long) receiver.senderPort();
        }
        return row;
    }

    /** Rows of pg_stat_get_activity for the streams: pg_stat_replication joins them. @param processId null for all */
    List<Object[]> activity(Integer processId) {
        List<Object[]> rows = new ArrayList<>();
        for (ClusterInfo.Sender sender : cluster.senders()) {
            add(rows, processId, backend(senderPid(sender.nodeId()), "walsender", "WalSenderMain", sender.nodeId(), sender.startMicros(),
                sender.address(), sender.port()));
        }
        ClusterInfo.Receiver receiver = cluster.receiver();
        if (receiver != null) {
            add(rows, processId, backend(receiverPid(), "walreceiver", "WalReceiverMain", "", receiver.startMicros(), null, -1));
        }
        return rows;
    }

    private static void add(List<Object[]> rows, Integer processId, Object[] row) {
        if (processId == null || (Long) row[1] == processId.longValue()) {
            rows.add(row);
        }
    }

    private Object[] backend(long processId, String type, String waitEvent, String applicationName, long startMicros, String address, int port) {
        Object[] row = new Object[ACTIVITY_COLUMNS];
        row[1] = processId;
        row[3] = applicationName;
        row[17] = type;
        if (!StatisticsInfoService.seesAll(session)) {
            row[5] = "<insufficient privilege>";
            return row;
        }
        row[4] = address == null ? null : "active";
        row[5] = "";
        row[6] = "Activity";
        row[7] = waitEvent;
        row[10] = moment(startMicros);
        row[11] = row[10];
        if (address != null) {
            putAddress(row, address);
            row[14] = (long) port;
        }
        return row;
    }

    private static void putAddress(Object[] row, String address) {
        try {
            row[12] = BuiltinTypes.get(Oids.INET).ops().fromText(address, -1, TextContext.DEFAULT);
        } catch (SqlException _) {
            // A name: looking it up could take seconds.
            row[13] = address;
        }
    }

    // ---- Slots

    @Override
    public List<Object[]> slots() {
        List<Object[]> rows = new ArrayList<>();
        for (ClusterInfo.Slot slot : cluster.slots()) {
            Object[] row = new Object[14];
            row[0] = slot.name();
            row[2] = "physical";
            row[4] = false;
            row[5] = slot.active();
            row[6] = slot.active() ? (Object) senderPid(slot.nodeId()) : null;
            row[9] = lsn(slot.restartLsn());
            row[11] = slot.restartLsn() == 0 && slot.walStatus() != ClusterInfo.WalStatus.LOST ? null
                : slot.walStatus().name().toLowerCase(Locale.ROOT);
            row[12] = slot.safeWalSize() < 0 ? null : (Object) slot.safeWalSize();
            row[13] = false;
            rows.add(row);
        }
        return rows;
    }

    private void checkRight() {
        var role = session.catalog().role(session.roleOid());
        if (!session.isSuperuser() && (role == null || !role.replication())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser or replication role to use replication slots");
        }
    }

    private ClusterInfo.Slot find(String name) {
        return cluster.slots().stream().filter(slot -> slot.name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public Long createSlot(String name, boolean reserve, boolean temporary) {
        checkRight();
        checkName(name);
        if (temporary) {
            throw SqlException.notSupported("temporary replication slots are not supported");
        }
        if (find(name) != null) {
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "replication slot \"" + name + "\" already exists");
        }
        long restart = cluster.createSlot(name, reserve);
        return restart == 0 ? null : (Long) restart;
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new SqlException(SqlState.INVALID_NAME, "replication slot name \"\" is too short");
        }
        if (name.length() > NAME_BYTES) {
            throw new SqlException(SqlState.NAME_TOO_LONG, "replication slot name \"" + name + "\" is too long");
        }
        if (!name.matches("[a-z0-9_]*")) {
            throw new SqlException(SqlState.INVALID_NAME, "replication slot name \"" + name + "\" contains invalid character")
                .withHint("Replication slot names may only contain lower case letters, numbers, and the underscore character.");
        }
    }

    @Override
    public void dropSlot(String name) {
        checkRight();
        ClusterInfo.Slot slot = find(name);
        if (slot == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "replication slot \"" + name + "\" does not exist");
        }
        if (slot.active()) {
            throw new SqlException(SqlState.OBJECT_IN_USE, "replication slot \"" + name + "\" is active for PID " + senderPid(slot.nodeId()));
        }
        cluster.dropSlot(name);
    }

    // ---- Promotion

    @Override
    public void requireExecute(int functionOid) {
        var function = session.catalog().function(functionOid);
        if (!session.isSuperuser() && Privileges.onFunction(session.catalog(), session.roleOid(), function, Privilege.EXECUTE.bit()) == 0) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function.name());
        }
    }

    @Override
    public boolean promote(int waitSeconds) {
        CompletableFuture<Boolean> promotion = cluster.promote();
        if (waitSeconds == 0) {
            if (promotion.isCompletedExceptionally()) {
                awaitStep(promotion);
            }
            return true;
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        while (!promotion.isDone()) {
            if (System.nanoTime() - deadline >= 0) {
                session.notice(new SqlException(SqlState.WARNING, "server did not promote within " + waitSeconds
                    + (waitSeconds == 1 ? " second" : " seconds")).withSeverity(Severity.WARNING));
                return false;
            }
            awaitStep(promotion);
            session.interrupts().check();
        }
        return awaitStep(promotion);
    }

    /** @return whether it has come to its end, and well */
    private static boolean awaitStep(CompletableFuture<Boolean> promotion) {
        try {
            return promotion.get(STEP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
        } catch (ExecutionException e) {
            throw refused(e);
        }
    }

    private static SqlException refused(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SqlException reason) {
            return reason;
        }
        return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the cluster did not promote this node", cause)
            .withDetail(cause.getMessage());
    }
}
