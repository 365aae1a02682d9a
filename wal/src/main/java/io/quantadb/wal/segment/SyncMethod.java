package io.quantadb.wal.segment;

/** How WAL reaches stable storage: the setting {@code wal.sync_method}. */
public enum SyncMethod {
    /** Data and all metadata after the write. */
    FSYNC,
    /** Data after the write; enough, because segments have their full length from the start. */
    FDATASYNC,
    /** Each write returns when its data is durable. */
    OPEN_DATASYNC;

    /** Parses the lower-case name. Throws {@link IllegalArgumentException} for anything else. */
    public static SyncMethod parse(String text) {
        for (SyncMethod method : values()) {
            if (method.toString().equals(text)) {
                return method;
            }
        }
        throw new IllegalArgumentException("sync method \"" + text + "\" is not one of "
                + "fsync, fdatasync, open_datasync");
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
