package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * The built-in range types.
 *
 * <p>Stored form: the flags of the wire format, then each finite bound behind a 4-byte length, little-endian.
 */
public final class RangeOps extends ObjectOps {
    private static final int EMPTY = 0x01;
    private static final int LOWER_INCLUSIVE = 0x02;
    private static final int UPPER_INCLUSIVE = 0x04;
    private static final int LOWER_INFINITE = 0x08;
    private static final int UPPER_INFINITE = 0x10;

    private final int subtypeOid;

    RangeOps(String name, int subtypeOid) {
        super(name);
        this.subtypeOid = subtypeOid;
    }

    public PgType subtype() {
        return BuiltinTypes.get(subtypeOid);
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return format((RangeValue) value, ctx);
    }

    static String format(RangeValue range, TextContext ctx) {
        if (range.isEmpty()) {
            return "empty";
        }
        StringBuilder out = new StringBuilder();
        out.append(range.lowerInclusive() ? '[' : '(');
        appendBound(range.lower(), range.subtype(), ctx, out);
        out.append(',');
        appendBound(range.upper(), range.subtype(), ctx, out);
        return out.append(range.upperInclusive() ? ']' : ')').toString();
    }

    private static void appendBound(Object bound, PgType subtype, TextContext ctx, StringBuilder out) {
        if (bound == null) {
            return;
        }
        String text = subtype.ops().toText(bound, ctx);
        boolean quote = text.isEmpty();
        for (int i = 0; i < text.length() && !quote; i++) {
            char c = text.charAt(i);
            quote = "\"\\()[],".indexOf(c) >= 0 || IntegerText.isSpace(c);
        }
        out.append(quote ? "\"" + text.replace("\\", "\\\\").replace("\"", "\"\"") + "\"" : text);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return new Parser(text, subtype(), ctx).parse();
    }

    private static final class Parser {
        private final String text;
        private final PgType subtype;
        private final TextContext ctx;
        private int at;

        Parser(String text, PgType subtype, TextContext ctx) {
            this.text = text;
            this.subtype = subtype;
            this.ctx = ctx;
        }

        RangeValue parse() {
            skipSpaces();
            if (text.regionMatches(true, at, "empty", 0, 5)) {
                at += 5;
                skipSpaces();
                if (at < text.length()) {
                    throw malformed("Junk after \"empty\" key word.");
                }
                return RangeValue.empty(subtype);
            }
            char open = at < text.length() ? text.charAt(at++) : 0;
            if (open != '[' && open != '(') {
                throw malformed("Missing left parenthesis or bracket.");
            }
            String lower = bound();
            if (text.charAt(at) != ',') {
                throw malformed("Missing comma after lower bound.");
            }
            at++;
            String upper = bound();
            char close = text.charAt(at++);
            if (close == ',') {
                throw malformed("Too many commas.");
            }
            skipSpaces();
            if (at < text.length()) {
                throw malformed("Junk after right parenthesis or bracket.");
            }
            return RangeValue.of(subtype, value(lower), open == '[', value(upper), close == ']');
        }

        private Object value(String bound) {
            return bound == null ? null : subtype.ops().fromText(bound, -1, ctx);
        }

        /** Reads up to the delimiter behind the bound; null for an infinite one. */
        private String bound() {
            StringBuilder out = new StringBuilder();
            int start = at;
            boolean quoted = false;
            while (true) {
                if (at >= text.length()) {
                    throw malformed("Unexpected end of input.");
                }
                char c = text.charAt(at);
                if (!quoted && (c == ',' || c == ')' || c == ']')) {
                    return at == start ? null : out.toString();
                }
                at++;
                if (c == '\\') {
                    if (at >= text.length()) {
                        throw malformed("Unexpected end of input.");
                    }
                    out.append(text.charAt(at++));
                } else if (c != '"') {
                    out.append(c);
                } else if (quoted && at < text.length() && text.charAt(at) == '"') {
                    out.append('"');
                    at++;
                } else {
                    quoted = !quoted;
                }
            }
        }

        private void skipSpaces() {
            while (at < text.length() && IntegerText.isSpace(text.charAt(at))) {
                at++;
            }
        }

        private SqlException malformed(String detail) {
            return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                    "malformed range literal: \"" + text + "\"").withDetail(detail);
        }
    }

    private static int flags(RangeValue range) {
        if (range.isEmpty()) {
            return EMPTY;
        }
        return (range.lowerInclusive() ? LOWER_INCLUSIVE : 0) | (range.upperInclusive() ? UPPER_INCLUSIVE : 0)
                | (range.lower() == null ? LOWER_INFINITE : 0) | (range.upper() == null ? UPPER_INFINITE : 0);
    }

    private static boolean hasLower(int flags) {
        return (flags & (EMPTY | LOWER_INFINITE)) == 0;
    }

    private static boolean hasUpper(int flags) {
        return (flags & (EMPTY | UPPER_INFINITE)) == 0;
    }

    private RangeValue fromFlags(int flags, Object lower, Object upper) {
        return (flags & EMPTY) != 0 ? RangeValue.empty(subtype()) : RangeValue.of(subtype(), lower,
                (flags & LOWER_INCLUSIVE) != 0, upper, (flags & UPPER_INCLUSIVE) != 0);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        RangeValue range = (RangeValue) value;
        out.writeByte(flags(range));
        ByteArraySink bound = new ByteArraySink();
        for (Object each : new Object[] {range.lower(), range.upper()}) {
            if (each != null) {
                bound.reset();
                subtype().ops().writeBinary(each, bound);
                out.writeInt(bound.length());
                out.writeBytes(bound.array(), 0, bound.length());
            }
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int flags = in.readByte();
        Object lower = hasLower(flags) ? readBound(in) : null;
        Object upper = hasUpper(flags) ? readBound(in) : null;
        return fromFlags(flags, lower, upper);
    }

    private Object readBound(WireReader in) {
        WireReader bound = in.slice(in.readInt());
        Object value = subtype().ops().fromBinary(bound, -1);
        bound.expectEnd("range bound");
        return value;
    }

    @Override
    public byte[] encode(Object value) {
        RangeValue range = (RangeValue) value;
        ByteArraySink out = new ByteArraySink();
        out.writeByte(flags(range));
        for (Object each : new Object[] {range.lower(), range.upper()}) {
            if (each != null) {
                byte[] bytes = subtype().ops().encode(each);
                out.writeInt(Integer.reverseBytes(bytes.length));
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        int flags = buffer[offset];
        int at = offset + 1;
        Object lower = null;
        if (hasLower(flags)) {
            int size = ByteOrders.getIntLe(buffer, at);
            lower = subtype().ops().decode(buffer, at + 4, size);
            at += 4 + size;
        }
        Object upper = hasUpper(flags)
                ? subtype().ops().decode(buffer, at + 4, ByteOrders.getIntLe(buffer, at)) : null;
        return fromFlags(flags, lower, upper);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((RangeValue) a).compareTo((RangeValue) b);
    }
}
