package io.quantadb.it.process;

import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL 15 server with an empty data directory, the oracle: as a process of its own, on a free port of
 * 127.0.0.1.
 *
 * <p>PostgreSQL refuses to run as root, so under root it runs as user postgres. One thread.
 */
public final class PostgresProcess implements DatabaseServer {
    private static final List<String> PLACES = List.of("/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin",
        "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql@15/bin");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path directory = Processes.temporaryDirectory("postgres-it");
    private final int port = Processes.freePorts(1)[0];
    private Process process;

    private PostgresProcess() {
    }

    /** The directory of PostgreSQL 15's programs, if it is installed here. */
    public static Optional<Path> programs() {
        List<String> places = new ArrayList<>(PLACES);
        String chosen = System.getProperty("quantadb.it.postgres");
        if (chosen != null) {
            places.addFirst(chosen);
        }
        for (String place : places) {
            if (Files.isExecutable(Path.of(place, "initdb"))) {
                return Optional.of(Path.of(place));
            }
        }
        try {
            Processes.Outcome found = Processes.run(Duration.ofSeconds(10), Map.of(),
                List.of("pg_config", "--bindir", "--version"));
            String[] lines = found.output().split("\n");
            if (found.exitCode() == 0 && lines[1].startsWith("PostgreSQL 15.")
                && Files.isExecutable(Path.of(lines[0], "initdb"))) {
                return Optional.of(Path.of(lines[0]));
            }
        } catch (UncheckedIOException e) {
            // No pg_config here: not installed.
        }
        return Optional.empty();
    }

    /** @param settings lines for postgresql.conf */
    public static PostgresProcess startNew(String... settings) {
        PostgresProcess server = new PostgresProcess();
        try {
            server.initialise(List.of(settings));
            server.start();
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void initialise(List<String> settings) throws IOException {
        if (runsAsRoot()) {
            Files.setOwner(directory, directory.getFileSystem().getUserPrincipalLookupService()
                .lookupPrincipalByName("postgres"));
        }
        Path data = directory.resolve("data");
        List<String> command = unprivileged("initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "-N");
        Processes.run(START_LIMIT, Map.of(), command).throwIfFailed("initdb");
        List<String> lines = new ArrayList<>(List.of("", "listen_addresses = '127.0.0.1'", "port = " + port,
            "unix_socket_directories = ''",
            "timezone = 'UTC'", "log_timezone = 'UTC'", "max_connections = 200", "deadlock_timeout = '1s'"));
        lines.addAll(settings);
        Files.writeString(data.resolve("postgresql.conf"), String.join("\n", lines) + "\n",
            java.nio.file.StandardOpenOption.APPEND);
    }

    /** Where its files are. */
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    private void start() {
        ProcessBuilder builder = new ProcessBuilder(unprivileged("postgres", "-D",
            directory.resolve("data").toString()))
            .redirectErrorStream(true).redirectOutput(directory.resolve("server.out").toFile());
        process = Processes.start(builder);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (WireClient client = WireClient.connect(this, "postgres")) {
                client.execute("create database " + USER);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("PostgreSQL did not start: " + e.getMessage(), e);
                }
                pause();
            }
        }
    }

    static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The command line of one of PostgreSQL's programs, as a user that PostgreSQL accepts. */
    static List<String> unprivileged(String program, String... arguments) {
        Path path = programs().orElseThrow(() -> new IllegalStateException("PostgreSQL 15 is not installed"))
            .resolve(program);
        List<String> command = new ArrayList<>();
        if (runsAsRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(path.toString());
        command.addAll(List.of(arguments));
        return command;
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

    /** SIGKILL to all its processes. */
    public void killNow() {
        Processes.kill(process);
    }

    /** SIGINT is PostgreSQL's fast shutdown, which removes its shared memory too. */
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

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
