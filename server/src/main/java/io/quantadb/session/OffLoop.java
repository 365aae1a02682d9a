package io.quantadb.session;

/**
 * "Run this on a thread that may wait." Thrown on an event loop before a statement has had any effect; the message is
 * then handled again from its beginning on a virtual
 * thread. Without stack trace, because it is ordinary control flow.
 */
public final class OffLoop extends RuntimeException {
    private static final long serialVersionUID = 1L;
    public static final OffLoop INSTANCE = new OffLoop();

    private OffLoop() {
        super("statement may wait", null, false, false);
    }
}
