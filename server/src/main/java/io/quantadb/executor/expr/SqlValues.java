package io.quantadb.executor.expr;

import io.quantadb.function.FunctionContext;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.TimeTz;
import io.quantadb.types.datetime.SessionTimeZone;
import java.util.List;

/** CURRENT_DATE, CURRENT_USER and their relatives. */
final class SqlValues {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long[] ROUNDING = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

    private SqlValues() {
    }

    static ScalarEvaluator evaluator(Expr.SqlValueFunction expr) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                return value(expr, row.query.functions);
            }
        };
    }

    private static Object value(Expr.SqlValueFunction expr, FunctionContext context) {
        SessionTimeZone zone = context.text().timeZone();
        long now = context.transactionTimestamp();
        int east = zone.offsetAt(now);
        long local = now + east * 1_000_000L;
        return switch (expr.kind()) {
            case CURRENT_DATE -> Math.floorDiv(local, MICROS_PER_DAY);
            case CURRENT_TIMESTAMP -> round(now, expr.typmod());
            case LOCALTIMESTAMP -> round(local, expr.typmod());
            case LOCALTIME -> round(Math.floorMod(local, MICROS_PER_DAY), expr.typmod());
            case CURRENT_TIME -> {
                yield new TimeTz(round(Math.floorMod(local, MICROS_PER_DAY), expr.typmod()),
                        -east);
            }
            case CURRENT_ROLE, CURRENT_USER, USER -> context.currentUser();
            case SESSION_USER -> context.sessionUser();
            case CURRENT_CATALOG -> context.currentDatabase();
            case CURRENT_SCHEMA -> {
                List<String> schemas = context.currentSchemas(false);
                yield schemas.isEmpty() ? null : schemas.getFirst();
            }
        };
    }

    private static long round(long micros, int precision) {
        if (precision < 0 || precision >= ROUNDING.length) {
            return micros;
        }
        long unit = ROUNDING[precision];
        return Math.floorDiv(micros + unit / 2, unit) * unit;
    }
}
