package io.quantadb.quantactl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes of the cluster. Each asks first, unless told {@code --yes}. */
@Command(name = "cluster", description = "Changes who does what in the cluster.", mixinStandardHelpOptions = true)
final class ClusterCommand implements Runnable {
    private static final String YES = "Do not ask.";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    @Command(name = "switchover", description = "Makes another node the primary; clients stay connected.",
            mixinStandardHelpOptions = true)
    int switchover(@Mixin ApiOptions api,
            @Option(names = "--to", paramLabel = "NODE", description = "Default: the best replica.") String target,
            @Option(names = {"-y", "--yes"}, description = YES) boolean yes) throws IOException {
        ApiClient client = api.client();
        String primary = client.get("/cluster/status").path("primary").asText("none");
        confirm(yes, "Move the primary from " + primary + " to " + (target == null ? "the best replica" : target)
                + "?");
        ObjectNode body = ApiClient.json().createObjectNode();
        if (target != null) {
            body.put("to", target);
        }
        return done(client.post("/cluster/switchover", body));
    }

    @Command(name = "remove-node", description = "Takes a node out of the cluster for good.",
            mixinStandardHelpOptions = true)
    int removeNode(@Mixin ApiOptions api,
            @Option(names = "--node-id", paramLabel = "NODE", required = true, description = "The node.") String node,
            @Option(names = "--graceful", description = "Only if that leaves enough nodes in sync.")
            boolean graceful, @Option(names = {"-y", "--yes"}, description = YES) boolean yes) throws IOException {
        confirm(yes, "Remove node " + node + " from the cluster?");
        ObjectNode body = ApiClient.json().createObjectNode().put("node_id", node).put("graceful", graceful);
        return done(api.client().post("/cluster/remove-node", body));
    }

    @Command(name = "heal-partition", description = "Ends a state in which no primary can be elected.",
            mixinStandardHelpOptions = true)
    int healPartition(@Mixin ApiOptions api,
            @Option(names = "--force-leader", required = true,
                    description = "Elect among reachable nodes, although acknowledged commits may be lost.")
            boolean force, @Option(names = {"-y", "--yes"}, description = YES) boolean yes) throws IOException {
        confirm(yes, "Elect a primary among the reachable nodes? Commits that only the others have are lost.");
        return done(api.client().post("/cluster/force-leader", ApiClient.json().createObjectNode()));
    }

    @Command(name = "pause", description = "Suspends automatic failover.", mixinStandardHelpOptions = true)
    int pause(@Mixin ApiOptions api) throws IOException {
        return done(api.client().post("/cluster/pause", ApiClient.json().createObjectNode()));
    }

    @Command(name = "resume", description = "Resumes automatic failover.", mixinStandardHelpOptions = true)
    int resume(@Mixin ApiOptions api) throws IOException {
        return done(api.client().post("/cluster/resume", ApiClient.json().createObjectNode()));
    }

    private int done(JsonNode answer) {
        spec.commandLine().getOut().println(answer.path("message").asText());
        return QuantaCtl.DONE;
    }

    private void confirm(boolean yes, String question) throws IOException {
        if (yes) {
            return;
        }
        spec.commandLine().getErr().print(question + " [y/N] ");
        spec.commandLine().getErr().flush();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String answer = in.readLine();
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw new IOException("not confirmed, nothing was changed");
        }
    }
}
