package io.quantadb.types;

/** real and double precision. A real is kept as the double that is exactly that float. */
final class FloatOps extends TypeOps {
    static final FloatOps FLOAT4 = new FloatOps("real", 4);
    static final FloatOps FLOAT8 = new FloatOps("double precision", 8);

    private final String displayName;
    private final int width;

    private FloatOps(String displayName, int width) {
        this.displayName = displayName;
        this.width = width;
    }

    @Override
    public PhysicalKind kind() {
        return PhysicalKind.DOUBLE;
    }

    @Override
    public String displayName() {
        return displayName;
    }

    @Override
    public int storageWidth() {
        return width;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return text((Double) value, ctx);
    }

    private String text(double value, TextContext ctx) {
        return width == 4 ? FloatText.formatFloat((float) value, ctx.extraFloatDigits())
                : FloatText.formatDouble(value, ctx.extraFloatDigits());
    }

    @Override
    public void writeText(Object value, ByteSink out, TextContext ctx) {
        out.writeAscii(text((Double) value, ctx));
    }

    @Override
    public void writeTextDouble(double value, ByteSink out, TextContext ctx) {
        out.writeAscii(text(value, ctx));
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return width == 4 ? (double) FloatText.parseFloat(text) : FloatText.parseDouble(text);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        writeBinaryDouble((Double) value, out);
    }

    @Override
    public void writeBinaryDouble(double value, ByteSink out) {
        if (width == 4) {
            out.writeInt(Float.floatToRawIntBits((float) value));
        } else {
            out.writeLong(Double.doubleToRawLongBits(value));
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return width == 4 ? (double) Float.intBitsToFloat(in.readInt()) : Double.longBitsToDouble(in.readLong());
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = new byte[width];
        if (width == 4) {
            ByteOrders.putIntLe(bytes, 0, Float.floatToRawIntBits((float) (double) (Double) value));
        } else {
            ByteOrders.putLongLe(bytes, 0, Double.doubleToRawLongBits((Double) value));
        }
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return width == 4 ? (double) Float.intBitsToFloat(ByteOrders.getIntLe(buffer, offset))
                : Double.longBitsToDouble(ByteOrders.getLongLe(buffer, offset));
    }

    @Override
    public int compare(Object a, Object b) {
        return compareDouble((Double) a, (Double) b);
    }

    /** Zeros are equal, NaN is equal to NaN and above everything. */
    @Override
    public int compareDouble(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    @Override
    public Object hashKey(Object value) {
        double number = (Double) value;
        return number == 0 ? (Double) 0.0 : value;
    }
}
