package io.quantadb.replication.failover;

import java.util.concurrent.TimeUnit;

/**
 * Times of the failover; all in nanoseconds.
 *
 * @param minInSync configured; 0 = chosen by the number of nodes
 * @param lease longer than the Raft group's, so that clocks may differ in speed: a new leader waits for it to lapse
 * before it makes another node primary
 * @param leaseGrace a primary that has no lease for so long behaves as cut off
 * @param probe a new leader gives the primary so long to answer its first heartbeat
 * @param dead a primary that answered and then did not for so long is dead
 * @param reportWait how long an election waits for candidates that are alive and have not reported
 * @param stall a primary that no in-sync replica has answered for so long gives way
 * @param handBack pause between attempts to hand the leadership to the primary
 * @param cannotLead a primary that answers but has not become leader after so long is replaced
 * @param noCandidate an election that nobody can win is repeated with all candidates after so long
 * @param retry of proposals without outcome
 * @param park longest stop of a planned switchover
 * @param plan how long a switchover waits for its target to catch up
 * @param parkLagBytes the target is close enough to stop the primary
 */
public record FailoverOptions(int minInSync, long lease, long leaseGrace, long probe, long dead, long reportWait,
        long stall, long handBack, long cannotLead, long noCandidate, long retry, long park, long plan,
        long parkLagBytes) {
    /** For Raft timeouts of 150 to 300 ms. */
    public static final FailoverOptions DEFAULT = of(0, 150, 300);

    /** Derived from the Raft group's election timeouts. */
    public static FailoverOptions of(int minInSync, int timeoutMinMillis, int timeoutMaxMillis) {
        return new FailoverOptions(minInSync, ms(timeoutMinMillis), ms(timeoutMaxMillis * 4L), ms(100),
                ms(timeoutMaxMillis), ms(500), ms(1000), ms(timeoutMaxMillis), ms(3000), ms(3000), ms(500),
                ms(3000), ms(10_000), 1 << 20);
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
