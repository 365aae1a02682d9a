package io.quantadb.replication.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * Computes the durable horizon of a primary, and proposes changes of the in-sync set.
 *
 * <p>Reads no clock and does no I/O. Thread rule: {@link #lead}, {@link #resign}, {@link #onMembership}, {@link #step}
 * are called by the cluster's agent; {@link #onLocalFlush} by the WAL flusher; feedback by event loops; the getters by
 * anybody, each one volatile read.
 *
 * <p>Invariants: the horizon never falls, also from one reign to the next and as a replica. While leading synchronously
 * {@code horizon <= flush} of this node, of each member of the applied in-sync set and of each node that has been
 * proposed as a member; with fewer applied members than the minimum it stands still. A member is waited for until its
 * removal is <em>applied</em>; a new one from before its addition is <em>proposed</em>.
 */
public final class SyncTracker {
    /** When a commit may be answered; in no case does the level make its data visible. */
    public enum Level {
        /** The durable horizon has passed it. */
        ON,
        /** As ON, and every member of the set has replayed it. */
        REMOTE_APPLY,
        /** Flushed here and written, not flushed, by every member. */
        REMOTE_WRITE,
        /** Flushed here. */
        LOCAL
    }

    private final String self;
    private final SyncOptions options;
    private final CopyOnWriteArrayList<LongConsumer> horizonListeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Runnable> progressListeners = new CopyOnWriteArrayList<>();
    private final Map<String, ReplicaProgress> replicas = new TreeMap<>();
    /** Waited for because they are, or may turn out to be, members. */
    private final Set<String> proposed = new HashSet<>();
    private Membership membership;
    private String joining;
    private long joiningNanos;
    private long belowMinNanos;
    private boolean belowMin;
    private long localFlushLsn;

    private volatile boolean leading;
    private volatile long epoch;
    private volatile long horizonLsn;
    private volatile long localLsn;
    private volatile long remoteWriteLsn;
    private volatile long remoteApplyLsn;
    private volatile boolean insufficient;
    private volatile boolean leased;
    private volatile long leaseUntilNanos;

    public SyncTracker(String self, SyncOptions options) {
        this.self = self;
        this.options = options;
    }

    /** Called with the new horizon, or a later one, whenever it has moved; in the thread that moved it. */
    public void addHorizonListener(LongConsumer listener) {
        horizonListeners.add(listener);
    }

    /** Called when any level may have moved, the sufficiency included. */
    public void addProgressListener(Runnable listener) {
        progressListeners.add(listener);
    }

    /**
     * Begins a reign.
     *
     * @param startHorizon flushed on every member of the set, and at or above every horizon before
     * @param flushLsn local flush
     */
    public void lead(Membership first, long startHorizon, long flushLsn, long nowNanos) {
        synchronized (this) {
            replicas.clear();
            proposed.clear();
            joining = null;
            belowMin = false;
            epoch = first.epoch();
            membership = first;
            localFlushLsn = flushLsn;
            localLsn = flushLsn;
            insufficient = false;
            horizonLsn = Math.max(horizonLsn, startHorizon);
            remoteWriteLsn = horizonLsn;
            remoteApplyLsn = 0;
            for (String node : first.dataMembers()) {
                if (!node.equals(self)) {
                    long known = first.inSync().contains(node) ? startHorizon : 0;
                    replicas.put(node, new ReplicaProgress(node, known, nowNanos));
                }
            }
            leading = true;
            leased = false;
            recompute();
        }
        announce(horizonLsn);
    }

    /** Ends the reign: from here the horizon moves only by {@link #onAnnounced}. */
    public void resign() {
        synchronized (this) {
            leading = false;
            leased = false;
            insufficient = false;
        }
        progress();
    }

    /** The membership of the current epoch as applied; ignored for another epoch. */
    public void onMembership(Membership next, long nowNanos) {
        long before = horizonLsn;
        synchronized (this) {
            if (!leading || next.epoch() != epoch) {
                return;
            }
            if (next.version() != membership.version()) {
                proposed.clear();
                joining = null;
            }
            for (String node : next.dataMembers()) {
                if (!node.equals(self)) {
                    replicas.computeIfAbsent(node, key -> new ReplicaProgress(key, 0, nowNanos));
                }
            }
            for (String node : next.inSync()) {
                if (!node.equals(self) && !membership.inSync().contains(node)) {
                    replicas.get(node).forgive(nowNanos);
                }
            }
            replicas.keySet().retainAll(next.dataMembers());
            membership = next;
            recompute();
        }
        announceIfMoved(before);
    }

    /** All WAL before {@code lsn} is on this node's stable storage. */
    public void onLocalFlush(long lsn) {
        long before = horizonLsn;
        synchronized (this) {
            if (lsn <= localFlushLsn) {
                return;
            }
            localFlushLsn = lsn;
            if (!leading) {
                return;
            }
            localLsn = lsn;
            recompute();
        }
        announceIfMoved(before);
    }

    /** A replica's positions; those of another epoch are ignored. */
    public void onFeedback(String node, long feedbackEpoch, long write, long flush, long replay, long nowNanos) {
        long before = horizonLsn;
        synchronized (this) {
            ReplicaProgress replica = replicas.get(node);
            if (!leading || feedbackEpoch != epoch || replica == null) {
                return;
            }
            replica.onFeedback(write, flush, replay, localFlushLsn, nowNanos);
            recompute();
        }
        announceIfMoved(before);
    }

    public synchronized void onDisconnected(String node) {
        ReplicaProgress replica = replicas.get(node);
        if (replica != null) {
            replica.onDisconnected();
        }
    }

    /** A replica's horizon: what its primary has announced and this node has flushed. Ignored while leading. */
    public void onAnnounced(long lsn) {
        long before = horizonLsn;
        synchronized (this) {
            if (!leading && lsn > horizonLsn) {
                horizonLsn = lsn;
            }
        }
        announceIfMoved(before);
    }

    /** Everything that is waited for, computed anew. Caller holds the lock. */
    private void recompute() {
        long flush = localFlushLsn;
        long write = localFlushLsn;
        long replay = localFlushLsn;
        for (ReplicaProgress replica : replicas.values()) {
            if (isWaitedFor(replica.node)) {
                flush = Math.min(flush, replica.flushLsn);
                write = Math.min(write, replica.writeLsn);
                replay = Math.min(replay, replica.replayLsn);
            }
        }
        if (!options.synchronous()) {
            horizonLsn = Math.max(horizonLsn, localFlushLsn);
            remoteWriteLsn = localFlushLsn;
            remoteApplyLsn = localFlushLsn;
            return;
        }
        if (membership.inSync().size() < membership.minInSync()) {
            return;
        }
        horizonLsn = Math.max(horizonLsn, flush);
        remoteWriteLsn = Math.max(remoteWriteLsn, write);
        remoteApplyLsn = Math.max(remoteApplyLsn, Math.min(replay, horizonLsn));
    }

    private boolean isWaitedFor(String node) {
        return membership.inSync().contains(node) || proposed.contains(node) || node.equals(joining);
    }

    private void announceIfMoved(long before) {
        long now = horizonLsn;
        if (now > before) {
            announce(now);
        } else {
            progress();
        }
    }

    private void announce(long horizon) {
        for (LongConsumer listener : horizonListeners) {
            listener.accept(horizon);
        }
        progress();
    }

    private void progress() {
        for (Runnable listener : progressListeners) {
            listener.run();
        }
    }

    /**
     * Judges the replicas; to be called every few tens of milliseconds while leading.
     *
     * @return the change of the set to propose now; proposing it again is harmless. The caller must propose what it is
     * given or keep silent: the horizon already waits for those who join
     */
    public Optional<InSyncChange> step(long nowNanos) {
        long before = horizonLsn;
        Optional<InSyncChange> change;
        boolean wasInsufficient = insufficient;
        synchronized (this) {
            if (!leading) {
                return Optional.empty();
            }
            Set<String> overdue = overdue(nowNanos);
            chooseJoining(overdue, nowNanos);
            change = desired(overdue);
            judgeSufficiency(overdue, nowNanos);
            recompute();
        }
        if (wasInsufficient != insufficient) {
            progress();
        }
        announceIfMoved(before);
        return change;
    }

    private Set<String> overdue(long nowNanos) {
        Set<String> overdue = new TreeSet<>();
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.overdueNanos(localFlushLsn, nowNanos) > options.syncTimeoutNanos()) {
                overdue.add(replica.node);
            }
        }
        return overdue;
    }

    /** Waits for at most one newcomer at a time, so that a commit is delayed by its round trip at most. */
    private void chooseJoining(Set<String> overdue, long nowNanos) {
        if (joining != null && !proposed.contains(joining)) {
            ReplicaProgress replica = replicas.get(joining);
            if (replica == null || !replica.heard || nowNanos - joiningNanos > options.joinTimeoutNanos()) {
                joining = null;
            }
        }
        if (joining != null) {
            return;
        }
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.caughtUp && !overdue.contains(replica.node) && !isWaitedFor(replica.node)) {
                joining = replica.node;
                joiningNanos = nowNanos;
                return;
            }
        }
    }

    private Optional<InSyncChange> desired(Set<String> overdue) {
        Set<String> members = new TreeSet<>(membership.inSync());
        if (joining != null && replicas.get(joining).flushLsn >= horizonLsn) {
            members.add(joining);
        }
        List<String> leaving = new ArrayList<>();
        for (String node : members) {
            if (overdue.contains(node)) {
                leaving.add(node);
            }
        }
        // The one with least WAL goes first, if not all may go.
        leaving.sort((a, b) -> Long.compare(replicas.get(a).flushLsn, replicas.get(b).flushLsn));
        for (String node : leaving) {
            if (members.size() > membership.minInSync()) {
                members.remove(node);
            }
        }
        if (members.equals(membership.inSync()) && proposed.isEmpty()) {
            return Optional.empty();
        }
        // Otherwise an earlier proposal may still be applied: this one, even if it changes nothing, settles that.
        for (String node : members) {
            if (!membership.inSync().contains(node)) {
                proposed.add(node);
            }
        }
        return Optional.of(new InSyncChange(epoch, membership.version(), members));
    }

    private void judgeSufficiency(Set<String> overdue, long nowNanos) {
        long healthy = membership.inSync().stream().filter(node -> !overdue.contains(node)).count();
        boolean blocked = options.synchronous() && (healthy < membership.minInSync()
                || membership.inSync().stream().anyMatch(overdue::contains) && membership.inSync()
                        .size() <= membership.minInSync());
        if (!blocked) {
            belowMin = false;
            insufficient = false;
            return;
        }
        if (!belowMin) {
            belowMin = true;
            belowMinNanos = nowNanos;
        }
        boolean someoneOverdue = membership.inSync().stream().anyMatch(overdue::contains);
        insufficient = someoneOverdue || nowNanos - belowMinNanos > options.syncTimeoutNanos();
    }

    /**
     * Whether no other member of the set has answered for {@code nanos}: this primary cannot replicate. False without
     * other members.
     */
    public synchronized boolean isCutOffFromReplicas(long nanos, long nowNanos) {
        if (!leading) {
            return false;
        }
        boolean others = false;
        for (ReplicaProgress replica : replicas.values()) {
            if (membership.inSync().contains(replica.node)) {
                others = true;
                if (nowNanos - replica.heardNanos <= nanos) {
                    return false;
                }
            }
        }
        return others;
    }

    /** Whether all members of the set but the overdue ones have flushed up to {@code lsn}. */
    public synchronized boolean isFlushedEverywhere(long lsn) {
        return leading && horizonLsn >= lsn && localFlushLsn >= lsn;
    }

    /** WAL that the replica has not flushed, bytes; {@link Long#MAX_VALUE} if nothing was heard of it. */
    public synchronized long flushLagBytes(String node) {
        ReplicaProgress replica = replicas.get(node);
        return replica == null || !replica.heard ? Long.MAX_VALUE : Math.max(0, localFlushLsn - replica.flushLsn);
    }

    /** The durable horizon; raw. */
    public long horizon() {
        return horizonLsn;
    }

    /** Up to where commits of that level may be answered; raw, never falls within a reign. */
    public long lsn(Level level) {
        return switch (level) {
            case ON -> horizonLsn;
            case REMOTE_APPLY -> remoteApplyLsn;
            case REMOTE_WRITE -> remoteWriteLsn;
            case LOCAL -> localLsn;
        };
    }

    public boolean isLeading() {
        return leading;
    }

    public long epoch() {
        return epoch;
    }

    /**
     * Fewer members than the minimum have answered for longer than the timeout: commits that wait must fail, and new
     * writes be refused, until this is false again.
     */
    public boolean isInsufficient() {
        return insufficient;
    }

    /** Extends (or ends, with a time that has passed) the right to serve reads as primary; monotonic nanoseconds. */
    public void setLease(long untilNanos) {
        leaseUntilNanos = untilNanos;
        leased = leading;
    }

    /** Whether this node is the primary and nobody else can be: to be asked when a snapshot is taken. */
    public boolean leaseValid(long nowNanos) {
        return leased && leading && nowNanos - leaseUntilNanos < 0;
    }
}
