package io.quantadb.types.datetime;

import io.quantadb.types.TimeUnits;

/** Reads the one notation that bulk loads use, {@code YYYY-MM-DD[ HH:MM:SS[.ffffff]]}, without tokenising. */
final class IsoFastPath {
    private IsoFastPath() {
    }

    /** Days, or {@code Long.MIN_VALUE} if the text looks different or is not valid. */
    static long date(String text) {
        return text.length() == 10 ? dateAtStart(text) : Long.MIN_VALUE;
    }

    private static long dateAtStart(String text) {
        int century = twoDigits(text, 0);
        int rest = twoDigits(text, 2);
        int month = twoDigits(text, 5);
        int day = twoDigits(text, 8);
        if ((century | rest | month | day) < 0 || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return Long.MIN_VALUE;
        }
        int year = century * 100 + rest;
        if (year == 0 || month < 1 || month > 12 || day < 1 || day > 28 && day > CivilDate.daysInMonth(year, month)) {
            return Long.MIN_VALUE;
        }
        return CivilDate.toDays(year, month, day);
    }

    /** Local microseconds, or {@code Long.MIN_VALUE} if the text looks different or is not valid. */
    static long timestamp(String text) {
        int length = text.length();
        if (length < 10) {
            return Long.MIN_VALUE;
        }
        long days = dateAtStart(text);
        if (days == Long.MIN_VALUE || length == 10) {
            return days == Long.MIN_VALUE ? days : days * TimeUnits.MICROS_PER_DAY;
        }
        if (length < 19 || length == 20 || length > 26 || text.charAt(10) != ' ' && text.charAt(10) != 'T'
                || text.charAt(13) != ':' || text.charAt(16) != ':') {
            return Long.MIN_VALUE;
        }
        int hour = twoDigits(text, 11);
        int minute = twoDigits(text, 14);
        int second = twoDigits(text, 17);
        if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return Long.MIN_VALUE;
        }
        int micros = 0;
        if (length > 19) {
            if (text.charAt(19) != '.') {
                return Long.MIN_VALUE;
            }
            for (int i = 20; i < 26; i++) {
                int digit = i < length ? text.charAt(i) - '0' : 0;
                if (digit < 0 || digit > 9) {
                    return Long.MIN_VALUE;
                }
                micros = micros * 10 + digit;
            }
        }
        return days * TimeUnits.MICROS_PER_DAY
                + ((hour * 60L + minute) * 60 + second) * TimeUnits.MICROS_PER_SECOND + micros;
    }

    private static int twoDigits(String text, int at) {
        int high = text.charAt(at) - '0';
        int low = text.charAt(at + 1) - '0';
        return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
    }
}
