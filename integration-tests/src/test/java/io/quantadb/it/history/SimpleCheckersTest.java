package io.quantadb.it.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: bank, set, long fork, session reads and linearizability. Method: small histories, good and bad. */
class SimpleCheckersTest {
    private final Scenario s = new Scenario(Level.READ_COMMITTED);

    private List<String> check(Checker checker) {
        return Scenario.kinds(checker.check(s.history));
    }

    @Test void bankShouldWantOneTotal() {
        s.ok(1, 1, 2, "total:100:5");
        s.failed(1, 1, 2, "total:99:5");
        assertEquals(List.of(), check(new BankChecker(5, 100)));
        s.onReplica(2, "n2", 1, 2, "total:95:5");
        assertEquals(List.of("wrong-total"), check(new BankChecker(5, 100)));
    }

    @Test void setShouldAllowUncertainElementsAndReplicasThatLag() {
        s.ok(1, 1, 2, "append:0:1");
        s.uncertain(1, 3, "append:0:2");
        s.uncertain(1, 3, "append:0:3");
        s.failed(1, 3, 4, "append:0:4");
        s.onReplica(3, "n2", 3, 4, "list:0:");
        s.ok(2, 5, 6, "list:0:1,2");
        s.onReplica(3, "n2", 7, 8, "list:0:1");
        // It overlaps the append of 5, which it may see or not.
        s.ok(1, 7, 12, "append:0:5");
        s.ok(2, 8, 9, "list:0:1,2");
        s.ok(2, 13, 14, "list:0:1,2,5");
        assertEquals(List.of(), check(new SetChecker()));
    }

    @Test void setShouldFindLostInventedAndRolledBackElements() {
        s.ok(1, 1, 2, "append:0:1");
        s.ok(2, 3, 4, "list:0:");
        assertEquals(List.of("lost"), check(new SetChecker()));
        s.failed(1, 3, 4, "append:0:2");
        s.ok(2, 5, 6, "list:0:1,2");
        assertEquals(List.of("G1a", "lost"), check(new SetChecker()));
        s.ok(2, 7, 8, "list:0:1,2,3");
        assertEquals(List.of("G1a", "invented", "lost"), check(new SetChecker()));
    }

    @Test void setShouldFindWhatWasSeenAnywhereAndIsGoneOnThePrimary() {
        s.uncertain(1, 1, "append:0:1");
        s.onReplica(2, "n2", 3, 4, "list:0:1");
        s.ok(3, 5, 6, "list:0:");
        assertEquals(List.of("vanished"), check(new SetChecker()));
    }

    @Test void setShouldFindANodeThatGoesBack() {
        s.ok(1, 1, 2, "append:0:1");
        s.onReplica(2, "n2", 3, 4, "list:0:1");
        s.onReplica(3, "n3", 5, 6, "list:0:");
        assertEquals(List.of(), check(new SetChecker()));
        s.onReplica(3, "n2", 5, 6, "list:0:");
        assertEquals(List.of("vanished"), check(new SetChecker()));
    }

    @Test void longForkShouldWantOneOrderOfWrites() {
        s.ok(1, 1, 2, "write:10:1");
        s.ok(2, 1, 2, "write:11:1");
        s.onReplica(3, "n2", 3, 4, "read:10:1", "read:11:");
        s.onReplica(4, "n3", 3, 4, "read:10:", "read:11:");
        s.onReplica(4, "n3", 5, 6, "read:10:1", "read:11:1");
        s.onReplica(4, "n3", 5, 6, "read:20:", "read:21:1");
        assertEquals(List.of(), check(new LongForkChecker(10)));
        s.onReplica(4, "n3", 4, 5, "read:10:", "read:11:1");
        assertEquals(List.of("long-fork"), check(new LongForkChecker(10)));
    }

    @Test void sessionsShouldReadTheirWritesAndNotGoBack() {
        s.ok(1, 1, 2, "write:1:1");
        s.uncertain(1, 3, "write:1:2");
        s.onReplica(1, "n2", 5, 6, "read:1:1");
        s.onReplica(1, "n3", 7, 8, "read:1:2");
        assertEquals(List.of(), check(new SessionReadsChecker()));
        s.onReplica(1, "n2", 9, 10, "read:1:1");
        assertEquals(List.of("stale-session-read"), check(new SessionReadsChecker()));
        s.onReplica(1, "n2", 11, 12, "read:1:7");
        assertEquals(List.of("invented", "stale-session-read"), check(new SessionReadsChecker()));
    }

