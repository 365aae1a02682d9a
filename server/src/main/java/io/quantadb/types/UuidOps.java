package io.quantadb.types;

import java.util.UUID;

/** uuid; stored and sent as its 16 bytes, big-endian, which is also its order. */
final class UuidOps extends ObjectOps {
    static final UuidOps INSTANCE = new UuidOps();

    private UuidOps() {
        super("uuid");
    }

    @Override
    public int storageWidth() {
        return 16;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return value.toString();
    }

    @Override
    public void writeText(Object value, ByteSink out, TextContext ctx) {
        out.writeAscii(value.toString());
    }

    /** Hexadecimal digits, optionally in braces, with a hyphen allowed after every fourth digit. */
    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        boolean braces = text.startsWith("{");
        int at = braces ? 1 : 0;
        long high = 0;
        long low = 0;
        for (int i = 0; i < 32; i++) {
            if (i > 0 && i % 4 == 0 && at < text.length() && text.charAt(at) == '-') {
                at++;
            }
            char c = at < text.length() ? text.charAt(at++) : 'x';
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw IntegerText.invalid(text, "uuid");
            }
            high = high << 4 | low >>> 60;
            low = low << 4 | digit;
        }
        if (braces && (at >= text.length() || text.charAt(at++) != '}') || at != text.length()) {
            throw IntegerText.invalid(text, "uuid");
        }
        return new UUID(high, low);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        UUID uuid = (UUID) value;
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return new UUID(in.readLong(), in.readLong());
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = new byte[16];
        ByteOrders.putLong(bytes, 0, ((UUID) value).getMostSignificantBits());
        ByteOrders.putLong(bytes, 8, ((UUID) value).getLeastSignificantBits());
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new UUID(ByteOrders.getLong(buffer, offset), ByteOrders.getLong(buffer, offset + 8));
    }

    /** Unsigned, unlike {@code UUID.compareTo}. */
    @Override
    public int compare(Object a, Object b) {
        UUID x = (UUID) a;
        UUID y = (UUID) b;
        int high = Long.compareUnsigned(x.getMostSignificantBits(), y.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(x.getLeastSignificantBits(), y.getLeastSignificantBits());
    }
}
