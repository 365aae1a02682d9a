package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.FloatText;
import io.quantadb.types.Numeric;
import io.quantadb.types.json.JsonPath;
import io.quantadb.types.json.JsonPath.Item;
import io.quantadb.types.json.JsonPath.Kind;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates a jsonpath over one document. Confined to one call.
 *
 * <p>In lax mode arrays are unwrapped before steps that want something else, scalars count as arrays of one, and
 * missing members are no errors. An error inside a predicate makes it unknown.
 *
 * <p>Source: SQL:2016, "SQL/JSON path language"; errors as PostgreSQL 15.
 */
final class JsonPathExecutor {
    /** Ends the evaluation where errors are not to be reported. */
    private static final SqlException SILENT = new SqlException(SqlState.INTERNAL_ERROR, "silent jsonpath error");

    private final JsonPath path;
    private final JsonValue root;
    private final JsonValue variables;
    private final FunctionContext context;
    private boolean ignoreStructure;
    private boolean throwing;
    private int innermostSize = -1;

    /** What a predicate says. */
    private enum Truth { TRUE, FALSE, UNKNOWN }

    private JsonPathExecutor(JsonPath path, JsonValue root, JsonValue variables, boolean silent,
            FunctionContext context) {
        this.path = path;
        this.root = root;
        this.variables = variables;
        this.context = context;
        this.throwing = !silent;
        this.ignoreStructure = path.lax();
        if (variables != null && !(variables instanceof JsonValue.Obj)) {
            throw Args.invalidParameter("\"vars\" argument is not an object")
                    .withDetail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
        }
    }

    /** All items; null if there was an error that is not to be reported. */
    static List<JsonValue> query(JsonPath path, JsonValue root, JsonValue variables, boolean silent,
            FunctionContext context) {
        JsonPathExecutor executor = new JsonPathExecutor(path, root, variables, silent, context);
        List<JsonValue> found = new ArrayList<>();
        try {
            executor.run(path.root(), root, root, path.lax(), found);
            return found;
        } catch (SqlException e) {
            if (e == SILENT) {
                return null;
            }
            throw e;
        }
    }

    private SqlException fail(SqlState state, String message) {
        return throwing ? new SqlException(state, message) : SILENT;
    }

    // ---- Items

    /** @param current what @ means */
    private void run(Item item, JsonValue value, JsonValue current, boolean unwrap, List<JsonValue> found) {
        context.checkInterrupts();
        if (item.kind().isPredicate()) {
            Truth truth = truth(item.withoutNext(), value, current);
            proceed(item, truth == Truth.UNKNOWN ? JsonValue.NULL
                    : truth == Truth.TRUE ? JsonValue.TRUE : JsonValue.FALSE, current, found);
            return;
        }
        switch (item.kind()) {
            case KEY -> key(item, value, current, unwrap, found);
            case ROOT -> proceed(item, root, current, found);
            case CURRENT -> proceed(item, current, current, found);
            case ANY_ARRAY -> {
                if (value instanceof JsonValue.Arr array) {
                    descend(item.next(), array, current, 1, 1, 1, false, path.lax(), found);
                } else if (path.lax()) {
                    proceed(item, value, current, found);
                } else if (!ignoreStructure) {
                    throw fail(SqlState.SQL_JSON_ARRAY_NOT_FOUND,
                            "jsonpath wildcard array accessor can only be applied to an array");
                }
            }
            case INDEX -> subscripts(item, value, current, found);
            case LAST -> proceed(item, number(Numeric.of(innermostSize - 1)), current, found);
            case ANY_KEY -> {
                if (value instanceof JsonValue.Obj object) {
                    descend(item.next(), object, current, 1, 1, 1, false, path.lax(), found);
                } else if (unwrap && value instanceof JsonValue.Arr array) {
                    unwrapped(item, array, current, found);
                } else if (!ignoreStructure) {
                    throw fail(SqlState.SQL_JSON_OBJECT_NOT_FOUND,
                            "jsonpath wildcard member accessor can only be applied to an object");
                }
            }
            case ANY -> {
                JsonPath.Levels levels = (JsonPath.Levels) item.value();
                if (levels.first() == 0) {
                    boolean saved = ignoreStructure;
                    ignoreStructure = true;
                    proceed(item, value, current, found);
                    ignoreStructure = saved;
                }
                descend(item.next(), value, current, 1, levels.first(), levels.last(), true, path.lax(), found);
            }
            case FILTER -> {
                if (unwrap && value instanceof JsonValue.Arr array) {
                    unwrapped(item, array, current, found);
                } else if (truth(item.left(), value, value) == Truth.TRUE) {
                    proceed(item, value, current, found);
                }
            }
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> arithmetic(item, value, current, found);
            case PLUS, MINUS -> sign(item, value, current, found);
            case NULL -> proceed(item, JsonValue.NULL, current, found);
            case BOOL -> proceed(item, (Boolean) item.value() ? JsonValue.TRUE : JsonValue.FALSE, current, found);
            case NUMBER -> proceed(item, number((Numeric) item.value()), current, found);
            case STRING -> proceed(item, new JsonValue.Str((String) item.value()), current, found);
            case VARIABLE -> proceed(item, variable((String) item.value()), current, found);
            case METHOD -> method(item, value, current, unwrap, found);
            case DATETIME -> throw SqlException.notSupported("jsonpath item method .datetime() is not supported");
            default -> throw io.quantadb.base.Invariant.broken("jsonpath item %s", item.kind());
        }
    }

