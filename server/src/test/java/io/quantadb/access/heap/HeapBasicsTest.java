package io.quantadb.access.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.RelationId;
import io.quantadb.base.SimDisk;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.lock.WouldBlock;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.BuiltinTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: rows come back as they were stored, and each reader sees the version it should. Method: one node, several
 * sessions, one thread.
 */
class HeapBasicsTest {
    static final TupleLayout LAYOUT = TupleLayout.of(List.of(new HeapAttribute(BuiltinTypes.INT8),
            new HeapAttribute(BuiltinTypes.TEXT), new HeapAttribute(BuiltinTypes.INT4),
                    new HeapAttribute(BuiltinTypes.FLOAT8),
            new HeapAttribute(BuiltinTypes.TEXT)));
    static final RelationId TABLE = new RelationId(5, 1000);
    static final RelationId TOAST = new RelationId(5, 1001);

    private HeapNode node;
    private HeapRelation heap;
    private TxnSession one;
    private TxnSession two;

    @BeforeEach
    void open() throws Exception {
        SimDisk disk = new SimDisk(1);
        HeapNode.initialise(disk);
        node = new HeapNode(disk, 500, false);
        node.create(TABLE);
        node.create(TOAST);
        heap = node.open(TABLE, "t", LAYOUT, TOAST);
        one = node.session();
        two = node.session();
    }

    @AfterEach
    void close() throws Exception {
        assertEquals(0, node.pool.pinsHeld());
        one.close();
        two.close();
        assertEquals(0, node.transactions.locks().rowLockCount());
        node.close();
    }

    static TupleBuilder row(long id, String text) {
        return new TupleBuilder(LAYOUT).clear().setLong(0, id).setObject(1, text).setLong(2, (int) -id)
                .setDouble(3, id / 2.0);
    }

    private Transaction begin(TxnSession session) {
        return session.begin(IsolationLevel.READ_COMMITTED, false);
    }

    private void commit(Transaction transaction) {
        long lsn = transaction.commit(true);
        if (lsn > 0) {
            node.wal.flush(lsn);
        }
    }

    private Map<Long, String> read(Transaction transaction) {
        Snapshot snapshot = transaction.takeSnapshot();
        Map<Long, String> rows = new TreeMap<>();
        try (HeapScan scan = heap.scan(snapshot)) {
            while (scan.nextPage()) {
                for (int i = 0; i < scan.count(); i++) {
                    long tuple = scan.tupleAddress(i);
                    String old = rows.put(TupleReader.getLong(LAYOUT, tuple, 0),
                            (String) TupleReader.getObject(LAYOUT, tuple, 1, heap.toast()));
                    assertNull(old, "two versions of one row are visible");
                }
            }
        }
        transaction.releaseSnapshot(snapshot);
        return rows;
    }

    private Map<Long, String> read(TxnSession session) {
        Transaction transaction = begin(session);
        Map<Long, String> rows = read(transaction);
        transaction.abort();
        return rows;
    }

    private long insert(long id, String text) {
        Transaction transaction = begin(one);
        long tid = heap.insert(transaction, row(id, text));
        commit(transaction);
        return tid;
    }

    private ChangeStatus update(Transaction transaction, long tid, TupleBuilder row, boolean hot, HeapChange result) {
        Snapshot snapshot = transaction.takeSnapshot();
        ChangeStatus status = heap.update(transaction, snapshot, tid, row, hot, false, WaitPolicy.WOULD_BLOCK, result);
        transaction.releaseSnapshot(snapshot);
        transaction.nextCommand();
        return status;
    }

