package io.quantadb.main;

import io.quantadb.error.SqlException;
import io.quantadb.session.*;
import java.nio.file.Path;
import java.util.List;

/** Wires planner, executor and commands to the session; the parts that are not there yet refuse with 0A000. */
final class Engine {
    static SessionServices services(Node node, SettingCatalog settings, SessionRegistry sessions, PlanCache cache,
        StatementStatistics statistics, Path data, Path temporary) {
        StandardCompiler compiler = new StandardCompiler((q, p, s, c) -> { throw SqlException.notSupported("planner"); }, (e, s) -> null);
        UtilityCommands u = new UtilityCommands() {
            public List<ResultColumn> columns(io.quantadb.sql.ast.Statement st, Session s) { return List.of(); }
            public String execute(io.quantadb.sql.ast.Statement st, String sql, Object[] p, Session s, ClientWriter o) { throw SqlException.notSupported("utility"); }
            public void discardTemporary(Session s) { }
            public boolean forbidsTransactionBlock(io.quantadb.sql.ast.Statement st) { return false; }
        };
        return new SessionServices(node.transactions, node.wal, node.pool, node.heaps, node.catalogs, node.bootstrap, node.checkpointer, compiler, new PlanRunner(s -> null), u, settings, sessions, cache, statistics, node.clock, node.files, data, temporary);
    }
    static void prepare(Session session) { }
}
