package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.types.Interval;
import io.quantadb.types.IntervalStyle;
import io.quantadb.types.TextContext;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.DateTimeTokens.Kind;
import io.quantadb.types.datetime.DateTimeTokens.Token;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads intervals: PostgreSQL's verbose form, the SQL standard's, and ISO 8601 in both of its forms.
 *
 * <p>Fields are taken from right to left, so that a number meets its unit first; a number without unit is of the kind
 * that the declared fields or the field to its right suggest.
 */
public final class IntervalParser {
    private enum Unit {
        MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, DECADE, CENTURY, MILLENNIUM
    }

    private static final Map<String, Unit> UNITS = new HashMap<>();
    private static final int SIGNIFICANT = 10;
    private static final int SECONDS_MASK = 1 << 20;

    static {
        put(Unit.MICROSECOND, "microsecon us usec usecond useconds usecs");
        put(Unit.MILLISECOND, "millisecon ms msec msecond mseconds msecs");
        put(Unit.SECOND, "s sec second seconds secs");
        put(Unit.MINUTE, "m min mins minute minutes");
        put(Unit.HOUR, "h hour hours hr hrs");
        put(Unit.DAY, "d day days");
        put(Unit.WEEK, "w week weeks");
        put(Unit.MONTH, "mon mons month months");
        put(Unit.YEAR, "y year years yr yrs");
        put(Unit.DECADE, "dec decade decades decs");
        put(Unit.CENTURY, "c cent centuries century");
        put(Unit.MILLENNIUM, "mil millennia millennium mils");
    }

    private final String text;
    private final int range;
    private final TextContext ctx;
    private long years;
    private long months;
    private long days;
    private long micros;
    private int seen;
    private boolean forceNegative;

    private IntervalParser(String text, int range, TextContext ctx) {
        this.text = text;
        this.range = range;
        this.ctx = ctx;
    }

    private static void put(Unit unit, String words) {
        for (String word : words.split(" ")) {
            UNITS.put(word, unit);
        }
    }

    /** Reads an interval and applies the type modifier; 22007, 22008, 22015. */
    public static Interval parse(String text, int typmod, TextContext ctx) {
        IntervalParser parser = new IntervalParser(text, IntervalRange.range(typmod), ctx);
        try {
            String trimmed = text.trim();
            if (trimmed.startsWith("P") || trimmed.startsWith("-P")) {
                parser.readIso8601(trimmed);
            } else {
                parser.readFields();
            }
        } catch (ArithmeticException e) {
            throw DateTimeErrors.intervalFieldOverflow(text);
        }
        return IntervalRange.apply(parser.result(), typmod);
    }

    private Interval result() {
        checkFields();
        long total = years * 12 + months;
        if (total != (int) total) {
            throw DateTimeErrors.intervalOutOfRange();
        }
        return new Interval((int) total, (int) days, micros);
    }

    private void checkFields() {
        if (years != (int) years || months != (int) months || days != (int) days) {
            throw DateTimeErrors.intervalFieldOverflow(text);
        }
    }

    private SqlException bad() {
        return DateTimeErrors.badFormat("interval", text);
    }

    // ---- verbose and SQL standard

