package io.quantadb.replication.receiver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.FileKind;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.sender.BaseSource;
import io.quantadb.replication.sender.PageSource;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalBench;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Goal: a base copy is complete and whole while its files are being written, and goes on after an interruption. */
@Timeout(120)
class BaseCopyTest {
    private static final int PAGE = 8192;
    private static final long SEED = Long.getLong("quantadb.seed", System.nanoTime());

    @TempDir
    Path directory;

    /** Files in memory. A page begins with its CRC; a writer tears pages all the time. */
    private static final class FakeBase implements BaseSource, PageSource {
        final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
        final List<String> opened = new CopyOnWriteArrayList<>();
        final AtomicLong torn = new AtomicLong();
        final AtomicLong endLsn = new AtomicLong(5_000_000);
        volatile boolean stop;
        volatile Begin begin = new Begin(new Lsn(70_000), new Lsn(69_000));

        static void seal(byte[] file, int page, long value) {
            ByteBuffer buffer = ByteBuffer.wrap(file, page * PAGE, PAGE).slice();
            for (int at = 4; at + 8 <= PAGE; at += 8) {
                buffer.putLong(at, value + at);
                if (at == 4_004) {
                    // Another thread may read the page here.
                    Thread.yield();
                }
            }
            buffer.putInt(0, crc(buffer));
        }

        static int crc(ByteBuffer page) {
            CRC32C crc = new CRC32C();
            crc.update(page.duplicate().clear().position(4));
            return (int) crc.getValue();
        }

        @Override
        public Begin begin() {
            return begin;
        }

        @Override
        public List<BaseFile> files() {
            List<BaseFile> result = new ArrayList<>();
            files.forEach((path, bytes) -> result.add(new BaseFile(path, path.startsWith("base/")
                    ? FileKind.RELATION : FileKind.PLAIN, bytes.length)));
            return result;
        }

