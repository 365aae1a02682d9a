package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.DateStyle;
import io.quantadb.types.Numeric;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RecordOps;
import io.quantadb.types.RowValue;
import io.quantadb.types.TextContext;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.json.JsonParser;
import io.quantadb.types.json.JsonText;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns SQL values into JSON, as to_json and its relatives do. Stateless. */
final class JsonOutput {
    private JsonOutput() {
    }

    private enum Category { BOOL, NUMBER, DATE, TIMESTAMP, TIMESTAMPTZ, JSON, JSONB, ARRAY, ROW, TEXT }

    private static Category category(PgType type) {
        return switch (type.oid()) {
            case Oids.BOOL -> Category.BOOL;
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.FLOAT4, Oids.FLOAT8, Oids.NUMERIC -> Category.NUMBER;
            case Oids.DATE -> Category.DATE;
            case Oids.TIMESTAMP -> Category.TIMESTAMP;
            case Oids.TIMESTAMPTZ -> Category.TIMESTAMPTZ;
            case Oids.JSON -> Category.JSON;
            case Oids.JSONB -> Category.JSONB;
            case Oids.INT2VECTOR, Oids.OIDVECTOR -> Category.ARRAY;
            default -> type.isArray() ? Category.ARRAY : type.ops() instanceof RecordOps ? Category.ROW
                    : type.typtype() == 'd' ? base(type) : Category.TEXT;
        };
    }

    /** A domain has the operations of its base type, which tell what it is. */
    private static Category base(PgType domain) {
        for (int oid : new int[] {Oids.BOOL, Oids.INT2, Oids.INT4, Oids.INT8, Oids.FLOAT4, Oids.FLOAT8, Oids.NUMERIC,
            Oids.DATE, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.JSON, Oids.JSONB}) {
            PgType type = io.quantadb.types.BuiltinTypes.get(oid);
            if (type.ops() == domain.ops()) {
                return category(type);
            }
        }
        return Category.TEXT;
    }

    /** ISO style whatever DateStyle says. */
    private static TextContext iso(FunctionContext context) {
        SessionTimeZone zone = context.text().timeZone();
        return new TextContext() {
            @Override
            public DateStyle dateStyle() {
                return DateStyle.ISO;
            }

            @Override
            public SessionTimeZone timeZone() {
                return zone;
            }
        };
    }

    private static String timestamp(FunctionContext context, PgType type, Object value, boolean withZone) {
        String text = type.ops().toText(value, iso(context));
        if (!TimeUnits.isFiniteTimestamp((Long) value)) {
            return text;
        }
        String joined = text.replaceFirst(" ", "T");
        // Unlike the output function, JSON always has minutes in the offset.
        return withZone ? joined.replaceFirst("([+-]\\d\\d)( BC)?$", "$1:00$2") : joined;
    }

    /** The text of a scalar that is printed in quotes. */
    private static String text(FunctionContext context, PgType type, Category category, Object value) {
        return switch (category) {
            case DATE -> type.ops().toText(value, iso(context));
            case TIMESTAMP -> timestamp(context, type, value, false);
            case TIMESTAMPTZ -> timestamp(context, type, value, true);
            default -> TextOutput.print(type, value, context);
        };
    }

    private static boolean isJsonNumber(Object value) {
        return switch (value) {
            case Long n -> true;
            case Double d -> !d.isNaN() && !d.isInfinite();
            case Numeric n -> n.isFinite();
            default -> false;
        };
    }

    // ---- text

    static String toJson(FunctionContext context, PgType type, Object value) {
        StringBuilder out = new StringBuilder();
        append(context, type, value, out, false);
        return out.toString();
    }

    /** @param lines line feeds between the elements of the outermost array or row */
    static void append(FunctionContext context, PgType type, Object value, StringBuilder out, boolean lines) {
        if (value == null) {
            out.append("null");
            return;
        }
        Category category = category(type);
        switch (category) {
            case BOOL -> out.append((Boolean) value ? "true" : "false");
            case NUMBER -> {
                String text = TextOutput.print(type, value, context);
                out.append(isJsonNumber(value) ? text : '"' + text + '"');
            }
            case JSON -> out.append((String) value);
            case JSONB -> out.append(((JsonValue) value).toText());
            case ARRAY -> appendArray(context, (ArrayValue) value, 0, new int[1], out, lines);
            case ROW -> appendRow(context, type, (RowValue) value, out, lines);
            default -> JsonText.appendString(text(context, type, category, value), out);
        }
    }

