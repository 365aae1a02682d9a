package io.quantadb.function;

import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.types.ArrayValue;
import io.quantadb.types.ByteArraySink;
import io.quantadb.types.ByteString;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TimeTz;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The hash support functions, with PostgreSQL's values: applications use {@code hashtext} for lock keys and sharding.
 *
 * <p>Source: Bob Jenkins, "lookup3.c", 2006.
 */
public final class HashFunctions implements FunctionRegistry.Library {
    private static final int START = 0x9e3779b9 + 3_923_095;

    private interface Hash {
        /** The 64-bit hash; its low half is the 32-bit one if the seed is 0. */
        long of(Object value, long seed);
    }

    @Override
    public void register(FunctionRegistry.Builder registry) {
        Hash int4 = (v, seed) -> word((int) num(v), seed);
        Hash int8 = (v, seed) -> int8(num(v), seed);
        Hash utf8 = (v, seed) -> bytes(Args.utf8(v), seed);
        put(registry, "hashint2", "hashint2extended", int4);
        put(registry, "hashint4", "hashint4extended", int4);
        put(registry, "hashoid", "hashoidextended", int4);
        put(registry, "hashenum", "hashenumextended", int4);
        put(registry, "hashint8", "hashint8extended", int8);
        put(registry, "timestamp_hash", "timestamp_hash_extended", int8);
        put(registry, "time_hash", "time_hash_extended", int8);
        put(registry, "pg_lsn_hash", "pg_lsn_hash_extended", int8);
        put(registry, "hashchar", "hashcharextended", (v, seed) -> word(text(v).isEmpty() ? 0
                : io.quantadb.types.BuiltinTypes.CHAR.ops().encode(v)[0], seed));
        put(registry, "hashtext", "hashtextextended", utf8);
        put(registry, "hashname", "hashnameextended", utf8);
        put(registry, "hashbpchar", "hashbpcharextended", (v, seed) -> bytes(Args.trimBlanks(v).getBytes(
                StandardCharsets.UTF_8), seed));
        put(registry, "hashvarlena", "hashvarlenaextended", (v, seed) -> bytes(((ByteString) v).unsafeArray(), seed));
        put(registry, "hashfloat4", "hashfloat4extended", HashFunctions::float8);
        put(registry, "hashfloat8", "hashfloat8extended", HashFunctions::float8);
        put(registry, "hash_numeric", "hash_numeric_extended", HashFunctions::numeric);
        put(registry, "uuid_hash", "uuid_hash_extended", (v, seed) -> {
            ByteArraySink out = new ByteArraySink();
            io.quantadb.types.BuiltinTypes.UUID.ops().writeBinary(v, out);
            return bytes(out.toByteArray(), seed);
        });
        put(registry, "interval_hash", "interval_hash_extended", (v, seed) -> int8(((Interval) v).span().longValue(),
                seed));
        put(registry, "timetz_hash", "timetz_hash_extended", (v, seed) -> int8(((TimeTz) v).micros(), seed)
                ^ word(((TimeTz) v).zoneSeconds(), seed));
        registry.fn1("hash_array", (c, v) -> (long) array((ArrayValue) v));
    }

    private static void put(FunctionRegistry.Builder registry, String name, String extended, Hash hash) {
        registry.fn1(name, (c, v) -> (long) (int) hash.of(v, 0));
        registry.fn2(extended, (c, v, seed) -> hash.of(v, num(seed)));
    }

    private static long int8(long value, long seed) {
        int high = (int) (value >> 32);
        return word((int) value ^ (value >= 0 ? high : ~high), seed);
    }

