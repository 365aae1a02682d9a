package io.quantadb.quantactl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The cluster as one of its nodes sees it. */
@Command(name = "status", description = "Shows the cluster: nodes, roles, epoch, who is in sync.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ApiOptions api;

    @Option(names = "--output", defaultValue = "table", description = "table or json; default: ${DEFAULT-VALUE}")
    private Output output;

    @Override
    public Integer call() throws IOException {
        JsonNode status = api.client().get("/cluster/status");
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(status.toPrettyString());
            return QuantaCtl.DONE;
        }
        out.printf("Primary %s, epoch %d, timeline %d, %d of %d nodes in sync (at least %d needed for writes); "
                + "seen by %s, %s%n",
            status.path("primary").asText("none"), status.path("epoch").asLong(), status.path("timeline").asLong(),
            status.path("in_sync").size(), status.path("nodes").size(), status.path("min_in_sync").asInt(),
            status.path("node_id").asText(), status.path("state").asText());
        TextTable table = new TextTable("NODE", "ROLE", "KIND", "IN SYNC", "REACHABLE", "SQL", "API");
        for (JsonNode node : status.path("nodes")) {
            table.add(node.path("node_id").asText(), node.path("role").asText(), node.path("kind").asText(),
                node.path("in_sync").asBoolean() ? "yes" : "no", node.path("reachable").asBoolean() ? "yes" : "no",
                node.hasNonNull("sql_address") ? node.get("sql_address").asText() : null,
                node.hasNonNull("api_address") ? node.get("api_address").asText() : null);
        }
        table.print(out);
        return QuantaCtl.DONE;
    }
}
