package io.quantadb.txn.lock;

/**
 * Thrown under {@link WaitPolicy#WOULD_BLOCK} instead of waiting. One preallocated instance without stack trace.
 *
 * <p>The statement undoes what it did as if it had failed (its command changed nothing visible yet, or it ran in a subtransaction) and runs
 * again where waiting is allowed.
 */
public final class WouldBlock extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final WouldBlock INSTANCE = new WouldBlock();

    private WouldBlock() {
        super("would block", null, false, false);
    }
}
