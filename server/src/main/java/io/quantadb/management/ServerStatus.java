package io.quantadb.management;

/** What the API tells about this node. Implemented by the composition root; safe for use by many threads. */
public interface ServerStatus {
    String nodeId();

    String version();

    /** When the server became ready, milliseconds since 1970. */
    long readySinceMillis();

    /** Raw LSN of the end of the WAL. */
    long insertLsn();

    long flushLsn();

    /** The timeline WAL is inserted on or followed. */
    int timeline();

    int sessions();

    int maxSessions();

    /** Whether statements are accepted. */
    boolean isReady();
}
