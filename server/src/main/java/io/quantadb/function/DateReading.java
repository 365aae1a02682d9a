package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.CivilDate;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.datetime.TimestampMath;
import java.util.Locale;

/** to_date and to_timestamp: reads text along a template. One object for one call. */
final class DateReading {
    private final String text;
    private final DateTemplate template;
    private int at;

    private Integer year;
    private int month;
    private int day;
    private Integer dayOfYear;
    private Integer century;
    private boolean bc;
    private int yearDigits;
    private boolean isoCalendar;
    private int week;
    private int weekOfMonth;
    private int isoDay;
    private Long julian;
    private int hour;
    private int minute;
    private int second;
    private int micros;
    private boolean clock12;
    private boolean pm;
    private Integer secondsOfDay;
    private Integer zoneSeconds;
    private int zoneSign = 1;

    private DateReading(String text, DateTemplate template) {
        this.text = text;
        this.template = template;
    }

    /** Day number. @throws SqlException 22007, 22008 */
    static long date(String text, String format) {
        DateReading reading = new DateReading(text, DateTemplate.of(format));
        reading.read();
        return reading.days();
    }

    /** timestamptz, in a zone unless the text has one. */
    static long timestamp(String text, String format, SessionTimeZone zone) {
        DateReading reading = new DateReading(text, DateTemplate.of(format));
        reading.read();
        long local = reading.days() * TimeUnits.MICROS_PER_DAY + reading.timeOfDay();
        if (reading.zoneSeconds != null) {
            return local - reading.zoneSeconds * TimeUnits.MICROS_PER_SECOND;
        }
        return TimestampMath.toUtc(local, zone);
    }

