package io.quantadb.main;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.maintenance.Autovacuum;
import io.quantadb.management.ApiServer;
import io.quantadb.management.ClusterAdministration;
import io.quantadb.management.ServerMetrics;
import io.quantadb.management.ServerStatus;
import io.quantadb.management.SingleNode;
import io.quantadb.pgwire.PgServer;
import io.quantadb.session.auth.ScramVerifier;
import io.quantadb.pgwire.TlsContext;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.SessionServices;
import io.quantadb.session.SettingCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: everything started in order, and stopped in the reverse one. */
final class QuantaServer implements AutoCloseable {
    static final String VERSION = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger(QuantaServer.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final ServerConfig config;
    private final Secrets.Secret password;
    private final boolean created;
    private final String apiToken;
    private final String clusterSecret;
    private PgServer pgServer;
    private int port;
    private int apiPort;
    private volatile boolean ready;
    private long readySinceMillis;

    /**
     * Starts.
     *
     * @param supervisor told of failures after which the process must not go on
     */
    QuantaServer(ServerConfig config, Map<String, String> environment, Consumer<Throwable> supervisor) throws IOException, StartupException {
        this.config = config;
        try {
            DataDirectory directory = started(DataDirectory.open(config.server().dataDirectory()));
            created = directory.isNew();
            boolean trust = config.auth().method().equals("trust");
            Secrets secrets = new Secrets(environment, directory.path());
            password = created && !trust ? secrets.find(Secrets.PASSWORD) : null;
            apiToken = secrets.find(Secrets.API_TOKEN).value();
            clusterSecret = config.cluster().configured() ? secrets.find(Secrets.CLUSTER_SECRET).value() : null;
            String verifier = created ? verifier(environment, trust) : null;
            Node node = started(new Node(directory, config, PosixFileSystem.INSTANCE, Clock.SYSTEM, verifier, supervisor));
            startListeners(node, engine(node, directory), trust, supervisor);
        } catch (IOException | StartupException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private String verifier(Map<String, String> environment, boolean trust) {
        if (!trust) {
            return ScramVerifier.of(password.value()).toString();
        }
        String given = environment.get(Secrets.PASSWORD);
        return given == null || given.isEmpty() ? null : ScramVerifier.of(given).toString();
    }

    private <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }

    private Engine engine(Node node, DataDirectory directory) throws IOException, StartupException {
        Path temporary = directory.path().resolve("base").resolve("pgsql_tmp");
        clearTemporary(temporary);
        SessionRegistry sessions = started(new SessionRegistry(config.server().maxConnections()));
        SettingCatalog settings = new SettingCatalog(settings(directory.path()));
        Engine engine = new Engine(node, settings, sessions, directory.path(), temporary);
        Autovacuum autovacuum = engine.autovacuum(settings);
        if (autovacuum != null) {
            started(autovacuum).start();
        }
        return engine;
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

    private Map<String, String> settings(Path dataDirectory) throws StartupException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("port", Integer.toString(config.server().port()));
        settings.put("listen_addresses", config.server().host());
        settings.put("max_connections", Integer.toString(config.server().maxConnections()));
        settings.put("data_directory", dataDirectory.toAbsolutePath().normalize().toString());
        settings.put("shared_buffers", Long.toString(config.storage().bufferPoolBytes() / 8192));
        settings.put("wal_segment_size", Integer.toString(config.wal().segmentBytes()));
        settings.put("checkpoint_completion_target", Double.toString(config.wal().checkpointCompletionTarget()));
        settings.put("checkpoint_timeout", Long.toString(Math.max(1, config.storage().checkpointIntervalMillis() / 1000)));
        settings.put("ssl", config.tls().enabled() ? "on" : "off");
        SettingCatalog known = new SettingCatalog(Map.of());
        for (Map.Entry<String, String> entry : config.settings().entrySet()) {
            var definition = known.find(entry.getKey());
            if (definition == null) {
                throw new StartupException("settings." + entry.getKey() + " is not a known setting");
            }
            try {
                settings.put(entry.getKey(), definition.normalize(entry.getValue()));
            } catch (io.quantadb.error.SqlException e) {
                throw new StartupException("settings." + entry.getKey() + ": " + e.getMessage());
            }
        }
        return settings;
    }

    private void startListeners(Node node, Engine engine, boolean trust, Consumer<Throwable> supervisor) throws IOException {
        SessionServices services = engine.services();
        TlsContext tls = config.tls().enabled() ? TlsContext.load(config.tls().certFile(), config.tls().keyFile(), config.tls().caFile(),
            config.tls().requireClientAuth()) : null;
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
        var options = new PgServer.Options(config.server().host(), config.server().port(), loops, trust, tls, config.auth().requireSsl(),
            clusterSecret);
        pgServer = started(new PgServer(options, services, new Logins(node, engine::attach), supervisor));
        CollectorRegistry metrics = new CollectorRegistry();
        ServerStatus status = new Status(node, services);
        String apiHost = config.cluster().apiHost() == null ? config.server().host() : config.cluster().apiHost();
        ClusterAdministration cluster = new SingleNode(status, config.server().host() + ":" + config.server().port(),
            apiHost + ":" + config.cluster().apiPort());
        new ServerMetrics(services.statistics(), node.pool, services.sessions(), status, cluster).register(metrics);
        DefaultExports.register(metrics);
        ApiServer api = started(new ApiServer(apiHost, config.cluster().apiPort(), apiToken, status, cluster, metrics));
        apiPort = api.start();
        port = pgServer.start();
        readySinceMillis = System.currentTimeMillis();
        ready = true;
    }

    int port() {
        return port;
    }

    /** The listener for clients. */
    PgServer clients() {
        return pgServer;
    }

    int apiPort() {
        return apiPort;
    }

    /** The generated first password's file, null if the password was given or is older. */
    Path passwordFile() {
        return password == null ? null : password.file();
    }

    @Override
    public void close() {
        ready = false;
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("stopping {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }

    private final class Status implements ServerStatus {
        private final Node node;
        private final SessionServices services;

        Status(Node node, SessionServices services) {
            this.node = node;
            this.services = services;
        }

        @Override
        public String nodeId() {
            return config.cluster().nodeId();
        }

        @Override
        public String version() {
            return VERSION;
        }

        @Override
        public long readySinceMillis() {
            return readySinceMillis;
        }

        @Override
        public long insertLsn() {
            return node.wal.insertLsn();
        }

        @Override
        public long flushLsn() {
            return node.wal.flushLsn();
        }

        @Override
        public int timeline() {
            return node.storage.control().get().timeline().value();
        }

        @Override
        public int sessions() {
            return services.sessions().size();
        }

        @Override
        public int maxSessions() {
            return config.server().maxConnections();
        }

        @Override
        public boolean isReady() {
            return ready;
        }
    }
}
