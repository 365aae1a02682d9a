package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.Interrupts;

/**
 * What other threads want of a session: cancel its statement, time it out, end it. Requests may come from any thread;
 * {@link #check} belongs to the session's.
 */
public final class SessionInterrupts implements Interrupts {
    /** Requests, strongest last. */
    enum Request { NONE, CANCEL, STATEMENT_TIMEOUT, RECOVERY_CONFLICT, TERMINATE, SHUTDOWN }

    private volatile Request request = Request.NONE;
    private final Runnable wake;

    /** @param wake wakes the session's thread if it waits for a lock */
    SessionInterrupts(Runnable wake) {
        this.wake = wake;
    }

    synchronized void raise(Request newRequest) {
        if (newRequest.compareTo(request) > 0) {
            request = newRequest;
        }
        wake.run();
    }

    /** A new statement begins: what was meant for the one before is forgotten, but not the end of the session. */
    synchronized void beginStatement() {
        if (request == Request.CANCEL || request == Request.STATEMENT_TIMEOUT) {
            request = Request.NONE;
        }
    }

    /** No transaction is running any more whose snapshot could be too old. */
    void endConflict() {
        if (request == Request.RECOVERY_CONFLICT) {
            synchronized (this) {
                if (request == Request.RECOVERY_CONFLICT) {
                    request = Request.NONE;
                }
            }
        }
    }

    /** Throws 40001 if replay has removed what a snapshot of this session might need. */
    void checkConflict() {
        if (request == Request.RECOVERY_CONFLICT) {
            fail();
        }
    }

    boolean isTerminated() {
        return request.compareTo(Request.TERMINATE) >= 0;
    }

    @Override
    public void check() {
        if (request != Request.NONE) {
            fail();
        }
    }

    private void fail() {
        Request now = request;
        switch (now) {
            case CANCEL -> {
                beginStatement();
                throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
            }
            case STATEMENT_TIMEOUT -> {
                beginStatement();
                throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to statement timeout");
            }
            case RECOVERY_CONFLICT -> throw new SqlException(SqlState.SERIALIZATION_FAILURE, "canceling statement due to conflict with recovery")
                .withDetail("User query might have needed to see row versions that must be removed.");
            case TERMINATE, SHUTDOWN -> throw new SqlException(SqlState.ADMIN_SHUTDOWN,
                "terminating connection due to administrator command").fatal();
            case NONE -> { }
        }
    }
}
