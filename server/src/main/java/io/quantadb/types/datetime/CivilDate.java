package io.quantadb.types.datetime;

/**
 * Proleptic Gregorian calendar arithmetic on days since 2000-01-01.
 *
 * <p>Years are astronomical: 0 is 1 BC, -1 is 2 BC.
 *
 * @param year astronomical year
 * @param month 1 to 12
 * @param day 1 to 31
 */
public record CivilDate(int year, int month, int day) {
    /** Julian day of 2000-01-01. */
    public static final int EPOCH_JULIAN = 2_451_545;
    /** Days from 1970-01-01 to 2000-01-01. */
    public static final int UNIX_EPOCH_DAYS = 10_957;

    private static final int[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /** Days since 2000-01-01; the day need not be inside its month. */
    public static long toDays(int year, int month, int day) {
        // Years start in March, so that the leap day is the last day of a year.
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 730_425;
    }

    /** The calendar date of a day number. */
    public static CivilDate ofDays(long days) {
        long shifted = days + 730_425;
        long era = Math.floorDiv(shifted, 146_097L);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        return new CivilDate((int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, day);
    }

    public long toDays() {
        return toDays(year, month, day);
    }

    public static boolean isLeapYear(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    public static int daysInMonth(int year, int month) {
        return month == 2 && isLeapYear(year) ? 29 : MONTH_DAYS[month - 1];
    }

    /** 0 Sunday to 6 Saturday. */
    public static int dayOfWeek(long days) {
        return (int) Math.floorMod(days + 6, 7L);
    }

    /** Monday of the first ISO week of an ISO year, as a day number. */
    static long isoYearStart(int isoYear) {
        long fourth = toDays(isoYear, 1, 4);
        return fourth - Math.floorMod(dayOfWeek(fourth) - 1, 7);
    }

    /** The ISO 8601 year a day belongs to. */
    public static int isoYear(long days) {
        int year = ofDays(days).year;
        return days < isoYearStart(year) ? year - 1 : days >= isoYearStart(year + 1) ? year + 1 : year;
    }

    /** ISO 8601 week number, 1 to 53. */
    public static int isoWeek(long days) {
        return (int) ((days - isoYearStart(isoYear(days))) / 7) + 1;
    }
}
