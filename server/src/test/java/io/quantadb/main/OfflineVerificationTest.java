package io.quantadb.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageChecksum;
import io.quantadb.verify.Finding;
import io.quantadb.verify.Finding.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: verification finds nothing in a sound directory, shut down or killed, finds each kind of damage where it is,
 * and
 * never writes. Method: one real data directory; pages are changed on disk, with the checksum made right again where
 * the
 * damage is one that checksums do not show, and put back after each test.
 */
class OfflineVerificationTest {
    @TempDir
    private static Path root;
    private static Path clean;
    private static Path killed;
    private static SampleDirectory.Files sample;

    private final List<Finding> findings = new ArrayList<>();

    @BeforeAll
    static void createDirectories() throws Exception {
        clean = root.resolve("clean");
        killed = root.resolve("killed");
        sample = SampleDirectory.create(clean, () -> {
            copy(clean, killed);
            // The lock counts for the whole process, and only while the server runs.
            IOException refused = assertThrows(IOException.class,
                    () -> OfflineVerification.run(clean, root, finding -> { }));
            assertTrue(refused.getMessage().contains("in use by a QuantaDB server"), refused.getMessage());
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static TreeMap<Path, byte[]> contents(Path directory) throws IOException {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                var digest = new CRC32C();
                digest.update(Files.readAllBytes(path));
                contents.put(path, ByteBuffer.allocate(24).putLong(digest.getValue()).putLong(Files.size(path))
                        .putLong(Files.getLastModifiedTime(path).toMillis()).array());
            }
        }
        return contents;
    }

    private OfflineVerification.Summary verify(Path directory) throws IOException {
        findings.clear();
        return OfflineVerification.run(directory, root, findings::add);
    }

    private List<Finding> damage() {
        return findings.stream().filter(finding -> finding.severity() == Severity.DAMAGED).toList();
    }

    private static Path file(RelationId relation) {
        return clean.resolve("base/" + relation.databaseOid() + "/" + relation.fileNumber());
    }

    /** Changes one page on disk, verifies, and puts the page back. */
    private void verifyWith(RelationId relation, int block, boolean stamp, LongConsumer change) throws IOException {
        try (FileChannel channel = FileChannel.open(file(relation), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            long position = Page.SIZE * (block + 1L);
            ByteBuffer page = ByteBuffer.allocateDirect(Page.SIZE);
            channel.read(page, position);
            byte[] original = new byte[Page.SIZE];
            page.flip().get(original);
            change.accept(Memory.addressOf(page));
            if (stamp) {
                PageChecksum.stamp(page, 0, block);
            }
            channel.write(page.flip(), position);
            try {
                verify(clean);
            } finally {
                channel.write(ByteBuffer.wrap(original), position);
            }
        }
    }

    private Finding onlyDamage() {
        assertEquals(1, damage().size(), () -> findings.toString());
        return damage().getFirst();
    }

    @Test
    void shouldFindNothingAfterShutdownAndWriteNothing() throws Exception {
        var before = contents(clean);
        var summary = verify(clean);
        assertEquals(List.of(), findings);
        assertTrue(summary.recovered());
        assertTrue(summary.report().relations() > 400, "relations: " + summary.report().relations());
        assertTrue(summary.report().rows() > SampleDirectory.ROWS * 6 / 7, "rows: " + summary.report().rows());
        var after = contents(clean);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((path, digest) -> assertArrayEquals(digest, after.get(path),
                path.toString()));
    }

    @Test
    void shouldRecoverKilledSystemAsideAndWriteNothing() throws Exception {
        var before = contents(killed);
        var summary = verify(killed);
        assertEquals(List.of(), damage());
        assertTrue(summary.recovered());
        assertTrue(summary.report().rows() > SampleDirectory.ROWS * 6 / 7, "rows: " + summary.report().rows());
        var after = contents(killed);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((path, digest) -> assertArrayEquals(digest, after.get(path),
                path.toString()));
    }

    @Test
    void shouldNameRelationAndBlockOfBadChecksum() throws Exception {
        verifyWith(sample.table(), 3, false, page -> Memory.putByte(page + 5000, Memory.getByte(page + 5000) + 1));
        Finding finding = onlyDamage();
        assertEquals(3, finding.block());
        assertEquals("public.sample", finding.relation());
        assertEquals("quantadb", finding.database());
        assertEquals("base/" + sample.table().databaseOid() + "/" + sample.table().fileNumber(), finding.file());
        assertTrue(finding.message().startsWith("checksum "), finding.message());
    }

    @Test
    void shouldFindBrokenHeapVersion() throws Exception {
        verifyWith(sample.table(), 0, true, page -> Memory.putLong(firstVersion(page), 1L << 40));
        Finding finding = onlyDamage();
        assertEquals("public.sample", finding.relation());
        assertEquals("quantadb", finding.database());
        assertEquals(0, finding.block());
        assertTrue(finding.message().contains("xmin 1099511627776"), finding.message());
    }

    private static long firstVersion(long page) {
        for (int offset = 1; offset <= Page.maxOffset(page); offset++) {
            if (Page.isNormal(page, offset)) {
                return Page.itemAddress(page, offset);
            }
        }
        throw new AssertionError("no version on the page");
    }

    @Test
    void shouldFindIndexEntriesWithoutLinePointer() throws Exception {
        verifyWith(sample.table(), 0, true, page -> Page.setUnused(page, 1));
        assertFalse(damage().isEmpty());
        for (Finding finding : damage()) {
            assertTrue(finding.relation().startsWith("public.sample_"), finding.toString());
            assertTrue(finding.message().contains("leads to (0,1), which is unused"), finding.toString());
        }
    }

    @Test
    void shouldFindRowMissingFromIndex() throws Exception {
        int leaf = leafWithEntries(sample.idIndex());
        verifyWith(sample.idIndex(), leaf, true, page -> Page.deleteItem(page, 5));
        assertTrue(damage().stream().allMatch(finding -> finding.relation().equals("public.sample_id_key")
                && finding.message().contains("has no entry in the index")), findings.toString());
        assertFalse(damage().isEmpty());
    }

    @Test
    void shouldFindDisorderInIndex() throws Exception {
        int leaf = leafWithEntries(sample.nameIndex());
        verifyWith(sample.nameIndex(), leaf, true, page -> {
            int pointer = Page.linePointer(page, 4);
            Page.setLinePointer(page, 4, Page.linePointer(page, 5));
            Page.setLinePointer(page, 5, pointer);
        });
        Finding finding = onlyDamage();
        assertEquals(leaf, finding.block());
        assertEquals("public.sample_name_idx", finding.relation());
        assertTrue(finding.message().contains("items 4 and 5 are not in order"), finding.message());
    }

    @Test
    void shouldFindBrokenSiblingLink() throws Exception {
        int leaf = leafWithEntries(sample.idIndex());
        verifyWith(sample.idIndex(), leaf, true, page -> Memory.putInt(page + Page.SIZE - 16, 99));
        Finding finding = onlyDamage();
        assertEquals(leaf, finding.block());
        assertTrue(finding.message().contains("left link is 99"), finding.message());
    }

    @Test
    void shouldCheckPagesWhenRecoveryIsNotPossible() throws Exception {
        Path control = killed.resolve("pg_wal");
        List<Path> segments;
        try (Stream<Path> files = Files.list(control)) {
            segments = files.filter(path -> path.getFileName().toString().matches("[0-9A-F]{24}")).sorted().toList();
        }
        Path hidden = root.resolve("hidden-segment");
        Files.move(segments.getFirst(), hidden);
        try {
            var summary = verify(killed);
            assertFalse(summary.recovered());
            assertTrue(summary.pages() > 1000, "pages: " + summary.pages());
            assertTrue(damage().getFirst().message().startsWith("recovery fails"), findings.toString());
        } finally {
            Files.move(hidden, segments.getFirst());
        }
    }

    @Test
    void shouldRefuseWhatIsNoDataDirectory() throws IOException {
        Path empty = Files.createDirectories(root.resolve("empty"));
        assertThrows(IOException.class, () -> verify(empty));
        try (Stream<Path> entries = Files.list(empty)) {
            assertEquals(0, entries.count());
        }
    }

    /** A leaf in the middle of the index: neither the leftmost nor the rightmost. */
    private static int leafWithEntries(RelationId index) throws IOException {
        try (FileChannel channel = FileChannel.open(file(index), StandardOpenOption.READ)) {
            ByteBuffer page = ByteBuffer.allocateDirect(Page.SIZE);
            for (int block = 2;; block++) {
                channel.read(page.clear(), Page.SIZE * (block + 1L));
                long special = Memory.addressOf(page) + Page.SIZE - 16;
                if (Memory.getShort(special + 8) == 0 && Memory.getInt(special) != 0 && Memory.getInt(special + 4) != 0
                        && Page.maxOffset(Memory.addressOf(page)) > 10) {
                    return block;
                }
            }
        }
    }
}
