package io.quantadb.types.json;

import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.ByteArraySink;
import io.quantadb.types.Numeric;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The stored form of jsonb: one tag byte a value (0 null, 1 false, 2 true, 3 number, 4 string, 5 array, 6 object).
 *
 * <p>Numbers and strings follow as length and bytes (numeric's stored form, UTF-8), arrays as count and elements,
 * objects as count and key-value pairs in key order, a key being length and bytes. Lengths and counts are unsigned
 * LEB128.
 */
public final class JsonStorage {
    private final byte[] buffer;
    private int at;

    private JsonStorage(byte[] buffer, int at) {
        this.buffer = buffer;
        this.at = at;
    }

    public static byte[] encode(JsonValue value) {
        ByteArraySink out = new ByteArraySink(128);
        write(value, out);
        return out.toByteArray();
    }

    private static void write(JsonValue value, ByteArraySink out) {
        switch (value) {
            case JsonValue.Null n -> out.writeByte(0);
            case JsonValue.Bool b -> out.writeByte(b.value() ? 2 : 1);
            case JsonValue.Num n -> {
                out.writeByte(3);
                writeBytes(BuiltinTypes.NUMERIC.ops().encode(n.value()), out);
            }
            case JsonValue.Str s -> {
                out.writeByte(4);
                writeBytes(s.value().getBytes(StandardCharsets.UTF_8), out);
            }
            case JsonValue.Arr array -> {
                out.writeByte(5);
                writeLength(array.size(), out);
                for (JsonValue element : array.elements()) {
                    write(element, out);
                }
            }
            case JsonValue.Obj object -> {
                out.writeByte(6);
                writeLength(object.size(), out);
                for (int i = 0; i < object.size(); i++) {
                    writeBytes(object.key(i).getBytes(StandardCharsets.UTF_8), out);
                    write(object.value(i), out);
                }
            }
        }
    }

    private static void writeBytes(byte[] bytes, ByteArraySink out) {
        writeLength(bytes.length, out);
        out.writeBytes(bytes);
    }

    private static void writeLength(int length, ByteArraySink out) {
        int rest = length;
        while (rest > 0x7F) {
            out.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    public static JsonValue decode(byte[] buffer, int offset) {
        return new JsonStorage(buffer, offset).read();
    }

    private JsonValue read() {
        int tag = buffer[at++];
        return switch (tag) {
            case 0 -> JsonValue.NULL;
            case 1 -> JsonValue.FALSE;
            case 2 -> JsonValue.TRUE;
            case 3 -> {
                int length = readLength();
                at += length;
                yield new JsonValue.Num((Numeric) BuiltinTypes.NUMERIC.ops().decode(buffer, at - length, length));
            }
            case 4 -> new JsonValue.Str(readString());
            case 5 -> {
                JsonValue[] elements = new JsonValue[readLength()];
                for (int i = 0; i < elements.length; i++) {
                    elements[i] = read();
                }
                yield new JsonValue.Arr(Arrays.asList(elements));
            }
            case 6 -> {
                String[] keys = new String[readLength()];
                JsonValue[] values = new JsonValue[keys.length];
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = readString();
                    values[i] = read();
                }
                yield JsonValue.Obj.ofSorted(keys, values);
            }
            default -> throw io.quantadb.base.Invariant.broken("unknown stored json tag %s", tag);
        };
    }

    private String readString() {
        int length = readLength();
        at += length;
        return new String(buffer, at - length, length, StandardCharsets.UTF_8);
    }

    private int readLength() {
        int value = 0;
        int shift = 0;
        byte next;
        do {
            next = buffer[at++];
            value |= (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
