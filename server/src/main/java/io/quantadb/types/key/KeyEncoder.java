package io.quantadb.types.key;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;

/**
 * Turns values of one type into byte strings whose unsigned byte order is the type's default btree order.
 *
 * <p>One column of a key is a marker byte, then, unless it is NULL, the value's bytes:
 * <pre>
 * 0x00  NULL, NULLS FIRST     0x01  a value     0xFF  NULL, NULLS LAST
 * </pre>
 * Every value encoding is self-delimiting (no encoding is a proper prefix of another of the same type), so columns are
 * simply written one after the other. A descending column has all bits of the value part inverted; the marker is not.
 *
 * <p>Immutable and thread-safe. Values have equal bytes exactly if the type's equality says they are equal.
 */
public abstract class KeyEncoder {
    public static final int NULL_FIRST = 0x00;
    public static final int VALUE = 0x01;
    public static final int NULL_LAST = 0xFF;

    /**
     * The encoder for a type.
     *
     * @param typmod the column's modifier, -1 for none; numeric with a declared scale can be decoded exactly
     * @throws SqlException 42704 if the type has no default btree order
     */
    public static KeyEncoder of(PgType type, int typmod) {
        KeyEncoder encoder = KeyEncoders.find(type, typmod);
        if (encoder == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "data type " + type.name()
                    + " has no default operator class for access method \"btree\"")
                    .withHint("You must specify an operator class for the index or define a default operator class "
                            + "for the data type.");
        }
        return encoder;
    }

    public static KeyEncoder of(PgType type) {
        return of(type, -1);
    }

    /** Whether {@link #decode} returns the very value that was encoded; if not, an index-only scan cannot use it. */
    public boolean decodable() {
        return true;
    }

    /** LONG and BOOL kinds may use {@link #encodeLong}, DOUBLE {@link #encodeDouble}. */
    public PhysicalKind kind() {
        return PhysicalKind.OBJECT;
    }

    /** Appends one column; {@code value} null is NULL. */
    public final void encode(Object value, boolean descending, boolean nullsFirst, KeyBuffer out) {
        if (value == null) {
            encodeNull(nullsFirst, out);
            return;
        }
        out.putByte(VALUE);
        int start = out.length();
        put(value, out);
        if (descending) {
            out.invertFrom(start);
        }
    }

    public static void encodeNull(boolean nullsFirst, KeyBuffer out) {
        out.putByte(nullsFirst ? NULL_FIRST : NULL_LAST);
    }

    /** Appends one column of kind LONG or BOOL (0 or 1) without boxing. */
    public final void encodeLong(long value, boolean descending, KeyBuffer out) {
        out.putByte(VALUE);
        int start = out.length();
        putLong(value, out);
        if (descending) {
            out.invertFrom(start);
        }
    }

    /** Appends one column of kind DOUBLE without boxing. */
    public final void encodeDouble(double value, boolean descending, KeyBuffer out) {
        out.putByte(VALUE);
        int start = out.length();
        putDouble(value, out);
        if (descending) {
            out.invertFrom(start);
        }
    }

    /** Reads one column and moves past it; null for NULL. Not exact unless {@link #decodable}. */
    public final Object decode(KeyReader in, boolean descending) {
        if (in.rawByte() != VALUE) {
            return null;
        }
        in.setDescending(descending);
        Object value = get(in);
        in.setDescending(false);
        return value;
    }

    /** Reads one column of kind LONG or BOOL that is known not to be NULL. */
    public final long decodeLong(KeyReader in, boolean descending) {
        in.rawByte();
        in.setDescending(descending);
        long value = getLong(in);
        in.setDescending(false);
        return value;
    }

    /** Appends a value's ascending bytes. */
    abstract void put(Object value, KeyBuffer out);

    abstract Object get(KeyReader in);

    void putLong(long value, KeyBuffer out) {
        put(value, out);
    }

    void putDouble(double value, KeyBuffer out) {
        put(value, out);
    }

    long getLong(KeyReader in) {
        return (Long) get(in);
    }
}
