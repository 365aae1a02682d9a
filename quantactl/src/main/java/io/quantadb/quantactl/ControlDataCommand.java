package io.quantadb.quantactl;

import io.quantadb.base.PosixFileSystem;
import io.quantadb.wal.recovery.ControlFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the control file of a data directory, as pg_controldata does. */
@Command(name = "controldata", description = "Prints the control file of a data directory.",
        mixinStandardHelpOptions = true)
final class ControlDataCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<data-dir>", description = "Data directory.")
    private Path dataDirectory;

    @Option(names = "--output", defaultValue = "table", description = "table or json; default: ${DEFAULT-VALUE}")
    private Output output;

    @Override
    public Integer call() throws IOException {
        ControlFile control = ControlFile.read(PosixFileSystem.INSTANCE, dataDirectory);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("system_identifier", Long.toUnsignedString(control.systemId()));
        fields.put("state", control.state().toString());
        fields.put("last_modified", Instant.EPOCH.plus(control.wallMicros(), ChronoUnit.MICROS).toString());
        fields.put("checkpoint_lsn", control.checkpointLsn().toString());
        fields.put("redo_lsn", control.redoLsn().toString());
        fields.put("timeline", control.timeline().value());
        fields.put("minimum_recovery_lsn", control.minimumRecoveryLsn().toString());
        fields.put("wal_segment_size", control.segmentSizeBytes());
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(json(fields));
        } else {
            fields.forEach((name, value) -> out.printf("%-22s %s%n", name.replace('_', ' ') + ":", value));
        }
        return QuantaCtl.DONE;
    }

    /** None of the values holds a character that JSON would escape. */
    private static String json(Map<String, Object> fields) {
        StringBuilder text = new StringBuilder("{");
        fields.forEach((name, value) -> {
            text.append(text.length() > 1 ? ", " : "").append('"').append(name).append("\": ");
            text.append(value instanceof Number ? value : "\"" + value + "\"");
        });
        return text.append('}').toString();
    }
}
