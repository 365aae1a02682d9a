package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RecordOps;
import io.quantadb.types.RowFields;
import io.quantadb.types.RowValue;
import io.quantadb.types.json.JsonParser;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * json_populate_record, json_to_record and their relatives: rows from JSON objects.
 *
 * <p>The fields are those of the call's result type. For a column definition list the caller makes that a composite
 * {@link PgType} with the columns of the list.
 */
public final class JsonRecords implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (String prefix : new String[] {"json", "jsonb"}) {
            boolean binary = prefix.equals("jsonb");
            registry.scalarFactory(prefix + "_populate_record", site -> (ScalarFunction.FnN) (c, a) ->
                    a[1] == null ? a[0] : record(c, site.resultType(), (RowValue) a[0], value(a[1], binary),
                            prefix + "_populate_record"));
            registry.scalarFactory(prefix + "_to_record", site -> (ScalarFunction.Fn1) (c, a) ->
                    record(c, site.resultType(), null, value(a, binary), prefix + "_to_record"));
            registry.setFactory(prefix + "_populate_recordset", site -> (c, a) -> a[1] == null
                    ? SetFunction.RowCursor.EMPTY : records(c, site.resultType(), (RowValue) a[0], value(a[1], binary),
                            prefix + "_populate_recordset"));
            registry.setFactory(prefix + "_to_recordset", site -> (c, a) -> a[0] == null
                    ? SetFunction.RowCursor.EMPTY : records(c, site.resultType(), null, value(a[0], binary),
                            prefix + "_to_recordset"));
        }
    }

    private static JsonValue value(Object json, boolean binary) {
        return binary ? (JsonValue) json : JsonParser.parse((String) json);
    }

    private static SetFunction.RowCursor records(FunctionContext context, PgType type, RowValue base, JsonValue json,
            String function) {
        if (!(json instanceof JsonValue.Arr array)) {
            throw Args.invalidParameter("cannot call " + function + " on " + (json.isScalar() ? "a scalar"
                    : "an object"));
        }
        List<Object[]> rows = new ArrayList<>();
        for (JsonValue element : array.elements()) {
            if (!(element instanceof JsonValue.Obj)) {
                throw Args.invalidParameter("argument of " + function + " must be an array of objects");
            }
            rows.add(record(context, type, base, element, function).unsafeValues());
        }
        return SetFunction.RowCursor.ofRows(rows.iterator());
    }

    private static RowValue record(FunctionContext context, PgType type, RowValue base, JsonValue json,
            String function) {
        if (!(json instanceof JsonValue.Obj object)) {
            throw Args.invalidParameter("cannot call " + function + " on " + (json.isScalar() ? "a scalar"
                    : "an array"));
        }
        RowFields fields = type.ops() instanceof RecordOps ops ? ops.fields() : null;
        if (fields == null && base == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "could not determine row type for result of "
                    + function).withHint("Provide a non-null record argument, or call the function in the FROM clause"
                    + " using a column definition list.");
        }
        int count = fields != null ? fields.count() : base.size();
        PgType[] types = new PgType[count];
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            types[i] = fields != null ? fields.type(i) : base.type(i);
            JsonValue member = object.get(fields != null ? fields.name(i) : base.name(i));
            values[i] = member == null ? base == null ? null : base.get(i)
                    : populate(context, types[i], fields != null ? fields.typmod(i) : -1, member);
        }
        return new RowValue(types, values);
    }

    private static Object populate(FunctionContext context, PgType type, int typmod, JsonValue json) {
        if (json instanceof JsonValue.Null) {
            return null;
        }
        if (type.oid() == Oids.JSONB) {
            return json;
        }
        if (type.oid() == Oids.JSON) {
            return json.toText();
        }
        if (type.ops() instanceof RecordOps && json instanceof JsonValue.Obj) {
            return record(context, type, null, json, "json_populate_record");
        }
        if (type.isArray() && json instanceof JsonValue.Arr array) {
            return arrayOf(context, type, typmod, array);
        }
        if (type.isArray() && !(json instanceof JsonValue.Str)) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected JSON array");
        }
        return type.ops().fromText(JsonbFunctions.asText(json), typmod, context.text());
    }

    private static ArrayValue arrayOf(FunctionContext context, PgType type, int typmod, JsonValue.Arr array) {
        PgType element = type.arrayOps().element();
        List<Integer> dimensions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        collect(context, element, typmod, array, 0, dimensions, values);
        if (values.isEmpty()) {
            return ArrayValue.empty(element);
        }
        int[] lowerBounds = new int[dimensions.size()];
        java.util.Arrays.fill(lowerBounds, 1);
        return new ArrayValue(element, dimensions.stream().mapToInt(Integer::intValue).toArray(), lowerBounds,
                values.toArray());
    }

    private static void collect(FunctionContext context, PgType element, int typmod, JsonValue.Arr array, int depth,
            List<Integer> dimensions, List<Object> values) {
        if (dimensions.size() == depth) {
            dimensions.add(array.size());
        } else if (dimensions.get(depth) != array.size()) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed JSON array")
                    .withDetail("Multidimensional arrays must have sub-arrays with matching dimensions.");
        }
        boolean nested = element.oid() != Oids.JSON && element.oid() != Oids.JSONB;
        for (JsonValue value : array.elements()) {
            if (nested && value instanceof JsonValue.Arr inner) {
                collect(context, element, typmod, inner, depth + 1, dimensions, values);
            } else {
                values.add(populate(context, element, typmod, value));
            }
        }
    }
}
