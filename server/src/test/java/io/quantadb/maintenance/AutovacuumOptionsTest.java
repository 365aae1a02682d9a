package io.quantadb.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Goal: a table is due when PostgreSQL's documentation says so. Method: counters just at and just above the thresholds. */
class AutovacuumOptionsTest {
    private static final AutovacuumOptions DEFAULTS = AutovacuumOptions.of(Map.ofEntries(Map.entry("autovacuum", "on"),
            Map.entry("autovacuum_naptime", "60"), Map.entry("autovacuum_vacuum_cost_delay", "2"),
            Map.entry("autovacuum_vacuum_cost_limit", "-1"), Map.entry("vacuum_cost_limit", "200"),
            Map.entry("autovacuum_vacuum_threshold", "50"), Map.entry("autovacuum_vacuum_scale_factor", "0.2"),
            Map.entry("autovacuum_vacuum_insert_threshold", "1000"), Map.entry("autovacuum_vacuum_insert_scale_factor", "0.2"),
            Map.entry("autovacuum_analyze_threshold", "50"), Map.entry("autovacuum_analyze_scale_factor", "0.1"))::get);

    private final TableActivity table = new ActivityRegistry().of(5, 16384);

    @Test
    void shouldTakeLimitOfTheCommandWhereItsOwnIsNotSet() {
        assertEquals(200, DEFAULTS.costLimit());
        assertEquals(2_000, DEFAULTS.costDelayMicros());
        assertEquals(60_000, DEFAULTS.napMillis());
    }

    @Test
    void shouldVacuumAboveThresholdOfDeadRows() {
        table.dead.add(250);
        assertFalse(DEFAULTS.needsVacuum(table, 1000));
        table.dead.increment();
        assertTrue(DEFAULTS.needsVacuum(table, 1000));
        assertFalse(DEFAULTS.needsAnalyze(table, 1000));
    }

    @Test
    void shouldVacuumAfterInsertsUnlessThatIsOff() {
        table.insertedSinceVacuum.add(1001);
        assertTrue(DEFAULTS.needsVacuum(table, -1));
        assertFalse(DEFAULTS.with(Map.of("autovacuum_vacuum_insert_threshold", "-1")::get).needsVacuum(table, -1));
    }

    @Test
    void shouldAnalyzeAboveItsThreshold() {
        table.changedSinceAnalyze.add(150);
        assertFalse(DEFAULTS.needsAnalyze(table, 1000));
        table.changedSinceAnalyze.increment();
        assertTrue(DEFAULTS.needsAnalyze(table, 1000));
        table.analyzed(1000, 0, true, 7);
        assertFalse(DEFAULTS.needsAnalyze(table, 1000));
        assertEquals(1, table.analyses().automatic());
        assertEquals(7, table.analyses().automaticMicros());
        assertEquals(0, table.analyses().manual());
    }

    @Test
    void shouldLetTableSwitchItOff() {
        assertFalse(DEFAULTS.with(Map.of("autovacuum_enabled", "false")::get).enabled());
        assertTrue(DEFAULTS.with(Map.<String, String>of()::get).enabled());
    }
}
