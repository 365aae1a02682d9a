package io.quantadb.it.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: the anomalies that registers can show are found. Method: small histories, good and bad. */
class RegisterCheckerTest {
    private static List<String> check(Level level, Scenario scenario) {
        return Scenario.kinds(new RegisterChecker(level).check(scenario.history));
    }

    private static void assertKinds(Scenario scenario, String... byLevel) {
        assertEquals(List.of(byLevel), Arrays.stream(Level.values())
            .map(level -> String.join(" ", check(level, scenario))).toList());
    }

    @Test void shouldAcceptASerialHistory() {
        Scenario s = new Scenario(Level.SERIALIZABLE);
        s.ok(1, 1, 2, "read:1:", "write:1:1", "read:1:1");
        s.ok(2, 3, 4, "read:1:1", "write:1:2", "write:2:1");
        s.uncertain(3, 3, "read:1:1", "write:1:3");
        s.failed(4, 3, 5, "read:1:1", "write:1:4");
        s.ok(1, 5, 6, "read:1:2", "read:2:1");
        s.onReplica(5, "n2", 7, 8, "read:1:1", "read:2:");
        assertKinds(s, "", "", "");
    }

    @Test void shouldFindDirtyAndIntermediateReads() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.failed(1, 1, 2, "write:1:1");
        s.ok(2, 3, 4, "read:1:1");
        assertKinds(s, "G1a", "G1a", "G1a");

        Scenario t = new Scenario(Level.READ_COMMITTED);
        t.ok(1, 1, 9, "write:1:1", "write:1:2");
        t.ok(2, 1, 9, "read:1:1");
        assertKinds(t, "G1b", "G1b", "G1b");
    }

    @Test void shouldFindCircularInformationFlow() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 9, "write:1:1", "read:2:1");
        s.ok(2, 1, 9, "write:2:1", "read:1:1");
        assertKinds(s, "G1c", "G1c", "G1c");
    }

    @Test void shouldFindReadSkew() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 2, "write:1:1", "write:2:1");
        s.onReplica(2, "n2", 3, 4, "read:1:", "read:2:1");
        assertKinds(s, "", "G-single", "G-single");
    }

    @Test void shouldFindLostUpdates() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 2, "write:1:1");
        s.ok(2, 3, 9, "read:1:1", "write:1:2");
        s.ok(3, 3, 9, "read:1:1", "write:1:3");
        assertEquals(List.of(), check(Level.READ_COMMITTED, s));
        assertTrue(check(Level.REPEATABLE_READ, s).contains("lost-update"));
    }

    @Test void shouldAllowWriteSkewToSnapshotsOnly() {
        Scenario s = new Scenario(Level.SERIALIZABLE);
        s.ok(1, 1, 9, "read:1:", "write:2:1");
        s.ok(2, 1, 9, "read:2:", "write:1:1");
        assertKinds(s, "", "", "G2-item");
    }

    @Test void shouldFindStaleReads() {
        Scenario s = new Scenario(Level.READ_COMMITTED);
        s.ok(1, 1, 2, "read:1:", "write:1:1");
        s.ok(2, 3, 4, "read:1:");
        assertTrue(check(Level.READ_COMMITTED, s).contains("stale-read"));
    }

    @Test void shouldFindTransactionsThatContradictThemselves() {
        Scenario s = new Scenario(Level.REPEATABLE_READ);
        s.ok(1, 1, 2, "write:1:1");
        s.ok(2, 1, 9, "read:1:", "read:1:1");
        assertEquals(List.of(), check(Level.READ_COMMITTED, s));
        assertTrue(check(Level.REPEATABLE_READ, s).contains("internal"));
        s.ok(3, 10, 11, "write:1:2", "read:1:1");
        assertTrue(check(Level.READ_COMMITTED, s).contains("internal"));
    }
}