        @Override
        public int read(BaseFile file, long offset, ByteBuffer target) {
            byte[] bytes = files.get(file.path());
            if (offset == 0) {
                opened.add(file.path());
            }
            if (bytes == null) {
                return -1;
            }
            int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - offset));
            target.put(bytes, (int) offset, count);
            return count;
        }

        @Override
        public boolean isWhole(BaseFile file, long block, ByteBuffer page) {
            boolean whole = page.getInt(page.position()) == crc(page.slice());
            if (!whole) {
                torn.incrementAndGet();
            }
            return whole;
        }

        @Override
        public Lsn end() {
            return new Lsn(endLsn.get());
        }

        @Override
        public int blockCount(int database, int file, int fork) {
            byte[] bytes = files.get("base/" + database + "/" + file);
            return bytes == null ? -1 : bytes.length / PAGE;
        }

        @Override
        public boolean read(int database, int file, int fork, int block, ByteBuffer target) {
            target.put(files.get("base/" + database + "/" + file), block * PAGE, PAGE);
            return true;
        }

        @Override
        public long pageLsn(ByteBuffer page) {
            return page.getLong(4);
        }
    }

    private static FakeBase base() {
        FakeBase base = new FakeBase();
        for (int i = 0; i < 20; i++) {
            byte[] file = new byte[PAGE * (i == 7 ? 200 : i * 3)];
            for (int page = 0; page < file.length / PAGE; page++) {
                FakeBase.seal(file, page, i * 1000L + page);
            }
            base.files.put("base/5/" + (16_384 + i), file);
        }
        for (int i = 0; i < 30; i++) {
            byte[] bytes = new byte[1 + i * 977];
            new Random(i).nextBytes(bytes);
            base.files.put("xact/seg" + i, bytes);
        }
        return base;
    }

    private Thread scribble(FakeBase base) {
        return Thread.ofPlatform().daemon().start(() -> {
            Random random = new Random(SEED);
            List<byte[]> all = base.files.entrySet().stream().filter(e -> e.getKey().startsWith("base/"))
                    .map(Map.Entry::getValue).filter(bytes -> bytes.length > 0).toList();
            while (!base.stop) {
                byte[] file = all.get(random.nextInt(all.size()));
                FakeBase.seal(file, random.nextInt(file.length / PAGE), random.nextLong());
                if (random.nextInt(16) == 0) {
                    Thread.onSpinWait();
                }
            }
        });
    }

    private StreamBench.Primary primary(FakeBase base) throws IOException {
        var primary = new StreamBench.Primary(PosixFileSystem.INSTANCE, directory.resolve("p"), WalBench.LAYOUT,
                WalBench.START, TimelineHistory.first(), WalBench.options(true, SyncMethod.FDATASYNC), 0);
        primary.base = base;
        primary.pages = base;
        return primary.serve(0, StreamBench.LINK);
    }

    private BaseCopy copy(FileSystem files, BaseCopy.Listener listener) {
        Path target = directory.resolve("copy");
        return new BaseCopy(files, new BaseCopy.Options(target, target.resolve("wal"), Set.of("wal", "lock"), "copy",
                new NodeInfo("copy", StreamBench.CLUSTER), StreamBench.credentials(StreamBench.SECRET), null, 1,
                10_000), Clock.SYSTEM, listener);
    }

    private void checkFiles(FakeBase base) throws IOException {
        for (var entry : base.files.entrySet()) {
            byte[] copied = Files.readAllBytes(directory.resolve("copy").resolve(entry.getKey()));
            assertEquals(entry.getValue().length, copied.length, entry.getKey());
            if (entry.getKey().startsWith("base/")) {
                for (int at = 0; at < copied.length; at += PAGE) {
                    ByteBuffer page = ByteBuffer.wrap(copied, at, PAGE).slice();
                    assertEquals(FakeBase.crc(page), page.getInt(0), entry.getKey() + " at " + at + ", seed " + SEED);
                }
            } else {
                assertArrayEquals(entry.getValue(), copied, entry.getKey());
            }
        }
    }

    @Test
    void shouldCopyWholePagesWhileTheyAreWritten() throws Exception {
        FakeBase base = base();
        AtomicLong reported = new AtomicLong();
        try (var primary = primary(base)) {
            Thread writer = scribble(base);
            BaseCopy.Result result;
            try {
                result = copy(PosixFileSystem.INSTANCE, new BaseCopy.Listener() {
                    @Override
                    public void progress(long bytes, long total, long rate) {
                        reported.set(bytes);
                        assertTrue(bytes <= total && rate > 0);
                    }
                }).attempt(new Endpoint("127.0.0.1", primary.port));
            } finally {
                base.stop = true;
                writer.join();
            }
            checkFiles(base);
            ControlFile control = ControlFile.read(PosixFileSystem.INSTANCE, directory.resolve("copy"));
            assertEquals(result.control(), control);
            assertEquals(ControlFile.State.IN_ARCHIVE_RECOVERY, control.state());
            assertEquals(new Lsn(5_000_000), control.minimumRecoveryLsn());
            assertEquals(new Lsn(69_000), control.redoLsn());
            assertEquals(new Lsn(70_000), control.checkpointLsn());
            assertEquals(base.files.values().stream().mapToLong(bytes -> bytes.length).sum(), reported.get());
            assertFalse(BaseCopy.isIncomplete(PosixFileSystem.INSTANCE, directory.resolve("copy")));
            assertEquals(new Lsn(69_000), primary.slots.minimumLsn());
        }
    }

    @Test
    void shouldGoOnWhereItWasInterrupted() throws Exception {
        FakeBase base = base();
        try (var primary = primary(base); var proxy = new FaultyProxy(primary.port, SEED, 900_000, 0.3)) {
            BaseCopy copy = copy(PosixFileSystem.INSTANCE, new BaseCopy.Listener() { });
            int attempts = 0;
            while (true) {
                attempts++;
                proxy.faults = attempts < 8;
                try {
                    copy.attempt(new Endpoint("127.0.0.1", proxy.port()));
                    break;
                } catch (IOException e) {
                    assertTrue(attempts < 20, "seed " + SEED + ": " + e);
                    assertFalse(Files.exists(ControlFile.path(directory.resolve("copy"))));
                }
            }
            assertTrue(attempts > 1, "seed " + SEED);
            checkFiles(base);
            // The big file and what came before it are not sent from the beginning each time.
            long first = base.opened.stream().filter("base/5/16384"::equals).count();
            assertTrue(first <= attempts, "seed " + SEED);
            assertTrue(base.opened.size() < attempts * base.files.size(), "seed " + SEED + ": " + attempts
                    + " attempts read " + base.opened.size() + " files");
        }
    }

    @Test
    void shouldStreamWalBesideTheFiles() throws Exception {
        FakeBase base = base();
        try (var primary = primary(base)) {
            for (int i = 1; i <= 500; i++) {
                primary.writer.admit();
                WalBench.insert(primary.writer, i, 300);
            }
            Lsn redo = primary.writer.position().endLsn();
            base.begin = new BaseSource.Begin(redo, redo);
            primary.writer.flush(redo.value());
            StreamBench.Replica[] replica = new StreamBench.Replica[1];
            copy(PosixFileSystem.INSTANCE, new BaseCopy.Listener() {
                @Override
                public void started(long systemId, TimelineHistory history, Lsn redoLsn, int segmentSizeBytes,
                        boolean resumed) {
                    try {
                        replica[0] = new StreamBench.Replica("copy", PosixFileSystem.INSTANCE,
                                directory.resolve("copy"), WalBench.LAYOUT, history,
                                new io.quantadb.wal.record.WalPosition(redoLsn, Lsn.INVALID), true)
                                .follow(StreamBench.SECRET, primary.port);
                        for (int i = 501; i <= 900; i++) {
                            primary.writer.admit();
                            WalBench.insert(primary.writer, i, 300);
                        }
                        primary.writer.flush(primary.writer.insertLsn());
                        long end = primary.writer.flushLsn();
                        StreamBench.awaitTrue("WAL before the copy is complete",
                                () -> replica[0].log.flushLsn() == end);
                        assertEquals(redo, primary.slots.minimumLsn());
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }).attempt(new Endpoint("127.0.0.1", primary.port));
            try (var streaming = replica[0]) {
                checkFiles(base);
                try (var reader = new io.quantadb.wal.reader.WalReader(WalBench.LAYOUT, streaming.log.source(), redo)) {
                    for (long i = 501; i <= 900; i++) {
                        assertEquals(i, WalBench.number(reader.next()));
                    }
                }
                primary.writer.flush(WalBench.insert(primary.writer, 901, 10));
                long end = primary.writer.flushLsn();
                StreamBench.awaitTrue("the slot follows", () -> primary.slots.minimumLsn().value() == end);
            }
        }
    }

    @Test
    void shouldStartOverWhenTheSlotIsGone() throws Exception {
        FakeBase base = base();
        try (var primary = primary(base)) {
            Path target = directory.resolve("copy");
            Files.createDirectories(target.resolve("old"));
            Files.writeString(target.resolve("old").resolve("file"), "left by a copy of another redo point");
            Files.writeString(target.resolve("lock"), "mine");
            new BaseCopyState(WalBench.SYSTEM_ID, new Lsn(10), new Lsn(9), Set.of("base/5/16384", "old/file"))
                    .write(PosixFileSystem.INSTANCE, target);
            boolean[] resumed = {true};
            copy(PosixFileSystem.INSTANCE, new BaseCopy.Listener() {
                @Override
                public void started(long systemId, TimelineHistory history, Lsn redoLsn, int segmentSizeBytes,
                        boolean again) {
                    resumed[0] = again;
                }
            }).attempt(new Endpoint("127.0.0.1", primary.port));
            assertFalse(resumed[0]);
            checkFiles(base);
            assertFalse(Files.exists(target.resolve("old")));
            assertEquals("mine", Files.readString(target.resolve("lock")));
        }
    }

    @Test
    void shouldRefuseADirectoryWithADatabaseAndANodeWithoutBase() throws Exception {
        try (var primary = primary(null)) {
            BaseCopy copy = copy(PosixFileSystem.INSTANCE, new BaseCopy.Listener() { });
            var refused = assertThrows(BaseCopy.RefusedException.class,
                    () -> copy.attempt(new Endpoint("127.0.0.1", primary.port)));
            assertEquals(ErrorCode.NOT_READY, refused.code());
            new ControlFile(1, ControlFile.State.SHUT_DOWN, new Lsn(1), new Lsn(1),
                    io.quantadb.base.TimelineId.FIRST, 1 << 20, Lsn.INVALID, 0)
                    .write(PosixFileSystem.INSTANCE, directory.resolve("copy"));
            assertThrows(IOException.class, () -> copy.attempt(new Endpoint("127.0.0.1", primary.port)));
        }
    }

    @Test
    void shouldNotLeaveTheDirectory() {
        for (String name : List.of("../x", "/etc/passwd", "a/../../b", "", "a//b", ".", "base_copy.state", "a\nb")) {
            assertFalse(BaseCopyWriter.isSafe(name), name);
        }
        assertTrue(BaseCopyWriter.isSafe("base/5/16384_fsm"));
    }

    @Test
    void shouldGivePagesAndTheirChecksums() throws Exception {
        FakeBase base = base();
        try (var primary = primary(base);
                PageClient client = new PageClient(new Endpoint("127.0.0.1", primary.port),
                        new NodeInfo("tool", StreamBench.CLUSTER), WalBench.SYSTEM_ID, 1,
                        StreamBench.credentials(StreamBench.SECRET), null)) {
            var pages = client.pages(5, 16_391, 0, 198, 10);
            assertEquals(200, pages.blockCount());
            assertEquals(2 * PAGE, pages.pages().remaining());
            byte[] expected = java.util.Arrays.copyOfRange(base.files.get("base/5/16391"), 198 * PAGE, 200 * PAGE);
            byte[] actual = new byte[2 * PAGE];
            pages.pages().get(actual);
            assertArrayEquals(expected, actual);
            var sums = client.sums(5, 16_391, 0, 0, 512);
            assertEquals(200, sums.sums().length);
            CRC32C crc = new CRC32C();
            crc.update(expected, PAGE, PAGE);
            assertEquals((int) crc.getValue(), sums.sums()[199]);
            assertEquals(7_199 + 4, sums.lsns()[199]);
            assertEquals(-1, client.sums(5, 1, 0, 0, 1).blockCount());
        }
    }
}
