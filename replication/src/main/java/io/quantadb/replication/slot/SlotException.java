package io.quantadb.replication.slot;

/** A slot cannot be used as asked. */
public final class SlotException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, so that callers can react to each. */
    public enum Reason {
        INVALID_NAME, NOT_FOUND, EXISTS, IN_USE, TOO_MANY,
        /** The WAL it stood for is gone. */
        INVALIDATED
    }

    private final Reason reason;

    public SlotException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
