package io.quantadb.main;

import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.function.BuiltinFunctions;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.maintenance.Autovacuum;
import io.quantadb.maintenance.AutovacuumOptions;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.PlanCache;
import io.quantadb.session.PlanRunner;
import io.quantadb.session.Session;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.SessionServices;
import io.quantadb.session.SessionServicesInstaller;
import io.quantadb.session.SettingCatalog;
import io.quantadb.session.StandardCompiler;
import io.quantadb.session.StatementStatistics;
import io.quantadb.session.command.AutovacuumWorker;
import io.quantadb.session.command.CommandEnvironment;
import io.quantadb.session.command.CommandServices;
import io.quantadb.session.command.Commands;
import io.quantadb.session.command.Notifications;
import io.quantadb.sql.typed.Expr;
import io.quantadb.txn.snapshot.Snapshot;
import java.nio.file.Path;

/** Wires analysis, planning, execution and commands to the sessions of a node. Immutable. */
final class Engine {
    private final SessionServices services;
    private final Commands commands;

    /** For a node outside of any cluster. */
    Engine(Node node, SettingCatalog settings, SessionRegistry sessions, Path dataDirectory, Path temporaryDirectory) {
        this(node, settings, sessions, dataDirectory, temporaryDirectory, ClusterInfo.NONE);
    }

    /** @param cluster what sessions see of replication */
    Engine(Node node, SettingCatalog settings, SessionRegistry sessions, Path dataDirectory, Path temporaryDirectory, ClusterInfo cluster) {
        FunctionRegistry functions = BuiltinFunctions.registry();
        PlanRunner runner = new PlanRunner(session -> new CommandEnvironment(functions, session));
        commands = new Commands(new CommandServices(node.storage.changes()), new Notifications(Session::notifyLater));
        StandardCompiler compiler = new StandardCompiler(new PlannerCall(node.pool, functions), Engine::evaluate);
        services = new SessionServices(node.transactions, node.wal, node.pool, node.heaps, node.catalogs, node.bootstrap,
            node.checkpointer, compiler, runner, commands, settings, sessions, new PlanCache(), new StatementStatistics(),
            node.clock, node.files, dataDirectory, temporaryDirectory, node.recovery(), cluster);
        cancelReaders(node, settings, sessions);
    }

    /** Cancels queries that keep a replica's replay waiting. */
    private static void cancelReaders(Node node, SettingCatalog settings, SessionRegistry sessions) {
        if (node.roles() != null) {
            node.roles().onConflict(Long.parseLong(settings.serverValue("max_standby_streaming_delay")),
                (lsn, disown) -> sessions.all().forEach(session -> session.cancelReadersBelow(lsn, disown)));
        }
    }

    SessionServices services() {
        return services;
    }

    /** Made, not started; null if autovacuum is off. */
    Autovacuum autovacuum(SettingCatalog settings) {
        AutovacuumOptions options = AutovacuumOptions.of(settings::serverValue);
        return !options.enabled() ? null : new Autovacuum(services.statistics().tables(), options.napMillis(),
            new AutovacuumWorker(services, commands, options, this::attach));
    }

    /** Gives a new session what commands and functions need. */
    void attach(Session session) {
        SessionServicesInstaller.install(session);
        commands.attach(session);
        session.onClose(() -> commands.detach(session));
    }

    private static Object evaluate(Expr expression, Session session) {
        Snapshot snapshot = session.transaction().takeSnapshot();
        try {
            return new ExprCompiler(session.services().runner().environment(session)).scalar(expression)
                .eval(new RowContext(session.execution().context(new Object[0], snapshot)));
        } finally {
            session.transaction().releaseSnapshot(snapshot);
        }
    }
}
