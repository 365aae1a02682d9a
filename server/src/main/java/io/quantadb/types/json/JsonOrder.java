package io.quantadb.types.json;

import io.quantadb.types.TextOrder;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * jsonb's btree order: Object > Array > Boolean > Number > String > null; containers of the same kind first by their
 * number of members, then member by member.
 *
 * <p>A scalar at the top level compares like a one-element array, which is why {@code []} sorts below {@code null}
 * there, but not inside a document.
 */
public final class JsonOrder {
    /** Order of keys inside an object: length in bytes, then bytes. */
    public static final Comparator<String> KEY_ORDER = JsonOrder::compareKeys;

    private JsonOrder() {
    }

    private static int compareKeys(String a, String b) {
        int byLength = Integer.compare(utf8Length(a), utf8Length(b));
        return byLength != 0 ? byLength : TextOrder.compare(a, b);
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 128) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return length;
    }

    /** Compares whole documents. */
    static int compare(JsonValue a, JsonValue b) {
        if (a.isScalar() && b instanceof JsonValue.Arr array) {
            return array.size() == 0 ? 1 : -1;
        }
        if (b.isScalar() && a instanceof JsonValue.Arr array) {
            return array.size() == 0 ? -1 : 1;
        }
        return compareNested(a, b);
    }

    /** Position of a kind in the order. */
    public static int rank(JsonValue value) {
        return switch (value) {
            case JsonValue.Null n -> 0;
            case JsonValue.Str s -> 1;
            case JsonValue.Num n -> 2;
            case JsonValue.Bool b -> 3;
            case JsonValue.Arr a -> 4;
            case JsonValue.Obj o -> 5;
        };
    }

    private static int compareNested(JsonValue a, JsonValue b) {
        int rank = rank(a);
        if (rank != rank(b)) {
            return rank - rank(b);
        }
        return switch (a) {
            case JsonValue.Null n -> 0;
            case JsonValue.Str s -> TextOrder.compare(s.value(), ((JsonValue.Str) b).value());
            case JsonValue.Num n -> n.value().compareTo(((JsonValue.Num) b).value());
            case JsonValue.Bool bool -> Boolean.compare(bool.value(), ((JsonValue.Bool) b).value());
            case JsonValue.Arr array -> compareArrays(array, (JsonValue.Arr) b);
            case JsonValue.Obj object -> compareObjects(object, (JsonValue.Obj) b);
        };
    }

    private static int compareArrays(JsonValue.Arr a, JsonValue.Arr b) {
        if (a.size() != b.size()) {
            return Integer.compare(a.size(), b.size());
        }
        for (int i = 0; i < a.size(); i++) {
            int order = compareNested(a.elements().get(i), b.elements().get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareObjects(JsonValue.Obj a, JsonValue.Obj b) {
        if (a.size() != b.size()) {
            return Integer.compare(a.size(), b.size());
        }
        for (int i = 0; i < a.size(); i++) {
            int order = TextOrder.compare(a.key(i), b.key(i));
            order = order != 0 ? order : compareNested(a.value(i), b.value(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
