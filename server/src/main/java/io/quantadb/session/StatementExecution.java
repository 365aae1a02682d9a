package io.quantadb.session;

import io.quantadb.base.InvariantViolation;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.RowEvents;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.WouldBlock;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.Oids;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Supplier;

/** Compiles and runs single statements for a session, inside its transaction. Confined to the session's thread. */
public final class StatementExecution {
    private static final int[] NO_TYPES = new int[0];
    private static final Object[] NO_VALUES = new Object[0];

    private final Session session;
    private RowEvents rowEvents = RowEvents.NONE;
    private DeferredWork deferred = DeferredWork.NONE;

    /** Checks that are due when a statement or the transaction ends: foreign keys, constraint triggers. */
    public interface DeferredWork {
        DeferredWork NONE = new DeferredWork() {
        };

        default void statementEnd() {
        }

        /** Runs what was put off to the commit. */
        default void beforeCommit() {
        }

        /** The transaction failed: nothing is due any more. */
        default void forget() {
        }

        /** Whether nothing is waiting, so that a commit is quick. */
        default boolean isIdle() {
            return true;
        }
    }

    StatementExecution(Session session) {
        this.session = session;
    }

    /** Installs what hears of changed rows and does the checks that follow from them. */
    public void install(RowEvents events, DeferredWork work) {
        rowEvents = events;
        deferred = work;
    }

    void beforeCommit() {
        if (!deferred.isIdle()) {
            session.requireThread();
            deferred.beforeCommit();
        }
    }

    void forgetEvents() {
        deferred.forget();
    }

    /** SET CONSTRAINTS and the end of statements run through SQL functions come here too. */
    public void statementEnd() {
        deferred.statementEnd();
    }

    // ---- Simple protocol

    /**
     * Runs one statement of a Query message and sends its rows, all in text format.
     *
     * @return the command tag, to be sent after the commit
     */
    String runSimple(String sql, ParsedStatement parsed, boolean severalStatements) {
        Statement statement = parsed.statement();
        checkNotFailed(statement);
        if (statement instanceof TransactionStatement transaction) {
            return session.commands().transaction(transaction);
        }
        if (statement instanceof SessionStatement command && session.commands().handles(command)) {
            session.block().beginImplicit();
            return session.commands().execute(command, sql, parsed);
        }
        session.block().beginImplicit();
        CompiledStatement compiled = compile(sql, parsed, NO_TYPES);
        requireParameters(compiled, sql, parsed, 0);
        if (compiled.isUtility()) {
            forbidInBlock(compiled, severalStatements);
            return runUtility(compiled, sql, NO_VALUES, new short[compiled.columns().size()], true);
        }
        return runSimple(compiled, NO_VALUES);
    }

