package io.quantadb.base;

/**
 * Constants and rules of transaction ids: 64 bits wide, assigned in order, never reused, no wraparound.
 *
 * <p>Xids travel as raw {@code long}: they are read for every row version.
 */
public final class Xid {
    /** "No transaction": an unset xmax, a read-only transaction. */
    public static final long INVALID = 0;
    /** Inserter of the rows that the bootstrap wrote: committed before every snapshot. */
    public static final long BOOTSTRAP = 1;
    /** First xid a running system assigns. */
    public static final long FIRST_NORMAL = 3;

    private Xid() {
    }
}
