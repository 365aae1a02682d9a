package io.quantadb.main;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ServerConfig;
import io.quantadb.management.ApiServer;
import io.quantadb.management.ClusterAdministration;
import io.quantadb.management.ServerMetrics;
import io.quantadb.management.ServerStatus;
import io.quantadb.management.SingleNode;
import io.quantadb.pgwire.PgServer;
import io.quantadb.session.auth.ScramVerifier;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.SettingCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: everything started in order, and stopped in the reverse one. */
final class QuantaServer implements AutoCloseable {
    static final String VERSION = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger(QuantaServer.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final ServerConfig config;
    private final Secrets.Secret password;
    private final String apiToken;
    private final CountDownLatch ready = new CountDownLatch(1);
    private Supplier<ServedNode> served = () -> null;
    private int apiPort;
    private volatile long readySinceMillis;

    /**
     * Starts.
     *
     * @param supervisor told of failures after which the process must not go on
     */
    QuantaServer(ServerConfig config, Map<String, String> environment, Consumer<Throwable> supervisor) throws IOException, StartupException {
        this.config = config;
        try {
            DataDirectory directory = started(DataDirectory.open(config.server().dataDirectory()));
            boolean trust = config.auth().method().equals("trust");
            boolean founding = directory.isNew() && config.cluster().mode() == ServerConfig.Mode.PRIMARY;
            Secrets secrets = new Secrets(environment, directory.path());
            password = founding && !trust ? secrets.find(Secrets.PASSWORD) : null;
            apiToken = secrets.find(Secrets.API_TOKEN).value();
            String verifier = founding ? verifier(environment, trust) : null;
            if (config.cluster().configured()) {
                startMember(directory, secrets, verifier, supervisor);
            } else {
                startSingle(directory, verifier, supervisor);
            }
        } catch (IOException | StartupException | RuntimeException | Error e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IOException(e.getMessage(), e);
        }
    }

    private void startSingle(DataDirectory directory, String verifier, Consumer<Throwable> supervisor) throws IOException, StartupException {
        Node node = new Node(directory, config, PosixFileSystem.INSTANCE, Clock.SYSTEM, verifier, supervisor);
        ServedNode opened = new ServedNode(node, config, settings(directory.path()), null, ClusterInfo.NONE, supervisor);
        started(() -> opened.close(true));
        opened.startMaintenance();
        served = () -> opened;
        startApi(new SingleNode(new Status(), config.server().host() + ":" + config.server().port(), apiHost() + ":" + config.cluster().apiPort()));
        opened.listen();
        nowReady();
    }

    /** Returns while the member may still be looking for its cluster; {@link #awaitReady} waits for that. */
    private void startMember(DataDirectory directory, Secrets secrets, String verifier, Consumer<Throwable> supervisor) throws Exception {
        if (config.cluster().mode() == ServerConfig.Mode.WITNESS) {
            throw new StartupException("cluster.mode = \"witness\" is not available in this version");
        }
        ClusterMember member = new ClusterMember(config, directory, settings(directory.path()), secrets.find(Secrets.CLUSTER_SECRET).value(), supervisor);
        started(member);
        served = member::served;
        member.onServing(this::nowReady);
        startApi(new ClusterMonitor(member));
        Thread starting = Thread.ofPlatform().name("cluster-start").daemon().unstarted(() -> {
            try {
                member.start(verifier);
            } catch (Exception | Error e) {
                if (!member.isClosed()) {
                    LOG.error("this node cannot start", e);
                    supervisor.accept(e);
                }
            }
        });
        starting.start();
    }

    private String apiHost() {
        return config.cluster().apiHost() == null ? config.server().host() : config.cluster().apiHost();
    }

    private void startApi(ClusterAdministration cluster) throws IOException {
        ServerStatus status = new Status();
        CollectorRegistry metrics = new CollectorRegistry();
        new ServerMetrics(this::sources, status, cluster).register(metrics);
        DefaultExports.register(metrics);
        ApiServer api = started(new ApiServer(apiHost(), config.cluster().apiPort(), apiToken, status, cluster, metrics));
        apiPort = api.start();
    }

    private ServerMetrics.Sources sources() {
        ServedNode now = served.get();
        return now == null ? null : new ServerMetrics.Sources(now.engine.services().statistics(), now.node.pool, now.engine.services().sessions());
    }

    private void nowReady() {
        readySinceMillis = System.currentTimeMillis();
        ready.countDown();
    }

    /** Returns when clients are let in. */
    void awaitReady() throws InterruptedException {
        ready.await();
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

    int port() {
        return served.get().port();
    }

    /** The listener for clients. */
    PgServer clients() {
        return served.get().clients();
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
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("stopping {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }

    /** A member of a cluster may have no node at times. */
    private final class Status implements ServerStatus {
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
            ServedNode now = served.get();
            return now == null ? 0 : now.node.wal.insertLsn();
        }

        @Override
        public long flushLsn() {
            ServedNode now = served.get();
            return now == null ? 0 : now.node.roles() == null ? now.node.wal.flushLsn() : now.node.roles().storedLsn();
        }

        @Override
        public int timeline() {
            ServedNode now = served.get();
            return now == null ? 0 : now.node.storage.control().get().timeline().value();
        }

        @Override
        public int sessions() {
            ServedNode now = served.get();
            return now == null ? 0 : now.engine.services().sessions().size();
        }

        @Override
        public int maxSessions() {
            return config.server().maxConnections();
        }

        @Override
        public boolean isReady() {
            return ready.getCount() == 0;
        }
    }
}
