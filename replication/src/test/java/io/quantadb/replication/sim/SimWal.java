package io.quantadb.replication.sim;

import java.util.Arrays;

/**
 * A node's WAL: records of length 1, each known by its timeline and by a hash of everything up to it, so that two
 * prefixes are equal when their last hashes are.
 */
final class SimWal {
    private long[] chain = new long[512];
    private int[] timelines = new int[512];
    private int length;
    private int durable;

    int length() {
        return length;
    }

    int durable() {
        return durable;
    }

    /** Hash of the first {@code lsn} records. */
    long chain(int lsn) {
        return chain[lsn];
    }

    int timelineBefore(int lsn) {
        return lsn == 0 ? 1 : timelines[lsn - 1];
    }

    void append(int timeline, long content) {
        append(timeline, content, mix(chain[length] ^ content * 0x9E3779B97F4A7C15L + timeline));
    }

    private void append(int timeline, long content, long hash) {
        if (length + 1 >= chain.length) {
            chain = Arrays.copyOf(chain, chain.length * 2);
            timelines = Arrays.copyOf(timelines, timelines.length * 2);
        }
        timelines[length++] = timeline;
        chain[length] = hash;
    }

    /** Appends a copy of another WAL's part. */
    void append(SimFrame frame) {
        for (int i = 0; i < frame.hashes().length; i++) {
            append(frame.timelines()[i], 0, frame.hashes()[i]);
        }
    }

    SimFrame slice(int from, int to) {
        return new SimFrame(from, chain[from], Arrays.copyOfRange(timelines, from, to),
                Arrays.copyOfRange(chain, from + 1, to + 1));
    }

    void flushed(int upTo) {
        durable = Math.max(durable, Math.min(upTo, length));
    }

    void cut(int at) {
        length = Math.min(length, at);
        durable = Math.min(durable, length);
    }

    private static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }
}
