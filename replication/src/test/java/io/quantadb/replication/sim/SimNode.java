package io.quantadb.replication.sim;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Fork;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.control.Position;
import io.quantadb.replication.failover.Action;
import io.quantadb.replication.failover.Event;
import io.quantadb.replication.failover.FailoverAgent;
import io.quantadb.replication.failover.Reign;
import io.quantadb.replication.failover.Upstream;
import io.quantadb.replication.sync.Membership;
import io.quantadb.replication.sync.SyncTracker;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A node: the real agent and tracker over a simulated Raft server, disk, clock and stream of WAL. Its process can be
 * killed (memory and unsynced WAL are gone) and paused (everything waits, its clock goes on).
 */
final class SimNode {
    private static final long MS = 1_000_000L;
    private static final long TICK = 25 * MS;
    private static final long SILENCE = 600 * MS;
    private static final long FEEDBACK = 100 * MS;
    private static final int FRAME_MAX = 64;

    /** A commit that waits to be acknowledged. */
    private record Waiting(int lsn, long hash) {
    }

    /** The sending side of one stream. */
    private static final class Link {
        final long connection;
        int next;
        long sentAt;
        long heardAt;
        boolean scheduled;

        Link(long connection, int next, long heardAt) {
            this.connection = connection;
            this.next = next;
            this.heardAt = heardAt;
        }
    }

    final String id;
    final int index;
    final boolean data;
    final SimRaft raft;
    final SimWal wal = new SimWal();
    private final Simulation sim;
    private final double clockRate;
    private final long clockOffset;

    private int life;
    private boolean up;
    private long pausedUntil;
    private long incarnation;
    private boolean slowDisk;
    /** Highest horizon under which pages may have been written, in all lives. */
    private long horizonEver;

    private FailoverAgent agent;
    private SyncTracker tracker;
    private int wish;
    private boolean flushing;
    private int flushRound;
    // primary
    private boolean leading;
    private Reign reign;
    private boolean parked;
    private boolean cutOff;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Map<Integer, Link> links = new HashMap<>();
    // replica
    private Upstream upstream;
    private long connection;
    private boolean connected;
    private long frameAt;
    private long connectAt;
    private long feedbackAt;
    private long announced;

    SimNode(Simulation sim, int index, boolean data, int voters) {
        this.sim = sim;
        this.index = index;
        this.id = sim.name(index);
        this.data = data;
        this.raft = new SimRaft(sim, this, index, voters);
        this.clockRate = 1 + (sim.random(81) - 40) / 1000.0;
        this.clockOffset = (long) sim.random(1_000_000) * MS;
    }

    boolean isUp() {
        return up;
    }

    int life() {
        return life;
    }

    long pausedUntil() {
        return pausedUntil;
    }

    long incarnation() {
        return incarnation;
    }

    SyncTracker tracker() {
        return tracker;
    }

    FailoverAgent agent() {
        return agent;
    }

    /** Local monotonic time: drifts by up to 4 %, never jumps back. */
    long now() {
        return clockOffset + (long) (sim.time() * clockRate);
    }

    void start() {
        up = true;
        life++;
        incarnation = sim.randomLong();
        if (sim.planted() == Planted.RESTARTED_PRIMARY_GOES_ON) {
            incarnation = index + 1;
        }
        tracker = new SyncTracker(id, sim.syncOptions());
        tracker.addHorizonListener(this::onHorizon);
        agent = new FailoverAgent(id, incarnation, sim.failoverOptions(), tracker);
        leading = false;
        parked = false;
        cutOff = false;
        flushing = false;
        flushRound++;
        waiting.clear();
        links.clear();
        upstream = null;
        connected = false;
        announced = 0;
        wish = 0;
        wal.flushed(wal.length());
        raft.restart();
        ControlState restored = raft.state();
        if (!restored.isEmpty()) {
            onApplied(restored);
        }
        sim.after(this, sim.random(25) * MS, this::tick);
        sim.trace(this, "starts with WAL up to " + wal.durable());
    }

