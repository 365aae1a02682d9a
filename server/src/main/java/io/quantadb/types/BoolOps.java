package io.quantadb.types;

import java.util.Locale;

/** boolean. */
final class BoolOps extends TypeOps {
    static final BoolOps INSTANCE = new BoolOps();

    @Override
    public PhysicalKind kind() {
        return PhysicalKind.BOOL;
    }

    @Override
    public String displayName() {
        return "boolean";
    }

    @Override
    public int storageWidth() {
        return 1;
    }

    @Override
    public Object box(long value) {
        return value != 0;
    }

    @Override
    public long unbox(Object value) {
        return (Boolean) value ? 1 : 0;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return (Boolean) value ? "t" : "f";
    }

    @Override
    public void writeText(Object value, ByteSink out, TextContext ctx) {
        out.writeByte((Boolean) value ? 't' : 'f');
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        out.writeByte(value != 0 ? 't' : 'f');
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        Boolean value = parse(IntegerText.trim(text));
        if (value == null) {
            throw IntegerText.invalid(text, "boolean");
        }
        return value;
    }

    /** Any unambiguous prefix of true, false, yes, no, on, off, 1, 0; null for anything else. */
    static Boolean parse(String text) {
        if (text.isEmpty()) {
            return null;
        }
        String word = text.toLowerCase(Locale.ROOT);
        return switch (word.charAt(0)) {
            case 't' -> "true".startsWith(word) ? Boolean.TRUE : null;
            case 'f' -> "false".startsWith(word) ? Boolean.FALSE : null;
            case 'y' -> "yes".startsWith(word) ? Boolean.TRUE : null;
            case 'n' -> "no".startsWith(word) ? Boolean.FALSE : null;
            case 'o' -> word.equals("on") ? Boolean.TRUE
                    : word.length() > 1 && "off".startsWith(word) ? Boolean.FALSE : null;
            case '1' -> word.length() == 1 ? Boolean.TRUE : null;
            case '0' -> word.length() == 1 ? Boolean.FALSE : null;
            default -> null;
        };
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeByte((Boolean) value ? 1 : 0);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return in.readByte() != 0;
    }

    @Override
    public byte[] encode(Object value) {
        return new byte[] {(byte) ((Boolean) value ? 1 : 0)};
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return buffer[offset] != 0;
    }

    @Override
    public int compare(Object a, Object b) {
        return Boolean.compare((Boolean) a, (Boolean) b);
    }
}
