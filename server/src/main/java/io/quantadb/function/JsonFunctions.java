package io.quantadb.function;

import static io.quantadb.function.Args.array;
import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.PgType;
import io.quantadb.types.json.JsonText;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Functions and operators of type json, which keep the text of what they do not change; and the builders of both types. */
public final class JsonFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerAccess(registry);
        registerSets(registry);
        registerConversion(registry);
        registerBuilders(registry);
        registerAggregates(registry);
    }

    private static void registerAccess(FunctionRegistry.Builder registry) {
        registry.fn2("json_object_field", (c, j, k) -> JsonScanner.member(text(j), text(k)))
                .fn2("json_object_field_text", (c, j, k) -> JsonScanner.asText(JsonScanner.member(text(j), text(k))))
                .fn2("json_array_element", (c, j, i) -> JsonScanner.element(text(j), num(i)))
                .fn2("json_array_element_text", (c, j, i) -> JsonScanner.asText(JsonScanner.element(text(j), num(i))))
                .fn2("json_extract_path", (c, j, p) -> path(text(j), array(p)))
                .fn2("json_extract_path_text", (c, j, p) -> JsonScanner.asText(path(text(j), array(p))))
                .fn1("json_typeof", (c, j) -> JsonScanner.typeName(text(j)))
                .fn1("json_array_length", (c, j) -> {
                    if (!JsonScanner.isArray(text(j))) {
                        throw Args.invalidParameter(JsonScanner.isObject(text(j))
                                ? "cannot get array length of a non-array" : "cannot get array length of a scalar");
                    }
                    return (long) JsonScanner.elements(text(j)).size();
                })
                .fn1("json_strip_nulls", (c, j) -> {
                    StringBuilder out = new StringBuilder();
                    stripNulls(text(j), out);
                    return out.toString();
                });
    }

    private static String path(String json, ArrayValue path) {
        String value = json;
        for (Object step : path.elements()) {
            if (step == null || value == null) {
                return null;
            }
            if (JsonScanner.isObject(value)) {
                value = JsonScanner.member(value, text(step));
            } else {
                Long index = index(text(step));
                value = index == null ? null : JsonScanner.element(value, index);
            }
        }
        // A path of no steps gives the whole document, without the blanks around it.
        return value == null ? null : path.size() == 0 ? value.strip() : value;
    }

    /** Null if the text is no integer. */
    static Long index(String text) {
        try {
            int start = text.startsWith("+") ? 1 : 0;
            return (long) Integer.parseInt(text.strip().substring(start));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void stripNulls(String json, StringBuilder out) {
        if (JsonScanner.isObject(json)) {
            out.append('{');
            boolean first = true;
            for (JsonScanner.Member member : JsonScanner.members(json)) {
                if (JsonScanner.kind(member.value()) != 'n') {
                    out.append(first ? "" : ",");
                    JsonText.appendString(member.name(), out);
                    out.append(':');
                    stripNulls(member.value(), out);
                    first = false;
                }
            }
            out.append('}');
        } else if (JsonScanner.isArray(json)) {
            out.append('[');
            boolean first = true;
            for (String element : JsonScanner.elements(json)) {
                out.append(first ? "" : ",");
                stripNulls(element, out);
                first = false;
            }
            out.append(']');
        } else if (JsonScanner.kind(json) == '"') {
            JsonText.appendString(JsonScanner.asText(json), out);
        } else {
            out.append(json.strip());
        }
    }

    // ---- sets

    private static void registerSets(FunctionRegistry.Builder registry) {
        registry.set("json_each", (c, a) -> each(text(a[0]), "json_each", false));
        registry.set("json_each_text", (c, a) -> each(text(a[0]), "json_each_text", true));
        registry.set("json_object_keys", (c, a) -> {
            requireObject(text(a[0]), "json_object_keys", true);
            return SetFunction.RowCursor.ofValues(JsonScanner.members(text(a[0])).stream()
                    .map(JsonScanner.Member::name).iterator());
        });
        registry.set("json_array_elements", (c, a) -> SetFunction.RowCursor.ofValues(
                elements(text(a[0]), "json_array_elements").iterator()));
        registry.set("json_array_elements_text", (c, a) -> SetFunction.RowCursor.ofValues(
                texts(elements(text(a[0]), "json_array_elements_text")).iterator()));
    }

    private static List<String> texts(List<String> elements) {
        List<String> texts = new ArrayList<>(elements.size());
        elements.forEach(element -> texts.add(JsonScanner.asText(element)));
        return texts;
    }

    private static List<String> elements(String json, String function) {
        if (!JsonScanner.isArray(json)) {
            throw Args.invalidParameter(JsonScanner.isObject(json) ? "cannot call " + function + " on a non-array"
                    : "cannot call " + function + " on a scalar");
        }
        return JsonScanner.elements(json);
    }

    private static void requireObject(String json, String function, boolean keys) {
        if (JsonScanner.isArray(json)) {
            throw Args.invalidParameter(keys ? "cannot call " + function + " on an array"
                    : "cannot deconstruct an array as an object");
        }
        if (!JsonScanner.isObject(json)) {
            throw Args.invalidParameter(keys ? "cannot call " + function + " on a scalar"
                    : "cannot deconstruct a scalar");
        }
    }

    private static SetFunction.RowCursor each(String json, String function, boolean asText) {
        requireObject(json, function, false);
        return SetFunction.RowCursor.ofRows(JsonScanner.members(json).stream().map(member -> new Object[] {
            member.name(), asText ? JsonScanner.asText(member.value()) : member.value()}).iterator());
    }

    // ---- from SQL values

    private static void registerConversion(FunctionRegistry.Builder registry) {
        registry.scalarFactory("to_json", site -> (ScalarFunction.Fn1) (c, a) ->
                JsonOutput.toJson(c, site.argumentType(0), a));
        registry.scalarFactory("to_jsonb", site -> (ScalarFunction.Fn1) (c, a) ->
                JsonOutput.toJsonb(c, site.argumentType(0), a));
        registerPretty(registry, "array_to_json");
        registerPretty(registry, "row_to_json");
    }

    private static void registerPretty(FunctionRegistry.Builder registry, String name) {
        registry.scalarFactory(name, site -> (ScalarFunction.Fn1) (c, a) ->
                JsonOutput.toJson(c, site.argumentType(0), a));
        registry.scalarFactory(name + "_pretty", site -> (ScalarFunction.Fn2) (c, a, lines) -> {
            StringBuilder out = new StringBuilder();
            JsonOutput.append(c, site.argumentType(0), a, out, bool(lines));
            return out.toString();
        });
    }

    // ---- builders

    /** Arguments of a VARIADIC "any" call with their types. */
    private record Arguments(PgType[] types, Object[] values) {
        static Arguments of(CallSite site, Object[] given) {
            if (!site.variadicArray()) {
                return new Arguments(site.argumentTypes().toArray(PgType[]::new), given);
            }
            ArrayValue array = (ArrayValue) given[0];
            if (array == null) {
                return null;
            }
            PgType[] types = new PgType[array.size()];
            Arrays.fill(types, array.elementType());
            return new Arguments(types, array.elements());
        }
    }

    private static void registerBuilders(FunctionRegistry.Builder registry) {
        registry.fn0("json_build_object_noargs", c -> "{}").fn0("json_build_array_noargs", c -> "[]");
        registry.fn0("jsonb_build_object_noargs", c -> JsonValue.Obj.of(List.of()))
                .fn0("jsonb_build_array_noargs", c -> new JsonValue.Arr(List.of()));
        registry.scalarFactory("json_build_object", site -> (ScalarFunction.FnN) (c, a) ->
                buildObject(c, Arguments.of(site, a)));
        registry.scalarFactory("json_build_array", site -> (ScalarFunction.FnN) (c, a) ->
                buildArray(c, Arguments.of(site, a)));
        registry.scalarFactory("jsonb_build_object", site -> (ScalarFunction.FnN) (c, a) -> {
            Arguments arguments = Arguments.of(site, a);
            if (arguments == null) {
                return null;
            }
            checkEven(arguments, "jsonb_build_object");
            List<Map.Entry<String, JsonValue>> members = new ArrayList<>();
            for (int i = 0; i < arguments.values.length; i += 2) {
                if (arguments.values[i] == null) {
                    throw Args.invalidParameter("argument " + (i + 1) + ": key must not be null");
                }
                members.add(Map.entry(JsonOutput.key(c, arguments.types[i], arguments.values[i], i + 1),
                        JsonOutput.toJsonb(c, arguments.types[i + 1], arguments.values[i + 1])));
            }
            return JsonValue.Obj.of(members);
        });
        registry.scalarFactory("jsonb_build_array", site -> (ScalarFunction.FnN) (c, a) -> {
            Arguments arguments = Arguments.of(site, a);
            if (arguments == null) {
                return null;
            }
            List<JsonValue> elements = new ArrayList<>();
            for (int i = 0; i < arguments.values.length; i++) {
                elements.add(JsonOutput.toJsonb(c, arguments.types[i], arguments.values[i]));
            }
            return new JsonValue.Arr(elements);
        });
        registry.fn1("json_object", (c, a) -> objectText(pairs(array(a), null)))
                .fn2("json_object_two_arg", (c, a, b) -> objectText(pairs(array(a), array(b))))
                .fn1("jsonb_object", (c, a) -> objectValue(pairs(array(a), null)))
                .fn2("jsonb_object_two_arg", (c, a, b) -> objectValue(pairs(array(a), array(b))));
    }

    private static void checkEven(Arguments arguments, String function) {
        if (arguments.values.length % 2 != 0) {
            throw Args.invalidParameter("argument list must have even number of elements").withHint(
                    "The arguments of " + function + "() must consist of alternating keys and values.");
        }
    }

    private static Object buildObject(FunctionContext context, Arguments arguments) {
        if (arguments == null) {
            return null;
        }
        checkEven(arguments, "json_build_object");
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < arguments.values.length; i += 2) {
            out.append(i == 0 ? "" : ", ");
            JsonText.appendString(JsonOutput.key(context, arguments.types[i], arguments.values[i], i + 1), out);
            out.append(" : ");
            JsonOutput.append(context, arguments.types[i + 1], arguments.values[i + 1], out, false);
        }
        return out.append('}').toString();
    }

    private static Object buildArray(FunctionContext context, Arguments arguments) {
        if (arguments == null) {
            return null;
        }
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < arguments.values.length; i++) {
            out.append(i == 0 ? "" : ", ");
            JsonOutput.append(context, arguments.types[i], arguments.values[i], out, false);
        }
        return out.append(']').toString();
    }

    private static SqlException subscript(String message) {
        return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, message);
    }

    /** Keys and values from one array (flat or of pairs) or from two. */
    private static List<String[]> pairs(ArrayValue first, ArrayValue second) {
        List<String[]> pairs = new ArrayList<>();
        if (second != null) {
            if (first.dimensionCount() > 1 || first.dimensionCount() != second.dimensionCount()) {
                throw subscript("wrong number of array subscripts");
            }
            if (first.size() != second.size()) {
                throw subscript("mismatched array dimensions");
            }
            for (int i = 0; i < first.size(); i++) {
                pairs.add(new String[] {text(first.get(i)), text(second.get(i))});
            }
        } else {
            if (first.dimensionCount() == 1 && first.size() % 2 != 0) {
                throw subscript("array must have even number of elements");
            }
            if (first.dimensionCount() == 2 && first.dimension(1) != 2) {
                throw subscript("array must have two columns");
            }
            if (first.dimensionCount() > 2) {
                throw subscript("wrong number of array subscripts");
            }
            for (int i = 0; i < first.size(); i += 2) {
                pairs.add(new String[] {text(first.get(i)), text(first.get(i + 1))});
            }
        }
        for (String[] pair : pairs) {
            if (pair[0] == null) {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key");
            }
        }
        return pairs;
    }

    private static String objectText(List<String[]> pairs) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < pairs.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            JsonText.appendString(pairs.get(i)[0], out);
            out.append(" : ");
            if (pairs.get(i)[1] == null) {
                out.append("null");
            } else {
                JsonText.appendString(pairs.get(i)[1], out);
            }
        }
        return out.append('}').toString();
    }

    private static JsonValue objectValue(List<String[]> pairs) {
        List<Map.Entry<String, JsonValue>> members = new ArrayList<>();
        pairs.forEach(pair -> members.add(Map.entry(pair[0], pair[1] == null ? JsonValue.NULL
                : new JsonValue.Str(pair[1]))));
        return JsonValue.Obj.of(members);
    }

    // ---- aggregates

    private static void registerAggregates(FunctionRegistry.Builder registry) {
        registry.aggregate("json_agg", site -> context -> new JsonArrayAggregate(context, site.argumentType(0), false));
        registry.aggregate("jsonb_agg", site -> context -> new JsonArrayAggregate(context, site.argumentType(0), true));
        registry.aggregate("json_object_agg", site -> context -> new JsonObjectAggregate(context,
                site.argumentType(0), site.argumentType(1), false));
        registry.aggregate("jsonb_object_agg", site -> context -> new JsonObjectAggregate(context,
                site.argumentType(0), site.argumentType(1), true));
    }

    private static final class JsonArrayAggregate extends ObjectAccumulator<List<Object>> {
        private final FunctionContext context;
        private final PgType type;
        private final boolean binary;

        JsonArrayAggregate(FunctionContext context, PgType type, boolean binary) {
            this.context = context;
            this.type = type;
            this.binary = binary;
        }

        @Override
        protected Object boxLong(long value) {
            return type.ops().box(value);
        }

        @Override
        protected List<Object> step(List<Object> state, Object[] arguments) {
            List<Object> values = state == null ? new ArrayList<>() : state;
            values.add(binary ? JsonOutput.toJsonb(context, type, arguments[0])
                    : JsonOutput.toJson(context, type, arguments[0]));
            return values;
        }

        @Override
        protected Object result(List<Object> state) {
            if (state == null) {
                return null;
            }
            if (binary) {
                return new JsonValue.Arr(state.stream().map(JsonValue.class::cast).toList());
            }
            boolean rows = type.isArray() || type.ops() instanceof io.quantadb.types.RecordOps;
            StringBuilder out = new StringBuilder("[");
            for (int i = 0; i < state.size(); i++) {
                out.append(i == 0 ? "" : rows ? ", \n " : ", ").append(state.get(i));
            }
            return out.append(']').toString();
        }

        @Override
        protected long stateBytes(List<Object> state) {
            return 100L * state.size();
        }
    }

    private static final class JsonObjectAggregate extends ObjectAccumulator<List<Map.Entry<String, Object>>> {
        private final FunctionContext context;
        private final PgType keyType;
        private final PgType valueType;
        private final boolean binary;

        JsonObjectAggregate(FunctionContext context, PgType keyType, PgType valueType, boolean binary) {
            this.context = context;
            this.keyType = keyType;
            this.valueType = valueType;
            this.binary = binary;
        }

        @Override
        protected List<Map.Entry<String, Object>> step(List<Map.Entry<String, Object>> state, Object[] arguments) {
            List<Map.Entry<String, Object>> members = state == null ? new ArrayList<>() : state;
            if (binary && arguments[0] == null) {
                throw Args.invalidParameter("field name must not be null");
            }
            members.add(Map.entry(JsonOutput.key(context, keyType, arguments[0], -1),
                    binary ? JsonOutput.toJsonb(context, valueType, arguments[1])
                            : JsonOutput.toJson(context, valueType, arguments[1])));
            return members;
        }

        @Override
        protected Object result(List<Map.Entry<String, Object>> state) {
            if (state == null) {
                return null;
            }
            if (binary) {
                List<Map.Entry<String, JsonValue>> members = new ArrayList<>();
                state.forEach(member -> members.add(Map.entry(member.getKey(), (JsonValue) member.getValue())));
                return JsonValue.Obj.of(members);
            }
            StringBuilder out = new StringBuilder("{ ");
            for (int i = 0; i < state.size(); i++) {
                out.append(i == 0 ? "" : ", ");
                JsonText.appendString(state.get(i).getKey(), out);
                out.append(" : ").append(state.get(i).getValue());
            }
            return out.append(" }").toString();
        }

        @Override
        protected long stateBytes(List<Map.Entry<String, Object>> state) {
            return 160L * state.size();
        }
    }
}
