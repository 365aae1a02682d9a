package io.quantadb.txn.lock;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Something that can be locked: who holds it and who queues for it. All fields are guarded by {@link #partition}.
 *
 * <p>Grants and waiters are intrusive lists; the queue is first in, first out.
 */
abstract class LockTarget {
    /** One owner's hold: the modes it has, as a mask of {@link LockMode#bit}. */
    static final class Grant {
        final LockOwner owner;
        final LockTarget target;
        /** Modes held until the end of the transaction. */
        int transactionMask;
        /** Modes held by the session (advisory locks). */
        int sessionMask;
        Grant next;

        Grant(LockOwner owner, LockTarget target) {
            this.owner = owner;
            this.target = target;
        }

        int mask() {
            return transactionMask | sessionMask;
        }
    }

    /** One queued request. {@link #granted} is set by whoever makes room, then the thread is unparked. */
    static final class Waiter {
        final LockOwner owner;
        final LockTarget target;
        final LockMode mode;
        final boolean sessionLevel;
        final Thread thread = Thread.currentThread();
        final long startWallMicros;
        Waiter next;
        volatile boolean granted;

        Waiter(LockOwner owner, LockTarget target, LockMode mode, boolean sessionLevel, long startWallMicros) {
            this.owner = owner;
            this.target = target;
            this.mode = mode;
            this.sessionLevel = sessionLevel;
            this.startWallMicros = startWallMicros;
        }
    }

    final ReentrantLock partition;
    Grant grants;
    Waiter firstWaiter;
    Waiter lastWaiter;

    LockTarget(ReentrantLock partition) {
        this.partition = partition;
    }

    /** As in deadlock reports. */
    abstract String describe();

    /** A line of pg_locks. */
    abstract LockInfo info(int processId, LockMode mode, boolean granted, boolean fastPath, long waitStartMicros);

    /** Holders outside {@link #grants}: a mask of the modes others than {@code owner} hold in a fast path. */
    int fastMask(LockOwner owner) {
        return 0;
    }

    /** Called when a request that conflicts with fast-path modes begins and ends to be present. */
    void beginStrong() {
    }

    void endStrong() {
    }

    Grant grantOf(LockOwner owner) {
        for (Grant grant = grants; grant != null; grant = grant.next) {
            if (grant.owner == owner) {
                return grant;
            }
        }
        return null;
    }

    Grant grant(LockOwner owner, LockMode mode, boolean sessionLevel) {
        Grant grant = grantOf(owner);
        if (grant == null) {
            grant = new Grant(owner, this);
            grant.next = grants;
            grants = grant;
        }
        if (sessionLevel) {
            grant.sessionMask |= mode.bit();
        } else {
            grant.transactionMask |= mode.bit();
        }
        return grant;
    }

    void removeGrant(Grant grant) {
        if (grants == grant) {
            grants = grant.next;
            return;
        }
        for (Grant at = grants; at != null; at = at.next) {
            if (at.next == grant) {
                at.next = grant.next;
                return;
            }
        }
    }

    /** Whether nobody else holds a mode that conflicts. */
    boolean compatible(LockOwner owner, LockMode mode) {
        int conflicts = mode.conflicts();
        for (Grant grant = grants; grant != null; grant = grant.next) {
            if (grant.owner != owner && (grant.mask() & conflicts) != 0) {
                return false;
            }
        }
        return (fastMask(owner) & conflicts) == 0;
    }

    /** Modes wanted by waiters before {@code end} (all if null), other than the owner's. */
    int waitMask(LockOwner owner, Waiter end) {
        int mask = 0;
        for (Waiter at = firstWaiter; at != null && at != end; at = at.next) {
            if (at.owner != owner) {
                mask |= at.mode.bit();
            }
        }
        return mask;
    }

    void enqueue(Waiter waiter) {
        if (lastWaiter == null) {
            firstWaiter = waiter;
        } else {
            lastWaiter.next = waiter;
        }
        lastWaiter = waiter;
    }

    /** Puts an upgrade before everybody: waiting behind those who wait for our own lock would be a deadlock. */
    void enqueueFirst(Waiter waiter) {
        waiter.next = firstWaiter;
        firstWaiter = waiter;
        if (lastWaiter == null) {
            lastWaiter = waiter;
        }
    }

    void dequeue(Waiter waiter) {
        Waiter previous = null;
        for (Waiter at = firstWaiter; at != null; previous = at, at = at.next) {
            if (at == waiter) {
                if (previous == null) {
                    firstWaiter = at.next;
                } else {
                    previous.next = at.next;
                }
                if (lastWaiter == at) {
                    lastWaiter = previous;
                }
                return;
            }
        }
    }

    /** Grants what has become possible, in queue order. */
    void wake() {
        int ahead = 0;
        Waiter next;
        for (Waiter at = firstWaiter; at != null; at = next) {
            next = at.next;
            if ((at.mode.conflicts() & ahead) == 0 && compatible(at.owner, at.mode)) {
                dequeue(at);
                grant(at.owner, at.mode, at.sessionLevel);
                at.granted = true;
                java.util.concurrent.locks.LockSupport.unpark(at.thread);
            } else {
                ahead |= at.mode.bit();
            }
        }
    }

    boolean isIdle() {
        return grants == null && firstWaiter == null;
    }
}
