package io.quantadb.replication.sim;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.RaftView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node's Raft server: Raft with pre-vote, heartbeats, hand-over and one-at-a-time membership changes, over the
 * simulated network. Log, term and vote survive crashes (Ratis syncs them); the rest does not. What it agrees on and
 * the moments of its elections are as unfriendly as the network makes them.
 */
final class SimRaft {
    static final long MS = 1_000_000L;
    static final long TIMEOUT_MIN = 150 * MS;
    static final long TIMEOUT_MAX = 300 * MS;
    private static final long HEARTBEAT = 75 * MS;
    private static final int ENTRIES_MAX = 50;

    /** A log entry: a command, a new set of voters (bits by node), or neither. Equal only to itself. */
    static final class Entry {
        final long term;
        final Command command;
        final int voters;

        Entry(long term, Command command, int voters) {
            this.term = term;
            this.command = command;
            this.voters = voters;
        }
    }

    private final Simulation sim;
    private final SimNode node;
    private final int index;
    private final int initialVoters;
    // durable
    private long term;
    private int votedFor = -1;
    private final List<Entry> log = new ArrayList<>();
    // volatile
    private boolean leader;
    private boolean candidate;
    private boolean preVoting;
    private int leaderIndex = -1;
    private int votes;
    private int commit;
    private int applied;
    private int readyAt;
    private boolean ready;
    private long readySince;
    private long heardAt;
    private long patience;
    private long heartbeatAt;
    private long handOverUntil;
    private long heldSince;
    private int refused = -1;
    private long refusedAt;
    private int[] next = new int[0];
    private int[] match = new int[0];
    private long[] answered = new long[0];
    private ControlState state = ControlState.EMPTY;

    SimRaft(Simulation sim, SimNode node, int index, int initialVoters) {
        this.sim = sim;
        this.node = node;
        this.index = index;
        this.initialVoters = initialVoters;
    }

    ControlState state() {
        return state;
    }

    boolean isReady() {
        return leader && ready;
    }

    long term() {
        return term;
    }

    /** Forgets what is not durable. The log is applied again, from a snapshot somewhere. */
    void restart() {
        leader = false;
        candidate = false;
        preVoting = false;
        leaderIndex = -1;
        ready = false;
        applied = Math.min(applied, commit);
        applied = applied == 0 ? 0 : sim.random(applied);
        commit = applied;
        state = sim.stateAt(applied);
        heardAt = node.now();
        renewPatience();
    }

    private void renewPatience() {
        patience = TIMEOUT_MIN + sim.random((int) ((TIMEOUT_MAX - TIMEOUT_MIN) / MS)) * MS;
    }

    private int voters() {
        for (int i = log.size() - 1; i >= 0; i--) {
            if (log.get(i).voters != 0) {
                return log.get(i).voters;
            }
        }
        return initialVoters;
    }

    private boolean isVoter(int who) {
        return (voters() >> who & 1) != 0;
    }

    private int majority() {
        return Integer.bitCount(voters()) / 2 + 1;
    }

    private long lastTerm() {
        return log.isEmpty() ? 0 : log.getLast().term;
    }

    void tick() {
        long now = node.now();
        if (leader) {
            checkMajority(now);
            if (leader && now - heartbeatAt >= HEARTBEAT) {
                broadcast();
            }
        } else if (isVoter(index) && now - heardAt > patience) {
            standForElection(true);
        }
    }

    private void checkMajority(long now) {
        if (Integer.bitCount(voters()) == 1) {
            return;
        }
        Long time = majorityTime(now);
        if (now - Math.max(time == null ? heldSince : time, heldSince) > TIMEOUT_MAX) {
            becomeFollower(-1);
        }
    }

    private Long majorityTime(long now) {
        int voters = voters();
        long[] times = new long[Integer.bitCount(voters)];
        int n = 0;
        for (int i = 0; i < answered.length; i++) {
            if ((voters >> i & 1) != 0) {
                times[n++] = i == index ? now : answered[i];
            }
        }
        Arrays.sort(times);
        long time = times[times.length - majority()];
        return time == Long.MIN_VALUE ? null : time;
    }

    /** Without pre-vote when told by the leader, or by the death of its process. */
    void standForElection(boolean preVote) {
        heardAt = node.now();
        renewPatience();
        leader = false;
        ready = false;
        candidate = true;
        preVoting = preVote;
        leaderIndex = -1;
        if (!preVote) {
            term++;
            votedFor = index;
        }
        votes = 1 << index;
        countVotes();
        for (int i = 0; candidate && i < sim.nodes(); i++) {
            if (i != index && isVoter(i)) {
                long t = preVote ? term + 1 : term;
                int lastIndex = log.size();
                long lastTerm = lastTerm();
                sim.sendRaft(index, i, peer -> peer.onVoteRequest(index, t, preVote, lastIndex, lastTerm));
            }
        }
    }

