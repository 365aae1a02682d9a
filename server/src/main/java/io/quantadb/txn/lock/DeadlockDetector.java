package io.quantadb.txn.lock;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Searches the wait-for graph for a cycle through one waiter. Used once, by a thread that holds all partitions.
 *
 * <p>A waiter waits for every other owner that holds a conflicting mode, and for every waiter before it in the queue that wants one. Members of a
 * cycle are all parked, so what they hold does not change meanwhile.
 */
final class DeadlockDetector {
    private final Set<LockOwner> owners;
    private final Set<LockOwner> visited = new HashSet<>();
    private final List<LockTarget.Waiter> path = new ArrayList<>();

    DeadlockDetector(Set<LockOwner> owners) {
        this.owners = owners;
    }

    /** @return the error for the waiter as victim, null if it is in no cycle */
    SqlException check(LockTarget.Waiter start) {
        if (!search(start, start.owner)) {
            return null;
        }
        StringBuilder detail = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            LockTarget.Waiter waiter = path.get(i);
            LockOwner blocker = path.get((i + 1) % path.size()).owner;
            detail.append(i == 0 ? "" : "\n").append("Process ").append(waiter.owner.processId()).append(" waits for ")
                    .append(waiter.mode.lockName()).append(" on ").append(waiter.target.describe())
                    .append("; blocked by process ").append(blocker.processId()).append('.');
        }
        return new SqlException(SqlState.DEADLOCK_DETECTED, "deadlock detected").withDetail(detail.toString())
                .withHint("See server log for query details.");
    }

    private boolean search(LockTarget.Waiter waiter, LockOwner goal) {
        path.add(waiter);
        for (LockOwner blocker : blockers(waiter)) {
            if (blocker == goal) {
                return true;
            }
            LockTarget.Waiter next = blocker.waiting;
            if (next != null && !next.granted && visited.add(blocker) && search(next, goal)) {
                return true;
            }
        }
        path.remove(path.size() - 1);
        return false;
    }

    /** Everybody this waiter waits for. */
    Set<LockOwner> blockers(LockTarget.Waiter waiter) {
        Set<LockOwner> result = new LinkedHashSet<>();
        LockTarget target = waiter.target;
        if (target instanceof KeyedTarget keyed && keyed.type == KeyedTarget.TRANSACTION) {
            for (LockOwner owner : owners) {
                if (owner != waiter.owner && owner.xid() == keyed.key) {
                    result.add(owner);
                }
            }
            return result;
        }
        int conflicts = waiter.mode.conflicts();
        for (LockTarget.Grant grant = target.grants; grant != null; grant = grant.next) {
            if (grant.owner != waiter.owner && (grant.mask() & conflicts) != 0) {
                result.add(grant.owner);
            }
        }
        if (target instanceof RelationLock lock) {
            for (LockOwner owner : owners) {
                if (owner != waiter.owner && (owner.fastMaskOf(lock) & conflicts) != 0) {
                    result.add(owner);
                }
            }
        }
        for (LockTarget.Waiter at = target.firstWaiter; at != null && at != waiter; at = at.next) {
            if (at.owner != waiter.owner && (at.mode.bit() & conflicts) != 0) {
                result.add(at.owner);
            }
        }
        return result;
    }
}
