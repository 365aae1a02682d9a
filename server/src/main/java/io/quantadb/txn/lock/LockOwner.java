package io.quantadb.txn.lock;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One session as the lock manager sees it: what it holds and what it waits for. Methods are for the session's thread unless they say otherwise.
 *
 * <p>Two logs list acquisitions in order, so that rollback to a savepoint can undo the newest ones: {@code relationLog} for table locks (each relation
 * has a place in {@code relations}, with masks of the modes held by count and by grant), {@code grantLog} for all others.
 */
public final class LockOwner {
    private static final int LINEAR_MAX = 16;

    private final int processId;
    volatile long lockTimeoutMillis;
    volatile long deadlockTimeoutMillis = 1000;
    volatile InterruptCheck interruptCheck = InterruptCheck.NONE;
    volatile boolean interrupted;
    /** The request this owner waits for now; null if none. */
    volatile LockTarget.Waiter waiting;
    /** Top-level xid of the running transaction, 0 for none. */
    private volatile long xid;
    /** Written by the own thread only. */
    private volatile int releases;

    // Table locks. Others read these without a lock, see relationCount.
    private RelationLock[] relations = new RelationLock[8];
    private int[] fastMasks = new int[8];
    private int[] slowMasks = new int[8];
    /** Written last, so that a reader finds the entries below it. */
    private volatile int relationCount;
    private int[] relationLog = new int[8];
    private int relationLogSize;
    private IdentityHashMap<RelationLock, Integer> places;

    // Other locks, held until the end of the transaction.
    private LockTarget.Grant[] grantLog = new LockTarget.Grant[8];
    private byte[] grantModes = new byte[8];
    private int grantLogSize;

    /** Session-level advisory locks: how often each mode was taken, shared and exclusive. */
    final Map<LockTarget, int[]> sessionLocks = new HashMap<>();

    /** Row locks that other sessions gave to this one, when they replaced a row it holds a key-share lock on. */
    private final ReentrantLock giftLock = new ReentrantLock();
    private ArrayDeque<LockTarget.Grant> gifts;

    LockOwner(int processId) {
        this.processId = processId;
    }

    /** The pid shown in pg_locks and in deadlock reports. */
    public int processId() {
        return processId;
    }

    /** lock_timeout; 0 means none. */
    public void setLockTimeoutMillis(long millis) {
        lockTimeoutMillis = millis;
    }

    /** deadlock_timeout; default 1000. */
    public void setDeadlockTimeoutMillis(long millis) {
        deadlockTimeoutMillis = millis;
    }

    /** Called when a wait is interrupted. */
    public void setInterruptCheck(InterruptCheck check) {
        interruptCheck = check;
    }

    public InterruptCheck interruptCheck() {
        return interruptCheck;
    }

    /** Wakes the session's wait, if any, to run its interrupt check. Any thread. */
    public void interrupt() {
        LockTarget.Waiter waiter = waiting;
        if (waiter != null) {
            interrupted = true;
            LockSupport.unpark(waiter.thread);
        }
    }

    /** Whether the session waits for a lock now. Any thread. */
    public boolean isWaiting() {
        return waiting != null;
    }

    /** What pg_stat_activity shows as wait_event (type Lock); null if the session does not wait. Any thread. */
    public String waitEvent() {
        LockTarget.Waiter waiter = waiting;
        return waiter == null ? null : waiter.target.info(processId, waiter.mode, false, false, 0).type();
    }

    /** Top-level xid of the running transaction, 0 for none. Any thread. */
    public long xid() {
        return xid;
    }

    /** Called by the transaction when it gets its xid and when it has ended. */
    public void setXid(long newXid) {
        xid = newXid;
    }

    // ---- Table locks

    private int placeOf(RelationLock lock) {
        if (places != null) {
            Integer place = places.get(lock);
            return place == null ? -1 : place;
        }
        for (int i = relationCount - 1; i >= 0; i--) {
            if (relations[i] == lock) {
                return i;
            }
        }
        return -1;
    }

    /** Mask of all modes held on the relation. */
    int maskOf(RelationLock lock) {
        int place = placeOf(lock);
        return place < 0 ? 0 : fastMasks[place] | slowMasks[place];
    }

    /** Mask of the modes held on the relation by count only. Own thread, or one that knows this one is parked. */
    int fastMaskOf(RelationLock lock) {
        RelationLock[] seen = relations;
        for (int i = Math.min(relationCount, seen.length) - 1; i >= 0; i--) {
            if (seen[i] == lock) {
                return fastMasks[i];
            }
        }
        return 0;
    }

