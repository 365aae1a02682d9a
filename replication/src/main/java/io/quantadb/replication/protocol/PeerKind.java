package io.quantadb.replication.protocol;

/** What a connecting peer wants to be. The numbers are on the wire. */
public enum PeerKind {
    /** Stores the WAL, acknowledges it and may be in sync. */
    REPLICA(1),
    /** A replica of a replica. */
    CASCADING(2),
    BASE_COPY(3),
    /** Asks for pages and status. */
    TOOL(4);

    private final int id;

    PeerKind(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    static PeerKind of(int id) throws ProtocolException {
        for (PeerKind kind : values()) {
            if (kind.id == id) {
                return kind;
            }
        }
        throw new ProtocolException(ErrorCode.PROTOCOL, "unknown kind of peer: " + id);
    }
}
