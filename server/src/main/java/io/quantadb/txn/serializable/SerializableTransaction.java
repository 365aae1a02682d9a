package io.quantadb.txn.serializable;

import io.quantadb.txn.snapshot.ReadTracking;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A serializable transaction as conflict detection sees it. The session's thread calls the public methods; fields of
 * the conflict graph are guarded by {@link ConflictTracker}'s
 * mutex.
 *
 * <pre>
 *   RUNNING --finishCommit()--> COMMITTED      remembered until every overlapping transaction has ended
 *   RUNNING --abort()--> ABORTED               forgotten
 *   RUNNING, safe: read only, and nobody can make its snapshot wrong any more; forgotten, and reads go unrecorded
 * </pre>
 */
public final class SerializableTransaction implements ReadTracking {
    enum State { RUNNING, COMMITTED, ABORTED }

    /** {@link #earliestOut} of one without. */
    static final long NONE = Long.MAX_VALUE;
    /**
     * Relations below hold the catalogs as created; they are read with other snapshots, and not tracked, as in
     * PostgreSQL.
     */
    private static final int FIRST_USER_FILE = 16384;

    private final ConflictTracker tracker;
    private final int processId;
    final long snapshotLsn;
    /** Declared READ ONLY before its snapshot: it will never be a writer. */
    final boolean readOnly;
    final HeldReads reads;
    private final Readers readers = new Readers(this);
    private final List<Long> xids = new ArrayList<>(2);
    private long lastPassedXid;

    // ---- Conflict graph. Edges join running transactions only: reader -> writer who does not see, and is not seen.
    State state = State.RUNNING;
    SerializableTransaction previousActive;
    SerializableTransaction nextActive;
    /** Running transactions that read what this one overwrote. */
    final Set<SerializableTransaction> in = new HashSet<>(4);
    /** Running transactions that overwrote what this one read. */
    final Set<SerializableTransaction> out = new HashSet<>(4);
    /** Highest {@link #finishBound} of committed readers of what this one overwrote; 0 for none. */
    long finishedIn;
    /** Lowest commit LSN of those who overwrote what this one read. */
    long earliestOut = NONE;
    /**
     * COMMITTED: the commit LSN, or the snapshot's if nothing was written: what begins at or above it is not
     * concurrent.
     */
    long finishBound;
    boolean wrote;
    /** Read only: running writers that may still make the snapshot unsafe. */
    final Set<SerializableTransaction> threats = new HashSet<>(0);
    /** Read-only transactions whose threat this one is. */
    final List<SerializableTransaction> threatened = new ArrayList<>(0);
    boolean unsafe;
    Thread waiter;
    volatile boolean doomed;
    volatile boolean safe;

    SerializableTransaction(ConflictTracker tracker, int processId, long snapshotLsn, boolean readOnly) {
        this.tracker = tracker;
        this.processId = processId;
        this.snapshotLsn = snapshotLsn;
        this.readOnly = readOnly;
        this.reads = new HeldReads(tracker, this);
    }

    public int processId() {
        return processId;
    }

    /** LSN of the transaction's snapshot, registered when it began. */
    public long snapshotLsn() {
        return snapshotLsn;
    }

    /** Whether reads need no record: the snapshot may be used without tracking. */
    public boolean isSafe() {
        return safe;
    }

    /** An xid of this transaction; before anybody can meet it on a page. */
    public void assigned(long xid) {
        xids.add(xid);
        tracker.writers().put(xid, this);
    }

    List<Long> xids() {
        return xids;
    }

    long topXid() {
        return xids.isEmpty() ? 0 : xids.getFirst();
    }

    /**
     * Throws 40001 if another transaction's progress has made this one the victim. As in PostgreSQL a statement that
     * reads no table does not notice.
     */
    void checkNotDoomed() {
        if (doomed) {
            throw SerializationFailure.of(SerializationFailure.DURING_READ);
        }
    }

