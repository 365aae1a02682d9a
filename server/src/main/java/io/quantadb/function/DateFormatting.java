package io.quantadb.function;

import io.quantadb.types.Interval;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.CivilDate;
import java.util.Locale;

/** to_char of timestamps and intervals. Stateless. */
final class DateFormatting {
    static final String[] MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"};
    static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static final String[] ROMAN = {"XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"};

    /**
     * A moment, or an interval, in fields.
     *
     * @param year astronomical
     * @param offset seconds east; null without zone
     */
    record Fields(int year, int month, int day, long hour, int minute, int second, int micros, long days,
            Integer offset, String zone, boolean interval) {
        static Fields ofTimestamp(long local, Integer offset, String zone) {
            long days = Math.floorDiv(local, TimeUnits.MICROS_PER_DAY);
            long time = local - days * TimeUnits.MICROS_PER_DAY;
            CivilDate date = CivilDate.ofDays(days);
            return new Fields(date.year(), date.month(), date.day(), time / TimeUnits.MICROS_PER_HOUR,
                    (int) (time / TimeUnits.MICROS_PER_MINUTE % 60), (int) (time / TimeUnits.MICROS_PER_SECOND % 60),
                    (int) (time % TimeUnits.MICROS_PER_SECOND), days, offset, zone, false);
        }

        static Fields ofInterval(Interval value) {
            long time = value.micros();
            int years = value.months() / 12;
            int months = value.months() % 12;
            return new Fields(years, months, value.days(), time / TimeUnits.MICROS_PER_HOUR,
                    (int) (time / TimeUnits.MICROS_PER_MINUTE % 60), (int) (time / TimeUnits.MICROS_PER_SECOND % 60),
                    (int) (time % TimeUnits.MICROS_PER_SECOND), value.months() * 30L + value.days(), null, null,
                    true);
        }

        int dayOfYear() {
            return interval ? (int) days : (int) (days - CivilDate.toDays(year, 1, 1)) + 1;
        }

        /** The year as people count: 1 BC is -1 here, too. */
        int shownYear(int value) {
            return interval ? value : value > 0 ? value : -(value - 1);
        }
    }

    private DateFormatting() {
    }

    static String format(DateTemplate template, Fields f) {
        StringBuilder out = new StringBuilder();
        for (DateTemplate.Part part : template.parts()) {
            if (part.literal() != null) {
                out.append(part.literal());
            } else {
                keyword(part, f, out);
            }
        }
        return out.toString();
    }

    private static void number(StringBuilder out, DateTemplate.Part part, long value, int width) {
        String text = part.fill() ? Long.toString(value)
                : String.format("%0" + (value < 0 ? width + 1 : width) + "d", value);
        out.append(text);
        if (part.ordinal()) {
            out.append(ordinal(text, part.upperOrdinal()));
        }
    }

    /** As {@link #number}, with the sign inside of the width. */
    private static void fixed(StringBuilder out, DateTemplate.Part part, long value, int width) {
        if (value < 0 && !part.fill() && !part.ordinal()) {
            out.append(String.format("%0" + width + "d", value));
        } else {
            number(out, part, value, width);
        }
    }

    static String ordinal(String number, boolean upper) {
        char last = number.charAt(number.length() - 1);
        boolean teen = number.length() > 1 && number.charAt(number.length() - 2) == '1';
        String suffix = teen ? "th" : last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
        return upper ? suffix.toUpperCase(Locale.ROOT) : suffix;
    }

    private static void word(StringBuilder out, DateTemplate.Part part, String name, int width) {
        String keyword = part.keyword();
        String text = Character.isLowerCase(keyword.charAt(0)) ? name.toLowerCase(Locale.ROOT)
                : Character.isLowerCase(keyword.charAt(1)) ? name : name.toUpperCase(Locale.ROOT);
        out.append(text);
        if (!part.fill() && !part.translated()) {
            out.repeat(' ', Math.max(0, width - text.length()));
        }
    }

    private static void keyword(DateTemplate.Part part, Fields f, StringBuilder out) {
        String keyword = part.keyword();
        boolean lower = Character.isLowerCase(keyword.charAt(0));
        int hour12 = (int) (f.hour() % 12 == 0 ? f.hour() < 0 ? -12 : 12 : f.hour() % 12);
        switch (keyword.toUpperCase(Locale.ROOT)) {
            case "A.M.", "P.M." -> out.append(cased(f.hour() % 24 >= 12 ? "P.M." : "A.M.", lower));
            case "AM", "PM" -> out.append(cased(f.hour() % 24 >= 12 ? "PM" : "AM", lower));
            case "HH", "HH12" -> number(out, part, hour12, 2);
            case "HH24" -> number(out, part, f.hour(), 2);
            case "MI" -> number(out, part, f.minute(), 2);
            case "SS" -> number(out, part, f.second(), 2);
            case "MS", "FF3" -> fraction(out, part, f.micros() / 1000, 3);
            case "US", "FF6" -> fraction(out, part, f.micros(), 6);
            case "FF1" -> fraction(out, part, f.micros() / 100_000, 1);
            case "FF2" -> fraction(out, part, f.micros() / 10_000, 2);
            case "FF4" -> fraction(out, part, f.micros() / 100, 4);
            case "FF5" -> fraction(out, part, f.micros() / 10, 5);
            case "SSSS", "SSSSS" -> {
                long seconds = f.hour() * 3600 + f.minute() * 60L + f.second();
                out.append(seconds).append(part.ordinal() ? ordinal(Long.toString(seconds), part.upperOrdinal()) : "");
            }
            case "TZ", "TZH", "TZM", "OF" -> zone(part, f, out, lower);
            case "A.D.", "B.C." -> {
                noInterval(f);
                out.append(cased(f.year() <= 0 ? "B.C." : "A.D.", lower));
            }
            case "AD", "BC" -> {
                noInterval(f);
                out.append(cased(f.year() <= 0 ? "BC" : "AD", lower));
            }
            default -> date(part, f, out);
        }
    }