    /** 42P02 unless values for the statement's parameters are there: a Query message can give none. */
    void requireParameters(CompiledStatement compiled, String sql, ParsedStatement parsed, int given) {
        if (compiled.parameterTypes().length > given) {
            AnalyzerContext without = AnalyzerContext.of(session.catalog(), session.text(), session.roleOid());
            Analyzer.analyze(parsed, sql, without);
            throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + (given + 1));
        }
    }

    private String runSimple(CompiledStatement compiled, Object[] parameters) {
        Portal portal = new Portal("", compiled, parameters, new short[compiled.columns().size()], session.block().level());
        if (compiled.returnsRows()) {
            session.out().rowDescription(compiled.columns(), portal.formats());
        }
        return runToEnd(portal);
    }

    /**
     * Runs a Query message whose statement differs from one that ran before in integer literals only, with that one's
     * plan. Done for statements that touch a single row: their plan does not depend on the values, and compiling costs
     * more than running them.
     *
     * @return the command tag; null if the text must be parsed and compiled as it stands
     */
    String runShaped(String sql) {
        if (session.block().isFailed()) {
            return null;
        }
        LiteralShape shape = LiteralShape.of(sql);
        if (shape == null) {
            return null;
        }
        session.block().beginImplicit();
        CompiledStatement compiled = compileShape(shape);
        return compiled == null ? null : runSimple(compiled, shape.values());
    }

    private CompiledStatement compileShape(LiteralShape shape) {
        while (true) {
            CompiledStatement compiled = steady(() -> compileShapeUnlocked(shape));
            if (compiled == null || lock(compiled)) {
                return compiled;
            }
        }
    }

    private CompiledStatement compileShapeUnlocked(LiteralShape shape) {
        CatalogReader catalog = session.catalog();
        if (catalog.temporarySchema() != null) {
            return null;
        }
        long version = catalog.version();
        String environment = session.hot().environment();
        int database = session.identity().databaseOid();
        int[] types = new int[shape.values().length];
        Arrays.fill(types, Oids.INT4);
        PlanCache cache = session.services().planCache();
        CompiledStatement compiled = cache.find(database, shape.sql(), environment, types, version);
        if (compiled == null && !cache.isRefused(database, shape.sql(), environment, types, version)) {
            compiled = tryShape(shape, types, catalog);
            if (compiled == null) {
                cache.refuse(database, shape.sql(), environment, types, version);
            } else if (compiled.catalogVersion() == version) {
                cache.put(database, shape.sql(), environment, types, compiled);
            }
        }
        // A client that prepares the same text may have put a plan here that is not for single rows.
        return compiled != null && compiled.inline() ? compiled : null;
    }

    /** Null if the statement needs its literals, or is wrong: then compiling the text itself says so. */
    private CompiledStatement tryShape(LiteralShape shape, int[] types, CatalogReader catalog) {
        try {
            List<ParsedStatement> parsed = SqlParser.parse(shape.sql());
            if (parsed.size() != 1) {
                return null;
            }
            long clockReads = session.text().clockReads();
            CompiledStatement compiled = session.services().compiler().compile(shape.sql(), parsed.getFirst(), types, null,
                session, catalog);
            boolean usable = clockReads == session.text().clockReads() && !compiled.isUtility() && compiled.inline() && Arrays.equals(compiled.parameterTypes(), types);
            return usable ? compiled : null;
        } catch (SqlException _) {
            return null;
        }
    }

    private void forbidInBlock(CompiledStatement compiled, boolean severalStatements) {
        if (session.services().utility().forbidsTransactionBlock(compiled.statement())) {
            checkReadOnly(compiled);
            if (session.inTransactionBlock()) {
                throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, compiled.tag() + " cannot run inside a transaction block");
            }
            if (severalStatements) {
                throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, compiled.tag() + " cannot be executed from a multi-command string");
            }
        }
    }

    /** In a failed block only its end may be asked for. */
    void checkNotFailed(Statement statement) {
        if (!session.block().isFailed()) {
            return;
        }
        boolean allowed = statement instanceof TransactionStatement.Rollback || statement instanceof TransactionStatement.Commit
            || statement instanceof TransactionStatement.RollbackToSavepoint;
        if (!allowed) {
            throw new SqlException(SqlState.IN_FAILED_SQL_TRANSACTION,
                "current transaction is aborted, commands ignored until end of transaction block");
        }
    }

    // ---- Compiling

    /**
     * Compiles through the plan cache and locks the tables the statement names. A transaction is running.
     *
     * <p>While a lock was waited for, the catalog may have changed: then what was compiled before is not what would be
     * compiled now.
     */
    CompiledStatement compile(String sql, ParsedStatement parsed, int[] parameterTypes) {
        while (true) {
            CompiledStatement compiled = steady(() -> compileUnlocked(sql, parsed, parameterTypes));
            if (lock(compiled)) {
                return compiled;
            }
        }
    }

    /**
     * Compiling looks into the catalogs many times, without locks: what fails because they changed in between is done again.
     * On a replica, where DDL is replayed under the readers, that happens now and then.
     */
    private <T> T steady(Supplier<T> compilation) {
        while (true) {
            long version = session.catalog().version();
            try {
                return compilation.get();
            } catch (OffLoop | WouldBlock e) {
                throw e;
            } catch (RuntimeException | InvariantViolation e) {
                if (session.catalog().version() == version) {
                    throw e;
                }
                session.interrupts().check();
            }
        }
    }

    /** For commands that plan a statement inside them (EXPLAIN): compiles it, locks its tables, checks privileges. */
    public CompiledStatement compileInner(String sql, ParsedStatement parsed, Object[] parameters) {
        while (true) {
            CompiledStatement compiled = steady(() -> session.services().compiler().compile(sql, parsed, NO_TYPES, parameters, session,
                session.catalog()));
            requireParameters(compiled, sql, parsed, parameters == null ? 0 : parameters.length);
            if (lock(compiled)) {
                compiled.tables().forEach(table -> table.check(session, session.catalog()));
                return compiled;
            }
        }
    }

    /** Values of the arguments of EXECUTE, which stands in {@code sql}. */
    public Object[] arguments(SessionStatement.Execute execute, String sql) {
        CompiledStatement compiled = current(session.statements().prepared(execute.name()));
        return session.services().compiler().evaluate(execute.arguments(), compiled.parameterTypes(), execute.name(), sql, session);
    }

    /** The prepared statement that EXECUTE names, planned for these arguments. */
    public CompiledStatement prepared(SessionStatement.Execute execute, Object[] arguments) {
        PreparedStatement prepared = session.statements().prepared(execute.name());
        CompiledStatement generic = current(prepared);
        if (generic.isUtility()) {
            return generic;
        }
        CompiledStatement compiled = session.services().compiler().compile(prepared.sql(), prepared.parsed(), generic.parameterTypes(),
            arguments, session, session.catalog());
        admit(compiled);
        return compiled;
    }

    /** Locks and checks what a statement inside a function uses, before it runs. */
    public void admit(CompiledStatement compiled) {
        ReadOnlyRules.check(session, compiled);
        lock(compiled);
        compiled.tables().forEach(table -> table.check(session, session.catalog()));
    }

    /** Runs a utility command inside a function; it must have no result rows. */
    public void runInner(CompiledStatement compiled, String sql, Object[] parameters) {
        runUtility(compiled, sql, parameters, new short[0], false);
    }

    /** @return false if the catalog is another than the statement was compiled against */
    private boolean lock(CompiledStatement compiled) {
        if (compiled.tables().isEmpty()) {
            return true;
        }
        CatalogReader catalog = session.catalog();
        for (TableAccess table : compiled.tables()) {
            table.acquire(session, catalog);
        }
        return compiled.catalogVersion() == catalog.version();
    }

    private CompiledStatement compileUnlocked(String sql, ParsedStatement parsed, int[] parameterTypes) {
        long version = session.catalog().version();
        String environment = session.hot().environment();
        // In a session with temporary tables the same text may mean another table than elsewhere.
        boolean cacheable = (parsed.start() == 0 || parsed.text(sql).length() == sql.length())
            && session.catalog().temporarySchema() == null;
        int database = session.identity().databaseOid();
        if (cacheable) {
            CompiledStatement found = session.services().planCache().find(database, sql, environment, parameterTypes, version);
            if (found != null) {
                return found;
            }
        }
        long clockReads = session.text().clockReads();
        CompiledStatement compiled = session.services().compiler().compile(sql, parsed, parameterTypes, null, session, session.catalog());
        cacheable &= clockReads == session.text().clockReads();
        if (cacheable && !compiled.isUtility() && compiled.catalogVersion() == version) {
            session.services().planCache().put(database, sql, environment, parameterTypes, compiled);
        }
        return compiled;
    }

    /** Compiles a prepared statement again if the catalog has changed since. */
    CompiledStatement current(PreparedStatement prepared) {
        CompiledStatement compiled = prepared.compiled();
        if (compiled.isUtility() || compiled.catalogVersion() == session.catalog().version() && lock(compiled)) {
            return compiled;
        }
        CompiledStatement newer = compile(prepared.sql(), prepared.parsed(), compiled.parameterTypes());
        if (!sameShape(compiled.columns(), newer.columns())) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
        }
        prepared.recompiled(newer);
        return newer;
    }

    private static boolean sameShape(List<ResultColumn> before, List<ResultColumn> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).type().oid() != after.get(i).type().oid() || before.get(i).typmod() != after.get(i).typmod()) {
                return false;
            }
        }
        return true;
    }

    // ---- Running

    /** Runs a fresh portal to its end, sends its rows, and ends the command. @return the command tag */
    String runToEnd(Portal portal) {
        start(portal);
        ScheduledFuture<?> timeout = armTimeout();
        long begun = System.nanoTime();
        try {
            return finish(portal, begun);
        } finally {
            if (timeout != null) {
                timeout.cancel(false);
            }
        }
    }

    private String finish(Portal portal, long begunNanos) {
        CompiledStatement compiled = portal.statement();
        long rows;
        if (compiled.returnsRows()) {
            session.out().beginRows(compiled.columns(), portal.formats());
            rows = portal.send(session.out(), Long.MAX_VALUE);
        } else {
            portal.drain();
            rows = portal.affectedRows();
        }
        long counted = countsChanges(compiled) ? portal.affectedRows() : rows;
        end(portal, begunNanos, counted);
        return tag(compiled, counted);
    }

    /** Sends up to {@code maximum} rows. @return the command tag if the portal came to its end, else null */
    String runPart(Portal portal, long maximum) {
        if (!portal.isStarted()) {
            start(portal);
        }
        ScheduledFuture<?> timeout = armTimeout();
        long begun = System.nanoTime();
        session.interrupts().checkConflict();
        session.statements().running(portal);
        try {
            session.out().beginRows(portal.columns(), portal.formats());
            long sent = portal.send(session.out(), maximum);
            session.statements().running(null);
            if (sent == maximum) {
                return null;
            }
            long counted = countsChanges(portal.statement()) ? portal.affectedRows() : sent;
            end(portal, begun, counted);
            return tag(portal.statement(), counted);
        } finally {
            if (timeout != null) {
                timeout.cancel(false);
            }
        }
    }

    private void end(Portal portal, long begunNanos, long rows) {
        session.interrupts().checkConflict();
        session.statements().running(null);
        session.statements().close(portal);
        if (portal.statement().writes()) {
            deferred.statementEnd();
            session.transaction().nextCommand();
        }
        StatementStatistics statistics = session.services().statistics();
        statistics.count(statistics.entry(session.identity().userOid(), session.identity().databaseOid(), portal.statement().sql()),
            System.nanoTime() - begunNanos, rows);
    }

    /** A SELECT counts its rows, also with statements in WITH that change some. */
    private static boolean countsChanges(CompiledStatement compiled) {
        return compiled.writes() && !compiled.tag().equals("SELECT");
    }

    static String tag(CompiledStatement compiled, long rows) {
        return compiled.tag() + " " + rows;
    }

    /** @return null if there is no statement_timeout */
    ScheduledFuture<?> armTimeout() {
        long timeout = session.hot().statementTimeoutMillis();
        return timeout <= 0 ? null : session.services().sessions().schedule(
            () -> session.interrupts().raise(SessionInterrupts.Request.STATEMENT_TIMEOUT), timeout);
    }

    /** Opens the portal's plan with a snapshot of its own. */
    void start(Portal portal) {
        CompiledStatement compiled = portal.statement();
        if (!compiled.inline() || compiled.writes() && !session.inTransactionBlock() && session.waitsInCommit()) {
            session.requireThread();
        }
        Transaction transaction = session.transaction();
        ReadOnlyRules.check(session, compiled);
        CatalogReader catalog = session.catalog();
        for (TableAccess table : compiled.tables()) {
            table.check(session, catalog);
        }
        session.interrupts().checkConflict();
        session.statements().running(portal);
        if (transaction.waitsForSnapshot()) {
            session.requireThread();
        }
        Snapshot snapshot = transaction.takeSnapshot();
        session.holdReplies();
        try {
            portal.start(session.services().runner().start(compiled, context(portal.parameters(), snapshot), session), snapshot);
        } catch (Throwable e) {
            transaction.releaseSnapshot(snapshot);
            throw e;
        }
    }

    /** For commands that run a statement inside them: 25006 if this transaction must not. */
    public void requireWritable(CompiledStatement compiled) {
        ReadOnlyRules.check(session, compiled);
    }

    /** Surroundings of one execution. Commands that run plans of their own (COPY, index builds) use it too. */
    public QueryContext context(Object[] parameters, Snapshot snapshot) {
        QueryContext context = new QueryContext();
        context.transaction = session.transaction();
        context.snapshot = snapshot;
        context.parameters = parameters;
        context.functions = session.functions();
        context.catalog = session.catalog();
        context.storage = session.storage();
        context.interrupts = session.interrupts();
        context.rowEvents = rowEvents;
        context.activity = session.tableActivity();
        context.waitPolicy = session.waitPolicy();
        context.workMemBytes = session.hot().workMemBytes();
        context.parallelWorkers = session.hot().parallelWorkers();
        context.minParallelTableScanBytes = session.hot().minParallelTableScanBytes();
        context.files = session.services().files();
        context.temporaryDirectory = session.services().temporaryDirectory();
        return context;
    }

    private void checkReadOnly(CompiledStatement compiled) {
        if (session.transaction().readOnly()) {
            UtilityCommands commands = session.services().utility();
            ReadOnlyRules.check(session, commands.allowance(compiled.statement()),
                commands.refusedAs(compiled.statement()));
        }
    }

    /** Runs a utility command. @return its tag */
    String runUtility(CompiledStatement compiled, String sql, Object[] parameters, short[] formats, boolean describe) {
        session.requireThread();
        UtilityCommands commands = session.services().utility();
        checkReadOnly(compiled);
        if (!compiled.columns().isEmpty()) {
            if (describe) {
                session.out().rowDescription(compiled.columns(), formats);
            }
            session.out().beginRows(compiled.columns(), formats);
        }
        ScheduledFuture<?> timeout = armTimeout();
        try {
            String tag = commands.execute(compiled.statement(), sql, parameters, session, session.out());
            deferred.statementEnd();
            if (session.transaction() != null) {
                session.transaction().nextCommand();
            }
            if (!(compiled.statement() instanceof AccessStatement)) {
                session.forgetCatalog();
            }
            return tag;
        } finally {
            if (timeout != null) {
                timeout.cancel(false);
            }
        }
    }
}
