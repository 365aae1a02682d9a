package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.nio.charset.StandardCharsets;

/** bytea, in both of its text forms. */
final class ByteaOps extends ObjectOps {
    static final ByteaOps INSTANCE = new ByteaOps();

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private ByteaOps() {
        super("bytea");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        byte[] bytes = ((ByteString) value).unsafeArray();
        return ctx.byteaHex() ? toHex(bytes) : toEscape(bytes);
    }

    @SuppressWarnings("deprecation") // the only copy-free way from ASCII bytes to a string
    static String toHex(byte[] bytes) {
        byte[] out = new byte[2 + 2 * bytes.length];
        out[0] = '\\';
        out[1] = 'x';
        for (int i = 0; i < bytes.length; i++) {
            out[2 + 2 * i] = HEX[bytes[i] >> 4 & 15];
            out[3 + 2 * i] = HEX[bytes[i] & 15];
        }
        return new String(out, 0);
    }

    static String toEscape(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            int value = b & 0xFF;
            if (value == '\\') {
                out.append("\\\\");
            } else if (value < 0x20 || value > 0x7E) {
                out.append('\\').append((char) ('0' + (value >> 6))).append((char) ('0' + (value >> 3 & 7)))
                        .append((char) ('0' + (value & 7)));
            } else {
                out.append((char) value);
            }
        }
        return out.toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return text.startsWith("\\x") ? fromHex(text) : fromEscape(text);
    }

    private static ByteString fromHex(String text) {
        byte[] out = new byte[text.length() / 2];
        int count = 0;
        int at = 2;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                at++;
                continue;
            }
            int high = hexDigit(text, at);
            if (at + 1 >= text.length()) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                        "invalid hexadecimal data: odd number of digits");
            }
            out[count++] = (byte) (high << 4 | hexDigit(text, at + 1));
            at += 2;
        }
        return ByteString.copyOf(out, 0, count);
    }

    private static int hexDigit(String text, int at) {
        char c = text.charAt(at);
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \""
                    + Character.toString(text.codePointAt(at)) + "\"");
        }
        return digit;
    }

    private static ByteString fromEscape(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int count = 0;
        for (int at = 0; at < in.length; ) {
            if (in[at] != '\\') {
                out[count++] = in[at++];
            } else if (at + 1 < in.length && in[at + 1] == '\\') {
                out[count++] = '\\';
                at += 2;
            } else if (at + 3 < in.length && in[at + 1] >= '0' && in[at + 1] <= '3' && isOctal(in[at + 2])
                    && isOctal(in[at + 3])) {
                out[count++] = (byte) (in[at + 1] - '0' << 6 | in[at + 2] - '0' << 3 | in[at + 3] - '0');
                at += 4;
            } else {
                throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
            }
        }
        return ByteString.copyOf(out, 0, count);
    }

    private static boolean isOctal(byte c) {
        return c >= '0' && c <= '7';
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeBytes(((ByteString) value).unsafeArray());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return ByteString.wrap(in.readRemaining());
    }

    @Override
    public int diskSize(Object value) {
        return ((ByteString) value).length();
    }

    @Override
    public byte[] encode(Object value) {
        return ((ByteString) value).toByteArray();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return ByteString.copyOf(buffer, offset, length);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((ByteString) a).compareTo((ByteString) b);
    }
}
