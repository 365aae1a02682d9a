package io.quantadb.it.cluster;

/** What a link carries; each kind can be cut alone. */
public enum PortKind {
    /** Clients: 5432. */
    SQL,
    /** WAL: 6432. */
    REPLICATION,
    /** Control state: 7432. */
    RAFT
}
