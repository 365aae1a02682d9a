package io.quantadb.quantactl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Streams of WAL. */
@Command(name = "replication", description = "Shows the streams of WAL.", mixinStandardHelpOptions = true)
final class ReplicationCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    @Command(name = "status", description = "Shows what a node sends to its replicas, or receives.",
            mixinStandardHelpOptions = true)
    int status(@Mixin ApiOptions api, @Option(names = "--output", defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}") Output output) throws IOException {
        JsonNode streams = api.client().get("/cluster/replication");
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(streams.toPrettyString());
            return QuantaCtl.DONE;
        }
        JsonNode upstream = streams.path("upstream");
        if (upstream.isObject()) {
            out.printf("%s receives from %s (%s): replayed %s of %s%n", streams.path("node_id").asText(),
                upstream.path("node_id").asText(), upstream.path("status").asText(),
                upstream.path("replayed_lsn").asText(), upstream.path("received_lsn").asText());
        } else {
            out.printf("%s is the %s%n", streams.path("node_id").asText(), streams.path("role").asText());
        }
        TextTable table = new TextTable("REPLICA", "STATE", "SYNC", "SENT", "FLUSHED", "REPLAYED", "LAG BYTES", "LAG");
        for (JsonNode row : streams.path("replicas")) {
            table.add(row.path("node_id").asText(), row.path("state").asText(), row.path("sync_state").asText(),
                row.path("sent_lsn").asText(), row.path("flush_lsn").asText(), row.path("replay_lsn").asText(),
                row.path("lag_bytes").asLong(),
                String.format(Locale.ROOT, "%.3f s", row.path("lag_seconds").asDouble()));
        }
        table.print(out);
        return QuantaCtl.DONE;
    }
}
