package io.quantadb.types.key;

import io.quantadb.types.json.JsonOrder;
import io.quantadb.types.json.JsonValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * jsonb: a byte for the kind (its rank in the order plus 1), then numbers and strings as in their own types, containers
 * as number of members, and members.
 *
 * <p>At the top level arrays and scalars begin with the number of elements, scalars counting one, and a byte that is 0
 * for scalars, because jsonb compares a lone scalar as if it were in an array.
 */
final class JsonKey extends KeyEncoder {
    private static final KeyEncoder NUMBER = new NumericKey(-1);
    private static final int ARRAY_OR_SCALAR = 0x10;
    private static final int OBJECT = 0x11;

    /** Scales of numbers are lost. */
    @Override
    public boolean decodable() {
        return false;
    }

    @Override
    void put(Object value, KeyBuffer out) {
        JsonValue json = (JsonValue) value;
        if (json instanceof JsonValue.Obj object) {
            out.putByte(OBJECT);
            putObject(object, out);
            return;
        }
        out.putByte(ARRAY_OR_SCALAR);
        if (json instanceof JsonValue.Arr array) {
            out.putInt(array.size());
            out.putByte(1);
            for (JsonValue element : array.elements()) {
                putNested(element, out);
            }
        } else {
            out.putInt(1);
            out.putByte(0);
            putNested(json, out);
        }
    }

    private static void putNested(JsonValue value, KeyBuffer out) {
        out.putByte(JsonOrder.rank(value) + 1);
        switch (value) {
            case JsonValue.Null n -> {
            }
            case JsonValue.Str s -> KeyEncoders.putText(s.value(), out);
            case JsonValue.Num n -> NUMBER.put(n.value(), out);
            case JsonValue.Bool b -> out.putByte(b.value() ? 1 : 0);
            case JsonValue.Arr array -> {
                out.putInt(array.size());
                for (JsonValue element : array.elements()) {
                    putNested(element, out);
                }
            }
            case JsonValue.Obj object -> putObject(object, out);
        }
    }

    private static void putObject(JsonValue.Obj object, KeyBuffer out) {
        out.putInt(object.size());
        for (int i = 0; i < object.size(); i++) {
            KeyEncoders.putText(object.key(i), out);
            putNested(object.value(i), out);
        }
    }

    @Override
    Object get(KeyReader in) {
        if (in.readByte() == OBJECT) {
            return getObject(in);
        }
        int size = in.readInt();
        return in.readByte() == 1 ? getArray(in, size) : getNested(in);
    }

    private static JsonValue getNested(KeyReader in) {
        return switch (in.readByte() - 1) {
            case 0 -> JsonValue.NULL;
            case 1 -> new JsonValue.Str(KeyEncoders.getText(in));
            case 2 -> new JsonValue.Num((io.quantadb.types.Numeric) NUMBER.get(in));
            case 3 -> in.readByte() == 1 ? JsonValue.TRUE : JsonValue.FALSE;
            case 4 -> getArray(in, in.readInt());
            default -> getObject(in);
        };
    }

    private static JsonValue getArray(KeyReader in, int size) {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(getNested(in));
        }
        return new JsonValue.Arr(elements);
    }

    private static JsonValue getObject(KeyReader in) {
        int size = in.readInt();
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = KeyEncoders.getText(in);
            members.put(key, getNested(in));
        }
        return JsonValue.Obj.of(members);
    }
}