    /** Power is gone: of what was not synced some may be left. */
    void crash() {
        up = false;
        life++;
        int unsynced = wal.length() - wal.durable();
        wal.cut(wal.durable() + (unsynced == 0 ? 0 : sim.random(unsynced + 1)));
        sim.trace(this, "crashes; WAL left up to " + wal.length());
    }

    void pause(long until) {
        pausedUntil = until;
        sim.trace(this, "is paused for " + (until - sim.time()) / MS + " ms");
    }

    void slowDisk(boolean slow) {
        slowDisk = slow;
    }

    // Agent

    private void tick() {
        raft.tick();
        step(new Event.Tick(raft.view()));
        Member self = raft.state().member(id);
        if (sim.planted() == Planted.NO_HELLO && self != null && self.incarnation() != incarnation) {
            raft.propose(new Command.Hello(id, incarnation), false);
        }
        if (data) {
            replicaTick();
            senderTick();
            plantAddition();
            if (tracker.isInsufficient()) {
                waiting.clear();
            }
        }
        sim.after(this, TICK, this::tick);
    }

    void onApplied(ControlState state) {
        step(new Event.Applied(sim.planted() == Planted.NO_HELLO ? pretendKnown(state) : state));
    }

    private ControlState pretendKnown(ControlState s) {
        SortedMap<String, Member> members = new TreeMap<>(s.members());
        members.computeIfPresent(id, (key, m) -> new Member(m.id(), m.kind(), m.priority(), m.addresses(), incarnation,
                m.joined()));
        return new ControlState(s.epoch(), s.primary(), s.primaryIncarnation(), s.timeline(), s.history(),
                s.startHorizon(), s.lossy(), s.inSync(), s.inSyncVersion(), members, s.election(), s.plannedTarget(),
                s.paused(), s.giveWays());
    }

    private void step(Event event) {
        if (!up) {
            return;
        }
        for (Action action : agent.step(event, now())) {
            if (sim.tracing() && !(action instanceof Action.Propose(Command c, boolean here)
                    && c instanceof Command.Hello)) {
                sim.trace(this, action.toString());
            }
            perform(action);
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Propose a -> {
                plantShrink(a.command());
                raft.propose(a.command(), a.asLeader());
                sim.after(this, 60 * MS, () -> step(new Event.Proposed(a.command())));
            }
            case Action.Fence a -> fence(a.epoch());
            case Action.Follow a -> follow(a.upstream());
            case Action.Promote a -> promote(a.reign());
            case Action.Park a -> {
                parked = true;
                awaitParked(a.epoch());
            }
            case Action.Unpark a -> parked = false;
            case Action.CutOff a -> cutOff = a.cutOff();
            case Action.Transfer a -> raft.transfer(sim.indexOf(a.node()));
        }
    }

    private void plantShrink(Command command) {
        if (command instanceof Command.SetInSync c && sim.planted() == Planted.SHRINK_BEFORE_COMMIT) {
            ControlState s = raft.state();
            Set<String> all = s.dataMembers().stream().map(m -> m.id()).collect(Collectors.toSet());
            tracker.onMembership(new Membership(c.epoch(), s.inSyncVersion(), c.members(), all, s.minInSync(0)),
                    now());
        }
    }

    private void plantAddition() {
        if (sim.planted() == Planted.ADD_WITHOUT_WAITING && leading) {
            ControlState s = raft.state();
            for (int peer : links.keySet()) {
                if (!s.inSync().contains(sim.name(peer))) {
                    Set<String> more = new TreeSet<>(s.inSync());
                    more.add(sim.name(peer));
                    raft.propose(new Command.SetInSync(reign.epoch(), s.inSyncVersion(), more), false);
                }
            }
        }
    }

    private void stopAll() {
        leading = false;
        parked = false;
        waiting.clear();
        links.clear();
        upstream = null;
        connected = false;
        wish++;
    }

    private void fence(long epoch) {
        if (sim.planted() == Planted.REPORT_BEFORE_FENCING) {
            step(new Event.Fenced(epoch, position()));
            return;
        }
        stopAll();
        int mine = wish;
        sim.after(this, sim.random(15) * MS, () -> {
            if (mine == wish) {
                // What is being flushed may become durable until here, and not later.
                flushRound++;
                flushing = false;
                wal.cut(wal.durable());
                step(new Event.Fenced(epoch, position()));
            }
        });
    }

