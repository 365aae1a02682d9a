package io.quantadb.txn.lock;

import java.util.concurrent.locks.ReentrantLock;

/** A share of the keyed targets: a chained hash table. Everything but {@link #rows} is guarded by {@link #lock}. */
final class LockPartition {
    final ReentrantLock lock = new ReentrantLock();
    /** Row targets in this partition; read without the lock to skip a lookup. */
    volatile int rows;
    private KeyedTarget[] buckets = new KeyedTarget[16];
    private int count;

    KeyedTarget find(int type, long scope, long key, int hash) {
        for (KeyedTarget at = buckets[hash >>> 8 & buckets.length - 1]; at != null; at = at.nextInBucket) {
            if (at.is(type, scope, key)) {
                return at;
            }
        }
        return null;
    }

    KeyedTarget add(int type, long scope, long key, int hash) {
        if (count > buckets.length) {
            grow();
        }
        KeyedTarget target = new KeyedTarget(lock, type, scope, key);
        int at = hash >>> 8 & buckets.length - 1;
        target.nextInBucket = buckets[at];
        buckets[at] = target;
        count++;
        if (type == KeyedTarget.ROW) {
            rows++;
        }
        return target;
    }

    void removeIfIdle(KeyedTarget target) {
        if (!target.isIdle()) {
            return;
        }
        int at = KeyedTarget.hash(target.type, target.scope, target.key) >>> 8 & buckets.length - 1;
        KeyedTarget previous = null;
        for (KeyedTarget each = buckets[at]; each != null; previous = each, each = each.nextInBucket) {
            if (each == target) {
                if (previous == null) {
                    buckets[at] = each.nextInBucket;
                } else {
                    previous.nextInBucket = each.nextInBucket;
                }
                count--;
                if (target.type == KeyedTarget.ROW) {
                    rows--;
                }
                return;
            }
        }
    }

    private void grow() {
        KeyedTarget[] old = buckets;
        KeyedTarget[] next = new KeyedTarget[old.length * 2];
        for (KeyedTarget chain : old) {
            while (chain != null) {
                KeyedTarget following = chain.nextInBucket;
                int at = KeyedTarget.hash(chain.type, chain.scope, chain.key) >>> 8 & next.length - 1;
                chain.nextInBucket = next[at];
                next[at] = chain;
                chain = following;
            }
        }
        buckets = next;
    }

    void forEach(java.util.function.Consumer<KeyedTarget> action) {
        for (KeyedTarget chain : buckets) {
            for (; chain != null; chain = chain.nextInBucket) {
                action.accept(chain);
            }
        }
    }
}