    @Test void sessionsShouldFindAMissingRowAfterAWrite() {
        s.ok(1, 1, 2, "write:1:1");
        s.onReplica(1, "n2", 5, 6, "read:1:");
        assertEquals(List.of("stale-session-read"), check(new SessionReadsChecker()));
    }

    @Test void linearizableShouldAllowAnyOrderOfWhatOverlaps() {
        s.ok(1, 1, 10, "write:1:1");
        s.ok(2, 1, 10, "write:1:2");
        s.ok(3, 2, 3, "read:1:");
        s.ok(3, 4, 5, "read:1:2");
        s.ok(4, 6, 7, "read:1:1");
        s.ok(4, 11, 12, "read:1:1");
        s.uncertain(5, 11, "write:1:3");
        s.ok(4, 13, 14, "read:1:1");
        s.ok(4, 15, 16, "read:1:3");
        s.ok(4, 17, 18, "read:1:3", "write:1:4");
        s.uncertain(5, 19, "write:1:5");
        s.onReplica(6, "n2", 20, 21, "read:1:1");
        s.ok(4, 22, 23, "read:1:4");
        assertEquals(List.of(), check(new LinearizableChecker()));
    }

    @Test void linearizableShouldFindStaleReads() {
        s.ok(1, 1, 2, "write:1:1");
        s.ok(1, 3, 4, "write:1:2");
        s.ok(3, 5, 6, "read:1:1");
        assertEquals(List.of("not-linearizable"), check(new LinearizableChecker()));
    }

    @Test void linearizableShouldFindAValueThatComesBack() {
        s.ok(1, 1, 10, "write:1:1");
        s.ok(2, 1, 10, "write:1:2");
        s.ok(3, 4, 5, "read:1:2");
        s.ok(4, 6, 7, "read:1:1");
        s.ok(4, 11, 12, "read:1:2");
        assertEquals(List.of("not-linearizable"), check(new LinearizableChecker()));
    }

    @Test void linearizableShouldFindTwoWinnersOfCompareAndSet() {
        s.ok(1, 1, 10, "read:1:", "write:1:1");
        s.ok(2, 1, 10, "read:1:", "write:1:2");
        assertEquals(List.of("not-linearizable"), check(new LinearizableChecker()));
    }

    /** Operations take effect at a random moment of theirs; then one read is made stale. */
    @Test void linearizableShouldTellGoodFromBadAtRandom() {
        for (long seed = 0; seed < 50; seed++) {
            for (boolean planted : List.of(false, true)) {
                History history = register(new Random(seed), planted);
                List<Anomaly> anomalies = new LinearizableChecker().check(history);
                assertEquals(planted, !anomalies.isEmpty(), "seed " + seed);
            }
        }
    }

    private static History register(Random random, boolean planted) {
        History history = new History();
        Long value = null;
        long written = 0;
        List<Long> busyUntil = new ArrayList<>(List.of(0L, 0L, 0L, 0L, 0L));
        for (int i = 0; i < 200; i++) {
            long effect = 100L * (i + 1);
            int process = random.nextInt(busyUntil.size());
            long from = Math.max(busyUntil.get(process) + 1, effect - random.nextInt(300));
            if (from > effect) {
                continue;
            }
            long to = effect + random.nextInt(300);
            busyUntil.set(process, to);
            Action action;
            if (random.nextBoolean()) {
                value = ++written;
                action = new Action.Write(1, value);
            } else {
                action = new Action.Read(1, value);
            }
            history.add(process, "n1", true, Level.READ_COMMITTED, from, to, Outcome.OK, List.of(action));
        }
        if (planted) {
            history.add(99, "n1", true, Level.READ_COMMITTED, 30_000, 30_001, Outcome.OK,
                List.of(new Action.Read(1, 1L)));
        }
        assertTrue(written > 10);
        return history;
    }
}
