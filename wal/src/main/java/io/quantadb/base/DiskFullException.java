package io.quantadb.base;

import java.io.IOException;

/** The volume (or our quota on it) has no room: an environment error that can go away by itself. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same failure as a {@code DiskFullException} if it says that the volume is full, else the argument itself. */
    public static IOException classify(IOException e) {
        if (e instanceof DiskFullException) {
            return e;
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            return new DiskFullException(message, e);
        }
        return e;
    }
}
