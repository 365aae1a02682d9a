package io.quantadb.function;

import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.IntegerText;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Functions that print values of any type into text: concat, format, the quoting functions; and parse_ident. */
public final class TextOutput implements FunctionRegistry.Library {
    private static final Set<String> RESERVED = Set.of(("""
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
            char character check coalesce collate collation column concurrently constraint create cross current_catalog
            current_date current_role current_schema current_time current_timestamp current_user dec decimal default
            deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant
            greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull
            join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not
            notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision
            primary real references returning right row select session_user setof similar smallint some substring
            symmetric table tablesample then time timestamp to trailing treat trim true union unique user using values
            varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest
            xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable""").split("\\s+"));

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.scalarFactory("text_concat", site -> (ScalarFunction.FnN) (c, a) -> concat(site, c, a, 0, ""));
        registry.scalarFactory("text_concat_ws", site -> (ScalarFunction.FnN) (c, a) -> a[0] == null ? null
                : concat(site, c, a, 1, text(a[0])));
        registry.scalarFactory("text_format", site -> (ScalarFunction.FnN) (c, a) -> format(site, c, a));
        registry.scalarFactory("text_format_nv", site -> (ScalarFunction.FnN) (c, a) -> format(site, c, a));
        registry.fn1("quote_ident", (c, a) -> quoteIdentifier(text(a)));
        registry.fn1("quote_literal", (c, a) -> quoteLiteral(text(a)));
        registry.fn1("quote_nullable", (c, a) -> a == null ? "NULL" : quoteLiteral(text(a)));
        registry.scalarFactory("sql:1285", site -> (ScalarFunction.Fn1) (c, a) -> a == null ? null
                : quoteLiteral(castText(site.argumentType(0), a, c)));
        registry.scalarFactory("sql:1290", site -> (ScalarFunction.Fn1) (c, a) -> a == null ? "NULL"
                : quoteLiteral(castText(site.argumentType(0), a, c)));
        registry.scalarFactory("sql:2003", site -> (ScalarFunction.Fn2) (c, a, b) -> a == null || b == null ? null
                : text(a) + castText(site.argumentType(1), b, c));
        registry.scalarFactory("sql:2004", site -> (ScalarFunction.Fn2) (c, a, b) -> a == null || b == null ? null
                : castText(site.argumentType(0), a, c) + text(b));
        registry.fn2("parse_ident", (c, a, strict) -> ArrayValue.of(BuiltinTypes.TEXT,
                parseIdentifiers(text(a), Args.bool(strict))));
    }

    /** The output function's text. */
    static String print(PgType type, Object value, FunctionContext context) {
        return type.kind() == io.quantadb.types.PhysicalKind.OBJECT && value instanceof String s ? s
                : type.ops().toText(value, context.text());
    }

    /** The text a cast to text gives, which differs from the output function for boolean and character. */
    static String castText(PgType type, Object value, FunctionContext context) {
        return switch (type.oid()) {
            case Oids.BOOL -> (Boolean) value ? "true" : "false";
            case Oids.BPCHAR -> Args.trimBlanks(value);
            default -> print(type, value, context);
        };
    }

    private static String concat(CallSite site, FunctionContext context, Object[] arguments, int from,
            String separator) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        if (site.variadicArray()) {
            ArrayValue array = (ArrayValue) arguments[from];
            if (array == null) {
                return from == 0 ? null : "";
            }
            for (Object element : array.elements()) {
                first = append(out, array.elementType(), element, context, first, separator);
            }
            return out.toString();
        }
        for (int i = from; i < arguments.length; i++) {
            first = append(out, site.argumentType(i), arguments[i], context, first, separator);
        }
        return out.toString();
    }

    private static boolean append(StringBuilder out, PgType type, Object value, FunctionContext context,
            boolean first, String separator) {
        if (value == null) {
            return first;
        }
        out.append(first ? "" : separator).append(print(type, value, context));
        return false;
    }

    static String quoteIdentifier(String name) {
        boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0));
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
        }
        return plain && !RESERVED.contains(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quoteLiteral(String value) {
        String doubled = value.replace("'", "''");
        return value.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    // ---- format()

    /** One conversion specification of format(). */
    private record Conversion(int position, boolean left, int width, int widthPosition, boolean indirectWidth,
            char type, int end) {
    }

    private static String format(CallSite site, FunctionContext context, Object[] arguments) {
        if (arguments[0] == null) {
            return null;
        }
        String format = text(arguments[0]);
        Object[] values;
        PgType[] types;
        if (site.variadicArray()) {
            ArrayValue array = (ArrayValue) arguments[1];
            values = array == null ? new Object[0] : array.elements();
            types = new PgType[values.length];
            Arrays.fill(types, array == null ? null : array.elementType());
        } else {
            values = Arrays.copyOfRange(arguments, 1, arguments.length);
            types = site.argumentTypes().subList(1, arguments.length).toArray(PgType[]::new);
        }
        StringBuilder out = new StringBuilder();
        int next = 0;
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            if (i < format.length() && format.charAt(i) == '%') {
                out.append('%');
                i++;
                continue;
            }
            Conversion conversion = parseConversion(format, i);
            i = conversion.end;
            int width = conversion.width;
            if (conversion.indirectWidth) {
                int index = conversion.widthPosition > 0 ? conversion.widthPosition - 1 : next;
                next = index + 1;
                width = widthOf(values, types, index, context);
            }
            boolean left = conversion.left || width < 0;
            int index = conversion.position > 0 ? conversion.position - 1 : next;
            if (index >= values.length) {
                throw Args.invalidParameter("too few arguments for format()");
            }
            next = index + 1;
            pad(out, convert(conversion.type, types[index], values[index], context), Math.abs(width), left);
        }
        return out.toString();
    }

    private static int widthOf(Object[] values, PgType[] types, int index, FunctionContext context) {
        if (index >= values.length) {
            throw Args.invalidParameter("too few arguments for format()");
        }
        if (values[index] == null) {
            return 0;
        }
        return (int) IntegerText.parse(print(types[index], values[index], context), Integer.MIN_VALUE,
                Integer.MAX_VALUE, "integer");
    }

    private static Conversion parseConversion(String format, int start) {
        int i = start;
        int position = 0;
        int[] number = digits(format, i);
        boolean left = false;
        int width = 0;
        int widthPosition = 0;
        boolean indirect = false;
        if (number[1] > i && number[1] < format.length() && format.charAt(number[1]) == '$') {
            position = argumentNumber(number[0]);
            i = number[1] + 1;
        }
        while (i < format.length() && format.charAt(i) == '-') {
            left = true;
            i++;
        }
        if (i < format.length() && format.charAt(i) == '*') {
            indirect = true;
            i++;
            number = digits(format, i);
            if (number[1] > i) {
                if (number[1] >= format.length() || format.charAt(number[1]) != '$') {
                    throw Args.invalidParameter("width argument position must be ended by \"$\"");
                }
                widthPosition = argumentNumber(number[0]);
                i = number[1] + 1;
            }
        } else {
            number = digits(format, i);
            width = number[0];
            i = number[1];
        }
        if (i >= format.length()) {
            throw Args.invalidParameter("unterminated format() type specifier")
                    .withHint("For a single \"%\" use \"%%\".");
        }
        int type = format.codePointAt(i);
        if (type != 's' && type != 'I' && type != 'L') {
            throw Args.invalidParameter("unrecognized format() type specifier \"" + Character.toString(type) + "\"")
                    .withHint("For a single \"%\" use \"%%\".");
        }
        return new Conversion(position, left, width, widthPosition, indirect, (char) type, i + 1);
    }

    private static int argumentNumber(int number) {
        if (number == 0) {
            throw Args.invalidParameter("format specifies argument 0, but arguments are numbered from 1");
        }
        return number;
    }

    /** Value and end of the digits at a place; the value is 0 if there are none. */
    private static int[] digits(String format, int from) {
        long value = 0;
        int i = from;
        while (i < format.length() && format.charAt(i) >= '0' && format.charAt(i) <= '9') {
            value = value * 10 + format.charAt(i++) - '0';
            if (value > Integer.MAX_VALUE) {
                throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
            }
        }
        return new int[] {(int) value, i};
    }

    private static String convert(char conversion, PgType type, Object value, FunctionContext context) {
        if (value == null) {
            if (conversion == 'I') {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED,
                        "null values cannot be formatted as an SQL identifier");
            }
            return conversion == 'L' ? "NULL" : "";
        }
        String printed = print(type, value, context);
        return conversion == 'I' ? quoteIdentifier(printed) : conversion == 'L' ? quoteLiteral(printed) : printed;
    }

    private static void pad(StringBuilder out, String text, int width, boolean left) {
        int missing = Math.max(0, width - Args.length(text));
        if (left) {
            out.append(text).repeat(' ', missing);
        } else {
            out.repeat(' ', missing).append(text);
        }
    }

    // ---- parse_ident

    private static List<String> parseIdentifiers(String text, boolean strict) {
        List<String> parts = new ArrayList<>();
        int i = skipSpaces(text, 0);
        boolean afterDot = false;
        while (true) {
            int start = i;
            if (i < text.length() && text.charAt(i) == '"') {
                StringBuilder name = new StringBuilder();
                i++;
                while (true) {
                    int quote = text.indexOf('"', i);
                    if (quote < 0) {
                        throw notIdentifier(text).withDetail("String has unclosed double quotes.");
                    }
                    name.append(text, i, quote);
                    i = quote + 1;
                    if (i >= text.length() || text.charAt(i) != '"') {
                        break;
                    }
                    name.append('"');
                    i++;
                }
                if (name.isEmpty()) {
                    throw notIdentifier(text).withDetail("Quoted identifier must not be empty.");
                }
                parts.add(name.toString());
            } else if (i < text.length() && (Character.isLetter(text.charAt(i)) || text.charAt(i) == '_'
                    || text.charAt(i) >= 128)) {
                while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_'
                        || text.charAt(i) == '$' || text.charAt(i) >= 128)) {
                    i++;
                }
                parts.add(lowerAscii(text.substring(start, i)));
            } else if (i < text.length() && text.charAt(i) == '.') {
                throw notIdentifier(text).withDetail("No valid identifier before \".\".");
            } else if (afterDot) {
                throw notIdentifier(text).withDetail("No valid identifier after \".\".");
            } else {
                throw notIdentifier(text);
            }
            i = skipSpaces(text, i);
            if (i < text.length() && text.charAt(i) == '.') {
                afterDot = true;
                i = skipSpaces(text, i + 1);
            } else if (i >= text.length() || !strict) {
                return parts;
            } else {
                throw notIdentifier(text);
            }
        }
    }

    private static String lowerAscii(String name) {
        StringBuilder out = new StringBuilder(name);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                out.setCharAt(i, (char) (c + 32));
            }
        }
        return out.toString();
    }

    private static int skipSpaces(String text, int from) {
        int i = from;
        while (i < text.length() && IntegerText.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static SqlException notIdentifier(String text) {
        return Args.invalidParameter("string is not a valid identifier: \"" + text + "\"");
    }
}
