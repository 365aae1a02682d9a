package io.quantadb.types.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.ByteString;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TimeTz;
import io.quantadb.types.Typmods;
import io.quantadb.types.json.JsonValue;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Goal: the bytes of keys compare exactly as the values do, ascending and descending, with NULLs on either side, and
 * decode to what was encoded. Method: random pairs biased to near-equal values; the seed is in every failure message
 * and can be set with {@code -Dquantadb.test.seed}.
 */
class KeyEncoderRandomTest {
    private static final int PAIRS = 20_000;

    private final long seed = Long.getLong("quantadb.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private void check(PgType type, Supplier<Object> values) {
        KeyEncoder encoder = KeyEncoder.of(type);
        for (int i = 0; i < PAIRS; i++) {
            Object a = random.nextInt(20) == 0 ? null : values.get();
            Object b = random.nextInt(20) == 0 ? null : values.get();
            boolean descending = random.nextBoolean();
            boolean nullsFirst = random.nextBoolean();
            KeyBuffer keyA = key(encoder, a, descending, nullsFirst);
            KeyBuffer keyB = key(encoder, b, descending, nullsFirst);
            int expected;
            if (a == null || b == null) {
                expected = Boolean.compare(a != null, b != null) * (nullsFirst ? 1 : -1);
            } else {
                expected = Integer.signum(type.ops().compare(a, b)) * (descending ? -1 : 1);
            }
            int actual = Integer.signum(Arrays.compareUnsigned(keyA.toByteArray(), keyB.toByteArray()));
            assertEquals(expected, actual, () -> "seed " + seed + " type " + type + ": " + a + " and " + b);
            KeyReader reader = new KeyReader(keyA.array(), 0, keyA.length());
            Object back = encoder.decode(reader, descending);
            assertTrue(reader.atEnd(), () -> "seed " + seed + " bytes left after " + a);
            if (encoder.decodable()) {
                assertEquals(a, back, () -> "seed " + seed);
            }
        }
    }

    private static KeyBuffer key(KeyEncoder encoder, Object value, boolean descending, boolean nullsFirst) {
        KeyBuffer key = new KeyBuffer();
        encoder.encode(value, descending, nullsFirst, key);
        return key;
    }

    private long anyLong() {
        return random.nextLong() >> random.nextInt(64);
    }

    private Object number() {
        int choice = random.nextInt(10);
        if (choice == 0) {
            return random.nextBoolean() ? Numeric.NAN : random.nextBoolean() ? Numeric.POSITIVE_INFINITY
                    : Numeric.NEGATIVE_INFINITY;
        }
        if (choice < 3) {
            return Numeric.of(new BigInteger(random.nextInt(400) + 1, random), random.nextInt(300));
        }
        long unscaled = choice < 6 ? random.nextInt(400) - 200 : anyLong();
        return Numeric.of(unscaled, random.nextInt(6));
    }

    private String text() {
        int length = random.nextInt(4);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int[] pool = {1, 'a', 'b', ' ', 0x7F, 0xE4, 0x7FF, 0xFFFD, 0x1F600, 0x10FFFF};
            out.appendCodePoint(pool[random.nextInt(pool.length)]);
        }
        return out.toString();
    }

    private JsonValue json(int depth) {
        return switch (random.nextInt(depth > 2 ? 4 : 6)) {
            case 0 -> JsonValue.NULL;
            case 1 -> new JsonValue.Str(text());
            case 2 -> new JsonValue.Num(Numeric.of(random.nextInt(6) - 3, random.nextInt(2)));
            case 3 -> random.nextBoolean() ? JsonValue.TRUE : JsonValue.FALSE;
            case 4 -> {
                List<JsonValue> elements = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    elements.add(json(depth + 1));
                }
                yield new JsonValue.Arr(elements);
            }
            default -> {
                Map<String, JsonValue> members = new HashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    members.put(text(), json(depth + 1));
                }
                yield JsonValue.Obj.of(members);
            }
        };
    }

    @Test
    void shouldOrderIntegers() {
        check(BuiltinTypes.INT2, () -> (long) (short) anyLong());
        check(BuiltinTypes.INT4, () -> (long) (int) anyLong());
        check(BuiltinTypes.INT8, this::anyLong);
        check(BuiltinTypes.OID, () -> anyLong() & 0xFFFF_FFFFL);
        check(BuiltinTypes.TIMESTAMP, this::anyLong);
    }

    @Test
    void shouldOrderFloats() {
        check(BuiltinTypes.FLOAT8, () -> random.nextBoolean() ? Double.longBitsToDouble(random.nextLong())
                : (double) (random.nextInt(5) - 2));
        check(BuiltinTypes.FLOAT4, () -> (double) Float.intBitsToFloat(random.nextInt()));
    }

    @Test
    void shouldOrderNumerics() {
        check(BuiltinTypes.NUMERIC, this::number);
    }

    @Test
    void shouldDecodeNumericsOfDeclaredScaleExactly() {
        KeyEncoder encoder = KeyEncoder.of(BuiltinTypes.NUMERIC, Typmods.numeric(12, 2));
        assertTrue(encoder.decodable());
        for (int i = 0; i < PAIRS; i++) {
            Numeric value = Numeric.of(random.nextInt(), 2);
            KeyBuffer key = key(encoder, value, true, false);
            Object back = encoder.decode(new KeyReader(key.array(), 0, key.length()), true);
            assertEquals(value.toString(), back.toString(), () -> "seed " + seed);
        }
    }

    @Test
    void shouldOrderTextAndBytes() {
        check(BuiltinTypes.TEXT, this::text);
        check(BuiltinTypes.BPCHAR, this::text);
        check(BuiltinTypes.BYTEA, () -> {
            byte[] bytes = new byte[random.nextInt(4)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) - 2);
            }
            return ByteString.wrap(bytes);
        });
    }

    @Test
    void shouldOrderTimesAndIntervals() {
        check(BuiltinTypes.TIMETZ, () -> new TimeTz(random.nextInt(25) * 3_600_000_000L,
                (random.nextInt(31) - 15) * 3600));
        check(BuiltinTypes.INTERVAL, () -> new Interval(random.nextInt(5) - 2, random.nextInt(120) - 60,
                random.nextBoolean() ? anyLong() : (random.nextInt(97) - 48) * 3_600_000_000L));
        check(BuiltinTypes.UUID, () -> new UUID(anyLong(), anyLong()));
    }

    @Test
    void shouldOrderArrays() {
        check(BuiltinTypes.arrayOf(Oids.TEXT), () -> {
            Object[] elements = new Object[random.nextInt(4)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = random.nextInt(4) == 0 ? null : text();
            }
            return elements.length == 0 ? ArrayValue.empty(BuiltinTypes.TEXT) : new ArrayValue(BuiltinTypes.TEXT,
                    new int[] {elements.length}, new int[] {random.nextInt(3) - 1}, elements);
        });
    }

    @Test
    void shouldOrderJson() {
        check(BuiltinTypes.JSONB, () -> json(0));
    }
}
