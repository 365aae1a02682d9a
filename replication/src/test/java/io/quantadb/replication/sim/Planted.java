package io.quantadb.replication.sim;

/** Bugs that the simulator must find, each planted in the model around the real step functions. */
enum Planted {
    NONE,
    /** A replica acknowledges what it has written and not flushed. */
    ACKNOWLEDGE_BEFORE_FLUSH,
    /** Reports and elections of an earlier epoch count in a later one. */
    NO_EPOCH_CHECK,
    /** The primary stops waiting for a member when it proposes the removal. */
    SHRINK_BEFORE_COMMIT,
    /** A candidate reports its position and goes on taking and acknowledging WAL. */
    REPORT_BEFORE_FENCING,
    /** Every data node may be elected. */
    ELECT_OUTSIDE_THE_SET,
    /** Snapshots are taken on a primary without a lease. */
    IGNORE_THE_LEASE,
    /** A leader elects without waiting for the old primary's lease. */
    ELECT_WITHIN_A_LEASE,
    /** A primary whose process is new goes on where its WAL ends. */
    RESTARTED_PRIMARY_GOES_ON,
    /** A node acts on the control state before it knows what was decided while it was down. */
    NO_HELLO,
    /** A new member counts as in sync before commits wait for it. */
    ADD_WITHOUT_WAITING
}
