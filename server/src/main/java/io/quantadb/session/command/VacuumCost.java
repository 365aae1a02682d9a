package io.quantadb.session.command;

import java.util.concurrent.locks.LockSupport;

/**
 * Throttle of one command: sleeps for some time after each so many points of work. Confined to the command's thread.
 *
 * <p>Differs from PostgreSQL: a point is {@value #POINT_NANOS} ns of elapsed work, not a page of some kind. What a page costs here depends
 * on more than whether it was in memory, and the aim is a share of the machine: the defaults of autovacuum leave it a fifth of a core.
 */
class VacuumCost {
    private static final long POINT_NANOS = 2_500;

    private final long delayNanos;
    private final long limitNanos;
    private long workBeganNanos = System.nanoTime();

    VacuumCost(long delayMicros, long limit) {
        delayNanos = delayMicros * 1_000;
        limitNanos = limit * POINT_NANOS;
    }

    /** As the session's settings say. */
    static VacuumCost of(CommandContext context) {
        double delayMillis = Double.parseDouble(context.session.settings().get("vacuum_cost_delay"));
        return new VacuumCost((long) (delayMillis * 1_000), context.session.settings().number("vacuum_cost_limit"));
    }

    /** Whether autovacuum does the work. */
    boolean automatic() {
        return false;
    }

    /** Called between pages, without latches. */
    void pause() {
        if (delayNanos > 0 && System.nanoTime() - workBeganNanos >= limitNanos) {
            LockSupport.parkNanos(delayNanos);
            workBeganNanos = System.nanoTime();
        }
    }
}