    Position position() {
        return new Position(wal.timelineBefore(wal.durable()), wal.durable());
    }

    private void cut(int at) {
        sim.checker().onCut(id, at, Math.max(horizonEver, tracker.horizon()));
        if (at < wal.length()) {
            flushRound++;
            flushing = false;
            sim.trace(this, "cuts its WAL from " + wal.length() + " to " + at);
            wal.cut(at);
        }
    }

    private void follow(Upstream next) {
        stopAll();
        upstream = next;
        frameAt = now();
        connectAt = now() - FEEDBACK;
        announced = 0;
        int at = wal.length();
        while (at > 0 && !isPart(next, at - 1)) {
            at--;
        }
        cut(at);
    }

    private boolean isPart(Upstream next, int lsn) {
        int timeline = wal.timelineBefore(lsn + 1);
        if (timeline == next.timeline()) {
            return true;
        }
        for (Fork fork : next.history()) {
            if (fork.timeline() == timeline) {
                return lsn < fork.switchLsn();
            }
        }
        return false;
    }

    private void promote(Reign next) {
        stopAll();
        int mine = wish;
        sim.after(this, (1 + sim.random(40)) * MS, () -> {
            if (mine != wish) {
                return;
            }
            if (!next.history().isEmpty()) {
                if (wal.durable() < next.forkLsn()) {
                    throw new Violation(id + " is to begin at " + next.forkLsn() + " and has WAL up to "
                            + wal.durable());
                }
                cut((int) next.forkLsn());
            }
            leading = true;
            reign = next;
            sim.trace(this, "is primary of epoch " + next.epoch() + " from " + wal.length());
            step(new Event.Promoted(next.epoch(), wal.durable()));
        });
    }

    private void awaitParked(long epoch) {
        sim.after(this, (1 + sim.random(10)) * MS, () -> {
            if (leading && parked) {
                if (wal.durable() == wal.length()) {
                    step(new Event.Parked(epoch, wal.length()));
                } else {
                    awaitParked(epoch);
                }
            }
        });
    }

    // Clients

    boolean isWritable() {
        return up && leading && !parked && !cutOff && tracker.isLeading() && !tracker.isInsufficient();
    }

    void write() {
        if (!isWritable()) {
            return;
        }
        sim.checker().onInsert(id, reign.timeline());
        wal.append(reign.timeline(), sim.randomLong());
        waiting.add(new Waiting(wal.length(), wal.chain(wal.length())));
        startFlush();
        pump();
    }

    void read() {
        if (!up || !data) {
            return;
        }
        if (leading) {
            boolean leased = tracker.leaseValid(now()) || sim.planted() == Planted.IGNORE_THE_LEASE;
            if (leased && tracker.isLeading()) {
                sim.checker().onPrimaryRead(id, wal, (int) tracker.horizon());
            }
        } else {
            sim.checker().onReplicaRead(id, wal, (int) Math.min(tracker.horizon(), wal.durable()));
        }
    }

    private void onHorizon(long horizon) {
        sim.checker().onHorizon(id, horizonSeen, horizon);
        horizonSeen = Math.max(horizonSeen, horizon);
        horizonEver = Math.max(horizonEver, horizon);
        while (leading && !waiting.isEmpty() && waiting.peek().lsn() <= horizon) {
            Waiting commit = waiting.poll();
            if (wal.chain(commit.lsn()) != commit.hash()) {
                throw new Violation(id + " acknowledges a commit at " + commit.lsn() + " that it no longer has");
            }
            sim.checker().onAcknowledge(id, tracker.epoch(), wal, commit.lsn());
        }
    }

    private long horizonSeen;

    // Disk

    private void startFlush() {
        if (flushing || wal.durable() == wal.length()) {
            return;
        }
        flushing = true;
        int round = flushRound;
        int upTo = wal.length();
        long duration = (slowDisk ? 50 + sim.random(400) : 1 + sim.random(4)) * MS;
        sim.after(this, duration, () -> {
            if (round != flushRound) {
                return;
            }
            flushing = false;
            wal.flushed(upTo);
            if (leading) {
                tracker.onLocalFlush(wal.durable());
            } else {
                tracker.onAnnounced(Math.min(announced, wal.durable()));
                feedback();
            }
            startFlush();
        });
    }

