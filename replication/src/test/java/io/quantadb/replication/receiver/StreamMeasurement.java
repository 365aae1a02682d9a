package io.quantadb.replication.receiver;

import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.replication.sender.SenderOptions;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures catch-up and commit latency between two directories in one process. Arguments: directory, commits, MB of
 * catch-up.
 */
public final class StreamMeasurement {
    private StreamMeasurement() {
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        Path base = Files.createTempDirectory(Path.of(args[0]), "stream");
        int commits = Integer.parseInt(args[1]);
        long bytes = Long.parseLong(args[2]) << 20;
        SegmentLayout layout = new SegmentLayout(SegmentLayout.DEFAULT_SIZE);
        WalPosition start = new WalPosition(layout.firstLsn(), Lsn.INVALID);
        try (var primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, base.resolve("p"), layout, start,
                TimelineHistory.first(), WalWriterOptions.DEFAULT, 0)) {
            long number = 0;
            while (primary.writer.insertLsn() - layout.firstLsn().value() < bytes) {
                primary.writer.admit();
                WalBench.insert(primary.writer, ++number, 116);
            }
            primary.writer.flush(primary.writer.insertLsn());
            primary.serve(Integer.getInteger("port", 5650), SenderOptions.DEFAULT);
            long begin = System.nanoTime();
            try (var replica = new StreamBench.Replica("r", PosixFileSystem.INSTANCE, base.resolve("r"), layout,
                    TimelineHistory.first(), start, true).follow(StreamBench.SECRET, primary.port)) {
                while (replica.log.flushLsn() < primary.writer.flushLsn()) {
                    Thread.sleep(1);
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf("catch-up: %d MB in %.2f s, %.0f MB/s (%d records), %d syncs%n", bytes >> 20,
                        seconds, (bytes >> 20) / seconds, number, replica.log.wal().syncs());
                for (int round = 0; round < 4; round++) {
                    commits(primary, replica, commits, number);
                    number += 2L * commits;
                }
            }
        }
    }

    private static void commits(StreamBench.Primary primary, StreamBench.Replica replica, int count, long number) {
        Thread waiter = Thread.currentThread();
        primary.onFeedback = () -> LockSupport.unpark(waiter);
        long[] local = new long[count];
        long[] both = new long[count];
        long[] toReplica = new long[count];
        var arrived = new java.util.concurrent.atomic.AtomicLong();
        replica.log.addWriteListener(lsn -> arrived.set(System.nanoTime()));
        long syncs = replica.log.wal().syncs();
        long syncNanos = replica.log.wal().syncNanos();
        long localSyncs = primary.writer.statistics().syncs();
        long localNanos = primary.writer.statistics().syncNanos();
        for (int i = 0; i < count; i++) {
            primary.writer.admit();
            long begin = System.nanoTime();
            long end = WalBench.insert(primary.writer, ++number, 116);
            primary.writer.flush(end);
            local[i] = System.nanoTime() - begin;
            while (primary.feedback.get("r").flushLsn() < end) {
                LockSupport.park();
            }
            both[i] = System.nanoTime() - begin;
            toReplica[i] = Math.max(0, arrived.get() - begin);
        }
        primary.onFeedback = () -> { };
        Arrays.sort(local);
        Arrays.sort(both);
        Arrays.sort(toReplica);
        System.out.printf("commit us p50/p99: local flush %d/%d, stored at replica %d/%d, local and replica %d/%d; "
                + "sync mean us: local %d, replica %d%n", local[count / 2] / 1000, local[count * 99 / 100] / 1000,
                toReplica[count / 2] / 1000, toReplica[count * 99 / 100] / 1000,
                both[count / 2] / 1000, both[count * 99 / 100] / 1000,
                (primary.writer.statistics().syncNanos() - localNanos) / 1000
                        / Math.max(1, primary.writer.statistics().syncs() - localSyncs),
                (replica.log.wal().syncNanos() - syncNanos) / 1000 / Math.max(1, replica.log.wal().syncs() - syncs));
    }
}
