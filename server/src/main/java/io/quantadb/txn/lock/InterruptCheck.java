package io.quantadb.txn.lock;

/** Lets a waiting session notice cancel requests and timeouts. Called by the waiting thread when it is woken. */
@FunctionalInterface
public interface InterruptCheck {
    InterruptCheck NONE = () -> { };

    /**
     * Returns if nothing happened.
     *
     * @throws io.quantadb.error.SqlException 57014 or 57P01: the wait ends and nothing was acquired
     */
    void check();
}
