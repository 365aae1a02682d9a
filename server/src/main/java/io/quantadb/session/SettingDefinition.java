package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of one run-time setting: its type, unit, range and who may change it when.
 *
 * @param unit the unit of plain numbers: ms, s, min, B, kB, 8kB, MB, or empty
 * @param context PostgreSQL's word: internal, postmaster, sighup, superuser-backend, backend, superuser, user
 * @param enumValues empty unless the type is ENUM
 */
public record SettingDefinition(String name, Type type, String unit, String context, String minimum, String maximum,
        List<String> enumValues, String bootValue, String category) {

    /** Value types, as pg_settings.vartype names them in lower case. */
    public enum Type { BOOL, INTEGER, REAL, STRING, ENUM }

    private static final Map<String, Long> TIME_MICROS = Map.of("us", 1L, "ms", 1_000L, "s", 1_000_000L, "min", 60_000_000L,
        "h", 3_600_000_000L, "d", 86_400_000_000L);
    private static final Map<String, Long> SIZE_BYTES = Map.of("B", 1L, "kB", 1024L, "8kB", 8192L, "MB", 1L << 20, "GB", 1L << 30,
        "TB", 1L << 40);

    public boolean isReadOnly() {
        return context.equals("internal");
    }

    /** Whether a session may change it at all after the server started. */
    public boolean isChangeableInSession() {
        return context.equals("user") || context.equals("superuser");
    }

    /**
     * Checks a value a user wrote and brings it into the form that is stored: numbers in the setting's own unit,
     * booleans as on or off.
     *
     * @throws SqlException 22023 as PostgreSQL words it
     */
    public String normalize(String text) {
        return switch (type) {
            case BOOL -> booleanText(text);
            case INTEGER -> Long.toString(integer(text));
            case REAL -> real(text);
            case ENUM -> enumText(text);
            case STRING -> text;
        };
    }

    private SqlException invalid(String text) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE,
            "invalid value for parameter \"" + name + "\": \"" + text + "\"");
    }

    private String booleanText(String text) {
        Boolean value = parseBoolean(text);
        if (value == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "parameter \"" + name + "\" requires a Boolean value");
        }
        return value ? "on" : "off";
    }

    /**
     * As PostgreSQL reads booleans in settings: unique prefixes of true, false, yes, no; on, off; 1, 0. Null if it is
     * none.
     */
    static Boolean parseBoolean(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.isEmpty()) {
            return null;
        }
        if ("true".startsWith(lower) || "yes".startsWith(lower) || lower.equals("on") || lower.equals("1")) {
            return true;
        }
        if ("false".startsWith(lower) || "no".startsWith(lower) || lower.equals("off") || lower.equals("of") || lower.equals("0")) {
            return false;
        }
        return null;
    }

    private String enumText(String text) {
        for (String value : enumValues) {
            if (value.equalsIgnoreCase(text)) {
                return value;
            }
        }
        // Enumerations with on and off also take the other spellings of a boolean, as synchronous_commit does.
        Boolean value = enumValues.contains("on") ? parseBoolean(text) : null;
        if (value != null) {
            return value ? "on" : "off";
        }
        throw invalid(text).withHint("Available values: " + String.join(", ", enumValues) + ".");
    }

    private long integer(String text) {
        BigDecimal value = number(text);
        long result;
        try {
            result = value.setScale(0, java.math.RoundingMode.HALF_EVEN).longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(text).withHint("Value exceeds integer range.");
        }
        checkRange(BigDecimal.valueOf(result));
        return result;
    }

    private String real(String text) {
        BigDecimal value = number(text);
        checkRange(value);
        return value.stripTrailingZeros().toPlainString();
    }

    private void checkRange(BigDecimal value) {
        boolean low = !minimum.isEmpty() && value.compareTo(new BigDecimal(minimum)) < 0;
        boolean high = !maximum.isEmpty() && value.compareTo(new BigDecimal(maximum)) > 0;
        if (low || high) {
            String shownUnit = unit.isEmpty() ? "" : " " + unit;
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, value.toPlainString() + shownUnit
                + " is outside the valid range for parameter \"" + name + "\" (" + minimum + shownUnit + " .. " + maximum + shownUnit + ")");
        }
    }

    private BigDecimal number(String text) {
        String trimmed = text.trim();
        int end = trimmed.length();
        while (end > 0 && Character.isLetter(trimmed.charAt(end - 1))) {
            end--;
        }
        String suffix = trimmed.substring(end);
        String digits = trimmed.substring(0, end).trim();
        if (digits.startsWith("0x") || trimmed.startsWith("0x")) {
            return hexadecimal(trimmed);
        }
        BigDecimal value;
        try {
            value = new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        return suffix.isEmpty() ? value : convert(value, suffix, text);
    }

    private BigDecimal hexadecimal(String text) {
        try {
            return new BigDecimal(Long.decode(text));
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
    }

    private BigDecimal convert(BigDecimal value, String suffix, String text) {
        Map<String, Long> scale = TIME_MICROS.containsKey(unit) ? TIME_MICROS : SIZE_BYTES.containsKey(unit) ? SIZE_BYTES : Map.of();
        Long factor = scale.get(suffix);
        if (factor == null || suffix.equals("8kB")) {
            SqlException error = invalid(text);
            if (scale == TIME_MICROS) {
                return fail(error.withHint("Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."));
            }
            if (scale == SIZE_BYTES) {
                return fail(error.withHint("Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."));
            }
            throw error;
        }
        return value.multiply(BigDecimal.valueOf(factor)).divide(BigDecimal.valueOf(scale.get(unit)), 6, java.math.RoundingMode.HALF_EVEN);
    }

    private static BigDecimal fail(SqlException error) {
        throw error;
    }

    /** The form SHOW prints: integers with the largest unit that divides them. */
    public String display(String stored) {
        if (type != Type.INTEGER || unit.isEmpty()) {
            return stored;
        }
        long value = Long.parseLong(stored);
        if (value <= 0) {
            return stored;
        }
        if (TIME_MICROS.containsKey(unit)) {
            return largestUnit(value * TIME_MICROS.get(unit), List.of("d", "h", "min", "s", "ms", "us"), TIME_MICROS);
        }
        Long bytes = SIZE_BYTES.get(unit);
        return bytes == null ? stored : largestUnit(value * bytes, List.of("TB", "GB", "MB", "kB", "B"), SIZE_BYTES);
    }

    private static String largestUnit(long base, List<String> units, Map<String, Long> scale) {
        for (String candidate : units) {
            if (base % scale.get(candidate) == 0) {
                return base / scale.get(candidate) + candidate;
            }
        }
        return Long.toString(base);
    }
}
