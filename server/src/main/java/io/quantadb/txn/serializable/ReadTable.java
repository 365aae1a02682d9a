package io.quantadb.txn.serializable;

import java.util.HashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What has been read of heaps, by place. Safe for use by many threads: partitioned by relation and place. */
final class ReadTable {
    /** Place that stands for all of a relation. */
    static final long WHOLE = -1;
    private static final int PARTITIONS = 64;

    private record Key(long relation, long place) {
        @Override
        public int hashCode() {
            return (int) (mix() >>> 32);
        }

        long mix() {
            long h = relation * 0x9E3779B97F4A7C15L + place;
            return (h ^ h >>> 29) * 0xBF58476D1CE4E5B9L;
        }
    }

    private static final class Partition {
        final ReentrantLock lock = new ReentrantLock();
        final HashMap<Key, ReadTarget> targets = new HashMap<>();
    }

    private final Partition[] partitions = new Partition[PARTITIONS];

    ReadTable() {
        for (int i = 0; i < PARTITIONS; i++) {
            partitions[i] = new Partition();
        }
    }

    private Partition partition(Key key) {
        return partitions[(int) (key.mix() >>> 58)];
    }

    /** Makes {@code holder} a reader of the place. */
    ReadTarget hold(long relation, long place, SerializableTransaction holder) {
        Key key = new Key(relation, place);
        Partition partition = partition(key);
        partition.lock.lock();
        try {
            ReadTarget target = partition.targets.computeIfAbsent(key, k -> new ReadTarget(relation, place));
            target.add(holder);
            return target;
        } finally {
            partition.lock.unlock();
        }
    }

    /** Notes a reader that has finished. */
    ReadTarget raise(long relation, long place, long bound) {
        Key key = new Key(relation, place);
        Partition partition = partition(key);
        partition.lock.lock();
        try {
            ReadTarget target = partition.targets.computeIfAbsent(key, k -> new ReadTarget(relation, place));
            target.raiseBound(bound);
            return target;
        } finally {
            partition.lock.unlock();
        }
    }

    /**
     * Ends a hold.
     *
     * @param bound what is remembered of the holder: 0 for nothing
     * @param limit finished readers at or below it are of no interest any more
     */
    void release(ReadTarget target, SerializableTransaction holder, long bound, long limit) {
        Key key = new Key(target.relation, target.place);
        Partition partition = partition(key);
        partition.lock.lock();
        try {
            target.remove(holder);
            target.raiseBound(bound);
            if (target.isUnused(limit)) {
                partition.targets.remove(key, target);
            }
        } finally {
            partition.lock.unlock();
        }
    }

    void collect(long relation, long place, Readers readers) {
        Key key = new Key(relation, place);
        Partition partition = partition(key);
        partition.lock.lock();
        try {
            ReadTarget target = partition.targets.get(key);
            if (target != null) {
                target.collect(readers);
            }
        } finally {
            partition.lock.unlock();
        }
    }

    /** For tests: places in the table. */
    int size() {
        int size = 0;
        for (Partition partition : partitions) {
            partition.lock.lock();
            try {
                size += partition.targets.size();
            } finally {
                partition.lock.unlock();
            }
        }
        return size;
    }
}
