package io.quantadb.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Everything the configuration file says, checked. Immutable. Sizes in bytes, durations in milliseconds.
 *
 * @param inactive keys that are accepted and checked but do nothing yet, for a line in the log at start
 * @param settings run-time settings (pg_settings) given in section {@code settings}
 */
public record ServerConfig(Server server, Cluster cluster, Replication replication, Storage storage, Wal wal,
        Tls tls, Auth auth, Map<String,
        String> settings,
        List<String> inactive) {

    /** @param walDirectory null: below the data directory */
    public record Server(String host, int port, Path dataDirectory, Path walDirectory, int maxConnections) {
    }

    /** What a node is when it has not yet been told by its cluster. */
    public enum Mode {
        /** Forms the cluster, if there is none yet. */
        PRIMARY,
        /** Joins through {@code primary_host}. */
        REPLICA,
        /** Votes and stores no data. */
        WITNESS
    }

    /**
     * @param configured whether the file has a section {@code cluster}; without it there is no Raft and no port 6432
     * @param primaryHost where a joining node finds the cluster for the first time; null for the first node
     * @param priority among nodes with equal WAL the one with the highest number is made primary
     * @param electionTimeoutMillis longest time without a heartbeat after which a new leader is sought
     */
    public record Cluster(boolean configured, Mode mode, String nodeId, int raftPort, int replicationPort,
            String apiHost, int apiPort, String primaryHost, int primaryReplicationPort, Advertised advertised,
            int priority, int electionTimeoutMillis) {
    }

    /** Where others reach this node, if not where it listens (address translation); null and 0: where it listens. */
    public record Advertised(String host, int port, int raftPort, int replicationPort, int apiPort) {
    }

    /**
     * @param synchronous false: the durable horizon is the local flush, and a failover can lose commits
     * @param minInSync members, the primary among them, below which writes wait and then fail; 0: chosen by the number
     * of nodes
     * @param maxStandbyDelayMillis how long replay may wait for a replica's queries before it cancels them
     */
    public record Replication(boolean synchronous, int maxReplicas, long syncTimeoutMillis, int batchSize,
            int minInSync, long maxRetainedWalBytes, long maxStandbyDelayMillis) {
    }

    public record Storage(long bufferPoolBytes, long checkpointIntervalMillis, long maxWalBytes) {
    }

    public record Wal(int segmentBytes, String syncMethod, double checkpointCompletionTarget) {
    }

    public record Tls(boolean enabled, Path certFile, Path keyFile, Path caFile, boolean requireClientAuth) {
    }

    public record Auth(String method, boolean requireSsl, boolean allowInsecure) {
    }

    /** Values of the command line; null where it said nothing. */
    public record Overrides(Path dataDirectory, String host, Integer port, Integer replicationPort, Integer raftPort,
            Integer apiPort) {
        public static final Overrides NONE = new Overrides(null, null, null, null, null, null);
    }

    private static final long MB = 1L << 20;
    private static final long DEFAULT_POOL_BYTES = 128 * MB;
    private static final ObjectMapper JSON = new ObjectMapper()
        .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true);

    /** What a server runs with that was given no file. */
    public static ServerConfig defaults(Overrides overrides) throws ConfigException {
        return parse("command line", JSON.createObjectNode(), overrides, Runtime.getRuntime().maxMemory());
    }

    /** @param availableMemoryBytes what "75% of available RAM" refers to */
    public static ServerConfig load(Path file, Overrides overrides, long availableMemoryBytes) throws ConfigException {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException("configuration file " + file + " does not exist");
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + ", line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ": "
                + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException("configuration file " + file + " cannot be read: " + e.getMessage());
        }
        return parse(file.toString(), root, overrides, availableMemoryBytes);
    }

    private static ServerConfig parse(String file, JsonNode node, Overrides overrides, long availableMemoryBytes)
            throws ConfigException {
        ConfigReader root = new ConfigReader(file, "", node, availableMemoryBytes);
        List<String> inactive = new ArrayList<>();
        Server server = server(root.section("server"), overrides);
        Cluster cluster = cluster(root.has("cluster"), root.section("cluster"), overrides, file);
        Replication replication = replication(root.section("replication"));
        ConfigReader storageSection = root.section("storage");
        ConfigReader walSection = root.section("wal");
        int segmentBytes = segmentBytes(storageSection, walSection, file);
        Storage storage = new Storage(storageSection.size("buffer_pool_size", DEFAULT_POOL_BYTES, 4 * MB, 1L << 45),
            storageSection.duration("checkpoint_interval", 300_000, 1_000),
                    storageSection.size("max_wal_size", 1024 * MB, 2L * segmentBytes, 1L << 45));
        storageSection.choice("buffer_pool_policy", "lru", "lru");
        storageSection.finish();
        Wal wal = new Wal(segmentBytes,
                walSection.choice("sync_method", "fdatasync", "fsync", "fdatasync", "open_datasync"),
            walSection.fraction("checkpoint_completion_target", 0.9));
        walSection.finish();
        query(root.section("query"), inactive);
        Tls tls = tls(root.section("tls"), file);
        Auth auth = auth(root.section("auth"));
        backup(root.section("backup"), inactive);
        Map<String, String> settings = new LinkedHashMap<>();
        ConfigReader settingsSection = root.section("settings");
        for (String key : settingsSection.keys()) {
            settings.put(key, settingsSection.anyText(key));
        }
        root.finish();
        if (auth.requireSsl() && !tls.enabled()) {
            throw new ConfigException(file + ": auth.require_ssl = true needs tls.enabled = true");
        }
        return new ServerConfig(server, cluster, replication, storage, wal, tls, auth, Map.copyOf(settings),
                List.copyOf(inactive));
    }

    private static Server server(ConfigReader section, Overrides overrides) throws ConfigException {
        String host = section.text("host", "127.0.0.1");
        int port = section.integer("port", 5432, 0, 65535);
        Path data = Path.of(section.text("data_dir", "./quantadb-data"));
        String walDirectory = section.text("wal_dir", null);
        int maxConnections = section.integer("max_connections", 1000, 1, 100_000);
        section.finish();
        Path chosen = overrides.dataDirectory() == null ? data : overrides.dataDirectory();
        // A data directory given on the command line moves a WAL directory that lies inside the configured one.
        Path wal = walDirectory == null ? null : Path.of(walDirectory);
        if (wal != null && overrides.dataDirectory() != null && wal.startsWith(data)) {
            wal = chosen.resolve(data.relativize(wal));
        }
        return new Server(overrides.host() == null ? host : overrides.host(), overrides.port() == null ? port
                : overrides.port(), chosen, wal,
            maxConnections);
    }

    private static Cluster cluster(boolean configured, ConfigReader section, Overrides overrides, String file)
        throws ConfigException {
        Mode mode = Mode.valueOf(section.choice("mode", "primary", "primary", "replica", "witness")
            .toUpperCase(Locale.ROOT));
        String nodeId = section.text("node_id", "node-01");
        int raftPort = section.integer("raft_port", 7432, 0, 65535);
        int replicationPort = section.integer("replication_port", 6432, 0, 65535);
        int apiPort = section.integer("api_port", 8432, 0, 65535);
        String apiHost = section.text("api_host", null);
        String primaryHost = section.text("primary_host", null);
        int primaryPort = section.integer("primary_replication_port", 6432, 1, 65535);
        Advertised advertised = new Advertised(section.text("advertise_host", null),
            section.integer("advertise_port", 0, 0, 65535), section.integer("advertise_raft_port", 0, 0, 65535),
            section.integer("advertise_replication_port", 0, 0, 65535),
            section.integer("advertise_api_port", 0, 0, 65535));
        int priority = section.integer("priority", 50, 0, 100);
        int electionTimeout = Math.toIntExact(section.duration("election_timeout", 300, 50));
        section.finish();
        if (mode != Mode.PRIMARY && primaryHost == null) {
            throw new ConfigException(file + ": cluster.mode = \"" + mode.name().toLowerCase(Locale.ROOT)
                    + "\" needs cluster.primary_host, a node of the cluster to join");
        }
        return new Cluster(configured, mode, nodeId, overrides.raftPort() == null ? raftPort : overrides.raftPort(),
            overrides.replicationPort() == null ? replicationPort : overrides.replicationPort(), apiHost,
            overrides.apiPort() == null ? apiPort : overrides.apiPort(), primaryHost, primaryPort, advertised, priority,
            electionTimeout);
    }

    private static Replication replication(ConfigReader section) throws ConfigException {
        Replication replication = new Replication(section.choice("mode", "sync", "sync", "async").equals("sync"),
            section.integer("max_replicas", 2, 0, 64), section.duration("sync_timeout", 5_000, 1),
            section.integer("batch_size", 1000, 1, 1_000_000), section.integer("min_in_sync", 0, 0, 64),
            section.size("max_retained_wal", 1L << 34, MB, 1L << 50),
            section.duration("max_standby_delay", 30_000, 0));
        section.finish();
        return replication;
    }

    private static void report(String name, ConfigReader section, List<String> inactive) {
        for (String key : section.keys()) {
            inactive.add(name + "." + key);
        }
    }

    private static int segmentBytes(ConfigReader storage, ConfigReader wal, String file) throws ConfigException {
        long fromStorage = storage.size("wal_segment_size", -1, MB, 1024 * MB);
        long fromWal = wal.size("segment_size", -1, MB, 1024 * MB);
        if (fromStorage >= 0 && fromWal >= 0 && fromStorage != fromWal) {
            throw new ConfigException(file + ": storage.wal_segment_size and wal.segment_size differ: " + fromStorage
                    + " and " + fromWal + " bytes");
        }
        long bytes = fromWal >= 0 ? fromWal : fromStorage >= 0 ? fromStorage : 16 * MB;
        if (Long.bitCount(bytes) != 1) {
            throw new ConfigException(file + ": wal.segment_size is " + bytes
                    + " bytes; expected a power of two from 1MB to 1024MB");
        }
        return (int) bytes;
    }

    private static void query(ConfigReader section, List<String> inactive) throws ConfigException {
        section.bool("vectorized_execution", true);
        section.integer("parallel_workers", 0, 0, 1024);
        section.size("result_cache_size", 0, 0, 1L << 45);
        report("query", section, inactive);
        section.finish();
    }

    private static Tls tls(ConfigReader section, String file) throws ConfigException {
        boolean enabled = section.bool("enabled", false);
        String cert = section.text("cert_file", null);
        String key = section.text("key_file", null);
        String ca = section.text("ca_file", null);
        boolean client = section.bool("require_client_auth", false);
        section.finish();
        if (enabled && (cert == null || key == null)) {
            throw new ConfigException(file + ": tls.enabled = true needs tls.cert_file and tls.key_file");
        }
        if (client && ca == null) {
            throw new ConfigException(file + ": tls.require_client_auth = true needs tls.ca_file");
        }
        return new Tls(enabled, cert == null ? null : Path.of(cert), key == null ? null : Path.of(key), ca == null
                ? null : Path.of(ca), client);
    }

    private static Auth auth(ConfigReader section) throws ConfigException {
        String method = section.choice("method", "scram-sha-256", "scram-sha-256", "trust", "cert");
        section.choice("password_encryption", "scram-sha-256", "scram-sha-256");
        boolean requireSsl = section.bool("require_ssl", false);
        boolean insecure = section.bool("allow_insecure", false);
        section.finish();
        if (method.equals("cert")) {
            throw new ConfigException("auth.method = \"cert\" is not available in this version; expected "
                    + "\"scram-sha-256\" or \"trust\"");
        }
        return new Auth(method, requireSsl, insecure);
    }

    private static void backup(ConfigReader section, List<String> inactive) throws ConfigException {
        section.bool("enabled", false);
        section.text("schedule", null);
        section.integer("retention_days", 30, 1, 36_500);
        section.choice("compression", "gzip", "none", "gzip", "zstd");
        section.bool("verify_after_backup", false);
        ConfigReader storage = section.section("storage");
        storage.choice("type", "file", "file", "s3");
        storage.text("bucket", null);
        storage.text("region", null);
        storage.text("path", null);
        storage.text("endpoint", null);
        storage.bool("encryption", false);
        storage.finish();
        report("backup", section, inactive);
        section.finish();
    }

    /** Whether the listener can be reached from this machine only. */
    public static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /** Checks what only the whole configuration can tell. */
    public void checkSafety() throws ConfigException {
        boolean exposed = !isLoopback(server.host()) || cluster.apiHost() != null && !isLoopback(cluster.apiHost());
        if (auth.method().equals("trust") && exposed && !auth.allowInsecure()) {
            throw new ConfigException("auth.method = \"trust\" lets anybody in who reaches " + server.host()
                + "; it is allowed on loopback addresses only, or with auth.allow_insecure = true");
        }
    }
}
