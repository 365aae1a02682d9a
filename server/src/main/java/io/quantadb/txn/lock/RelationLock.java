package io.quantadb.txn.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The table lock of one relation; descriptors cache it. Made by {@link LockManager#relation}.
 *
 * <p>Holders of the three weak modes are only counted, in one word changed by compare-and-set, because these modes never conflict with
 * each other:
 *
 * <pre>
 * bits  0-15  holders of ACCESS SHARE
 * bits 16-31  holders of ROW SHARE
 * bits 32-47  holders of ROW EXCLUSIVE
 * bits 48-62  strong interest: requests and grants of SHARE and above
 * </pre>
 *
 * While there is strong interest, weak requests go through the queue. A strong request raises the interest first and then waits until the
 * conflicting counts are zero but for its own; who leaves last looks at the queue. Who the counted holders are is known from the owners, which list
 * what they hold: only reports and deadlock detection need that.
 */
public final class RelationLock extends LockTarget {
    private static final VarHandle STATE;
    private static final int STRONG_SHIFT = 48;
    private static final long COUNT_MAX = 0xFFFF;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RelationLock.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int databaseOid;
    private final int relationOid;
    @SuppressWarnings("unused")
    private volatile long state;

    RelationLock(ReentrantLock partition, int databaseOid, int relationOid) {
        super(partition);
        this.databaseOid = databaseOid;
        this.relationOid = relationOid;
    }

    public int databaseOid() {
        return databaseOid;
    }

    public int relationOid() {
        return relationOid;
    }

    private static int shift(LockMode mode) {
        return (mode.id() - 1) * 16;
    }

    /** Counts a weak holder unless there is strong interest. */
    boolean tryFast(LockMode mode) {
        int shift = shift(mode);
        while (true) {
            long seen = state;
            if (seen >>> STRONG_SHIFT != 0 || (seen >>> shift & COUNT_MAX) == COUNT_MAX) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, seen + (1L << shift))) {
                return true;
            }
        }
    }

    /** @return whether somebody may be waiting for this */
    boolean releaseFast(LockMode mode) {
        long before = (long) STATE.getAndAdd(this, -(1L << shift(mode)));
        return before >>> STRONG_SHIFT != 0;
    }

    @Override
    int fastMask(LockOwner owner) {
        long seen = state;
        int own = owner.fastMaskOf(this);
        int mask = 0;
        for (int id = 1; id <= 3; id++) {
            long count = seen >>> (id - 1) * 16 & COUNT_MAX;
            if (count > ((own & 1 << id) != 0 ? 1 : 0)) {
                mask |= 1 << id;
            }
        }
        return mask;
    }

    @Override
    void beginStrong() {
        STATE.getAndAdd(this, 1L << STRONG_SHIFT);
    }

    @Override
    void endStrong() {
        STATE.getAndAdd(this, -(1L << STRONG_SHIFT));
    }

    /** Whether the mode conflicts with counted ones. */
    static boolean isStrong(LockMode mode) {
        return (mode.conflicts() & 0b1110) != 0;
    }

    @Override
    String describe() {
        return "relation " + Integer.toUnsignedString(relationOid) + " of database " + Integer.toUnsignedString(databaseOid);
    }

    @Override
    LockInfo info(int processId, LockMode mode, boolean granted, boolean fastPath, long waitStartMicros) {
        return new LockInfo("relation", databaseOid, relationOid, -1, 0, 0, 0, 0, processId, mode.lockName(), granted, fastPath,
                waitStartMicros);
    }
}
