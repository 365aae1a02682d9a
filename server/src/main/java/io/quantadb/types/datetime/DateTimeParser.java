package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.types.DateOrder;
import io.quantadb.types.TextContext;
import io.quantadb.types.TimeTz;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.DateTimeTokens.Kind;
import io.quantadb.types.datetime.DateTimeTokens.Token;

import java.util.List;

/**
 * Reads dates, times and timestamps in all the notations PostgreSQL accepts.
 *
 * <p>One object reads one text: fields are classified by {@link DateTimeTokens}, then each finds its meaning from what
 * came before it, as PostgreSQL documentation, appendix "Date/Time Input Interpretation", describes. An ambiguous
 * numeric date is read by {@code DateOrder}.
 */
public final class DateTimeParser {
    // What has been seen; a second sight of any is an error.
    private static final int YEAR = 1;
    private static final int MONTH = 2;
    private static final int DAY = 4;
    private static final int DATE = YEAR | MONTH | DAY;
    private static final int TIME = 8;
    private static final int ZONE = 16;
    private static final int DAY_OF_YEAR = 32;
    private static final int MERIDIEM = 64;
    private static final int ERA = 128;
    private static final int DAY_OF_WEEK = 256;
    private static final int DAYLIGHT = 512;

    private static final int ZONE_HOURS_MAX = 15;

    private enum Special { NONE, EPOCH, INFINITY, NEGATIVE_INFINITY }

    private final String text;
    private final String typeName;
    private final TextContext ctx;
    private final boolean timeOnly;
    private final DateOrder order;

    private Special special = Special.NONE;
    private int seen;
    private int year;
    private int month;
    private int day;
    private int dayOfYear;
    private int hour;
    private int minute;
    private int second;
    private int micros;
    private int zoneOffset;
    private SessionTimeZone namedZone;
    private boolean textMonth;
    private boolean twoDigitYear;
    private boolean julian;
    private boolean beforeChrist;
    /** -1 for 24 hours, 0 AM, 1 PM. */
    private int meridiem = -1;
    /** Set by a prefix word for the next field. */
    private boolean julianNext;
    private boolean timeNext;

    private DateTimeParser(String text, String typeName, TextContext ctx, boolean timeOnly) {
        this.text = text;
        this.typeName = typeName;
        this.ctx = ctx;
        this.timeOnly = timeOnly;
        this.order = ctx.dateOrder();
    }

    // ---- entry points

    /** timestamp: a zone in the text is accepted and ignored. */
    public static long parseTimestamp(String text, TextContext ctx) {
        long fast = IsoFastPath.timestamp(text);
        return fast != Long.MIN_VALUE ? fast : new DateTimeParser(text, "timestamp", ctx, false).timestamp(false);
    }

    /** timestamptz: without a zone in the text, the session's applies. */
    public static long parseTimestampTz(String text, TextContext ctx) {
        long fast = IsoFastPath.timestamp(text);
        if (fast != Long.MIN_VALUE) {
            return fast - ctx.timeZone().offsetForLocal(fast) * TimeUnits.MICROS_PER_SECOND;
        }
        return new DateTimeParser(text, "timestamp with time zone", ctx, false).timestamp(true);
    }

    /** date: a time of day in the text is ignored. */
    public static long parseDate(String text, TextContext ctx) {
        long fast = IsoFastPath.date(text);
        return fast != Long.MIN_VALUE ? fast : new DateTimeParser(text, "date", ctx, false).date();
    }

    /** time, microseconds of the day. */
    public static long parseTime(String text, TextContext ctx) {
        DateTimeParser parser = new DateTimeParser(text, "time", ctx, true);
        parser.readAll();
        return parser.timeOfDay();
    }

    public static TimeTz parseTimeTz(String text, TextContext ctx) {
        return new DateTimeParser(text, "time with time zone", ctx, true).timeTz();
    }

