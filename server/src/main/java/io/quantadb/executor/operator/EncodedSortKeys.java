package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.ByteOrders;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.util.Arrays;
import java.util.List;

/**
 * Sort keys of rows as byte strings that compare unsigned, one after the other in one array. Rows are numbered from 0
 * in the order they were added. Confined to one thread.
 *
 * <p>{@link #prefix} gives eight bytes of a key as a signed long, from the place on where the keys begin to differ:
 * almost always enough to tell two keys apart.
 */
final class EncodedSortKeys {
    /** Beyond it the array could not grow any more. */
    private static final int MAX_BYTES = 1 << 30;

    private final int[] columns;
    private final boolean[] descending;
    private final boolean[] nullsFirst;
    private final KeyEncoder[] encoders;
    private final PhysicalKind[] kinds;
    private final KeyBuffer buffer = new KeyBuffer(1024);
    /** Where keys end; key r begins where key r - 1 ends. */
    private int[] ends = new int[16];
    private int count;

    EncodedSortKeys(PgType[] types, List<SortKey> keys) {
        int n = keys.size();
        columns = new int[n];
        descending = new boolean[n];
        nullsFirst = new boolean[n];
        encoders = new KeyEncoder[n];
        kinds = new PhysicalKind[n];
        for (int k = 0; k < n; k++) {
            SortKey key = keys.get(k);
            PgType type = types[key.column()];
            columns[k] = key.column();
            descending[k] = key.descending();
            nullsFirst[k] = key.nullsFirst();
            encoders[k] = KeyEncoder.of(type);
            kinds[k] = type.kind();
        }
    }

    /** Whether all keys are of types whose bytes are cheap to make and order as the type does. */
    static boolean supports(PgType[] types, List<SortKey> keys) {
        return keys.stream().allMatch(key -> {
            PgType type = types[key.column()];
            return type.ops().ordered() && (type.kind() != PhysicalKind.OBJECT
                    || switch (type.ops().displayName()) {
                        case "text", "character varying", "character", "name", "numeric", "bytea", "uuid" -> true;
                        default -> false;
                    });
        });
    }

    void clear() {
        buffer.reset();
        count = 0;
    }

    /** Appends the keys at positions 0 to {@code size - 1}; false if they became too long to be kept. */
    boolean add(Vector[] vectors, int size) {
        if (ends.length < count + size) {
            ends = Arrays.copyOf(ends, Math.max(count + size, ends.length * 2));
        }
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < columns.length; k++) {
                encode(k, vectors[columns[k]], i);
            }
            ends[count++] = buffer.length();
        }
        return buffer.length() < MAX_BYTES;
    }

    private void encode(int k, Vector vector, int position) {
        if (vector.isNull(position)) {
            KeyEncoder.encodeNull(nullsFirst[k], buffer);
            return;
        }
        switch (kinds[k]) {
            case LONG, BOOL -> encoders[k].encodeLong(vector.getLong(position), descending[k], buffer);
            case DOUBLE -> encoders[k].encodeDouble(vector.getDouble(position), descending[k], buffer);
            case OBJECT -> encoders[k].encode(vector.get(position), descending[k], nullsFirst[k], buffer);
        }
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    private boolean isNull(int row) {
        return buffer.array()[start(row)] != KeyEncoder.VALUE;
    }

    /** The first key whose first column is not NULL; null if there is none. */
    byte[] sample() {
        for (int row = 0; row < count; row++) {
            if (!isNull(row)) {
                return Arrays.copyOfRange(buffer.array(), start(row), ends[row]);
            }
        }
        return null;
    }

    /** Bytes that all keys without NULL in the first column share with {@code other}, at most {@code limit}. */
    int common(byte[] other, int limit) {
        int length = limit;
        for (int row = 0; row < count && length > 0; row++) {
            if (!isNull(row)) {
                int from = start(row);
                int n = Math.min(ends[row] - from, length);
                int mismatch = Arrays.mismatch(buffer.array(), from, from + n, other, 0, n);
                length = mismatch < 0 ? n : mismatch;
            }
        }
        return length;
    }

    /**
     * The eight bytes after the first {@code skip} ones, which all keys must have in common but those with NULL in the
     * first column; zeroes beyond the end.
     */
    long prefix(int row, int skip) {
        byte[] bytes = buffer.array();
        int start = start(row);
        int end = ends[row];
        if (bytes[start] != KeyEncoder.VALUE) {
            return bytes[start] == KeyEncoder.NULL_FIRST ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        int from = start + skip;
        if (from + Long.BYTES <= end) {
            return ByteOrders.getLong(bytes, from) ^ Long.MIN_VALUE;
        }
        long prefix = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            prefix = prefix << 8 | (i < end ? bytes[i] & 0xFF : 0);
        }
        return prefix ^ Long.MIN_VALUE;
    }

    int compare(int a, int b) {
        return compare(a, this, b);
    }

    int compare(int a, EncodedSortKeys other, int b) {
        return Arrays.compareUnsigned(buffer.array(), start(a), ends[a], other.buffer.array(), other.start(b),
                other.ends[b]);
    }
}
