package io.quantadb.it.cluster;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.Processes;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.workload.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One node of a cluster as a process: its configuration file, data directory and log, its signals, and its API. Used
 * from one thread at a time.
 */
public final class ClusterNode implements AutoCloseable {
    static final String TOKEN = "integration-token";
    private static final String SECRET = "integration-cluster-secret";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    /** Where a node listens, or where others reach it. */
    record Ports(int sql, int replication, int raft, int api) {
    }

    private final String name;
    private final String host;
    private final Ports ports;
    private final Endpoint endpoint;
    private final Path directory;
    private Path data;
    private Process process;

    /** @param reached as clients and other nodes see it: the proxies' ports, where there are proxies */
    ClusterNode(String name, String host, Ports ports, Ports reached, Path directory, String configuration) {
        this.name = name;
        this.host = host;
        this.ports = ports;
        this.directory = directory;
        endpoint = new Endpoint(name, host, reached.sql());
        data = directory.resolve("data");
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return name;
    }

    /** Where clients reach it. */
    public Endpoint endpoint() {
        return endpoint;
    }

    public Path dataDirectory() {
        return data;
    }

    /** Moves the data to another place, a small disk for instance; before the first start. */
    void dataDirectory(Path other) {
        data = other;
    }

    long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts the process, unless it runs, and does not wait. */
    public void start() {
        if (isAlive()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(ServerProcess.launcher().toString(), "--config",
            directory.resolve("config.json").toString(), "--data-dir", data.toString()).directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("server.out").toFile()));
        builder.environment().put("QUANTADB_PASSWORD", DatabaseServer.PASSWORD);
        builder.environment().put("QUANTADB_CLUSTER_SECRET", SECRET);
        builder.environment().put("QUANTADB_API_TOKEN", TOKEN);
        process = Processes.start(builder);
    }

    /** SIGKILL. */
    public void kill() {
        Processes.kill(process);
    }

    /** SIGTERM, and waits. @return exit code */
    public int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                Processes.kill(process);
                throw new IllegalStateException(name + " did not stop within " + STOP_LIMIT + ":\n" + logTail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGSTOP. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        if (!isAlive()) {
            return;
        }
        Processes.run(Duration.ofSeconds(10), Map.of(), List.of("kill", "-" + signal, Long.toString(pid())))
            .throwIfFailed("kill -" + signal);
    }

    /** Deletes the data directory; the node must be stopped. */
    public void wipe() {
        Processes.deleteQuietly(data);
    }

    /** Copies the data directory of the stopped node. */
    public void saveData(Path copy) {
        copy(data, copy);
    }

    /** Puts an earlier copy in place of the data directory. */
    public void restoreData(Path copy) {
        wipe();
        copy(copy, data);
    }

    private static void copy(Path from, Path to) {
        Processes.run(Duration.ofMinutes(30), Map.of(), List.of("cp", "-a", "--sparse=always",
            from.toString(), to.toString())).throwIfFailed("cp " + from);
    }

    /** Status code of a GET to the API; 0 when nobody answers within the time. */
    public int status(String path) {
        HttpResponse<String> response = send(HttpRequest.newBuilder().GET(), path, Duration.ofSeconds(1));
        return response == null ? 0 : response.statusCode();
    }

    /** Body of a GET to the API, or a line that says why there is none. */
    public String body(String path) {
        HttpResponse<String> response = send(HttpRequest.newBuilder().GET(), path, Duration.ofSeconds(2));
        return response == null ? "(no answer)" : response.body().strip();
    }

    /** POST with the admin token. @param json body */
    public HttpResponse<String> post(String path, String json, Duration limit) {
        HttpResponse<String> response = send(HttpRequest.newBuilder()
            .POST(HttpRequest.BodyPublishers.ofString(json)).header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json"), path, limit);
        if (response == null) {
            throw new IllegalStateException("POST " + path + " to " + name + " was not answered within " + limit);
        }
        return response;
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path, Duration limit) {
        try {
            return HTTP.send(request.uri(URI.create("http://" + host + ":" + ports.api() + path)).timeout(limit)
                .build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The end of what the node printed. */
    public String logTail() {
        Path log = directory.resolve("server.out");
        try {
            byte[] bytes = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
            int from = Math.max(0, bytes.length - 6_000);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            Processes.kill(process);
        }
    }
}
