package io.quantadb.txn.serializable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What has been read of indexes: for each a treap of key ranges that answers which of them contain a key, in
 * logarithmic time. Safe for use by many threads.
 *
 * <p>Source: Seidel and Aragon, "Randomized Search Trees", 1996; Cormen et al., "Introduction to Algorithms", interval
 * trees.
 */
final class KeyRangeTable {
    private static final int PARTITIONS = 32;

    private static final class Partition {
        final ReentrantLock lock = new ReentrantLock();
        final HashMap<Long, KeyRangeTarget> roots = new HashMap<>();
        final SplittableRandom random = new SplittableRandom();
    }

    private final Partition[] partitions = new Partition[PARTITIONS];

    KeyRangeTable() {
        for (int i = 0; i < PARTITIONS; i++) {
            partitions[i] = new Partition();
        }
    }

    private Partition partition(long index) {
        return partitions[(int) (index * 0x9E3779B97F4A7C15L >>> 59)];
    }

    /** Makes {@code holder} a reader of [lower, upper). */
    KeyRangeTarget hold(long index, byte[] lower, byte[] upper, int block, SerializableTransaction holder) {
        Partition partition = partition(index);
        partition.lock.lock();
        try {
            KeyRangeTarget target = findOrAdd(partition, index, lower, upper, block);
            target.add(holder);
            return target;
        } finally {
            partition.lock.unlock();
        }
    }

    /** Notes a reader that has finished. */
    KeyRangeTarget raise(long index, byte[] lower, byte[] upper, int block, long bound) {
        Partition partition = partition(index);
        partition.lock.lock();
        try {
            KeyRangeTarget target = findOrAdd(partition, index, lower, upper, block);
            target.raiseBound(bound);
            return target;
        } finally {
            partition.lock.unlock();
        }
    }

    private static KeyRangeTarget findOrAdd(Partition partition, long index, byte[] lower, byte[] upper, int block) {
        KeyRangeTarget root = partition.roots.get(index);
        KeyRangeTarget found = find(root, lower, upper);
        if (found == null) {
            found = new KeyRangeTarget(index, Integer.toUnsignedLong(block) << 16, lower, upper,
                    partition.random.nextInt());
            partition.roots.put(index, insert(root, found));
        }
        return found;
    }

    /** As {@link ReadTable#release}. */
    void release(KeyRangeTarget target, SerializableTransaction holder, long bound, long limit) {
        Partition partition = partition(target.relation);
        partition.lock.lock();
        try {
            target.remove(holder);
            target.raiseBound(bound);
            KeyRangeTarget root = partition.roots.get(target.relation);
            if (target.isUnused(limit) && find(root, target.lower, target.upper) == target) {
                KeyRangeTarget left = delete(root, target);
                if (left == null) {
                    partition.roots.remove(target.relation);
                } else {
                    partition.roots.put(target.relation, left);
                }
            }
        } finally {
            partition.lock.unlock();
        }
    }

    void collect(long index, byte[] key, int keyLength, Readers readers) {
        Partition partition = partition(index);
        partition.lock.lock();
        try {
            collect(partition.roots.get(index), key, keyLength, readers);
        } finally {
            partition.lock.unlock();
        }
    }

    private static void collect(KeyRangeTarget from, byte[] key, int keyLength, Readers readers) {
        KeyRangeTarget node = from;
        while (node != null && KeyRangeTarget.isAbove(node.highest, key, keyLength)) {
            if (Arrays.compareUnsigned(node.lower, 0, node.lower.length, key, 0, keyLength) > 0) {
                node = node.left;
                continue;
            }
            collect(node.left, key, keyLength, readers);
            if (KeyRangeTarget.isAbove(node.upper, key, keyLength)) {
                node.collect(readers);
            }
            node = node.right;
        }
    }

    /** For tests: ranges in the table. */
    int size() {
        int size = 0;
        for (Partition partition : partitions) {
            partition.lock.lock();
            try {
                for (KeyRangeTarget root : partition.roots.values()) {
                    size += count(root);
                }
            } finally {
                partition.lock.unlock();
            }
        }
        return size;
    }

    // ---- Treap

    private static int count(KeyRangeTarget node) {
        return node == null ? 0 : 1 + count(node.left) + count(node.right);
    }

    private static KeyRangeTarget find(KeyRangeTarget root, byte[] lower, byte[] upper) {
        KeyRangeTarget node = root;
        while (node != null) {
            int order = KeyRangeTarget.compare(lower, upper, node.lower, node.upper);
            if (order == 0) {
                return node;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    private static KeyRangeTarget insert(KeyRangeTarget node, KeyRangeTarget added) {
        if (node == null) {
            return added;
        }
        if (KeyRangeTarget.compare(added.lower, added.upper, node.lower, node.upper) < 0) {
            node.left = insert(node.left, added);
            if (node.left.priority > node.priority) {
                return rotateRight(node);
            }
        } else {
            node.right = insert(node.right, added);
            if (node.right.priority > node.priority) {
                return rotateLeft(node);
            }
        }
        node.update();
        return node;
    }

    private static KeyRangeTarget rotateRight(KeyRangeTarget node) {
        KeyRangeTarget top = node.left;
        node.left = top.right;
        top.right = node;
        node.update();
        top.update();
        return top;
    }

    private static KeyRangeTarget rotateLeft(KeyRangeTarget node) {
        KeyRangeTarget top = node.right;
        node.right = top.left;
        top.left = node;
        node.update();
        top.update();
        return top;
    }

    private static KeyRangeTarget delete(KeyRangeTarget node, KeyRangeTarget removed) {
        if (node == removed) {
            KeyRangeTarget merged = merge(node.left, node.right);
            node.left = null;
            node.right = null;
            return merged;
        }
        if (KeyRangeTarget.compare(removed.lower, removed.upper, node.lower, node.upper) < 0) {
            node.left = delete(node.left, removed);
        } else {
            node.right = delete(node.right, removed);
        }
        node.update();
        return node;
    }

    private static KeyRangeTarget merge(KeyRangeTarget left, KeyRangeTarget right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.priority > right.priority) {
            left.right = merge(left.right, right);
            left.update();
            return left;
        }
        right.left = merge(left, right.left);
        right.update();
        return right;
    }
}
