package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Interval;
import io.quantadb.types.TimeUnits;

import java.util.Map;

/**
 * The type modifier of interval: fields kept (upper 16 bits, 0x7FFF for all) and fraction digits of seconds (lower 16
 * bits, 0xFFFF for all).
 */
public final class IntervalRange {
    static final int MONTH = 1 << 1;
    static final int YEAR = 1 << 2;
    static final int DAY = 1 << 3;
    static final int HOUR = 1 << 10;
    static final int MINUTE = 1 << 11;
    static final int SECOND = 1 << 12;
    static final int FULL = 0x7FFF;
    static final int FULL_PRECISION = 0xFFFF;

    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(YEAR, "year"), Map.entry(MONTH, "month"),
            Map.entry(DAY, "day"), Map.entry(HOUR, "hour"), Map.entry(MINUTE, "minute"), Map.entry(SECOND, "second"),
            Map.entry(YEAR | MONTH, "year to month"), Map.entry(DAY | HOUR, "day to hour"),
            Map.entry(DAY | HOUR | MINUTE, "day to minute"),
            Map.entry(DAY | HOUR | MINUTE | SECOND, "day to second"), Map.entry(HOUR | MINUTE, "hour to minute"),
            Map.entry(HOUR | MINUTE | SECOND, "hour to second"), Map.entry(MINUTE | SECOND, "minute to second"),
            Map.entry(FULL, ""));

    private IntervalRange() {
    }

    static int range(int typmod) {
        return typmod < 0 ? FULL : typmod >> 16 & 0x7FFF;
    }

    static int precision(int typmod) {
        return typmod < 0 ? FULL_PRECISION : typmod & 0xFFFF;
    }

    /**
     * Packs the modifier of a declared interval.
     *
     * @param fields as in the grammar: "year", "day to second"..., empty for all
     * @param precision fraction digits, -1 if not given
     */
    public static int typmod(String fields, int precision) {
        for (Map.Entry<Integer, String> entry : NAMES.entrySet()) {
            if (entry.getValue().equals(fields)) {
                return entry.getKey() == FULL && precision < 0 ? -1
                        : entry.getKey() << 16 | (precision < 0 ? FULL_PRECISION : Math.min(precision, 6));
            }
        }
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid INTERVAL type modifier");
    }

    /** The modifier as printed, with a leading blank before field names: {@code " day to second(3)"}. */
    public static String format(int typmod) {
        if (typmod < 0) {
            return "";
        }
        String name = NAMES.get(range(typmod));
        if (name == null) {
            throw new SqlException(SqlState.INTERNAL_ERROR,
                    "invalid INTERVAL typmod: 0x" + Integer.toHexString(typmod));
        }
        int precision = precision(typmod);
        return (name.isEmpty() ? "" : " " + name) + (precision == FULL_PRECISION ? "" : "(" + precision + ")");
    }

    /** From the numbers the grammar passes: range mask, then perhaps precision. */
    public static int fromArguments(int range, Integer precision) {
        if (!NAMES.containsKey(range) || precision == null && range == FULL) {
            if (range == FULL) {
                return -1;
            }
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid INTERVAL type modifier");
        }
        if (precision == null) {
            return range << 16 | FULL_PRECISION;
        }
        if (precision < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "INTERVAL(" + precision + ") precision must not be negative");
        }
        return range << 16 | Math.min(precision, 6);
    }

    /** Drops the fields below the declared ones and rounds seconds. */
    public static Interval apply(Interval value, int typmod) {
        if (typmod < 0) {
            return value;
        }
        int months = value.months();
        int days = value.days();
        long micros = value.micros();
        switch (range(typmod)) {
            case YEAR -> {
                months = months / 12 * 12;
                days = 0;
                micros = 0;
            }
            case MONTH, YEAR | MONTH -> {
                days = 0;
                micros = 0;
            }
            case DAY -> micros = 0;
            case HOUR, DAY | HOUR -> micros = micros / TimeUnits.MICROS_PER_HOUR * TimeUnits.MICROS_PER_HOUR;
            case MINUTE, HOUR | MINUTE, DAY | HOUR | MINUTE ->
                micros = micros / TimeUnits.MICROS_PER_MINUTE * TimeUnits.MICROS_PER_MINUTE;
            default -> {
            }
        }
        return new Interval(months, days, roundMicros(micros, precision(typmod)));
    }

    /** Rounds half away from zero to some fraction digits of a second. */
    public static long roundMicros(long micros, int precision) {
        if (precision >= 6) {
            return micros;
        }
        long unit = 1_000_000;
        for (int i = 0; i < precision; i++) {
            unit /= 10;
        }
        return micros >= 0 ? (micros + unit / 2) / unit * unit : -((-micros + unit / 2) / unit * unit);
    }
}
