package io.quantadb.access.heap;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.BuiltinTypes;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A table (key, value, filler) with a unique index on the key, used as the executor uses heap and index, without SQL.
 */
final class KeyedTable {
    static final TupleLayout LAYOUT = TupleLayout.of(List.of(new HeapAttribute(BuiltinTypes.INT8), new HeapAttribute(BuiltinTypes.INT8),
            new HeapAttribute(BuiltinTypes.TEXT)));

    final HeapNode node;
    final RelationId relation;
    final RelationId index;
    final HeapRelation heap;
    final BTree tree;
    private final String filler;

    KeyedTable(HeapNode node, int fileNumber, int fillerBytes) {
        this.node = node;
        relation = new RelationId(5, fileNumber);
        index = new RelationId(5, fileNumber + 1);
        filler = "x".repeat(fillerBytes);
        node.create(relation);
        node.create(index);
        heap = node.open(relation, "t" + fileNumber, LAYOUT, null);
        BTree.create(index, node.pool, node.wal, node.wal.newRecord(), 0);
        tree = new BTree(index, node.pool, node.wal);
    }

    static byte[] key(long k) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (k >>> 56 - 8 * i);
        }
        bytes[0] ^= (byte) 0x80;
        return bytes;
    }

    /**
     * One session with at most one transaction. Statements take a snapshot and end their command as the session does.
     */
    final class Client implements AutoCloseable {
        final TxnSession session = node.session();
        Transaction transaction;
        WaitPolicy policy = WaitPolicy.NOWAIT;

        Client begin(IsolationLevel isolation, boolean readOnly) {
            transaction = session.begin(isolation, readOnly);
            return this;
        }

        Client begin() {
            return begin(IsolationLevel.SERIALIZABLE, false);
        }

        long commit() {
            long lsn = commitUnflushed();
            if (lsn > 0) {
                node.wal.flush(lsn);
            }
            return lsn;
        }

        long commitUnflushed() {
            return transaction.commit(true);
        }

        void abort() {
            transaction.abort();
        }

        private <T> T statement(Function<Snapshot, T> body) {
            Snapshot snapshot = transaction.takeSnapshot();
            T result;
            try {
                result = body.apply(snapshot);
            } finally {
                if (transaction.isActive()) {
                    transaction.releaseSnapshot(snapshot);
                }
            }
            transaction.nextCommand();
            return result;
        }

        /** The value by index; null if there is no row. */
        Long get(long k) {
            return statement(snapshot -> {
                try (HeapCursor cursor = new HeapCursor()) {
                    return find(k, snapshot, cursor) ? (Long) TupleReader.getLong(LAYOUT, cursor.tupleAddress(), 1) : null;
                }
            });
        }

        private boolean find(long k, Snapshot snapshot, HeapCursor cursor) {
            byte[] key = key(k);
            long[] tids = new long[4];
            int count = tree.lookup(key, key.length, tids, snapshot.tracking());
            for (int i = 0; i < count; i++) {
                if (heap.fetch(tids[i], snapshot, cursor)) {
                    return true;
                }
            }
            if (count < 0) {
                try (BTreeCursor entries = tree.cursor()) {
                    entries.seek(KeyRange.prefix(key, key.length), true, false);
                    while (entries.nextBatch()) {
                        for (int i = 0; i < entries.count(); i++) {
                            if (heap.fetch(entries.tid(i), snapshot, cursor)) {
                                return true;
                            }
                        }
                    }
                }
            }
            return false;
        }

        /** Rows with keys in [low, high] by index. */
        TreeMap<Long, Long> range(long low, long high, boolean forward, int limit) {
            return statement(snapshot -> {
                TreeMap<Long, Long> rows = new TreeMap<>();
                try (BTreeCursor entries = tree.cursor(); HeapCursor cursor = new HeapCursor()) {
                    entries.track(snapshot.tracking());
                    byte[] end = key(high);
                    entries.seek(new KeyRange(key(low), KeyRange.successor(end, end.length)), forward, false);
                    while (rows.size() < limit && entries.nextBatch()) {
                        for (int i = 0; i < entries.count() && rows.size() < limit; i++) {
                            if (heap.fetch(entries.tid(i), snapshot, cursor)) {
                                put(rows, cursor.tupleAddress());
                            }
                        }
                    }
                }
                return rows;
            });
        }

        TreeMap<Long, Long> range(long low, long high) {
            return range(low, high, true, Integer.MAX_VALUE);
        }

        /** All rows by a sequential scan. */
        TreeMap<Long, Long> all() {
            return statement(snapshot -> {
                TreeMap<Long, Long> rows = new TreeMap<>();
                try (HeapScan scan = heap.scan(snapshot)) {
                    while (scan.nextPage()) {
                        for (int i = 0; i < scan.count(); i++) {
                            put(rows, scan.tupleAddress(i));
                        }
                    }
                }
                return rows;
            });
        }

        private static void put(TreeMap<Long, Long> rows, long tuple) {
            Long old = rows.put(TupleReader.getLong(LAYOUT, tuple, 0), TupleReader.getLong(LAYOUT, tuple, 1));
            if (old != null) {
                throw new AssertionError("two visible versions of one row");
            }
        }

        private TupleBuilder row(long k, long v) {
            return new TupleBuilder(LAYOUT).clear().setLong(0, k).setLong(1, v).setObject(2, filler);
        }

        /** @return false if there is no such row; 40001 if it was changed meanwhile */
        boolean update(long k, long v) {
            return statement(snapshot -> change(k, snapshot, (tid, result) -> {
                ChangeStatus status = heap.update(transaction, snapshot, tid, row(k, v), true, false, policy, result);
                if (status == ChangeStatus.OK && !result.hot()) {
                    enter(k, result.newestTid());
                }
                return status;
            }));
        }

        boolean delete(long k) {
            return statement(snapshot -> change(k, snapshot, (tid, result) -> heap.delete(transaction, snapshot, tid, policy, result)));
        }

        private interface Change {
            ChangeStatus make(long tid, HeapChange result);
        }

        private boolean change(long k, Snapshot snapshot, Change change) {
            long tid;
            try (HeapCursor cursor = new HeapCursor()) {
                if (!find(k, snapshot, cursor)) {
                    return false;
                }
                tid = cursor.tid();
            }
            ChangeStatus status = change.make(tid, new HeapChange());
            if (status != ChangeStatus.OK) {
                throw new SqlException(SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
            }
            return true;
        }

        /** @throws SqlException 23505 */
        void insert(long k, long v) {
            statement(snapshot -> {
                enter(k, heap.insert(transaction, row(k, v)));
                return null;
            });
        }

        private void enter(long k, long tid) {
            byte[] key = key(k);
            IndexEntry entry = new IndexEntry().set(key, key.length, tid);
            InsertOutcome outcome = new InsertOutcome();
            while (true) {
                tree.insertUnique(session.record(), transaction.xid(), entry, this::probe, outcome);
                if (outcome.kind() == InsertOutcome.Kind.WAIT) {
                    if (!node.transactions.locks().waitForXid(session.lockOwner(), outcome.xid(), policy)) {
                        throw new SqlException(SqlState.LOCK_NOT_AVAILABLE, "another inserter is running");
                    }
                    continue;
                }
                if (transaction.serializable() != null) {
                    transaction.serializable().insertsKey(BufferPool.key(index), key, key.length);
                }
                if (outcome.kind() == InsertOutcome.Kind.CONFLICT) {
                    throw new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key");
                }
                return;
            }
        }

        private long probe(long tid) {
            HeapChange result = new HeapChange();
            try (HeapCursor cursor = new HeapCursor()) {
                return switch (heap.fetchDirty(transaction, tid, cursor, result)) {
                    case NONE -> cursor.allDead() ? UniqueProbe.DEAD : UniqueProbe.IGNORE;
                    case LIVE -> UniqueProbe.LIVE;
                    case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> result.otherXid();
                };
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
