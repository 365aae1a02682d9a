package io.quantadb.replication.protocol;

/** How a file of a base copy is read. The numbers are on the wire. */
public enum FileKind {
    /** Pages with checksums: each is read until it is whole. */
    RELATION(1),
    /** Any other bytes. */
    PLAIN(2);

    private final int id;

    FileKind(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    static FileKind of(int id) throws ProtocolException {
        for (FileKind kind : values()) {
            if (kind.id == id) {
                return kind;
            }
        }
        throw new ProtocolException(ErrorCode.PROTOCOL, "unknown kind of file: " + id);
    }
}
