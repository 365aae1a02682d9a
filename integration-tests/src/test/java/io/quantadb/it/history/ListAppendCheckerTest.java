package io.quantadb.it.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Goal: each planted anomaly is found and named, and correct histories pass. Method: small histories, and a model. */
class ListAppendCheckerTest {
    private static final int SEEDS = 40;

    private static List<String> check(Level level, Scenario scenario) {
        return Scenario.kinds(new ListAppendChecker(level).check(scenario.history));
    }

    private static void assertKinds(Scenario scenario, String readCommitted, String repeatableRead,
        String serializable) {
        assertEquals(List.of(readCommitted, repeatableRead, serializable), java.util.Arrays.stream(Level.values())
            .map(level -> String.join(" ", check(level, scenario))).toList());
    }

    @Test void shouldAcceptASerialHistory() {
        Scenario s = new Scenario(Level.SERIALIZABLE);
        s.ok(1, 1, 2, "append:1:1", "append:2:1");
        s.ok(2, 3, 4, "list:1:1", "append:1:2", "list:1:1,2");
        s.failed(3, 3, 5, "append:1:9");
        s.uncertain(4, 4, "append:2:2");
        s.uncertain(4, 5, "append:2:3");
        s.ok(1, 6, 7, "list:1:1,2", "list:2:1,2", "list:3:");
        s.onReplica(5, "n2", 8, 9, "list:1:1", "list:2:1");
        assertKinds(s, "", "", "");
    }

