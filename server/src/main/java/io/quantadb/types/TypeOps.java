package io.quantadb.types;

import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * Everything the server does with values of one type without knowing the type: text and binary form, stored form,
 * order, equality, hashing, type modifiers.
 *
 * <p>Values are never null here; NULL is the caller's matter. Implementations are immutable and thread-safe. Values of
 * kind LONG are {@code Long}, DOUBLE {@code Double}, BOOL {@code Boolean}; the {@code ...Long} and {@code ...Double}
 * variants avoid the boxes (BOOL uses {@code ...Long} with 0 and 1).
 */
public abstract class TypeOps {
    public abstract PhysicalKind kind();

    /** Output function. */
    public abstract String toText(Object value, TextContext ctx);

    /**
     * Input function, then the type modifier as an assignment would apply it.
     *
     * @param typmod the target's modifier, -1 for none
     * @throws SqlException 22P02, 22003, 22007, 22008... with PostgreSQL's texts
     */
    public abstract Object fromText(String text, int typmod, TextContext ctx);

    /** Same bytes as UTF-8 of {@link #toText}, without the intermediate string where that pays. */
    public void writeText(Object value, ByteSink out, TextContext ctx) {
        out.writeUtf8(toText(value, ctx));
    }

    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        writeText(box(value), out, ctx);
    }

    public void writeTextDouble(double value, ByteSink out, TextContext ctx) {
        writeText(value, out, ctx);
    }

    /** Send function: the value's wire bytes, without length word. */
    public abstract void writeBinary(Object value, ByteSink out);

    public void writeBinaryLong(long value, ByteSink out) {
        writeBinary(box(value), out);
    }

    public void writeBinaryDouble(double value, ByteSink out) {
        writeBinary(value, out);
    }

    /**
     * Receive function; consumes exactly the value's bytes.
     *
     * @throws SqlException 22P03 or 08P01 on malformed data
     */
    public abstract Object fromBinary(WireReader in, int typmod);

    /** Receives a whole value; complains about left-over bytes. */
    public final Object fromBinary(byte[] bytes, int typmod) {
        WireReader in = new WireReader(bytes);
        Object value = fromBinary(in, typmod);
        in.expectEnd("value");
        return value;
    }

    /** See {@link PgType#storageWidth}. */
    public int storageWidth() {
        return -1;
    }

    /** See {@link PgType#unsigned}. */
    public boolean unsigned() {
        return false;
    }

    /** Bytes {@link #encode} will return; for sizing rows. */
    public int diskSize(Object value) {
        return storageWidth() >= 0 ? storageWidth() : encode(value).length;
    }

    /** The stored form of a value. Deterministic, but equal values may have different stored forms (1.0 and 1.00). */
    public abstract byte[] encode(Object value);

    public abstract Object decode(byte[] buffer, int offset, int length);

    /** Decodes from off-heap memory, such as a pinned page; the result does not refer to it. */
    public Object decode(long address, int length) {
        byte[] copy = new byte[length];
        Memory.copyToArray(address, copy, 0, length);
        return decode(copy, 0, length);
    }

    /**
     * Default btree order: negative, zero, positive.
     *
     * @throws SqlException 42883 if the type has none (json, xml, point...)
     */
    public abstract int compare(Object a, Object b);

    public int compareLong(long a, long b) {
        return Long.compare(a, b);
    }

    public int compareDouble(double a, double b) {
        return compare(a, b);
    }

    /** Default equality; agrees with {@link #compare}. */
    public boolean equal(Object a, Object b) {
        return compare(a, b) == 0;
    }

    /** Agrees with {@link #equal}. Well mixed; not stable across versions, so never stored. */
    public long hash(Object value) {
        return mix(hashKey(value).hashCode());
    }

    /** An object whose {@code equals} and {@code hashCode} are the type's equality; mostly the value itself. */
    public Object hashKey(Object value) {
        return value;
    }

    /** Whether the type has a default btree order. */
    public boolean ordered() {
        return true;
    }

    /** Whether the type has an equality for hash joins and grouping. */
    public boolean hashable() {
        return ordered();
    }

    /**
     * Forces a value to a type modifier: length coercion.
     *
     * @param explicitCast an explicit cast truncates strings where an assignment complains
     */
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        return value;
    }

    /** The parenthesised part of the type's printed name, such as {@code (10,2)}; empty for -1. */
    public String formatTypmod(int typmod) {
        return typmod < 0 ? "" : "(" + typmod + ")";
    }

    /** Typmod from the constants in the parentheses of a type name; 22023 and 42601 as PostgreSQL. */
    public int parseTypmod(String[] arguments) {
        throw new SqlException(SqlState.SYNTAX_ERROR,
                "type modifier is not allowed for type \"" + displayName() + "\"");
    }

    /** The SQL name used in messages. */
    public abstract String displayName();

    /** Boxes the primitive form of a LONG or BOOL value. */
    public Object box(long value) {
        return value;
    }

    /** The primitive form of a LONG or BOOL value. */
    public long unbox(Object value) {
        return (Long) value;
    }

    static long mix(long bits) {
        long h = bits * 0x9E3779B97F4A7C15L;
        return h ^ (h >>> 32);
    }

    static SqlException noOrder(String type) {
        return new SqlException(SqlState.UNDEFINED_FUNCTION,
                "could not identify a comparison function for type " + type);
    }
}
