package io.quantadb.it.process;

import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged QuantaDB server as its own process, started by its launcher on free ports of 127.0.0.1.
 *
 * <p>The data directory lives as long as this object: it can be stopped or killed and started again on the same ports.
 * The launcher is
 * {@code bin/quantadb} below the directory named by system property {@code quantadb.home}, by default {@code
 * ../server}. One thread.
 */
public final class ServerProcess implements DatabaseServer {
    private static final Pattern READY = Pattern.compile("\\bready\\b", Pattern.CASE_INSENSITIVE);
    /** The launcher builds the server when it is not built. */
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Path directory = Processes.temporaryDirectory("quantadb-it");
    private final Path log = directory.resolve("server.out");
    private final int[] ports = Processes.freePorts(4);
    private final List<String> options = new ArrayList<>();
    private Process process;
    private Duration startTime;

    private ServerProcess() {
    }

    /** A server with an empty data directory, ready. */
    public static ServerProcess startNew() {
        return startNew(null);
    }

    /** @param configuration JSON of the configuration file, or null for none */
    public static ServerProcess startNew(String configuration) {
        ServerProcess server = new ServerProcess();
        try {
            if (configuration != null) {
                Path file = server.directory.resolve("config.json");
                Files.writeString(file, configuration);
                server.options.addAll(List.of("--config", file.toString()));
            }
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public static Path launcher() {
        return Path.of(System.getProperty("quantadb.home", "../server"), "bin", "quantadb").toAbsolutePath()
            .normalize();
    }

    /** Starts it, on the data of the last run if there was one, and waits for the ready line. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(options);
        command.addAll(List.of("--data-dir", dataDirectory().toString(), "--port", port() + "", "--replication-port",
            ports[1] + "", "--raft-port",
            ports[2] + "", "--api-port", ports[3] + ""));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("QUANTADB_PASSWORD", PASSWORD);
        long logBefore = logSize();
        long started = System.nanoTime();
        process = Processes.start(builder);
        while (!READY.matcher(logFrom(logBefore)).find()) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended with " + process.exitValue()
                    + " before it was ready:\n" + logFrom(logBefore));
            }
            if (System.nanoTime() - started > START_LIMIT.toNanos()) {
                Processes.kill(process);
                throw new IllegalStateException("the server was not ready within " + START_LIMIT + ":\n"
                    + logFrom(logBefore));
            }
            pause();
        }
        startTime = Duration.ofNanos(System.nanoTime() - started);
    }

    /** From the start of the launcher to the ready line, last start. */
    public Duration startTime() {
        return startTime;
    }

    /** SIGTERM, then waits for the end. @return the exit code */
    public int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                Processes.kill(process);
                throw new IllegalStateException("the server did not stop within " + STOP_LIMIT + " of SIGTERM:\n"
                    + logTail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * SIGKILL: what was not on disk is in the kernel's page cache, so this tests the process's death, not the
     * machine's.
     */
    public void killNow() {
        Processes.kill(process);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public int apiPort() {
        return ports[3];
    }

    /** Bytes of all files in the data directory, as their lengths say. */
    public long dataBytes() {
        try (Stream<Path> files = Files.walk(dataDirectory())) {
            return files.mapToLong(file -> Files.isRegularFile(file) ? file.toFile().length() : 0).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of what the server printed. */
    public String logTail() {
        return logFrom(Math.max(0, logSize() - 8_000));
    }

    /** All that the server printed. */
    public String log() {
        return logFrom(0);
    }

    private long logSize() {
        return Files.exists(log) ? log.toFile().length() : 0;
    }

    private String logFrom(long offset) {
        try {
            if (!Files.exists(log)) {
                return "";
            }
            byte[] bytes = Files.readAllBytes(log);
            int from = (int) Math.min(offset, bytes.length);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public WireClient connect() throws IOException {
        return WireClient.connect(this, USER);
    }

    @Override
    public String name() {
        return "QuantaDB";
    }

    @Override
    public int port() {
        return ports[0];
    }

    @Override
    public long residentBytes() {
        return Processes.residentBytes(process.pid());
    }

    @Override
    public void close() {
        if (process != null) {
            Processes.kill(process);
        }
        Processes.deleteQuietly(directory);
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
