package io.quantadb.function;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The character encodings PostgreSQL has, by number and name. The server itself stores UTF8 only.
 *
 * <p>Source: PostgreSQL 15 documentation, "Character Set Support"; the numbers are those of {@code pg_database.encoding}.
 */
public final class Encodings {
    public static final int UTF8 = 6;

    /** Name, the platform's charset (empty if it has none), and bytes of the longest character. */
    private static final String[][] TABLE = {
        {"SQL_ASCII", "ISO-8859-1", "1"}, {"EUC_JP", "EUC-JP", "3"}, {"EUC_CN", "GB2312", "2"}, {"EUC_KR", "EUC-KR", "3"},
        {"EUC_TW", "x-EUC-TW", "4"}, {"EUC_JIS_2004", "x-eucJP-Open", "3"}, {"UTF8", "UTF-8", "4"},
        {"MULE_INTERNAL", "", "4"}, {"LATIN1", "ISO-8859-1", "1"}, {"LATIN2", "ISO-8859-2", "1"},
        {"LATIN3", "ISO-8859-3", "1"}, {"LATIN4", "ISO-8859-4", "1"}, {"LATIN5", "ISO-8859-9", "1"}, {"LATIN6", "", "1"},
        {"LATIN7", "ISO-8859-13", "1"}, {"LATIN8", "", "1"}, {"LATIN9", "ISO-8859-15", "1"},
        {"LATIN10", "ISO-8859-16", "1"}, {"WIN1256", "windows-1256", "1"}, {"WIN1258", "windows-1258", "1"},
        {"WIN866", "IBM866", "1"}, {"WIN874", "x-windows-874", "1"}, {"KOI8R", "KOI8-R", "1"},
        {"WIN1251", "windows-1251", "1"}, {"WIN1252", "windows-1252", "1"}, {"ISO_8859_5", "ISO-8859-5", "1"},
        {"ISO_8859_6", "ISO-8859-6", "1"}, {"ISO_8859_7", "ISO-8859-7", "1"}, {"ISO_8859_8", "ISO-8859-8", "1"},
        {"WIN1250", "windows-1250", "1"}, {"WIN1253", "windows-1253", "1"}, {"WIN1254", "windows-1254", "1"},
        {"WIN1255", "windows-1255", "1"}, {"WIN1257", "windows-1257", "1"}, {"KOI8U", "KOI8-U", "1"},
        {"SJIS", "Shift_JIS", "2"}, {"BIG5", "Big5", "2"}, {"GBK", "GBK", "2"}, {"UHC", "x-windows-949", "2"},
        {"GB18030", "GB18030", "4"}, {"JOHAB", "x-Johab", "3"}, {"SHIFT_JIS_2004", "", "2"}};

    private static final Map<String, Integer> BY_NAME = new HashMap<>();

    static {
        for (int i = 0; i < TABLE.length; i++) {
            BY_NAME.put(clean(TABLE[i][0]), i);
        }
        String[][] aliases = {{"unicode", "UTF8"}, {"sqlascii", "SQL_ASCII"}, {"iso88591", "LATIN1"},
            {"iso88592", "LATIN2"}, {"iso88593", "LATIN3"}, {"iso88594", "LATIN4"}, {"iso88599", "LATIN5"},
            {"iso885910", "LATIN6"}, {"iso885913", "LATIN7"}, {"iso885914", "LATIN8"}, {"iso885915", "LATIN9"},
            {"iso885916", "LATIN10"}, {"windows1250", "WIN1250"}, {"windows1251", "WIN1251"},
            {"windows1252", "WIN1252"}, {"windows1253", "WIN1253"}, {"windows1254", "WIN1254"},
            {"windows1255", "WIN1255"}, {"windows1256", "WIN1256"}, {"windows1257", "WIN1257"},
            {"windows1258", "WIN1258"}, {"windows866", "WIN866"}, {"windows874", "WIN874"}, {"koi8", "KOI8R"},
            {"win", "WIN1251"}, {"alt", "WIN866"}, {"abc", "WIN1258"}, {"tcvn", "WIN1258"}, {"tcvn5712", "WIN1258"},
            {"vscii", "WIN1258"}, {"mskanji", "SJIS"}, {"shiftjis", "SJIS"}, {"win932", "SJIS"},
            {"windows932", "SJIS"}, {"win936", "GBK"}, {"windows936", "GBK"}, {"win949", "UHC"},
            {"windows949", "UHC"}, {"win950", "BIG5"}, {"windows950", "BIG5"}};
        for (String[] alias : aliases) {
            BY_NAME.put(alias[0], BY_NAME.get(clean(alias[1])));
        }
    }

    private Encodings() {
    }

    private static String clean(String name) {
        StringBuilder out = new StringBuilder();
        for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
            if (c < 128 && Character.isLetterOrDigit(c)) {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** -1 if there is no such encoding. */
    public static int number(String name) {
        return BY_NAME.getOrDefault(clean(name), -1);
    }

    /** Empty if there is no such encoding. */
    public static String name(int number) {
        return number >= 0 && number < TABLE.length ? TABLE[number][0] : "";
    }

    static String canonical(String name) {
        return name(number(name));
    }

    /** Bytes of the longest character; -1 if there is no such encoding. */
    static int maxLength(int number) {
        return number >= 0 && number < TABLE.length ? Integer.parseInt(TABLE[number][2]) : -1;
    }

    /** Null if there is no such encoding or this platform does not have it. */
    static Charset charset(String name) {
        int number = number(name);
        if (number == UTF8) {
            return StandardCharsets.UTF_8;
        }
        String charset = number < 0 ? "" : TABLE[number][1];
        return charset.isEmpty() || !Charset.isSupported(charset) ? null : Charset.forName(charset);
    }
}
