package io.quantadb.replication.control;

import io.quantadb.base.Lsn;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that the nodes of a cluster agree on: who is primary, since when, and who has all WAL that counts. Immutable;
 * the same commands in the same order make the same state on every node.
 *
 * <pre>
 *   empty --Bootstrap--> serving --BeginElection--> electing --Elect--> serving (epoch + 1)
 *                          | \--CompleteSwitchover--> serving (epoch + 1)
 *                          electing --BeginElection (NO_CANDIDATE, FORCED)--> electing (epoch + 1)
 * </pre>
 *
 * <p>Invariants: {@code epoch} and {@code timeline} never fall; in each epoch there is at most one primary; the primary
 * is in the in-sync set; each member of the in-sync set has flushed all WAL of this history that was ever acknowledged
 * or shown to anybody.
 *
 * @param epoch 0 while empty; rises when an election begins and with a switchover
 * @param primary null while empty or electing
 * @param primaryIncarnation the incarnation that became primary; another one has to be elected anew, because the
 * replicas may have received WAL that it had written and not flushed
 * @param timeline of the primary's new WAL; while electing, of the last primary's
 * @param history ancestors of {@code timeline}, oldest first
 * @param startHorizon durable horizon at the beginning of the epoch: flushed on all of its first in-sync set, and at
 * or above every horizon of earlier epochs; raw
 * @param lossy whether the epoch began by force, so that commits may have been lost
 * @param inSync while electing, the set of the last epoch
 * @param inSyncVersion rises with each change of the set
 * @param election null unless electing
 * @param plannedTarget of a switchover that was asked for; null if there is none
 * @param giveWays primaries in a row that gave way without having repaired the replication
 */
public record ControlState(long epoch, String primary, long primaryIncarnation, int timeline, List<Fork> history,
        long startHorizon, boolean lossy, SortedSet<String> inSync, long inSyncVersion,
        SortedMap<String, Member> members, Election election, String plannedTarget, boolean paused, int giveWays) {
    /** Before {@link Command.Bootstrap}. */
    public static final ControlState EMPTY = new ControlState(0, null, 0, 0, List.of(), 0, false, new TreeSet<>(), 0,
            new TreeMap<>(), null, null, false, 0);

    private static final int SHOWN_FORKS = 2;

    public ControlState {
        history = List.copyOf(history);
        inSync = Collections.unmodifiableSortedSet(new TreeSet<>(inSync));
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /**
     * What became of a command.
     *
     * @param state the state after it; the same object if nothing changed
     * @param refusal null if it was accepted; otherwise the reason, for people
     */
    public record Result(ControlState state, String refusal) {
        public boolean accepted() {
            return refusal == null;
        }
    }

    /** Applies a command. Pure. */
    public Result apply(Command command) {
        return ControlRules.apply(this, command);
    }

    public boolean isEmpty() {
        return epoch == 0;
    }

    public boolean isElecting() {
        return election != null;
    }

    public boolean isServing() {
        return primary != null;
    }

    public Member member(String node) {
        return members.get(node);
    }

    /** The LSN at which the current timeline begins; 0 for the first. */
    public long forkLsn() {
        return history.isEmpty() ? 0 : history.getLast().switchLsn();
    }

    /** Whether the primary's process is still the one that was made primary. */
    public boolean isPrimaryRunUnbroken() {
        Member member = primary == null ? null : members.get(primary);
        return member != null && member.incarnation() == primaryIncarnation;
    }

    public Collection<Member> dataMembers() {
        return members.values().stream().filter(Member::isData).toList();
    }

    /**
     * Members below which writes wait.
     *
     * @param configured 0 = chosen here: 2 once three data nodes have been in sync, before that 1, so that neither
     * forming a cluster nor two nodes with a witness stop writes
     */
    public int minInSync(int configured) {
        if (configured > 0) {
            return configured;
        }
        return members.values().stream().filter(m -> m.isData() && m.joined()).count() >= 3 ? 2 : 1;
    }

    /** Encodes the state; equal states give equal bytes. */
    public byte[] encode() {
        return ControlCodec.encodeState(this);
    }

    /** Throws {@link IllegalArgumentException} if the bytes are damaged or of a later version. */
    public static ControlState decode(byte[] bytes) {
        return ControlCodec.decodeState(bytes);
    }

    @Override
    public String toString() {
        String who = isElecting() ? "electing " + election.candidates() + " " + election.positions()
                : primary == null ? "empty" : "primary " + primary;
        List<Fork> recent = history.subList(Math.max(0, history.size() - SHOWN_FORKS), history.size());
        return "epoch " + epoch + ", " + who + ", timeline " + timeline + recent + ", in sync " + inSync + "v"
                + inSyncVersion + ", horizon " + Lsn.format(startHorizon)
                + (plannedTarget == null ? "" : ", switchover to " + plannedTarget) + (paused ? ", paused" : "")
                + (lossy ? ", lossy" : "") + (giveWays > 0 ? ", give-ways " + giveWays : "");
    }

    /** Copies with changes; the rules use it. */
    Builder change() {
        return new Builder(this);
    }

    /** A state in the making. */
    static final class Builder {
        long epoch;
        String primary;
        long primaryIncarnation;
        int timeline;
        List<Fork> history;
        long startHorizon;
        boolean lossy;
        SortedSet<String> inSync;
        long inSyncVersion;
        SortedMap<String, Member> members;
        Election election;
        String plannedTarget;
        boolean paused;
        int giveWays;

        private Builder(ControlState from) {
            epoch = from.epoch;
            primary = from.primary;
            primaryIncarnation = from.primaryIncarnation;
            timeline = from.timeline;
            history = from.history;
            startHorizon = from.startHorizon;
            lossy = from.lossy;
            inSync = new TreeSet<>(from.inSync);
            inSyncVersion = from.inSyncVersion;
            members = new TreeMap<>(from.members);
            election = from.election;
            plannedTarget = from.plannedTarget;
            paused = from.paused;
            giveWays = from.giveWays;
        }

        void setInSync(Set<String> names) {
            inSync = new TreeSet<>(names);
            inSyncVersion++;
            for (String name : names) {
                members.computeIfPresent(name, (key, member) -> member.withJoined());
            }
        }

        ControlState build() {
            return new ControlState(epoch, primary, primaryIncarnation, timeline, history, startHorizon, lossy, inSync,
                    inSyncVersion, members, election, plannedTarget, paused, giveWays);
        }
    }
}