    @Test void shouldFindWriteCycles() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 9, "append:1:1", "append:2:1");
        s.ok(2, 1, 9, "append:1:2", "append:2:2");
        s.ok(3, 10, 11, "list:1:1,2", "list:2:2,1");
        assertKinds(s, "G0", "G0", "G0");
    }

    @Test void shouldFindReadsOfFailedAndUnfinishedWriters() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.failed(1, 1, 2, "append:1:1");
        s.ok(2, 3, 4, "list:1:1");
        assertKinds(s, "G1a", "G1a", "G1a");

        Scenario t = new Scenario(Level.READ_COMMITTED);
        t.ok(1, 1, 9, "append:1:1", "append:1:2");
        t.ok(2, 1, 4, "list:1:1");
        // Having read the first half, it has missed the second, which makes a cycle too.
        assertEquals(List.of("G1b"), check(Level.READ_COMMITTED, t));
        assertTrue(check(Level.REPEATABLE_READ, t).contains("G1b"));
    }

    @Test void shouldFindCircularInformationFlow() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 9, "append:1:1", "list:2:1");
        s.ok(2, 1, 9, "append:2:1", "list:1:1");
        assertKinds(s, "G1c", "G1c", "G1c");
    }

    @Test void shouldFindReadSkewWhereSnapshotsAreDue() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 9, "append:1:1", "append:2:1");
        s.ok(2, 1, 9, "list:1:", "list:2:1");
        assertKinds(s, "", "G-single", "G-single");
    }

    @Test void shouldFindReadSkewOnReplicas() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 2, "append:1:1", "append:2:1");
        s.onReplica(2, "n2", 5, 9, "list:1:", "list:2:1");
        s.onReplica(3, "n3", 5, 9, "list:1:1", "list:2:1");
        assertKinds(s, "", "G-single", "G-single");
    }

    @Test void shouldAllowWriteSkewToSnapshotsOnly() {
        Scenario s = new Scenario(Level.SERIALIZABLE);
        s.ok(1, 1, 9, "list:1:", "append:2:1");
        s.ok(2, 1, 9, "list:2:", "append:1:1");
        s.ok(3, 10, 11, "list:1:1", "list:2:1");
        assertKinds(s, "", "", "G2-item");
    }

    @Test void shouldFindALongForkAmongLists() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 2, "append:1:1");
        s.ok(2, 1, 2, "append:2:1");
        s.onReplica(3, "n2", 3, 4, "list:1:1", "list:2:");
        s.onReplica(4, "n3", 3, 4, "list:1:", "list:2:1");
        s.ok(5, 8, 9, "list:1:1", "list:2:1");
        assertKinds(s, "", "G-nonadjacent", "G-nonadjacent");
    }

    @Test void shouldFindLostUpdates() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 9, "list:1:", "append:1:1");
        s.ok(2, 1, 9, "list:1:", "append:1:2");
        s.ok(3, 10, 11, "list:1:1,2");
        assertKinds(s, "", "G-single", "G-single");
    }

    @Test void shouldFindWhatIsLostOrReordered() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 2, "append:1:1");
        s.ok(1, 3, 4, "append:1:2");
        s.ok(2, 5, 6, "list:1:1");
        for (Level level : Level.values()) {
            assertTrue(check(level, s).containsAll(List.of("lost", "stale-read")), () -> level.toString());
        }

        Scenario t = new Scenario(Level.READ_COMMITTED);
        t.ok(1, 1, 2, "append:1:1");
        t.ok(1, 1, 2, "append:1:2");
        t.ok(2, 3, 4, "list:1:1,2");
        t.ok(2, 3, 4, "list:1:2");
        assertTrue(check(Level.READ_COMMITTED, t).contains("incompatible-order"));
    }

    @Test void shouldFindStaleReadsOnThePrimaryButNotOnReplicas() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 2, "append:1:1");
        s.ok(2, 3, 4, "list:1:");
        s.ok(2, 5, 6, "list:1:1");
        assertEquals(List.of("stale-read"), check(Level.READ_COMMITTED, s));
        assertEquals(List.of("G-single-realtime", "stale-read"), check(Level.REPEATABLE_READ, s));

        Scenario t = new Scenario(Level.REPEATABLE_READ);
        t.ok(1, 1, 2, "append:1:1");
        t.onReplica(2, "n2", 3, 4, "list:1:");
        t.ok(2, 5, 6, "list:1:1");
        assertKinds(t, "", "", "");
    }

    @Test void shouldFindWritesThatCameBeforeThoseTheyFollowed() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 2, "append:1:1");
        s.ok(1, 3, 4, "append:1:2");
        s.ok(2, 5, 6, "list:1:2,1");
        assertKinds(s, "G0-realtime", "G0-realtime", "G0-realtime");
    }

    @Test void shouldFindTransactionsThatContradictThemselves() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 2, "append:1:1", "list:1:");
        assertTrue(check(Level.READ_COMMITTED, s).contains("internal"));

        Scenario t = new Scenario(Level.REPEATABLE_READ);
        t.ok(1, 1, 2, "append:1:1");
        t.ok(2, 1, 4, "list:1:", "list:1:1");
        assertEquals(List.of(), check(Level.READ_COMMITTED, t));
        assertTrue(check(Level.REPEATABLE_READ, t).contains("internal"));
    }

    @Test void shouldAcceptLongHistoriesOfACorrectStore() {
        Set<String> serializable = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            History history = SnapshotStore.run(SnapshotStore.Mistake.NONE, seed, 3_000);
            assertEquals(List.of(), new ListAppendChecker(Level.REPEATABLE_READ).check(history), "seed " + seed);
            assertEquals(List.of(), new ListAppendChecker(Level.READ_COMMITTED).check(history), "seed " + seed);
            serializable.addAll(Scenario.kinds(new ListAppendChecker(Level.SERIALIZABLE).check(history)));
        }
        assertEquals(Set.of("G2-item"), serializable, "snapshot isolation allows write skew, and nothing else");
    }

    @ParameterizedTest
    @CsvSource({"READ_COMMITTED, G-single", "LOST_UPDATE, lost", "DIRTY_READ, G1a", "OLD_SNAPSHOT, stale-read",
        "LOST_COMMIT, lost"})
    void shouldFindTheMistakesOfAStore(SnapshotStore.Mistake mistake, String kind) {
        Set<String> kinds = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            History history = SnapshotStore.run(mistake, seed, 3_000);
            List<Anomaly> anomalies = new ListAppendChecker(Level.REPEATABLE_READ).check(history);
            assertTrue(!anomalies.isEmpty(), "seed " + seed);
            kinds.addAll(Scenario.kinds(anomalies));
        }
        assertTrue(kinds.contains(kind), kinds::toString);
    }

    @Test void shouldCheckTenThousandTransactionsInSeconds() {
        History history = SnapshotStore.run(SnapshotStore.Mistake.NONE, 7, 35_000);
        long started = System.nanoTime();
        assertEquals(List.of(), new ListAppendChecker(Level.REPEATABLE_READ).check(history));
        assertTrue(System.nanoTime() - started < 60e9, "size " + history.size());
    }

    @Test void shouldKeepAHistoryInAFile() throws IOException {
        History history = SnapshotStore.run(SnapshotStore.Mistake.NONE, 3, 500);
        Path file = Files.createTempFile("history", ".txt");
        try {
            history.save(file);
            assertEquals(history.txns(), History.load(file).txns());
            assertTrue(Files.readString(file).lines().collect(Collectors.toSet()).size() > 50);
        } finally {
            Files.delete(file);
        }
    }
}
