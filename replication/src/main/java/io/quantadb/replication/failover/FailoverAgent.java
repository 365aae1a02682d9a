package io.quantadb.replication.failover;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Election;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.control.Position;
import io.quantadb.replication.control.RaftView;
import io.quantadb.replication.sync.InSyncChange;
import io.quantadb.replication.sync.Membership;
import io.quantadb.replication.sync.SyncTracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what its node is to be and what is to be proposed, as a pure step function: (event, now) to actions.
 * Confined to one thread.
 *
 * <pre>
 *            Hello applied                  Applied(electing e)
 *   starting ------------> idle, following, leading ------------> fenced(e): reports its position as a candidate
 *                             ^                                       |
 *                             |   Applied(serving e, primary)         |
 *                             +---------------------------------------+
 *        primary is another: following      primary is this run of this node: leading
 *        primary is an earlier run of this node: proposes an election, since replicas may have WAL it has lost
 * </pre>
 *
 * <p>Nothing here is durable: after a restart a node does nothing before it has applied its own hello, hence all
 * that its former run knew. Invariants: a position is reported only after fencing for that epoch; a reign begins only
 * for the incarnation that was elected; {@code Elect} is proposed only by a leader, in its own term, when no lease
 * of an earlier leader can be valid.
 */
public final class FailoverAgent {
    private enum Role {
        NONE, FENCED, FOLLOWING, LEADING
    }

    /** Between the outcome of a proposal and its repetition, should the reason for it persist. */
    private static final long REPEAT_PAUSE = 100_000_000L;

    private final String self;
    private final long incarnation;
    private final FailoverOptions options;
    private final SyncTracker tracker;
    private final Map<Command, Long> pending = new HashMap<>();
    private final List<Action> actions = new ArrayList<>();

    private ControlState state = ControlState.EMPTY;
    private RaftView view = RaftView.NONE;
    private Role role = Role.NONE;
    private long roleEpoch;
    private String followedAddress = "";
    private Position fencedAt;
    private boolean promoted;
    private boolean cutOff;
    private long leasedNanos;
    /** When the epoch was learnt; with an election, when that began. */
    private long epochNanos;
    private long firstReportNanos;
    private long transferNanos;
    private boolean transferred;
    private boolean parked;
    private long parkNanos;
    private long planNanos;
    private boolean planSeen;
    private long finalLsn;

    /**
     * @param incarnation a number that no other run of this node has; not 0
     */
    public FailoverAgent(String self, long incarnation, FailoverOptions options, SyncTracker tracker) {
        this.self = self;
        this.incarnation = incarnation;
        this.options = options;
        this.tracker = tracker;
    }

    /** Takes an event in; returns what is to be done now, in this order. */
    public List<Action> step(Event event, long now) {
        actions.clear();
        switch (event) {
            case Event.Applied e -> onApplied(e.state(), now);
            case Event.Tick e -> onTick(e.view(), now);
            case Event.Proposed e -> pending.computeIfPresent(e.command(),
                    (command, since) -> now - options.retry() + Math.min(options.retry(), REPEAT_PAUSE));
            case Event.Fenced e -> onFenced(e, now);
            case Event.Promoted e -> onPromoted(e, now);
            case Event.Parked e -> onParked(e, now);
        }
        return List.copyOf(actions);
    }

    /** The state as this agent knows it. */
    public ControlState state() {
        return state;
    }

    /** For displays: starting, electing, running, promoting, cut_off, removed. */
    public String describe() {
        if (!isKnown()) {
            return state.isEmpty() || member() != null ? "starting" : "removed";
        }
        if (state.isElecting()) {
            return "electing";
        }
        if (cutOff) {
            return "cut_off";
        }
        return role == Role.LEADING && !promoted ? "promoting" : "running";
    }

    private Member member() {
        return state.member(self);
    }

    /** Whether everything that was decided before this run began is known. */
    private boolean isKnown() {
        return member() != null && member().incarnation() == incarnation;
    }

    private boolean isLeading() {
        return role == Role.LEADING && promoted && state.isServing() && self.equals(state.primary())
                && roleEpoch == state.epoch();
    }

    // Events

    private void onApplied(ControlState next, long now) {
        ControlState before = state;
        state = next;
        if (before.epoch() != next.epoch() || before.isElecting() != next.isElecting()) {
            epochNanos = now;
            transferred = false;
        }
        if (next.isElecting() && !next.election().positions().isEmpty()
                && (!before.isElecting() || before.epoch() != next.epoch()
                        || before.election().positions().isEmpty())) {
            firstReportNanos = now;
        }
        if (before.member(self) != null && member() == null) {
            tracker.resign();
            role = Role.NONE;
            setCutOff(true);
        }
        play(now);
        lead(now);
    }

    private void onTick(RaftView next, long now) {
        view = next;
        if (!isKnown()) {
            propose(new Command.Hello(self, incarnation), now);
            leaveLeadership(now);
            return;
        }
        play(now);
        renewLease(now);
        reign(now);
        lead(now);
    }

