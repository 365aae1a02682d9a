package io.quantadb.base;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class SimClock implements Clock {
    /** 2026-01-01 00:00 UTC. */
    public static final long START_WALL_MICROS = 1_767_225_600_000_000L;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallOffsetMicros = new AtomicLong(START_WALL_MICROS);

    @Override
    public long wallMicros() {
        return wallOffsetMicros.get() + nanos.get() / 1_000;
    }

    @Override
    public long monotonicNanos() {
        return nanos.get();
    }

    public void advanceMillis(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    public void advanceNanos(long count) {
        nanos.addAndGet(count);
    }

    /** Lets the wall time jump, as a human or NTP does. */
    public void jumpWallMicros(long micros) {
        wallOffsetMicros.addAndGet(micros);
    }
}