    private void readFields() {
        List<Token> tokens = DateTimeTokens.split(text);
        if (tokens == null || tokens.isEmpty()) {
            throw bad();
        }
        forceNegative = ctx.intervalStyle() == IntervalStyle.SQL_STANDARD && tokens.getFirst().text().startsWith("-")
                && tokens.stream().skip(1).noneMatch(t -> t.kind() == Kind.SIGNED);
        Unit unit = null;
        boolean ago = false;
        boolean unitMissing = false; // "ago" wants a unit before the number to its left
        for (int i = tokens.size() - 1; i >= 0; i--) {
            Token token = tokens.get(i);
            int mask = 0;
            switch (token.kind()) {
                case TIME -> {
                    micros = Math.addExact(micros, signed(readTime(token.text()), forceNegative));
                    mask = timeMask();
                    unit = Unit.DAY;
                    unitMissing = false;
                }
                case SIGNED, DATE, NUMBER -> {
                    if (token.kind() == Kind.SIGNED && token.text().indexOf(':') > 0) {
                        boolean negative = token.text().charAt(0) == '-';
                        micros = Math.addExact(micros, signed(readSignedTime(token.text().substring(1)), negative));
                        mask = timeMask();
                        unit = Unit.DAY;
                        unitMissing = false;
                    } else {
                        if (unitMissing) {
                            throw bad();
                        }
                        unit = unit == null ? defaultUnit() : unit;
                        mask = readNumber(token.text(), unit);
                        unit = unit == Unit.HOUR ? Unit.DAY : unit;
                    }
                }
                case WORD, SPECIAL -> {
                    String word = token.text().length() > SIGNIFICANT ? token.text().substring(0, SIGNIFICANT)
                            : token.text();
                    if (word.equals("ago")) {
                        ago = true;
                        unit = null;
                        unitMissing = true;
                    } else if (UNITS.containsKey(word)) {
                        unit = UNITS.get(word);
                        unitMissing = false;
                    } else if (!word.equals("at") && !word.equals("on")) {
                        throw bad();
                    }
                }
            }
            if ((mask & seen) != 0) {
                throw bad();
            }
            seen |= mask;
        }
        if (seen == 0) {
            throw bad();
        }
        if (ago) {
            years = -years;
            months = -months;
            days = -days;
            micros = Math.negateExact(micros);
        }
    }

    private static long signed(long value, boolean negative) {
        return negative ? -value : value;
    }

    private static int timeMask() {
        return bit(Unit.HOUR) | bit(Unit.MINUTE) | bit(Unit.SECOND) | SECONDS_MASK;
    }

    private static int bit(Unit unit) {
        return 1 << unit.ordinal();
    }

    private Unit defaultUnit() {
        return switch (range) {
            case IntervalRange.YEAR -> Unit.YEAR;
            case IntervalRange.MONTH, IntervalRange.YEAR | IntervalRange.MONTH -> Unit.MONTH;
            case IntervalRange.DAY -> Unit.DAY;
            case IntervalRange.HOUR, IntervalRange.DAY | IntervalRange.HOUR -> Unit.HOUR;
            case IntervalRange.MINUTE, IntervalRange.HOUR | IntervalRange.MINUTE,
                    IntervalRange.DAY | IntervalRange.HOUR | IntervalRange.MINUTE -> Unit.MINUTE;
            default -> Unit.SECOND;
        };
    }

    /** Microseconds of {@code H:MM}, {@code H:MM:SS.fff} or {@code MM:SS.fff}. */
    private long readTime(String field) {
        String[] parts = field.split(":", -1);
        if (parts.length > 3) {
            throw bad();
        }
        long hours = wholeNumber(parts[0]);
        boolean minutesFirst = parts.length == 2
                && (parts[1].indexOf('.') >= 0 || range == (IntervalRange.MINUTE | IntervalRange.SECOND));
        String secondsText = minutesFirst ? parts[1] : parts.length == 3 ? parts[2] : "0";
        long minutes = minutesFirst ? hours : wholeNumber(parts[1]);
        hours = minutesFirst ? 0 : hours;
        int point = secondsText.indexOf('.');
        long seconds = wholeNumber(point < 0 ? secondsText : secondsText.substring(0, point));
        int fraction = point < 0 ? 0 : DateTimeParser.fractionMicros(secondsText.substring(point));
        if (minutes > 59 || seconds > 60) {
            throw DateTimeErrors.intervalFieldOverflow(text);
        }
        return Math.addExact(Math.multiplyExact(hours, TimeUnits.MICROS_PER_HOUR),
                minutes * TimeUnits.MICROS_PER_MINUTE + seconds * TimeUnits.MICROS_PER_SECOND + fraction);
    }

