package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.SessionTimeZone;
import java.time.DateTimeException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks of single settings that their type and range do not say. */
final class SettingRules {
    private static final List<String> DATE_STYLES = List.of("ISO", "SQL", "Postgres", "German");
    private static final Set<String> UTF8_NAMES = Set.of("utf8", "utf-8", "unicode");

    private SettingRules() {
    }

    /** @return the value in stored form; throws 22023 if it is wrong */
    static String check(SettingDefinition definition, String value) {
        return switch (definition.name()) {
            case "DateStyle" -> dateStyle(value);
            case "TimeZone" -> timeZone(value);
            case "client_encoding" -> clientEncoding(value);
            default -> value;
        };
    }

    private static SqlException invalid(String name, String value) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + name + "\": \"" + value + "\"");
    }

    /** Accepts a style, an order, or both, and completes what is missing. */
    private static String dateStyle(String value) {
        String style = "ISO";
        String order = "MDY";
        for (String part : value.split(",")) {
            String word = part.trim().toLowerCase(Locale.ROOT);
            switch (word) {
                case "iso" -> style = "ISO";
                case "sql" -> style = "SQL";
                case "german" -> {
                    style = "German";
                    order = "DMY";
                }
                case "ymd" -> order = "YMD";
                case "dmy", "euro", "european" -> order = "DMY";
                case "mdy", "us", "noneuro", "noneuropean" -> order = "MDY";
                default -> {
                    if (!word.startsWith("postgres")) {
                        throw invalid("DateStyle", value).withDetail("Unrecognized key word: \"" + part.trim() + "\".");
                    }
                    style = "Postgres";
                }
            }
        }
        return style + ", " + order;
    }

    static String dateStyleName(String stored) {
        return DATE_STYLES.stream().filter(stored::startsWith).findFirst().orElse("ISO");
    }

    private static String timeZone(String value) {
        String trimmed = value.trim();
        if (trimmed.equalsIgnoreCase("local") || trimmed.equalsIgnoreCase("default")) {
            return "UTC";
        }
        if (trimmed.matches("[+-]?\\d{1,3}(\\.\\d+)?")) {
            // A number is hours, positive to the east.
            return SessionTimeZone.ofOffset((int) Math.round(Double.parseDouble(trimmed) * 3600)).name();
        }
        try {
            SessionTimeZone zone = SessionTimeZone.find(trimmed);
            if (zone != null) {
                return zone.name();
            }
        } catch (DateTimeException | SqlException e) {
            throw invalid("TimeZone", value);
        }
        throw invalid("TimeZone", value);
    }

    /** Only UTF8 reaches the storage; other encodings of the wire are refused rather than converted wrongly. */
    private static String clientEncoding(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (UTF8_NAMES.contains(lower)) {
            return "UTF8";
        }
        if (lower.equals("sql_ascii")) {
            return "SQL_ASCII";
        }
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "client encoding \"" + value + "\" is not supported")
            .withHint("Use UTF8.");
    }
}
