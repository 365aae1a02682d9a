package io.quantadb.session;

import io.quantadb.base.Invariant;
import io.quantadb.base.InvariantViolation;
import io.quantadb.base.Lsn;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.Storage;
import io.quantadb.maintenance.TransactionActivity;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.snapshot.SnapshotRegistry;
import io.quantadb.txn.snapshot.SnapshotSlot;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.lock.WouldBlock;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session: takes the client's messages as calls and answers through a {@link ClientWriter}.
 *
 * <p>Thread rule: one message at a time, on whatever thread; the caller hands the session over with a happens-before
 * edge. A message is first handled on the event loop that read it
 * ({@link #mayWait(boolean)} false); if it may wait or run long, {@link OffLoop} is thrown before it had any effect,
 * and it is handled again on a virtual thread. {@link #interrupts()},
 * {@link #terminate()} and {@link #activity()} may be used by any thread.
 *
 * <p>Errors of users are answered and never thrown from here; a broken invariant is thrown on to the supervisor.
 */
public final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final SessionServices services;
    private final SessionIdentity identity;
    private final ClientWriter out;
    private final int processId;
    private final int secretKey;
    private final TxnSession txn;
    private final Settings settings;
    private final HotSettings hot;
    private final TransactionActivity tableActivity;
    private final TransactionBlock block;
    private final SessionInterrupts interrupts;
    private final SessionActivity activity;
    private final SessionTextContext text;
    private final SessionFunctions functions;
    private final Statements statements;
    private final StatementExecution execution;
    private final ExtendedProtocol extended;
    private final SessionCommands commands;

    private boolean mayWait;
    private boolean knownReplica;
    /** Null until this session has read on a replica. */
    private volatile SnapshotSlot reading;
    private long statementStartMicros;
    private final SessionCatalog catalog = new SessionCatalog(this);
    private final SessionStorage storage = new SessionStorage(this);
    private ScheduledFuture<?> idleTimeout;
    private Runnable onTerminate = () -> { };
    private Runnable onClose = () -> { };
    private final ConcurrentLinkedQueue<Notification> notifications = new ConcurrentLinkedQueue<>();
    private volatile Runnable onNotification = () -> { };
    private boolean closed;

    /** Registers the session; the caller holds a connection slot. */
    public Session(SessionServices services, SessionIdentity identity, ClientWriter out) {
        this.services = services;
        this.identity = identity;
        this.out = out;
        this.processId = services.sessions().newProcessId();
        this.secretKey = services.sessions().newSecretKey();
        this.txn = services.transactions().openSession(processId);
        this.settings = new Settings(services.settings());
        this.hot = new HotSettings(settings, identity.userName());
        this.tableActivity = new TransactionActivity(services.statistics().tables(), identity.databaseOid());
        this.block = new TransactionBlock(txn, settings, tableActivity);
        block.statementStart(() -> statementStartMicros);
        txn.beforeSnapshot(this::checkStaleness);
        this.interrupts = new SessionInterrupts(txn.lockOwner()::interrupt);
        this.txn.lockOwner().setInterruptCheck(interrupts::check);
        this.activity = new SessionActivity(services.clock());
        this.text = new SessionTextContext(this);
        this.functions = new SessionFunctions(this);
        this.statements = new Statements(this);
        this.execution = new StatementExecution(this);
        this.extended = new ExtendedProtocol(this);
        this.commands = new SessionCommands(this);
        this.settings.listen(this::settingChanged);
        services.sessions().add(this);
        reportRole();
    }

    /** Tells the client what the node is, when that changes. */
    private void reportRole() {
        boolean replica = services.recovery().isReplica();
        if (replica != knownReplica) {
            knownReplica = replica;
            settings.setInternal("in_hot_standby", replica ? "on" : "off");
        }
    }

    /**
     * On a replica: keeps files that the catalogs name from being removed while the message is handled. What is looked up in the catalogs from
     * now on is dropped, if at all, by a commit above this position.
     */
    private void beginReading() {
        if (services.recovery().isReplica()) {
            SnapshotRegistry snapshots = services.transactions().snapshots();
            if (reading == null) {
                reading = snapshots.open();
            }
            if (reading.count() == 0) {
                reading.register(snapshots.horizonSupplier(), 0);
            }
        }
    }

    /**
     * Replay is about to remove row versions deleted at this LSN: whoever may need them fails. Any thread.
     *
     * @param disown replay does not wait for these snapshots any more
     */
    public void cancelReadersBelow(long lsn, boolean disown) {
        SnapshotSlot own = reading;
        if (txn.snapshots().oldest() < lsn || own != null && own.oldest() < lsn) {
            interrupts.raise(SessionInterrupts.Request.RECOVERY_CONFLICT);
            if (disown) {
                txn.snapshots().disown();
                if (own != null) {
                    own.disown();
                }
            }
        }
    }

    void endReading() {
        if (reading != null && reading.count() > 0) {
            reading.clear();
        }
    }

    private void settingChanged(SettingDefinition definition, String value) {
        text.settingChanged(definition.name(), value);
        hot.changed(definition.name());
        switch (definition.name()) {
            case "lock_timeout" -> txn.lockOwner().setLockTimeoutMillis(Long.parseLong(value));
            case "deadlock_timeout" -> txn.lockOwner().setDeadlockTimeoutMillis(Long.parseLong(value));
            case "application_name" -> activity.applicationName(value);
            case "search_path", "role", "session_authorization" -> catalog.forgetReader();
            default -> { }
        }
        if (Settings.isReported(definition.name())) {
            out.parameterStatus(definition.name(), value);
        }
    }

    // ---- Messages

    /** Whether the message handled next may wait. False on event loops. */
    public void mayWait(boolean newMayWait) {
        mayWait = newMayWait;
    }

    /** Query: any number of statements in one string, answered up to ReadyForQuery. */
    public void simpleQuery(String sql) {
        beginMessage(sql);
        int mark = out.mark();
        boolean wasIdle = block.state() == TransactionBlock.State.IDLE;
        try {
            statements.closeUnnamed();
            String tag = execution.runShaped(sql);
            if (tag == null) {
                runAll(sql, SqlParser.parse(sql));
            } else {
                endImplicit();
                out.commandComplete(tag);
            }
        } catch (OffLoop | WouldBlock e) {
            undoAttempt(wasIdle, mark);
            throw OffLoop.INSTANCE;
        } catch (Throwable e) {
            fail(e);
        }
        ready();
    }

    private void runAll(String sql, List<ParsedStatement> parsed) {
        if (parsed.isEmpty()) {
            out.emptyQueryResponse();
            return;
        }
        if (parsed.size() > 1) {
            requireThread();
        }
        for (int i = 0; i < parsed.size(); i++) {
            boolean last = i == parsed.size() - 1;
            String tag = execution.runSimple(sql, parsed.get(i), parsed.size() > 1);
            if (last) {
                endImplicit();
            }
            out.commandComplete(tag);
        }
    }

    /** Parse. */
    public void parse(String name, String sql, int[] parameterTypes) {
        guarded(sql, () -> extended.parse(name, sql, parameterTypes));
    }

    /**
     * Bind.
     *
     * @param values raw parameter values, null entries for NULL
     */
    public void bind(String portal, String statement, short[] parameterFormats, byte[][] values, short[] resultFormats) {
        guarded(null, () -> extended.bind(portal, statement, parameterFormats, values, resultFormats));
    }

    public void describeStatement(String name) {
        guarded(null, () -> extended.describeStatement(name));
    }

    public void describePortal(String name) {
        guarded(null, () -> extended.describePortal(name));
    }

    /** Execute. @param maximumRows 0 for all */
    public void execute(String portal, int maximumRows) {
        guarded(null, () -> extended.execute(portal, maximumRows));
    }

    public void closeStatement(String name) {
        guarded(null, () -> extended.closeStatement(name));
    }

    public void closePortal(String name) {
        guarded(null, () -> extended.closePortal(name));
    }

    /** Sync: ends an implicit transaction, and a run of messages skipped because of an error. */
    public void sync() {
        boolean skipped = extended.isSkipping();
        extended.stopSkipping();
        if (!skipped) {
            try {
                endImplicit();
            } catch (OffLoop | WouldBlock e) {
                throw OffLoop.INSTANCE;
            } catch (Throwable e) {
                fail(e);
            }
        }
        ready();
    }

    /** Flush. */
    public void flush() {
        out.flush();
    }

    private void guarded(String sql, Runnable message) {
        if (extended.isSkipping()) {
            return;
        }
        if (sql != null) {
            beginMessage(sql);
        } else {
            wakeFromIdle();
        }
        int mark = out.mark();
        boolean wasIdle = block.state() == TransactionBlock.State.IDLE;
        try {
            message.run();
        } catch (OffLoop | WouldBlock e) {
            undoAttempt(wasIdle, mark);
            throw OffLoop.INSTANCE;
        } catch (Throwable e) {
            fail(e);
            extended.startSkipping();
        }
    }

    private void undoAttempt(boolean wasIdle, int mark) {
        if (mayWait) {
            throw new InvariantViolation("a thread that may wait was told not to");
        }
        statements.resetRunning();
        if (wasIdle && block.state() == TransactionBlock.State.IMPLICIT) {
            statements.closePortals();
            block.rollback();
        }
        out.rewind(mark);
    }

    private void beginMessage(String sql) {
        wakeFromIdle();
        statementStartMicros = services.clock().wallMicros();
        activity.active(sql, statementStartMicros);
    }

    private void wakeFromIdle() {
        interrupts.beginStatement();
        beginReading();
        if (idleTimeout != null) {
            idleTimeout.cancel(false);
            idleTimeout = null;
        }
    }

    private void ready() {
        char status = block.status();
        if (status != 'I') {
            long timeout = hot.idleInTransactionTimeoutMillis();
            if (timeout > 0) {
                idleTimeout = services.sessions().schedule(this::idleTooLong, timeout);
            }
        }
        endReading();
        if (block.transaction() == null) {
            interrupts.endConflict();
        }
        reportRole();
        activity.idle(block.state());
        deliverNotifications();
        holdReplies();
        out.readyForQuery(status);
    }

    /**
     * What was read may build on commits above the durable horizon (our own, or those of whom we waited for): the
     * reply waits for them.
     */
    void holdReplies() {
        long lsn = txn.replyLsn();
        if (lsn != 0) {
            txn.resetReplyLsn();
            if (lsn > services.wal().flushLsn()) {
                out.holdUntilDurable(lsn);
            }
        }
    }

    private void idleTooLong() {
        onTerminate.run();
    }

    /** Throws {@link OffLoop} on an event loop: what follows may wait or run long. */
    void requireThread() {
        if (!mayWait) {
            throw OffLoop.INSTANCE;
        }
    }

    // ---- Ends of transactions

    /** Commits the implicit transaction, if there is one. */
    void endImplicit() {
        if (block.state() == TransactionBlock.State.IMPLICIT) {
            commit();
        }
    }

    /** Commits whatever transaction is running; the reply waits for its durability. */
    void commit() {
        CommitLevel level = hot.commitLevel();
        boolean waits = waitsInCommit();
        try {
            requireThreadForCommit(waits);
            statements.beforeCommit();
            execution.beforeCommit();
            requireThreadForCommit(waits);
        } catch (Throwable e) {
            if (e != OffLoop.INSTANCE && e != WouldBlock.INSTANCE) {
                statements.endTransaction();
                block.rollback();
            }
            throw e;
        }
        boolean sync = waits ? !level.isBelowHorizon() : level != CommitLevel.OFF;
        long lsn;
        try {
            lsn = block.commit(sync);
        } catch (Throwable e) {
            // Serialization failure, no room in the WAL: the transaction is over, and the session not in a failed block.
            rollback();
            throw e;
        }
        statements.endTransaction();
        if (lsn != 0) {
            committed(lsn, level, sync, waits);
        }
    }

    private void committed(long lsn, CommitLevel level, boolean sync, boolean waits) {
        if (hot.reportsCommitLsn()) {
            settings.setInternal("quantadb.last_commit_lsn", Lsn.format(lsn));
        }
        if (sync) {
            out.holdUntilDurable(lsn);
        }
        if (waits) {
            CommitWait.await(this, level, lsn);
        }
    }

    /** Whether commits wait on the session's thread, for the level of synchronous_commit that is set now. */
    boolean waitsInCommit() {
        return hot.commitLevel().needsThread() && services.cluster() != ClusterInfo.NONE;
    }

    private void requireThreadForCommit(boolean waits) {
        if (waits && block.transaction() != null && block.transaction().topXidIfAssigned() != 0) {
            requireThread();
        }
    }

    /** On a replica: fails if a snapshot taken now would show data older than quantadb.max_staleness allows. */
    private void checkStaleness() {
        long limit = hot.maxStalenessMillis();
        if (limit < 0 || !services.recovery().isReplica()) {
            return;
        }
        long age = services.cluster().stalenessMicros();
        if (age > limit * 1000) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the data of this replica is older than quantadb.max_staleness allows")
                .withDetail(age == Long.MAX_VALUE ? "It is not known how old it is." : "It is " + age / 1000 + " ms old, allowed are " + limit + " ms.")
                .withHint("Read on the primary or on another replica, or raise quantadb.max_staleness.");
        }
    }

    /**
     * Runs work of the server itself in a session without client, in a transaction; what the work throws is thrown after the rollback. The
     * calling thread may wait.
     */
    public void runInternally(Runnable work) {
        mayWait = true;
        wakeFromIdle();
        statementStartMicros = services.clock().wallMicros();
        block.beginImplicit();
        try {
            work.run();
            commit();
        } catch (Throwable e) {
            rollback();
            throw e;
        }
    }

    /** For commands that run in several transactions (VACUUM): commits this one and begins the next. Not in a transaction block. */
    public void nextTransaction() {
        Invariant.check(!block.isExplicit(), "a command ends the transaction block it runs in");
        commit();
        block.beginImplicit();
    }

    void rollback() {
        statements.endTransaction();
        execution.forgetEvents();
        block.rollback();
    }

    private void fail(Throwable error) {
        services.statistics().countError();
        statements.closeRunning();
        execution.forgetEvents();
        if (block.state() == TransactionBlock.State.IMPLICIT || block.state() == TransactionBlock.State.BLOCK && block.level() == 0) {
            statements.endTransaction();
        }
        block.fail();
        SqlException answer = ErrorTranslation.forClient(error);
        if (answer.state() == SqlState.INTERNAL_ERROR) {
            LOG.error("session {}: {}", processId, answer.getMessage(), error);
        } else {
            LOG.debug("session {}: {} {}", processId, answer.state().code(), answer.getMessage());
        }
        out.error(answer);
        if (error instanceof InvariantViolation violation) {
            throw violation;
        }
        if (answer.severity().compareTo(io.quantadb.error.Severity.FATAL) >= 0) {
            throw answer;
        }
    }

    /**
     * A message could not be decoded, though its end was found: fails like a statement would.
     *
     * @param simpleQuery it was a Query, which is answered up to ReadyForQuery; after others all is skipped up to Sync
     */
    public void failMessage(SqlException error, boolean simpleQuery) {
        if (extended.isSkipping()) {
            return;
        }
        wakeFromIdle();
        fail(error);
        if (simpleQuery) {
            ready();
        } else {
            extended.startSkipping();
        }
    }

    /** What of this session another node can rebuild; null if that is not all. Only between transactions. */
    public SessionTransfer transfer() {
        return SessionTransfer.of(this);
    }

    /** Whether nothing runs and no transaction is open. */
    public boolean isIdle() {
        return block.state() == TransactionBlock.State.IDLE && !extended.isSkipping();
    }

    /** The client is gone: whatever runs is to end soon. Any thread. */
    public void interruptForDisconnect() {
        interrupts.raise(SessionInterrupts.Request.TERMINATE);
    }

    // ---- What parts of the session, and commands, use

    public SessionServices services() {
        return services;
    }

    public SessionIdentity identity() {
        return identity;
    }

    public Settings settings() {
        return settings;
    }

    HotSettings hot() {
        return hot;
    }

    public ClientWriter out() {
        return out;
    }

    public SessionTextContext text() {
        return text;
    }

    public SessionFunctions functions() {
        return functions;
    }

    TransactionBlock block() {
        return block;
    }

    Statements statements() {
        return statements;
    }

    public StatementExecution execution() {
        return execution;
    }

    SessionCommands commands() {
        return commands;
    }

    public TxnSession txn() {
        return txn;
    }

    /** The running transaction; null if there is none. */
    public Transaction transaction() {
        return block.transaction();
    }

    /** Whether the role whose rights apply now is a superuser. */
    public boolean isSuperuser() {
        String role = settings.get("role");
        boolean ownRights = role == null || role.equals("none") || role.equals(identity.userName());
        return ownRights ? identity.superuser() : catalog().role(role) != null && catalog().role(role).superuser();
    }

    /** Oid of the role whose rights apply now. */
    public int roleOid() {
        String role = settings.get("role");
        if (role == null || role.equals("none")) {
            return identity.userOid();
        }
        var found = catalog().role(role);
        return found == null ? identity.userOid() : found.oid();
    }

    /** Whether this node is a replica, or not yet promoted: nobody can write here. */
    public boolean inRecovery() {
        return services.recovery().isReplica();
    }

    /** As SHOW prints a setting, those of the running transaction included. */
    public String showSetting(String name) {
        switch (SettingCatalog.key(name)) {
            case "transaction_isolation" -> {
                return (transaction() == null ? TransactionBlock.isolation(settings.get("default_transaction_isolation"))
                    : transaction().isolation()).sqlName();
            }
            case "in_hot_standby" -> {
                return inRecovery() ? "on" : "off";
            }
            case "quantadb.last_commit_lsn" -> {
                return txn.lastCommitLsn() == 0 ? "" : Lsn.format(txn.lastCommitLsn());
            }
            case "transaction_read_only" -> {
                boolean readOnly = transaction() == null ? settings.isOn("default_transaction_read_only") || services.recovery().isReplica()
                    : transaction().readOnly();
                return readOnly ? "on" : "off";
            }
            case "transaction_deferrable" -> {
                boolean deferrable = transaction() == null ? settings.isOn("default_transaction_deferrable") : transaction().deferrable();
                return deferrable ? "on" : "off";
            }
            default -> {
                return settings.show(name);
            }
        }
    }

    /** Whether BEGIN has been given. */
    public boolean inTransactionBlock() {
        return block.isExplicit();
    }

    public WaitPolicy waitPolicy() {
        return mayWait ? WaitPolicy.BLOCK : WaitPolicy.WOULD_BLOCK;
    }

    /** The catalog as the current statement sees it. */
    public CatalogReader catalog() {
        return catalog.reader();
    }

    /** The catalogs of the running transaction, for commands that change them. */
    public SessionCatalog sessionCatalog() {
        return catalog;
    }

    /**
     * To be called when the next statement must look at the catalog anew: the search path or temporary schema changed.
     */
    public void forgetCatalog() {
        catalog.forgetReader();
    }

    public Storage storage() {
        return storage;
    }

    /** Arrival of the message being handled, microseconds since 1970. */
    public long statementStartMicros() {
        return statementStartMicros;
    }

    public SessionInterrupts interrupts() {
        return interrupts;
    }

    /** Where the running transaction counts what it does to tables. */
    public TransactionActivity tableActivity() {
        return tableActivity;
    }

    /** What the session is doing, for other sessions to look at. */
    public SessionActivity activity() {
        return activity;
    }

    public int processId() {
        return processId;
    }

    public int secretKey() {
        return secretKey;
    }

    public void notice(SqlException notice) {
        if (NoticeFilter.passes(notice, settings.get("client_min_messages"))) {
            out.notice(notice);
        }
    }

    /** What to do to end an idle session from outside: closes the connection. */
    public void onTerminate(Runnable action) {
        onTerminate = action;
    }

    /** pg_terminate_backend: ends the running statement, then the session. Any thread. */
    public void terminate() {
        interrupts.raise(SessionInterrupts.Request.TERMINATE);
        onTerminate.run();
    }

    private record Notification(int processId, String channel, String payload) {
    }

    /** How a notification that arrives while the session is idle gets the connection's attention. */
    public void onNotification(Runnable action) {
        onNotification = action;
    }

    /** Another session's NOTIFY. Any thread; does not block. */
    public void notifyLater(int sender, String channel, String payload) {
        notifications.add(new Notification(sender, channel, payload));
        onNotification.run();
    }

    /** Sends what has arrived, unless a transaction is open: then it waits for its end. */
    public void deliverNotifications() {
        if (notifications.isEmpty() || block.state() != TransactionBlock.State.IDLE) {
            return;
        }
        for (Notification next = notifications.poll(); next != null; next = notifications.poll()) {
            out.notification(next.processId(), next.channel(), next.payload());
        }
    }

    /** What to do when the session ends, after its transaction is rolled back. */
    public void onClose(Runnable action) {
        onClose = action;
    }

    /** Temporary tables are dropped in a transaction of their own; if that fails, the next owner of the schema does it. */
    private void dropTemporary() {
        if (catalog.temporarySchema() == 0 || services.recovery().isReplica()) {
            return;
        }
        try {
            mayWait = true;
            block.beginImplicit();
            services.utility().discardTemporary(this);
            block.commit(false);
        } catch (RuntimeException e) {
            LOG.warn("session {}: its temporary tables could not be dropped", processId, e);
            block.rollback();
        }
    }

    /** Rolls back what is open and lets go of everything. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        wakeFromIdle();
        statements.closeAll();
        block.rollback();
        dropTemporary();
        onClose.run();
        if (reading != null) {
            services.transactions().snapshots().close(reading);
        }
        txn.close();
        services.sessions().remove(this);
    }
}
