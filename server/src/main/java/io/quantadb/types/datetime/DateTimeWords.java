package io.quantadb.types.datetime;

import java.util.HashMap;
import java.util.Map;

/** The words of date and time input, other than time zone abbreviations and interval units. */
final class DateTimeWords {
    enum Kind {
        IGNORED, MONTH, DAY_OF_WEEK, ERA, MERIDIEM, NOW, TODAY, TOMORROW, YESTERDAY, ALLBALLS, EPOCH, INFINITY,
        NEGATIVE_INFINITY, JULIAN, ISO_TIME, DAYLIGHT, OTHER
    }

    /** {@code value}: month 1 to 12; era 1 for BC; meridiem 1 for PM. */
    record Word(Kind kind, int value) {
    }

    private static final Map<String, Word> WORDS = new HashMap<>();
    /** Longer words are cut to this many characters before they are looked up. */
    private static final int SIGNIFICANT = 10;

    static {
        String[] months = {"jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
            "aug august", "sep sept september", "oct october", "nov november", "dec december"};
        for (int i = 0; i < months.length; i++) {
            put(Kind.MONTH, i + 1, months[i]);
        }
        put(Kind.DAY_OF_WEEK, 0, "sun sunday mon monday tue tues tuesday wed wednesday weds thu thur thurs thursday"
                + " fri friday sat saturday");
        put(Kind.IGNORED, 0, "at on");
        put(Kind.ERA, 0, "ad");
        put(Kind.ERA, 1, "bc");
        put(Kind.MERIDIEM, 0, "am");
        put(Kind.MERIDIEM, 1, "pm");
        put(Kind.NOW, 0, "now");
        put(Kind.TODAY, 0, "today");
        put(Kind.TOMORROW, 0, "tomorrow");
        put(Kind.YESTERDAY, 0, "yesterday");
        put(Kind.ALLBALLS, 0, "allballs");
        put(Kind.EPOCH, 0, "epoch");
        put(Kind.INFINITY, 0, "infinity +infinity");
        put(Kind.NEGATIVE_INFINITY, 0, "-infinity");
        put(Kind.JULIAN, 0, "j jd julian");
        put(Kind.ISO_TIME, 0, "t");
        put(Kind.DAYLIGHT, 0, "dst");
        put(Kind.OTHER, 0, "d dow doy h isodow isoyear m mm s y");
    }

    private DateTimeWords() {
    }

    private static void put(Kind kind, int value, String words) {
        for (String word : words.split(" ")) {
            WORDS.put(word, new Word(kind, value));
        }
    }

    static Word find(String lowerCase) {
        return WORDS.get(lowerCase.length() > SIGNIFICANT ? lowerCase.substring(0, SIGNIFICANT) : lowerCase);
    }
}
