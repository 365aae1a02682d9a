package io.quantadb.access.heap;

import io.quantadb.base.SimDisk;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.Random;

/**
 * Point fetch, HOT update and scan in one thread, all in memory; a main program, prints nanoseconds an operation. Not a
 * test.
 */
public final class HeapBenchmark {
    private static final int ROWS = 200_000;

    private HeapBenchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        SimDisk disk = new SimDisk(1);
        HeapNode.initialise(disk, HeapNode.DATA, 16 << 20);
        HeapNode node = new HeapNode(disk, 20_000, true);
        node.create(HeapBasicsTest.TABLE);
        HeapRelation heap = node.access.open(new HeapDescriptor(HeapBasicsTest.TABLE, "t", HeapBasicsTest.LAYOUT, null,
                90, true));
        TxnSession session = node.session();
        Transaction load = session.begin(IsolationLevel.READ_COMMITTED, false);
        long[] tids = new long[ROWS];
        int[] count = {0};
        long start = System.nanoTime();
        try (HeapBulkInsert bulk = heap.bulkInsert(load)) {
            TupleBuilder row = HeapBasicsTest.row(1, "x".repeat(60));
            for (int i = 0; i < ROWS; i++) {
                bulk.add(row.setLong(0, i));
                if (bulk.isFull()) {
                    bulk.flush(tid -> tids[count[0]++] = tid);
                }
            }
            bulk.flush(tid -> tids[count[0]++] = tid);
        }
        node.wal.flush(load.commit(true));
        report("bulk insert, row", System.nanoTime() - start, ROWS);
        for (int round = 0; round < 5; round++) {
            fetch(heap, session, tids);
            update(node, heap, session, tids);
            scan(heap, session);
            if (round == 3) {
                start = System.nanoTime();
                System.out.println(new HeapVacuum(heap, null).run(null, true));
                report("vacuum, row", System.nanoTime() - start, ROWS);
            }
        }
        session.close();
        node.kill();
    }

    private static void report(String what, long nanos, long operations) {
        System.out.printf("%-24s %8.1f ns%n", what, (double) nanos / operations);
    }

    private static void fetch(HeapRelation heap, TxnSession session, long[] tids) {
        Random random = new Random(3);
        long sum = 0;
        int operations = 1_000_000;
        Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
        long start = System.nanoTime();
        Snapshot snapshot = transaction.takeSnapshot();
        try (HeapCursor cursor = new HeapCursor()) {
            for (int i = 0; i < operations; i++) {
                if (heap.fetch(tids[random.nextInt(ROWS)], snapshot, cursor)) {
                    sum += TupleReader.getLong(HeapBasicsTest.LAYOUT, cursor.tupleAddress(), 0);
                }
            }
        }
        report("fetch", System.nanoTime() - start, operations + (sum == 1 ? 1 : 0));
        transaction.abort();
    }

    private static void update(HeapNode node, HeapRelation heap, TxnSession session, long[] tids) {
        Random random = new Random(5);
        HeapChange result = new HeapChange();
        TupleBuilder row = new TupleBuilder(HeapBasicsTest.LAYOUT);
        int operations = 300_000;
        int hot = 0;
        long start = System.nanoTime();
        try (HeapCursor cursor = new HeapCursor()) {
            for (int i = 0; i < operations; i++) {
                int index = random.nextInt(ROWS);
                Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
                Snapshot snapshot = transaction.takeSnapshot();
                if (!heap.fetch(tids[index], snapshot, cursor)) {
                    throw new IllegalStateException("row " + index + " at " + tids[index] + " is gone in round " + i);
                }
                row.clear().copyFrom(cursor.tupleAddress()).setLong(2, i);
                long tid = cursor.tid();
                cursor.close();
                ChangeStatus status =
                        heap.update(transaction, snapshot, tid, row, true, false, WaitPolicy.WOULD_BLOCK, result);
                if (status != ChangeStatus.OK) {
                    throw new IllegalStateException("update: " + status);
                }
                if (result.hot()) {
                    hot++;
                } else {
                    tids[index] = result.newestTid();
                }
                transaction.releaseSnapshot(snapshot);
                long lsn = transaction.commit(true);
                if (i % 64 == 0) {
                    node.wal.flush(lsn);
                }
            }
        }
        report("transaction with update", System.nanoTime() - start, operations);
        System.out.println("hot " + hot * 100L / operations + "%, pages " + heap.blockCount());
    }

    private static void scan(HeapRelation heap, TxnSession session) {
        Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
        long sum = 0;
        int rows = 0;
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            try (HeapScan scan = heap.scan(transaction.takeSnapshot())) {
                while (scan.nextPage()) {
                    for (int r = 0; r < scan.count(); r++) {
                        sum += TupleReader.getLong(HeapBasicsTest.LAYOUT, scan.tupleAddress(r), 0);
                        rows++;
                    }
                }
            }
        }
        report("scan, row", System.nanoTime() - start, rows);
        if (sum == 1) {
            System.out.println();
        }
        transaction.abort();
    }
}
