package io.quantadb.session;

import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import java.util.List;
import java.util.Locale;

/**
 * Transaction control and the commands about the session itself: settings, PREPARE, cursors, DISCARD. Confined to the
 * session's thread.
 */
final class SessionCommands {
    private static final ResultColumn[] SHOW_ALL = {
        new ResultColumn("name", BuiltinTypes.get(Oids.TEXT)),
        new ResultColumn("setting", BuiltinTypes.get(Oids.TEXT)),
        new ResultColumn("description", BuiltinTypes.get(Oids.TEXT))
    };

    private final Session session;
    private final CursorCommands cursors;
    private short[] formats = new short[0];
    private boolean describe = true;

    SessionCommands(Session session) {
        this.session = session;
        this.cursors = new CursorCommands(session);
    }

    // ---- Transaction control

    /** @return the command tag */
    String transaction(TransactionStatement statement) {
        return switch (statement) {
            case TransactionStatement.Begin begin -> begin(begin);
            case TransactionStatement.Commit commit -> commit(commit.chain());
            case TransactionStatement.Rollback rollback -> rollback(rollback.chain());
            case TransactionStatement.Savepoint savepoint -> {
                requireBlock("SAVEPOINT");
                session.block().savepoint(savepoint.name());
                yield "SAVEPOINT";
            }
            case TransactionStatement.ReleaseSavepoint release -> {
                requireBlock("RELEASE SAVEPOINT");
                session.block().release(release.name());
                yield "RELEASE";
            }
            case TransactionStatement.RollbackToSavepoint rollback -> {
                requireBlock("ROLLBACK TO SAVEPOINT");
                int level = session.block().rollbackTo(rollback.name());
                session.statements().endSubtransaction(level);
                session.forgetCatalog();
                yield "ROLLBACK";
            }
            case TransactionStatement.PrepareTransaction p -> {
                if (session.inTransactionBlock()) {
                    throw twoPhase();
                }
                yield rollback(false);
            }
            case TransactionStatement.CommitPrepared p -> throw twoPhase();
            case TransactionStatement.RollbackPrepared p -> throw twoPhase();
        };
    }

    private static SqlException twoPhase() {
        return SqlException.notSupported("two-phase commit (PREPARE TRANSACTION) is not supported");
    }

