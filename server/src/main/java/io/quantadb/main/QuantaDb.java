package io.quantadb.main;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.quantadb.config.ConfigException;
import io.quantadb.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/**
 * The server's command line. Exit codes: 0 after a clean shutdown, 1 if it could not start or had to stop, 2 for wrong
 * usage.
 */
@Command(name = "quantadb", version = "QuantaDB " + QuantaServer.VERSION, mixinStandardHelpOptions = true, sortOptions = false,
    description = "Runs a QuantaDB node. Without options: one node, data in ./quantadb-data, on loopback only.")
public final class QuantaDb implements Callable<Integer> {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(QuantaDb.class);
    private static final int EXIT_INVARIANT = 3;

    @Option(names = "--config", paramLabel = "FILE", description = "configuration file (JSON)")
    private Path configFile;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "data directory")
    private Path dataDirectory;

    @Option(names = "--host", paramLabel = "H", description = "address to listen on for SQL clients")
    private String host;

    @Option(names = "--port", paramLabel = "N", description = "port for SQL clients, 0 for any free one")
    private Integer port;

    @Option(names = "--replication-port", paramLabel = "N", description = "port for WAL streaming")
    private Integer replicationPort;

    @Option(names = "--raft-port", paramLabel = "N", description = "port for Raft")
    private Integer raftPort;

    @Option(names = "--api-port", paramLabel = "N", description = "port for the management API, 0 for any free one")
    private Integer apiPort;

    @Option(names = "--log-level", paramLabel = "L", description = "error, warn, info, debug or trace")
    private LogLevel logLevel = LogLevel.info;

    @Option(names = "--prepare-cache", hidden = true,
        description = "starts and stops at once: for the run that records the JVM's start-up cache")
    private boolean prepareCache;

    private enum LogLevel { error, warn, info, debug, trace }

    public static void main(String[] args) {
        System.exit(new CommandLine(new QuantaDb()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.toLevel(logLevel.name()));
        QuantaServer server;
        ServerConfig config;
        try {
            config = config();
            config.checkSafety();
            for (String key : config.inactive()) {
                LOG.warn("configuration key {} is accepted but not active in this version", key);
            }
            server = new QuantaServer(config, System.getenv(), QuantaDb::fail);
            if (prepareCache) {
                server.awaitReady();
                server.close();
                return 0;
            }
        } catch (ConfigException | StartupException | IOException e) {
            System.err.println("quantadb: " + e.getMessage());
            return 1;
        }
        CountDownLatch stop = new CountDownLatch(1);
        // Signals are handled here and not by a shutdown hook, under which the JVM would exit with the signal's code.
        Signal.handle(new Signal("TERM"), signal -> stop.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.countDown());
        Thread.ofVirtual().start(() -> announceWhenReady(config, server));
        stop.await();
        LOG.info("shutting down");
        server.close();
        LOG.info("shut down");
        return 0;
    }

    private static void announceWhenReady(ServerConfig config, QuantaServer server) {
        try {
            server.awaitReady();
            announce(config, server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ServerConfig config() throws ConfigException {
        var overrides = new ServerConfig.Overrides(dataDirectory, host, port, replicationPort, raftPort, apiPort);
        return configFile == null ? ServerConfig.defaults(overrides) : ServerConfig.load(configFile, overrides, availableMemoryBytes());
    }

    private static long availableMemoryBytes() {
        var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean machine ? machine.getTotalMemorySize() : Runtime.getRuntime().maxMemory();
    }

    /** The last lines on the console: where secrets are, and that the server is ready. */
    private static void announce(ServerConfig config, QuantaServer server) {
        if (server.passwordFile() != null) {
            System.out.println("The password of role quantadb was generated and is in " + server.passwordFile().toAbsolutePath().normalize());
        }
        System.out.println("Management API: http://" + config.server().host() + ":" + server.apiPort() + "/health");
        String hint = config.auth().method().equals("trust") ? "" : server.passwordFile() == null ? ""
            : "PGPASSWORD=$(cat " + server.passwordFile().toAbsolutePath().normalize() + ") ";
        System.out.println("QuantaDB is ready. Connect with: " + hint + "psql -h " + config.server().host() + " -p " + server.port()
            + " -U quantadb quantadb");
        System.out.flush();
    }

    /**
     * A broken invariant, or a failure that leaves the state of the storage unknown: stop before anything more is
     * written.
     */
    private static void fail(Throwable cause) {
        LOG.error("stopping at once: {}", cause.toString(), cause);
        Runtime.getRuntime().halt(EXIT_INVARIANT);
    }
}
