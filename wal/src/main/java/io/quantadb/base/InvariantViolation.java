package io.quantadb.base;

/** A broken invariant. Caught only by the process supervisor, which stops the server. */
public final class InvariantViolation extends Error {
    private static final long serialVersionUID = 1L;

    public InvariantViolation(String message) {
        super(message);
    }
}
