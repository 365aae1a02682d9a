package io.quantadb.types.datetime;

import io.quantadb.types.ByteArraySink;
import io.quantadb.types.ByteSink;
import io.quantadb.types.DateOrder;
import io.quantadb.types.DateStyle;
import io.quantadb.types.TextContext;
import io.quantadb.types.TimeTz;
import io.quantadb.types.TimeUnits;

/** Prints dates, times and timestamps in the four DateStyles. */
public final class DateTimeFormat {
    private static final String[] DAYS = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    private static final String[] MONTHS =
            {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    private DateTimeFormat() {
    }

    public static String date(long days, TextContext ctx) {
        ByteArraySink out = new ByteArraySink(16);
        writeDate(days, out, ctx);
        return out.toString();
    }

    /** With a zone in the session's time zone if {@code withZone}. */
    public static String timestamp(long timestamp, boolean withZone, TextContext ctx) {
        ByteArraySink out = new ByteArraySink(40);
        writeTimestamp(timestamp, withZone, out, ctx);
        return out.toString();
    }

    public static String time(long micros) {
        ByteArraySink out = new ByteArraySink(16);
        writeTime(micros, out);
        return out.toString();
    }

    public static String timeTz(TimeTz value) {
        ByteArraySink out = new ByteArraySink(24);
        writeTime(value.micros(), out);
        writeOffset(-value.zoneSeconds(), out);
        return out.toString();
    }

    public static void writeDate(long days, ByteSink out, TextContext ctx) {
        if (!TimeUnits.isFiniteDate(days)) {
            out.writeAscii(days > 0 ? "infinity" : "-infinity");
            return;
        }
        CivilDate date = CivilDate.ofDays(days);
        boolean dayFirst = ctx.dateOrder() == DateOrder.DMY;
        switch (ctx.dateStyle()) {
            case ISO -> {
                writeYear(date, out);
                out.writeByte('-');
                writeTwo(date.month(), out);
                out.writeByte('-');
                writeTwo(date.day(), out);
            }
            case SQL -> writeNumericDate(date, dayFirst, '/', out);
            case GERMAN -> writeNumericDate(date, true, '.', out);
            case POSTGRES -> writeNumericDate(date, dayFirst, '-', out);
        }
        writeEra(date, out);
    }

    private static void writeNumericDate(CivilDate date, boolean dayFirst, char separator, ByteSink out) {
        writeTwo(dayFirst ? date.day() : date.month(), out);
        out.writeByte(separator);
        writeTwo(dayFirst ? date.month() : date.day(), out);
        out.writeByte(separator);
        writeYear(date, out);
    }

    public static void writeTimestamp(long timestamp, boolean withZone, ByteSink out, TextContext ctx) {
        if (!TimeUnits.isFiniteTimestamp(timestamp)) {
            out.writeAscii(timestamp > 0 ? "infinity" : "-infinity");
            return;
        }
        int offset = withZone ? ctx.timeZone().offsetAt(timestamp) : 0;
        long local = timestamp + offset * TimeUnits.MICROS_PER_SECOND;
        long days = Math.floorDiv(local, TimeUnits.MICROS_PER_DAY);
        long micros = local - days * TimeUnits.MICROS_PER_DAY;
        if (ctx.dateStyle() == DateStyle.ISO) {
            writeIso(CivilDate.ofDays(days), micros, withZone, offset, out);
        } else {
            writeStyled(days, micros, withZone ? ctx.timeZone().abbreviationAt(timestamp) : null, out, ctx);
        }
    }

    private static void writeIso(CivilDate date, long micros, boolean withZone, int offset, ByteSink out) {
        writeYear(date, out);
        byte[] buffer = new byte[22];
        buffer[0] = '-';
        putTwo(buffer, 1, date.month());
        buffer[3] = '-';
        putTwo(buffer, 4, date.day());
        buffer[6] = ' ';
        out.writeBytes(buffer, 0, 7 + putTime(buffer, 7, micros));
        if (withZone) {
            writeOffset(offset, out);
        }
        writeEra(date, out);
    }

    private static void writeStyled(long days, long micros, String zone, ByteSink out, TextContext ctx) {
        CivilDate date = CivilDate.ofDays(days);
        boolean dayFirst = ctx.dateOrder() == DateOrder.DMY;
        switch (ctx.dateStyle()) {
            case SQL, GERMAN -> {
                boolean german = ctx.dateStyle() == DateStyle.GERMAN;
                writeNumericDate(date, german || dayFirst, german ? '.' : '/', out);
                out.writeByte(' ');
                writeTime(micros, out);
            }
            default -> {
                out.writeAscii(DAYS[CivilDate.dayOfWeek(days)]);
                out.writeByte(' ');
                if (dayFirst) {
                    writeTwo(date.day(), out);
                    out.writeByte(' ');
                    out.writeAscii(MONTHS[date.month() - 1]);
                } else {
                    out.writeAscii(MONTHS[date.month() - 1]);
                    out.writeByte(' ');
                    writeTwo(date.day(), out);
                }
                out.writeByte(' ');
                writeTime(micros, out);
                out.writeByte(' ');
                writeYear(date, out);
            }
        }
        if (zone != null) {
            out.writeByte(' ');
            out.writeAscii(zone);
        }
        writeEra(date, out);
    }

    public static void writeTime(long micros, ByteSink out) {
        byte[] buffer = new byte[15];
        out.writeBytes(buffer, 0, putTime(buffer, 0, micros));
    }

    /** Puts HH:MM:SS and the fraction without trailing zeros; returns the number of bytes. */
    private static int putTime(byte[] buffer, int at, long micros) {
        int seconds = (int) (micros / TimeUnits.MICROS_PER_SECOND);
        putTwo(buffer, at, seconds / 3600);
        buffer[at + 2] = ':';
        putTwo(buffer, at + 3, seconds / 60 % 60);
        buffer[at + 5] = ':';
        putTwo(buffer, at + 6, seconds % 60);
        int fraction = (int) (micros - seconds * TimeUnits.MICROS_PER_SECOND);
        if (fraction == 0) {
            return 8;
        }
        buffer[at + 8] = '.';
        int digits = 6;
        while (fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        for (int i = digits; i > 0; i--) {
            buffer[at + 8 + i] = (byte) ('0' + fraction % 10);
            fraction /= 10;
        }
        return 9 + digits;
    }

    private static void putTwo(byte[] buffer, int at, int value) {
        buffer[at] = (byte) ('0' + value / 10);
        buffer[at + 1] = (byte) ('0' + value % 10);
    }

    private static void writeTwo(int value, ByteSink out) {
        out.writeByte('0' + value / 10);
        out.writeByte('0' + value % 10);
    }

    private static void writeYear(CivilDate date, ByteSink out) {
        int year = date.year() > 0 ? date.year() : 1 - date.year();
        if (year > 9999) {
            out.writeAscii(Integer.toString(year));
        } else {
            writeTwo(year / 100, out);
            writeTwo(year % 100, out);
        }
    }

    private static void writeEra(CivilDate date, ByteSink out) {
        if (date.year() <= 0) {
            out.writeAscii(" BC");
        }
    }

    /** {@code +05:30}; minutes and seconds only if they are not zero. */
    private static void writeOffset(int secondsEast, ByteSink out) {
        out.writeByte(secondsEast < 0 ? '-' : '+');
        int magnitude = Math.abs(secondsEast);
        writeTwo(magnitude / 3600, out);
        if (magnitude % 3600 != 0) {
            out.writeByte(':');
            writeTwo(magnitude / 60 % 60, out);
            if (magnitude % 60 != 0) {
                out.writeByte(':');
                writeTwo(magnitude % 60, out);
            }
        }
    }
}
