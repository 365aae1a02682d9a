package io.quantadb.replication.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.PosixFileSystem;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.writer.WalBench;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Goal: WAL arrives whole and in order over real sockets, whatever happens to the connection. */
@Timeout(120)
class StreamTest {
    @TempDir
    Path directory;

    private StreamBench.Primary primary(long maxRetained) throws Exception {
        return new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("p"), WalBench.LAYOUT,
                WalBench.START, TimelineHistory.first(),
                WalBench.options(true, io.quantadb.wal.segment.SyncMethod.FDATASYNC), maxRetained);
    }

    private StreamBench.Replica replica(String name) throws Exception {
        return new StreamBench.Replica(name, PosixFileSystem.INSTANCE, directory.resolve(name), WalBench.LAYOUT,
                TimelineHistory.first(), WalBench.START, true);
    }

    private static void insert(StreamBench.Primary primary, long from, long to, int length) {
        for (long i = from; i <= to; i++) {
            primary.writer.admit();
            long end = WalBench.insert(primary.writer, i, (int) (i * 37 % length));
            if (i % 50 == 0 || i == to) {
                primary.writer.flush(end);
            }
        }
    }

    @Test
    void shouldCatchUpFromFilesAndFollowTheTail() throws Exception {
        try (var primary = primary(0)) {
            insert(primary, 1, 2_000, 900);
            primary.serve(0, StreamBench.LINK);
            try (var one = replica("one").follow(StreamBench.SECRET, primary.port);
                    var two = replica("two").follow(StreamBench.SECRET, primary.port)) {
                StreamBench.awaitTrue("joined", () -> primary.feedback.size() == 2);
                insert(primary, 2_001, 6_000, 2_000);
                primary.writer.switchSegment();
                insert(primary, 6_001, 6_100, 50);
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("horizon " + end, () -> one.horizon.get() == end && two.horizon.get() == end);
                assertEquals(end, one.log.flushLsn());
                assertEquals(end, two.log.writeLsn());
                assertEquals(LongStream.rangeClosed(1, 6_100).boxed().toList(), one.readAll());
                assertEquals(one.readAll(), two.readAll());
                assertTrue(primary.joined.contains("one"));
                assertEquals(end, primary.slots.minimumLsn().value());
            }
        }
    }
}