    private SqlException invalid(String keyword, String value) {
        return new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid value \"" + value + "\" for \"" + keyword
                + "\"");
    }

    private SqlException outOfRange() {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text
                + "\"");
    }

    private void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSeparator(char c) {
        return c < 128 && c > 32 && !Character.isLetterOrDigit(c);
    }

    private void read() {
        var parts = template.parts();
        if (!template.exact()) {
            skipSpaces();
        }
        int extraSkipped = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (at >= text.length()) {
                break;
            }
            DateTemplate.Part part = parts.get(i);
            if (part.literal() != null) {
                extraSkipped = literal(part, extraSkipped);
                continue;
            }
            // Separators that the template has fewer of than the text.
            if (!template.exact() && i > 0 && extraSkipped == 0 || i == 0) {
                skipSpaces();
            }
            boolean nextIsNumber = i + 1 < parts.size() && parts.get(i + 1).keyword() != null
                    && isNumeric(parts.get(i + 1).keyword());
            keyword(part, nextIsNumber);
            extraSkipped = 0;
        }
    }

    private int literal(DateTemplate.Part part, int extraSkipped) {
        char c = text.charAt(at);
        if (!part.separator()) {
            at++; // quoted text and letters skip one character each
            return 0;
        }
        if (template.exact()) {
            at++;
            return 0;
        }
        // A separator matches one separator, or any run of blanks.
        if (isSeparator(c)) {
            at++;
            int skipped = 0;
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
                skipped++;
            }
            return skipped;
        }
        skipSpaces();
        return extraSkipped;
    }

    private static boolean isNumeric(String keyword) {
        return switch (keyword.toUpperCase(Locale.ROOT)) {
            case "MONTH", "MON", "DAY", "DY", "AM", "PM", "A.M.", "P.M.", "AD", "BC", "A.D.", "B.C.", "RM", "TZ",
                "TZH", "TZM", "OF" -> false;
            default -> true;
        };
    }

    /** Reads an integer of at most {@code width} digits; of any length if that is safe. */
    private int number(DateTemplate.Part part, int width, boolean nextIsNumber) {
        skipSpaces();
        int start = at;
        boolean limited = template.exact() && !part.fill() || nextIsNumber && !part.fill();
        int i = at;
        if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
            i++;
        }
        int digits = i;
        while (i < text.length() && Character.isDigit(text.charAt(i)) && (!limited || i - start < width)) {
            i++;
        }
        String keyword = part.keyword();
        if (i == digits) {
            throw invalid(keyword, text.substring(start, Math.min(text.length(), start + width)))
                    .withDetail("Value must be an integer.");
        }
        if (limited && template.exact() && i - start < width && !part.fill()) {
            throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "source string too short for \"" + keyword
                    + "\" formatting field").withDetail("Field requires " + width + " characters, but only "
                    + (i - start) + " remain.").withHint("If your source string is not fixed-width, try using the"
                    + " \"FM\" modifier.");
        }
        String written = text.substring(start, i);
        at = i;
        if (part.ordinal()) {
            at = Math.min(text.length(), at + 2);
        }
        try {
            return Integer.parseInt(written);
        } catch (NumberFormatException e) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "value for \"" + keyword
                    + "\" in source string is out of range").withDetail(
                    "Value must be in the range -2147483648 to 2147483647.");
        }
    }

    private int word(String keyword, String[] words, int length) {
        for (int i = 0; i < words.length; i++) {
            String word = length == 0 ? words[i] : words[i].substring(0, length);
            if (text.regionMatches(true, at, word, 0, word.length())) {
                at += word.length();
                return i;
            }
        }
        int end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        throw invalid(keyword, text.substring(at, end))
                .withDetail("The given value did not match any of the allowed values for this field.");
    }

    private void keyword(DateTemplate.Part part, boolean nextIsNumber) {
        String keyword = part.keyword().toUpperCase(Locale.ROOT);
        switch (keyword) {
            case "AM", "PM" -> {
                pm = word(part.keyword(), new String[] {"AM", "PM"}, 0) == 1;
                clock12 = true;
            }
            case "A.M.", "P.M." -> {
                pm = word(part.keyword(), new String[] {"A.M.", "P.M."}, 0) == 1;
                clock12 = true;
            }
            case "AD", "BC" -> bc = word(part.keyword(), new String[] {"AD", "BC"}, 0) == 1;
            case "A.D.", "B.C." -> bc = word(part.keyword(), new String[] {"A.D.", "B.C."}, 0) == 1;
            case "HH", "HH12" -> {
                hour = number(part, 2, nextIsNumber);
                clock12 = true;
            }
            case "HH24" -> hour = number(part, 2, nextIsNumber);
            case "MI" -> minute = number(part, 2, nextIsNumber);
            case "SS" -> second = number(part, 2, nextIsNumber);
            case "MS", "FF3" -> micros += fraction(part, 3, nextIsNumber);
            case "US", "FF6" -> micros += fraction(part, 6, nextIsNumber);
            case "FF1" -> micros += fraction(part, 1, nextIsNumber);
            case "FF2" -> micros += fraction(part, 2, nextIsNumber);
            case "FF4" -> micros += fraction(part, 4, nextIsNumber);
            case "FF5" -> micros += fraction(part, 5, nextIsNumber);
            case "SSSS", "SSSSS" -> secondsOfDay = number(part, 5, nextIsNumber);
            case "MONTH" -> month = word(part.keyword(), DateFormatting.MONTHS, 0) + 1;
            case "MON" -> month = word(part.keyword(), DateFormatting.MONTHS, 3) + 1;
            case "MM" -> month = number(part, 2, nextIsNumber);
            case "DAY" -> word(part.keyword(), DateFormatting.DAYS, 0);
            case "DY" -> word(part.keyword(), DateFormatting.DAYS, 3);
            case "DD" -> day = number(part, 2, nextIsNumber);
            case "DDD" -> dayOfYear = number(part, 3, nextIsNumber);
            case "RM" -> month = 12 - word(part.keyword(), DateFormatting.ROMAN, 0);
            case "CC" -> century = number(part, 2, nextIsNumber);
            case "J" -> julian = (long) number(part, 9, false);
            case "Q" -> number(part, 1, nextIsNumber); // ignored, as PostgreSQL does
            case "D" -> number(part, 1, nextIsNumber);
            case "WW" -> week = number(part, 2, nextIsNumber);
            case "W" -> weekOfMonth = number(part, 1, nextIsNumber);
            case "TZH", "TZM", "TZ", "OF" -> zone(part, keyword);
            default -> year(part, keyword, nextIsNumber);
        }
    }

    private int fraction(DateTemplate.Part part, int width, boolean nextIsNumber) {
        int start = at;
        int value = number(part, width, nextIsNumber);
        int digits = at - start;
        // Digits count from the left: ".5" is half a second however wide the field is.
        for (int i = digits; i < 6; i++) {
            value *= 10;
        }
        for (int i = 6; i < digits; i++) {
            value /= 10;
        }
        return value;
    }

    private void year(DateTemplate.Part part, String keyword, boolean nextIsNumber) {
        switch (keyword) {
            case "Y,YYY" -> {
                java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("\\s*(\\d+),(\\d{3})")
                        .matcher(text).region(at, text.length());
                if (!matcher.lookingAt()) {
                    throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "invalid input string for \"Y,YYY\"");
                }
                year = Integer.parseInt(matcher.group(1)) * 1000 + Integer.parseInt(matcher.group(2));
                yearDigits = 4;
                at = matcher.end();
            }
            case "YYYY", "IYYY" -> shortYear(part, 4, nextIsNumber);
            case "YYY", "IYY" -> shortYear(part, 3, nextIsNumber);
            case "YY", "IY" -> shortYear(part, 2, nextIsNumber);
            case "Y", "I" -> shortYear(part, 1, nextIsNumber);
            case "IW" -> {
                isoCalendar = true;
                week = number(part, 2, nextIsNumber);
            }
            case "ID" -> {
                isoCalendar = true;
                isoDay = number(part, 1, nextIsNumber);
            }
            case "IDDD" -> {
                isoCalendar = true;
                dayOfYear = number(part, 3, nextIsNumber);
            }
            default -> throw SqlException.notSupported("formatting field \"" + part.keyword()
                    + "\" is only supported in to_char");
        }
        isoCalendar |= keyword.startsWith("I");
    }

    private void shortYear(DateTemplate.Part part, int width, boolean nextIsNumber) {
        skipSpaces();
        int start = at;
        int value = number(part, width, nextIsNumber);
        int digits = at - start;
        yearDigits = width;
        // Fewer than four digits mean the year nearest to 2020.
        if (digits < 4 && width < 4) {
            value = value < 70 ? value + 2000 : value < 100 ? value + 1900 : value < 520 ? value + 2000
                    : value < 1000 ? value + 1000 : value;
        }
        year = value;
    }

    private void zone(DateTemplate.Part part, String keyword) {
        if (keyword.equals("TZ") || keyword.equals("OF")) {
            throw SqlException.notSupported("formatting field \"" + part.keyword() + "\" is only supported in to_char");
        }
        if (keyword.equals("TZH")) {
            zoneSign = 1;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-' || text.charAt(at) == ' ')) {
                zoneSign = text.charAt(at) == '-' ? -1 : 1;
                at++;
            } else if (at > 0 && text.charAt(at - 1) == '-') {
                zoneSign = -1;
            }
            zoneSeconds = zoneSign * 3600 * number(part, 2, true);
        } else {
            zoneSeconds = (zoneSeconds == null ? 0 : zoneSeconds) + zoneSign * 60 * number(part, 2, true);
        }
    }

    private long timeOfDay() {
        if (secondsOfDay != null) {
            hour = secondsOfDay / 3600;
            minute = secondsOfDay / 60 % 60;
            second = secondsOfDay % 60;
        }
        if (clock12) {
            if (hour < 1 || hour > 12) {
                throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "hour \"" + hour
                        + "\" is invalid for the 12-hour clock")
                        .withHint("Use the 24-hour clock, or give an hour between 1 and 12.");
            }
            hour = hour % 12 + (pm ? 12 : 0);
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            throw outOfRange();
        }
        return hour * TimeUnits.MICROS_PER_HOUR + minute * TimeUnits.MICROS_PER_MINUTE
                + second * TimeUnits.MICROS_PER_SECOND + micros;
    }

    private long days() {
        if (julian != null) {
            return julian - CivilDate.EPOCH_JULIAN;
        }
        int civil = resolvedYear();
        if (isoCalendar && week != 0) {
            long fourth = CivilDate.toDays(civil, 1, 4);
            long monday = fourth - Math.floorMod(CivilDate.dayOfWeek(fourth) - 1, 7);
            return monday + (week - 1) * 7L + (isoDay == 0 ? 0 : isoDay - 1);
        }
        if (isoCalendar && dayOfYear != null) {
            long fourth = CivilDate.toDays(civil, 1, 4);
            return fourth - Math.floorMod(CivilDate.dayOfWeek(fourth) - 1, 7) + dayOfYear - 1;
        }
        if (week != 0) {
            dayOfYear = (week - 1) * 7 + 1;
        }
        if (weekOfMonth != 0) {
            day = (weekOfMonth - 1) * 7 + 1;
        }
        if (dayOfYear != null && month <= 1 && day <= 1) {
            if (dayOfYear < 1 || dayOfYear > (CivilDate.isLeapYear(civil) ? 366 : 365)) {
                throw outOfRange();
            }
            return CivilDate.toDays(civil, 1, 1) + dayOfYear - 1;
        }
        int shownMonth = month == 0 ? 1 : month;
        int shownDay = day == 0 ? 1 : day;
        if (shownMonth < 1 || shownMonth > 12 || shownDay < 1 || shownDay > CivilDate.daysInMonth(civil, shownMonth)) {
            throw outOfRange();
        }
        long days = CivilDate.toDays(civil, shownMonth, shownDay);
        if (!TimeUnits.isValidDate(days)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range: \"" + text + "\"");
        }
        return days;
    }

    /** Astronomical year: 0 is 1 BC, which is also what no year at all means. */
    private int resolvedYear() {
        if (year == null) {
            if (century == null) {
                return 0;
            }
            return bc ? -century * 100 + 1 : century < 0 ? century * 100 + 1 : (century - 1) * 100 + 1;
        }
        int value = year;
        if (century != null && yearDigits <= 2) {
            value = century >= 0 ? Math.floorMod(value, 100) + (value % 100 == 0 ? century * 100 : (century - 1) * 100)
                    : value;
        }
        if (bc) {
            return value > 0 ? 1 - value : value;
        }
        return value < 0 ? value + 1 : value;
    }
}
