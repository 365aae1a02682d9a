package io.quantadb.replication.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.TimelineId;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.sender.WriterWalSource;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Goal: WAL arrives whole and in order over real sockets, whatever happens to the connection. */
@Timeout(120)
class StreamTest {
    private static final long SEED = Long.getLong("quantadb.seed", System.nanoTime());
    private static final WalWriterOptions OPTIONS = WalBench.options(true, SyncMethod.FDATASYNC);

    @TempDir
    Path directory;

    private StreamBench.Primary primary(long maxRetained) throws Exception {
        return new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("p"), WalBench.LAYOUT,
                WalBench.START, TimelineHistory.first(), OPTIONS, maxRetained);
    }

    private StreamBench.Replica replica(String name) throws Exception {
        return replica(name, TimelineHistory.first(), WalBench.START);
    }

    private StreamBench.Replica replica(String name, TimelineHistory history, WalPosition position) throws Exception {
        return new StreamBench.Replica(name, PosixFileSystem.INSTANCE, directory.resolve(name), WalBench.LAYOUT,
                history, position, true);
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

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
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
                assertEquals(numbers(1, 6_100), one.readAll());
                assertEquals(one.readAll(), two.readAll());
                assertTrue(primary.joined.contains("one"));
                assertEquals(end, primary.slots.minimumLsn().value());
            }
        }
    }

    @Test
    void shouldSurviveCutsAndCorruptionAtRandomPlaces() throws Exception {
        Random random = new Random(SEED);
        try (var primary = primary(0).serve(0, StreamBench.LINK);
                var proxy = new FaultyProxy(primary.port, SEED, 60_000, 0.4);
                var replica = replica("one").follow(StreamBench.SECRET, proxy.port())) {
            long number = 0;
            for (int round = 0; round < 30; round++) {
                long to = number + 1 + random.nextInt(200);
                insert(primary, number + 1, to, 1 + random.nextInt(3_000));
                number = to;
                Thread.sleep(random.nextInt(30));
            }
            proxy.faults = false;
            insert(primary, number + 1, number + 1, 10);
            long end = primary.writer.flushLsn();
            StreamBench.awaitTrue("all of it, seed " + SEED, () -> replica.log.flushLsn() == end);
            assertEquals(numbers(1, number + 1), replica.readAll(), "seed " + SEED);
            assertTrue(proxy.connections.get() > 1, "seed " + SEED);
            assertTrue(replica.forks.isEmpty(), "seed " + SEED + ": " + replica.forks);
        }
    }

    @Test
    void shouldContinueAfterARestartOfTheReplica() throws Exception {
        try (var primary = primary(0).serve(0, StreamBench.LINK)) {
            insert(primary, 1, 500, 500);
            WalPosition position;
            try (var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("caught up", () -> replica.log.flushLsn() == end);
                position = replica.log.wal().position();
            }
            insert(primary, 501, 900, 500);
            try (var replica = replica("one", TimelineHistory.first(), position).follow(StreamBench.SECRET,
                    primary.port)) {
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("caught up", () -> replica.log.flushLsn() == end);
                assertEquals(numbers(1, 900), replica.readAll());
            }
        }
    }

    @Test
    void shouldRefuseTheWrongSecretSystemAndCluster() throws Exception {
        try (var primary = primary(0).serve(0, StreamBench.LINK)) {
            insert(primary, 1, 100, 100);
            try (var replica = replica("a").follow("another secret", primary.port)) {
                StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.AUTHENTICATION);
                assertEquals(WalBench.START.endLsn().value(), replica.log.writeLsn());
            }
            try (var replica = replica("b")) {
                replica.systemId = 7;
                replica.follow(StreamBench.SECRET, primary.port);
                StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.WRONG_SYSTEM);
            }
            try (var replica = replica("c")) {
                replica.clusterName = "other";
                replica.follow(StreamBench.SECRET, primary.port);
                StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.WRONG_CLUSTER);
            }
            assertTrue(primary.joined.isEmpty(), primary.joined.toString());
        }
    }

    @Test
    void shouldTakeNothingOfAnOlderEpoch() throws Exception {
        try (var primary = primary(0).serve(0, StreamBench.LINK);
                var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
            insert(primary, 1, 100, 100);
            long before = primary.writer.flushLsn();
            StreamBench.awaitTrue("horizon", () -> replica.horizon.get() == before);
            replica.onEpoch(2);
            insert(primary, 101, 200, 100);
            StreamBench.awaitTrue("the primary has been told", () -> primary.newerEpoch == 2);
            Thread.sleep(200);
            assertEquals(before, replica.log.writeLsn());
            assertEquals(before, replica.horizon.get());
            assertTrue(primary.feedback.get("one").flushLsn() <= before);
            // Elected again, in an epoch of its own.
            primary.epoch = 3;
            long end = primary.writer.flushLsn();
            StreamBench.awaitTrue("follows again", () -> replica.log.flushLsn() == end);
            assertEquals(3, replica.epoch.get());
        }
    }

    /** One node has 1 to 500 and is promoted; another has 1 to 1000 and must cut; a third has 1 to 200 and follows. */
    @Test
    void shouldCutADivergedTailAndGoOnOnTheNewTimeline() throws Exception {
        WalPosition short200;
        WalPosition fork;
        WalPosition long1000;
        try (var primary = primary(0).serve(0, StreamBench.LINK)) {
            insert(primary, 1, 200, 600);
            short200 = copy(primary, "short");
            insert(primary, 201, 500, 600);
            fork = copy(primary, "winner");
            insert(primary, 501, 1_000, 600);
            long1000 = copy(primary, "long");
        }
        TimelineHistory second = StreamBench.second(fork.endLsn().value());
        try (var winner = promote("winner", second, fork);
                var cut = replica("long", TimelineHistory.first(), long1000);
                var behind = replica("short", TimelineHistory.first(), short200)) {
            cut.replayed = short200.endLsn().value();
            cut.follow(StreamBench.SECRET, winner.port);
            behind.follow(StreamBench.SECRET, winner.port);
            insert(winner, 5_001, 5_300, 700);
            long end = winner.writer.flushLsn();
            StreamBench.awaitTrue("both follow", () -> cut.log.flushLsn() == end && behind.log.flushLsn() == end);
            List<Long> expected = new ArrayList<>(numbers(1, 500));
            expected.addAll(numbers(5_001, 5_300));
            assertEquals(expected, cut.readAll());
            assertEquals(expected, behind.readAll());
            assertEquals(List.of("1:" + fork.endLsn().value()), cut.forks);
            assertTrue(behind.forks.isEmpty());
            assertEquals(second, cut.log.history());
            assertEquals(second, TimelineHistory.read(PosixFileSystem.INSTANCE, behind.segments.directory(),
                    new TimelineId(2)));
        }
    }

    private WalPosition copy(StreamBench.Primary primary, String name) throws Exception {
        try (var replica = replica(name).follow(StreamBench.SECRET, primary.port)) {
            long end = primary.writer.flushLsn();
            StreamBench.awaitTrue("copied", () -> replica.log.flushLsn() == end);
            return replica.log.wal().position();
        }
    }

    private StreamBench.Primary promote(String name, TimelineHistory history, WalPosition fork) throws Exception {
        var segments = new io.quantadb.wal.segment.WalSegments(PosixFileSystem.INSTANCE,
                directory.resolve(name).resolve("wal"), WalBench.LAYOUT, WalBench.SYSTEM_ID);
        segments.branch(1, 2, fork.endLsn().value());
        history.write(PosixFileSystem.INSTANCE, segments.directory());
        var promoted = new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve(name), WalBench.LAYOUT, fork,
                history, OPTIONS, 0);
        promoted.epoch = 2;
        return promoted.serve(0, StreamBench.LINK);
    }

    /** A node that was primary of its own history joins: timeline 2 here, timeline 3 there, both leave timeline 1. */
    @Test
    void shouldLeaveATimelineThatLost() throws Exception {
        WalPosition fork;
        WalPosition later;
        try (var primary = primary(0).serve(0, StreamBench.LINK)) {
            insert(primary, 1, 300, 600);
            fork = copy(primary, "loser");
            insert(primary, 301, 400, 600);
            later = copy(primary, "winner");
        }
        TimelineHistory second = StreamBench.second(fork.endLsn().value());
        WalPosition lost;
        try (var loser = promote("loser", second, fork)) {
            insert(loser, 7_001, 7_400, 600);
            lost = loser.writer.position();
        }
        TimelineHistory third = TimelineHistory.first().branch(new TimelineId(3), later.endLsn(), "test");
        var segments = new io.quantadb.wal.segment.WalSegments(PosixFileSystem.INSTANCE,
                directory.resolve("winner").resolve("wal"), WalBench.LAYOUT, WalBench.SYSTEM_ID);
        segments.branch(1, 3, later.endLsn().value());
        try (var winner = new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("winner"),
                WalBench.LAYOUT, later, third, OPTIONS, 0).serve(0, StreamBench.LINK);
                var loser = replica("loser", second, lost).follow(StreamBench.SECRET, winner.port)) {
            insert(winner, 9_001, 9_100, 600);
            long end = winner.writer.flushLsn();
            StreamBench.awaitTrue("follows", () -> loser.log.flushLsn() == end);
            List<Long> expected = new ArrayList<>(numbers(1, 400));
            expected.addAll(numbers(9_001, 9_100));
            assertEquals(expected, loser.readAll());
            assertEquals(List.of("1:" + fork.endLsn().value()), loser.forks);
        }
    }

    /** The primary lost an unsynced tail in a crash and wrote other records there, on the same timeline. */
    @Test
    void shouldCutWhatARestartedPrimaryHasLost() throws Exception {
        for (int after : new int[]{5, 700}) {
            Path home = directory.resolve("case" + after);
            StreamBench.Primary primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, home.resolve("p"),
                    WalBench.LAYOUT, WalBench.START, TimelineHistory.first(), OPTIONS, 0).serve(0, StreamBench.LINK);
            StreamBench.Replica replica = new StreamBench.Replica("one", PosixFileSystem.INSTANCE, home.resolve("one"),
                    WalBench.LAYOUT, TimelineHistory.first(), WalBench.START, true);
            try {
                insert(primary, 1, 300, 500);
                WalPosition kept = primary.writer.position();
                insert(primary, 301, 400, 500);
                replica.follow(StreamBench.SECRET, primary.port);
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("caught up", () -> replica.log.flushLsn() == end);
                int port = primary.port;
                primary.close();
                primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, home.resolve("p"), WalBench.LAYOUT, kept,
                        TimelineHistory.first(), OPTIONS, 0);
                insert(primary, 3_001, 3_000 + after, 500);
                primary.serve(port, StreamBench.LINK);
                insert(primary, 3_001 + after, 3_200 + after, 500);
                long newEnd = primary.writer.flushLsn();
                StreamBench.awaitTrue("follows", () -> replica.log.flushLsn() == newEnd);
                List<Long> expected = new ArrayList<>(numbers(1, 300));
                expected.addAll(numbers(3_001, 3_200 + after));
                assertEquals(expected, replica.readAll());
                assertEquals(List.of("1:" + kept.endLsn().value()), replica.forks);
            } finally {
                replica.close();
                primary.close();
            }
        }
    }

    @Test
    void shouldInvalidateASlotThatRetainsTooMuch() throws Exception {
        try (var primary = primary(200_000).serve(0, StreamBench.LINK)) {
            insert(primary, 1, 10, 100);
            WalPosition position;
            try (var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("slot moved", () -> primary.slots.minimumLsn() != null
                        && primary.slots.minimumLsn().value() == end);
                position = replica.log.wal().position();
            }
            StreamBench.awaitTrue("inactive", () -> !primary.slots.get("one").active());
            insert(primary, 11, 500, 500);
            assertEquals(position.endLsn(), primary.slots.enforceRetention(new Lsn(position.endLsn().value()
                    + 200_000)));
            insert(primary, 501, 2_000, 500);
            assertNull(primary.slots.enforceRetention(new Lsn(primary.writer.insertLsn())));
            assertTrue(primary.slots.get("one").slot().invalidated());
            try (var replica = replica("one", TimelineHistory.first(), position).follow(StreamBench.SECRET,
                    primary.port)) {
                StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.SLOT_INVALIDATED);
                assertTrue(replica.refused.get().needsBaseCopy());
                assertTrue(replica.texts.getFirst().contains("replication.max_retained_wal"), replica.texts.toString());
            }
            // Without a slot, and with the WAL gone.
            primary.writer.removeSegmentsBefore(primary.writer.flushLsn(), 0);
            try (var replica = replica("one", TimelineHistory.first(), position)) {
                replica.slot = "";
                replica.follow(StreamBench.SECRET, primary.port);
                StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.WAL_REMOVED);
            }
        }
    }

    @Test
    void shouldEndALinkWhoseSlotIsInvalidatedMeanwhile() throws Exception {
        try (var primary = primary(100_000).serve(0, StreamBench.LINK);
                var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
            insert(primary, 1, 10, 100);
            StreamBench.awaitTrue("joined", () -> primary.slots.get("one") != null);
            primary.slots.enforceRetention(new Lsn(primary.writer.insertLsn() + 1_000_000));
            StreamBench.awaitTrue("refused", () -> replica.refused.get() == ErrorCode.SLOT_INVALIDATED);
        }
    }

    @Test
    void shouldServeThroughAReplica() throws Exception {
        try (var primary = primary(0).serve(0, StreamBench.LINK);
                var middle = replica("middle").follow(StreamBench.SECRET, primary.port);
                var relay = new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("relay"),
                        WalBench.LAYOUT, WalBench.START, TimelineHistory.first(), OPTIONS, 0)) {
            relay.source = middle.log;
            relay.isPrimary = false;
            relay.serve(0, StreamBench.LINK);
            middle.log.addWriteListener(lsn -> relay.server.wake());
            try (var leaf = replica("leaf").follow(StreamBench.SECRET, relay.port)) {
                insert(primary, 1, 3_000, 900);
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("arrived", () -> leaf.log.flushLsn() == end);
                assertEquals(numbers(1, 3_000), leaf.readAll());
            }
        }
    }

    @Test
    void shouldOutliveGarbageAndHalfHandshakes() throws Exception {
        Random random = new Random(SEED);
        try (var primary = primary(0).serve(0, StreamBench.LINK)) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), primary.port);
                byte[] garbage = new byte[random.nextInt(200)];
                random.nextBytes(garbage);
                if (i % 3 == 0 && garbage.length > 4) {
                    garbage[0] = 100;
                    garbage[1] = 0;
                    garbage[2] = 0;
                    garbage[3] = 0;
                }
                socket.getOutputStream().write(garbage);
                if (i % 2 == 0) {
                    socket.close();
                } else {
                    open.add(socket);
                }
            }
            for (Socket socket : open) {
                socket.close();
            }
            insert(primary, 1, 100, 100);
            try (var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("served, seed " + SEED, () -> replica.log.flushLsn() == end);
            }
            assertEquals(List.of("one"), primary.joined);
        }
    }

    @Test
    void shouldGiveUpAPeerThatSaysNothing() throws Exception {
        var link = new io.quantadb.replication.sender.SenderOptions(4_096, 1 << 20, 50_000_000, 300_000_000,
                300_000_000);
        try (var primary = primary(0).serve(0, link);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), primary.port)) {
            silent.setSoTimeout(5_000);
            // The refusal, then the end.
            assertTrue(silent.getInputStream().readAllBytes().length > 0);
        }
    }

    @Test
    void shouldFollowAPrimaryThatMovesToANewTimelineItself() throws Exception {
        try (var primary = primary(0).serve(0, StreamBench.LINK);
                var replica = replica("one").follow(StreamBench.SECRET, primary.port)) {
            insert(primary, 1, 300, 500);
            long end = primary.writer.flushLsn();
            StreamBench.awaitTrue("caught up", () -> replica.log.flushLsn() == end);
            WalPosition fork = primary.writer.position();
            WalWriter old = primary.writer;
            primary.source = null;
            old.close();
            TimelineHistory second = StreamBench.second(fork.endLsn().value());
            primary.segments.branch(1, 2, fork.endLsn().value());
            primary.writer = new WalWriter(primary.segments, 2, fork, fork.endLsn(), OPTIONS,
                    io.quantadb.base.Clock.SYSTEM, StreamBench.FAIL);
            primary.source = new WriterWalSource(primary.writer, second);
            primary.epoch = 2;
            primary.writer.addWriteListener(lsn -> primary.server.wake());
            insert(primary, 301, 600, 500);
            long newEnd = primary.writer.flushLsn();
            StreamBench.awaitTrue("follows", () -> replica.log.flushLsn() == newEnd);
            assertEquals(numbers(1, 600), replica.readAll());
            assertFalse(replica.log.history().ancestors().isEmpty());
            assertEquals(2, replica.epoch.get());
        }
    }
}
