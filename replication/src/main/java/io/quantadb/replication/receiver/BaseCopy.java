package io.quantadb.replication.receiver;

import io.netty.handler.ssl.SslContext;
import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.replication.protocol.Credentials;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Histories;
import io.quantadb.replication.protocol.Message;
import io.quantadb.replication.protocol.Message.BaseCopyEnd;
import io.quantadb.replication.protocol.Message.BaseCopyRequest;
import io.quantadb.replication.protocol.Message.BaseCopyStart;
import io.quantadb.replication.protocol.Message.FileData;
import io.quantadb.replication.protocol.Message.FileEnd;
import io.quantadb.replication.protocol.Message.FileHeader;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.TimelineHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills an empty data directory with a copy of a serving node's files. One attempt is one call of {@link #attempt}; an
 * interrupted one goes on where it was, as long as the other node still retains the WAL from the copy's redo point.
 *
 * <p>Invariants: the state file is there before the first file and until the control file is; a path is in the state
 * file only when contents and name are durable; the control file comes last, so a directory with one is complete.
 */
public final class BaseCopy {
    /**
     * @param dataDirectory where the files go
     * @param walDirectory where the history file goes
     * @param kept names in the data directory that are never removed: a lock, the WAL directory, logs
     * @param slot made at the other node, retains its WAL from the redo point on; the replica then streams with it
     * @param stallMillis an attempt that receives nothing for so long is given up
     */
    public record Options(Path dataDirectory, Path walDirectory, Set<String> kept, String slot, NodeInfo self,
            Credentials credentials, SslContext tls, long epoch, long stallMillis) {
        public Options {
            kept = Set.copyOf(kept);
        }
    }

    /** What the replica starts from; the control file says the same. */
    public record Result(ControlFile control, TimelineHistory history) {
    }

    /** Told what goes on, on the copy's thread. */
    public interface Listener {
        /**
         * Files are coming. WAL may be streamed beside them from {@code redoLsn} on.
         *
         * @param resumed false: whatever was received before is worthless
         */
        default void started(long systemId, TimelineHistory history, Lsn redoLsn, int segmentSizeBytes,
                boolean resumed) {
        }

        /**
         * About every second, and at the end.
         *
         * @param bytes received in this attempt
         * @param totalBytes to receive in it, about
         * @param bytesPerSecond mean of the attempt
         */
        default void progress(long bytes, long totalBytes, long bytesPerSecond) {
        }
    }

    /** The other node refused; with {@link ErrorCode#NOT_READY} and the like trying again may help. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final ErrorCode code;

        RefusedException(ErrorCode code, String text) {
            super(text);
            this.code = code;
        }

        public ErrorCode code() {
            return code;
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(BaseCopy.class);
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_MILLIS = 200;

    private final FileSystem files;
    private final Options options;
    private final Clock clock;
    private final Listener listener;

    public BaseCopy(FileSystem files, Options options, Clock clock, Listener listener) {
        this.files = files;
        this.options = options;
        this.clock = clock;
        this.listener = listener;
    }

    /** Whether the directory holds an incomplete copy. */
    public static boolean isIncomplete(FileSystem files, Path dataDirectory) throws IOException {
        return files.exists(dataDirectory.resolve(BaseCopyState.FILE_NAME));
    }

    /**
     * Copies from {@code source}; waits for the end. Durable on return.
     *
     * @throws RefusedException if the other node says no
     * @throws IOException if the link broke or a file could not be written: call again to go on
     */
    public Result attempt(Endpoint source) throws IOException, InterruptedException {
        Path directory = options.dataDirectory();
        BaseCopyState state = BaseCopyState.read(files, directory);
        if (files.exists(ControlFile.path(directory)) && !isIncomplete(files, directory)) {
            throw new IOException("\"" + directory + "\" holds a database already");
        }
        Attempt attempt = new Attempt(state);
        PeerLink link = new PeerLink(source, new PeerLink.Identity(options.self(), PeerKind.BASE_COPY,
                state == null ? 0 : state.systemId(), options.epoch(), options.credentials(), options.tls()), attempt);
        attempt.link = link;
        attempt.ready.countDown();
        try {
            return attempt.await();
        } finally {
            link.close();
            attempt.stop();
        }
    }

    private final class Attempt implements PeerLink.Handler {
        private final CompletableFuture<Result> result = new CompletableFuture<>();
        private final java.util.concurrent.CountDownLatch ready = new java.util.concurrent.CountDownLatch(1);
        private final BaseCopyState previous;
        private PeerLink link;
        private volatile long lastMessageNanos = clock.monotonicNanos();
        private BaseCopyState state;
        private BaseCopyWriter writer;
        private BaseCopyStart start;
        private TimelineHistory history;
        private long beginNanos;
        private long reportedNanos;
        private long bytes;
        private boolean stopped;

        Attempt(BaseCopyState previous) {
            this.previous = previous;
        }

