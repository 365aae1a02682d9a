package io.quantadb.main;

import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.maintenance.Autovacuum;
import io.quantadb.pgwire.PgServer;
import io.quantadb.pgwire.TlsContext;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.Session;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.SettingCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A node with what serves SQL on it. A member of a cluster may close one and open the next in the same process. Built
 * and closed by one thread at a time.
 */
final class ServedNode {
    private static final long SESSIONS_END_NANOS = 5_000_000_000L;

    final Node node;
    final Engine engine;
    private final SettingCatalog settings;
    private final SessionRegistry sessions;
    private final PgServer clients;
    private Autovacuum autovacuum;
    private int port;

    /**
     * Wires up a node that has been opened; nothing listens yet.
     *
     * @param serverSettings what the configuration says of run-time settings
     * @param clusterSecret null outside of clusters
     */
    ServedNode(Node node, ServerConfig config, Map<String, String> serverSettings, String clusterSecret, ClusterInfo cluster,
        Consumer<Throwable> supervisor) throws IOException {
        this.node = node;
        Path temporary = node.directory.resolve("base").resolve("pgsql_tmp");
        clearTemporary(temporary);
        sessions = new SessionRegistry(config.server().maxConnections());
        settings = new SettingCatalog(serverSettings);
        engine = new Engine(node, settings, sessions, node.directory, temporary, cluster);
        TlsContext tls = config.tls().enabled() ? TlsContext.load(config.tls().certFile(), config.tls().keyFile(), config.tls().caFile(),
            config.tls().requireClientAuth()) : null;
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
        var options = new PgServer.Options(config.server().host(), config.server().port(), loops, config.auth().method().equals("trust"), tls,
            config.auth().requireSsl(), clusterSecret);
        clients = new PgServer(options, engine.services(), new Logins(node, engine::attach), supervisor);
    }

    /** Opens a directory as a member of a cluster. */
    static Node openMember(DataDirectory directory, ServerConfig config, Consumer<Throwable> supervisor) throws IOException {
        return Node.openReplica(directory, config, PosixFileSystem.INSTANCE, Clock.SYSTEM, supervisor);
    }

    /** Temporary files of a server that was killed are nobody's. */
    private static void clearTemporary(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Lets clients in. */
    void listen() throws IOException {
        port = clients.start();
    }

    int port() {
        return port;
    }

    PgServer clients() {
        return clients;
    }

    /** The node accepts changes from now on. */
    void startMaintenance() {
        if (autovacuum == null) {
            autovacuum = engine.autovacuum(settings);
            if (autovacuum != null) {
                autovacuum.start();
            }
        }
    }

    void stopMaintenance() throws Exception {
        if (autovacuum != null) {
            autovacuum.close();
            autovacuum = null;
        }
    }

    /** Ends sessions and the node; without {@code clean} nothing is written any more. */
    void close(boolean clean) throws Exception {
        if (!clean && node.roles() != null) {
            node.roles().closeHorizon();
        }
        stopMaintenance();
        clients.close();
        long deadline = System.nanoTime() + SESSIONS_END_NANOS;
        while (sessions.size() > 0 && System.nanoTime() < deadline) {
            new ArrayList<>(sessions.all()).forEach(Session::interruptForDisconnect);
            Thread.sleep(2);
        }
        sessions.close();
        if (clean) {
            node.close();
        } else {
            node.abandon();
        }
    }
}
