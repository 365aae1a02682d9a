package io.quantadb.main;

/** The server cannot start, for a reason the operator can mend; the message says which. */
final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }
}
