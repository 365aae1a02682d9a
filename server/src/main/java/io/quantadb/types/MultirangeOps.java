package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.List;

/**
 * The built-in multirange types.
 *
 * <p>Stored form: the number of ranges, then each range's stored form behind its length; all numbers are 4 bytes,
 * little-endian.
 */
public final class MultirangeOps extends ObjectOps {
    private final RangeOps range;

    MultirangeOps(String name, RangeOps range) {
        super(name);
        this.range = range;
    }

    public RangeOps range() {
        return range;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return format((MultirangeValue) value, ctx);
    }

    static String format(MultirangeValue value, TextContext ctx) {
        StringBuilder out = new StringBuilder("{");
        for (RangeValue each : value.ranges()) {
            out.append(out.length() == 1 ? "" : ",").append(RangeOps.format(each, ctx));
        }
        return out.append('}').toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        int at = skipSpaces(text, 0);
        if (at >= text.length() || text.charAt(at) != '{') {
            throw malformed(text, "Missing left brace.");
        }
        at = skipSpaces(text, at + 1);
        List<RangeValue> ranges = new ArrayList<>();
        boolean closed = at < text.length() && text.charAt(at) == '}';
        while (!closed) {
            int end = rangeEnd(text, at);
            ranges.add((RangeValue) range.fromText(text.substring(at, end), -1, ctx));
            at = skipSpaces(text, end);
            if (at >= text.length()) {
                throw malformed(text, "Unexpected end of input.");
            }
            closed = text.charAt(at) == '}';
            if (!closed && text.charAt(at) != ',') {
                throw malformed(text, "Expected comma or end of multirange.");
            }
            at = closed ? at : skipSpaces(text, at + 1);
        }
        if (skipSpaces(text, at + 1) < text.length()) {
            throw malformed(text, "Junk after closing right brace.");
        }
        return MultirangeValue.of(range.subtype(), ranges);
    }

    private static int rangeEnd(String text, int start) {
        if (text.regionMatches(true, start, "empty", 0, 5)) {
            return start + 5;
        }
        if (start >= text.length()) {
            throw malformed(text, "Unexpected end of input.");
        }
        if (text.charAt(start) != '[' && text.charAt(start) != '(') {
            throw malformed(text, "Expected range start.");
        }
        boolean quoted = false;
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ']' || c == ')')) {
                return i + 1;
            }
        }
        throw malformed(text, "Unexpected end of input.");
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && IntegerText.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static SqlException malformed(String text, String detail) {
        return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed multirange literal: \"" + text + "\"")
                .withDetail(detail);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        List<RangeValue> ranges = ((MultirangeValue) value).ranges();
        out.writeInt(ranges.size());
        ByteArraySink one = new ByteArraySink();
        for (RangeValue each : ranges) {
            one.reset();
            range.writeBinary(each, one);
            out.writeInt(one.length());
            out.writeBytes(one.array(), 0, one.length());
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int count = in.readInt();
        List<RangeValue> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WireReader one = in.slice(in.readInt());
            ranges.add((RangeValue) range.fromBinary(one, -1));
            one.expectEnd("range");
        }
        return MultirangeValue.of(range.subtype(), ranges);
    }

    @Override
    public byte[] encode(Object value) {
        List<RangeValue> ranges = ((MultirangeValue) value).ranges();
        ByteArraySink out = new ByteArraySink();
        out.writeInt(Integer.reverseBytes(ranges.size()));
        for (RangeValue each : ranges) {
            byte[] bytes = range.encode(each);
            out.writeInt(Integer.reverseBytes(bytes.length));
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        int count = ByteOrders.getIntLe(buffer, offset);
        int at = offset + 4;
        List<RangeValue> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int size = ByteOrders.getIntLe(buffer, at);
            ranges.add((RangeValue) range.decode(buffer, at + 4, size));
            at += 4 + size;
        }
        return new MultirangeValue(range.subtype(), List.copyOf(ranges));
    }

    @Override
    public int compare(Object a, Object b) {
        return ((MultirangeValue) a).compareTo((MultirangeValue) b);
    }
}
