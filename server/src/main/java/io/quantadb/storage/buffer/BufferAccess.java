package io.quantadb.storage.buffer;

/**
 * How an access is going to use the pool; anything but NORMAL recycles a small ring of buffers instead of pushing
 * others' pages out.
 */
public enum BufferAccess {
    /** Whole pool, clock sweep. */
    NORMAL(0),
    /** A sequential scan larger than a quarter of the pool. */
    BULK_READ(64),
    /** COPY, CREATE TABLE AS and other bulk loads: large, so that the WAL is flushed in large pieces. */
    BULK_WRITE(2048),
    /** Vacuum. */
    VACUUM(64);

    private final int ringPages;

    BufferAccess(int ringPages) {
        this.ringPages = ringPages;
    }

    int ringPages() {
        return ringPages;
    }
}
