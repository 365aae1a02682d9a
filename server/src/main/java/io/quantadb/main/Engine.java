package io.quantadb.main;

import io.quantadb.error.SqlException;
import io.quantadb.function.CoreFunctions;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.PlanCache;
import io.quantadb.session.PlanRunner;
import io.quantadb.session.Session;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.SessionServices;
import io.quantadb.session.SettingCatalog;
import io.quantadb.session.StandardCompiler;
import io.quantadb.session.StatementStatistics;
import io.quantadb.session.command.CommandEnvironment;
import io.quantadb.session.command.CommandServices;
import io.quantadb.session.command.Commands;
import io.quantadb.session.command.Notifications;
import java.nio.file.Path;

/** Wires planner, executor and commands to the session; the parts that are not there yet refuse with 0A000. */
final class Engine {
    private Engine() {
    }

    static SessionServices services(Node node, SettingCatalog settings, SessionRegistry sessions, PlanCache cache,
        StatementStatistics statistics, Path data, Path temporary) {
        FunctionRegistry functions = FunctionRegistry.builder().with(new CoreFunctions()).build();
        StandardCompiler compiler = new StandardCompiler((q, p, s, c) -> {
            throw SqlException.notSupported("planner");
        }, (e, s) -> null);
        Commands commands = new Commands(new CommandServices(node.storage.changes(), CommandServices.Explainer.NONE), new Notifications(null));
        return new SessionServices(node.transactions, node.wal, node.pool, node.heaps, node.catalogs, node.bootstrap, node.checkpointer, compiler,
            new PlanRunner(s -> new CommandEnvironment(functions, s)), commands, settings, sessions, cache, statistics, node.clock, node.files, data,
            temporary);
    }

    static void prepare(Session session) {
        ((Commands) session.services().utility()).attach(session);
    }
}
