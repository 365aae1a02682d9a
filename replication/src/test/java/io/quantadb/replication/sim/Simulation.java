package io.quantadb.replication.sim;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Election;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.failover.FailoverOptions;
import io.quantadb.replication.sync.SyncOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A cluster under one seed: time, network, faults and clients. The same seed (and planted bug) gives the same run, to
 * the last event; the trace does not influence it.
 *
 * <p>A run: form a cluster, about {@value #FAULT_SECONDS} s of faults under load, then everything is healed, and within
 * {@value #HEAL_SECONDS} s writes must succeed and all members be in sync.
 */
final class Simulation {
    static final int FAULT_SECONDS = 12;
    static final int HEAL_SECONDS = 12;
    private static final long MS = 1_000_000L;
    private static final long FORM = 1_500 * MS;

    /** Something that happens at a time. */
    private static final class Happening implements Comparable<Happening> {
        long time;
        long order;
        final SimNode node;
        final int life;
        final Runnable what;

        Happening(long time, long order, SimNode node, int life, Runnable what) {
            this.time = time;
            this.order = order;
            this.node = node;
            this.life = life;
            this.what = what;
        }

        @Override
        public int compareTo(Happening other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    private enum Plane {
        RAFT, STREAM
    }

    private final SplittableRandom random;
    private final Planted planted;
    private final StringBuilder trace;
    private final PriorityQueue<Happening> queue = new PriorityQueue<>();
    private final Checker checker = new Checker();
    private final SimNode[] nodes;
    private final String[] names;
    private final boolean[][][] cut;
    private final Map<Long, Long> streamOrder = new HashMap<>();
    private final List<SimRaft.Entry> agreed = new ArrayList<>();
    private final List<ControlState> states = new ArrayList<>();
    private final SyncOptions syncOptions;
    private final FailoverOptions failoverOptions;
    private final long raftLease;
    private final int late;
    private long time;
    private long orders;
    private long events;
    private boolean healed;
    private int removed = -1;
    private int lossPercent;

    Simulation(long seed, Planted planted, StringBuilder trace) {
        this.random = new SplittableRandom(seed);
        this.planted = planted;
        this.trace = trace;
        int count = 3 + (chance(30) ? random(3) : 0);
        boolean witness = chance(25);
        this.names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "n" + (i + 1);
        }
        this.late = chance(20) && !witness ? count - 1 : -1;
        int voters = (1 << count) - 1;
        if (late >= 0) {
            voters &= ~(1 << late);
        }
        this.cut = new boolean[Plane.values().length][count][count];
        this.nodes = new SimNode[count];
        this.syncOptions = new SyncOptions(true, (500 + random(1500)) * MS, 200 * MS);
        // A lease longer than the shortest election timeout, too: what makes it safe is that elections wait for it.
        this.raftLease = (chance(50) ? 135 : 270) * MS;
        long lease = planted == Planted.ELECT_WITHIN_A_LEASE ? -1 : raftLease * 10 / 9;
        // Impatient leaders, too: safety must not rest on the time they give the primary.
        this.failoverOptions = new FailoverOptions(0, lease, 1200 * MS, (5 + random(100)) * MS, 300 * MS, 500 * MS,
                1000 * MS, 300 * MS, 3000 * MS, 3000 * MS, 500 * MS, 3000 * MS, 10_000 * MS, 1 << 20);
        states.add(ControlState.EMPTY);
        for (int i = 0; i < count; i++) {
            nodes[i] = new SimNode(this, i, !(witness && i == count - 1), voters);
        }
    }

    // What nodes use

    long time() {
        return time;
    }

    int nodes() {
        return nodes.length;
    }

    SimNode node(int index) {
        return nodes[index];
    }

    String name(int index) {
        return names[index];
    }

    int indexOf(String name) {
        return name.charAt(1) - '1';
    }

    Checker checker() {
        return checker;
    }

    Planted planted() {
        return planted;
    }

    SyncOptions syncOptions() {
        return syncOptions;
    }

    FailoverOptions failoverOptions() {
        return failoverOptions;
    }

    long raftLease() {
        return raftLease;
    }

    long events() {
        return events;
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    long randomLong() {
        return random.nextLong();
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    boolean tracing() {
        return trace != null;
    }

    void trace(SimNode node, String what) {
        if (trace != null) {
            trace.append(String.format("%9.3f %-3s %s%n", time / 1e9, node == null ? "" : node.id, what));
        }
    }

    /** Runs something on the node's process after a delay; never if the process ends before. */
    void after(SimNode node, long delay, Runnable what) {
        queue.add(new Happening(time + delay, orders++, node, node == null ? 0 : node.life(), what));
    }

    private void deliver(int to, long at, Runnable what) {
        SimNode node = nodes[to];
        queue.add(new Happening(at, orders++, node, node.life(), what));
    }

    void sendRaft(int from, int to, Consumer<SimRaft> message) {
        if (cut[Plane.RAFT.ordinal()][from][to] || lossPercent > 0 && chance(lossPercent)) {
            return;
        }
        long delay = chance(2) ? random(120) : 1 + random(8);
        deliver(to, time + delay * MS, () -> {
            if (!cut[Plane.RAFT.ordinal()][from][to]) {
                message.accept(nodes[to].raft);
            }
        });
    }

    /** In order within a connection; what is lost breaks it, like TCP. */
    void sendStream(int from, int to, long connection, Runnable message) {
        long key = connection * 31 + from;
        long last = streamOrder.getOrDefault(key, 0L);
        if (last == Long.MAX_VALUE) {
            return;
        }
        if (cut[Plane.STREAM.ordinal()][from][to] || lossPercent > 0 && chance(1)) {
            streamOrder.put(key, Long.MAX_VALUE);
            return;
        }
        long at = Math.max(last, time + (chance(1) ? random(300) : random(4)) * MS);
        streamOrder.put(key, at);
        deliver(to, at, () -> {
            if (cut[Plane.STREAM.ordinal()][from][to]) {
                streamOrder.put(key, Long.MAX_VALUE);
            } else if (streamOrder.getOrDefault(key, 0L) != Long.MAX_VALUE) {
                message.run();
            }
        });
    }

    /** The state after the first {@code count} entries that were agreed on. */
    ControlState stateAt(int count) {
        return states.get(count);
    }

    /** The state after the entry at {@code count}; the same for every node, or the simulated Raft is wrong. */
    ControlState applied(int count, SimRaft.Entry entry) {
        if (count <= agreed.size()) {
            if (agreed.get(count - 1) != entry) {
                throw new IllegalStateException("the simulated Raft agreed on two entries at " + count);
            }
            return states.get(count);
        }
        agreed.add(entry);
        ControlState before = states.get(count - 1);
        ControlState next = entry.command == null ? before : apply(before, entry.command);
        states.add(next);
        if (trace != null && entry.command != null && !(entry.command instanceof Command.Hello)) {
            trace(null, "agreed: " + entry.command + (next == before ? "  (no effect)" : "  => " + next));
        }
        return next;
    }

    private ControlState apply(ControlState before, Command command) {
        Command effective = command;
        if (planted == Planted.NO_EPOCH_CHECK) {
            effective = switch (command) {
                case Command.ReportPosition c -> new Command.ReportPosition(before.epoch(), c.node(), c.position());
                case Command.Elect c -> new Command.Elect(before.epoch(), c.winner());
                default -> command;
            };
        }
        ControlState next = before.apply(effective).state();
        if (planted == Planted.ELECT_OUTSIDE_THE_SET && next.isElecting() && next.epoch() != before.epoch()) {
            TreeSet<String> all = new TreeSet<>();
            next.dataMembers().forEach(member -> all.add(member.id()));
            Election e = next.election();
            next = new ControlState(next.epoch(), null, 0, next.timeline(), next.history(), next.startHorizon(),
                    next.lossy(), next.inSync(), next.inSyncVersion(), next.members(),
                    new Election(e.reason(), e.oldPrimary(), all, e.preferred(), e.positions()),
                    next.plannedTarget(), next.paused(), next.giveWays());
        }
        return next;
    }

    // The run

    void run() {
        for (SimNode node : nodes) {
            node.start();
        }
        form();
        after(null, FORM, this::fault);
        after(null, 100 * MS, this::clients);
        long end = FORM + FAULT_SECONDS * 1000 * MS;
        runUntil(end);
        heal();
        long healTime = time;
        long acknowledgedBefore = checker.acknowledgements();
        long firstWrite = -1;
        while (time < healTime + HEAL_SECONDS * 1000 * MS) {
            runUntil(time + 250 * MS);
            if (firstWrite < 0 && checker.acknowledgements() > acknowledgedBefore) {
                firstWrite = time - healTime;
            }
            if (firstWrite >= 0 && isComplete()) {
                finish();
                return;
            }
        }
        throw new Violation(firstWrite < 0 ? "no write succeeded within " + HEAL_SECONDS + " s of healing: " + last()
                : "not all members in sync within " + HEAL_SECONDS + " s of healing: " + last());
    }

    private ControlState last() {
        return states.getLast();
    }

    private boolean isComplete() {
        ControlState state = last();
        return state.isServing() && state.inSync().size() == state.dataMembers().size();
    }

    private void finish() {
        for (SimNode node : nodes) {
            if (last().inSync().contains(node.id)) {
                node.read();
            }
        }
        // In sync = has everything that was acknowledged or seen.
        for (String name : last().inSync()) {
            checker.onEnd(name, nodes[indexOf(name)].wal);
        }
    }

    private void runUntil(long end) {
        while (true) {
            Happening next = queue.peek();
            if (next == null || next.time > end) {
                time = end;
                return;
            }
            queue.poll();
            time = next.time;
            SimNode node = next.node;
            if (node == null) {
                next.what.run();
            } else if (node.isUp() && node.life() == next.life) {
                if (node.pausedUntil() > time) {
                    next.time = node.pausedUntil();
                    queue.add(next);
                    continue;
                }
                next.what.run();
            }
            events++;
        }
    }

    private Member member(int i) {
        return Member.of(names[i], nodes[i].data ? Member.Kind.DATA : Member.Kind.WITNESS,
                50 + (i == 1 ? random(3) : 0), Member.Addresses.NONE);
    }

    /** Proposes through whoever leads, until it is in the state. */
    private void insist(Command command, java.util.function.BooleanSupplier done) {
        if (done.getAsBoolean()) {
            return;
        }
        for (SimNode node : nodes) {
            if (node.isUp() && node.raft.isReady()) {
                node.raft.append(command, 0);
            }
        }
        after(null, 200 * MS, () -> insist(command, done));
    }

    private void form() {
        Member first = member(0);
        insist(new Command.Bootstrap(new Member(first.id(), first.kind(), first.priority(), first.addresses(),
                nodes[0].incarnation(), false), 1), () -> !last().isEmpty());
        for (int i = 1; i < nodes.length; i++) {
            int who = i;
            if (who != late) {
                Command add = new Command.AddMember(member(who));
                after(null, 500 * MS, () -> insist(add, () -> last().member(names[who]) != null));
            }
        }
    }

    private void clients() {
        for (int i = 1 + random(3); i > 0; i--) {
            nodes[random(nodes.length)].write();
        }
        for (SimNode node : nodes) {
            if (chance(60) && node.isUp() && node.pausedUntil() <= time) {
                node.read();
            }
        }
        for (SimNode node : nodes) {
            if (node.isUp() && node.pausedUntil() <= time && node.isWritable() && chance(70)) {
                node.write();
            }
        }
        after(null, (5 + random(25)) * MS, this::clients);
    }

    private void heal() {
        trace(null, "everything is healed");
        healed = true;
        lossPercent = 0;
        for (boolean[][] plane : cut) {
            for (boolean[] row : plane) {
                Arrays.fill(row, false);
            }
        }
        for (SimNode node : nodes) {
            node.slowDisk(false);
            if (!node.isUp()) {
                node.start();
            }
        }
        insist(new Command.Pause(false), () -> !last().paused());
    }

    // Faults

    private void fault() {
        if (healed) {
            return;
        }
        int victim = chance(50) ? primaryIndex() : random(nodes.length);
        switch (random(16)) {
            case 0, 1, 2 -> kill(victim, chance(40) ? 20 + random(150) : 200 + random(4000));
            case 3, 4 -> {
                if (nodes[victim].isUp() && nodes[victim].pausedUntil() <= time) {
                    nodes[victim].pause(time + (50 + (long) random(2500)) * MS);
                }
            }
            case 5, 6 -> cutNode(Plane.STREAM, victim);
            case 7, 8 -> {
                cutNode(Plane.RAFT, victim);
                if (chance(40)) {
                    falseAlarm(random(60));
                }
            }
            case 9 -> {
                cutNode(Plane.RAFT, victim);
                cutNode(Plane.STREAM, victim);
            }
            case 10 -> cutPair(chance(50) ? Plane.RAFT : Plane.STREAM, victim, random(nodes.length));
            case 11 -> {
                nodes[victim].slowDisk(true);
                after(null, random(3000) * MS, () -> nodes[victim].slowDisk(false));
            }
            case 12 -> {
                if (chance(40)) {
                    long down = random(300);
                    for (int i = 0; i < nodes.length; i++) {
                        kill(i, down + random(300));
                    }
                } else {
                    falseAlarm(0);
                }
            }
            case 13 -> switchover();
            case 14 -> membership();
            case 15 -> {
                if (chance(30)) {
                    SimNode node = nodes[random(nodes.length)];
                    boolean value = chance(50);
                    after(node, 0, () -> node.raft.propose(new Command.Pause(value), false));
                } else {
                    lossPercent = chance(50) ? 0 : random(15);
                }
            }
            default -> throw new IllegalStateException();
        }
        after(null, (chance(30) ? random(100) : 100 + random(1500)) * MS, this::fault);
    }

    /** The leader is said to be dead and is not. */
    private void falseAlarm(int delayMillis) {
        SimNode node = nodes[random(nodes.length)];
        int suspect = primaryIndex();
        boolean refuse = chance(50);
        after(node, delayMillis * MS, () -> {
            if (refuse) {
                node.raft.refuse(suspect);
            }
            node.raft.standForElection(false);
        });
    }

    private int primaryIndex() {
        String primary = last().primary();
        return primary == null ? random(nodes.length) : indexOf(primary);
    }

    private void kill(int victim, long downMillis) {
        SimNode node = nodes[victim];
        if (!node.isUp()) {
            return;
        }
        node.crash();
        node.pause(0);
        after(null, downMillis * MS, () -> {
            if (!node.isUp()) {
                node.start();
            }
        });
        if (chance(30)) {
            // The death is noticed at once.
            SimNode other = nodes[random(nodes.length)];
            after(other, 5 * MS, () -> {
                other.raft.refuse(victim);
                other.raft.standForElection(false);
            });
        }
    }

    private void cutNode(Plane plane, int victim) {
        int direction = random(3);
        for (int i = 0; i < nodes.length; i++) {
            if (i != victim) {
                cutOne(plane, victim, i, direction);
            }
        }
    }

    private void cutPair(Plane plane, int a, int b) {
        if (a != b) {
            cutOne(plane, a, b, random(3));
        }
    }

    private void cutOne(Plane plane, int a, int b, int direction) {
        boolean[][] links = cut[plane.ordinal()];
        if (direction != 1) {
            links[a][b] = true;
        }
        if (direction != 2) {
            links[b][a] = true;
        }
        trace(nodes[a], plane + " link with " + names[b] + " is cut, direction " + direction);
        after(null, (100 + random(4000)) * MS, () -> {
            links[a][b] = false;
            links[b][a] = false;
        });
    }

    private void switchover() {
        ControlState state = last();
        if (state.isServing() && state.inSync().size() > 1) {
            List<String> targets = new ArrayList<>(state.inSync());
            String target = targets.get(random(targets.size()));
            SimNode node = nodes[random(nodes.length)];
            after(node, 0, () -> node.raft.propose(new Command.PlanSwitchover(state.epoch(), target), false));
        }
    }

    private void membership() {
        if (late >= 0 && last().member(names[late]) == null && removed != late) {
            change(late, true);
        } else if (removed < 0 && nodes.length > 3 && chance(30)) {
            int who = random(nodes.length);
            if (last().member(names[who]) != null && !names[who].equals(last().primary())) {
                removed = who;
                change(who, false);
            }
        }
    }

    private void change(int who, boolean add) {
        trace(nodes[who], add ? "is to join" : "is to leave");
        insist(add ? new Command.AddMember(member(who)) : new Command.RemoveMember(names[who]),
                () -> last().member(names[who]) != null == add);
        voter(who, add);
    }

    private void voter(int who, boolean add) {
        for (SimNode node : nodes) {
            if (last().member(names[who]) != null == add && node.isUp() && node.pausedUntil() <= time
                    && node.raft.isReady()) {
                if (node.raft.isAgreedVoter(who) == add) {
                    return;
                }
                node.raft.changeVoter(who, add);
            }
        }
        after(null, 100 * MS, () -> voter(who, add));
    }
}