    // Stream, primary's side

    private void senderTick() {
        if (!leading) {
            return;
        }
        // One direction may be broken: without feedback the connection is closed.
        links.values().removeIf(link -> now() - link.heardAt > SILENCE);
        links.forEach((peer, link) -> {
            if (now() - link.sentAt > FEEDBACK) {
                sendFrame(peer, link);
            }
        });
    }

    private void pump() {
        links.forEach((peer, link) -> {
            if (!link.scheduled) {
                link.scheduled = true;
                sim.after(this, MS, () -> {
                    link.scheduled = false;
                    if (leading && links.get(peer) == link) {
                        sendFrame(peer, link);
                        if (link.next < wal.length()) {
                            pump();
                        }
                    }
                });
            }
        });
    }

    private void sendFrame(int peer, Link link) {
        int to = Math.min(wal.length(), link.next + FRAME_MAX);
        SimFrame frame = wal.slice(link.next, to);
        link.next = to;
        link.sentAt = now();
        long epoch = reign.epoch();
        long horizon = tracker.horizon();
        sim.sendStream(index, peer, link.connection, () -> sim.node(peer).onFrame(epoch, link.connection, frame,
                horizon));
    }

    private void onConnect(int peer, long epoch, int from, long connectionId) {
        if (leading && tracker.isLeading() && epoch == reign.epoch() && from <= wal.length()) {
            links.put(peer, new Link(connectionId, from, now()));
            tracker.onDisconnected(sim.name(peer));
            pump();
        }
    }

    private void onFeedback(int peer, long connectionId, long epoch, int written, int flushed, int replayed) {
        if (leading) {
            Link link = links.get(peer);
            if (link != null && link.connection == connectionId) {
                link.heardAt = now();
            }
            long claimed = sim.planted() == Planted.REPORT_BEFORE_FENCING ? reign.epoch() : epoch;
            tracker.onFeedback(sim.name(peer), claimed, written, flushed, replayed, now());
        }
    }

    // Stream, replica's side

    private void replicaTick() {
        if (upstream == null || leading) {
            return;
        }
        if (now() - frameAt > SILENCE) {
            connected = false;
        }
        if (!connected && now() - connectAt > FEEDBACK) {
            connectAt = now();
            frameAt = now();
            connected = true;
            connection = sim.randomLong();
            // Starts again where it was sure; what it had written beyond comes again.
            flushRound++;
            flushing = false;
            wal.cut(wal.durable());
            int from = wal.length();
            long epoch = upstream.epoch();
            long id = connection;
            int to = sim.indexOf(upstream.primary());
            sim.sendStream(index, to, connection, () -> sim.node(to).onConnect(index, epoch, from, id));
        }
        if (now() - feedbackAt > FEEDBACK) {
            feedback();
        }
    }

    private void onFrame(long epoch, long connectionId, SimFrame frame, long horizon) {
        if (upstream == null || connectionId != connection || !connected || epoch != upstream.epoch()) {
            return;
        }
        sim.checker().onReceive(id, wal, frame);
        frameAt = now();
        wal.append(frame);
        announced = Math.max(announced, horizon);
        tracker.onAnnounced(Math.min(announced, wal.durable()));
        startFlush();
        if (sim.planted() == Planted.ACKNOWLEDGE_BEFORE_FLUSH) {
            feedback();
        }
    }

    private void feedback() {
        if (upstream == null || !connected) {
            return;
        }
        feedbackAt = now();
        long epoch = upstream.epoch();
        int written = wal.length();
        int flushed = sim.planted() == Planted.ACKNOWLEDGE_BEFORE_FLUSH ? written : wal.durable();
        int replayed = (int) Math.min(flushed, tracker.horizon());
        int to = sim.indexOf(upstream.primary());
        long id = connection;
        sim.sendStream(index, to, connection, () -> sim.node(to).onFeedback(index, id, epoch, written, flushed,
                replayed));
    }
}
