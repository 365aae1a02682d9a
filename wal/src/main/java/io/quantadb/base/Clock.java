package io.quantadb.base;

/** Time as a seam, so that tests and the simulator decide it. Safe for use by many threads. */
public interface Clock {
    /** Wall time, microseconds since 1970-01-01 UTC. May jump. */
    long wallMicros();

    /** Monotonic time, nanoseconds since an arbitrary origin. */
    long monotonicNanos();

    /** The machine's clocks. */
    Clock SYSTEM = new Clock() {
        @Override
        public long wallMicros() {
            var now = java.time.Instant.now();
            return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    };
}
