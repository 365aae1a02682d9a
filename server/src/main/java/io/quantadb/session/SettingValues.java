package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Interval;
import io.quantadb.types.Oids;
import io.quantadb.types.TextContext;
import java.util.List;
import java.util.Set;

/** The text of what stands on the right side of SET. */
public final class SettingValues {
    /** Settings whose several values are names, quoted where needed and joined by commas. */
    private static final Set<String> NAME_LISTS = Set.of("search_path", "temp_tablespaces", "session_preload_libraries",
        "shared_preload_libraries", "local_preload_libraries", "datestyle");

    private SettingValues() {
    }

    public static String text(String name, List<Expression> values, TextContext context) {
        boolean list = NAME_LISTS.contains(SettingCatalog.key(name));
        if (values.size() > 1 && !list) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "SET " + name + " takes only one argument");
        }
        StringBuilder text = new StringBuilder();
        for (Expression value : values) {
            if (!text.isEmpty()) {
                text.append(", ");
            }
            String word = value instanceof Expression.Cast cast ? interval(cast, context) : word(value);
            text.append(list && !SettingCatalog.key(name).equals("datestyle") ? Keywords.quoteIdentifier(word) : word);
        }
        return text.toString();
    }

    static String word(Expression value) {
        return switch (value) {
            case Expression.StringLiteral literal -> literal.value();
            case Expression.NumberLiteral literal -> literal.text();
            default -> throw new SqlException(SqlState.SYNTAX_ERROR, "the value of a setting must be a constant");
        };
    }

    /** SET TIME ZONE INTERVAL '...': an offset in the sign convention of SQL, stored in that of POSIX. */
    private static String interval(Expression.Cast cast, TextContext context) {
        Interval interval = (Interval) BuiltinTypes.get(Oids.INTERVAL).ops().fromText(word(cast.operand()), -1, context);
        if (interval.months() != 0 || interval.days() != 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid interval value for time zone: month and day not allowed");
        }
        long seconds = interval.micros() / 1_000_000;
        String sign = seconds < 0 ? "-" : "+";
        String posix = seconds < 0 ? "+" : "-";
        long absolute = Math.abs(seconds);
        String offset = String.format("%02d", absolute / 3600) + (absolute % 3600 == 0 ? "" : String.format(":%02d", absolute % 3600 / 60));
        return "<" + sign + offset + ">" + posix + offset;
    }
}
