package io.quantadb.main;

import io.quantadb.base.Clock;
import io.quantadb.base.InvariantViolation;
import io.quantadb.base.OverlayFileSystem;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.config.ConfigException;
import io.quantadb.config.ServerConfig;
import io.quantadb.verify.Finding;
import io.quantadb.verify.Finding.Severity;
import io.quantadb.verify.Report;
import io.quantadb.verify.SystemVerifier;
import io.quantadb.wal.recovery.ControlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Verifies the data directory of a stopped server without writing to it: recovers a copy of it that lives in memory
 * over the files, then checks all pages, tables and indexes of that copy. So it says what the next start would find,
 * also after a crash.
 */
public final class OfflineVerification {
    private static final long POOL_BYTES = 64L << 20;
    private static final long OVERLAY_BYTES_MAX = 192L << 20;

    /**
     * What was looked at.
     *
     * @param recovered whether the system could be opened; otherwise only pages were checked
     */
    public record Summary(boolean recovered, int files, long pages, Report report) {
    }

    private OfflineVerification() {
    }

    /**
     * Verifies.
     *
     * @param scratchDirectory for changes of recovery that do not fit memory
     * @param sink told of each finding when it is found
     * @throws IOException also if a server uses the directory, or it is none
     */
    public static Summary run(Path dataDirectory, Path scratchDirectory, Consumer<Finding> sink) throws IOException {
        Report report = new Report(sink);
        try (DataDirectory directory = DataDirectory.openReadOnly(dataDirectory);
                OverlayFileSystem files = new OverlayFileSystem(PosixFileSystem.INSTANCE, scratchDirectory,
                        OVERLAY_BYTES_MAX)) {
            ControlFile control = ControlFile.read(files, dataDirectory);
            Node node = open(directory, files, report);
            SystemVerifier verifier = node == null ? null : new SystemVerifier(new SystemVerifier.Parts(node.pool,
                    node.storage.visibilityMap(), node.transactions, node.heaps, node.catalogs), report);
            var check = SystemVerifier.verifyFiles(files, dataDirectory, control.systemId(),
                    verifier == null ? Map.of() : verifier.names(), report);
            if (verifier != null) {
                verifier.verifyRelations(check.found());
                node.close();
            }
            return new Summary(node != null, check.fileCount(), check.pageCount(), report);
        } catch (StartupException | ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Null, and a finding, if the system cannot be recovered. */
    private static Node open(DataDirectory directory, OverlayFileSystem files, Report report) throws ConfigException {
        ServerConfig defaults = ServerConfig.defaults(ServerConfig.Overrides.NONE);
        ServerConfig config = new ServerConfig(defaults.server(), defaults.cluster(),
                defaults.replication(), new ServerConfig.Storage(POOL_BYTES, defaults.storage().checkpointIntervalMillis(),
                        defaults.storage().maxWalBytes()),
                defaults.wal(), defaults.tls(), defaults.auth(), defaults.settings(), defaults.inactive());
        try {
            return new Node(directory, config, files, Clock.SYSTEM, null, failure -> report.add(
                    new Finding(Severity.DAMAGED, null, null, null, -1, "a background task failed: " + failure)));
        } catch (IOException | RuntimeException | InvariantViolation e) {
            report.add(new Finding(Severity.DAMAGED, null, null, null, -1,
                    "recovery fails, only pages are checked: " + e.getMessage()));
            return null;
        }
    }
}
