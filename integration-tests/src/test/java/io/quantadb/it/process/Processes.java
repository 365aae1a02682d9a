package io.quantadb.it.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Child processes that never outlive the tests: what is still running when the JVM ends is killed.
 *
 * <p>Any thread.
 */
public final class Processes {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();
    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();
    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;
    private static final int PORT_ATTEMPTS_MAX = 10_000;
    /** To look at what a failed run has left: {@code -Dquantadb.it.keep=true}. */
    private static final boolean KEEP = Boolean.getBoolean("quantadb.it.keep");

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Processes::cleanUp, "process-cleanup"));
    }

    private Processes() {
    }

    /** What a program that has ended left behind. */
    public record Outcome(int exitCode, String output, String errors) {
        /** @return the output */
        public String throwIfFailed(String what) {
            if (exitCode != 0) {
                throw new IllegalStateException(what + " ended with " + exitCode + ":\n" + tail(errors) + tail(output));
            }
            return output;
        }

        private static String tail(String text) {
            return text.length() <= 4_000 ? text : "..." + text.substring(text.length() - 4_000);
        }
    }

    private static void cleanUp() {
        for (Process process : RUNNING) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (!KEEP) {
            DIRECTORIES.forEach(Processes::deleteQuietly);
        }
    }

    /** Starts a process that dies with this JVM at the latest. */
    public static Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command(), e);
        }
    }

    /** Runs a program to its end; past the limit it is killed and the call fails. */
    public static Outcome run(Duration limit, Map<String, String> environment, List<String> command) {
        return run(limit, environment, null, command);
    }

    /** @param input given to the program's standard input, or null */
    public static Outcome run(Duration limit, Map<String, String> environment, Path input, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        if (input == null) {
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        } else {
            builder.redirectInput(input.toFile());
        }
        Process process = start(builder);
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()),
            Processes::onNewThread);
        CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()),
            Processes::onNewThread);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                throw new IllegalStateException(command + " did not end within " + limit + ":\n" + output.join()
                    + errors.join());
            }
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
        }
        return new Outcome(process.exitValue(), output.join(), errors.join());
    }

    private static void onNewThread(Runnable task) {
        Thread.ofVirtual().start(task);
    }

    private static String readAll(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** SIGKILL to it and its children, and waits. */
    public static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ports that were free on all addresses a moment ago, all different. */
    public static int[] freePorts(int count) {
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            ports[i] = freePort();
        }
        return ports;
    }

    /** Below the range from which outgoing connections get theirs, so that a server that starts again finds it free. */
    private static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            if (GIVEN_PORTS.add(port)) {
                try (ServerSocket socket = new ServerSocket(port, 1)) {
                    return socket.getLocalPort();
                } catch (IOException e) {
                    // Another one uses it.
                }
            }
        }
        throw new IllegalStateException("no free port between " + PORT_MIN + " and " + PORT_MAX);
    }

    /** A new directory that is deleted when the JVM ends, at the latest. */
    public static Path temporaryDirectory(String prefix) {
        try {
            Path directory = Files.createTempDirectory(prefix);
            DIRECTORIES.add(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what {@link #temporaryDirectory} made, unless it is to be kept. */
    public static void discard(Path directory) {
        if (!KEEP) {
            deleteQuietly(directory);
        }
    }

    /** Deletes a directory with all it holds, as far as that is possible. */
    public static void deleteQuietly(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            // A file may vanish while we walk: temporary files are the operating system's to clean in the end.
        }
    }

    /** Resident memory of one process, bytes; 0 when it has gone. */
    public static long residentBytes(long pid) {
        return memory(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    /** Resident memory with shared pages divided among those who share them, bytes: this one can be added up. */
    static long proportionalBytes(long pid) {
        return memory(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss:");
    }

    private static long memory(Path file, String field) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
