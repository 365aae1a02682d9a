package io.quantadb.quantactl;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.quantadb.main.OfflineVerification;
import io.quantadb.verify.Finding;
import io.quantadb.verify.Finding.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a whole data directory: pages, indexes, and tables against their indexes. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
    "Checks the data directory of a stopped server: every page, every index, every row against its indexes.",
    "Recovers a copy in memory first, so it sees what the next start would see. Never writes to the directory.",
    "Exit codes: 0 sound, 1 damaged or not to be checked, 2 wrong usage."})
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<data-dir>", description = "Data directory.")
    private Path dataDirectory;

    @Option(names = "--quiet", description = "Print only damage, no notices and no summary.")
    private boolean quiet;

    @Option(names = "--scratch-dir", paramLabel = "<dir>", defaultValue = "${sys:java.io.tmpdir}",
            description = "Where pages changed by recovery go that do not fit memory; default: ${DEFAULT-VALUE}")
    private Path scratchDirectory;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.ERROR);
        }
        var summary = OfflineVerification.run(dataDirectory, scratchDirectory, finding -> print(out, finding));
        var report = summary.report();
        if (!quiet) {
            out.println((report.damaged() == 0 ? "sound: " : "damaged: " + report.damaged() + " problems; ")
                    + summary.files() + " files, " + summary.pages() + " pages, " + report.relations()
                    + " tables and indexes, " + report.rows() + " rows, " + report.indexEntries() + " index entries, "
                    + report.notices() + " notices");
        }
        return report.damaged() == 0 ? QuantaCtl.DONE : QuantaCtl.FAILED;
    }

    private void print(PrintWriter out, Finding finding) {
        if (!quiet || finding.severity() == Severity.DAMAGED) {
            out.println(finding);
            out.flush();
        }
    }
}