    private long timestamp(boolean withZone) {
        readAll();
        switch (special) {
            case EPOCH:
                return -TimeUnits.UNIX_EPOCH_SECONDS * TimeUnits.MICROS_PER_SECOND;
            case INFINITY:
                return TimeUnits.TIMESTAMP_INFINITY;
            case NEGATIVE_INFINITY:
                return TimeUnits.TIMESTAMP_NEGATIVE_INFINITY;
            default:
                break;
        }
        long days = CivilDate.toDays(year, month, day);
        if (days < TimeUnits.DATE_MIN - 2 || days > 106_752_000L) {
            throw DateTimeErrors.outOfRange("timestamp", text);
        }
        long local = days * TimeUnits.MICROS_PER_DAY + timeOfDay();
        long result = withZone ? local - offsetFor(local) * TimeUnits.MICROS_PER_SECOND : local;
        if (!TimeUnits.isValidTimestamp(result)) {
            throw DateTimeErrors.outOfRange("timestamp", text);
        }
        return result;
    }

    private int offsetFor(long local) {
        if (namedZone != null) {
            return namedZone.offsetForLocal(local);
        }
        return (seen & ZONE) != 0 ? zoneOffset : ctx.timeZone().offsetForLocal(local);
    }

    private long date() {
        readAll();
        switch (special) {
            case EPOCH:
                return -CivilDate.UNIX_EPOCH_DAYS;
            case INFINITY:
                return TimeUnits.DATE_INFINITY;
            case NEGATIVE_INFINITY:
                return TimeUnits.DATE_NEGATIVE_INFINITY;
            default:
                break;
        }
        long days = CivilDate.toDays(year, month, day);
        if (!TimeUnits.isValidDate(days)) {
            throw DateTimeErrors.outOfRange("date", text);
        }
        return days;
    }

    private TimeTz timeTz() {
        readAll();
        int offset = zoneOffset;
        if (namedZone != null || (seen & ZONE) == 0) {
            SessionTimeZone zone = namedZone != null ? namedZone : ctx.timeZone();
            long day0 = (seen & DATE) == DATE ? CivilDate.toDays(year, month, day) : today(zone);
            offset = zone.offsetForLocal(day0 * TimeUnits.MICROS_PER_DAY + timeOfDay());
        }
        return new TimeTz(timeOfDay(), -offset);
    }

    private long today(SessionTimeZone zone) {
        long now = ctx.transactionTimestamp();
        return Math.floorDiv(now + zone.offsetAt(now) * TimeUnits.MICROS_PER_SECOND, TimeUnits.MICROS_PER_DAY);
    }

    private long timeOfDay() {
        return ((hour * 60L + minute) * 60 + second) * TimeUnits.MICROS_PER_SECOND + micros;
    }

    // ---- the fields in turn