    private static JsonValue number(Numeric value) {
        return new JsonValue.Num(value);
    }

    private JsonValue variable(String name) {
        JsonValue value = variables == null ? null : ((JsonValue.Obj) variables).get(name);
        if (value == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find jsonpath variable \"" + name + "\"");
        }
        return value;
    }

    /** Goes on with the rest of the chain. */
    private void proceed(Item item, JsonValue value, JsonValue current, List<JsonValue> found) {
        if (item.next() == null) {
            found.add(value);
        } else {
            run(item.next(), value, current, path.lax(), found);
        }
    }

    private void key(Item item, JsonValue value, JsonValue current, boolean unwrap, List<JsonValue> found) {
        if (value instanceof JsonValue.Obj object) {
            JsonValue member = object.get((String) item.value());
            if (member != null) {
                proceed(item, member, current, found);
            } else if (!ignoreStructure) {
                throw fail(SqlState.SQL_JSON_MEMBER_NOT_FOUND, "JSON object does not contain key \"" + item.value()
                        + "\"");
            }
        } else if (unwrap && value instanceof JsonValue.Arr array) {
            unwrapped(item, array, current, found);
        } else if (!ignoreStructure) {
            throw fail(SqlState.SQL_JSON_MEMBER_NOT_FOUND,
                    "jsonpath member accessor can only be applied to an object");
        }
    }

    private void unwrapped(Item item, JsonValue.Arr array, JsonValue current, List<JsonValue> found) {
        descend(item, array, current, 1, 1, 1, false, false, found);
    }

    /** Applies a chain to the members of a container, down to a level; null: takes the members themselves. */
    private void descend(Item chain, JsonValue container, JsonValue current, long level, long first, long last,
            boolean ignore, boolean unwrapNext, List<JsonValue> found) {
        if (level > last) {
            return;
        }
        List<JsonValue> members = switch (container) {
            case JsonValue.Arr array -> array.elements();
            case JsonValue.Obj object -> {
                List<JsonValue> values = new ArrayList<>();
                for (int i = 0; i < object.size(); i++) {
                    values.add(object.value(i));
                }
                yield values;
            }
            default -> List.of();
        };
        for (JsonValue member : members) {
            boolean leaf = first == JsonPath.Levels.LAST && last == JsonPath.Levels.LAST && member.isScalar();
            if (level >= first && first != JsonPath.Levels.LAST || leaf) {
                if (chain == null) {
                    found.add(member);
                } else {
                    boolean saved = ignoreStructure;
                    ignoreStructure |= ignore;
                    run(chain, member, current, unwrapNext, found);
                    ignoreStructure = saved;
                }
            }
            if (level < last && !member.isScalar()) {
                descend(chain, member, current, level + 1, first, last, ignore, unwrapNext, found);
            }
        }
    }

    private void subscripts(Item item, JsonValue value, JsonValue current, List<JsonValue> found) {
        if (!(value instanceof JsonValue.Arr) && !path.lax()) {
            if (!ignoreStructure) {
                throw fail(SqlState.SQL_JSON_ARRAY_NOT_FOUND,
                        "jsonpath array accessor can only be applied to an array");
            }
            return;
        }
        List<JsonValue> elements = value instanceof JsonValue.Arr array ? array.elements() : List.of(value);
        int saved = innermostSize;
        innermostSize = elements.size();
        for (JsonPath.Subscript subscript : item.subscripts()) {
            long from = index(subscript.from(), value, current);
            long to = subscript.to() == null ? from : index(subscript.to(), value, current);
            if (!ignoreStructure && (from < 0 || from > to || to >= elements.size())) {
                throw fail(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
            }
            for (long i = Math.max(from, 0); i <= Math.min(to, elements.size() - 1L); i++) {
                proceed(item, elements.get((int) i), current, found);
            }
            innermostSize = elements.size();
        }
        innermostSize = saved;
    }

    private long index(Item item, JsonValue value, JsonValue current) {
        List<JsonValue> result = new ArrayList<>();
        run(item, value, current, path.lax(), result);
        if (result.size() != 1 || !(result.getFirst() instanceof JsonValue.Num n)) {
            throw fail(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is not a single numeric value");
        }
        try {
            return n.value().truncate(0).toInt4();
        } catch (SqlException e) {
            throw fail(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of integer range");
        }
    }

    // ---- Arithmetic and methods

    /** The items of an operand; in lax mode arrays among them are unwrapped. */
    private List<JsonValue> operand(Item item, JsonValue value, JsonValue current, boolean unwrap) {
        List<JsonValue> result = new ArrayList<>();
        run(item, value, current, path.lax(), result);
        if (!unwrap || !path.lax()) {
            return result;
        }
        List<JsonValue> flat = new ArrayList<>();
        for (JsonValue each : result) {
            if (each instanceof JsonValue.Arr array) {
                flat.addAll(array.elements());
            } else {
                flat.add(each);
            }
        }
        return flat;
    }

    private void arithmetic(Item item, JsonValue value, JsonValue current, List<JsonValue> found) {
        Numeric left = single(operand(item.left(), value, current, true), "left", item.kind());
        Numeric right = single(operand(item.right(), value, current, true), "right", item.kind());
        Numeric result;
        try {
            result = switch (item.kind()) {
                case ADD -> left.add(right);
                case SUBTRACT -> left.subtract(right);
                case MULTIPLY -> left.multiply(right);
                case DIVIDE -> left.divide(right);
                default -> left.remainder(right);
            };
        } catch (SqlException e) {
            throw throwing ? e : SILENT;
        }
        proceed(item, number(result), current, found);
    }

    private Numeric single(List<JsonValue> values, String side, Kind kind) {
        if (values.size() != 1 || !(values.getFirst() instanceof JsonValue.Num n)) {
            throw fail(SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED, side + " operand of jsonpath operator "
                    + kind.symbol() + " is not a single numeric value");
        }
        return n.value();
    }

    private void sign(Item item, JsonValue value, JsonValue current, List<JsonValue> found) {
        for (JsonValue each : operand(item.left(), value, current, true)) {
            if (!(each instanceof JsonValue.Num n)) {
                throw fail(SqlState.SQL_JSON_NUMBER_NOT_FOUND, "operand of unary jsonpath operator "
                        + item.kind().symbol() + " is not a numeric value");
            }
            proceed(item, item.kind() == Kind.MINUS ? number(n.value().negate()) : n, current, found);
        }
    }

    private void method(Item item, JsonValue value, JsonValue current, boolean unwrap, List<JsonValue> found) {
        String name = (String) item.value();
        boolean whole = name.equals("type") || name.equals("size");
        if (!whole && unwrap && value instanceof JsonValue.Arr array) {
            unwrapped(item, array, current, found);
            return;
        }
        switch (name) {
            case "type" -> proceed(item, new JsonValue.Str(value.typeName()), current, found);
            case "size" -> {
                if (value instanceof JsonValue.Arr array) {
                    proceed(item, number(Numeric.of(array.size())), current, found);
                } else if (path.lax()) {
                    proceed(item, number(Numeric.ONE), current, found);
                } else if (!ignoreStructure) {
                    throw fail(SqlState.SQL_JSON_ARRAY_NOT_FOUND,
                            "jsonpath item method .size() can only be applied to an array");
                }
            }
            case "double" -> proceed(item, toDouble(value), current, found);
            case "keyvalue" -> keyValues(item, value, current, found);
            default -> {
                if (!(value instanceof JsonValue.Num n)) {
                    throw fail(SqlState.NON_NUMERIC_SQL_JSON_ITEM, "jsonpath item method ." + name
                            + "() can only be applied to a numeric value");
                }
                Numeric result = switch (name) {
                    case "abs" -> n.value().abs();
                    case "floor" -> n.value().floor();
                    default -> n.value().ceil();
                };
                proceed(item, number(result), current, found);
            }
        }
    }

    private JsonValue toDouble(JsonValue value) {
        try {
            if (value instanceof JsonValue.Num n) {
                double d = FloatText.parseDouble(n.value().toString());
                io.quantadb.base.Invariant.check(!Double.isNaN(d), "number %s became %s", n, d);
                return n;
            }
            if (value instanceof JsonValue.Str s) {
                double d = FloatText.parseDouble(s.value());
                if (!Double.isNaN(d) && !Double.isInfinite(d)) {
                    return number(Numeric.fromDouble(d));
                }
            }
        } catch (SqlException e) {
            if (value instanceof JsonValue.Num) {
                throw fail(SqlState.NON_NUMERIC_SQL_JSON_ITEM, "numeric argument of jsonpath item method .double() is "
                        + "out of range for type double precision");
            }
        }
        throw fail(SqlState.NON_NUMERIC_SQL_JSON_ITEM, value instanceof JsonValue.Str
                ? "string argument of jsonpath item method .double() is not a valid representation of a double "
                +
                "precision number" : "jsonpath item method .double() can only be applied to a string or numeric value");
    }

    private void keyValues(Item item, JsonValue value, JsonValue current, List<JsonValue> found) {
        if (!(value instanceof JsonValue.Obj object)) {
            throw fail(SqlState.SQL_JSON_OBJECT_NOT_FOUND,
                    "jsonpath item method .keyvalue() can only be applied to an object");
        }
        long id = value == root ? 0 : System.identityHashCode(value);
        for (int i = 0; i < object.size(); i++) {
            Map<String, JsonValue> member = new LinkedHashMap<>();
            member.put("key", new JsonValue.Str(object.key(i)));
            member.put("value", object.value(i));
            member.put("id", number(Numeric.of(id)));
            proceed(item, JsonValue.Obj.of(member), current, found);
        }
    }

    // ---- Predicates

    private static Truth of(boolean value) {
        return value ? Truth.TRUE : Truth.FALSE;
    }

    private Truth truth(Item item, JsonValue value, JsonValue current) {
        return switch (item.kind()) {
            case AND -> {
                Truth left = truth(item.left(), value, current);
                if (left == Truth.FALSE) {
                    yield left;
                }
                Truth right = truth(item.right(), value, current);
                yield left == Truth.TRUE || right == Truth.FALSE ? right : Truth.UNKNOWN;
            }
            case OR -> {
                Truth left = truth(item.left(), value, current);
                if (left == Truth.TRUE) {
                    yield left;
                }
                Truth right = truth(item.right(), value, current);
                yield left == Truth.FALSE || right == Truth.TRUE ? right : Truth.UNKNOWN;
            }
            case NOT -> switch (truth(item.left(), value, current)) {
                case TRUE -> Truth.FALSE;
                case FALSE -> Truth.TRUE;
                case UNKNOWN -> Truth.UNKNOWN;
            };
            case IS_UNKNOWN -> of(truth(item.left(), value, current) == Truth.UNKNOWN);
            case EXISTS -> {
                List<JsonValue> found = quietly(item.left(), value, current, false);
                yield found == null ? Truth.UNKNOWN : of(!found.isEmpty());
            }
            default -> pairs(item, value, current);
        };
    }

    /** An operand whose errors make the predicate unknown; null after one. */
    private List<JsonValue> quietly(Item item, JsonValue value, JsonValue current, boolean unwrap) {
        boolean savedThrowing = throwing;
        boolean savedIgnore = ignoreStructure;
        int savedSize = innermostSize;
        throwing = false;
        try {
            return operand(item, value, current, unwrap);
        } catch (SqlException e) {
            if (e != SILENT) {
                throw e;
            }
            return null;
        } finally {
            throwing = savedThrowing;
            ignoreStructure = savedIgnore;
            innermostSize = savedSize;
        }
    }

    private Truth pairs(Item item, JsonValue value, JsonValue current) {
        List<JsonValue> left = quietly(item.left(), value, current, true);
        if (left == null) {
            return Truth.UNKNOWN;
        }
        List<JsonValue> right = new ArrayList<>();
        if (item.right() == null) {
            right.add(null);
        } else {
            right = quietly(item.right(), value, current, item.kind() != Kind.STARTS_WITH);
            if (right == null) {
                return Truth.UNKNOWN;
            }
        }
        boolean found = false;
        boolean error = false;
        for (JsonValue a : left) {
            for (JsonValue b : right) {
                Truth one = switch (item.kind()) {
                    case STARTS_WITH -> a instanceof JsonValue.Str s && b instanceof JsonValue.Str t
                            ? of(s.value().startsWith(t.value())) : Truth.UNKNOWN;
                    case LIKE_REGEX -> like((JsonPath.Pattern) item.value(), a);
                    default -> compare(item.kind(), a, b);
                };
                if (one == Truth.UNKNOWN) {
                    if (!path.lax()) {
                        return one;
                    }
                    error = true;
                } else if (one == Truth.TRUE) {
                    if (path.lax()) {
                        return one;
                    }
                    found = true;
                }
            }
        }
        return found ? Truth.TRUE : error ? Truth.UNKNOWN : Truth.FALSE;
    }

    private Truth like(JsonPath.Pattern pattern, JsonValue value) {
        return value instanceof JsonValue.Str s ? of(regex(pattern).find(context, s.value(), 0) != null)
                : Truth.UNKNOWN;
    }

    private static Regex regex(JsonPath.Pattern pattern) {
        String flags = pattern.flags();
        boolean dotAll = flags.indexOf('s') >= 0;
        boolean lines = flags.indexOf('m') >= 0;
        String options = flags.indexOf('q') >= 0 ? "q" : dotAll ? lines ? "w" : "s" : lines ? "n" : "p";
        return Regex.of(pattern.regex(), options + (flags.indexOf('i') >= 0 ? "i" : ""));
    }

    private static Truth compare(Kind kind, JsonValue a, JsonValue b) {
        int order;
        if (a instanceof JsonValue.Null || b instanceof JsonValue.Null) {
            if (!(a instanceof JsonValue.Null && b instanceof JsonValue.Null)) {
                return of(kind == Kind.NOT_EQUAL);
            }
            order = 0;
        } else if (a instanceof JsonValue.Bool x && b instanceof JsonValue.Bool y) {
            order = Boolean.compare(x.value(), y.value());
        } else if (a instanceof JsonValue.Num x && b instanceof JsonValue.Num y) {
            order = x.value().compareTo(y.value());
        } else if (a instanceof JsonValue.Str x && b instanceof JsonValue.Str y) {
            order = x.value().compareTo(y.value());
        } else {
            return Truth.UNKNOWN;
        }
        return of(switch (kind) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
        });
    }
}