        Result await() throws IOException, InterruptedException {
            while (true) {
                try {
                    return result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long silent = TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - lastMessageNanos);
                    if (silent > options.stallMillis()) {
                        throw new IOException("nothing received for " + silent + " ms", e);
                    }
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException cause) {
                        throw cause;
                    }
                    throw new IOException(e.getCause().toString(), e.getCause());
                }
            }
        }

        @Override
        public synchronized void onWelcome(Welcome welcome) throws IOException {
            lastMessageNanos = clock.monotonicNanos();
            awaitReady();
            boolean resume = previous != null;
            link.send(new BaseCopyRequest(options.slot(), resume ? previous.redoLsn().value() : 0,
                    resume ? List.copyOf(previous.done()) : List.of()));
        }

        private void awaitReady() throws IOException {
            try {
                ready.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public synchronized void onMessage(Message message) throws ProtocolException, IOException {
            if (stopped) {
                return;
            }
            lastMessageNanos = clock.monotonicNanos();
            try {
                switch (message) {
                    case BaseCopyStart m when start == null -> begin(m);
                    case FileHeader m when start != null -> writer.begin(m);
                    case FileData m when start != null -> {
                        bytes += m.bytes().remaining();
                        writer.data(m);
                        report();
                    }
                    case FileEnd m when start != null -> writer.end(m);
                    case BaseCopyEnd m when start != null -> finish(m);
                    default -> throw new ProtocolException(ErrorCode.PROTOCOL, "message "
                            + message.getClass().getSimpleName() + " has no place in a base copy");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (IOException e) {
                // Ours, not the peer's.
                result.completeExceptionally(e);
                throw e;
            }
        }

        private void begin(BaseCopyStart m) throws ProtocolException, IOException {
            history = Histories.parse(m.timeline(), m.history());
            if (m.resumed() && previous != null) {
                state = previous;
            } else {
                wipe();
                state = new BaseCopyState(m.systemId(), new Lsn(m.checkpointLsn()), new Lsn(m.redoLsn()), Set.of());
            }
            files.createDirectories(options.dataDirectory());
            state.write(files, options.dataDirectory());
            writer = new BaseCopyWriter(files, options.dataDirectory(), state.done());
            start = m;
            beginNanos = clock.monotonicNanos();
            reportedNanos = beginNanos;
            LOGGER.info("Base copy {}: {} files, {} bytes, redo point {}", m.resumed() ? "resumed" : "begun",
                    m.fileCount(), m.totalBytes(), state.redoLsn());
            listener.started(m.systemId(), history, state.redoLsn(), m.segmentSizeBytes(), m.resumed());
        }

        /** Removes what an earlier copy left. */
        private void wipe() throws IOException {
            for (String name : new TreeSet<>(files.list(options.dataDirectory()))) {
                if (!options.kept().contains(name) && !name.equals(BaseCopyState.FILE_NAME)) {
                    remove(options.dataDirectory().resolve(name));
                }
            }
        }

        private void remove(Path path) throws IOException {
            for (String name : files.list(path)) {
                remove(path.resolve(name));
            }
            files.delete(path);
        }

        private void report() throws IOException {
            long now = clock.monotonicNanos();
            if (now - reportedNanos >= REPORT_NANOS) {
                reportedNanos = now;
                saveState();
                tell(now);
            }
        }

        private void tell(long now) {
            double seconds = Math.max(1e-6, (now - beginNanos) / 1e9);
            listener.progress(bytes, Math.max(bytes, start.totalBytes()), (long) (bytes / seconds));
        }

        private void saveState() throws IOException {
            Set<String> durable = writer.durable();
            if (durable.size() > state.done().size()) {
                writer.syncDirectories();
                state = new BaseCopyState(state.systemId(), state.checkpointLsn(), state.redoLsn(), durable);
                state.write(files, options.dataDirectory());
            }
        }

        private void finish(BaseCopyEnd m) throws IOException, InterruptedException {
            writer.finish();
            tell(clock.monotonicNanos());
            if (!history.timeline().equals(TimelineId.FIRST)) {
                files.createDirectories(options.walDirectory());
                history.write(files, options.walDirectory());
            }
            ControlFile control = new ControlFile(state.systemId(), ControlFile.State.IN_ARCHIVE_RECOVERY,
                    state.checkpointLsn(), state.redoLsn(), history.timeline(), start.segmentSizeBytes(),
                    new Lsn(m.minimumRecoveryLsn()), clock.wallMicros());
            control.write(files, options.dataDirectory());
            files.delete(options.dataDirectory().resolve(BaseCopyState.FILE_NAME));
            files.syncDirectory(options.dataDirectory());
            LOGGER.info("Base copy complete: {} bytes received, consistent at {}", bytes,
                    control.minimumRecoveryLsn());
            result.complete(new Result(control, history));
        }

        @Override
        public void onClosed(ErrorCode code, String reason) {
            result.completeExceptionally(code == null ? new IOException(reason) : new RefusedException(code, reason));
        }

        /** Nothing is written any more on return; what is durable is remembered. */
        synchronized void stop() throws IOException {
            stopped = true;
            if (writer != null) {
                writer.close();
                if (!result.isDone() || result.isCompletedExceptionally()) {
                    saveState();
                }
            }
        }
    }
}