    private static void appendArray(FunctionContext context, ArrayValue array, int dimension, int[] next,
            StringBuilder out, boolean lines) {
        if (array.dimensionCount() == 0) {
            out.append("[]");
            return;
        }
        out.append('[');
        for (int i = 0; i < array.dimension(dimension); i++) {
            out.append(i == 0 ? "" : lines ? ",\n " : ",");
            if (dimension + 1 < array.dimensionCount()) {
                appendArray(context, array, dimension + 1, next, out, false);
            } else {
                append(context, array.elementType(), array.get(next[0]++), out, false);
            }
        }
        out.append(']');
    }

    private static void appendRow(FunctionContext context, PgType type, RowValue row, StringBuilder out,
            boolean lines) {
        out.append('{');
        for (int i = 0; i < row.size(); i++) {
            out.append(i == 0 ? "" : lines ? ",\n " : ",");
            JsonText.appendString(name(type, row, i), out);
            out.append(':');
            append(context, row.type(i), row.get(i), out, false);
        }
        out.append('}');
    }

    private static String name(PgType type, RowValue row, int field) {
        RecordOps ops = (RecordOps) type.ops();
        return row.hasNames() || ops.fields() == null ? row.name(field) : ops.fields().name(field);
    }

    // ---- jsonb

    static JsonValue toJsonb(FunctionContext context, PgType type, Object value) {
        if (value == null) {
            return JsonValue.NULL;
        }
        Category category = category(type);
        return switch (category) {
            case BOOL -> (Boolean) value ? JsonValue.TRUE : JsonValue.FALSE;
            case NUMBER -> isJsonNumber(value) ? new JsonValue.Num(number(context, type, value))
                    : new JsonValue.Str(TextOutput.print(type, value, context));
            case JSON -> JsonParser.parse((String) value);
            case JSONB -> (JsonValue) value;
            case ARRAY -> arrayOf(context, (ArrayValue) value, 0, new int[1]);
            case ROW -> rowOf(context, type, (RowValue) value);
            default -> new JsonValue.Str(text(context, type, category, value));
        };
    }

    private static Numeric number(FunctionContext context, PgType type, Object value) {
        return switch (value) {
            case Long n -> Numeric.of(n);
            case Numeric n -> n;
            default -> Numeric.parse(TextOutput.print(type, value, context));
        };
    }

    private static JsonValue arrayOf(FunctionContext context, ArrayValue array, int dimension, int[] next) {
        List<JsonValue> elements = new ArrayList<>();
        if (array.dimensionCount() > 0) {
            for (int i = 0; i < array.dimension(dimension); i++) {
                elements.add(dimension + 1 < array.dimensionCount() ? arrayOf(context, array, dimension + 1, next)
                        : toJsonb(context, array.elementType(), array.get(next[0]++)));
            }
        }
        return new JsonValue.Arr(elements);
    }

    private static JsonValue rowOf(FunctionContext context, PgType type, RowValue row) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            members.put(name(type, row, i), toJsonb(context, row.type(i), row.get(i)));
        }
        return JsonValue.Obj.of(members);
    }

    // ---- keys of objects

    /** @throws SqlException 22023 for values that cannot be a key */
    static String key(FunctionContext context, PgType type, Object value, int argument) {
        if (value == null) {
            throw argument < 0 ? Args.invalidParameter("field name must not be null")
                    : Args.invalidParameter("argument " + argument + " cannot be null")
                            .withHint("Object keys should be text.");
        }
        Category category = category(type);
        if (category == Category.ARRAY || category == Category.ROW || category == Category.JSON
                || category == Category.JSONB) {
            throw Args.invalidParameter("key value must be scalar, not array, composite, or json");
        }
        return category == Category.BOOL ? (Boolean) value ? "true" : "false" : text(context, type, category, value);
    }
}
