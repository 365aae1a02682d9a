package io.quantadb.types;

import java.nio.charset.StandardCharsets;

/**
 * The internal one-byte type {@code "char"}: a string of one ASCII character, empty for the byte 0; bytes above 127 are
 * kept as they print, a backslash and three octal digits.
 */
final class CharOps extends TextOps {
    static final CharOps INSTANCE = new CharOps();

    private CharOps() {
        super("\"char\"", true);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 4 && bytes[0] == '\\' && isOctal(bytes[1]) && isOctal(bytes[2]) && isOctal(bytes[3])) {
            return ofByte((bytes[1] - '0' << 6) + (bytes[2] - '0' << 3) + bytes[3] - '0' & 0xFF);
        }
        return bytes.length == 0 ? "" : ofByte(bytes[0] & 0xFF);
    }

    private static boolean isOctal(byte digit) {
        return digit >= '0' && digit <= '7';
    }

    /** High bytes are kept in their printed form, so that the value is valid text everywhere. */
    private static String ofByte(int value) {
        if (value == 0) {
            return "";
        }
        return value < 128 ? String.valueOf((char) value)
                : "\\" + (char) ('0' + (value >> 6)) + (char) ('0' + (value >> 3 & 7)) + (char) ('0' + (value & 7));
    }

    private static int toByte(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        return text.length() == 1 ? text.charAt(0) : Integer.parseInt(text.substring(1), 8);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeByte(toByte((String) value));
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return ofByte(in.readByte() & 0xFF);
    }

    @Override
    public int compare(Object a, Object b) {
        return Integer.compare(toByte((String) a), toByte((String) b));
    }
}
