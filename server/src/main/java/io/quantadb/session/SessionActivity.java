package io.quantadb.session;

import io.quantadb.base.Clock;

/** What pg_stat_activity shows of a session. Written by the session's thread, read by any. */
public final class SessionActivity {
    private final Clock clock;
    private volatile String state = "idle";
    private volatile String query = "";
    private volatile long queryStartMicros;
    private volatile long stateChangeMicros;
    private volatile long transactionStartMicros;
    private volatile String applicationName = "";

    SessionActivity(Clock clock) {
        this.clock = clock;
        this.stateChangeMicros = clock.wallMicros();
    }

    void active(String sql, long nowMicros) {
        query = sql;
        queryStartMicros = nowMicros;
        stateChangeMicros = nowMicros;
        state = "active";
    }

    void idle(TransactionBlock.State block) {
        state = switch (block) {
            case IDLE, IMPLICIT -> "idle";
            case BLOCK -> "idle in transaction";
            case FAILED -> "idle in transaction (aborted)";
        };
        if (block == TransactionBlock.State.IDLE) {
            transactionStartMicros = 0;
        } else if (transactionStartMicros == 0) {
            transactionStartMicros = queryStartMicros;
        }
        stateChangeMicros = Math.max(stateChangeMicros, queryStartMicros);
    }

    void applicationName(String name) {
        applicationName = name;
    }

    public String state() {
        return state;
    }

    public String query() {
        return query;
    }

    /** Microseconds since 1970; 0 if there was no statement yet. */
    public long queryStartMicros() {
        return queryStartMicros;
    }

    public long stateChangeMicros() {
        return stateChangeMicros;
    }

    /** 0 if no transaction is open. */
    public long transactionStartMicros() {
        return transactionStartMicros;
    }

    public String applicationName() {
        return applicationName;
    }

    long nowMicros() {
        return clock.wallMicros();
    }
}
