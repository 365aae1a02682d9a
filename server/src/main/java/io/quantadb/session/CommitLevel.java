package io.quantadb.session;

import java.util.Locale;

/** What a commit's reply waits for: the values of synchronous_commit. What is visible to others does not depend on it. */
public enum CommitLevel {
    /** Nothing. */
    OFF,
    /** The local flush. */
    LOCAL,
    /** The in-sync set has handed the commit to its operating systems, and it is flushed here. */
    REMOTE_WRITE,
    /** The durable horizon: everybody in the in-sync set has flushed it. */
    ON,
    /** The horizon, and everybody in the in-sync set has replayed it: a read there sees it. */
    REMOTE_APPLY;

    /** @param setting a valid value of synchronous_commit in stored form */
    static CommitLevel of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }

    /** Whether the client may be told before the horizon has passed the commit. */
    boolean isBelowHorizon() {
        return this == OFF || this == LOCAL || this == REMOTE_WRITE;
    }

    /** Whether the session's thread itself waits, where there is a cluster. Replies that wait for the horizon only are held by the connection. */
    boolean needsThread() {
        return this == LOCAL || this == REMOTE_WRITE || this == REMOTE_APPLY;
    }
}
