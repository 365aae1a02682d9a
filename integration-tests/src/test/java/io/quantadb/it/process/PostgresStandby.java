package io.quantadb.it.process;

import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A streaming replica of a {@link PostgresProcess}, made by {@code pg_basebackup}, with the primary's settings. One
 * thread.
 */
public final class PostgresStandby implements DatabaseServer {
    private static final Duration COPY_LIMIT = Duration.ofMinutes(60);
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Path directory = Processes.temporaryDirectory("postgres-standby");
    private final int port = Processes.freePorts(1)[0];
    private final String name;
    private Process process;

    private PostgresStandby(String name) {
        this.name = name;
    }

    /** @param name its application_name in pg_stat_replication */
    public static PostgresStandby startNew(PostgresProcess primary, String name) {
        return startNew(primary.port(), name);
    }

    /** @param primaryPort of 127.0.0.1: the primary's, or that of a proxy before it */
    public static PostgresStandby startNew(int primaryPort, String name) {
        PostgresStandby standby = new PostgresStandby(name);
        try {
            standby.copy(primaryPort);
            standby.start();
            return standby;
        } catch (IOException e) {
            standby.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            standby.close();
            throw e;
        }
    }

    private void copy(int primaryPort) throws IOException {
        if (PostgresProcess.runsAsRoot()) {
            Files.setOwner(directory, directory.getFileSystem().getUserPrincipalLookupService()
                .lookupPrincipalByName("postgres"));
        }
        Path data = directory.resolve("data");
        Processes.run(COPY_LIMIT, Map.of(), PostgresProcess.unprivileged("pg_basebackup", "-D", data.toString(), "-R",
            "-X", "stream", "-c", "fast", "-h", host(), "-p", Integer.toString(primaryPort), "-U", USER))
            .throwIfFailed("pg_basebackup");
        Files.writeString(data.resolve("postgresql.auto.conf"), "port = " + port + "\ncluster_name = '" + name
            + "'\n", StandardOpenOption.APPEND);
    }

    private void start() {
        List<String> command = new ArrayList<>(PostgresProcess.unprivileged("postgres", "-D",
            directory.resolve("data").toString()));
        process = Processes.start(new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.out").toFile()));
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (WireClient client = WireClient.connect(this, USER)) {
                client.execute("select 1");
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("the standby did not start: " + e.getMessage(), e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long residentBytes() {
        return Processes.proportionalBytes(process.pid()) + process.descendants()
            .mapToLong(child -> Processes.proportionalBytes(child.pid())).sum();
    }

    /** SIGINT is PostgreSQL's fast shutdown. */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    Processes.kill(process);
                }
            } catch (IOException e) {
                Processes.kill(process);
            } catch (InterruptedException e) {
                Processes.kill(process);
                Thread.currentThread().interrupt();
            }
        }
        Processes.deleteQuietly(directory);
    }
}
