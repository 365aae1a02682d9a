package io.quantadb.types.json;

import io.quantadb.types.Numeric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed JSON document with jsonb's semantics: the value of type jsonb.
 *
 * <p>Numbers keep their scale, object keys are unique and ordered by length in bytes and then by bytes, white space is
 * gone. Immutable. {@code equals} and {@code compareTo} are jsonb's equality and btree order, see {@link JsonOrder}.
 */
public sealed interface JsonValue extends Comparable<JsonValue> {
    JsonValue NULL = new Null();
    JsonValue TRUE = new Bool(true);
    JsonValue FALSE = new Bool(false);

    @Override
    default int compareTo(JsonValue other) {
        return JsonOrder.compare(this, other);
    }

    /** What {@code jsonb_typeof} returns. */
    String typeName();

    /** Whether this is neither array nor object. */
    default boolean isScalar() {
        return true;
    }

    /** jsonb's text form, one blank after colons and commas. */
    default String toText() {
        StringBuilder out = new StringBuilder();
        JsonText.append(this, out);
        return out.toString();
    }

    /** JSON null. */
    record Null() implements JsonValue {
        @Override
        public String typeName() {
            return "null";
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    /** true or false; use the constants. */
    record Bool(boolean value) implements JsonValue {
        @Override
        public String typeName() {
            return "boolean";
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    /** A finite number. */
    record Num(Numeric value) implements JsonValue {
        @Override
        public String typeName() {
            return "number";
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    /** A string without U+0000. */
    record Str(String value) implements JsonValue {
        @Override
        public String typeName() {
            return "string";
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    /** An array; the list is unmodifiable and has no Java nulls. */
    record Arr(List<JsonValue> elements) implements JsonValue {
        public Arr {
            elements = Collections.unmodifiableList(elements);
        }

        public int size() {
            return elements.size();
        }

        /** By index rather than through the list's own methods, which would cost five stack frames a level. */
        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Arr that) || that.size() != size()) {
                return false;
            }
            for (int i = 0; i < size(); i++) {
                if (!elements.get(i).equals(that.elements.get(i))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            int hash = 1;
            for (int i = 0; i < size(); i++) {
                hash = 31 * hash + elements.get(i).hashCode();
            }
            return hash;
        }

        @Override
        public String typeName() {
            return "array";
        }

        @Override
        public boolean isScalar() {
            return false;
        }

        @Override
        public String toString() {
            return toText();
        }
    }

    /** An object; keys are unique and in jsonb's order. */
    final class Obj implements JsonValue {
        private final String[] keys;
        private final JsonValue[] values;

        private Obj(String[] keys, JsonValue[] values) {
            this.keys = keys;
            this.values = values;
        }

        /** From pairs in any order; of equal keys the last one wins. */
        public static Obj of(List<Map.Entry<String, JsonValue>> pairs) {
            Map<String, JsonValue> unique = LinkedHashMap.newLinkedHashMap(pairs.size());
            pairs.forEach(pair -> unique.put(pair.getKey(), pair.getValue()));
            return of(unique);
        }

        public static Obj of(Map<String, JsonValue> members) {
            List<Map.Entry<String, JsonValue>> sorted = new ArrayList<>(members.entrySet());
            sorted.sort(Map.Entry.comparingByKey(JsonOrder.KEY_ORDER));
            String[] keys = new String[sorted.size()];
            JsonValue[] values = new JsonValue[keys.length];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = sorted.get(i).getKey();
                values[i] = sorted.get(i).getValue();
            }
            return new Obj(keys, values);
        }

        /** Trusts the caller that keys are unique and in order; takes ownership of both arrays. */
        static Obj ofSorted(String[] keys, JsonValue[] values) {
            return new Obj(keys, values);
        }

        public int size() {
            return keys.length;
        }

        public String key(int index) {
            return keys[index];
        }

        public JsonValue value(int index) {
            return values[index];
        }

        /** The member's value, or null if there is none. */
        public JsonValue get(String key) {
            int index = Arrays.binarySearch(keys, key, JsonOrder.KEY_ORDER);
            return index < 0 ? null : values[index];
        }

        /** A modifiable copy, in jsonb's order. */
        public Map<String, JsonValue> toMap() {
            Map<String, JsonValue> map = LinkedHashMap.newLinkedHashMap(keys.length);
            for (int i = 0; i < keys.length; i++) {
                map.put(keys[i], values[i]);
            }
            return map;
        }

        @Override
        public String typeName() {
            return "object";
        }

        @Override
        public boolean isScalar() {
            return false;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Obj that && Arrays.equals(keys, that.keys) && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(keys) * 31 + Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return toText();
        }
    }
}
