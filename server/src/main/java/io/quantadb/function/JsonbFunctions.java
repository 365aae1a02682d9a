package io.quantadb.function;

import static io.quantadb.function.Args.array;
import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Numeric;
import io.quantadb.types.json.JsonText;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Functions and operators of type jsonb. */
public final class JsonbFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerAccess(registry);
        registerTests(registry);
        registerChanges(registry);
        registerSets(registry);
        registerCasts(registry);
    }

    private static JsonValue json(Object value) {
        return (JsonValue) value;
    }

    /** SQL text of a value: strings without quotes, null as NULL. */
    static String asText(JsonValue value) {
        return switch (value) {
            case null -> null;
            case JsonValue.Null n -> null;
            case JsonValue.Str s -> s.value();
            default -> value.toText();
        };
    }

    private static JsonValue member(JsonValue value, String key) {
        return value instanceof JsonValue.Obj object ? object.get(key) : null;
    }

    private static JsonValue element(JsonValue value, long index) {
        if (value.isScalar()) {
            return index == 0 || index == -1 ? value : null; // a scalar is stored as an array of one
        }
        if (!(value instanceof JsonValue.Arr array)) {
            return null;
        }
        long place = index < 0 ? array.size() + index : index;
        return place < 0 || place >= array.size() ? null : array.elements().get((int) place);
    }

    private static JsonValue path(JsonValue value, ArrayValue path) {
        JsonValue at = value;
        for (Object step : path.elements()) {
            if (step == null || at == null) {
                return null;
            }
            if (at instanceof JsonValue.Obj) {
                at = member(at, text(step));
            } else {
                Long index = JsonFunctions.index(text(step));
                at = index == null || at.isScalar() ? null : element(at, index);
            }
        }
        return at;
    }

    private static void registerAccess(FunctionRegistry.Builder registry) {
        registry.fn2("jsonb_object_field", (c, j, k) -> member(json(j), text(k)))
                .fn2("jsonb_object_field_text", (c, j, k) -> asText(member(json(j), text(k))))
                .fn2("jsonb_array_element", (c, j, i) -> element(json(j), num(i)))
                .fn2("jsonb_array_element_text", (c, j, i) -> asText(element(json(j), num(i))))
                .fn2("jsonb_extract_path", (c, j, p) -> path(json(j), array(p)))
                .fn2("jsonb_extract_path_text", (c, j, p) -> asText(path(json(j), array(p))))
                .fn1("jsonb_typeof", (c, j) -> json(j).typeName())
                .fn1("jsonb_pretty", (c, j) -> JsonText.pretty(json(j)))
                .fn1("jsonb_strip_nulls", (c, j) -> stripNulls(json(j)))
                .fn1("jsonb_array_length", (c, j) -> {
                    if (json(j) instanceof JsonValue.Arr array) {
                        return (long) array.size();
                    }
                    throw Args.invalidParameter(json(j).isScalar() ? "cannot get array length of a scalar"
                            : "cannot get array length of a non-array");
                });
    }

    private static JsonValue stripNulls(JsonValue value) {
        return switch (value) {
            case JsonValue.Obj object -> {
                Map<String, JsonValue> members = object.toMap();
                members.values().removeIf(JsonValue.Null.class::isInstance);
                members.replaceAll((key, member) -> stripNulls(member));
                yield JsonValue.Obj.of(members);
            }
            case JsonValue.Arr array -> new JsonValue.Arr(array.elements().stream()
                    .map(JsonbFunctions::stripNulls).toList());
            default -> value;
        };
    }

    // ---- @>, ?, ?|, ?&

    private static void registerTests(FunctionRegistry.Builder registry) {
        registry.objectTest("jsonb_contains", (a, b) -> containsTop(json(a), json(b)));
        registry.objectTest("jsonb_contained", (a, b) -> containsTop(json(b), json(a)));
        registry.objectTest("jsonb_exists", (a, k) -> exists(json(a), text(k)));
        registry.objectTest("jsonb_exists_any", (a, keys) -> {
            for (Object key : array(keys).elements()) {
                if (key != null && exists(json(a), text(key))) {
                    return true;
                }
            }
            return false;
        });
        registry.objectTest("jsonb_exists_all", (a, keys) -> {
            for (Object key : array(keys).elements()) {
                if (key != null && !exists(json(a), text(key))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean exists(JsonValue value, String key) {
        return switch (value) {
            case JsonValue.Obj object -> object.get(key) != null;
            case JsonValue.Arr array -> array.elements().contains(new JsonValue.Str(key));
            case JsonValue.Str s -> s.value().equals(key);
            default -> false;
        };
    }

    private static boolean containsTop(JsonValue whole, JsonValue part) {
        // An array may contain a bare scalar, at the top level only.
        if (whole instanceof JsonValue.Arr array && part.isScalar()) {
            return array.elements().contains(part);
        }
        return contains(whole, part);
    }

    private static boolean contains(JsonValue whole, JsonValue part) {
        if (whole instanceof JsonValue.Obj a && part instanceof JsonValue.Obj b) {
            for (int i = 0; i < b.size(); i++) {
                JsonValue member = a.get(b.key(i));
                if (member == null || !contains(member, b.value(i))) {
                    return false;
                }
            }
            return true;
        }
        if (whole instanceof JsonValue.Arr a && part instanceof JsonValue.Arr b) {
            for (JsonValue wanted : b.elements()) {
                if (a.elements().stream().noneMatch(element -> wanted.isScalar() ? element.equals(wanted)
                        : contains(element, wanted))) {
                    return false;
                }
            }
            return true;
        }
        return whole.isScalar() && part.isScalar() && whole.equals(part);
    }

    // ---- ||, -, #-, jsonb_set, jsonb_insert

    private static void registerChanges(FunctionRegistry.Builder registry) {
        registry.fn2("jsonb_concat", (c, a, b) -> concat(json(a), json(b)));
        registry.fn2("jsonb_delete", (c, a, k) -> deleteKeys(json(a), List.of(text(k))));
        registry.fn2("jsonb_delete_array", (c, a, keys) -> {
            List<String> names = new ArrayList<>();
            for (Object key : array(keys).elements()) {
                if (key != null) {
                    names.add(text(key));
                }
            }
            return deleteKeys(json(a), names);
        });
        registry.fn2("jsonb_delete_idx", (c, a, i) -> deleteIndex(json(a), num(i)));
        registry.fn2("jsonb_delete_path", (c, a, p) -> {
            return deletePath(json(a), array(p));
        });
        registry.fnN("jsonb_set", (c, a) -> set(json(a[0]), array(a[1]), json(a[2]), bool(a[3])));
        registry.fnN("jsonb_set_lax", (c, a) -> setLax(a));
        registry.fnN("jsonb_insert", (c, a) -> {
            if (json(a[0]).isScalar()) {
                throw Args.invalidParameter("cannot set path in scalar");
            }
            return changed(json(a[0]), array(a[1]), 0, json(a[2]), bool(a[3]) ? Change.INSERT_AFTER : Change.INSERT);
        });
    }

    private static JsonValue concat(JsonValue a, JsonValue b) {
        if (a instanceof JsonValue.Obj x && b instanceof JsonValue.Obj y) {
            Map<String, JsonValue> members = x.toMap();
            members.putAll(y.toMap());
            return JsonValue.Obj.of(members);
        }
        List<JsonValue> elements = new ArrayList<>();
        elements.addAll(a instanceof JsonValue.Arr array ? array.elements() : List.of(a));
        elements.addAll(b instanceof JsonValue.Arr array ? array.elements() : List.of(b));
        return new JsonValue.Arr(elements);
    }

    private static JsonValue deleteKeys(JsonValue value, List<String> keys) {
        return switch (value) {
            case JsonValue.Obj object -> {
                Map<String, JsonValue> members = object.toMap();
                members.keySet().removeAll(keys);
                yield JsonValue.Obj.of(members);
            }
            case JsonValue.Arr array -> new JsonValue.Arr(array.elements().stream()
                    .filter(element -> !(element instanceof JsonValue.Str s && keys.contains(s.value()))).toList());
            default -> throw Args.invalidParameter("cannot delete from scalar");
        };
    }

    private static JsonValue deleteIndex(JsonValue value, long index) {
        return switch (value) {
            case JsonValue.Obj object -> throw Args.invalidParameter("cannot delete from object using integer index");
            case JsonValue.Arr array -> {
                long place = index < 0 ? array.size() + index : index;
                if (place < 0 || place >= array.size()) {
                    yield value;
                }
                List<JsonValue> elements = new ArrayList<>(array.elements());
                elements.remove((int) place);
                yield new JsonValue.Arr(elements);
            }
            default -> throw Args.invalidParameter("cannot delete from scalar");
        };
    }

    private enum Change { REPLACE, CREATE, DELETE, INSERT, INSERT_AFTER }

    private static JsonValue set(JsonValue value, ArrayValue path, JsonValue replacement, boolean create) {
        if (value.isScalar()) {
            throw Args.invalidParameter("cannot set path in scalar");
        }
        boolean empty = value instanceof JsonValue.Obj o && o.size() == 0 || value instanceof JsonValue.Arr a
                && a.size() == 0;
        if (empty && !create) {
            return value;
        }
        return changed(value, path, 0, replacement, create ? Change.CREATE : Change.REPLACE);
    }

    private static JsonValue deletePath(JsonValue value, ArrayValue path) {
        if (value.isScalar()) {
            throw Args.invalidParameter("cannot delete path in scalar");
        }
        boolean empty = value instanceof JsonValue.Obj o && o.size() == 0 || value instanceof JsonValue.Arr a
                && a.size() == 0;
        return empty ? value : changed(value, path, 0, null, Change.DELETE);
    }

    private static Object setLax(Object[] a) {
        if (a[0] == null || a[1] == null || a[3] == null) {
            return null;
        }
        if (a[4] == null) {
            throw Args.invalidParameter("null_value_treatment must be \"delete_key\", \"return_target\","
                    + " \"use_json_null\", or \"raise_exception\"");
        }
        if (a[2] != null) {
            return set(json(a[0]), array(a[1]), json(a[2]), bool(a[3]));
        }
        return switch (text(a[4])) {
            case "raise_exception" -> throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED,
                    "JSON value must not be null").withDetail("Exception was raised because null_value_treatment is"
                    + " \"raise_exception\".").withHint("To avoid, either change the null_value_treatment argument or"
                    + " ensure that an SQL NULL is not passed.");
            case "return_target" -> a[0];
            case "use_json_null" -> set(json(a[0]), array(a[1]), JsonValue.NULL, bool(a[3]));
            case "delete_key" -> deletePath(json(a[0]), array(a[1]));
            default -> throw Args.invalidParameter("null_value_treatment must be \"delete_key\", \"return_target\","
                    + " \"use_json_null\", or \"raise_exception\"");
        };
    }

    private static JsonValue changed(JsonValue value, ArrayValue path, int depth, JsonValue replacement,
            Change change) {
        if (path.dimensionCount() > 1) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
        }
        if (depth >= path.size()) {
            return value;
        }
        if (path.get(depth) == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "path element at position " + (depth + 1)
                    + " is null");
        }
        String step = text(path.get(depth));
        boolean last = depth == path.size() - 1;
        return switch (value) {
            case JsonValue.Obj object -> {
                JsonValue old = object.get(step);
                if (!last) {
                    yield old == null ? value : with(object, step, changed(old, path, depth + 1, replacement, change));
                }
                yield changedMember(object, step, old, replacement, change);
            }
            case JsonValue.Arr array -> {
                Long index = JsonFunctions.index(step);
                if (index == null) {
                    throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "path element at position "
                            + (depth + 1) + " is not an integer: \"" + step + "\"");
                }
                yield changedElement(array, index, path, depth, last, replacement, change);
            }
            default -> value;
        };
    }

    private static JsonValue with(JsonValue.Obj object, String key, JsonValue value) {
        Map<String, JsonValue> members = object.toMap();
        members.put(key, value);
        return JsonValue.Obj.of(members);
    }

    private static JsonValue changedMember(JsonValue.Obj object, String key, JsonValue old, JsonValue replacement,
            Change change) {
        switch (change) {
            case DELETE:
                return old == null ? object : deleteKeys(object, List.of(key));
            case INSERT, INSERT_AFTER:
                if (old != null) {
                    throw Args.invalidParameter("cannot replace existing key")
                            .withHint("Try using the function jsonb_set to replace key value.");
                }
                return with(object, key, replacement);
            case REPLACE:
                return old == null ? object : with(object, key, replacement);
            default:
                return with(object, key, replacement);
        }
    }

    private static JsonValue changedElement(JsonValue.Arr array, long index, ArrayValue path, int depth, boolean last,
            JsonValue replacement, Change change) {
        List<JsonValue> elements = new ArrayList<>(array.elements());
        long place = index < 0 ? array.size() + index : index;
        boolean inside = place >= 0 && place < array.size();
        if (!last) {
            if (!inside) {
                return array;
            }
            elements.set((int) place, changed(elements.get((int) place), path, depth + 1, replacement, change));
            return new JsonValue.Arr(elements);
        }
        switch (change) {
            case DELETE -> {
                if (inside) {
                    elements.remove((int) place);
                }
            }
            case REPLACE -> {
                if (inside) {
                    elements.set((int) place, replacement);
                }
            }
            case CREATE -> {
                if (inside) {
                    elements.set((int) place, replacement);
                } else {
                    elements.add(place < 0 ? 0 : elements.size(), replacement);
                }
            }
            default -> {
                if (inside) {
                    elements.add((int) place + (change == Change.INSERT_AFTER ? 1 : 0), replacement);
                } else {
                    elements.add(place < 0 ? 0 : elements.size(), replacement);
                }
            }
        }
        return new JsonValue.Arr(elements);
    }

    // ---- sets

    private static void registerSets(FunctionRegistry.Builder registry) {
        registry.set("jsonb_each", (c, a) -> each(json(a[0]), "jsonb_each", false));
        registry.set("jsonb_each_text", (c, a) -> each(json(a[0]), "jsonb_each_text", true));
        registry.set("jsonb_object_keys", (c, a) -> {
            if (json(a[0]) instanceof JsonValue.Obj object) {
                return SetFunction.RowCursor.ofValues(object.toMap().keySet().iterator());
            }
            throw Args.invalidParameter(json(a[0]).isScalar() ? "cannot call jsonb_object_keys on a scalar"
                    : "cannot call jsonb_object_keys on an array");
        });
        registry.set("jsonb_array_elements", (c, a) -> SetFunction.RowCursor.ofValues(
                elements(json(a[0])).iterator()));
        registry.set("jsonb_array_elements_text", (c, a) -> {
            List<String> texts = new ArrayList<>();
            elements(json(a[0])).forEach(element -> texts.add(asText(element)));
            return SetFunction.RowCursor.ofValues(texts.iterator());
        });
    }

    private static List<JsonValue> elements(JsonValue value) {
        if (value instanceof JsonValue.Arr array) {
            return array.elements();
        }
        throw Args.invalidParameter(value.isScalar() ? "cannot extract elements from a scalar"
                : "cannot extract elements from an object");
    }

    private static SetFunction.RowCursor each(JsonValue value, String function, boolean asText) {
        if (!(value instanceof JsonValue.Obj object)) {
            throw Args.invalidParameter("cannot call " + function + " on a non-object");
        }
        return SetFunction.RowCursor.ofRows(object.toMap().entrySet().stream().map(member -> new Object[] {
            member.getKey(), asText ? asText(member.getValue()) : member.getValue()}).iterator());
    }

    // ---- casts

    private interface NumberCast {
        Object cast(Numeric value);
    }

    private static void registerCasts(FunctionRegistry.Builder registry) {
        registry.fn1("jsonb_bool", (c, a) -> {
            if (json(a) instanceof JsonValue.Bool b) {
                return b.value();
            }
            throw cannotCast(json(a), "boolean");
        });
        number(registry, "jsonb_numeric", "numeric", n -> n);
        number(registry, "jsonb_int2", "smallint", Numeric::toInt2);
        number(registry, "jsonb_int4", "integer", Numeric::toInt4);
        number(registry, "jsonb_int8", "bigint", Numeric::toInt8);
        number(registry, "jsonb_float4", "real", n -> (double) n.floatValue());
        number(registry, "jsonb_float8", "double precision", Numeric::doubleValue);
    }

    private static void number(FunctionRegistry.Builder registry, String name, String typeName, NumberCast cast) {
        registry.fn1(name, (c, a) -> {
            if (json(a) instanceof JsonValue.Num n) {
                return cast.cast(n.value());
            }
            throw cannotCast(json(a), typeName);
        });
    }

    private static SqlException cannotCast(JsonValue value, String typeName) {
        return Args.invalidParameter("cannot cast jsonb " + switch (value) {
            case JsonValue.Null n -> "null";
            case JsonValue.Bool b -> "boolean";
            case JsonValue.Num n -> "numeric";
            case JsonValue.Str s -> "string";
            case JsonValue.Arr a -> "array";
            case JsonValue.Obj o -> "object";
        } + " to type " + typeName);
    }
}
