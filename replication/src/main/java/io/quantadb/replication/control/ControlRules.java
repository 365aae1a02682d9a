package io.quantadb.replication.control;

import io.quantadb.base.Lsn;
import io.quantadb.replication.control.ControlState.Builder;
import io.quantadb.replication.control.ControlState.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules of {@link ControlState#apply}: which command is valid in which state. Pure functions. */
final class ControlRules {
    private ControlRules() {
    }

    static Result apply(ControlState state, Command command) {
        if (state.isEmpty() && !(command instanceof Command.Bootstrap)) {
            return refused(state, "the cluster does not exist yet");
        }
        return switch (command) {
            case Command.Bootstrap c -> bootstrap(state, c);
            case Command.Hello c -> hello(state, c);
            case Command.AddMember c -> addMember(state, c);
            case Command.UpdateMember c -> updateMember(state, c);
            case Command.RemoveMember c -> removeMember(state, c);
            case Command.SetInSync c -> setInSync(state, c);
            case Command.BeginElection c -> beginElection(state, c);
            case Command.ReportPosition c -> reportPosition(state, c);
            case Command.Elect c -> elect(state, c);
            case Command.PlanSwitchover c -> planSwitchover(state, c);
            case Command.CompleteSwitchover c -> completeSwitchover(state, c);
            case Command.CancelSwitchover c -> cancelSwitchover(state, c);
            case Command.Pause c -> pause(state, c);
        };
    }

    private static Result refused(ControlState state, String why) {
        return new Result(state, why);
    }

    private static Result accepted(Builder builder) {
        return new Result(builder.build(), null);
    }

    private static String wrongEpoch(ControlState state, long epoch) {
        return "decided on epoch " + epoch + ", but it is epoch " + state.epoch();
    }

    private static Result bootstrap(ControlState state, Command.Bootstrap c) {
        if (!state.isEmpty()) {
            return refused(state, "the cluster exists already");
        }
        Builder b = state.change();
        b.members.put(c.first().id(), c.first());
        b.epoch = 1;
        b.primary = c.first().id();
        b.primaryIncarnation = c.first().incarnation();
        b.timeline = c.timeline();
        b.setInSync(Set.of(c.first().id()));
        return accepted(b);
    }

    private static Result hello(ControlState state, Command.Hello c) {
        Member member = state.member(c.node());
        if (member == null) {
            return refused(state, "node " + c.node() + " is not a member");
        }
        if (member.incarnation() == c.incarnation()) {
            return new Result(state, null);
        }
        Builder b = state.change();
        b.members.put(c.node(), member.withIncarnation(c.incarnation()));
        boolean alone = state.inSyncVersion() == 1 && state.dataMembers().size() == 1;
        if (alone && c.node().equals(state.primary())) {
            // Nobody ever received WAL that its last run had not flushed: it goes on where it was.
            b.primaryIncarnation = c.incarnation();
        }
        return accepted(b);
    }

    private static Result addMember(ControlState state, Command.AddMember c) {
        Member known = state.member(c.member().id());
        if (known != null) {
            return updateMember(state, new Command.UpdateMember(c.member()));
        }
        Builder b = state.change();
        Member m = c.member();
        b.members.put(m.id(), Member.of(m.id(), m.kind(), m.priority(), m.addresses()));
        return accepted(b);
    }

    private static Result updateMember(ControlState state, Command.UpdateMember c) {
        Member known = state.member(c.member().id());
        if (known == null) {
            return refused(state, "node " + c.member().id() + " is not a member");
        }
        Member m = c.member();
        boolean used = state.inSync().contains(m.id())
                || state.isElecting() && state.election().candidates().contains(m.id());
        if (m.kind() != known.kind() && used) {
            return refused(state, "node " + m.id() + " holds data that counts; it cannot become a "
                    + m.kind().name().toLowerCase(java.util.Locale.ROOT));
        }
        Member changed = new Member(m.id(), m.kind(), m.priority(), m.addresses(), known.incarnation(),
                known.joined() && m.isData());
        if (changed.equals(known)) {
            return new Result(state, null);
        }
        Builder b = state.change();
        b.members.put(m.id(), changed);
        return accepted(b);
    }

    private static Result removeMember(ControlState state, Command.RemoveMember c) {
        if (state.member(c.node()) == null) {
            return refused(state, "node " + c.node() + " is not a member");
        }
        if (c.node().equals(state.primary())) {
            return refused(state, "node " + c.node() + " is the primary; switch over to another one first");
        }
        if (state.isElecting()) {
            return refused(state, "an election of a primary is going on");
        }
        Builder b = state.change();
        b.members.remove(c.node());
        Set<String> rest = new TreeSet<>(state.inSync());
        rest.remove(c.node());
        b.setInSync(rest);
        if (c.node().equals(state.plannedTarget())) {
            b.plannedTarget = null;
        }
        return accepted(b);
    }

    private static Result setInSync(ControlState state, Command.SetInSync c) {
        if (c.epoch() != state.epoch()) {
            return refused(state, wrongEpoch(state, c.epoch()));
        }
        if (!state.isServing()) {
            return refused(state, "an election of a primary is going on");
        }
        if (c.expectedVersion() != state.inSyncVersion()) {
            return refused(state, "decided on version " + c.expectedVersion() + " of the in-sync set, but it is "
                    + state.inSyncVersion());
        }
        if (!c.members().contains(state.primary())) {
            return refused(state, "the primary " + state.primary() + " is always in sync");
        }
        for (String name : c.members()) {
            Member member = state.member(name);
            if (member == null || !member.isData()) {
                return refused(state, "node " + name + " is not a member that keeps data");
            }
        }
        Builder b = state.change();
        b.setInSync(c.members());
        b.giveWays = 0;
        return accepted(b);
    }

    private static Result beginElection(ControlState state, Command.BeginElection c) {
        if (c.epoch() != state.epoch()) {
            return refused(state, wrongEpoch(state, c.epoch()));
        }
        boolean forced = c.reason() == Command.Reason.FORCED;
        if (state.isElecting() && !forced && c.reason() != Command.Reason.NO_CANDIDATE) {
            return refused(state, "an election of a primary is going on");
        }
        if (state.paused() && (c.reason() == Command.Reason.PRIMARY_DEAD || c.reason() == Command.Reason.GIVE_WAY
                || c.reason() == Command.Reason.PRIMARY_CANNOT_LEAD)) {
            return refused(state, "automatic failover is paused");
        }
        Set<String> candidates = forced
                ? state.dataMembers().stream().map(Member::id).collect(Collectors.toSet())
                : new TreeSet<>(state.inSync());
        candidates.removeAll(c.excluded());
        if (candidates.isEmpty()) {
            return refused(state, "nobody would be left to elect");
        }
        Builder b = state.change();
        b.epoch = state.epoch() + 1;
        String old = state.isElecting() ? state.election().oldPrimary() : state.primary();
        b.election = Election.begin(c.reason(), old, candidates, state.plannedTarget());
        b.primary = null;
        b.primaryIncarnation = 0;
        b.plannedTarget = null;
        if (c.reason() == Command.Reason.GIVE_WAY) {
            b.giveWays = state.giveWays() + 1;
        }
        return accepted(b);
    }

    private static Result reportPosition(ControlState state, Command.ReportPosition c) {
        if (c.epoch() != state.epoch() || !state.isElecting()) {
            return refused(state, wrongEpoch(state, c.epoch()) + (state.isElecting() ? "" : ", which has a primary"));
        }
        if (!state.election().candidates().contains(c.node())) {
            return refused(state, "node " + c.node() + " is not a candidate");
        }
        if (state.election().positions().containsKey(c.node())) {
            return new Result(state, null);
        }
        Builder b = state.change();
        b.election = state.election().with(c.node(), c.position());
        return accepted(b);
    }

    private static Result elect(ControlState state, Command.Elect c) {
        if (c.epoch() != state.epoch() || !state.isElecting()) {
            return refused(state, wrongEpoch(state, c.epoch()) + (state.isElecting() ? "" : ", which has a primary"));
        }
        Election election = state.election();
        Position position = election.positions().get(c.winner());
        if (position == null) {
            return refused(state, "node " + c.winner() + " has not reported its position");
        }
        if (position.compareTo(election.highest()) != 0) {
            return refused(state, "node " + c.winner() + " has WAL up to " + position + ", another one up to "
                    + election.highest());
        }
        Builder b = state.change();
        List<Fork> history = new ArrayList<>();
        for (Fork fork : state.history()) {
            if (fork.timeline() < position.timeline()) {
                history.add(fork);
            }
        }
        history.add(new Fork(position.timeline(), position.lsn()));
        crown(b, c.winner(), history);
        if (election.isForced()) {
            // What the others have need not be a prefix of the winner's WAL.
            b.startHorizon = position.lsn();
            b.lossy = true;
            b.setInSync(Set.of(c.winner()));
        } else {
            // The old horizon was flushed on every member, so it is at or below the lowest report, which is flushed on
            // every member of the new set.
            long lowest = election.positions().values().stream().mapToLong(Position::lsn).min().orElseThrow();
            b.startHorizon = Math.max(state.startHorizon(), lowest);
            b.lossy = false;
            b.setInSync(election.positions().keySet());
        }
        return accepted(b);
    }

    private static void crown(Builder b, String winner, List<Fork> history) {
        b.primary = winner;
        b.primaryIncarnation = b.members.get(winner).incarnation();
        b.timeline++;
        b.history = history;
        b.election = null;
        b.plannedTarget = null;
    }

    private static Result planSwitchover(ControlState state, Command.PlanSwitchover c) {
        if (c.epoch() != state.epoch() || !state.isServing()) {
            return refused(state, wrongEpoch(state, c.epoch()) + (state.isServing() ? "" : ", which has no primary"));
        }
        if (c.target().equals(state.primary())) {
            return refused(state, "node " + c.target() + " is the primary already");
        }
        if (!state.inSync().contains(c.target())) {
            return refused(state, "node " + c.target() + " is not in sync");
        }
        if (state.plannedTarget() != null && !state.plannedTarget().equals(c.target())) {
            return refused(state, "a switchover to node " + state.plannedTarget() + " is going on");
        }
        Builder b = state.change();
        b.plannedTarget = c.target();
        return accepted(b);
    }

    private static Result completeSwitchover(ControlState state, Command.CompleteSwitchover c) {
        if (c.epoch() != state.epoch() || !state.isServing()) {
            return refused(state, wrongEpoch(state, c.epoch()));
        }
        if (!c.target().equals(state.plannedTarget())) {
            return refused(state, "no switchover to node " + c.target() + " is planned");
        }
        if (!state.inSync().contains(c.target())) {
            return refused(state, "node " + c.target() + " is no longer in sync");
        }
        if (!state.isPrimaryRunUnbroken() || c.finalLsn() < state.startHorizon()) {
            return refused(state, "the primary has been restarted, or ended at " + Lsn.format(c.finalLsn())
                    + " below its beginning");
        }
        Builder b = state.change();
        List<Fork> history = new ArrayList<>(state.history());
        history.add(new Fork(state.timeline(), c.finalLsn()));
        crown(b, c.target(), history);
        b.epoch = state.epoch() + 1;
        b.startHorizon = c.finalLsn();
        b.lossy = false;
        b.inSyncVersion++;
        return accepted(b);
    }

    private static Result cancelSwitchover(ControlState state, Command.CancelSwitchover c) {
        if (c.epoch() != state.epoch() || state.plannedTarget() == null) {
            return refused(state, "no switchover is planned in epoch " + c.epoch());
        }
        Builder b = state.change();
        b.plannedTarget = null;
        return accepted(b);
    }

    private static Result pause(ControlState state, Command.Pause c) {
        Builder b = state.change();
        b.paused = c.paused();
        return accepted(b);
    }
}