    /** A time behind a sign that cannot be read is taken for a number, which it is not. */
    private long readSignedTime(String field) {
        try {
            return readTime(field);
        } catch (SqlException | ArithmeticException e) {
            throw bad();
        }
    }

    private long wholeNumber(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> DateTimeTokens.isDigit((char) c))) {
            throw bad();
        }
        if (digits.length() > 18) {
            throw DateTimeErrors.intervalFieldOverflow(text);
        }
        return Long.parseLong(digits);
    }

    /** A number with its unit; returns what has been seen. */
    private int readNumber(String field, Unit unit) {
        boolean negative = field.charAt(0) == '-';
        String digits = negative || field.charAt(0) == '+' ? field.substring(1) : field;
        int dash = digits.indexOf('-');
        negative |= forceNegative;
        if (dash > 0) {
            long wholeYears = wholeNumber(digits.substring(0, dash));
            long extraMonths = wholeNumber(digits.substring(dash + 1));
            if (extraMonths >= 12) {
                throw DateTimeErrors.intervalFieldOverflow(text);
            }
            months = Math.addExact(months, signed(Math.addExact(Math.multiplyExact(wholeYears, 12L), extraMonths),
                    negative));
            return bit(Unit.MONTH);
        }
        int point = digits.indexOf('.');
        long whole = point == 0 ? 0 : wholeNumber(point < 0 ? digits : digits.substring(0, point));
        String fractionText = point < 0 ? "" : digits.substring(point);
        if (!fractionText.isEmpty() && !fractionText.matches("\\.\\d*")) {
            throw bad();
        }
        double fraction = fractionText.isEmpty() ? 0 : Double.parseDouble("0" + fractionText + "0");
        add(unit, signed(whole, negative), negative ? -fraction : fraction);
        return unit == Unit.SECOND ? fraction == 0 ? bit(unit) : bit(unit) | SECONDS_MASK | bit(Unit.MILLISECOND)
                | bit(Unit.MICROSECOND) : bit(unit);
    }

    private void add(Unit unit, long whole, double fraction) {
        switch (unit) {
            case MICROSECOND -> addMicros(whole, 1, fraction);
            case MILLISECOND -> addMicros(whole, 1000, fraction);
            case SECOND -> addMicros(whole, TimeUnits.MICROS_PER_SECOND, fraction);
            case MINUTE -> addMicros(whole, TimeUnits.MICROS_PER_MINUTE, fraction);
            case HOUR -> addMicros(whole, TimeUnits.MICROS_PER_HOUR, fraction);
            case DAY -> {
                days = Math.addExact(days, whole);
                addMicros(0, TimeUnits.MICROS_PER_DAY, fraction);
            }
            case WEEK -> {
                days = Math.addExact(days, Math.multiplyExact(whole, 7L));
                addFractionOfDays(fraction * 7);
            }
            case MONTH -> {
                months = Math.addExact(months, whole);
                addFractionOfDays(fraction * 30);
            }
            case YEAR -> addYears(whole, 1, fraction);
            case DECADE -> addYears(whole, 10, fraction);
            case CENTURY -> addYears(whole, 100, fraction);
            case MILLENNIUM -> addYears(whole, 1000, fraction);
        }
    }

    private void addMicros(long whole, long scale, double fraction) {
        double scaled = fraction * scale;
        long extra = (long) scaled;
        double rest = scaled - extra;
        extra += rest > 0.5 ? 1 : rest < -0.5 ? -1 : 0;
        micros = Math.addExact(micros, Math.addExact(Math.multiplyExact(whole, scale), extra));
    }

    private void addFractionOfDays(double fractionalDays) {
        long wholeDays = (long) fractionalDays;
        days = Math.addExact(days, wholeDays);
        addMicros(0, TimeUnits.MICROS_PER_DAY, fractionalDays - wholeDays);
    }

    private void addYears(long whole, long scale, double fraction) {
        long added = Math.multiplyExact(whole, scale);
        if (added != (int) added) {
            throw DateTimeErrors.intervalFieldOverflow(text);
        }
        years = Math.addExact(years, added);
        months = Math.addExact(months, (long) Math.rint(fraction * scale * 12));
    }

    // ---- ISO 8601

    private void readIso8601(String trimmed) {
        boolean negated = trimmed.startsWith("-");
        String rest = trimmed.substring(negated ? 2 : 1);
        if (negated || rest.isEmpty()) {
            throw bad();
        }
        int timeAt = rest.indexOf('T');
        String datePart = timeAt < 0 ? rest : rest.substring(0, timeAt);
        String timePart = timeAt < 0 ? null : rest.substring(timeAt + 1);
        if (!datePart.isEmpty()) {
            readIsoDate(datePart);
        }
        if (timePart != null && !timePart.isEmpty()) {
            readIsoTime(timePart);
        }
    }

    private void readIsoDate(String part) {
        if (part.matches("\\d{8}")) {
            add(Unit.YEAR, Long.parseLong(part.substring(0, 4)), 0);
            add(Unit.MONTH, Long.parseLong(part.substring(4, 6)), 0);
            add(Unit.DAY, Long.parseLong(part.substring(6)), 0);
            return;
        }
        if (part.matches("[+-]?\\d+")) {
            addDesignated(part, Unit.YEAR);
            return;
        }
        if (part.matches("[+-]?\\d+-[+-]?\\d+(-[+-]?\\d+)?")) {
            int first = part.indexOf('-', 1);
            int second = part.indexOf('-', first + 2);
            add(Unit.YEAR, Long.parseLong(part.substring(0, first)), 0);
            add(Unit.MONTH, Long.parseLong(part.substring(first + 1, second < 0 ? part.length() : second)), 0);
            if (second > 0) {
                add(Unit.DAY, Long.parseLong(part.substring(second + 1)), 0);
            }
            return;
        }
        readDesignated(part, "YMWD", new Unit[] {Unit.YEAR, Unit.MONTH, Unit.WEEK, Unit.DAY});
    }

    private void readIsoTime(String part) {
        if (part.matches("\\d{6}")) {
            add(Unit.HOUR, Long.parseLong(part.substring(0, 2)), 0);
            add(Unit.MINUTE, Long.parseLong(part.substring(2, 4)), 0);
            add(Unit.SECOND, Long.parseLong(part.substring(4)), 0);
            return;
        }
        if (part.indexOf(':') > 0 || part.matches("[+-]?\\d+")) {
            String[] fields = part.split(":", -1);
            Unit[] units = {Unit.HOUR, Unit.MINUTE, Unit.SECOND};
            if (fields.length > units.length) {
                throw bad();
            }
            for (int i = 0; i < fields.length; i++) {
                addDesignated(fields[i], units[i]);
            }
            return;
        }
        readDesignated(part, "HMS", new Unit[] {Unit.HOUR, Unit.MINUTE, Unit.SECOND});
    }

    private void readDesignated(String part, String designators, Unit[] units) {
        int start = 0;
        for (int i = 0; i < part.length(); i++) {
            int unit = designators.indexOf(part.charAt(i));
            if (unit >= 0) {
                addDesignated(part.substring(start, i), units[unit]);
                start = i + 1;
            }
        }
        if (start != part.length()) {
            throw bad();
        }
    }

    private void addDesignated(String number, Unit unit) {
        if (!number.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)")) {
            throw bad();
        }
        boolean negative = number.startsWith("-");
        String digits = number.startsWith("+") || negative ? number.substring(1) : number;
        int point = digits.indexOf('.');
        long whole = point == 0 ? 0 : wholeNumber(point < 0 ? digits : digits.substring(0, point));
        double fraction = point < 0 ? 0 : Double.parseDouble("0" + digits.substring(point) + "0");
        add(unit, signed(whole, negative), negative ? -fraction : fraction);
    }
}
