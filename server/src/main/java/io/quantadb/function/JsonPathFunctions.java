package io.quantadb.function;

import static io.quantadb.function.Args.bool;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.json.JsonPath;
import io.quantadb.types.json.JsonValue;
import java.util.List;

/** The jsonb_path functions, and the operators {@code @?} and {@code @@}. */
public final class JsonPathFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (String suffix : new String[] {"", "_tz"}) {
            registry.fnN("jsonb_path_exists" + suffix, (c, a) -> exists(query(c, a)));
            registry.fnN("jsonb_path_match" + suffix, (c, a) -> match(query(c, a), bool(a[3])));
            registry.fnN("jsonb_path_query_array" + suffix, (c, a) -> new JsonValue.Arr(orEmpty(query(c, a))));
            registry.fnN("jsonb_path_query_first" + suffix, (c, a) -> {
                List<JsonValue> found = orEmpty(query(c, a));
                return found.isEmpty() ? null : found.getFirst();
            });
            registry.set("jsonb_path_query" + suffix, (c, a) -> SetFunction.RowCursor.ofValues(
                    orEmpty(query(c, a)).iterator()));
        }
        registry.fn2("jsonb_path_exists_opr", (c, j, p) -> exists(query(c, j, p, null, true)));
        registry.fn2("jsonb_path_match_opr", (c, j, p) -> match(query(c, j, p, null, true), true));
    }

    private static List<JsonValue> query(FunctionContext context, Object[] a) {
        return query(context, a[0], a[1], (JsonValue) a[2], bool(a[3]));
    }

    private static List<JsonValue> query(FunctionContext context, Object json, Object path, JsonValue variables,
            boolean silent) {
        return JsonPathExecutor.query((JsonPath) path, (JsonValue) json, variables, silent, context);
    }

    private static List<JsonValue> orEmpty(List<JsonValue> found) {
        return found == null ? List.of() : found;
    }

    private static Boolean exists(List<JsonValue> found) {
        return found == null ? null : (Boolean) !found.isEmpty();
    }

    private static Boolean match(List<JsonValue> found, boolean silent) {
        if (found != null && found.size() == 1) {
            if (found.getFirst() instanceof JsonValue.Bool b) {
                return b.value();
            }
            if (found.getFirst() instanceof JsonValue.Null) {
                return null;
            }
        }
        if (!silent) {
            throw new SqlException(SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
        }
        return null;
    }
}