    private static long float8(Object value, long seed) {
        double d = (Double) value;
        if (d == 0) {
            return seed;
        }
        long bits = Double.doubleToLongBits(d);
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (bits >> 8 * i);
        }
        return bytes(bytes, seed);
    }

    /** Over the digits in base 10,000, without zeros at either end, and the place of the first. */
    private static long numeric(Object value, long seed) {
        Numeric n = (Numeric) value;
        if (n.isNaN() || n.isInfinite()) {
            return seed;
        }
        if (n.isZero()) {
            return seed == 0 ? -1 : seed - 1;
        }
        int shift = (4 - n.scale() % 4) % 4;
        BigInteger digits = n.unscaledBig().abs().multiply(BigInteger.TEN.pow(shift));
        List<Integer> base = new ArrayList<>();
        BigInteger unit = BigInteger.valueOf(10_000);
        while (digits.signum() != 0) {
            BigInteger[] parts = digits.divideAndRemainder(unit);
            base.add(parts[1].intValue());
            digits = parts[0];
        }
        int weight = base.size() - 1 - (n.scale() + shift) / 4;
        int last = 0;
        while (base.get(last) == 0) {
            last++;
        }
        byte[] bytes = new byte[(base.size() - last) * 2];
        for (int i = base.size() - 1, at = 0; i >= last; i--, at += 2) {
            bytes[at] = (byte) (int) base.get(i);
            bytes[at + 1] = (byte) (base.get(i) >> 8);
        }
        return bytes(bytes, seed) ^ weight;
    }

    private static int array(ArrayValue array) {
        int result = 1;
        for (Object element : array.elements()) {
            result = result * 31 + (element == null ? 0 : (int) element(array.elementType(), element));
        }
        return result;
    }

    private static long element(PgType type, Object value) {
        return switch (type.oid()) {
            case Oids.INT2, Oids.INT4, Oids.OID, Oids.DATE -> word((int) num(value), 0);
            case Oids.INT8, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.TIME -> int8(num(value), 0);
            case Oids.TEXT, Oids.VARCHAR, Oids.NAME -> bytes(Args.utf8(value), 0);
            case Oids.BPCHAR -> bytes(Args.trimBlanks(value).getBytes(StandardCharsets.UTF_8), 0);
            case Oids.FLOAT4, Oids.FLOAT8 -> float8(value, 0);
            case Oids.NUMERIC -> numeric(value, 0);
            default -> throw io.quantadb.error.SqlException.notSupported("hash_array of elements of type "
                    + type.name() + " is not supported");
        };
    }

    // ---- the algorithm

    private static final class State {
        int a;
        int b;
        int c;

        State(int length, long seed) {
            a = START + length;
            b = a;
            c = a;
            if (seed != 0) {
                a += (int) (seed >> 32);
                b += (int) seed;
                mix();
            }
        }

        void mix() {
            a -= c;
            a ^= Integer.rotateLeft(c, 4);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 6);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 8);
            b += a;
            a -= c;
            a ^= Integer.rotateLeft(c, 16);
            c += b;
            b -= a;
            b ^= Integer.rotateLeft(a, 19);
            a += c;
            c -= b;
            c ^= Integer.rotateLeft(b, 4);
            b += a;
        }

        long finish() {
            c ^= b;
            c -= Integer.rotateLeft(b, 14);
            a ^= c;
            a -= Integer.rotateLeft(c, 11);
            b ^= a;
            b -= Integer.rotateLeft(a, 25);
            c ^= b;
            c -= Integer.rotateLeft(b, 16);
            a ^= c;
            a -= Integer.rotateLeft(c, 4);
            b ^= a;
            b -= Integer.rotateLeft(a, 14);
            c ^= b;
            c -= Integer.rotateLeft(b, 24);
            return (long) b << 32 | c & 0xFFFF_FFFFL;
        }
    }

    private static long word(int value, long seed) {
        State state = new State(4, seed);
        state.a += value;
        return state.finish();
    }

    private static long bytes(byte[] k, long seed) {
        State state = new State(k.length, seed);
        int at = 0;
        for (; k.length - at >= 12; at += 12) {
            state.a += little(k, at, 4);
            state.b += little(k, at + 4, 4);
            state.c += little(k, at + 8, 4);
            state.mix();
        }
        int left = k.length - at;
        state.a += little(k, at, Math.min(4, left));
        state.b += left > 4 ? little(k, at + 4, Math.min(4, left - 4)) : 0;
        // The lowest byte of c belongs to the length.
        state.c += left > 8 ? little(k, at + 8, left - 8) << 8 : 0;
        return state.finish();
    }

    private static int little(byte[] k, int from, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (k[from + i] & 0xFF) << 8 * i;
        }
        return value;
    }
}
