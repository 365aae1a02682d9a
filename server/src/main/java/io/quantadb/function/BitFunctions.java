package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.BitString;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Functions of bit and bit varying. */
public final class BitFunctions implements FunctionRegistry.Library {
    interface ByteOperation {
        int apply(int a, int b);
    }

    @Override
    public void register(FunctionRegistry.Builder registry) {
        String[] suffixes = {"eq", "ne", "lt", "le", "gt", "ge"};
        IntPredicate[] tests = {o -> o == 0, o -> o != 0, o -> o < 0, o -> o <= 0, o -> o > 0, o -> o >= 0};
        for (int i = 0; i < suffixes.length; i++) {
            IntPredicate test = tests[i];
            registry.objectTest("bit" + suffixes[i], (a, b) -> test.test(bits(a).compareTo(bits(b))));
        }
        registry.fn2("bitcmp", (c, a, b) -> (long) Integer.signum(bits(a).compareTo(bits(b))));
        registry.fn2("bit_and", (c, a, b) -> combine(bits(a), bits(b), "AND", (x, y) -> x & y));
        registry.fn2("bit_or", (c, a, b) -> combine(bits(a), bits(b), "OR", (x, y) -> x | y));
        registry.fn2("bitxor", (c, a, b) -> combine(bits(a), bits(b), "XOR", (x, y) -> x ^ y));
        registry.fn1("bitnot", (c, a) -> {
            byte[] bytes = bits(a).unsafeArray().clone();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
            return BitString.wrap(bytes, bits(a).length());
        });
        registry.fn2("bitshiftleft", (c, a, n) -> shift(bits(a), num(n)));
        registry.fn2("bitshiftright", (c, a, n) -> shift(bits(a), -num(n)));
        registry.fn2("bitcat", (c, a, b) -> concat(bits(a), bits(b)));
        registry.fn1("bitlength", (c, a) -> (long) bits(a).length()).fn1("sql:1812",
                (c, a) -> (long) bits(a).length());
        registry.fn1("bitoctetlength", (c, a) -> (bits(a).length() + 7L) / 8);
        registry.fn1("bit_bit_count", (c, a) -> {
            long count = 0;
            for (byte b : bits(a).unsafeArray()) {
                count += Integer.bitCount(b & 0xFF);
            }
            return count;
        });
        registerParts(registry);
        registerIntegers(registry);
    }

    static BitString bits(Object value) {
        return (BitString) value;
    }

