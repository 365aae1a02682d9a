package io.quantadb.replication.sender;

import java.util.concurrent.TimeUnit;

/**
 * How a sender works.
 *
 * @param frameBytes most WAL in a frame
 * @param windowBytes most WAL sent and not acknowledged as written
 * @param keepaliveNanos a message at least this often
 * @param timeoutNanos a peer silent for so long is given up
 * @param handshakeNanos time to get from connecting to streaming
 */
public record SenderOptions(int frameBytes, long windowBytes, long keepaliveNanos, long timeoutNanos,
        long handshakeNanos) {
    /** What {@code replication.batch_size} counts, in bytes: a commit record with a little around it. */
    private static final int RECORD_BYTES = 256;
    private static final int FRAME_MIN = 16 << 10;
    private static final int FRAME_MAX = 4 << 20;

    public static final SenderOptions DEFAULT = new SenderOptions(256 << 10, 16 << 20, TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(10));

    public SenderOptions {
        if (frameBytes < 64 || frameBytes > FRAME_MAX || windowBytes < frameBytes) {
            throw new IllegalArgumentException("frames of " + frameBytes + " bytes, window " + windowBytes);
        }
    }

    /** Frames for {@code replication.batch_size} records of usual size; 1000 gives 256 kB. */
    public SenderOptions withBatchSize(int records) {
        long bytes = Math.min(FRAME_MAX, Math.max(FRAME_MIN, (long) records * RECORD_BYTES));
        return new SenderOptions((int) bytes, Math.max(windowBytes, 4 * bytes), keepaliveNanos, timeoutNanos,
                handshakeNanos);
    }

    public SenderOptions withTimeoutMillis(long millis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        return new SenderOptions(frameBytes, windowBytes, Math.min(keepaliveNanos, nanos / 3), nanos, handshakeNanos);
    }
}
