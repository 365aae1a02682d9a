package io.quantadb.session.command;

import io.quantadb.catalog.PredefinedRoles;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.ClientWriter;
import io.quantadb.session.ResultColumn;
import io.quantadb.session.Session;
import io.quantadb.session.UtilityCommands;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.types.BuiltinTypes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs utility commands: finds the class for each. Safe for use by many threads; what it makes for a command is confined to the
 * session's thread.
 *
 * <p>The composition root calls {@link #attach} for each new session and {@link #detach} when it ends.
 */
public final class Commands implements UtilityCommands {
    private final CommandServices services;
    private final Notifications notifications;
    private final Map<Session, SessionState> states = new ConcurrentHashMap<>();

    /** @param notifications who listens to what */
    public Commands(CommandServices services, Notifications notifications) {
        this.services = services;
        this.notifications = notifications;
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
        SessionState state = states.remove(session);
        if (state != null) {
            notifications.forget(session, state);
        }
    }

    @Override
    public void discardTemporary(Session session) {
        SessionState state = states.get(session);
        if (state != null && state.temporarySchema != 0) {
            TemporaryObjects.dropAll(CommandContext.internal(session, services, state), state.temporarySchema);
        }
    }

    @Override
    public Set<String> channels(Session session) {
        SessionState state = states.get(session);
        return state == null ? Set.of() : state.channels;
    }

    /** Autovacuum's work on one table. */
    void vacuumAutomatically(Session session, int relationOid, boolean vacuum, boolean analyze, VacuumCost cost) {
        new VacuumCommand(CommandContext.internal(session, services, states.get(session))).runAutomatic(relationOid, vacuum, analyze, cost);
    }

    // ---- Commands

    @Override
    public List<ResultColumn> columns(Statement statement, Session session) {
        return statement instanceof MaintenanceStatement.Explain explain
                ? List.of(new ResultColumn("QUERY PLAN", ExplainCommand.isJson(explain) ? BuiltinTypes.JSON : BuiltinTypes.TEXT))
                : List.of();
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
    public String name(Statement statement) {
        return switch (statement) {
            case MaintenanceStatement.Vacuum vacuum -> vacuum.vacuum() ? "VACUUM" : "ANALYZE";
            case MaintenanceStatement.Reindex reindex -> "REINDEX " + reindex.target();
            case TableStatement.CreateIndex index -> "CREATE INDEX" + (index.concurrently() ? " CONCURRENTLY" : "");
            case ObjectStatement.Drop drop -> "DROP " + drop.kind().name().replace('_', ' ') + (drop.concurrently() ? " CONCURRENTLY" : "");
            default -> words(statement);
        };
    }

    @Override
    public Allowance allowance(Statement statement) {
        return ReadOnlyCommands.allowance(statement);
    }

    @Override
    public String refusedAs(Statement statement) {
        return ReadOnlyCommands.tag(statement);
    }

    @Override
    public String execute(Statement statement, String sql, Object[] parameters, Session session, ClientWriter out) {
        SessionState state = states.get(session);
        if (state == null) {
            throw new IllegalStateException("session was not attached");
        }
        if (session.transaction().readOnly() && changesDefinitions(statement)) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION,
                "cannot execute " + readOnlyName(statement) + " in a read-only transaction");
        }
        return run(statement, new CommandContext(session, services, state, sql, parameters, out));
    }

    /** Runs a command in given surroundings. @return its tag */
    String run(Statement statement, CommandContext context) {
        return switch (statement) {
            case TableStatement table -> table(table, context);
            case SchemaStatement schema -> schema(schema, context);
            case ObjectStatement object -> object(object, context);
            case AccessStatement access -> access(access, context);
            case SessionStatement command -> new SessionUtility(context, notifications).run(command);
            case MaintenanceStatement maintenance -> maintenance(maintenance, context);
            case RoutineStatement routine -> routine(routine, context);
            case DataStatement.Truncate truncate -> new TruncateCommand(context).run(truncate);
            case DataStatement.Copy copy -> new CopyCommand(context).run(copy);
            case Query query -> new CreateAs(context).selectInto(query, Analyzer.intoOf(query));
            case DataStatement data -> throw unsupported(data);
            case TransactionStatement transaction -> throw unsupported(transaction);
        };
    }

    /** Commands a read-only transaction refuses; the others check for themselves what they change. */
    private static boolean changesDefinitions(Statement statement) {
        return statement instanceof TableStatement || statement instanceof SchemaStatement
            || statement instanceof ObjectStatement || statement instanceof AccessStatement
            || statement instanceof DataStatement.Truncate || statement instanceof Query
            || statement instanceof RoutineStatement.CreateFunction;
    }

    private static String readOnlyName(Statement statement) {
        return switch (statement) {
            case SchemaStatement.CreateEnum s -> "CREATE TYPE";
            case SchemaStatement.CreateComposite s -> "CREATE TYPE";
            case SchemaStatement.AlterEnumAdd s -> "ALTER TYPE";
            case SchemaStatement.AlterEnumRename s -> "ALTER TYPE";
            case ObjectStatement.Drop drop -> "DROP " + drop.kind().name().replace('_', ' ');
            case DataStatement.Truncate s -> "TRUNCATE TABLE";
            case Query s -> "SELECT INTO";
            default -> words(statement);
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
            case TableStatement.CreateTableAs s -> new CreateAs(context).run(s);
            case TableStatement.RefreshMaterializedView s -> new CreateAs(context).refresh(s);
            case TableStatement.AlterTable s -> new AlterTable(context).run(s);
            case TableStatement.CreateIndex s -> new IndexCommands(context).create(s);
            case TableStatement.CreateSequence s -> new SequenceCommands(context).create(s);
            case TableStatement.AlterSequence s -> new SequenceCommands(context).alter(s);
            case TableStatement.CreateView s -> new ViewCommands(context).create(s);
            case TableStatement.AlterTableMoveAll s -> throw SqlException.notSupported("tablespaces are not supported");
            case TableStatement.CreateTrigger s -> throw SqlException.notSupported("triggers are not supported");
            case TableStatement.CreateRule s -> throw SqlException.notSupported("rules are not supported");
            case TableStatement.CreatePolicy s -> throw SqlException.notSupported("row-level security policies are not supported");
            case TableStatement.AlterPolicy s -> throw SqlException.notSupported("row-level security policies are not supported");
            case TableStatement.CreateStatistics s -> throw SqlException.notSupported("extended statistics are not supported");
            case TableStatement.AlterStatistics s -> throw SqlException.notSupported("extended statistics are not supported");
        };
    }

    private String schema(SchemaStatement statement, CommandContext context) {
        return switch (statement) {
            case SchemaStatement.CreateSchema s -> new SchemaCommands(context).create(s, this);
            case SchemaStatement.CreateExtension s -> new SchemaCommands(context).createExtension(s);
            case SchemaStatement.CreateDatabase s -> new DatabaseCommands(context).create(s);
            case SchemaStatement.AlterDatabase s -> new DatabaseCommands(context).alter(s);
            case SchemaStatement.AlterDatabaseSet s -> new RoleCommands(context).alterDatabaseSet(s);
            case SchemaStatement.DropDatabase s -> new DatabaseCommands(context).drop(s);
            case SchemaStatement.CreateEnum s -> new TypeCommands(context).createEnum(s);
            case SchemaStatement.CreateComposite s -> new TypeCommands(context).createComposite(s);
            case SchemaStatement.AlterEnumAdd s -> new TypeCommands(context).addLabel(s);
            case SchemaStatement.AlterEnumRename s -> new TypeCommands(context).renameLabel(s);
            case SchemaStatement.CreateDomain s -> new TypeCommands(context).createDomain(s);
            case SchemaStatement.AlterDomain s -> new TypeCommands(context).alterDomain(s);
            case SchemaStatement.AlterDatabaseRefreshCollation s -> "ALTER DATABASE";
            case SchemaStatement.CreateRange s -> throw SqlException.notSupported("range types of users are not supported");
            case SchemaStatement.AlterType s -> throw SqlException.notSupported("ALTER TYPE ... SET is not supported");
            case SchemaStatement.CreateTablespace s -> throw SqlException.notSupported("tablespaces are not supported");
            case SchemaStatement.AlterTablespace s -> throw SqlException.notSupported("tablespaces are not supported");
            case SchemaStatement.DropTablespace s -> throw SqlException.notSupported("tablespaces are not supported");
            case SchemaStatement.AlterExtension s -> throw SqlException.notSupported("extensions are not supported");
            case SchemaStatement.AlterExtensionContents s -> throw SqlException.notSupported("extensions are not supported");
            case SchemaStatement.CreateCast s -> throw SqlException.notSupported("casts of users are not supported");
            case SchemaStatement.Define s -> throw SqlException.notSupported("CREATE " + s.kind().sql() + " is not supported");
            case SchemaStatement.Other s -> throw SqlException.notSupported(s.command() + " is not supported");
        };
    }

    private String object(ObjectStatement statement, CommandContext context) {
        return switch (statement) {
            case ObjectStatement.Drop s -> new DropCommand(context).run(s);
            case ObjectStatement.Comment s -> new ObjectCommands(context).comment(s);
            case ObjectStatement.Rename s -> new ObjectCommands(context).rename(s);
            case ObjectStatement.SetSchema s -> new ObjectCommands(context).setSchema(s);
            case ObjectStatement.SetOwner s -> new ObjectCommands(context).setOwner(s);
            case ObjectStatement.SecurityLabel s -> throw SqlException.notSupported("security labels are not supported");
            case ObjectStatement.DependsOnExtension s -> throw SqlException.notSupported("extensions are not supported");
            case ObjectStatement.RefreshVersion s -> throw unsupported(s);
        };
    }

    private String access(AccessStatement statement, CommandContext context) {
        return switch (statement) {
            case AccessStatement.CreateRole s -> new RoleCommands(context).create(s);
            case AccessStatement.AlterRole s -> new RoleCommands(context).alter(s);
            case AccessStatement.AlterRoleSet s -> new RoleCommands(context).alterSet(s);
            case AccessStatement.AlterGroupMembers s -> new RoleCommands(context).groupMembers(s);
            case AccessStatement.DropRole s -> new RoleCommands(context).drop(s);
            case AccessStatement.GrantRoles s -> new RoleCommands(context).grant(s);
            case AccessStatement.ReassignOwned s -> new RoleCommands(context).reassign(s);
            case AccessStatement.DropOwned s -> new RoleCommands(context).dropOwned(s);
            case AccessStatement.GrantPrivileges s -> new GrantCommands(context).run(s);
            case AccessStatement.AlterDefaultPrivileges s -> new GrantCommands(context).defaults(s);
        };
    }

    private String routine(RoutineStatement statement, CommandContext context) {
        return switch (statement) {
            case RoutineStatement.CreateFunction s -> new FunctionCommands(context).create(s);
            case RoutineStatement.AlterFunction s -> new FunctionCommands(context).alter(s);
            case RoutineStatement.Do s -> throw SqlException.notSupported("DO in language \""
                    + (s.language() == null ? "plpgsql" : s.language()) + "\" is not supported");
            case RoutineStatement.Call s -> new FunctionCommands(context).call(s);
        };
    }

    private String maintenance(MaintenanceStatement statement, CommandContext context) {
        return switch (statement) {
            case MaintenanceStatement.Reindex s -> new IndexCommands(context).reindex(s);
            case MaintenanceStatement.Explain s -> new ExplainCommand(context).run(s);
            case MaintenanceStatement.Vacuum s -> new VacuumCommand(context).run(s);
            case MaintenanceStatement.Cluster s -> throw SqlException.notSupported("CLUSTER is not supported");
            case MaintenanceStatement.Checkpoint s -> {
                if (!context.isSuperuser() && !context.catalog().inheritedRoles(context.roleOid())
                        .contains(PredefinedRoles.CHECKPOINT)) {
                    throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                            "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
                }
                context.session.services().checkpointer().checkpoint();
                yield "CHECKPOINT";
            }
        };
    }
}