    private static String cased(String text, boolean lower) {
        return lower ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static void noInterval(Fields f) {
        if (f.interval()) {
            throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.INVALID_DATETIME_FORMAT,
                    "invalid format specification for an interval value")
                    .withHint("Intervals are not tied to specific calendar dates.");
        }
    }

    private static void fraction(StringBuilder out, DateTemplate.Part part, int value, int width) {
        String text = String.format("%0" + width + "d", value);
        out.append(text).append(part.ordinal() ? ordinal(text, part.upperOrdinal()) : "");
    }

    private static void zone(DateTemplate.Part part, Fields f, StringBuilder out, boolean lower) {
        noInterval(f);
        String kind = part.keyword().toUpperCase(Locale.ROOT);
        if (kind.equals("TZ")) {
            out.append(f.zone() == null ? "" : cased(f.zone(), lower));
            return;
        }
        int offset = f.offset() == null ? 0 : f.offset();
        if (kind.equals("TZM")) {
            out.append(String.format("%02d", Math.abs(offset) / 60 % 60));
            return;
        }
        int hours = Math.abs(offset) / 3600;
        out.append(offset < 0 ? '-' : '+').append(part.fill() && kind.equals("OF") ? Integer.toString(hours)
                : String.format("%02d", hours));
        if (kind.equals("OF") && offset % 3600 != 0) {
            out.append(String.format(":%02d", Math.abs(offset) / 60 % 60));
        }
    }

    private static void date(DateTemplate.Part part, Fields f, StringBuilder out) {
        int year = f.shownYear(f.year());
        switch (part.keyword().toUpperCase(Locale.ROOT)) {
            case "MONTH", "MON" -> {
                noInterval(f);
                boolean full = part.keyword().length() == 5;
                String name = MONTHS[f.month() - 1];
                word(out, part, full ? name : name.substring(0, 3), full ? 9 : 0);
            }
            case "MM" -> number(out, part, f.month(), 2);
            case "DAY", "DY" -> {
                noInterval(f);
                boolean full = part.keyword().length() == 3;
                String name = DAYS[CivilDate.dayOfWeek(f.days())];
                word(out, part, full ? name : name.substring(0, 3), full ? 9 : 0);
            }
            case "DDD" -> fixed(out, part, f.dayOfYear(), 3);
            case "IDDD" -> number(out, part, isoDayOfYear(f), 3);
            case "DD" -> fixed(out, part, f.day(), 2);
            case "D" -> {
                noInterval(f);
                number(out, part, CivilDate.dayOfWeek(f.days()) + 1, 1);
            }
            case "ID" -> {
                noInterval(f);
                int day = CivilDate.dayOfWeek(f.days());
                number(out, part, day == 0 ? 7 : day, 1);
            }
            case "WW" -> number(out, part, (f.dayOfYear() - 1) / 7 + 1, 2);
            case "IW" -> number(out, part, CivilDate.isoWeek(f.days()), 2);
            case "W" -> number(out, part, (f.day() - 1) / 7 + 1, 1);
            case "Q" -> {
                if (f.month() != 0) {
                    number(out, part, (f.month() - 1) / 3 + 1, 1);
                }
            }
            case "CC" -> {
                int century = f.interval() ? f.year() / 100 : f.year() > 0 ? (f.year() - 1) / 100 + 1
                        : f.year() / 100 - 1;
                number(out, part, century, 2);
            }
            case "Y,YYY" -> {
                String text = String.format(part.fill() ? "%d,%03d" : "%d,%03d", year / 1000, year % 1000);
                out.append(text).append(part.ordinal() ? ordinal(text, part.upperOrdinal()) : "");
            }
            case "YYYY" -> number(out, part, year, 4);
            case "YYY" -> number(out, part, year % 1000, 3);
            case "YY" -> number(out, part, year % 100, 2);
            case "Y" -> number(out, part, year % 10, 1);
            case "IYYY" -> number(out, part, isoYear(f), 4);
            case "IYY" -> number(out, part, isoYear(f) % 1000, 3);
            case "IY" -> number(out, part, isoYear(f) % 100, 2);
            case "I" -> number(out, part, isoYear(f) % 10, 1);
            case "RM" -> {
                if (f.month() != 0) {
                    String roman = ROMAN[12 - Math.abs(f.month())];
                    String text = Character.isLowerCase(part.keyword().charAt(0)) ? roman.toLowerCase(Locale.ROOT)
                            : roman;
                    out.append(text).repeat(' ', part.fill() ? 0 : 4 - text.length());
                }
            }
            case "J" -> number(out, part, (f.interval() ? CivilDate.toDays(f.year(), f.month(), f.day()) : f.days())
                    + CivilDate.EPOCH_JULIAN, 1);
            default -> out.append("");
        }
    }

    private static int isoYear(Fields f) {
        return f.shownYear(f.interval() ? f.year() : CivilDate.isoYear(f.days()));
    }

    private static int isoDayOfYear(Fields f) {
        int day = CivilDate.dayOfWeek(f.days());
        return (CivilDate.isoWeek(f.days()) - 1) * 7 + (day == 0 ? 7 : day);
    }
}