    private void onFenced(Event.Fenced e, long now) {
        if (role == Role.FENCED && e.epoch() == roleEpoch) {
            fencedAt = e.position();
            if (fencedAt == null) {
                role = Role.NONE;
            }
            play(now);
        }
    }

    private void onPromoted(Event.Promoted e, long now) {
        if (role != Role.LEADING || e.epoch() != roleEpoch) {
            return;
        }
        if (e.flushLsn() < 0) {
            propose(new Command.BeginElection(roleEpoch, Set.of(self), Command.Reason.GIVE_WAY), now);
            return;
        }
        promoted = true;
        leasedNanos = now;
        tracker.lead(membership(), state.startHorizon(), e.flushLsn(), now);
        renewLease(now);
    }

    private void onParked(Event.Parked e, long now) {
        if (!isLeading() || e.epoch() != roleEpoch || !parked) {
            return;
        }
        if (e.finalLsn() < 0) {
            cancelSwitchover("the primary could not stop its clients", now);
        } else {
            finalLsn = e.finalLsn();
            reign(now);
        }
    }

    // The node's own part

    /** Makes of the node what the state says. */
    private void play(long now) {
        if (!isKnown() || !member().isData()) {
            return;
        }
        if (state.isElecting()) {
            fence();
            if (fencedAt != null && state.election().candidates().contains(self)
                    && !state.election().positions().containsKey(self)) {
                propose(new Command.ReportPosition(state.epoch(), self, fencedAt), now);
            }
        } else if (!self.equals(state.primary())) {
            follow();
        } else if (state.primaryIncarnation() != incarnation) {
            propose(new Command.BeginElection(state.epoch(), Set.of(), Command.Reason.PRIMARY_RESTARTED), now);
        } else if (role != Role.LEADING || roleEpoch != state.epoch()) {
            enter(Role.LEADING);
            actions.add(new Action.Promote(new Reign(state.epoch(), state.timeline(), state.history(),
                    state.startHorizon(), state.lossy())));
        } else if (promoted) {
            tracker.onMembership(membership(), now);
            if (parked && state.plannedTarget() == null) {
                parked = false;
                actions.add(new Action.Unpark(roleEpoch));
            }
        }
    }

    private void fence() {
        if (role != Role.FENCED || roleEpoch != state.epoch()) {
            enter(Role.FENCED);
            actions.add(new Action.Fence(state.epoch()));
        }
    }

    private void follow() {
        String address = state.member(state.primary()).addresses().replication();
        if (role != Role.FOLLOWING || roleEpoch != state.epoch() || !address.equals(followedAddress)) {
            enter(Role.FOLLOWING);
            followedAddress = address;
            actions.add(new Action.Follow(new Upstream(state.primary(), address, state.epoch(), state.timeline(),
                    state.history(), state.startHorizon())));
        }
    }

    private void enter(Role next) {
        if (role == Role.LEADING) {
            tracker.resign();
        }
        role = next;
        roleEpoch = state.epoch();
        fencedAt = null;
        promoted = false;
        parked = false;
        planSeen = false;
        setCutOff(false);
    }

    private void setCutOff(boolean value) {
        if (cutOff != value) {
            cutOff = value;
            actions.add(new Action.CutOff(value));
        }
    }

    private Membership membership() {
        return new Membership(state.epoch(), state.inSyncVersion(), state.inSync(),
                state.dataMembers().stream().map(Member::id).collect(Collectors.toSet()),
                state.minInSync(options.minInSync()));
    }

    // The primary's part

    private void renewLease(long now) {
        if (!isLeading()) {
            return;
        }
        // An agent that lags behind its Raft server may not know that it was deposed.
        if (view.leaderReady() && view.epoch() == state.epoch()) {
            tracker.setLease(view.leaseUntilNanos());
        }
        if (tracker.leaseValid(now)) {
            leasedNanos = now;
            setCutOff(false);
        } else if (now - leasedNanos > options.leaseGrace()) {
            setCutOff(true);
        }
    }

    private void reign(long now) {
        if (!isLeading()) {
            return;
        }
        InSyncChange change = tracker.step(now).orElse(null);
        if (change != null && !parked) {
            propose(new Command.SetInSync(change.epoch(), change.expectedVersion(), change.members()), now);
        }
        giveWayIfStalled(now);
        switchOver(now);
    }

    private void giveWayIfStalled(long now) {
        long patience = options.stall() << Math.min(state.giveWays(), 6);
        if (!view.leaderReady() || state.paused() || !tracker.isCutOffFromReplicas(patience, now)) {
            return;
        }
        long alive = state.inSync().stream().filter(n -> !n.equals(self) && isAlive(n, now)).count();
        // With one replica that is alive, and a minimum of one, the primary goes on alone instead.
        if (alive >= 2 || alive == 1 && state.minInSync(options.minInSync()) > 1) {
            propose(new Command.BeginElection(state.epoch(), Set.of(self), Command.Reason.GIVE_WAY), now);
        }
    }

