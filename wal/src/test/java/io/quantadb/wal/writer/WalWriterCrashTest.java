package io.quantadb.wal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.SimDisk;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.segment.SyncMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: no flushed record is ever lost, what survives is a prefix of what was inserted, and a WAL continued after a
 * crash never shows a record from before it. Method: power cut at every sync, with each unsynced sector and directory
 * change kept, lost or torn by a seed; recovery; more inserts; several crashes in a row; compare with a model.
 */
class WalWriterCrashTest {
    private static final long BASE_SEED = Long.getLong("quantadb.seed", 20261121L);

    /**
     * What the model knows: the record numbers of the WAL so far, and how many of them were acknowledged as durable.
     */
    private static final class Model {
        List<Long> inserted = new ArrayList<>();
        int flushed;
        long next = 1;
    }

    @Test
    void shouldKeepEveryFlushedRecordAfterPowerCutAtEverySync() throws IOException {
        for (int seedIndex = 0; seedIndex < 40; seedIndex++) {
            for (int sync = 1; sync <= 60; sync++) {
                runOneLife(BASE_SEED + seedIndex * 1000L + sync, sync, SyncMethod.FDATASYNC);
            }
        }
    }

    @Test
    void shouldKeepEveryFlushedRecordWithOpenDatasync() throws IOException {
        for (int sync = 1; sync <= 60; sync++) {
            runOneLife(BASE_SEED + sync, sync, SyncMethod.OPEN_DATASYNC);
        }
    }

    @Test
    void shouldMakeDurableWhatRecoveryReadFromTheCacheBeforeGoingOn() throws IOException {
        int unsynced = 0;
        for (int seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(BASE_SEED + seed);
            WalBench bench = new WalBench(disk);
            WalWriter killed = bench.open(WalBench.START, false);
            for (int i = 1; i <= 160 + seed; i++) {
                killed.admit();
                WalBench.insert(killed, i, 700 + seed * 11);
            }
            unsynced += killed.statistics().writtenLsn() > killed.flushLsn() ? 1 : 0;
            killed.abandon();
            WalBench.Contents found = bench.readAll(DamageCheck.ON);
            bench.open(found.position(), false).abandon();
            disk.crash();
            assertEquals(found, bench.readAll(DamageCheck.ON), "seed " + (BASE_SEED + seed));
        }
        assertTrue(unsynced > 10, "the test needs WAL that was written and not synced");
    }

    /** Five crashes or kills in a row, the first at the given sync, the others at random ones. */
    private void runOneLife(long seed, int firstSync, SyncMethod method) throws IOException {
        Random random = new Random(seed);
        SimDisk disk = new SimDisk(seed);
        WalBench bench = new WalBench(disk);
        Model model = new Model();
        String where = "seed " + seed + ", sync " + firstSync;
        WalPosition position = WalBench.START;
        disk.powerOffAtSync(firstSync);
        for (int life = 0; life < 5; life++) {
            try {
                work(bench, position, model, random, method);
            } catch (IOException | WalFailedException | WalFullException e) {
                assertTrue(disk.isOff(), where + ": failed with the power on: " + e);
            }
            boolean killOnly = !disk.isOff() && random.nextInt(3) == 0;
            if (!killOnly) {
                disk.crash();
            }
            position = recover(bench, model, killOnly, where + ", life " + life);
            disk.powerOffAtSync(disk.syncPoints() + 1 + random.nextInt(20));
        }
    }

    private void work(WalBench bench, WalPosition position, Model model, Random random, SyncMethod method)
            throws IOException {
        WalWriter writer = bench.open(position, WalBench.options(false, method));
        model.flushed = model.inserted.size();
        int steps = 10 + random.nextInt(100);
        for (int i = 0; i < steps; i++) {
            writer.admit();
            int length = random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(8) * 40;
            long number = model.next++;
            model.inserted.add(number);
            WalBench.insert(writer, number, length);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    writer.flush(writer.insertLsn());
                    model.flushed = model.inserted.size();
                }
                case 3 -> writer.startRedoPoint();
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        writer.switchSegment();
                        model.flushed = model.inserted.size();
                    }
                }
                default -> { }
            }
        }
    }

    /**
     * Checks what is there and takes it for the new truth. After a mere kill of the process it may stand in the
     * kernel's cache only: it becomes durable when the writer opens.
     */
    private WalPosition recover(WalBench bench, Model model, boolean killOnly, String where) throws IOException {
        WalBench.Contents contents = bench.readAll(DamageCheck.ON);
        int found = contents.numbers().size();
        assertTrue(found >= model.flushed, where + ": flushed " + model.flushed + " records, found " + found);
        assertTrue(found <= model.inserted.size(), where + ": found more than inserted");
        assertEquals(model.inserted.subList(0, found), contents.numbers(), where);
        model.inserted = new ArrayList<>(contents.numbers());
        model.flushed = killOnly ? model.flushed : found;
        return contents.position();
    }
}
