package io.quantadb.function;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Map;

/**
 * A template of to_char, to_date and to_timestamp for dates and times, split into its parts. Immutable.
 *
 * <p>Source: PostgreSQL documentation, "Template Patterns for Date/Time Formatting".
 */
final class DateTemplate {
    /** Longer ones before their own beginnings, as the first that fits is taken. */
    private static final String[] KEYWORDS = {"A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DAY", "Day", "DDD", "DD",
        "DY", "Dy", "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FX", "HH24", "HH12", "HH", "IDDD", "ID", "IW",
        "IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MONTH", "MON", "Month", "Mon", "MS", "OF", "P.M.", "PM", "Q", "RM",
        "SSSSS", "SSSS", "SS", "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y",
        "a.d.", "a.m.", "ad", "am", "b.c.", "bc", "cc", "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4",
        "ff5", "ff6", "fx", "hh24", "hh12", "hh", "iddd", "id", "iw", "iyyy", "iyy", "iy", "i", "j", "mi", "mm",
        "month", "mon", "ms", "of", "p.m.", "pm", "q", "rm", "sssss", "ssss", "ss", "tzh", "tzm", "tz", "us", "ww",
        "w", "y,yyy", "yyyy", "yyy", "yy", "y"};
    private static final Map<String, DateTemplate> CACHE = new ConcurrentHashMap<>();

    /**
     * One part.
     *
     * @param keyword as written; null for literal text
     * @param literal text to print; null for a keyword
     * @param fill FM was given: no padding
     * @param separator whether the literal is one separator character or blank, which input may replace by others
     */
    record Part(String keyword, String literal, boolean fill, boolean translated, boolean ordinal, boolean upperOrdinal,
            boolean separator) {
    }

    private final List<Part> parts;
    private final boolean exact;

    private DateTemplate(List<Part> parts, boolean exact) {
        this.parts = parts;
        this.exact = exact;
    }

    static DateTemplate of(String format) {
        DateTemplate template = CACHE.get(format);
        if (template == null) {
            template = parse(format);
            if (CACHE.size() < 500) {
                CACHE.put(format, template);
            }
        }
        return template;
    }

    List<Part> parts() {
        return parts;
    }

    /** Whether FX was given. */
    boolean exact() {
        return exact;
    }

    private static DateTemplate parse(String format) {
        List<Part> parts = new ArrayList<>();
        boolean exact = false;
        int i = 0;
        while (i < format.length()) {
            boolean fill = false;
            boolean translated = false;
            while (true) {
                if (format.startsWith("FM", i) || format.startsWith("fm", i)) {
                    fill = true;
                    i += 2;
                } else if (format.startsWith("TM", i) || format.startsWith("tm", i)) {
                    translated = true;
                    i += 2;
                } else if (format.startsWith("FX", i) || format.startsWith("fx", i)) {
                    exact = true;
                    i += 2;
                } else {
                    break;
                }
            }
            if (i >= format.length()) {
                break;
            }
            String keyword = keywordAt(format, i);
            if (keyword != null) {
                i += keyword.length();
                boolean upper = format.startsWith("TH", i);
                boolean ordinal = upper || format.startsWith("th", i);
                i += ordinal ? 2 : 0;
                if (format.startsWith("SP", i) || format.startsWith("sp", i)) {
                    i += 2;
                }
                parts.add(new Part(keyword, null, fill, translated, ordinal, upper, false));
                continue;
            }
            i = literal(format, i, parts);
        }
        return new DateTemplate(parts, exact);
    }

    private static String keywordAt(String format, int at) {
        for (String keyword : KEYWORDS) {
            if (format.startsWith(keyword, at)) {
                return keyword;
            }
        }
        return null;
    }

    private static int literal(String format, int from, List<Part> parts) {
        int i = from;
        char c = format.charAt(i);
        if (c == '"') {
            StringBuilder text = new StringBuilder();
            i++;
            while (i < format.length() && format.charAt(i) != '"') {
                if (format.charAt(i) == '\\' && i + 1 < format.length()) {
                    i++;
                }
                text.append(format.charAt(i++));
            }
            for (int k = 0; k < text.length(); k++) {
                parts.add(new Part(null, text.substring(k, k + 1), false, false, false, false, false));
            }
            return i + 1;
        }
        if (c == '\\' && i + 1 < format.length() && format.charAt(i + 1) == '"') {
            c = '"';
            i++;
        }
        boolean separator = c < 128 && c > 32 && !Character.isLetterOrDigit(c) || Character.isWhitespace(c);
        parts.add(new Part(null, String.valueOf(c), false, false, false, false, separator));
        return i + 1;
    }
}
