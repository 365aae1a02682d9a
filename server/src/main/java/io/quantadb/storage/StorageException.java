package io.quantadb.storage;

import io.quantadb.error.SqlState;
import java.io.IOException;

/**
 * The environment failed below a storage operation: a full disk, an I/O error, a damaged page, a pool without a free
 * buffer.
 *
 * <p>Neither the user's mistake nor a bug. The statement fails with {@link #sqlState()}; nothing in memory was changed
 * by the operation that threw it, and it may be tried again. A failed sync is another matter: {@link #isFatal()} says
 * that the process must stop and recover, because the kernel may have dropped what it could not write.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SqlState sqlState;
    private final boolean fatal;
    private final String hint;

    private StorageException(SqlState sqlState, boolean fatal, String message, String hint, Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
        this.fatal = fatal;
        this.hint = hint;
    }

    /**
     * Classifies a failed file operation: no space 53100, absent file 58P01, anything else 58030.
     *
     * @param doing what failed, as in {@code could not extend file "base/5/16384"}
     */
    public static StorageException of(String doing, IOException cause) {
        if (isNoSpace(cause)) {
            return new StorageException(SqlState.DISK_FULL, false, doing + ": No space left on device",
                "Check free disk space.", cause);
        }
        if (cause instanceof java.nio.file.NoSuchFileException) {
            return new StorageException(SqlState.UNDEFINED_FILE, false, doing + ": No such file or directory", null,
                cause);
        }
        return new StorageException(SqlState.IO_ERROR, false, doing + ": " + cause.getMessage(), null, cause);
    }

    /** A sync failed: what was written since the last one may be lost although later syncs succeed. */
    public static StorageException syncFailed(String path, IOException cause) {
        return new StorageException(SqlState.IO_ERROR, true, "could not fsync file \"" + path + "\": "
            + cause.getMessage(), null, cause);
    }

    /** A page or file does not contain what was written to it: XX001. */
    public static StorageException corrupted(String message) {
        return new StorageException(SqlState.DATA_CORRUPTED, false, message, null, null);
    }

    /** A new file's name is taken: 58P02. */
    public static StorageException fileExists(String path) {
        return new StorageException(SqlState.DUPLICATE_FILE, false, "could not create file \"" + path
            + "\": File exists", null, null);
    }

    /** Every buffer is pinned: 53000. */
    public static StorageException noFreeBuffer(int buffers) {
        return new StorageException(SqlState.INSUFFICIENT_RESOURCES, false,
            "no unpinned buffers available: all " + buffers + " are in use",
            "Increase storage.buffer_pool_size or run fewer statements at once.", null);
    }

    private static boolean isNoSpace(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }

    public SqlState sqlState() {
        return sqlState;
    }

    /** Advice for the user; null if there is none. */
    public String hint() {
        return hint;
    }

    /** The process must stop and recover from the WAL. */
    public boolean isFatal() {
        return fatal;
    }
}
