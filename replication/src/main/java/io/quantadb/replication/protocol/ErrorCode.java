package io.quantadb.replication.protocol;

/** Why a node ends a link. The numbers are on the wire and never reused. */
public enum ErrorCode {
    /** A message that has no place here, or cannot be decoded. */
    PROTOCOL(1, false),
    /** No common version. */
    VERSION(2, false),
    AUTHENTICATION(3, false),
    /** The peer's data belongs to another database system. */
    WRONG_SYSTEM(4, false),
    WRONG_CLUSTER(5, false),
    /** The node that receives this has an epoch that is over. */
    STALE_EPOCH(6, false),
    /** Starting, stopping, or between two roles: try again, or elsewhere. */
    NOT_READY(7, false),
    /** The slot lost its WAL to the retention limit. */
    SLOT_INVALIDATED(8, true),
    /** The WAL asked for has been removed. */
    WAL_REMOVED(9, true),
    TIMEOUT(10, false),
    TOO_MANY_CONNECTIONS(11, false),
    SHUTDOWN(12, false),
    /** The peer's WAL has nothing in common with ours. */
    NO_COMMON_HISTORY(13, true),
    /** A file could not be read or written. */
    IO(14, false),
    NOT_FOUND(15, false),
    /** The node may not join. */
    REFUSED(16, false),
    /** A code of a newer version. */
    UNKNOWN(0, false);

    private static final ErrorCode[] VALUES = values();

    private final int id;
    private final boolean needsBaseCopy;

    ErrorCode(int id, boolean needsBaseCopy) {
        this.id = id;
        this.needsBaseCopy = needsBaseCopy;
    }

    public int id() {
        return id;
    }

    /** Whether trying again cannot help: the replica must take a new base copy. */
    public boolean needsBaseCopy() {
        return needsBaseCopy;
    }

    public static ErrorCode of(int id) {
        for (ErrorCode code : VALUES) {
            if (code.id == id) {
                return code;
            }
        }
        return UNKNOWN;
    }
}