    private static BitString combine(BitString a, BitString b, String name, ByteOperation operation) {
        if (a.length() != b.length()) {
            throw new SqlException(SqlState.STRING_DATA_LENGTH_MISMATCH,
                    "cannot " + name + " bit strings of different sizes");
        }
        byte[] bytes = a.unsafeArray().clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) operation.apply(bytes[i], b.unsafeArray()[i]);
        }
        return BitString.wrap(bytes, a.length());
    }

    /** For aggregates. */
    static BitString combine(BitString a, BitString b, ByteOperation operation) {
        return combine(a, b, "aggregate", operation);
    }

    /** @param left places to the left, negative to the right */
    private static BitString shift(BitString bits, long left) {
        byte[] shifted = new byte[bits.unsafeArray().length];
        for (int i = 0; i < bits.length(); i++) {
            long source = i + left;
            if (source >= 0 && source < bits.length() && bits.get((int) source)) {
                set(shifted, i);
            }
        }
        return BitString.wrap(shifted, bits.length());
    }

    private static void set(byte[] bytes, int index) {
        bytes[index / 8] |= (byte) (0x80 >> index % 8);
    }

    private static BitString concat(BitString a, BitString b) {
        byte[] joined = Arrays.copyOf(a.unsafeArray(), (a.length() + b.length() + 7) / 8);
        for (int i = 0; i < b.length(); i++) {
            if (b.get(i)) {
                set(joined, a.length() + i);
            }
        }
        return BitString.wrap(joined, a.length() + b.length());
    }

    private static void registerParts(FunctionRegistry.Builder registry) {
        registry.fn3("bitsubstr", (c, a, s, n) -> substring(bits(a), num(s), num(n), false));
        registry.fn2("bitsubstr_no_len", (c, a, s) -> substring(bits(a), num(s), 0, true));
        registry.fnN("bitoverlay", (c, a) -> overlay(bits(a[0]), bits(a[1]), num(a[2]), num(a[3])));
        registry.fn3("bitoverlay_no_len", (c, a, b, s) -> overlay(bits(a), bits(b), num(s), bits(b).length()));
        registry.fn2("bitposition", (c, a, b) -> (long) position(bits(a), bits(b)));
        registry.fn2("bitgetbit", (c, a, n) -> bits(a).get(checked(bits(a), num(n))) ? 1L : 0L);
        registry.fn3("bitsetbit", (c, a, n, v) -> {
            int index = checked(bits(a), num(n));
            if (num(v) != 0 && num(v) != 1) {
                throw Args.invalidParameter("new bit must be 0 or 1");
            }
            byte[] bytes = bits(a).unsafeArray().clone();
            int mask = 0x80 >> index % 8;
            bytes[index / 8] = (byte) (num(v) == 1 ? bytes[index / 8] | mask : bytes[index / 8] & ~mask);
            return BitString.wrap(bytes, bits(a).length());
        });
    }

    private static int checked(BitString bits, long index) {
        if (index < 0 || index >= bits.length()) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "bit index " + index + " out of valid range (0.." + (bits.length() - 1) + ")");
        }
        return (int) index;
    }

    private static BitString substring(BitString bits, long start, long length, boolean toEnd) {
        if (!toEnd && length < 0) {
            throw TextFunctions.negativeLength();
        }
        long from = Math.max(start, 1) - 1;
        long to = toEnd ? bits.length() : Math.min(bits.length(), start - 1 + length);
        int count = (int) Math.max(0, to - from);
        byte[] part = new byte[(count + 7) / 8];
        for (int i = 0; i < count; i++) {
            if (bits.get((int) from + i)) {
                set(part, i);
            }
        }
        return BitString.wrap(part, count);
    }

    private static BitString overlay(BitString bits, BitString replacement, long start, long length) {
        if (start <= 0) {
            throw TextFunctions.negativeLength();
        }
        if (start + length > Integer.MAX_VALUE) {
            throw CoreArithmetic.outOfRange("integer");
        }
        return concat(concat(substring(bits, 1, start - 1, false), replacement),
                substring(bits, start + length, 0, true));
    }

    private static int position(BitString text, BitString part) {
        if (text.length() == 0 || part.length() > text.length()) {
            return 0;
        }
        for (int i = 0; i + part.length() <= text.length(); i++) {
            int matched = 0;
            while (matched < part.length() && text.get(i + matched) == part.get(matched)) {
                matched++;
            }
            if (matched == part.length()) {
                return i + 1;
            }
        }
        return 0;
    }

    private static void registerIntegers(FunctionRegistry.Builder registry) {
        registry.fn2("bitfromint4", (c, a, n) -> ofInteger(num(a), int4(n)));
        registry.fn2("bitfromint8", (c, a, n) -> ofInteger(num(a), int4(n)));
        registry.fn1("bittoint4", (c, a) -> (long) (int) toInteger(bits(a), 32, "integer"));
        registry.fn1("bittoint8", (c, a) -> toInteger(bits(a), 64, "bigint"));
    }

    /** The low bits of a number, sign-extended to the left; the typmod -1 means one bit. */
    private static BitString ofInteger(long value, int typmod) {
        int length = typmod <= 0 ? 1 : typmod;
        byte[] bytes = new byte[(length + 7) / 8];
        for (int i = 0; i < length; i++) {
            int place = length - 1 - i;
            if ((value >> Math.min(place, 63) & 1) != 0) {
                set(bytes, i);
            }
        }
        return BitString.wrap(bytes, length);
    }

    private static long toInteger(BitString bits, int width, String typeName) {
        if (bits.length() > width) {
            throw CoreArithmetic.outOfRange(typeName);
        }
        long value = 0;
        for (int i = 0; i < bits.length(); i++) {
            value = value << 1 | (bits.get(i) ? 1 : 0);
        }
        return value;
    }
}