    private void onVoteRequest(int from, long t, boolean pre, int lastIndex, long lastTerm) {
        boolean upToDate = lastTerm > lastTerm() || lastTerm == lastTerm() && lastIndex >= log.size();
        boolean granted;
        if (pre) {
            granted = upToDate && t > term && !leader
                    && (leaderIndex < 0 || node.now() - heardAt > TIMEOUT_MIN);
        } else {
            if (t > term) {
                adopt(t);
            }
            granted = t == term && upToDate && !leader && (votedFor < 0 || votedFor == from);
            if (granted) {
                votedFor = from;
                heardAt = node.now();
            }
        }
        long answerTerm = pre && granted ? t : term;
        boolean answer = granted;
        sim.sendRaft(index, from, peer -> peer.onVote(index, answerTerm, pre, answer));
    }

    private void adopt(long t) {
        term = t;
        votedFor = -1;
        becomeFollower(-1);
    }

    private void onVote(int from, long t, boolean pre, boolean granted) {
        if (t > term && !(pre && granted)) {
            adopt(t);
            return;
        }
        if (candidate && granted && preVoting == pre && t == (pre ? term + 1 : term)) {
            votes |= 1 << from;
            countVotes();
        }
    }

    private void countVotes() {
        if (Integer.bitCount(votes & voters()) < majority()) {
            return;
        }
        if (preVoting) {
            standForElection(false);
        } else {
            becomeLeader();
        }
    }

    private void becomeLeader() {
        candidate = false;
        leader = true;
        ready = false;
        leaderIndex = index;
        handOverUntil = 0;
        heldSince = node.now();
        next = new int[sim.nodes()];
        match = new int[sim.nodes()];
        answered = new long[sim.nodes()];
        Arrays.fill(next, log.size());
        Arrays.fill(answered, Long.MIN_VALUE);
        log.add(new Entry(term, null, 0));
        readyAt = log.size();
        sim.trace(node, "leads Raft in term " + term);
        broadcast();
        advanceCommit();
    }

    private void becomeFollower(int of) {
        if (leader) {
            sim.trace(node, "no longer leads Raft");
        }
        leader = false;
        ready = false;
        candidate = false;
        leaderIndex = of;
        heardAt = node.now();
    }

    private void broadcast() {
        heartbeatAt = node.now();
        for (int i = 0; i < sim.nodes(); i++) {
            if (i != index && isVoter(i)) {
                sendAppend(i);
            }
        }
    }

    private void sendAppend(int to) {
        long t = term;
        long sentAt = node.now();
        int previous = next[to];
        long previousTerm = previous == 0 ? 0 : log.get(previous - 1).term;
        List<Entry> entries = previous == log.size() ? List.of()
                : List.copyOf(log.subList(previous, Math.min(log.size(), previous + ENTRIES_MAX)));
        int committed = commit;
        sim.sendRaft(index, to,
                peer -> peer.onAppend(index, t, sentAt, previous, previousTerm, entries, committed));
    }

    private void onAppend(int from, long t, long sentAt, int previous, long previousTerm, List<Entry> entries,
            int leaderCommit) {
        if (t < term) {
            long own = term;
            sim.sendRaft(index, from, peer -> peer.onAppended(index, own, sentAt, false, 0));
            return;
        }
        if (t > term) {
            adopt(t);
        }
        if (leaderIndex != from || candidate) {
            becomeFollower(from);
        }
        heardAt = node.now();
        boolean fits = previous <= log.size() && (previous == 0 || log.get(previous - 1).term == previousTerm);
        int reached = Math.min(previous, log.size());
        if (fits) {
            for (int i = 0; i < entries.size(); i++) {
                int at = previous + i;
                if (at < log.size() && log.get(at).term != entries.get(i).term) {
                    log.subList(at, log.size()).clear();
                }
                if (at == log.size()) {
                    log.add(entries.get(i));
                }
            }
            reached = previous + entries.size();
            commit = Math.max(commit, Math.min(leaderCommit, reached));
        }
        long own = term;
        int answer = fits ? reached : Math.max(0, Math.min(previous - 1, commit));
        sim.sendRaft(index, from, peer -> peer.onAppended(index, own, sentAt, fits, answer));
        applyCommitted();
    }

