package io.quantadb.replication.receiver;

import java.util.concurrent.TimeUnit;

/**
 * How a receiver works.
 *
 * @param timeoutNanos a sender silent for so long is given up
 * @param statusNanos positions are reported at least this often
 * @param replayReportNanos a replay position that nobody waits for is reported at most this often
 * @param reportBytes written WAL that makes a report, so that the sender's window opens
 */
public record ReceiverOptions(long timeoutNanos, long statusNanos, long replayReportNanos, long reportBytes) {
    public static final ReceiverOptions DEFAULT = new ReceiverOptions(TimeUnit.SECONDS.toNanos(10),
            TimeUnit.SECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(20), 1 << 20);

    public ReceiverOptions withTimeoutMillis(long millis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        return new ReceiverOptions(nanos, Math.min(statusNanos, nanos / 3), replayReportNanos, reportBytes);
    }
}
