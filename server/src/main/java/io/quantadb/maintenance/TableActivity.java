package io.quantadb.maintenance;

import java.util.concurrent.atomic.LongAdder;

/**
 * What was done to one table or index since the server started: the numbers behind the statistics views, and what autovacuum goes by.
 * Safe for use by many threads.
 *
 * <p>{@code live} and {@code dead} are estimates that VACUUM and ANALYZE correct. Nothing of it survives a restart.
 */
public final class TableActivity {
    private final int databaseOid;
    private final int relationOid;
    public final LongAdder sequentialScans = new LongAdder();
    public final LongAdder sequentialRows = new LongAdder();
    public final LongAdder indexScans = new LongAdder();
    public final LongAdder indexRows = new LongAdder();
    public final LongAdder inserted = new LongAdder();
    public final LongAdder updated = new LongAdder();
    public final LongAdder deleted = new LongAdder();
    public final LongAdder hotUpdated = new LongAdder();
    public final LongAdder live = new LongAdder();
    public final LongAdder dead = new LongAdder();
    public final LongAdder changedSinceAnalyze = new LongAdder();
    public final LongAdder insertedSinceVacuum = new LongAdder();
    private volatile Upkeep vacuums = Upkeep.NEVER;
    private volatile Upkeep analyses = Upkeep.NEVER;

    /**
     * How often the table was vacuumed or analysed, and when last: microseconds since 1970, 0 for never.
     *
     * @param automatic times autovacuum did it, {@code manual} times by command
     */
    public record Upkeep(long manual, long manualMicros, long automatic, long automaticMicros) {
        static final Upkeep NEVER = new Upkeep(0, 0, 0, 0);

        Upkeep done(boolean byAutovacuum, long nowMicros) {
            return byAutovacuum ? new Upkeep(manual, manualMicros, automatic + 1, nowMicros)
                    : new Upkeep(manual + 1, nowMicros, automatic, automaticMicros);
        }
    }

    TableActivity(int databaseOid, int relationOid) {
        this.databaseOid = databaseOid;
        this.relationOid = relationOid;
    }

    /** 0 for shared relations. */
    public int databaseOid() {
        return databaseOid;
    }

    public int relationOid() {
        return relationOid;
    }

    public Upkeep vacuums() {
        return vacuums;
    }

    public Upkeep analyses() {
        return analyses;
    }

    /** A vacuum ended. Changes made while it ran may be lost from the count: the next one finds them. */
    public void vacuumed(long liveRows, long deadRows, boolean automatic, long nowMicros) {
        set(live, liveRows);
        set(dead, deadRows);
        insertedSinceVacuum.reset();
        vacuums = vacuums.done(automatic, nowMicros);
    }

    public void analyzed(long liveRows, long deadRows, boolean automatic, long nowMicros) {
        set(live, liveRows);
        set(dead, deadRows);
        changedSinceAnalyze.reset();
        analyses = analyses.done(automatic, nowMicros);
    }

    /** TRUNCATE: nothing is left. */
    public void emptied() {
        live.reset();
        dead.reset();
        insertedSinceVacuum.reset();
    }

    private static void set(LongAdder adder, long value) {
        adder.reset();
        adder.add(value);
    }
}
