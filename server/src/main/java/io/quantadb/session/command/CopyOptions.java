package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Option;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The options of a COPY, checked.
 *
 * @param delimiter one byte
 * @param header a first line with names is skipped or written; {@code matchHeader}: and compared
 * @param forceNotNull columns whose null string is not NULL; null element list means none; {@code *} as {@code "*"}
 */
record CopyOptions(Format format, byte delimiter, String nullText, boolean header, boolean matchHeader, byte quote,
        byte escape, List<String> forceQuote, boolean forceQuoteAll, List<String> forceNotNull, List<String> forceNull,
        Charset encoding, boolean freeze) {

    /** Outer form of the data. */
    enum Format { TEXT, CSV, BINARY }

    static CopyOptions read(CommandContext context, List<Option> options, boolean from) {
        Format format = Format.TEXT;
        String delimiter = null;
        String nullText = null;
        boolean header = false;
        boolean match = false;
        String quote = null;
        String escape = null;
        List<String> forceQuote = List.of();
        boolean forceQuoteAll = false;
        List<String> forceNotNull = List.of();
        List<String> forceNull = List.of();
        Charset encoding = StandardCharsets.UTF_8;
        boolean freeze = false;
        Set<String> seen = new HashSet<>();
        for (Option option : options) {
            if (!seen.add(option.name())) {
                throw context.error(SqlState.SYNTAX_ERROR, "conflicting or redundant options", option.position());
            }
            switch (option.name()) {
                case "format" -> format = format(context, option);
                case "delimiter" -> delimiter = StorageOptions.text(option);
                case "null" -> nullText = StorageOptions.text(option);
                case "header" -> {
                    match = "match".equalsIgnoreCase(StorageOptions.text(option));
                    header = match || StorageOptions.bool(option);
                    if (match && !from) {
                        throw SqlException.notSupported("cannot use \"match\" with HEADER in COPY TO");
                    }
                }
                case "quote" -> quote = StorageOptions.text(option);
                case "escape" -> escape = StorageOptions.text(option);
                case "force_quote" -> {
                    forceQuoteAll = isStar(option);
                    forceQuote = forceQuoteAll ? List.of() : names(option);
                }
                case "force_not_null" -> forceNotNull = names(option);
                case "force_null" -> forceNull = names(option);
                case "encoding" -> encoding = encoding(StorageOptions.text(option));
                case "freeze" -> freeze = StorageOptions.bool(option);
                default -> throw context.error(SqlState.SYNTAX_ERROR,
                        "option \"" + option.name() + "\" not recognized", option.position());
            }
        }
        checkFormat(format, seen, from);
        boolean csv = format == Format.CSV;
        byte delimiterByte = oneByte(delimiter, csv ? "," : "\t", "COPY delimiter must be a single one-byte character");
        byte quoteByte = oneByte(quote, "\"", "COPY quote must be a single one-byte character");
        byte escapeByte = escape == null ? quoteByte
                : oneByte(escape, "\"", "COPY escape must be a single one-byte character");
        String nulls = nullText != null ? nullText : csv ? "" : "\\N";
        checkBytes(delimiterByte, quoteByte, nulls, csv);
        return new CopyOptions(format, delimiterByte, nulls, header, match, quoteByte, escapeByte, forceQuote, forceQuoteAll,
                forceNotNull, forceNull, encoding, freeze);
    }

    private static Format format(CommandContext context, Option option) {
        String name = StorageOptions.text(option);
        return switch (name) {
            case "text" -> Format.TEXT;
            case "csv" -> Format.CSV;
            case "binary" -> Format.BINARY;
            default -> throw context.error(SqlState.INVALID_PARAMETER_VALUE,
                    "COPY format \"" + name + "\" not recognized", option.position());
        };
    }

    private static void checkFormat(Format format, Set<String> seen, boolean from) {
        if (format == Format.BINARY) {
            for (String option : List.of("delimiter", "null", "header")) {
                if (seen.contains(option)) {
                    throw new SqlException(option.equals("header") ? SqlState.FEATURE_NOT_SUPPORTED : SqlState.SYNTAX_ERROR,
                            option.equals("header") ? "cannot specify HEADER in BINARY mode"
                                    : "cannot specify " + option.toUpperCase(java.util.Locale.ROOT) + " in BINARY mode");
                }
            }
        }
        if (format != Format.CSV) {
            for (String option : List.of("quote", "escape", "force_quote", "force_not_null", "force_null")) {
                if (seen.contains(option)) {
                    String words = option.replace('_', ' ');
                    throw SqlException.notSupported("COPY " + (words.equals("quote") || words.equals("escape") ? words
                            : words) + " available only in CSV mode");
                }
            }
        }
        if (seen.contains("force_quote") && from) {
            throw SqlException.notSupported("COPY force quote only available using COPY TO");
        }
        if ((seen.contains("force_not_null") || seen.contains("force_null")) && !from) {
            throw SqlException.notSupported("COPY force " + (seen.contains("force_null") ? "null" : "not null")
                    + " only available using COPY FROM");
        }
        if (seen.contains("freeze") && !from) {
            throw SqlException.notSupported("COPY FREEZE cannot be used with COPY TO");
        }
    }

    private static byte oneByte(String value, String normal, String message) {
        String text = value == null ? normal : value;
        if (text.length() != 1 || text.charAt(0) >= 128) {
            throw SqlException.notSupported(message);
        }
        return (byte) text.charAt(0);
    }

    private static void checkBytes(byte delimiter, byte quote, String nullText, boolean csv) {
        if (delimiter == '\n' || delimiter == '\r') {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter cannot be newline or carriage return");
        }
        if (nullText.indexOf('\n') >= 0 || nullText.indexOf('\r') >= 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "COPY null representation cannot use newline or carriage return");
        }
        if (!csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".indexOf(delimiter) >= 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"" + (char) delimiter + "\"");
        }
        if (csv && delimiter == quote) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
        }
        if (nullText.indexOf(delimiter) >= 0) {
            throw SqlException.notSupported("COPY delimiter must not appear in the NULL specification");
        }
        if (csv && nullText.indexOf(quote) >= 0) {
            throw SqlException.notSupported("CSV quote character must not appear in the NULL specification");
        }
    }

    private static boolean isStar(Option option) {
        return option.value() instanceof Expression.ColumnRef ref && ref.star();
    }

    private static List<String> names(Option option) {
        List<String> names = new ArrayList<>();
        if (option.value() instanceof Expression.Row row) {
            for (Expression field : row.fields()) {
                names.add(name(field, option));
            }
        } else {
            names.add(name(option.value(), option));
        }
        return names;
    }

    private static String name(Expression field, Option option) {
        return switch (field) {
            case Expression.StringLiteral literal -> literal.value();
            case Expression.ColumnRef ref when !ref.star() -> ref.fields().getLast();
            case null, default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "argument to option \"" + option.name() + "\" must be a list of column names");
        };
    }

    private static Charset encoding(String name) {
        return switch (name.toUpperCase(java.util.Locale.ROOT).replace("-", "").replace("_", "")) {
            case "UTF8", "UNICODE", "SQLASCII" -> StandardCharsets.UTF_8;
            case "LATIN1", "ISO88591" -> StandardCharsets.ISO_8859_1;
            default -> {
                if (!Charset.isSupported(name)) {
                    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                            "argument to option \"encoding\" must be a valid encoding name");
                }
                yield Charset.forName(name);
            }
        };
    }
}
