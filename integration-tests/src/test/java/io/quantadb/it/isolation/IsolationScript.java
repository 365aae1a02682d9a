package io.quantadb.it.isolation;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * One script of several sessions. Lines: {@code setup: SQL} on a session of its own before the others; {@code NAME:
 * SQL} a step of the
 * session NAME, in the order written; {@code # ...} a comment. A step that does not end soon waits for another session;
 * it is
 * asked again after each later step.
 */
record IsolationScript(String name, List<String> setup, List<Step> steps) {
    private static final int BLOCKED_MILLIS = 250;
    private static final int FINISH_SECONDS = 20;

    record Step(String session, String sql) {
    }

    /** Parses a file of scripts; each begins with a line {@code == name}. */
    static List<IsolationScript> parse(List<String> lines) {
        List<IsolationScript> scripts = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("== ")) {
                scripts.add(new IsolationScript(line.substring(3), new ArrayList<>(), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                IsolationScript script = scripts.getLast();
                int colon = line.indexOf(':');
                String session = line.substring(0, colon);
                String sql = line.substring(colon + 1).strip();
                if (session.equals("setup")) {
                    script.setup.add(sql);
                } else {
                    script.steps.add(new Step(session, sql));
                }
            }
        }
        return scripts;
    }

    /** What happened, one line a step and one a late end; and the SQLSTATEs of all errors. */
    record Outcome(List<String> transcript, List<String> errors) {
    }

    Outcome run(DatabaseServer server) throws IOException {
        try (WireClient session = WireClient.connect(server, DatabaseServer.USER)) {
            for (String sql : setup) {
                session.execute(sql);
            }
        }
        Map<String, WireClient> sessions = new LinkedHashMap<>();
        Map<String, CompletableFuture<StatementResult>> waiting = new LinkedHashMap<>();
        List<String> transcript = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        try {
            for (Step step : steps) {
                if (!sessions.containsKey(step.session())) {
                    sessions.put(step.session(), WireClient.connect(server, DatabaseServer.USER));
                }
                if (waiting.containsKey(step.session())) {
                    finish(step.session(), waiting.remove(step.session()), FINISH_SECONDS * 1_000, transcript, errors);
                }
                WireClient client = sessions.get(step.session());
                CompletableFuture<StatementResult> running = CompletableFuture.supplyAsync(() ->
                    client.queryOne(step.sql()),
                    task -> Thread.ofVirtual().start(task));
                transcript.add(step.session() + ": " + step.sql());
                if (!finish(step.session(), running, BLOCKED_MILLIS, transcript, errors)) {
                    transcript.add("   " + step.session() + " waits");
                    waiting.put(step.session(), running);
                }
                waiting.entrySet().removeIf(entry -> entry.getValue() != running
                    && finish(entry.getKey(), entry.getValue(), BLOCKED_MILLIS, transcript, errors));
            }
            waiting.forEach((session, running) -> finish(session, running, FINISH_SECONDS * 1_000, transcript, errors));
        } finally {
            sessions.values().forEach(WireClient::abort);
        }
        return new Outcome(transcript, errors);
    }

    private static boolean finish(String session, CompletableFuture<StatementResult> running, int millis,
        List<String> transcript,
        List<String> errors) {
        try {
            StatementResult result = running.get(millis, TimeUnit.MILLISECONDS);
            transcript.add("   " + session + " -> " + describe(result));
            if (result.error != null) {
                errors.add(result.sqlState());
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            transcript.add("   " + session + " -> " + e.getCause());
            errors.add("connection");
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String describe(StatementResult result) {
        if (result.error != null) {
            return "ERROR " + result.sqlState() + ": " + result.errorMessage();
        }
        String rows = result.rows.stream().map(Object::toString).collect(Collectors.joining(" "));
        return rows.isEmpty() ? result.tag : result.tag + " " + rows;
    }
}
