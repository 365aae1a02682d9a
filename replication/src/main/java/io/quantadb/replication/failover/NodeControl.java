package io.quantadb.replication.failover;

import io.quantadb.replication.control.Position;
import java.util.concurrent.CompletableFuture;

/**
 * What the cluster's agent can make of its node. Called by the agent's thread alone; no method may block it for longer
 * than a few milliseconds, hence the futures. A later call overrides an earlier one that has not finished; the
 * future of the earlier one may then stay incomplete.
 */
public interface NodeControl {
    /** The end of this node's WAL on stable storage; for displays. */
    Position position();

    /**
     * Stops everything that belongs to an epoch before this one: a primary inserts no more WAL, acknowledges nothing
     * and fails what waits; a replica neither takes nor acknowledges frames. When the future completes, no byte of such
     * WAL will become durable or be acknowledged any more.
     *
     * @return the end of the last complete record on stable storage
     */
    CompletableFuture<Position> fence(long epoch);

    /**
     * Becomes, or stays, a replica: cuts WAL that is not part of the history (a primary of an earlier epoch, too), and
     * streams from the primary. Fences as {@link #fence} does. Retries by itself until told otherwise.
     */
    void follow(Upstream upstream);

    /**
     * Becomes primary: replays its WAL, cuts it at the reign's fork, starts the new timeline there, and serves 6432.
     * Also called for a primary that goes on after a restart that nobody noticed ({@code timeline} is then its own).
     *
     * @return local flush LSN, not before the fork, once WAL can be inserted; failure gives the reign back
     */
    CompletableFuture<Long> promote(Reign reign);

    /**
     * For a planned switchover: parks clients between transactions, waits for those that are in one (a bounded time),
     * and stops inserting WAL; flushes.
     *
     * @return the final LSN: end of all WAL this reign has inserted
     */
    CompletableFuture<Long> park(long epoch);

    /** The switchover was given up: serves on. Nothing happens if nothing is parked. */
    void unpark(long epoch);

    /**
     * True: as a primary without a lease, acts as a replica that is cut off; as a member that was removed, likewise.
     * False: takes that back.
     */
    void cutOff(boolean cutOff);
}