    @Test
    void shouldReadBackEveryKindOfValue() {
        Transaction transaction = begin(one);
        long tid = heap.insert(transaction, new TupleBuilder(LAYOUT).clear().setLong(0, Long.MIN_VALUE)
                .setObject(1, "héllo")
                .setLong(2, -7).setDouble(3, -0.5).setObject(4, ""));
        long nulls = heap.insert(transaction, new TupleBuilder(LAYOUT).clear().setLong(0, 5).setObject(4, "last"));
        try (HeapCursor cursor = new HeapCursor()) {
            assertTrue(heap.fetchAny(tid, cursor));
            long tuple = cursor.tupleAddress();
            assertEquals(Long.MIN_VALUE, TupleReader.getLong(LAYOUT, tuple, 0));
            assertEquals("héllo", TupleReader.getObject(LAYOUT, tuple, 1, null));
            assertEquals(-7L, TupleReader.getObject(LAYOUT, tuple, 2, null));
            assertEquals(-0.5, TupleReader.getDouble(LAYOUT, tuple, 3));
            assertEquals("", TupleReader.getObject(LAYOUT, tuple, 4, null));
            assertFalse(TupleReader.isNull(LAYOUT, tuple, 4));
            assertTrue(heap.fetchAny(nulls, cursor));
            tuple = cursor.tupleAddress();
            assertEquals(5, TupleReader.getLong(LAYOUT, tuple, 0));
            for (int i = 1; i < 4; i++) {
                assertTrue(TupleReader.isNull(LAYOUT, tuple, i));
                assertNull(TupleReader.getObject(LAYOUT, tuple, i, null));
            }
            assertEquals("last", TupleReader.getObject(LAYOUT, tuple, 4, null));
        }
        transaction.abort();
    }

