package io.quantadb.it.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A few keys that are in use at a time, and move on, so that no key gets a long history; and values that are never used
 * twice. Any thread.
 */
final class KeyPool {
    private final int width;
    private final int usesPerKey;
    private final AtomicLong uses = new AtomicLong();
    private final AtomicLong values = new AtomicLong();

    /** @param usesPerKey how often a key is drawn, on average */
    KeyPool(int width, int usesPerKey) {
        this.width = width;
        this.usesPerKey = usesPerKey;
    }

    /** A key in use now; 0 and up. */
    long draw(Random random) {
        return uses.getAndIncrement() / ((long) width * usesPerKey) * width + random.nextInt(width);
    }

    /** All keys drawn so far are below this one. */
    long end() {
        return (uses.get() / ((long) width * usesPerKey) + 1) * width;
    }

    int width() {
        return width;
    }

    long nextValue() {
        return values.incrementAndGet();
    }
}
