package io.quantadb.replication.failover;

import io.quantadb.replication.control.Command;

/** What the agent wants done. Immutable. */
public sealed interface Action {
    /** Proposes a command; the outcome comes back as {@link Event.Proposed}. */
    record Propose(Command command, boolean asLeader) implements Action {
    }

    /** {@link NodeControl#fence}; answered by {@link Event.Fenced}. */
    record Fence(long epoch) implements Action {
    }

    /** {@link NodeControl#follow}. */
    record Follow(Upstream upstream) implements Action {
    }

    /** {@link NodeControl#promote}; answered by {@link Event.Promoted}. */
    record Promote(Reign reign) implements Action {
    }

    /** {@link NodeControl#park}; answered by {@link Event.Parked}. */
    record Park(long epoch) implements Action {
    }

    /** {@link NodeControl#unpark}. */
    record Unpark(long epoch) implements Action {
    }

    /** {@link NodeControl#cutOff}. */
    record CutOff(boolean cutOff) implements Action {
    }

    /** Hands the Raft leadership over. */
    record Transfer(String node) implements Action {
    }
}
