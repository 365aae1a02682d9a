package io.quantadb.replication.failover;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Position;
import io.quantadb.replication.control.RaftView;

/** What the agent learns. Immutable. */
public sealed interface Event {
    /** The control state after another command, or a later one. */
    record Applied(ControlState state) implements Event {
    }

    /** Time passes, or the leadership has changed. */
    record Tick(RaftView view) implements Event {
    }

    /** The outcome of a proposal is known, or never will be. */
    record Proposed(Command command) implements Event {
    }

    /** The node has fenced itself; null = it failed and is to be tried again. */
    record Fenced(long epoch, Position position) implements Event {
    }

    /** The node can insert WAL; a negative LSN = it failed. */
    record Promoted(long epoch, long flushLsn) implements Event {
    }

    /** The primary has stopped inserting; a negative LSN = it could not. */
    record Parked(long epoch, long finalLsn) implements Event {
    }
}
