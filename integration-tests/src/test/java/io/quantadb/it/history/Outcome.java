package io.quantadb.it.history;

/** What a client knows about the end of its transaction. */
public enum Outcome {
    /** Acknowledged: it happened. */
    OK,
    /** It did not happen, and never will. */
    FAIL,
    /** Nobody told the client: it may have happened, or may still. */
    INFO
}
