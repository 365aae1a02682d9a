package io.quantadb.executor.operator;

import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.ShortText;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.TypeOps;

/** Hashing and equality of key columns, by the types' default equality. Confined to one thread. */
final class Keys {
    private static final long NULL_HASH = 0x9E3779B97F4A7C15L;

    private final TypeOps[] ops;
    private final PhysicalKind[] kinds;
    /** Equality is that of the longs. */
    private final boolean[] plainLong;
    /** Texts: short ones hash and compare as {@link ShortText}. */
    private final boolean[] text;
    private final boolean[] blankPadded;

    Keys(PgType[] types) {
        ops = new TypeOps[types.length];
        kinds = new PhysicalKind[types.length];
        plainLong = new boolean[types.length];
        text = new boolean[types.length];
        blankPadded = new boolean[types.length];
        for (int i = 0; i < types.length; i++) {
            ops[i] = types[i].ops();
            kinds[i] = types[i].kind();
            plainLong[i] = kinds[i] == PhysicalKind.LONG || kinds[i] == PhysicalKind.BOOL;
            blankPadded[i] = types[i].oid() == Oids.BPCHAR;
            text[i] = blankPadded[i] || types[i].oid() == Oids.TEXT || types[i].oid() == Oids.VARCHAR;
        }
    }

    /** Whether {@link #pack} makes longs of all keys that fit, of which there are at most two. */
    boolean isPackable() {
        for (int i = 0; i < ops.length; i++) {
            if (!plainLong[i] && !text[i]) {
                return false;
            }
        }
        return ops.length >= 1 && ops.length <= 2;
    }

    /** Bits of a packed key that count. */
    long shortMask(int c) {
        return blankPadded[c] ? ShortText.WITHOUT_BLANKS : -1;
    }

    /** An integer, or a text as {@link ShortText} has it under the mask; for longer ones a long that no text has. */
    long pack(int c, Vector column, int position) {
        if (plainLong[c]) {
            return column.getLong(position);
        }
        String value = (String) column.get(position);
        return shortMask(c) & (value == null ? ShortText.NULL : ShortText.packKey(value, blankPadded[c]));
    }

    int count() {
        return ops.length;
    }

    static long mix(long value) {
        long h = value * 0x9E3779B97F4A7C15L;
        h ^= h >>> 32;
        h *= 0xD6E8FEB86659FD93L;
        return h ^ h >>> 29;
    }

    /** Hashes the keys of the selected rows into {@code hashes[i]}; NULLs hash alike. */
    void hash(Vector[] columns, int[] selection, int count, long[] hashes) {
        for (int c = 0; c < ops.length; c++) {
            Vector column = columns[c];
            boolean first = c == 0;
            if (column instanceof LongVector longs && !longs.mayHaveNulls()) {
                long[] values = longs.values;
                for (int i = 0; i < count; i++) {
                    long h = mix(values[selection[i]]);
                    hashes[i] = first ? h : hashes[i] * 31 + h;
                }
            } else {
                for (int i = 0; i < count; i++) {
                    long h = hashOne(column, c, selection[i]);
                    hashes[i] = first ? h : hashes[i] * 31 + h;
                }
            }
        }
    }

    private long hashOne(Vector column, int c, int position) {
        if (column.isNull(position)) {
            return text[c] ? mix(ShortText.NULL & shortMask(c)) : NULL_HASH;
        }
        return switch (kinds[c]) {
            case LONG, BOOL -> mix(column.getLong(position));
            case DOUBLE -> mix(bits(column.getDouble(position)));
            case OBJECT -> text[c] ? hashText((ObjectVector) column, c, position)
                    : mix(ops[c].hash(column.get(position)));
        };
    }

    private long hashText(ObjectVector column, int c, int position) {
        long[] bits = column.shortBits();
        long packed = bits != null ? bits[position] & shortMask(c) : pack(c, column, position);
        return packed != (ShortText.NOT_SHORT & shortMask(c)) ? mix(packed) : mix(ops[c].hash(column.get(position)));
    }

    private static long bits(double value) {
        return value == 0 ? 0 : Double.doubleToLongBits(value);
    }

    boolean anyNull(Vector[] columns, int position) {
        for (Vector column : columns) {
            if (column.isNull(position)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all keys of two rows are equal, NULLs being equal to each other. */
    boolean equal(Vector[] a, int aPosition, Vector[] b, int bPosition) {
        for (int c = 0; c < ops.length; c++) {
            if (!equalOne(c, a[c], aPosition, b[c], bPosition)) {
                return false;
            }
        }
        return true;
    }

    private boolean equalOne(int c, Vector a, int i, Vector b, int j) {
        boolean aNull = a.isNull(i);
        if (aNull || b.isNull(j)) {
            return aNull && b.isNull(j);
        }
        if (plainLong[c]) {
            return ((LongVector) a).values[i] == ((LongVector) b).values[j];
        }
        if (kinds[c] == PhysicalKind.DOUBLE) {
            double x = ((DoubleVector) a).values[i];
            double y = ((DoubleVector) b).values[j];
            return x == y || Double.isNaN(x) && Double.isNaN(y);
        }
        if (a instanceof NumericVector x && b instanceof NumericVector y && x.isScaled() && y.isScaled()
                && x.scale() == y.scale()) {
            return x.scaled[i] == y.scaled[j];
        }
        Object x = a.get(i);
        Object y = b.get(j);
        return x == y || ops[c].equal(x, y);
    }
}