    /** A READ ONLY transaction writes temporary tables only, which nobody else reads. */
    private boolean isTrackedWrite(long relation) {
        return !readOnly && isTracked(relation);
    }

    private static boolean isTracked(long relation) {
        return Integer.compareUnsigned((int) relation, FIRST_USER_FILE) >= 0;
    }

    // ---- Reading

    @Override
    public void readsRelation(long relation) {
        if (!safe && isTracked(relation)) {
            checkNotDoomed();
            reads.readsRelation(relation);
            tracker.relieve(this);
        }
    }

    @Override
    public void readsTuple(long relation, long tid) {
        if (!safe && isTracked(relation)) {
            checkNotDoomed();
            reads.readsTuple(relation, tid);
            tracker.relieve(this);
        }
    }

    @Override
    public ScannedKeys readsKeys(long index, ScannedKeys before, byte[] lower, byte[] upper, int block) {
        if (safe || !isTracked(index)) {
            return before;
        }
        checkNotDoomed();
        ScannedKeys result = reads.readsKeys(index, (KeyRangeTarget) before, lower, upper, block);
        tracker.relieve(this);
        return result;
    }

    @Override
    public void passesOver(long xid, long commitLsn) {
        if (safe || xid == lastPassedXid) {
            return;
        }
        tracker.conflictOut(this, xid, commitLsn);
        lastPassedXid = xid;
    }

    // ---- Writing

    /** A version will be updated or deleted; under the page's exclusive latch, before the change. */
    public void writesTuple(long relation, long tid) {
        if (isTrackedWrite(relation)) {
            writes(relation, tid, true);
        }
    }

    /** A version will be inserted; under the page's exclusive latch, before the change. */
    public void insertsTuple(long relation) {
        if (isTrackedWrite(relation)) {
            writes(relation, ReadTable.WHOLE, false);
        }
    }

    private void writes(long relation, long tid, boolean existing) {
        checkWriter();
        readers.clear();
        ReadTable table = tracker.readTable();
        // From fine to coarse: a reader on the way up takes the coarse one first.
        if (existing) {
            table.collect(relation, tid, readers);
            table.collect(relation, tid & ~0xFFFFL, readers);
        }
        table.collect(relation, ReadTable.WHOLE, readers);
        tracker.conflictIn(this, readers);
    }

    /**
     * A key was inserted into an index, or was found there: after the insertion. A reader whose range is recorded later
     * finds the entry.
     *
     * @throws io.quantadb.error.SqlException 40001
     */
    public void insertsKey(long index, byte[] key, int keyLength) {
        if (isTrackedWrite(index)) {
            checkWriter();
            readers.clear();
            tracker.keyRanges().collect(index, key, keyLength, readers);
            tracker.conflictIn(this, readers);
        }
    }

    /** All of a relation goes: TRUNCATE, DROP. */
    public void writesRelation(long relation) {
        if (isTrackedWrite(relation)) {
            checkWriter();
            tracker.conflictInOfRelation(this, relation, readers);
        }
    }

    private void checkWriter() {
        if (doomed) {
            throw SerializationFailure.of(SerializationFailure.DURING_CHECK);
        }
    }

    // ---- The end

    /**
     * Begins the commit: from here to {@link #endCommit}, which must follow, no conflict changes.
     *
     * @throws io.quantadb.error.SqlException 40001; then there is nothing to end
     */
    public void beginCommit() {
        tracker.beginCommit(this);
    }

    /** @param commitLsn end of the commit record; 0 if it could not be inserted: the transaction is still running */
    public void endCommit(long commitLsn) {
        tracker.endCommit(this, commitLsn);
    }

    /** Commits a transaction that wrote nothing. */
    public void commitReadOnly() {
        tracker.commitReadOnly(this);
    }

    /** Nothing happens if it has ended. */
    public void abort() {
        tracker.abort(this);
    }
}