    private void requireBlock(String command) {
        if (!session.inTransactionBlock()) {
            throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, command + " can only be used in transaction blocks");
        }
    }

    private String begin(TransactionStatement.Begin begin) {
        if (!session.block().begin()) {
            warning(SqlState.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
        }
        modes(begin.modes());
        return begin.startKeyword() ? "START TRANSACTION" : "BEGIN";
    }

    private void modes(TransactionStatement.TransactionModes modes) {
        Transaction transaction = session.transaction();
        if (modes.isolation() != null) {
            transaction.setIsolation(isolation(modes.isolation()));
        }
        if (modes.readOnly() != null) {
            transaction.setReadOnly(modes.readOnly());
        }
        if (modes.deferrable() != null) {
            transaction.setDeferrable(modes.deferrable());
        }
    }

    private static IsolationLevel isolation(TransactionStatement.Isolation level) {
        return switch (level) {
            case READ_UNCOMMITTED, READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
            case REPEATABLE_READ -> IsolationLevel.REPEATABLE_READ;
            case SERIALIZABLE -> IsolationLevel.SERIALIZABLE;
        };
    }

    private String commit(boolean chain) {
        if (session.block().isFailed()) {
            session.rollback();
            chain(chain);
            return "ROLLBACK";
        }
        if (!session.inTransactionBlock()) {
            if (chain) {
                throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "COMMIT AND CHAIN can only be used in transaction blocks");
            }
            warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
            session.endImplicit();
            return "COMMIT";
        }
        session.commit();
        chain(chain);
        return "COMMIT";
    }

    private String rollback(boolean chain) {
        if (!session.inTransactionBlock()) {
            if (chain) {
                throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "ROLLBACK AND CHAIN can only be used in transaction blocks");
            }
            warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
        }
        session.rollback();
        chain(chain);
        return "ROLLBACK";
    }

    private void chain(boolean chain) {
        if (chain) {
            session.block().begin();
        }
    }

    private void warning(SqlState state, String message) {
        session.notice(new SqlException(state, message).withSeverity(Severity.WARNING));
    }

    // ---- Commands about the session

    /** Whether this class runs the command; LOCK, LISTEN and others that touch shared state are utility commands. */
    boolean handles(SessionStatement statement) {
        return switch (statement) {
            case SessionStatement.SetVariable s -> true;
            case SessionStatement.Reset s -> true;
            case SessionStatement.Show s -> true;
            case SessionStatement.SetTransaction s -> true;
            case SessionStatement.Prepare s -> true;
            case SessionStatement.Execute s -> true;
            case SessionStatement.Deallocate s -> true;
            case SessionStatement.DeclareCursor s -> true;
            case SessionStatement.Fetch s -> true;
            case SessionStatement.ClosePortal s -> true;
            case SessionStatement.Discard s -> true;
            case SessionStatement.WaitForLsn s -> true;
            default -> false;
        };
    }

    CompiledStatement compiled(String sql, Statement statement, List<ResultColumn> columns) {
        return new CompiledStatement(sql, statement, null, null, columns, new int[0], "", List.of(), true, false, 0, null);
    }

    /** Result columns, for Describe. */
    List<ResultColumn> columns(SessionStatement statement) {
        return switch (statement) {
            case SessionStatement.Show show -> showColumns(show);
            case SessionStatement.WaitForLsn wait -> WaitForLsn.COLUMNS;
            case SessionStatement.Fetch fetch when !fetch.move() -> session.statements().cursor(fetch.cursor()).portal().columns();
            case SessionStatement.Execute execute -> session.statements().prepared(execute.name()).columns();
            default -> List.of();
        };
    }

    private List<ResultColumn> showColumns(SessionStatement.Show show) {
        return show.name() == null ? List.of(SHOW_ALL) : List.of(new ResultColumn(canonical(show.name()), BuiltinTypes.get(Oids.TEXT)));
    }

    private String canonical(String name) {
        SettingDefinition definition = session.settings().catalog().find(name);
        return definition == null ? name : definition.name();
    }

    /** Formats of the portal the next command runs in. */
    void formats(short[] portalFormats) {
        formats = portalFormats;
    }

    /** Runs the command in the extended protocol, where Describe was a message of its own. */
    String executeWithoutDescription(SessionStatement statement, String sql) {
        describe = false;
        try {
            return execute(statement, sql, new ParsedStatement(statement, 0, sql.length()));
        } finally {
            describe = true;
            formats = new short[0];
        }
    }

    /** @return the command tag */
    String execute(SessionStatement statement, String sql, ParsedStatement parsed) {
        return switch (statement) {
            case SessionStatement.SetVariable set -> set(set);
            case SessionStatement.Reset reset -> reset(reset);
            case SessionStatement.Show show -> show(show);
            case SessionStatement.SetTransaction set -> setTransaction(set);
            case SessionStatement.Prepare prepare -> prepare(prepare, sql);
            case SessionStatement.Execute execute -> executePrepared(execute, sql);
            case SessionStatement.Deallocate deallocate -> deallocate(deallocate);
            case SessionStatement.DeclareCursor declare -> cursors.declare(declare, sql, parsed);
            case SessionStatement.Fetch fetch -> cursors.fetch(fetch, describe, formats);
            case SessionStatement.ClosePortal close -> cursors.close(close);
            case SessionStatement.Discard discard -> discard(discard);
            case SessionStatement.WaitForLsn wait -> waitForLsn(wait, sql);
            default -> throw SqlException.notSupported(statement.getClass().getSimpleName() + " is not supported");
        };
    }

    private String set(SessionStatement.SetVariable set) {
        if (set.local() && !session.inTransactionBlock()) {
            warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "SET LOCAL can only be used in transaction blocks");
        }
        String name = set.name().toLowerCase(Locale.ROOT);
        String value = set.values().isEmpty() ? null : SettingValues.text(set.name(), set.values(), session.text());
        switch (name) {
            case "transaction_isolation" -> session.transaction().setIsolation(TransactionBlock.isolation(value));
            case "transaction_read_only" -> session.transaction().setReadOnly(Boolean.TRUE.equals(SettingDefinition.parseBoolean(value)));
            case "transaction_deferrable" ->
                session.transaction().setDeferrable(Boolean.TRUE.equals(SettingDefinition.parseBoolean(value)));
            case "role", "session_authorization" -> session.sessionCatalog().checkRole(name, value);
            default -> { }
        }
        session.settings().set(set.name(), value, set.local(), session.isSuperuser());
        session.forgetCatalog();
        return "SET";
    }

    private String reset(SessionStatement.Reset reset) {
        if (reset.name() == null) {
            session.settings().resetAll();
        } else {
            session.settings().set(reset.name(), null, false, session.isSuperuser());
        }
        session.forgetCatalog();
        return "RESET";
    }

    private String show(SessionStatement.Show show) {
        List<ResultColumn> columns = showColumns(show);
        beginRows(columns);
        if (show.name() == null) {
            for (String name : session.settings().catalog().names()) {
                session.out().row(new Object[] {name, session.settings().show(name), ""});
            }
        } else {
            session.out().row(new Object[] {session.showSetting(show.name())});
        }
        return "SHOW";
    }

    private void beginRows(List<ResultColumn> columns) {
        short[] rowFormats = formats.length == columns.size() ? formats : new short[columns.size()];
        if (describe) {
            session.out().rowDescription(columns, rowFormats);
        }
        session.out().beginRows(columns, rowFormats);
    }

    private String setTransaction(SessionStatement.SetTransaction set) {
        TransactionStatement.TransactionModes modes = set.modes();
        if (set.sessionDefault()) {
            if (modes.isolation() != null) {
                session.settings().set("default_transaction_isolation",
                    modes.isolation().name().toLowerCase(Locale.ROOT).replace('_', ' '), false, true);
            }
            if (modes.readOnly() != null) {
                session.settings().set("default_transaction_read_only", modes.readOnly() ? "on" : "off", false, true);
            }
            if (modes.deferrable() != null) {
                session.settings().set("default_transaction_deferrable", modes.deferrable() ? "on" : "off", false, true);
            }
        } else {
            if (!session.inTransactionBlock()) {
                warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks");
            }
            modes(modes);
        }
        return "SET";
    }

    private String prepare(SessionStatement.Prepare prepare, String sql) {
        session.requireThread();
        int[] types = new int[prepare.types().size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = TypeLookup.oid(prepare.types().get(i), sql, session.catalog());
        }
        String text = prepare.text();
        List<ParsedStatement> parsed = io.quantadb.sql.parser.SqlParser.parse(text);
        CompiledStatement compiled;
        try {
            compiled = session.execution().compile(text, parsed.getFirst(), types);
        } catch (SqlException e) {
            int start = sql.indexOf(text);
            throw e.position() <= 0 || start < 0 ? e : e.at(e.position() + sql.codePointCount(0, start));
        }
        session.statements().add(new PreparedStatement(prepare.name(), text, parsed.getFirst(), compiled, true,
            session.statementStartMicros(), sql));
        return "PREPARE";
    }

    private String executePrepared(SessionStatement.Execute execute, String sql) {
        session.requireThread();
        PreparedStatement prepared = session.statements().prepared(execute.name());
        session.execution().checkNotFailed(prepared.parsed().statement());
        CompiledStatement compiled = session.execution().current(prepared);
        Object[] parameters = session.services().compiler().evaluate(execute.arguments(), compiled.parameterTypes(), execute.name(), sql, session);
        prepared.executed();
        short[] rowFormats = formats.length == compiled.columns().size() ? formats : new short[compiled.columns().size()];
        if (compiled.isUtility()) {
            return session.execution().runUtility(compiled, prepared.sql(), parameters, rowFormats, describe);
        }
        Portal portal = new Portal("", compiled, parameters, rowFormats, session.block().level());
        if (compiled.returnsRows() && describe) {
            session.out().rowDescription(compiled.columns(), rowFormats);
        }
        return session.execution().runToEnd(portal);
    }

    private String deallocate(SessionStatement.Deallocate deallocate) {
        if (deallocate.name() == null) {
            session.statements().removeAllPrepared();
            return "DEALLOCATE ALL";
        }
        if (!session.statements().removePrepared(deallocate.name())) {
            throw new SqlException(SqlState.INVALID_SQL_STATEMENT_NAME, "prepared statement \"" + deallocate.name() + "\" does not exist");
        }
        return "DEALLOCATE";
    }

    private String discard(SessionStatement.Discard discard) {
        switch (discard.target()) {
            case ALL -> {
                if (session.inTransactionBlock()) {
                    throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
                }
                session.requireThread();
                session.statements().closeAllCursors();
                session.settings().set("session_authorization", null, false, true);
                session.settings().set("role", null, false, true);
                session.settings().resetAll();
                session.statements().removeAllPrepared();
                session.services().transactions().locks().unlockAllAdvisory(session.txn().lockOwner());
                session.services().utility().discardTemporary(session);
                session.functions().forgetSequences();
            }
            case TEMPORARY -> {
                session.requireThread();
                session.services().utility().discardTemporary(session);
            }
            case SEQUENCES -> session.functions().forgetSequences();
            case PLANS -> { }
        }
        session.forgetCatalog();
        return "DISCARD " + (discard.target() == SessionStatement.DiscardTarget.TEMPORARY ? "TEMP" : discard.target().name());
    }

    private String waitForLsn(SessionStatement.WaitForLsn wait, String sql) {
        String status = WaitForLsn.run(session, wait, sql);
        beginRows(WaitForLsn.COLUMNS);
        session.out().row(new Object[] {status});
        return "WAIT";
    }
}
