package io.quantadb.replication.sim;

import io.quantadb.base.Lsn;
import java.util.HashMap;
import java.util.Map;

/**
 * The promises, watched from outside: acknowledged means kept; seen means kept; one acknowledging primary per epoch; a
 * replica's WAL is a prefix of its timeline; the horizon never falls; a primary's snapshot is not older than what was
 * acknowledged.
 */
final class Checker {
    private long[] known = new long[512];
    /** WAL up to here was acknowledged or seen by somebody; {@code known} has its hashes. */
    private int knownLength;
    private int acknowledged;
    private final Map<Long, String> acknowledging = new HashMap<>();
    private final Map<Integer, String> writers = new HashMap<>();
    private long acknowledgements;
    private long reads;

    int acknowledged() {
        return acknowledged;
    }

    long acknowledgements() {
        return acknowledgements;
    }

    long reads() {
        return reads;
    }

    void onAcknowledge(String node, long epoch, SimWal wal, int lsn) {
        String before = acknowledging.putIfAbsent(epoch, node);
        if (before != null && !before.equals(node)) {
            throw new Violation("epoch " + epoch + ": both " + before + " and " + node + " acknowledge");
        }
        see(node, wal, lsn, "acknowledges");
        acknowledged = Math.max(acknowledged, lsn);
        acknowledgements++;
    }

    void onPrimaryRead(String node, SimWal wal, int lsn) {
        if (lsn < acknowledged) {
            throw new Violation("stale read on " + node + ": snapshot at " + lsn + ", but " + acknowledged
                    + " was acknowledged before");
        }
        see(node, wal, lsn, "shows");
        reads++;
    }

    void onReplicaRead(String node, SimWal wal, int lsn) {
        see(node, wal, lsn, "shows");
        reads++;
    }

    private void see(String node, SimWal wal, int lsn, String does) {
        if (lsn > wal.length()) {
            throw new Violation(node + " " + does + " WAL up to " + lsn + " and has it up to " + wal.length());
        }
        int common = Math.min(lsn, knownLength);
        if (known[common] != wal.chain(common)) {
            int first = 0;
            while (known[first] == wal.chain(first)) {
                first++;
            }
            throw new Violation(node + " " + does + " WAL up to " + lsn + " that differs at " + first
                    + " from what was acknowledged or seen before (up to " + knownLength + ")");
        }
        while (knownLength < lsn) {
            if (knownLength + 1 >= known.length) {
                known = java.util.Arrays.copyOf(known, known.length * 2);
            }
            knownLength++;
            known[knownLength] = wal.chain(knownLength);
        }
    }

    void onInsert(String node, int timeline) {
        String before = writers.putIfAbsent(timeline, node);
        if (before != null && !before.equals(node)) {
            throw new Violation("both " + before + " and " + node + " write timeline " + timeline);
        }
    }

    void onReceive(String node, SimWal wal, SimFrame frame) {
        if (wal.length() != frame.from() || wal.chain(frame.from()) != frame.hashBefore()) {
            throw new Violation(node + " has WAL up to " + wal.length() + " that is no prefix of the timeline it "
                    + "receives, at " + frame.from());
        }
    }

    void onCut(String node, int at, long horizon) {
        if (at < horizon) {
            throw new Violation(node + " cuts its WAL at " + at + " below its horizon " + Lsn.format(horizon));
        }
    }

    void onHorizon(String node, long before, long now) {
        if (now < before) {
            throw new Violation("the horizon of " + node + " falls from " + before + " to " + now);
        }
    }

    /** At the end: the node has everything. */
    void onEnd(String node, SimWal wal) {
        if (wal.durable() < knownLength || wal.chain(knownLength) != known[knownLength]) {
            throw new Violation(node + " has WAL up to " + wal.durable() + " and not all that was seen, up to "
                    + knownLength);
        }
    }
}
