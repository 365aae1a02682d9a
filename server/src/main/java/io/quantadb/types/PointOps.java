package io.quantadb.types;

/**
 * point; stored as two doubles' bits, big-endian, and sent as two float8. Only input, output and transfer: there are no
 * geometric operators.
 *
 * <p>Source: PostgreSQL documentation, "Geometric Types", section "Points".
 */
final class PointOps extends ObjectOps {
    static final PointOps INSTANCE = new PointOps();

    private PointOps() {
        super("point");
    }

    @Override
    public int storageWidth() {
        return 16;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        PointValue point = (PointValue) value;
        return "(" + FloatText.formatDouble(point.x(), ctx.extraFloatDigits()) + ","
                + FloatText.formatDouble(point.y(), ctx.extraFloatDigits()) + ")";
    }

    /** {@code (x,y)} or {@code x,y}, with blanks anywhere between the parts. */
    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        String body = text.strip();
        if (body.startsWith("(") && body.endsWith(")")) {
            body = body.substring(1, body.length() - 1);
        }
        int comma = body.indexOf(',');
        if (comma < 0 || body.indexOf(',', comma + 1) >= 0 || body.indexOf('(') >= 0 || body.indexOf(')') >= 0
                || body.substring(0, comma).isBlank() || body.substring(comma + 1).isBlank()) {
            throw IntegerText.invalid(text, "point");
        }
        try {
            return new PointValue(FloatText.parseDouble(body.substring(0, comma).strip()),
                    FloatText.parseDouble(body.substring(comma + 1).strip()));
        } catch (io.quantadb.error.SqlException e) {
            throw e.state().equals(io.quantadb.error.SqlState.INVALID_TEXT_REPRESENTATION)
                    ? IntegerText.invalid(text, "point") : e;
        }
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        PointValue point = (PointValue) value;
        out.writeLong(Double.doubleToLongBits(point.x()));
        out.writeLong(Double.doubleToLongBits(point.y()));
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return new PointValue(Double.longBitsToDouble(in.readLong()), Double.longBitsToDouble(in.readLong()));
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = new byte[16];
        ByteOrders.putLong(bytes, 0, Double.doubleToLongBits(((PointValue) value).x()));
        ByteOrders.putLong(bytes, 8, Double.doubleToLongBits(((PointValue) value).y()));
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new PointValue(Double.longBitsToDouble(ByteOrders.getLong(buffer, offset)),
                Double.longBitsToDouble(ByteOrders.getLong(buffer, offset + 8)));
    }

    /** No order SQL can see: only so that equal values are found equal. */
    @Override
    public int compare(Object a, Object b) {
        PointValue p = (PointValue) a;
        PointValue q = (PointValue) b;
        int byX = Double.compare(p.x(), q.x());
        return byX != 0 ? byX : Double.compare(p.y(), q.y());
    }
}
