package io.quantadb.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quantadb.management.ClusterAdministration.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the API changes: one handler a path, each taking the JSON object of the request. Stateless. */
final class ApiCommands {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Paths that take POST. */
    static final Set<String> PATHS = Set.of("/cluster/switchover", "/cluster/remove-node",
        "/cluster/force-leader", "/cluster/pause", "/cluster/resume");

    private final Map<String, Function<JsonNode, CompletableFuture<Outcome>>> handlers = new TreeMap<>();

    ApiCommands(ClusterAdministration cluster) {
        handlers.put("/cluster/switchover", body -> cluster.switchover(text(body, "to")));
        handlers.put("/cluster/remove-node", body -> text(body, "node_id") == null
            ? CompletableFuture.completedFuture(new Outcome(400, "\"node_id\" is missing"))
            : cluster.removeNode(text(body, "node_id"), body.path("graceful").asBoolean(true)));
        handlers.put("/cluster/force-leader", body -> cluster.forceLeader());
        handlers.put("/cluster/pause", body -> cluster.setPaused(true));
        handlers.put("/cluster/resume", body -> cluster.setPaused(false));
    }

    private static String text(JsonNode body, String field) {
        return body.hasNonNull(field) ? body.get(field).asText() : null;
    }

    /** @param body JSON object; empty means no arguments */
    CompletableFuture<Outcome> run(String path, String body) {
        JsonNode arguments;
        try {
            arguments = body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return CompletableFuture.completedFuture(new Outcome(400, "the body is not JSON: " + e.getOriginalMessage()));
        }
        if (!arguments.isObject()) {
            return CompletableFuture.completedFuture(new Outcome(400, "the body must be a JSON object"));
        }
        return handlers.get(path).apply(arguments);
    }

    static String toJson(Outcome outcome) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(outcome.isDone() ? "message" : "error", outcome.message());
        try {
            return JSON.writeValueAsString(body) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }
}
