package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.IntervalRange;

/** The type modifier of time and timestamp types: fraction digits of seconds, 0 to 6. */
final class TimePrecision {
    private TimePrecision() {
    }

    static long round(long micros, int typmod) {
        return typmod < 0 ? micros : IntervalRange.roundMicros(micros, typmod);
    }

    static int parse(String[] arguments, String typeName) {
        if (arguments.length != 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid type modifier");
        }
        int precision = TypmodArguments.integer(arguments[0]);
        if (precision < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    typeName + "(" + precision + ") precision must not be negative");
        }
        return Math.min(precision, 6); // PostgreSQL also warns; the analyzer has the place for it
    }
}
