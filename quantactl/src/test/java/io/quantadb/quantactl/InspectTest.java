package io.quantadb.quantactl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.Lsn;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.TimelineId;
import io.quantadb.main.QuantaDb;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.WalSegments;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Goal: the inspectors print what is there, say what is wrong, and exit with 0, 1 or 2 accordingly. */
class InspectTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return QuantaCtl.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    }

    private Path writeWal(Path directory) throws IOException {
        SegmentLayout layout = new SegmentLayout(1 << 20);
        WalSegments segments = new WalSegments(PosixFileSystem.INSTANCE, directory, layout, 7);
        try (WalWriter writer = new WalWriter(segments, 1, new WalPosition(layout.firstLsn(), Lsn.INVALID),
                layout.firstLsn(),
                WalWriterOptions.DEFAULT, Clock.SYSTEM, (message, cause) -> { })) {
            for (int i = 0; i < 3; i++) {
                writer.flush(writer.insert(new CheckpointRecord(layout.firstLsn(), TimelineId.FIRST, TimelineId.FIRST,
                        100 + i, 16_384, 3, 0, false).write(writer.newRecord())));
            }
        }
        return segments.path(1, 1);
    }

    @Test
    void shouldDumpSegmentAndDirectory(@TempDir Path directory) throws IOException {
        Path segment = writeWal(directory.resolve("wal"));
        for (Path path : new Path[] {segment, segment.getParent(), directory}) {
            assertEquals(0, run("inspect", "waldump", path.toString()), err.toString());
            assertEquals(4, out.toString().lines().count(), out.toString());
            assertTrue(out.toString().contains("CHECKPOINT_ONLINE redo 0/100040; tli 1"), out.toString());
        }
        assertEquals(0, run("inspect", "waldump", segment.toString(), "--rmgr", "heap"));
        assertEquals(1, out.toString().lines().count(), out.toString());
        assertEquals(0, run("inspect", "waldump", segment.toString(), "--limit", "2"));
        assertEquals(2, out.toString().lines().count(), out.toString());
        assertEquals(0, run("inspect", "waldump", segment.toString(), "--stats"));
        assertTrue(out.toString().contains("xlog/CHECKPOINT_ONLINE"), out.toString());
    }

    @Test
    void shouldSayWhatIsDamaged(@TempDir Path directory) throws IOException {
        Path segment = writeWal(directory);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(64 + 88 + 40);
            file.write(0x55);
            file.write(0x55);
        }
        assertEquals(1, run("inspect", "waldump", segment.toString()));
        assertTrue(out.toString().contains("damaged: WAL is damaged at 0/100098"), out.toString());
        assertEquals(2, out.toString().lines().count());
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.write(0);
        }
        assertEquals(1, run("inspect", "waldump", segment.toString()));
        assertTrue(out.toString().contains("going by the file's name and size"), out.toString());
        assertTrue(out.toString().contains("CHECKPOINT_ONLINE"), out.toString());
    }

    @Test
    void shouldPrintControlData(@TempDir Path directory) throws IOException {
        new ControlFile(7, ControlFile.State.IN_PRODUCTION, new Lsn(0x1000060), new Lsn(0x1000040), TimelineId.FIRST,
                16 << 20,
                Lsn.INVALID, 0).write(PosixFileSystem.INSTANCE, directory);
        assertEquals(0, run("inspect", "controldata", directory.toString()), err.toString());
        assertTrue(out.toString().contains("in production"), out.toString());
        assertEquals(0, run("inspect", "controldata", directory.toString(), "--output", "json"));
        assertTrue(out.toString().startsWith("{\"system_identifier\": \"7\", \"state\": \"in production\""),
                out.toString());
    }

    @Test
    void shouldInspectDataDirectory(@TempDir Path parent) throws IOException {
        Path directory = parent.resolve("data");
        assertEquals(0, new CommandLine(new QuantaDb()).execute("--prepare-cache", "--log-level", "error", "--port",
                "0", "--api-port", "0", "--data-dir", directory.toString()));

        assertEquals(0, run("inspect", "waldump", directory.toString()), err.toString());
        for (String kind : new String[] {"btree", "heap", "storage", "transaction", "xlog"}) {
            assertTrue(out.toString().lines().anyMatch(line -> line.contains(kind)), kind);
        }
        assertFalse(out.toString().contains("bytes of data"), "some record is not described");

        assertEquals(0, run("inspect", "verify", directory.toString()), out.toString() + err);
        assertTrue(out.toString().startsWith("sound: "), out.toString());

        // pg_database is 1262 in every system, with the databases' rows on its first page; 2671 is its index on
        // datname.
        assertEquals(0, run("inspect", "pagedump", directory.toString(), "global/1262"), err.toString());
        assertTrue(out.toString().contains("fork MAIN, segment 0"), out.toString());
        assertTrue(out.toString().contains("kind HEAP"), out.toString());
        assertTrue(out.toString().lines().filter(line -> line.contains(" xmin 3 ")).count() >= 4, out.toString());
        assertEquals(0, run("inspect", "pagedump", directory.toString(), "global/2671", "--block", "1"));
        assertTrue(out.toString().contains("btree: level 0, left 0, right 0"), out.toString());
        assertEquals(2, run("inspect", "pagedump", directory.toString(), "global/2671", "--block", "7"));
        assertEquals(2, run("inspect", "pagedump", directory.toString(), "QUANTADB_VERSION"));
        assertEquals(1, run("inspect", "pagedump", directory.toString(), "global/99"));

        try (RandomAccessFile file = new RandomAccessFile(directory.resolve("global/1262").toFile(), "rw")) {
            file.seek(8192 + 8000);
            file.write(0x55);
        }
        assertEquals(1, run("inspect", "pagedump", directory.toString(), "global/1262"));
        assertTrue(out.toString().contains("damaged: checksum "), out.toString());
        assertEquals(1, run("inspect", "verify", directory.toString()));
        assertTrue(out.toString().lines().anyMatch(
                line -> line.startsWith("damaged: global/1262, block 0: checksum ")), out.toString());
    }

    @Test
    void shouldTellFailureFromWrongUsage(@TempDir Path directory) {
        assertEquals(1, run("inspect", "controldata", directory.toString()));
        assertTrue(err.toString().contains("no such file"), err.toString());
        assertEquals(1, run("inspect", "waldump", directory.toString()));
        assertEquals(2, run("inspect", "waldump"));
        assertEquals(2, run("inspect"));
        assertEquals(2, run("inspect", "waldump", directory.toString(), "--start", "zz"));
        assertEquals(2, run("inspect", "waldump", directory.toString(), "--rmgr", "zz"));
        assertEquals(2, run("inspect", "verify"));
        assertEquals(1, run("inspect", "verify", directory.toString()));
        assertTrue(err.toString().contains("is not a QuantaDB data directory"), err.toString());
        assertEquals(2, run("inspect", "pagedump", directory.toString()));
        assertEquals(1, run("inspect", "pagedump", directory.resolve("absent").toString(), "base/5/1259"));
    }
}
