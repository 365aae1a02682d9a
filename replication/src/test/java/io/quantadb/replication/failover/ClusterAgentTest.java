package io.quantadb.replication.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlGroup;
import io.quantadb.replication.control.ControlGroupOptions;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.control.Position;
import io.quantadb.replication.sync.SyncOptions;
import io.quantadb.replication.sync.SyncTracker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: agent, tracker and Raft group work together outside the simulator. Method: three nodes in one JVM whose WAL is
 * a number, and whose stream is a thread that calls the primary's tracker; waits are generous.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ClusterAgentTest {
    private static final long PATIENCE_MILLIS = 40_000;
    private static final int BASE_PORT = Integer.getInteger("quantadb.test.raftPort", 5660) + 10;

    @TempDir
    Path directory;

    private final Map<String, Node> nodes = new TreeMap<>();
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private volatile boolean stopped;
    private Thread stream;

    /** A node whose WAL is the number of its bytes. */
    private final class Node implements NodeControl {
        final String id;
        final SyncTracker tracker;
        final ClusterAgent agent;
        final ControlGroup group;
        volatile long wal;
        volatile int timeline = 1;
        volatile long reignEpoch;
        volatile Upstream upstream;
        volatile boolean parked;
        volatile boolean cutOff;

        Node(String id, long wal, ControlGroup.Start how) throws Exception {
            this.id = id;
            this.wal = wal;
            long incarnation = ThreadLocalRandom.current().nextLong();
            tracker = new SyncTracker(id, new SyncOptions(true, 1_000_000_000L, 200_000_000L));
            agent = new ClusterAgent(new FailoverAgent(id, incarnation, FailoverOptions.DEFAULT, tracker), this,
                    Clock.SYSTEM, (message, cause) -> fatal.set(cause));
            int port = port(id);
            group = new ControlGroup(new ControlGroupOptions(id, "secret", directory.resolve(id), "127.0.0.1", port,
                    "127.0.0.1:" + port, 150, 300, null), how, Clock.SYSTEM, agent.groupListener());
            group.start();
            agent.start(group);
        }

        void stop() throws Exception {
            agent.close();
            group.close();
        }

        boolean isPrimary() {
            return reignEpoch > 0 && tracker.isLeading() && tracker.leaseValid(System.nanoTime());
        }

        @Override
        public Position position() {
            return new Position(timeline, wal);
        }

        @Override
        public CompletableFuture<Position> fence(long epoch) {
            reignEpoch = 0;
            upstream = null;
            return CompletableFuture.completedFuture(position());
        }

        @Override
        public void follow(Upstream next) {
            reignEpoch = 0;
            parked = false;
            next.history().stream().filter(f -> f.timeline() == timeline)
                    .forEach(f -> wal = Math.min(wal, f.switchLsn()));
            upstream = next;
        }

        @Override
        public CompletableFuture<Long> promote(Reign reign) {
            upstream = null;
            if (!reign.history().isEmpty()) {
                wal = reign.forkLsn();
            }
            timeline = reign.timeline();
            reignEpoch = reign.epoch();
            return CompletableFuture.completedFuture(wal);
        }

        @Override
        public CompletableFuture<Long> park(long epoch) {
            parked = true;
            return CompletableFuture.completedFuture(wal);
        }

        @Override
        public void unpark(long epoch) {
            parked = false;
        }

        @Override
        public void cutOff(boolean value) {
            cutOff = value;
        }
    }

    private static int port(String node) {
        return BASE_PORT + node.charAt(1) - '0';
    }

    /** Every 2 ms: the primary writes, the replicas take it all and say so. */
    private void stream() {
        while (!stopped) {
            for (Node primary : List.copyOf(nodes.values())) {
                long epoch = primary.reignEpoch;
                if (epoch > 0 && primary.tracker.isLeading()) {
                    if (!primary.parked) {
                        primary.wal += 8;
                    }
                    primary.tracker.onLocalFlush(primary.wal);
                    for (Node replica : List.copyOf(nodes.values())) {
                        Upstream up = replica.upstream;
                        if (up != null && up.epoch() == epoch) {
                            replica.timeline = up.timeline();
                            replica.wal = primary.wal;
                            primary.tracker.onFeedback(replica.id, epoch, replica.wal, replica.wal, replica.wal,
                                    System.nanoTime());
                        }
                    }
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @AfterEach
    void stopAll() throws Exception {
        stopped = true;
        if (stream != null) {
            stream.join();
        }
        for (Node node : new ArrayList<>(nodes.values())) {
            node.stop();
        }
        assertNull(fatal.get());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain for " + what);
            Thread.sleep(5);
        }
    }

    private static Member member(String id) {
        return Member.of(id, Member.Kind.DATA, 50, new Member.Addresses("", id + ":6432", "", ""));
    }

    private static String insist(ControlGroup group, Command command) throws Exception {
        while (true) {
            try {
                return group.propose(command).get(10, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                Thread.sleep(100);
            }
        }
    }

    private Node primary() {
        return nodes.values().stream().filter(Node::isPrimary).findFirst().orElse(null);
    }

    private void formThree() throws Exception {
        Node first = new Node("n1", 1000, ControlGroup.Start.FORM);
        nodes.put("n1", first);
        await("a leader", () -> first.group.view().leaderReady());
        assertNull(insist(first.group, new Command.Bootstrap(member("n1"), 1)));
        for (String id : List.of("n2", "n3")) {
            nodes.put(id, new Node(id, 0, ControlGroup.Start.JOIN));
            first.group.addMember(id, "127.0.0.1:" + port(id)).get(30, TimeUnit.SECONDS);
            assertNull(insist(first.group, new Command.AddMember(member(id))));
        }
        stream = Thread.ofPlatform().start(this::stream);
        await("three in sync", () -> state().inSync().size() == 3 && primary() != null);
    }

    private ControlState state() {
        return nodes.values().stream().map(n -> n.agent.state())
                .max(Comparator.comparingLong(ControlState::epoch).thenComparingLong(ControlState::inSyncVersion))
                .orElseThrow();
    }

    @Test
    void shouldReplaceADeadPrimaryAndTakeItBack() throws Exception {
        formThree();
        for (int round = 0; round < 3; round++) {
            Node dead = primary();
            long horizon = dead.tracker.horizon();
            nodes.remove(dead.id);
            long start = System.nanoTime();
            dead.stop();
            await("another primary", () -> primary() != null);
            System.err.println("another primary after ms " + (System.nanoTime() - start) / 1_000_000);
            Node next = primary();
            assertTrue(next.tracker.horizon() >= horizon, "the horizon fell");
            await("commits", () -> next.tracker.horizon() > next.agent.state().startHorizon());
            nodes.put(dead.id, new Node(dead.id, dead.wal + 64, ControlGroup.Start.JOIN));
            await("three in sync", () -> state().inSync().size() == 3);
        }
    }

    @Test
    void shouldSwitchOverToTheNodeThatWasAskedFor() throws Exception {
        formThree();
        for (String target : List.of("n2", "n3", "n1")) {
            ControlState before = state();
            String old = before.primary();
            if (old.equals(target)) {
                continue;
            }
            long start = System.nanoTime();
            assertNull(insist(nodes.get("n1").group, new Command.PlanSwitchover(before.epoch(), target)));
            await(target + " as primary", () -> nodes.get(target).isPrimary());
            System.err.println("switched over after ms " + (System.nanoTime() - start) / 1_000_000);
            assertEquals(before.epoch() + 1, state().epoch());
            assertEquals(Set.of("n1", "n2", "n3"), state().inSync());
            await("commits", () -> nodes.get(target).tracker.horizon() > state().startHorizon());
        }
    }

    @Test
    void shouldGoOnWithANewEpochWhenAllNodesWereDown() throws Exception {
        formThree();
        long epoch = state().epoch();
        List<Node> all = List.copyOf(nodes.values());
        nodes.clear();
        for (Node node : all) {
            node.stop();
        }
        for (Node node : all) {
            nodes.put(node.id, new Node(node.id, node.wal, ControlGroup.Start.JOIN));
        }
        await("a primary", () -> primary() != null);
        assertTrue(state().epoch() > epoch);
        await("three in sync", () -> state().inSync().size() == 3);
    }
}
