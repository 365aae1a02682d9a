package io.quantadb.types;

/**
 * Shared part of the types whose values are {@code Long}: stored and sent as an integer of {@code storageWidth}
 * bytes.
 */
abstract class LongOps extends TypeOps {
    private final String displayName;
    private final int width;
    private final boolean unsigned;

    LongOps(String displayName, int width, boolean unsigned) {
        this.displayName = displayName;
        this.width = width;
        this.unsigned = unsigned;
    }

    @Override
    public final PhysicalKind kind() {
        return PhysicalKind.LONG;
    }

    @Override
    public final String displayName() {
        return displayName;
    }

    @Override
    public final int storageWidth() {
        return width;
    }

    @Override
    public final boolean unsigned() {
        return unsigned;
    }

    @Override
    public final void writeText(Object value, ByteSink out, TextContext ctx) {
        writeTextLong((Long) value, out, ctx);
    }

    @Override
    public final String toText(Object value, TextContext ctx) {
        return toText((long) (Long) value, ctx);
    }

    abstract String toText(long value, TextContext ctx);

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        out.writeAscii(toText(value, ctx));
    }

    @Override
    public final void writeBinary(Object value, ByteSink out) {
        writeBinaryLong((Long) value, out);
    }

    @Override
    public void writeBinaryLong(long value, ByteSink out) {
        switch (width) {
            case 2 -> out.writeShort((int) value);
            case 4 -> out.writeInt((int) value);
            default -> out.writeLong(value);
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return switch (width) {
            case 2 -> (long) in.readShort();
            case 4 -> unsigned ? in.readInt() & 0xFFFF_FFFFL : (long) in.readInt();
            default -> in.readLong();
        };
    }

    @Override
    public final byte[] encode(Object value) {
        long rest = (Long) value;
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) rest;
            rest >>= 8;
        }
        return bytes;
    }

    @Override
    public final Object decode(byte[] buffer, int offset, int length) {
        long value = unsigned ? 0 : buffer[offset + width - 1] >> 7;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | buffer[offset + i] & 0xFF;
        }
        return value;
    }

    @Override
    public final int compare(Object a, Object b) {
        return compareLong((Long) a, (Long) b);
    }

    @Override
    public final boolean equal(Object a, Object b) {
        return ((Long) a).longValue() == (Long) b;
    }
}
