package io.quantadb.session;

/** When this server process started. */
public final class ServerClock {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final long START_MICROS =
        java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime() * 1000 - POSTGRES_EPOCH_MICROS;

    private ServerClock() {
    }

    /** Microseconds since 2000-01-01. */
    public static long startMicros() {
        return START_MICROS;
    }
}