    void addRelation(RelationLock lock, LockMode mode, boolean fast) {
        int place = placeOf(lock);
        if (place < 0) {
            place = relationCount;
            if (place == relations.length) {
                fastMasks = Arrays.copyOf(fastMasks, place * 2);
                slowMasks = Arrays.copyOf(slowMasks, place * 2);
                relations = Arrays.copyOf(relations, place * 2);
            }
            relations[place] = lock;
            fastMasks[place] = 0;
            slowMasks[place] = 0;
            addPlace(lock, place);
        }
        if (fast) {
            fastMasks[place] |= mode.bit();
        } else {
            slowMasks[place] |= mode.bit();
        }
        relationCount = Math.max(relationCount, place + 1);
        if (relationLogSize == relationLog.length) {
            relationLog = Arrays.copyOf(relationLog, relationLogSize * 2);
        }
        relationLog[relationLogSize++] = place << 8 | mode.id() << 1 | (fast ? 1 : 0);
    }

    private void addPlace(RelationLock lock, int place) {
        if (places != null) {
            places.put(lock, place);
        } else if (place >= LINEAR_MAX) {
            places = new IdentityHashMap<>();
            for (int i = 0; i < place; i++) {
                places.put(relations[i], i);
            }
            places.put(lock, place);
        }
    }

    /** Position in both logs, for a later {@link #releaseTo}. */
    public long mark() {
        return (long) relationLogSize << 32 | grantLogSize;
    }

    boolean holdsNothing() {
        return relationLogSize == 0 && grantLogSize == 0 && gifts == null;
    }

    /** Gives everything back that was acquired since the mark; 0 for everything of the transaction. */
    /** How many transactions of this owner have given back their locks. Any thread. */
    int releases() {
        return releases;
    }

    /** As {@link #maskOf}, for any thread: what was granted a moment ago may be missing. */
    int anyMaskOf(RelationLock lock) {
        int count = relationCount;
        RelationLock[] seen = relations;
        int[] fast = fastMasks;
        int[] slow = slowMasks;
        for (int i = Math.min(Math.min(count, seen.length), Math.min(fast.length, slow.length)) - 1; i >= 0; i--) {
            if (seen[i] == lock) {
                return fast[i] | slow[i];
            }
        }
        return 0;
    }

    void releaseTo(long mark, LockManager manager) {
        if (mark == 0) {
            int next = releases + 1;
            releases = next;
        }
        int relationMark = (int) (mark >>> 32);
        while (relationLogSize > relationMark) {
            int entry = relationLog[--relationLogSize];
            int place = entry >>> 8;
            LockMode mode = LockMode.of(entry >>> 1 & 0x7F);
            if ((entry & 1) != 0) {
                fastMasks[place] &= ~mode.bit();
                manager.releaseFast(relations[place], mode);
            } else {
                slowMasks[place] &= ~mode.bit();
                manager.releaseGrant(this, relations[place], mode);
            }
        }
        if (relationMark == 0 && relationCount > 0) {
            Arrays.fill(relations, 0, relationCount, null);
            relationCount = 0;
            places = null;
        }
        int grantMark = (int) mark;
        while (grantLogSize > grantMark) {
            LockTarget.Grant grant = grantLog[--grantLogSize];
            grantLog[grantLogSize] = null;
            manager.releaseGrant(grant, LockMode.of(grantModes[grantLogSize]));
        }
        if (mark == 0) {
            releaseGifts(manager);
        }
        if (grantLog.length > 1024 && grantLogSize == 0) {
            grantLog = new LockTarget.Grant[8];
            grantModes = new byte[8];
        }
    }

    // ---- Other locks

    void addGrant(LockTarget.Grant grant, LockMode mode) {
        if (grantLogSize == grantLog.length) {
            grantLog = Arrays.copyOf(grantLog, grantLogSize * 2);
            grantModes = Arrays.copyOf(grantModes, grantLogSize * 2);
        }
        grantLog[grantLogSize] = grant;
        grantModes[grantLogSize++] = (byte) mode.id();
    }

    /** Called by another session, which holds the partition of a lock of ours: so we have not released everything yet. */
    void addGift(LockTarget.Grant grant) {
        giftLock.lock();
        try {
            if (gifts == null) {
                gifts = new ArrayDeque<>();
            }
            gifts.add(grant);
        } finally {
            giftLock.unlock();
        }
    }

    private void releaseGifts(LockManager manager) {
        while (true) {
            LockTarget.Grant grant;
            giftLock.lock();
            try {
                grant = gifts == null ? null : gifts.poll();
                if (grant == null) {
                    gifts = null;
                    return;
                }
            } finally {
                giftLock.unlock();
            }
            manager.releaseGrant(grant, RowLockMode.KEY_SHARE.lockMode());
        }
    }

    /** Calls the action with each counted table lock. For reports: own thread, or while this one is parked, or approximately. */
    void forEachFast(java.util.function.BiConsumer<RelationLock, Integer> action) {
        RelationLock[] seen = relations;
        int[] masks = fastMasks;
        for (int i = Math.min(Math.min(relationCount, seen.length), masks.length) - 1; i >= 0; i--) {
            RelationLock lock = seen[i];
            if (lock != null && masks[i] != 0) {
                action.accept(lock, masks[i]);
            }
        }
    }
}
