package io.quantadb.types.datetime;

import io.quantadb.types.Interval;
import io.quantadb.types.IntervalStyle;
import io.quantadb.types.TimeUnits;

/** Prints intervals in the four IntervalStyles. */
public final class IntervalFormat {
    private final StringBuilder out = new StringBuilder(32);
    private final int years;
    private final int months;
    private final int days;
    private final long hours;
    private final int minutes;
    private final int seconds;
    private final int fraction;

    private IntervalFormat(Interval value) {
        years = value.months() / 12;
        months = value.months() % 12;
        days = value.days();
        hours = value.micros() / TimeUnits.MICROS_PER_HOUR;
        minutes = (int) (value.micros() / TimeUnits.MICROS_PER_MINUTE % 60);
        seconds = (int) (value.micros() / TimeUnits.MICROS_PER_SECOND % 60);
        fraction = (int) (value.micros() % TimeUnits.MICROS_PER_SECOND);
    }

    public static String format(Interval value, IntervalStyle style) {
        IntervalFormat format = new IntervalFormat(value);
        switch (style) {
            case POSTGRES -> format.postgres();
            case POSTGRES_VERBOSE -> format.verbose();
            case SQL_STANDARD -> format.sqlStandard();
            case ISO_8601 -> format.iso8601();
        }
        return format.out.toString();
    }

    private boolean timeNegative() {
        return hours < 0 || minutes < 0 || seconds < 0 || fraction < 0;
    }

    private boolean hasTime() {
        return hours != 0 || minutes != 0 || seconds != 0 || fraction != 0;
    }

    private void postgres() {
        boolean negativeBefore = postgresPart(years, "year", false);
        negativeBefore = postgresPart(months, "mon", negativeBefore);
        negativeBefore = postgresPart(days, "day", negativeBefore);
        if (!out.isEmpty() && !hasTime()) {
            return;
        }
        boolean negative = timeNegative();
        out.append(out.isEmpty() ? "" : " ").append(negative ? "-" : negativeBefore ? "+" : "");
        appendTime();
    }

    /** Returns whether the last part printed was negative, after which a positive one gets a plus sign. */
    private boolean postgresPart(int value, String unit, boolean negativeBefore) {
        if (value == 0) {
            return negativeBefore;
        }
        out.append(out.isEmpty() ? "" : " ").append(negativeBefore && value > 0 ? "+" : "").append(value).append(' ')
                .append(unit).append(value == 1 ? "" : "s");
        return value < 0;
    }

    /** HH:MM:SS.ffffff without sign. */
    private void appendTime() {
        appendTwo(Math.abs(hours));
        out.append(':');
        appendTwo(Math.abs(minutes));
        out.append(':');
        appendSeconds(true);
    }

    private void appendTwo(long value) {
        out.append(value < 10 ? "0" : "").append(value);
    }

    private void appendSeconds(boolean padded) {
        int whole = Math.abs(seconds);
        out.append(padded && whole < 10 ? "0" : "").append(whole);
        appendFraction();
    }

    private void appendFraction() {
        if (fraction != 0) {
            String digits = Integer.toString(1_000_000 + Math.abs(fraction)).substring(1);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            out.append('.').append(digits, 0, end);
        }
    }

    private void verbose() {
        out.append('@');
        // The first part that is not zero decides the direction of the whole; the others are relative to it.
        Boolean before = verbosePart(years, "year", null);
        before = verbosePart(months, "mon", before);
        before = verbosePart(days, "day", before);
        before = verbosePart(hours, "hour", before);
        before = verbosePart(minutes, "min", before);
        if (seconds != 0 || fraction != 0) {
            boolean negative = seconds < 0 || fraction < 0;
            out.append(' ');
            if (before == null) {
                before = negative;
            } else if (negative != before) {
                out.append('-');
            }
            appendSeconds(false);
            out.append(Math.abs(seconds) != 1 || fraction != 0 ? " secs" : " sec");
        }
        if (before == null) {
            out.append(" 0");
        } else if (before) {
            out.append(" ago");
        }
    }

    private Boolean verbosePart(long value, String unit, Boolean before) {
        if (value == 0) {
            return before;
        }
        Boolean negative = before;
        long shown = value;
        if (before == null) {
            negative = value < 0;
            shown = Math.abs(value);
        } else if (before) {
            shown = -value;
        }
        out.append(' ').append(shown).append(' ').append(unit).append(shown == 1 ? "" : "s");
        return negative;
    }

    private void sqlStandard() {
        boolean negative = years < 0 || months < 0 || days < 0 || timeNegative();
        boolean positive = years > 0 || months > 0 || days > 0 || hours > 0 || minutes > 0 || seconds > 0
                || fraction > 0;
        boolean hasYearMonth = years != 0 || months != 0;
        boolean hasDayTime = days != 0 || hasTime();
        boolean standard = !(negative && positive) && !(hasYearMonth && hasDayTime);
        if (!negative && !positive) {
            out.append('0');
        } else if (!standard) {
            // Not one of the standard's two kinds of interval: every part gets its own sign.
            out.append(years < 0 || months < 0 ? '-' : '+').append(Math.abs(years)).append('-')
                    .append(Math.abs(months)).append(' ').append(days < 0 ? '-' : '+').append(Math.abs(days))
                    .append(' ').append(timeNegative() ? '-' : '+');
            appendLooseTime();
        } else if (hasYearMonth) {
            out.append(negative ? "-" : "").append(Math.abs(years)).append('-').append(Math.abs(months));
        } else {
            out.append(negative ? "-" : "");
            if (days != 0) {
                out.append(Math.abs(days)).append(' ');
            }
            appendLooseTime();
        }
    }

    /** As {@link #appendTime}, but hours are not padded. */
    private void appendLooseTime() {
        out.append(Math.abs(hours)).append(':');
        appendTwo(Math.abs(minutes));
        out.append(':');
        appendSeconds(true);
    }

    private void iso8601() {
        if (years == 0 && months == 0 && days == 0 && !hasTime()) {
            out.append("PT0S");
            return;
        }
        out.append('P');
        isoPart(years, 'Y');
        isoPart(months, 'M');
        isoPart(days, 'D');
        if (!hasTime()) {
            return;
        }
        out.append('T');
        isoPart(hours, 'H');
        isoPart(minutes, 'M');
        if (seconds != 0 || fraction != 0) {
            out.append(seconds < 0 || fraction < 0 ? "-" : "");
            appendSeconds(false);
            out.append('S');
        }
    }

    private void isoPart(long value, char unit) {
        if (value != 0) {
            out.append(value).append(unit);
        }
    }
}
