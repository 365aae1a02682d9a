package io.quantadb.storage.buffer;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where threads wait for a buffer's latch or write. Buckets are shared by buffers, so wake-ups may be spurious and
 * waiters check again.
 *
 * <p>No lost wake-up: a waiter sets the waiters bit of the word it waits for while it holds the bucket's lock, and goes
 * to sleep giving the lock up; whoever clears the bit takes the lock before it signals. Virtual threads give their
 * carrier up here.
 */
final class ParkingLot {
    private static final int BUCKETS = 256;

    private final Bucket[] buckets = new Bucket[BUCKETS];

    ParkingLot() {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = new Bucket();
        }
    }

    Bucket bucket(int buffer) {
        return buckets[buffer & (BUCKETS - 1)];
    }

    void wake(int buffer) {
        Bucket bucket = bucket(buffer);
        bucket.lock.lock();
        try {
            bucket.changed.signalAll();
        } finally {
            bucket.lock.unlock();
        }
    }

    static final class Bucket {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
    }
}
