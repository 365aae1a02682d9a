package io.quantadb.wal.writer;

import java.util.concurrent.atomic.AtomicLong;

/** An atomic number alone on its cache line: positions that different threads write must not slow each other down. */
@SuppressWarnings("unused")
final class PaddedLong extends AtomicLong {
    private static final long serialVersionUID = 1L;

    private long p0;
    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;
    private long p8;
    private long p9;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;

    PaddedLong(long value) {
        super(value);
    }

    /** Raises the value to at least {@code target}. */
    void raise(long target) {
        long current = get();
        while (current < target && !compareAndSet(current, target)) {
            current = get();
        }
    }
}
