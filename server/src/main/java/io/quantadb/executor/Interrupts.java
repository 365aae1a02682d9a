package io.quantadb.executor;

/** Lets running statements notice cancel requests, statement timeouts and shutdown. */
@FunctionalInterface
public interface Interrupts {
    Interrupts NONE = () -> {
    };

    /** Cheap when nothing happened; else throws SqlException 57014 or 57P01. */
    void check();
}