    private void onAppended(int from, long t, long sentAt, boolean fits, int reached) {
        if (t > term) {
            adopt(t);
            return;
        }
        if (!leader || t != term) {
            return;
        }
        answered[from] = Math.max(answered[from], sentAt);
        if (fits) {
            match[from] = Math.max(match[from], reached);
            next[from] = Math.max(next[from], match[from]);
            advanceCommit();
        } else {
            next[from] = Math.min(next[from], reached);
        }
        if (leader && next[from] < log.size()) {
            sendAppend(from);
        }
    }

    private void advanceCommit() {
        for (int at = log.size(); at > commit && log.get(at - 1).term == term; at--) {
            int have = 1 << index;
            for (int i = 0; i < match.length; i++) {
                if (match[i] >= at) {
                    have |= 1 << i;
                }
            }
            if (Integer.bitCount(have & voters()) >= majority()) {
                commit = at;
                applyCommitted();
                return;
            }
        }
    }

    private void applyCommitted() {
        while (applied < commit) {
            Entry entry = log.get(applied++);
            state = sim.applied(applied, entry);
            if (leader && !ready && applied >= readyAt) {
                ready = true;
                readySince = node.now();
            }
            if (entry.command != null) {
                node.onApplied(state);
            }
        }
    }

    /** Proposes as leader; false if this node is none. */
    boolean append(Command command, int newVoters) {
        if (!leader || handOverUntil - node.now() > 0) {
            return false;
        }
        log.add(new Entry(term, command, newVoters));
        advanceCommit();
        broadcast();
        return true;
    }

    /** Whether it is agreed that the node is a voter. */
    boolean isAgreedVoter(int who) {
        int voters = initialVoters;
        for (int i = 0; i < commit; i++) {
            if (log.get(i).voters != 0) {
                voters = log.get(i).voters;
            }
        }
        return (voters >> who & 1) != 0;
    }

    /** Adds or removes a voter; one change at a time. */
    boolean changeVoter(int who, boolean add) {
        if (!isReady()) {
            return false;
        }
        for (int i = commit; i < log.size(); i++) {
            if (log.get(i).voters != 0) {
                return false;
            }
        }
        int voters = add ? voters() | 1 << who : voters() & ~(1 << who);
        return who != index && append(null, voters);
    }

    /** Proposes wherever the leader is; may be lost, late or doubled. */
    void propose(Command command, boolean asLeader) {
        if (asLeader) {
            if (isReady()) {
                append(command, 0);
            }
            return;
        }
        if (leader) {
            append(command, 0);
        } else if (leaderIndex >= 0) {
            sim.sendRaft(index, leaderIndex, peer -> peer.append(command, 0));
        }
        // Old reports are what a later election must not take for new ones.
        if (sim.chance(command instanceof Command.ReportPosition ? 40 : 3)) {
            int late = sim.random(sim.nodes());
            sim.after(node, sim.random(3000) * MS, () -> sim.sendRaft(index, late, peer -> peer.append(command, 0)));
        }
    }

    void transfer(int to) {
        if (!leader || !isVoter(to)) {
            return;
        }
        handOverUntil = node.now() + 4 * TIMEOUT_MAX;
        if (match[to] == log.size()) {
            long t = term;
            sim.sendRaft(index, to, peer -> {
                if (peer.term == t && !peer.leader) {
                    peer.standForElection(false);
                }
            });
        } else {
            handOverUntil = 0;
        }
    }

    /** Somebody, rightly or not, is said to refuse connections. */
    void refuse(int who) {
        refused = who;
        refusedAt = node.now();
    }

    private String refused(long now) {
        return refused < 0 || now - refusedAt > 1000 * MS ? null : sim.name(refused);
    }

    RaftView view() {
        long now = node.now();
        if (!leader || !ready) {
            return new RaftView(false, 0, leaderIndex < 0 ? null : sim.name(leaderIndex), 0, state.epoch(), Map.of(),
                    refused(now));
        }
        Long majority = majorityTime(now);
        Map<String, Long> times = new HashMap<>();
        for (int i = 0; i < answered.length; i++) {
            if (i != index && answered[i] != Long.MIN_VALUE) {
                times.put(sim.name(i), answered[i]);
            }
        }
        long lease = majority == null || handOverUntil - now > 0 ? now : majority + sim.raftLease();
        return new RaftView(true, readySince, node.id, lease, state.epoch(), times, refused(now));
    }
}
