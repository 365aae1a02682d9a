package io.quantadb.replication.control;

import io.quantadb.base.Lsn;
import java.util.Set;
import java.util.TreeSet;

/**
 * A change of the control state, decided on the state of one epoch and refused in any other. Immutable.
 *
 * <p>Every command may be applied twice: the second time it is refused, or changes nothing.
 */
public sealed interface Command {
    /** Creates the cluster, with one member in sync. */
    record Bootstrap(Member first, int timeline) implements Command {
    }

    /**
     * The node's process has begun to run; nothing that it did before is going on. When the node applies its own
     * hello, it knows everything that was decided before it started.
     */
    record Hello(String node, long incarnation) implements Command {
    }

    record AddMember(Member member) implements Command {
    }

    /** Changes addresses, priority or kind. */
    record UpdateMember(Member member) implements Command {
    }

    record RemoveMember(String node) implements Command {
    }

    /** Replaces the in-sync set; {@code expectedVersion} is {@link ControlState#inSyncVersion()}. */
    record SetInSync(long epoch, long expectedVersion, Set<String> members) implements Command {
        public SetInSync {
            members = sorted(members);
        }
    }

    /** Ends the reign of the primary of {@code epoch}. */
    record BeginElection(long epoch, Set<String> excluded, Reason reason) implements Command {
        public BeginElection {
            excluded = sorted(excluded);
        }
    }

    /** What the node has, said after it has fenced itself for {@code epoch}. */
    record ReportPosition(long epoch, String node, Position position) implements Command {
    }

    /** Ends an election. */
    record Elect(long epoch, String winner) implements Command {
    }

    /** An operator asks for another primary; the primary carries it out. */
    record PlanSwitchover(long epoch, String target) implements Command {
    }

    /** The primary has stopped; the whole in-sync set has flushed its last byte, the one before {@code finalLsn}. */
    record CompleteSwitchover(long epoch, String target, long finalLsn) implements Command {
        @Override
        public String toString() {
            return "CompleteSwitchover[epoch=" + epoch + ", target=" + target + ", finalLsn=" + Lsn.format(finalLsn)
                    + "]";
        }
    }

    /** The switchover is given up; a completion that arrives later is refused. */
    record CancelSwitchover(long epoch, String why) implements Command {
    }

    /** Suspends or resumes automatic elections. */
    record Pause(boolean paused) implements Command {
    }

    /** Why an election began. */
    enum Reason {
        PRIMARY_DEAD,
        /** Its process is new: replicas may have WAL that it has not. */
        PRIMARY_RESTARTED,
        /** It answers, but does not become Raft leader. */
        PRIMARY_CANNOT_LEAD,
        /** It is well but reaches no replica. */
        GIVE_WAY,
        /** No candidate of the election that runs has reported. */
        NO_CANDIDATE,
        /** An operator's decision: nodes outside the in-sync set may win. */
        FORCED
    }

    private static Set<String> sorted(Set<String> names) {
        return java.util.Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
}
