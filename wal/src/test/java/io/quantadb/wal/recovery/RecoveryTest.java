package io.quantadb.wal.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.SimClock;
import io.quantadb.base.SimDisk;
import io.quantadb.base.TimelineId;
import io.quantadb.wal.reader.WalDump;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: recovery replays exactly from the redo point to the end, and the small files survive power cuts whole. */
class RecoveryTest {
    private final List<Long> replayed = new ArrayList<>();
    private final List<CheckpointRecord> checkpoints = new ArrayList<>();

    private final class RecordingHeap implements ResourceManager {
        @Override
        public String name() {
            return "heap";
        }

        @Override
        public void redo(WalRecord record) {
            replayed.add(WalBench.number(record));
        }

        @Override
        public String describe(WalRecord record) {
            return "TEST number " + WalBench.number(record);
        }
    }

    private ResourceManagers managers() {
        return new ResourceManagers()
                .register(ResourceManagers.HEAP, new RecordingHeap())
                .register(ResourceManagers.XLOG, new XlogResourceManager(new XlogResourceManager.Redo() {
                    @Override
                    public void checkpoint(CheckpointRecord checkpoint, WalRecord record) {
                        checkpoints.add(checkpoint);
                    }

                    @Override
                    public void nextOid(long nextOid) {
                    }

                    @Override
                    public void fullPageImages(WalRecord record) {
                    }

                    @Override
                    public void parameterChange(WalRecord record) {
                    }

                    @Override
                    public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
                    }
                }));
    }

    @Test
    void shouldReplayFromTheRedoPointToTheEndAndContinueThere() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        SimClock clock = new SimClock();
        WalWriter writer = bench.open(WalBench.START, false);
        WalBench.insert(writer, 1, 10);
        Lsn redo = new Lsn(writer.startRedoPoint());
        WalBench.insert(writer, 2, 10);
        CheckpointRecord checkpoint = new CheckpointRecord(redo, TimelineId.FIRST, TimelineId.FIRST, 100, 16_384, 3,
                clock.wallMicros(), false);
        long checkpointEnd = writer.insert(checkpoint.write(writer.newRecord()));
        Lsn checkpointLsn = writer.position().lastRecordLsn();
        WalBench.insert(writer, 3, 10);
        WalPosition end = writer.position();
        writer.close();

        List<Lsn> progress = new ArrayList<>();
        RecoveryDriver driver = new RecoveryDriver(WalBench.LAYOUT, TimelineHistory.first().source(bench.segments),
                managers(),
                clock, (lsn, records, millis) -> progress.add(lsn));
        assertEquals(checkpoint, driver.readCheckpoint(checkpointLsn));
        RecoveryDriver.Result result = driver.run(redo, null, new Lsn(checkpointEnd), DamageCheck.ON);
        assertEquals(List.of(2L, 3L), replayed);
        assertEquals(List.of(checkpoint), checkpoints);
        assertEquals(end, result.position());
        assertEquals(3, result.records());
        assertEquals(end.endLsn(), progress.getLast());

        WalWriter again = bench.open(result.position(), false);
        WalBench.insert(again, 4, 10);
        again.close();
        replayed.clear();
        driver.run(redo, checkpointLsn, Lsn.INVALID, DamageCheck.ON);
        assertEquals(List.of(2L), replayed);
        replayed.clear();
        driver.run(redo, null, Lsn.INVALID, DamageCheck.ON);
        assertEquals(List.of(2L, 3L, 4L), replayed);
        IOException tooShort = assertThrows(IOException.class,
                () -> driver.run(redo, null, new Lsn(end.endLsn().value() + 4096), DamageCheck.ON));
        assertTrue(tooShort.getMessage().contains("needs it up to"), tooShort.getMessage());
        assertThrows(IOException.class, () -> driver.readCheckpoint(redo));
    }

    @Test
    void shouldNameTheRecordWhoseManagerIsUnknown() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        WalWriter writer = bench.open(WalBench.START, false);
        WalBench.insert(writer, 1, 10);
        writer.close();
        RecoveryDriver driver = new RecoveryDriver(WalBench.LAYOUT, bench.segments.source(1), new ResourceManagers(),
                new SimClock(), (lsn, records, millis) -> { });
        var e = assertThrows(RecoveryDriver.RedoException.class,
                () -> driver.run(WalBench.START.endLsn(), null, Lsn.INVALID, DamageCheck.ON));
        assertTrue(e.getMessage().contains("0/10040"), e.getMessage());
        assertTrue(e.getCause().getMessage().contains("heap"), e.getCause().getMessage());
    }

    @Test
    void shouldDumpRecordsAndSayWhatIsDamaged() throws IOException {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        WalWriter writer = bench.open(WalBench.START, false);
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            ends.add(WalBench.insert(writer, i, 10));
            writer.flush(writer.insertLsn());
        }
        writer.close();
        List<String> lines = new ArrayList<>();
        WalDump dump = new WalDump(WalBench.LAYOUT, bench.segments.source(1), managers(), lines::add);
        assertTrue(dump.run(new WalDump.Request(WalBench.START.endLsn(), null, -1, 0, false)));
        assertEquals(6, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("rmgr: heap"), lines.get(0));
        assertTrue(lines.get(0).contains("lsn: 0/10040, prev 0/0, desc: TEST number 1"), lines.get(0));
        assertTrue(lines.get(5).startsWith("end of WAL at " + Lsn.format(ends.getLast()) + ": zeros"), lines.get(5));

        lines.clear();
        assertTrue(dump.run(new WalDump.Request(new Lsn(ends.get(0)), new Lsn(ends.get(2)), ResourceManagers.HEAP, 0,
                true)));
        assertTrue(lines.getLast().matches("Total +2 +\\d+ +0"), lines.toString());

        disk.corrupt(bench.segments.path(1, 1), WalBench.LAYOUT.offsetOf(ends.get(2)) + 40, new byte[] {99});
        lines.clear();
        assertFalse(dump.run(new WalDump.Request(WalBench.START.endLsn(), null, -1, 0, false)));
        assertEquals(4, lines.size());
        assertTrue(lines.getLast().startsWith("damaged: WAL is damaged at " + Lsn.format(ends.get(2))),
                lines.getLast());
    }

    @Test
    void shouldFollowATimelineSwitchInsideASegment() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        WalWriter old = bench.open(WalBench.START, false);
        WalBench.insert(old, 1, 10);
        WalPosition fork = old.position();
        WalBench.insert(old, 2, 10);
        old.close();
        TimelineHistory history = TimelineHistory.first().branch(new TimelineId(2), fork.endLsn(), "test");
        bench.segments.branch(1, 2, fork.endLsn().value());
        WalWriter promoted = new WalWriter(bench.segments, 2, fork, fork.endLsn(),
                WalBench.options(false, io.quantadb.wal.segment.SyncMethod.FSYNC), new SimClock(), (m, e) -> { });
        for (int i = 3; i <= 300; i++) {
            promoted.admit();
            WalBench.insert(promoted, i, 500);
        }
        promoted.close();
        List<Long> found = new ArrayList<>();
        try (WalReader reader = new WalReader(WalBench.LAYOUT, history.source(bench.segments),
                WalBench.START.endLsn())) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                found.add(WalBench.number(record));
            }
        }
        assertEquals(1L, found.get(0));
        assertEquals(3L, found.get(1));
        assertEquals(299, found.size());
        assertEquals(List.of(1L, 2L), bench.readAll(DamageCheck.ON).numbers());
    }

    @Test
    void shouldKeepOldOrNewControlFileAcrossPowerCuts() throws IOException {
        Path data = Path.of("/data");
        for (int seed = 0; seed < 100; seed++) {
            for (int sync = 1; sync <= 3; sync++) {
                SimDisk disk = new SimDisk(seed);
                disk.createDirectories(data);
                ControlFile before = new ControlFile(7, ControlFile.State.IN_PRODUCTION, new Lsn(100), new Lsn(50),
                        TimelineId.FIRST, 16 << 20, Lsn.INVALID, 5);
                before.write(disk, data);
                assertEquals(before, ControlFile.read(disk, data));
                ControlFile after = before.withCheckpoint(new Lsn(200), new Lsn(150), new TimelineId(2), 6);
                disk.powerOffAtSync(disk.syncPoints() + sync);
                boolean written = false;
                try {
                    after.write(disk, data);
                    written = true;
                } catch (IOException e) {
                    assertTrue(disk.isOff());
                }
                disk.crash();
                ControlFile found = ControlFile.read(disk, data);
                assertTrue(found.equals(after) || !written && found.equals(before), "seed " + seed + ": " + found);
            }
        }
    }

    @Test
    void shouldRefuseDamagedControlFile() throws IOException {
        SimDisk disk = new SimDisk(1);
        Path data = Path.of("/data");
        disk.createDirectories(data);
        new ControlFile(7, ControlFile.State.SHUT_DOWN, new Lsn(100), new Lsn(50), TimelineId.FIRST, 16 << 20,
                Lsn.INVALID, 5)
                .write(disk, data);
        disk.corrupt(ControlFile.path(data), 24, new byte[] {1});
        IOException e = assertThrows(ControlFile.ControlFileException.class, () -> ControlFile.read(disk, data));
        assertTrue(e.getMessage().contains("checksum"), e.getMessage());
        disk.corrupt(ControlFile.path(data), 8, new byte[] {9});
        e = assertThrows(ControlFile.ControlFileException.class, () -> ControlFile.read(disk, data));
        assertTrue(e.getMessage().contains("newer QuantaDB"), e.getMessage());
    }

    @Test
    void shouldReadPostgresStyleTimelineHistory() throws IOException {
        SimDisk disk = new SimDisk(1);
        Path wal = Path.of("/wal");
        disk.createDirectories(wal);
        TimelineHistory history = TimelineHistory.parse(new TimelineId(3),
                "# comment\n1\t0/3000000\tno recovery target specified\n\n2\t0/5000060\tpromoted\n");
        assertEquals(2, history.ancestors().size());
        assertEquals(new TimelineId(1), history.timelineOf(new Lsn(0x2FFFFFF)));
        assertEquals(new TimelineId(2), history.timelineOf(new Lsn(0x3000000)));
        assertEquals(new TimelineId(3), history.timelineOf(new Lsn(0x5000060)));
        history.write(disk, wal);
        assertEquals(history, TimelineHistory.read(disk, wal, new TimelineId(3)));
        assertEquals("00000003.history", TimelineHistory.fileName(new TimelineId(3)));
        assertEquals(new TimelineId(3), TimelineHistory.newest(disk, wal, TimelineId.FIRST));
        assertThrows(TimelineHistory.HistoryException.class,
                () -> TimelineHistory.parse(new TimelineId(3), "2\t0/5\tx\n1\t0/6\ty\n"));
        assertThrows(TimelineHistory.HistoryException.class, () -> TimelineHistory.parse(new TimelineId(3), "what\n"));
    }
}
