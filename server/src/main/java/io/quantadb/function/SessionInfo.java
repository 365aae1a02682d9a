package io.quantadb.function;

import java.util.List;

/** What system functions ask of the session and of the server it runs in. Confined to the session's thread. */
public interface SessionInfo {
    /** Xid of the transaction, given one if it has none. */
    long currentXid();

    /** 0 if the transaction has written nothing. */
    long currentXidIfAssigned();

    /** {@code in progress, committed, aborted}; null if too old to say. */
    String transactionStatus(long xid);

    /** Text of a pg_snapshot: {@code xmin:xmax:xip,...}. */
    String snapshot();

    /** The message's text that is being run. */
    String currentQuery();

    /** Null for a local client. */
    String clientAddress();

    Integer clientPort();

    String serverAddress();

    Integer serverPort();

    /** Microseconds since 2000. */
    long serverStart();

    boolean inRecovery();

    /** On a replica: end of the WAL stored on this node. */
    long receivedLsn();

    long replayedLsn();

    /** When the last replayed transaction committed, microseconds since 2000; null for none. */
    Long lastReplayedCommit();

    /** Timeline of the node's WAL. */
    int timeline();

    void pauseReplay(boolean pause);

    boolean isReplayPaused();

    /** WAL position inserted up to. */
    long insertLsn();

    long flushLsn();

    boolean cancelBackend(int processId);

    boolean terminateBackend(int processId);

    boolean isSuperuser();

    /** Rows of pg_show_all_settings. */
    List<Object[]> settings();

    /** Rows of pg_cursor. */
    List<Object[]> cursors();

    /** Rows of pg_prepared_statement. */
    List<Object[]> preparedStatements();

    /** Rows of pg_get_keywords. */
    List<Object[]> keywords();
}