    private void readAll() {
        List<Token> tokens = text.isEmpty() ? null : DateTimeTokens.split(text);
        if (tokens == null || tokens.isEmpty()) {
            throw bad();
        }
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            int mask = switch (token.kind()) {
                case DATE -> dateField(token.text(), i, tokens);
                case TIME -> {
                    julianCheck();
                    timeNext = false;
                    readTime(token.text());
                    yield TIME;
                }
                case SIGNED -> {
                    zoneOffset = readZoneOffset(token.text());
                    yield ZONE;
                }
                case NUMBER -> numberField(token.text(), i, tokens);
                case WORD, SPECIAL -> word(token.text(), i, tokens);
            };
            if ((mask & seen) != 0) {
                throw bad();
            }
            seen |= mask;
        }
        if (julianNext || timeNext) {
            throw bad();
        }
        finish();
    }

    private void julianCheck() {
        if (julianNext) {
            throw bad();
        }
    }

    private SqlException bad() {
        return DateTimeErrors.badFormat(typeName, text);
    }

    private SqlException overflow() {
        return DateTimeErrors.fieldOverflow(text);
    }

    private int dateField(String field, int index, List<Token> tokens) {
        boolean digit = DateTimeTokens.isDigit(field.charAt(0));
        if (julianNext) {
            return julianDayWithZone(field);
        }
        if (timeOnly) {
            boolean dateAllowed = index == 0 && tokens.size() >= 2 && (tokens.getLast().kind() == Kind.DATE
                    || tokens.get(1).kind() == Kind.TIME);
            if (dateAllowed && digit) {
                return readDate(field);
            }
        } else if (!timeNext && (seen & (MONTH | DAY)) != (MONTH | DAY)) {
            return readDate(field);
        }
        if (digit || timeNext) {
            timeNext = false;
            return timeWithZone(field);
        }
        return namedZone(field);
    }

    private int namedZone(String field) {
        SessionTimeZone zone = SessionTimeZone.find(field);
        if (zone == null) {
            throw DateTimeErrors.unknownZone(field);
        }
        namedZone = zone;
        return ZONE;
    }

    /** {@code J2451187-08}. */
    private int julianDayWithZone(String field) {
        int sign = Math.max(field.indexOf('-'), field.indexOf('+'));
        if (sign <= 0) {
            throw bad();
        }
        setJulian(integer(field.substring(0, sign)));
        zoneOffset = readZoneOffset(field.substring(sign));
        julianNext = false;
        return DATE | TIME | ZONE;
    }

    private void setJulian(long day0) {
        CivilDate date = CivilDate.ofDays(day0 - CivilDate.EPOCH_JULIAN);
        year = date.year();
        month = date.month();
        day = date.day();
        julian = true;
    }

    /** {@code 040506-08}: digits of a time and a zone offset in one field. */
    private int timeWithZone(String field) {
        if ((seen & TIME) != 0) {
            throw bad();
        }
        int sign = field.indexOf('-');
        if (sign < 0) {
            throw bad();
        }
        zoneOffset = readZoneOffset(field.substring(sign));
        return numberRun(field.substring(0, sign), seen | (timeOnly ? DATE : 0)) | ZONE;
    }

    private int numberField(String field, int index, List<Token> tokens) {
        if (julianNext) {
            julianNext = false;
            int point = field.indexOf('.');
            setJulian(integer(point < 0 ? field : field.substring(0, point)));
            if (point < 0) {
                return DATE;
            }
            setTime(Math.round(Double.parseDouble("0" + field.substring(point)) * TimeUnits.MICROS_PER_DAY));
            return DATE | TIME;
        }
        int before = timeOnly ? seen | DATE : seen;
        if (timeNext) {
            timeNext = false;
            int mask = numberRun(field, seen | DATE);
            if (mask != TIME) {
                throw bad();
            }
            return mask;
        }
        int point = field.indexOf('.');
        if (timeOnly) {
            if (point >= 0 && index == 0 && tokens.size() >= 2 && tokens.getLast().kind() == Kind.DATE) {
                return readDate(field);
            }
            return point > 2 || field.length() > 4 ? numberRun(field, before) : number(field, before);
        }
        if (point >= 0 && (seen & DATE) == 0) {
            return readDate(field);
        }
        if (point > 2) {
            return numberRun(field, before);
        }
        if (field.length() >= 6 && point < 0 && ((seen & DATE) == 0 || (seen & TIME) == 0)) {
            return numberRun(field, before);
        }
        return number(field, before);
    }

    private int word(String field, int index, List<Token> tokens) {
        ZoneAbbreviations.Meaning meaning = ZoneAbbreviations.forInput(field);
        if (meaning != null) {
            zoneOffset = meaning.offset();
            return ZONE;
        }
        DateTimeWords.Word word = DateTimeWords.find(field);
        if (word == null) {
            SessionTimeZone zone = SessionTimeZone.find(field);
            if (zone == null) {
                throw bad();
            }
            namedZone = zone;
            return ZONE;
        }
        if (julianNext || timeNext) {
            throw bad();
        }
        switch (word.kind()) {
            case IGNORED:
                return 0;
            case NOW, TODAY, TOMORROW, YESTERDAY:
                return setCurrent(word.kind());
            case ALLBALLS:
                zoneOffset = 0;
                setTime(0);
                return TIME | ZONE;
            case EPOCH:
                special = Special.EPOCH;
                break;
            case INFINITY:
                special = Special.INFINITY;
                break;
            case NEGATIVE_INFINITY:
                special = Special.NEGATIVE_INFINITY;
                break;
            case MONTH:
                return setTextMonth(word.value());
            case DAY_OF_WEEK:
                return DAY_OF_WEEK;
            case ERA:
                beforeChrist = word.value() == 1;
                return ERA;
            case MERIDIEM:
                meridiem = word.value();
                return MERIDIEM;
            case DAYLIGHT:
                zoneOffset += 3600;
                return DAYLIGHT;
            case JULIAN:
                julianNext = true;
                return 0;
            case ISO_TIME:
                return isoTime(index, tokens);
            default:
                throw bad();
        }
        if (timeOnly) {
            throw bad();
        }
        return DATE | TIME | ZONE;
    }

    private int isoTime(int index, List<Token> tokens) {
        if (!timeOnly && (seen & DATE) != DATE || index + 1 >= tokens.size()) {
            throw bad();
        }
        Kind next = tokens.get(index + 1).kind();
        if (next != Kind.NUMBER && next != Kind.TIME && next != Kind.DATE) {
            throw bad();
        }
        timeNext = true;
        return 0;
    }

    private int setTextMonth(int value) {
        int mask = MONTH;
        if ((seen & MONTH) != 0 && !textMonth && (seen & DAY) == 0 && month >= 1 && month <= 31) {
            day = month; // what looked like a month was a day: 08 January
            mask = DAY;
        }
        textMonth = true;
        month = value;
        return mask;
    }

    private int setCurrent(DateTimeWords.Kind kind) {
        if (timeOnly && kind != DateTimeWords.Kind.NOW) {
            throw bad();
        }
        long now = ctx.transactionTimestamp();
        int offset = ctx.timeZone().offsetAt(now);
        long local = now + offset * TimeUnits.MICROS_PER_SECOND;
        long days = Math.floorDiv(local, TimeUnits.MICROS_PER_DAY) + switch (kind) {
            case TOMORROW -> 1;
            case YESTERDAY -> -1;
            default -> 0;
        };
        CivilDate date = CivilDate.ofDays(days);
        year = date.year();
        month = date.month();
        day = date.day();
        julian = true; // the year is final: no two-digit or BC adjustment
        if (kind != DateTimeWords.Kind.NOW) {
            return DATE;
        }
        setTime(Math.floorMod(local, TimeUnits.MICROS_PER_DAY));
        zoneOffset = offset;
        return DATE | TIME | ZONE;
    }

    private void setTime(long microsOfDay) {
        hour = (int) (microsOfDay / TimeUnits.MICROS_PER_HOUR);
        minute = (int) (microsOfDay / TimeUnits.MICROS_PER_MINUTE % 60);
        second = (int) (microsOfDay / TimeUnits.MICROS_PER_SECOND % 60);
        micros = (int) (microsOfDay % TimeUnits.MICROS_PER_SECOND);
    }

    // ---- single fields

    private int integer(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            if (!digits.isEmpty() && digits.chars().allMatch(c -> DateTimeTokens.isDigit((char) c))) {
                throw overflow();
            }
            throw bad();
        }
    }

    /** Rounds {@code .ddd} to microseconds; a million means a whole second. */
    static int fractionMicros(String fraction) {
        return (int) Math.rint(Double.parseDouble("0" + fraction + "0") * 1_000_000);
    }

    private void setFraction(String fraction) {
        if (!fraction.matches("\\.\\d*")) {
            throw bad();
        }
        micros = fractionMicros(fraction);
    }

    private void readTime(String field) {
        int colon = field.indexOf(':');
        hour = integer(field.substring(0, colon));
        String rest = field.substring(colon + 1);
        int nextColon = rest.indexOf(':');
        int point = rest.indexOf('.');
        if (nextColon < 0 && point < 0) {
            minute = integer(rest);
            second = 0;
            micros = 0;
        } else if (nextColon < 0) {
            second = integer(rest.substring(0, point));
            setFraction(rest.substring(point));
            minute = hour;
            hour = 0;
        } else {
            if (point >= 0 && point < nextColon) {
                throw bad();
            }
            minute = integer(rest.substring(0, nextColon));
            String seconds = rest.substring(nextColon + 1);
            point = seconds.indexOf('.');
            second = integer(point < 0 ? seconds : seconds.substring(0, point));
            micros = 0;
            if (point >= 0) {
                setFraction(seconds.substring(point));
            }
        }
        if (minute > 59 || second > 60 || hour < 0) {
            throw overflow();
        }
    }

    /** Seconds east of UTC of {@code +05:30}, {@code -8}, {@code +0530}. */
    private int readZoneOffset(String field) {
        String digits = field.substring(1);
        String[] parts = digits.split(":", -1);
        int hours = integer(parts[0]);
        int minutes = 0;
        int seconds = 0;
        if (parts.length > 1) {
            minutes = integer(parts[1]);
            seconds = parts.length > 2 ? integer(parts[2]) : 0;
        } else if (digits.length() > 2) {
            minutes = hours % 100;
            hours /= 100;
        }
        if (parts.length > 3) {
            throw bad();
        }
        if (hours > ZONE_HOURS_MAX || minutes > 59 || seconds > 59) {
            throw DateTimeErrors.displacementOverflow(text);
        }
        int offset = (hours * 60 + minutes) * 60 + seconds;
        return field.charAt(0) == '-' ? -offset : offset;
    }

    /** A date whose parts are joined by delimiters. */
    private int readDate(String field) {
        List<String> parts = new java.util.ArrayList<>();
        int at = 0;
        while (at < field.length()) {
            char c = field.charAt(at);
            int start = at;
            if (DateTimeTokens.isDigit(c)) {
                while (at < field.length() && DateTimeTokens.isDigit(field.charAt(at))) {
                    at++;
                }
            } else if (DateTimeTokens.isLetter(c)) {
                while (at < field.length() && DateTimeTokens.isLetter(field.charAt(at))) {
                    at++;
                }
            } else {
                at++;
                continue;
            }
            parts.add(field.substring(start, at));
        }
        int mask = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (DateTimeTokens.isLetter(parts.get(i).charAt(0))) {
                DateTimeWords.Word word = DateTimeWords.find(parts.get(i));
                if (word != null && word.kind() == DateTimeWords.Kind.IGNORED) {
                    parts.set(i, null);
                    continue;
                }
                if (word == null || word.kind() != DateTimeWords.Kind.MONTH || ((seen | mask) & MONTH) != 0) {
                    throw bad();
                }
                month = word.value();
                textMonth = true;
                mask |= MONTH;
                parts.set(i, null);
            }
        }
        for (String part : parts) {
            if (part != null) {
                int partMask = number(part, seen | mask);
                if ((partMask & (seen | mask)) != 0) {
                    throw bad();
                }
                mask |= partMask;
            }
        }
        if (((seen | mask) & ~(DAY_OF_YEAR | ZONE | TIME | DAY_OF_WEEK | ERA | MERIDIEM)) != DATE) {
            throw bad();
        }
        return mask;
    }

    /** One number that is part of a date, or a run of digits once the date is complete. */
    private int number(String field, int before) {
        int point = field.indexOf('.');
        if (point > 2) {
            return numberRun(field, before | DATE);
        }
        int value = integer(point < 0 ? field : field.substring(0, point));
        if (point >= 0) {
            setFraction(field.substring(point));
        }
        int length = field.length();
        if (length == 3 && (before & DATE) == YEAR && value >= 1 && value <= 366) {
            dayOfYear = value;
            return DAY_OF_YEAR | MONTH | DAY;
        }
        int mask = switch (before & DATE) {
            case 0 -> length >= 3 || order == DateOrder.YMD ? YEAR : order == DateOrder.DMY ? DAY : MONTH;
            case YEAR, DAY -> MONTH;
            case MONTH -> textMonth && (length >= 3 || order == DateOrder.YMD) ? YEAR : DAY;
            case YEAR | MONTH -> {
                if (textMonth && length >= 3 && twoDigitYear) {
                    day = year; // the first number was not a year but a day: 08-Jan-1999 in YMD order
                    year = value;
                    twoDigitYear = false;
                    yield -1;
                }
                yield DAY;
            }
            case MONTH | DAY -> YEAR;
            case DATE -> 0;
            default -> throw bad();
        };
        if (mask == 0) {
            return numberRun(field, before);
        }
        if (mask == -1) {
            return DAY;
        }
        if (mask == YEAR) {
            year = value;
            twoDigitYear = length <= 2;
        } else if (mask == MONTH) {
            month = value;
        } else {
            day = value;
        }
        return mask;
    }

    /** Digits run together: YYYYMMDD, YYMMDD, HHMMSS, HHMM, the times with a fraction. */
    private int numberRun(String field, int before) {
        int point = field.indexOf('.');
        String digits = point < 0 ? field : field.substring(0, point);
        int length = digits.length();
        if (point >= 0) {
            setFraction(field.substring(point));
        } else if ((before & DATE) != DATE && length >= 6) {
            day = integer(digits.substring(length - 2));
            month = integer(digits.substring(length - 4, length - 2));
            year = integer(digits.substring(0, length - 4));
            twoDigitYear = length == 6;
            return DATE;
        }
        if ((before & TIME) == 0 && (length == 6 || length == 4)) {
            hour = integer(digits.substring(0, 2));
            minute = integer(digits.substring(2, 4));
            second = length == 6 ? integer(digits.substring(4)) : 0;
            return TIME;
        }
        throw bad();
    }

    // ---- the whole

    private void finish() {
        if (special != Special.NONE) {
            return;
        }
        boolean hasDate = (seen & DATE) == DATE;
        if ((seen & DATE) != 0) {
            finishDate();
        }
        if (meridiem >= 0) {
            if (hour > 12) {
                throw overflow();
            }
            hour = hour % 12 + 12 * meridiem;
        }
        if ((seen & (DAYLIGHT | ZONE)) == DAYLIGHT) {
            throw bad();
        }
        boolean leap = hour == 24 && minute == 0 && second == 0 && micros == 0;
        if (hour > 24 || hour == 24 && !leap || minute > 59 || second > 60
                || second == 60 && (micros != 0 || hour == 24)) {
            throw overflow();
        }
        if (timeOnly) {
            if ((seen & TIME) == 0 || namedZone != null && !hasDate) {
                throw bad();
            }
        } else if (!hasDate) {
            throw bad();
        }
    }

    private void finishDate() {
        if (!julian) {
            if (beforeChrist) {
                if (year <= 0) {
                    throw overflow();
                }
                year = 1 - year;
            } else if (twoDigitYear) {
                year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
            } else if ((seen & YEAR) != 0 && year <= 0) {
                throw overflow();
            }
        }
        if ((seen & DAY_OF_YEAR) != 0) {
            CivilDate date = CivilDate.ofDays(CivilDate.toDays(year, 1, 1) + dayOfYear - 1);
            year = date.year();
            month = date.month();
            day = date.day();
        }
        if ((seen & MONTH) != 0 && (month < 1 || month > 12) || (seen & DAY) != 0 && (day < 1 || day > 31)) {
            throw DateTimeErrors.monthOrDayOverflow(text);
        }
        if ((seen & DATE) == DATE && day > CivilDate.daysInMonth(year, month)) {
            throw overflow();
        }
    }
}
