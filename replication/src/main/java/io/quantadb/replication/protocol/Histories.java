package io.quantadb.replication.protocol;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.recovery.TimelineHistory.Ancestor;
import io.quantadb.wal.recovery.TimelineHistory.HistoryException;
import java.util.ArrayList;
import java.util.List;

/** Questions about timeline histories of two nodes. */
public final class Histories {
    /** A position on a timeline. */
    public record Fork(int timeline, long lsn) {
        @Override
        public String toString() {
            return Lsn.format(lsn) + " of timeline " + timeline;
        }
    }

    private record Stretch(int timeline, long endLsn) {
    }

    private Histories() {
    }

    /** Parses a history that came over the wire. */
    public static TimelineHistory parse(int timeline, String text) throws ProtocolException {
        try {
            return TimelineHistory.parse(new TimelineId(timeline), text);
        } catch (HistoryException e) {
            throw new ProtocolException(ErrorCode.PROTOCOL, e.getMessage());
        }
    }

    private static List<Stretch> stretches(TimelineHistory history, long endLsn) {
        List<Stretch> result = new ArrayList<>();
        for (Ancestor ancestor : history.ancestors()) {
            result.add(new Stretch(ancestor.timeline().value(), ancestor.switchLsn().value()));
        }
        result.add(new Stretch(history.timeline().value(), endLsn));
        return result;
    }

    /**
     * The last position that a node's WAL and another history have in common.
     *
     * @param followerLsn end of the follower's WAL, on its history's timeline
     * @return (follower's timeline, followerLsn) if all of it lies on {@code ours}; null if nothing is common
     */
    public static Fork lastCommon(TimelineHistory follower, long followerLsn, TimelineHistory ours) {
        List<Stretch> theirs = stretches(follower, followerLsn);
        List<Stretch> mine = stretches(ours, Long.MAX_VALUE);
        Fork common = null;
        for (int i = 0; i < Math.min(theirs.size(), mine.size()); i++) {
            Stretch a = theirs.get(i);
            Stretch b = mine.get(i);
            if (a.timeline() != b.timeline()) {
                return common;
            }
            common = new Fork(a.timeline(), Math.min(a.endLsn(), b.endLsn()));
            if (a.endLsn() != b.endLsn()) {
                return common;
            }
        }
        return common;
    }

    /** The part of a history that leads to an ancestor (or to the timeline itself). */
    public static TimelineHistory upTo(TimelineHistory history, int timeline) {
        List<Ancestor> ancestors = history.ancestors().stream().filter(a -> a.timeline().value() < timeline).toList();
        return new TimelineHistory(new TimelineId(timeline), ancestors);
    }

    /** The timeline that follows {@code timeline} in the history; 0 if it is the last or absent. */
    public static int childOf(TimelineHistory history, int timeline) {
        List<Stretch> all = stretches(history, Long.MAX_VALUE);
        for (int i = 0; i + 1 < all.size(); i++) {
            if (all.get(i).timeline() == timeline) {
                return all.get(i + 1).timeline();
            }
        }
        return 0;
    }
}
