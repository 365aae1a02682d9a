package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.maintenance.CheckpointKind;
import io.quantadb.session.ClientWriter;
import io.quantadb.session.ResultColumn;
import io.quantadb.session.Session;
import io.quantadb.session.UtilityCommands;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.types.BuiltinTypes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs utility commands: finds the class for each. Safe for use by many threads; what it makes for a command is confined to the
 * session's thread.
 *
 * <p>The composition root calls {@link #attach} for each new session and {@link #detach} when it ends.
 */
public final class Commands implements UtilityCommands {
    private final CommandServices services;
    private final Map<Session, SessionState> states = new ConcurrentHashMap<>();

    public Commands(CommandServices services) {
        this.services = services;
    }

    // ---- Sessions

    /** Gives a new session its sequences and the run-time checks of constraints. */
    public void attach(Session session) {
        SessionState state = new SessionState();
        states.put(session, state);
        Sequences sequences = new Sequences(session, services, state);
        session.functions().sequences(sequences, sequences::forget);
        state.foreignKeys = new ForeignKeys(session, services, state);
        session.execution().install(state.foreignKeys, state.foreignKeys);
    }

    /** The session ends: its temporary objects go. Call it before the session is closed, with no transaction running. */
    public void detach(Session session) {
        states.remove(session);
    }

    @Override
    public void discardTemporary(Session session) {
        SessionState state = states.get(session);
        if (state != null && state.temporarySchema != 0) {
            TemporaryObjects.dropAll(CommandContext.internal(session, services, state), state.temporarySchema);
        }
    }

    // ---- Commands

    @Override
    public List<ResultColumn> columns(Statement statement, Session session) {
        return statement instanceof MaintenanceStatement.Explain
                ? List.of(new ResultColumn("QUERY PLAN", BuiltinTypes.TEXT)) : List.of();
    }

    @Override
    public boolean forbidsTransactionBlock(Statement statement) {
        return switch (statement) {
            case MaintenanceStatement.Vacuum vacuum -> vacuum.vacuum();
            case SchemaStatement.CreateDatabase s -> true;
            case SchemaStatement.DropDatabase s -> true;
            case SchemaStatement.CreateTablespace s -> true;
            case SchemaStatement.DropTablespace s -> true;
            case SessionStatement.AlterSystem s -> true;
            case TableStatement.CreateIndex index -> index.concurrently();
            case ObjectStatement.Drop drop -> drop.concurrently();
            case MaintenanceStatement.Reindex reindex ->
                reindex.target() == MaintenanceStatement.ReindexTarget.SCHEMA
                        || reindex.target() == MaintenanceStatement.ReindexTarget.DATABASE
                        || reindex.options().stream().anyMatch(o -> o.name().equals("concurrently"));
            default -> false;
        };
    }

    @Override
    public String execute(Statement statement, String sql, Object[] parameters, Session session, ClientWriter out) {
        SessionState state = states.get(session);
        if (state == null) {
            throw new IllegalStateException("session was not attached");
        }
        return run(statement, new CommandContext(session, services, state, sql, parameters, out));
    }

    /** Runs a command in given surroundings. @return its tag */
    String run(Statement statement, CommandContext context) {
        return switch (statement) {
            case TableStatement table -> table(table, context);
            case SchemaStatement schema -> schema(schema, context);
            case ObjectStatement object -> object(object, context);
            case DataStatement.Truncate truncate -> new TruncateCommand(context).run(truncate);
            case DataStatement.Copy copy -> new CopyCommand(context).run(copy);
            case MaintenanceStatement maintenance -> maintenance(maintenance, context);
            default -> throw unsupported(statement);
        };
    }

    private static SqlException unsupported(Statement statement) {
        return SqlException.notSupported(words(statement) + " is not supported");
    }

    /** {@code CREATE RULE} for the record CreateRule. */
    private static String words(Statement statement) {
        return statement.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(java.util.Locale.ROOT);
    }

    private String table(TableStatement statement, CommandContext context) {
        return switch (statement) {
            case TableStatement.CreateTable s -> new TableCommands(context).create(s);
            case TableStatement.CreateIndex s -> new IndexCommands(context).create(s);
            case TableStatement.CreateSequence s -> new SequenceCommands(context).create(s);
            case TableStatement.AlterSequence s -> new SequenceCommands(context).alter(s);
            case TableStatement.CreateView s -> new ViewCommands(context).create(s);
            default -> throw unsupported(statement);
        };
    }

    private String schema(SchemaStatement statement, CommandContext context) {
        return switch (statement) {
            case SchemaStatement.CreateSchema s -> new SchemaCommands(context).create(s, this);
            case SchemaStatement.CreateExtension s -> new SchemaCommands(context).createExtension(s);
            default -> throw unsupported(statement);
        };
    }

    private String object(ObjectStatement statement, CommandContext context) {
        return switch (statement) {
            case ObjectStatement.Drop s -> new DropCommand(context).run(s);
            default -> throw unsupported(statement);
        };
    }

    private String maintenance(MaintenanceStatement statement, CommandContext context) {
        return switch (statement) {
            case MaintenanceStatement.Reindex s -> new IndexCommands(context).reindex(s);
            case MaintenanceStatement.Vacuum s -> new VacuumCommand(context).run(s);
            case MaintenanceStatement.Checkpoint s -> {
                if (!context.isSuperuser()) {
                    throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                            "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
                }
                context.session.services().checkpointer().checkpointNow(CheckpointKind.REQUESTED);
                yield "CHECKPOINT";
            }
            default -> throw unsupported(statement);
        };
    }
}
