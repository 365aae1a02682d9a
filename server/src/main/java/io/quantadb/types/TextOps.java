package io.quantadb.types;

import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.nio.charset.StandardCharsets;

/**
 * Types whose value is a {@code String}, stored and sent as UTF-8: text itself and those without a length.
 *
 * <p>Order is by code point, which is the order of the UTF-8 bytes.
 */
class TextOps extends ObjectOps {
    static final TextOps TEXT = new TextOps("text", true);

    private final boolean ordered;

    TextOps(String displayName, boolean ordered) {
        super(displayName);
        this.ordered = ordered;
    }

    @Override
    public final String toText(Object value, TextContext ctx) {
        return (String) value;
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return text;
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeUtf8((String) value);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return fromText(in.readText(), typmod, TextContext.DEFAULT);
    }

    @Override
    public final byte[] encode(Object value) {
        return ((String) value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final Object decode(byte[] buffer, int offset, int length) {
        return new String(buffer, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public final Object decode(long address, int length) {
        byte[] copy = new byte[length];
        Memory.copyToArray(address, copy, 0, length);
        return new String(copy, StandardCharsets.UTF_8);
    }

    @Override
    public int compare(Object a, Object b) {
        if (!ordered) {
            throw noOrder(displayName());
        }
        return TextOrder.compare((String) a, (String) b);
    }

    @Override
    public boolean equal(Object a, Object b) {
        return ordered ? a.equals(b) : compare(a, b) == 0;
    }

    @Override
    public boolean ordered() {
        return ordered;
    }

    /** Length in code points. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Index in chars of the {@code count}-th code point, or -1 if the text is not longer. */
    static int indexBeyond(String text, int count) {
        if (text.length() <= count || length(text) <= count) {
            return -1;
        }
        return text.offsetByCodePoints(0, count);
    }

    static String trimTrailingBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** Shared by varchar(n) and char(n): typmod is n + 4. */
    static int parseLength(String[] arguments, String typeName) {
        if (arguments.length != 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid type modifier");
        }
        long length = TypmodArguments.integer(arguments[0]);
        if (length < 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "length for type " + typeName + " must be at least 1");
        }
        if (length > 10_485_760) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "length for type " + typeName + " cannot exceed 10485760");
        }
        return (int) length + 4;
    }
}
