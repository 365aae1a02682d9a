package io.quantadb.executor.operator;

import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.Arrays;

/**
 * Distinct keys, numbered from 0 in order of appearance: the group table of aggregation, DISTINCT and set operations.
 *
 * <p>Open addressing over 64-bit hashes; keys are in a {@link RowStore}. A single key of kind LONG takes a shorter
 * path.
 * NULLs are equal. Confined to one thread.
 */
final class KeyTable {
    private static final int EMPTY = -1;

    private final Keys keys;
    private final RowStore store;
    private final boolean singleLong;
    private int[] slots;
    private long[] slotHashes;
    private int mask;
    private final long[] hashes = new long[Vector.CAPACITY];

    KeyTable(PgType[] types) {
        this.keys = new Keys(types);
        this.store = new RowStore(types);
        this.singleLong = types.length == 1 && types[0].kind() == PhysicalKind.LONG;
        allocate(64);
    }

    private void allocate(int size) {
        slots = new int[size];
        slotHashes = new long[size];
        Arrays.fill(slots, EMPTY);
        mask = size - 1;
    }

    int count() {
        return store.count();
    }

    RowStore store() {
        return store;
    }

    long bytes() {
        return store.bytes() + 12L * slots.length;
    }

    void clear() {
        store.clear();
        allocate(64);
    }

    /**
     * Finds or adds the key of each selected row.
     *
     * @param groups receives at [i] the number of row selection[i]'s key
     */
    void assign(Vector[] columns, int[] selection, int count, int[] groups) {
        assign(columns, selection, count, groups, Integer.MAX_VALUE);
    }

    /** As above; once there are {@code maxGroups}, rows with new keys get -1. */
    void assign(Vector[] columns, int[] selection, int count, int[] groups, int maxGroups) {
        keys.hash(columns, selection, count, hashes);
        if (singleLong && columns[0] instanceof LongVector longs && !longs.mayHaveNulls()) {
            for (int i = 0; i < count; i++) {
                groups[i] = findLong(longs, selection[i], hashes[i], columns, maxGroups);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            groups[i] = findOrAdd(columns, selection[i], hashes[i], maxGroups);
        }
    }

    /** The hashes of the rows passed to the last call, by index in its selection: for partitioning. */
    long[] lastHashes() {
        return hashes;
    }

    private int findLong(LongVector longs, int position, long hash, Vector[] columns, int maxGroups) {
        long value = longs.values[position];
        for (int s = (int) hash & mask;; s = s + 1 & mask) {
            int group = slots[s];
            if (group == EMPTY) {
                return maxGroups <= store.count() ? -1 : add(columns, position, hash, s);
            }
            if (slotHashes[s] == hash) {
                LongVector stored = (LongVector) store.vector(group, 0);
                int at = RowStore.position(group);
                if (stored.values[at] == value && !stored.isNull(at)) {
                    return group;
                }
            }
        }
    }

    private int findOrAdd(Vector[] columns, int position, long hash, int maxGroups) {
        for (int s = (int) hash & mask;; s = s + 1 & mask) {
            int group = slots[s];
            if (group == EMPTY) {
                return maxGroups <= store.count() ? -1 : add(columns, position, hash, s);
            }
            if (slotHashes[s] == hash && keys.equal(store.batchOf(group).columns, RowStore.position(group), columns,
                    position)) {
                return group;
            }
        }
    }

    /** The key's number, or -1. */
    int find(Vector[] columns, int position, long hash) {
        for (int s = (int) hash & mask;; s = s + 1 & mask) {
            int group = slots[s];
            if (group == EMPTY || slotHashes[s] == hash && keys.equal(store.batchOf(group).columns,
                    RowStore.position(group), columns, position)) {
                return group;
            }
        }
    }

    Keys keys() {
        return keys;
    }

    private int add(Vector[] columns, int position, long hash, int slot) {
        int group = store.append(columns, position);
        slots[slot] = group;
        slotHashes[slot] = hash;
        if (store.count() > slots.length / 2) {
            grow();
        }
        return group;
    }

    private void grow() {
        int[] oldSlots = slots;
        long[] oldHashes = slotHashes;
        allocate(slots.length * 2);
        for (int i = 0; i < oldSlots.length; i++) {
            if (oldSlots[i] != EMPTY) {
                int s = (int) oldHashes[i] & mask;
                while (slots[s] != EMPTY) {
                    s = s + 1 & mask;
                }
                slots[s] = oldSlots[i];
                slotHashes[s] = oldHashes[i];
            }
        }
    }
}
