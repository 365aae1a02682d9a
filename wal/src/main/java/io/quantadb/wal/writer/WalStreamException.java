package io.quantadb.wal.writer;

import java.io.IOException;

/** Received bytes do not continue the WAL: a gap, a damaged record, or one that belongs elsewhere. */
public final class WalStreamException extends IOException {
    private static final long serialVersionUID = 1L;

    public WalStreamException(String message) {
        super(message);
    }
}
