package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.ShortText;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.Arrays;

/**
 * Distinct keys, numbered from 0 in order of appearance: the group table of aggregation, DISTINCT and set operations.
 *
 * <p>Open addressing over 64-bit hashes; keys are in a {@link RowStore}. One or two keys that are integers or texts are
 * kept as longs besides, in which all texts that {@link ShortText} can pack are complete: batches that have only such
 * keys are looked up without touching an object. NULLs are equal. Confined to one thread.
 */
final class KeyTable {
    private static final int EMPTY = -1;

    private final Keys keys;
    private final RowStore store;
    /** Keys as longs, by key and group; null if the types or their number do not allow it. */
    private final long[][] packed;
    private final long[] keyMasks;
    /** Groups with a NULL integer, which no packed key equals. */
    private boolean[] hasNullLong;
    private final long[][] probe = new long[2][];
    private int[] slots;
    private long[] slotHashes;
    private int mask;
    private final long[] hashes = new long[Vector.CAPACITY];

    KeyTable(PgType[] types) {
        this.keys = new Keys(types);
        this.store = new RowStore(types);
        this.packed = keys.isPackable() ? new long[types.length][64] : null;
        this.hasNullLong = packed == null ? null : new boolean[64];
        this.keyMasks = new long[types.length];
        for (int i = 0; i < types.length; i++) {
            keyMasks[i] = keys.shortMask(i);
        }
        allocate(64);
    }

    private void allocate(int size) {
        slots = new int[size];
        slotHashes = new long[size];
        Arrays.fill(slots, EMPTY);
        mask = size - 1;
    }

    /** See {@link RowStore#payBy}. */
    KeyTable payBy(QueryContext query) {
        store.payBy(query);
        return this;
    }

    int count() {
        return store.count();
    }

    RowStore store() {
        return store;
    }

    long bytes() {
        return store.bytes() + 12L * slots.length + (packed == null ? 0 : packed.length * 8L * packed[0].length);
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
        if (packed != null && packColumns(columns)) {
            assignPacked(columns, selection, count, groups, maxGroups);
            return;
        }
        keys.hash(columns, selection, count, hashes);
        for (int i = 0; i < count; i++) {
            groups[i] = findOrAdd(columns, selection[i], hashes[i], maxGroups);
        }
    }

    /** Whether all columns of the batch are longs already. */
    private boolean packColumns(Vector[] columns) {
        for (int c = 0; c < packed.length; c++) {
            probe[c] = switch (columns[c]) {
                case LongVector longs -> longs.mayHaveNulls() ? null : longs.values;
                case ObjectVector objects -> objects.shortBits();
                default -> null;
            };
            if (probe[c] == null) {
                return false;
            }
        }
        return true;
    }

    private void assignPacked(Vector[] columns, int[] selection, int count, int[] groups, int maxGroups) {
        if (packed.length == 1) {
            assignOne(columns, selection, count, groups, maxGroups);
            return;
        }
        long[] a = probe[0];
        long[] b = probe[1];
        long aMask = keyMasks[0];
        long bMask = keyMasks[1];
        for (int i = 0; i < count; i++) {
            int position = selection[i];
            long x = a[position] & aMask;
            long y = b[position] & bMask;
            long hash = Keys.mix(x) * 31 + Keys.mix(y);
            hashes[i] = hash;
            for (int s = (int) hash & mask;; s = s + 1 & mask) {
                int group = slots[s];
                if (group == EMPTY) {
                    groups[i] = maxGroups <= store.count() ? -1 : add(columns, position, hash, s);
                    break;
                }
                if (packed[0][group] == x && packed[1][group] == y && !hasNullLong[group]) {
                    groups[i] = group;
                    break;
                }
            }
        }
    }

    private void assignOne(Vector[] columns, int[] selection, int count, int[] groups, int maxGroups) {
        long[] a = probe[0];
        long aMask = keyMasks[0];
        for (int i = 0; i < count; i++) {
            int position = selection[i];
            long x = a[position] & aMask;
            long hash = Keys.mix(x);
            hashes[i] = hash;
            for (int s = (int) hash & mask;; s = s + 1 & mask) {
                int group = slots[s];
                if (group == EMPTY) {
                    groups[i] = maxGroups <= store.count() ? -1 : add(columns, position, hash, s);
                    break;
                }
                if (packed[0][group] == x && !hasNullLong[group]) {
                    groups[i] = group;
                    break;
                }
            }
        }
    }

    /** The hashes of the rows passed to the last call, by index in its selection: for partitioning. */
    long[] lastHashes() {
        return hashes;
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
        if (packed != null) {
            pack(group, columns, position);
        }
        if (store.count() > slots.length / 2) {
            grow();
        }
        return group;
    }

    private void pack(int group, Vector[] columns, int position) {
        if (group >= hasNullLong.length) {
            hasNullLong = Arrays.copyOf(hasNullLong, group * 2);
            for (int c = 0; c < packed.length; c++) {
                packed[c] = Arrays.copyOf(packed[c], group * 2);
            }
        }
        hasNullLong[group] = false;
        for (int c = 0; c < packed.length; c++) {
            packed[c][group] = keys.pack(c, columns[c], position);
            hasNullLong[group] |= columns[c] instanceof LongVector && columns[c].isNull(position);
        }
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