    private void switchOver(long now) {
        String target = state.plannedTarget();
        if (target == null) {
            planSeen = false;
            return;
        }
        if (!planSeen) {
            planSeen = true;
            planNanos = now;
        }
        if (!parked) {
            if (tracker.flushLagBytes(target) <= options.parkLagBytes()) {
                parked = true;
                parkNanos = now;
                finalLsn = 0;
                actions.add(new Action.Park(roleEpoch));
            } else if (now - planNanos > options.plan()) {
                cancelSwitchover("node " + target + " did not catch up", now);
            }
        } else if (now - parkNanos > options.park()) {
            cancelSwitchover("the last WAL did not reach all replicas in time", now);
        } else if (finalLsn > 0 && tracker.isFlushedEverywhere(finalLsn)) {
            propose(new Command.CompleteSwitchover(roleEpoch, target, finalLsn), now);
        }
    }

    private void cancelSwitchover(String why, long now) {
        propose(new Command.CancelSwitchover(roleEpoch, why), now);
    }

    // The Raft leader's part

    private void lead(long now) {
        if (!view.leaderReady() || !isKnown() || view.epoch() != state.epoch()) {
            return;
        }
        if (state.isElecting()) {
            elect(now);
        } else if (state.isServing() && !self.equals(state.primary())) {
            watchPrimary(now);
        }
    }

    /** A voter that is not, or no longer, a member decides nothing: a member has to lead. */
    private void leaveLeadership(long now) {
        if (!view.leaderReady() || state.isEmpty() || member() != null) {
            return;
        }
        String next = state.isServing() && isAlive(state.primary(), now) ? state.primary()
                : state.members().keySet().stream().filter(node -> isAlive(node, now)).findFirst().orElse(null);
        if (next != null && (!transferred || now - transferNanos > options.handBack())) {
            transferred = true;
            transferNanos = now;
            actions.add(new Action.Transfer(next));
        }
    }

    private boolean isAlive(String node, long now) {
        return node.equals(self) || !node.equals(view.refused())
                && view.answeredSince(node, view.leaderSinceNanos())
                && view.answeredSince(node, now - options.dead());
    }

    private void watchPrimary(long now) {
        String primary = state.primary();
        Command.Reason reason = null;
        Set<String> excluded = Set.of();
        if (!state.isPrimaryRunUnbroken()) {
            reason = Command.Reason.PRIMARY_RESTARTED;
        } else if (isAlive(primary, now)) {
            if (now - Math.max(view.leaderSinceNanos(), epochNanos) > options.cannotLead()) {
                reason = Command.Reason.PRIMARY_CANNOT_LEAD;
                if (state.inSync().stream().anyMatch(n -> !n.equals(primary) && isAlive(n, now))) {
                    excluded = Set.of(primary);
                }
            } else if (!transferred || now - transferNanos > options.handBack()) {
                transferred = true;
                transferNanos = now;
                actions.add(new Action.Transfer(primary));
            }
        } else if (primary.equals(view.refused()) || view.answeredSince(primary, view.leaderSinceNanos())
                || now - view.leaderSinceNanos() > options.probe()) {
            reason = Command.Reason.PRIMARY_DEAD;
        }
        if (reason != null && (!state.paused() || reason == Command.Reason.PRIMARY_RESTARTED)) {
            propose(new Command.BeginElection(state.epoch(), excluded, reason), now);
        }
    }

    private void elect(long now) {
        Election election = state.election();
        if (election.positions().isEmpty()) {
            if (now - epochNanos > options.noCandidate() && !election.isForced()
                    && !election.candidates().equals(state.inSync())) {
                propose(new Command.BeginElection(state.epoch(), Set.of(), Command.Reason.NO_CANDIDATE), now);
            }
            return;
        }
        boolean complete = election.candidates().stream()
                .allMatch(node -> election.positions().containsKey(node) || !isAlive(node, now));
        // A leader that is quite new does not know yet who is alive.
        boolean known = now - view.leaderSinceNanos() > options.probe()
                || election.positions().keySet().containsAll(election.candidates());
        if ((complete && known || now - firstReportNanos > options.reportWait()) && noLeaseIsValid(election, now)) {
            String winner = election.best(state.members(), self);
            if (winner != null) {
                proposeAsLeader(new Command.Elect(state.epoch(), winner), now);
            }
        }
    }

    /**
     * Whether the old primary cannot hold a lease: it has fenced itself, or every lease it can have got from those who
     * made this node leader has lapsed. (Raft's timeouts alone do not promise that: hand-overs and elections after
     * the death of a leader was noticed do not wait for them.)
     */
    private boolean noLeaseIsValid(Election election, long now) {
        String old = election.oldPrimary();
        return old == null || old.equals(self) || election.positions().containsKey(old)
                || now - view.leaderSinceNanos() > options.lease();
    }

    // Proposals

    private void propose(Command command, long now) {
        propose(command, false, now);
    }

    private void proposeAsLeader(Command command, long now) {
        propose(command, true, now);
    }

    /** At most one proposal of a command is under way; without an outcome it is repeated. */
    private void propose(Command command, boolean asLeader, long now) {
        Long since = pending.get(command);
        if (since != null && now - since < options.retry()) {
            return;
        }
        pending.values().removeIf(time -> now - time > 10 * options.retry());
        pending.put(command, now);
        actions.add(new Action.Propose(command, asLeader));
    }
}
