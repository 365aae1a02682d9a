package io.quantadb.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.FileHandle;
import io.quantadb.base.SimDisk;
import io.quantadb.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Goal: an xid's outcome is the same from the moment it is published for ever: in memory, after its chunk is dropped, after a restart. */
class CommitTableTest {
    private static final Path DIRECTORY = Path.of("/data/xact");
    private static final long[] NONE = {};

    private final SimDisk disk = new SimDisk(1);
    private CommitLog log = new CommitLog(disk, DIRECTORY, 42);
    private CommitTable table = new CommitTable(log, () -> Long.MAX_VALUE);

    private void commit(long xid, long lsn) {
        table.register(xid);
        table.markCommitting(xid, NONE, 0);
        table.publish(xid, NONE, 0, lsn);
    }

    private void abort(long xid) {
        table.register(xid);
        table.abort(xid);
    }

    @Test
    void shouldRememberOutcomesBeyondTheChunksInMemory() {
        table.loseBelow(3);
        long last = 100_000;
        for (long xid = 3; xid < last; xid++) {
            if (xid % 3 == 0) {
                abort(xid);
            } else {
                commit(xid, xid * 10);
            }
        }
        table.register(last);
        for (long xid = 3; xid < last; xid++) {
            assertEquals(xid % 3 == 0 ? CommitTable.ABORTED : xid * 10, table.status(xid));
        }
        assertEquals(CommitTable.IN_PROGRESS, table.status(last));
        table.settle(50_000 * 10, last + 1);
        assertTrue(table.settledXid() > 49_990 && table.settledXid() <= 50_002, "settled below " + table.settledXid());
        for (long xid = 3; xid < last; xid++) {
            long status = table.status(xid);
            assertEquals(xid % 3 == 0, status == CommitTable.ABORTED, "xid " + xid);
            assertTrue(status == CommitTable.ABORTED || status == xid * 10 || xid < table.settledXid() && status == CommitTable.LONG_AGO,
                    "xid " + xid + " status " + status);
        }
        table.settle(Long.MAX_VALUE, last + 1);
        assertEquals(last, table.settledXid(), "a running transaction is never settled");
    }

    @Test
    void shouldKeepOutcomesAcrossRestartAndLoseTheRunning() {
        table.loseBelow(3);
        for (long xid = 3; xid < 2_000_000; xid += 7) {
            commit(xid, 1000 + xid);
        }
        log.checkpoint(() -> { });
        disk.crash();
        log = new CommitLog(disk, DIRECTORY, 42);
        table = new CommitTable(log, () -> Long.MAX_VALUE);
        table.replayCommit(2_000_005, new long[] {2_000_006}, 1, 9_000_000);
        table.loseBelow(2_000_010);
        for (long xid = 3; xid < 2_000_000; xid++) {
            assertEquals((xid - 3) % 7 == 0 ? CommitTable.LONG_AGO : CommitTable.ABORTED, table.status(xid), "xid " + xid);
        }
        assertEquals(9_000_000, table.status(2_000_006));
        assertEquals(CommitTable.ABORTED, table.status(2_000_007));
        assertEquals(CommitTable.IN_PROGRESS, table.status(2_000_010));
        table.settle(Long.MAX_VALUE, 2_000_010);
        assertEquals(2_000_010, table.settledXid());
        assertEquals(CommitTable.LONG_AGO, table.status(10));
        assertTrue(table.status(2_000_005) > 0);
    }

    @Test
    void shouldWaitForSubtransactionsWithTheirParent() {
        table.loseBelow(3);
        table.register(10);
        table.registerSubtransaction(11, 10);
        table.registerSubtransaction(12, 10);
        assertEquals(CommitTable.IN_PROGRESS, table.status(11));
        assertEquals(10, table.topLevelXid(11));
        table.abort(12);
        table.markCommitting(10, new long[] {11}, 1);
        table.publish(10, new long[] {11}, 1, 500);
        assertEquals(500, table.status(10));
        assertEquals(500, table.status(11));
        assertEquals(CommitTable.ABORTED, table.status(12));
    }

    @Test
    void shouldRefuseDamagedOrForeignFiles() throws Exception {
        table.loseBelow(3);
        commit(5, 100);
        log.checkpoint(() -> { });
        CommitLog foreign = new CommitLog(disk, DIRECTORY, 43);
        assertThrows(StorageException.class, () -> foreign.isCommitted(5));
        try (FileHandle file = disk.open(DIRECTORY.resolve("0000000000000000"))) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 1000);
        }
        CommitLog damaged = new CommitLog(disk, DIRECTORY, 42);
        StorageException e = assertThrows(StorageException.class, () -> damaged.isCommitted(5));
        assertTrue(e.getMessage().contains("wrong checksum"), e.getMessage());
    }
}
