package io.quantadb.it.cluster;

/**
 * The bytes of one kind from one party to another, over all their connections, as long as the test lives: lets them
 * pass, holds them, delays them, or breaks the connections. Any thread; a change applies at once.
 *
 * <p>What is held is delivered when the flow is healed, as TCP would by retransmission: old messages arrive late.
 */
public final class Flow {
    private boolean held;
    private boolean broken;
    private int delayMillis;
    private long bytesPerSecond = Long.MAX_VALUE;
    private int breaks;

    /** Nothing passes until {@link #heal}; connections stay. */
    public synchronized void hold() {
        held = true;
    }

    /** Connections are reset, and new ones at once, until {@link #heal}. */
    public synchronized void reset() {
        broken = true;
        breaks++;
        notifyAll();
    }

    /** @param millis that each byte takes longer */
    public synchronized void delay(int millis) {
        delayMillis = millis;
    }

    /** For each connection. */
    public synchronized void throttle(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** Everything passes again. */
    public synchronized void heal() {
        held = false;
        broken = false;
        delayMillis = 0;
        bytesPerSecond = Long.MAX_VALUE;
        notifyAll();
    }

    synchronized int delayMillis() {
        return delayMillis;
    }

    synchronized boolean broken() {
        return broken;
    }

    /** Grows with each {@link #reset}: a connection that began at another number has been reset. */
    synchronized int breaks() {
        return breaks;
    }

    /** Waits while the flow is held. */
    synchronized void awaitOpen() throws InterruptedException {
        while (held && !broken) {
            wait();
        }
    }

    synchronized long nanosFor(int bytes) {
        return bytesPerSecond == Long.MAX_VALUE ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