    @Test
    void shouldGiveMissingValueForColumnsAddedLater() {
        long tid = insert(1, "one");
        List<HeapAttribute> wider = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wider.add(LAYOUT.attribute(i));
        }
        wider.add(new HeapAttribute(BuiltinTypes.INT4, true, 42L));
        wider.add(new HeapAttribute(BuiltinTypes.TEXT, true, "default"));
        wider.add(new HeapAttribute(BuiltinTypes.INT8));
        TupleLayout layout = TupleLayout.of(wider);
        HeapRelation wide = node.open(TABLE, "t", layout, TOAST);
        try (HeapCursor cursor = new HeapCursor()) {
            assertTrue(wide.fetchAny(tid, cursor));
            long tuple = cursor.tupleAddress();
            assertEquals("one", TupleReader.getObject(layout, tuple, 1, null));
            assertEquals(42, TupleReader.getLong(layout, tuple, 5));
            assertEquals("default", TupleReader.getObject(layout, tuple, 6, null));
            assertTrue(TupleReader.isNull(layout, tuple, 7));
            TupleBuilder copy = new TupleBuilder(layout).clear().copyFrom(tuple);
            Transaction transaction = begin(one);
            long newTid = wide.insert(transaction, copy);
            assertTrue(wide.fetchAny(newTid, cursor));
            assertEquals(42L, TupleReader.getObject(layout, cursor.tupleAddress(), 5, null));
            assertEquals("one", TupleReader.getObject(layout, cursor.tupleAddress(), 1, null));
            transaction.abort();
        }
    }

    @Test
    void shouldShowCommittedRowsOnlyAndOwnEarlierCommands() {
        Transaction writer = begin(one);
        Transaction reader = begin(two);
        heap.insert(writer, row(1, "a"));
        assertEquals(Map.of(), read(writer), "the command that inserts does not see its rows");
        writer.nextCommand();
        assertEquals(Map.of(1L, "a"), read(writer));
        assertEquals(Map.of(), read(reader));
        long lsn = writer.commit(true);
        assertEquals(Map.of(), read(reader), "not durable yet");
        assertEquals(Map.of(1L, "a"), read(one), "a session sees its own commits at once");
        assertEquals(lsn, one.replyLsn(), "and replies about them wait");
        node.wal.flush(lsn);
        assertEquals(Map.of(1L, "a"), read(reader));
        reader.abort();
    }

    @Test
    void shouldKeepSnapshotOfRepeatableRead() {
        long tid = insert(1, "a");
        Transaction reader = two.begin(IsolationLevel.REPEATABLE_READ, false);
        assertEquals(Map.of(1L, "a"), read(reader));
        HeapChange result = new HeapChange();
        long at = tid;
        for (int i = 0; i < 5; i++) {
            Transaction writer = begin(one);
            assertEquals(ChangeStatus.OK, update(writer, at, row(1, "b" + i), true, result));
            assertTrue(result.hot());
            at = result.newestTid();
            commit(writer);
        }
        assertEquals(Map.of(1L, "a"), read(reader));
        assertEquals(Map.of(1L, "b4"), read(one));
        Snapshot snapshot = reader.takeSnapshot();
        assertEquals(ChangeStatus.UPDATED,
                heap.update(reader, snapshot, tid, row(1, "x"), true, false, WaitPolicy.WOULD_BLOCK, result));
        reader.releaseSnapshot(snapshot);
        reader.abort();
    }

    @Test
    void shouldUndoByAbortAndByRollbackToSavepoint() {
        long tid = insert(1, "a");
        HeapChange result = new HeapChange();
        Transaction transaction = begin(one);
        int level = transaction.beginSubtransaction();
        assertEquals(ChangeStatus.OK, update(transaction, tid, row(1, "sub"), true, result));
        heap.insert(transaction, row(2, "sub"));
        transaction.nextCommand();
        assertEquals(Map.of(1L, "sub", 2L, "sub"), read(transaction));
        transaction.rollbackSubtransaction(level);
        assertEquals(Map.of(1L, "a"), read(transaction));
        assertEquals(ChangeStatus.OK, update(transaction, tid, row(1, "top"), true, result));
        level = transaction.beginSubtransaction();
        heap.insert(transaction, row(3, "kept"));
        transaction.nextCommand();
        transaction.releaseSubtransaction(level);
        commit(transaction);
        assertEquals(Map.of(1L, "top", 3L, "kept"), read(two));
        Transaction aborted = begin(one);
        update(aborted, result.newestTid(), row(1, "lost"), true, result);
        aborted.abort();
        assertEquals(Map.of(1L, "top", 3L, "kept"), read(two));
    }

    @Test
    void shouldSeeOwnInsertAndDeleteByCommand() {
        Transaction transaction = begin(one);
        long tid = heap.insert(transaction, row(1, "a"));
        transaction.nextCommand();
        Snapshot before = transaction.takeSnapshot();
        HeapChange result = new HeapChange();
        assertEquals(ChangeStatus.OK, heap.delete(transaction, before, tid, WaitPolicy.WOULD_BLOCK, result));
        assertEquals(ChangeStatus.SELF_MODIFIED, heap.delete(transaction, before, tid, WaitPolicy.WOULD_BLOCK, result));
        assertEquals(transaction.commandId(), result.otherCommandId());
        try (HeapCursor cursor = new HeapCursor()) {
            assertTrue(heap.fetch(tid, before, cursor), "the deleting command still sees it");
            transaction.nextCommand();
            Snapshot after = transaction.takeSnapshot();
            assertFalse(heap.fetch(tid, after, cursor));
        }
        transaction.abort();
    }

    @Test
    void shouldReportConflicts() {
        long tid = insert(1, "a");
        HeapChange result = new HeapChange();
        Transaction first = begin(one);
        assertEquals(ChangeStatus.OK, update(first, tid, row(1, "b"), true, result));
        long newTid = result.newestTid();
        Transaction second = begin(two);
        Snapshot snapshot = second.takeSnapshot();
        assertThrows(WouldBlock.class,
                () -> heap.delete(second, snapshot, tid, WaitPolicy.WOULD_BLOCK, result));
        assertEquals(ChangeStatus.SKIPPED,
                heap.lock(second, snapshot, tid, RowLockMode.UPDATE, WaitPolicy.SKIP, result));
        SqlException e = assertThrows(SqlException.class,
                () -> heap.lock(second, snapshot, tid, RowLockMode.SHARE, WaitPolicy.NOWAIT, result));
        assertEquals(SqlState.LOCK_NOT_AVAILABLE, e.state());
        assertEquals("could not obtain lock on row in relation \"t\"", e.getMessage());
        assertEquals(ChangeStatus.OK,
                heap.lock(second, snapshot, tid, RowLockMode.KEY_SHARE, WaitPolicy.NOWAIT, result),
                "a non-key update does not disturb a key-share lock");
        long lsn = first.commit(true);
        assertEquals(ChangeStatus.UPDATED, heap.delete(second, snapshot, tid, WaitPolicy.WOULD_BLOCK, result));
        assertEquals(newTid, result.newestTid());
        assertEquals(lsn, result.otherCommitLsn());
        Transaction third = begin(one);
        Snapshot now = third.takeSnapshot();
        assertThrows(WouldBlock.class, () -> heap.delete(third, now, newTid, WaitPolicy.WOULD_BLOCK, result),
                "the key-share lock holds on the successor");
        assertEquals(ChangeStatus.OK,
                heap.update(third, now, newTid, row(1, "c"), true, false, WaitPolicy.WOULD_BLOCK, result));
        third.abort();
        second.abort();
    }

    @Test
    void shouldMakeKeyShareWaitForUpdaterThatLockedOrDeletedItsNewVersion() {
        long tid = insert(1, "a");
        HeapChange result = new HeapChange();
        Transaction first = begin(one);
        update(first, tid, row(1, "b"), true, result);
        long newTid = result.newestTid();
        Snapshot own = first.takeSnapshot();
        assertEquals(ChangeStatus.OK, heap.lock(first, own, newTid, RowLockMode.UPDATE, WaitPolicy.NOWAIT, result));
        Transaction second = begin(two);
        Snapshot snapshot = second.takeSnapshot();
        assertThrows(WouldBlock.class,
                () -> heap.lock(second, snapshot, tid, RowLockMode.KEY_SHARE, WaitPolicy.WOULD_BLOCK, result));
        assertEquals(ChangeStatus.OK, heap.delete(first, own, newTid, WaitPolicy.NOWAIT, result));
        assertThrows(WouldBlock.class,
                () -> heap.lock(second, snapshot, tid, RowLockMode.KEY_SHARE, WaitPolicy.WOULD_BLOCK, result));
        first.abort();
        assertEquals(ChangeStatus.OK,
                heap.lock(second, snapshot, tid, RowLockMode.KEY_SHARE, WaitPolicy.WOULD_BLOCK, result));
        second.abort();
    }

    /** A transaction that updated what another had committed above the horizon must not see both versions. */
    @Test
    void shouldNotShowTwoVersionsWhenBuildingOnACommitThatIsNotDurable() {
        long tid = insert(1, "a");
        HeapChange result = new HeapChange();
        Transaction first = begin(one);
        update(first, tid, row(1, "b"), true, result);
        long lsn = first.commit(true);
        Transaction second = begin(two);
        assertEquals(Map.of(1L, "a"), read(second));
        assertEquals(ChangeStatus.UPDATED, update(second, tid, row(1, "c"), true, result));
        assertEquals(ChangeStatus.OK, update(second, result.newestTid(), row(1, "c"), true, result));
        assertEquals(Map.of(1L, "c"), read(second));
        assertTrue(two.replyLsn() >= lsn, "the reply waits for what it depends on");
        commit(second);
    }

    @Test
    void shouldStoreLargeValuesCompressedAndOutOfLine() {
        Random random = new Random(7);
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            noise.append((char) ('!' + random.nextInt(90)));
        }
        String compressible = "abcdefgh".repeat(20_000);
        Transaction transaction = begin(one);
        long tid = heap.insert(transaction, row(1, noise.toString()).setObject(4, compressible));
        commit(transaction);
        HeapChange result = new HeapChange();
        try (HeapCursor cursor = new HeapCursor()) {
            assertTrue(heap.fetchAny(tid, cursor));
            assertTrue(cursor.tupleLength() <= HeapToast.THRESHOLD);
            assertEquals(noise.toString(), TupleReader.getObject(LAYOUT, cursor.tupleAddress(), 1, heap.toast()));
            assertEquals(compressible, TupleReader.getObject(LAYOUT, cursor.tupleAddress(), 4, heap.toast()));
            transaction = begin(one);
            TupleBuilder changed = new TupleBuilder(LAYOUT).clear().copyFrom(cursor.tupleAddress()).setLong(2, 99);
            assertEquals(ChangeStatus.OK, update(transaction, tid, changed, true, result));
            commit(transaction);
            assertTrue(heap.fetchAny(result.newestTid(), cursor));
            assertEquals(noise.toString(), TupleReader.getObject(LAYOUT, cursor.tupleAddress(), 1, heap.toast()));
        }
        HeapVacuum.Result kept = new HeapVacuum(heap.toastHeap(), null).run(null, true);
        assertEquals(0, kept.deadRows(), "an update that leaves the value alone keeps its chunks");
        transaction = begin(one);
        assertEquals(ChangeStatus.OK, update(transaction, result.newestTid(), row(1, "small"), true, result));
        commit(transaction);
        HeapVacuum.Result gone = new HeapVacuum(heap.toastHeap(), null).run(() -> true, true);
        assertEquals(0, gone.liveRows());
        assertTrue(gone.deadRows() >= 15, "chunks of the replaced value are removed: " + gone);
        assertEquals(gone.pages(), gone.pagesTruncated());
    }

    @Test
    void shouldRefuseRowsThatAreTooBig() {
        List<HeapAttribute> many = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            many.add(new HeapAttribute(BuiltinTypes.INT8));
        }
        TupleLayout layout = TupleLayout.of(many);
        HeapRelation wide = node.open(TABLE, "t", layout, null);
        TupleBuilder row = new TupleBuilder(layout).clear();
        for (int i = 0; i < 1100; i++) {
            row.setLong(i, i);
        }
        Transaction transaction = begin(one);
        SqlException e = assertThrows(SqlException.class, () -> wide.insert(transaction, row));
        assertEquals(SqlState.PROGRAM_LIMIT_EXCEEDED, e.state());
        transaction.abort();
    }

    @Test
    void shouldInsertInBulkAndVacuumToAllVisible() {
        Transaction transaction = begin(one);
        List<Long> tids = new ArrayList<>();
        try (HeapBulkInsert bulk = heap.bulkInsert(transaction)) {
            for (int i = 0; i < 5000; i++) {
                bulk.add(row(i, "row " + i));
                if (bulk.isFull()) {
                    bulk.flush(tids::add);
                }
            }
            bulk.flush(tids::add);
        }
        commit(transaction);
        assertEquals(5000, tids.size());
        Map<Long, String> rows = read(two);
        assertEquals(5000, rows.size());
        assertEquals("row 4999", rows.get(4999L));
        try (HeapCursor cursor = new HeapCursor()) {
            assertTrue(heap.fetchAny(tids.get(1234), cursor));
            assertEquals(1234, TupleReader.getLong(LAYOUT, cursor.tupleAddress(), 0));
        }
        HeapVacuum.Result result = new HeapVacuum(heap, null).run(null, false);
        assertEquals(heap.blockCount(), result.pagesAllVisible());
        assertTrue(heap.isAllVisible(0));
        assertEquals(rows, read(two));
        HeapChange change = new HeapChange();
        transaction = begin(one);
        Snapshot snapshot = transaction.takeSnapshot();
        heap.delete(transaction, snapshot, tids.get(0), WaitPolicy.BLOCK, change);
        assertFalse(heap.isAllVisible(0));
        commit(transaction);
        assertEquals(4999, read(two).size());
    }

    @Test
    void shouldNotGrowUnderHotUpdates() {
        long tid = insert(1, "a");
        HeapChange result = new HeapChange();
        try (HeapCursor cursor = new HeapCursor()) {
            for (int i = 0; i < 5000; i++) {
                Transaction transaction = begin(one);
                Snapshot snapshot = transaction.takeSnapshot();
                assertTrue(heap.fetch(tid, snapshot, cursor), "round " + i);
                long version = cursor.tid();
                cursor.close();
                assertEquals(ChangeStatus.OK,
                        heap.update(transaction, snapshot, version, row(1, "round " + i), true, false,
                        WaitPolicy.BLOCK, result));
                assertTrue(result.hot(), "round " + i);
                commit(transaction);
            }
        }
        assertEquals(1, heap.blockCount());
        assertEquals(Map.of(1L, "round 4999"), read(two));
    }
}
