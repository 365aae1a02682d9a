package io.quantadb.types;

/** tid; stored as block (4 bytes) and offset (2 bytes), little-endian. */
final class TidOps extends ObjectOps {
    static final TidOps INSTANCE = new TidOps();

    private TidOps() {
        super("tid");
    }

    @Override
    public int storageWidth() {
        return 6;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return value.toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        int open = text.indexOf('(');
        int comma = text.indexOf(',');
        int close = text.indexOf(')');
        if (open < 0 || comma < open || close < comma) {
            throw IntegerText.invalid(text, "tid");
        }
        try {
            long block = Long.parseLong(text, open + 1, comma, 10);
            int offset = Integer.parseInt(text, comma + 1, close, 10);
            if (block > 0xFFFF_FFFFL || block < Integer.MIN_VALUE || offset < 0 || offset > 0xFFFF) {
                throw IntegerText.invalid(text, "tid");
            }
            return new TidValue(block & 0xFFFF_FFFFL, offset);
        } catch (NumberFormatException e) {
            throw IntegerText.invalid(text, "tid");
        }
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        TidValue tid = (TidValue) value;
        out.writeInt((int) tid.block());
        out.writeShort(tid.offset());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return new TidValue(in.readInt() & 0xFFFF_FFFFL, in.readShort() & 0xFFFF);
    }

    @Override
    public byte[] encode(Object value) {
        TidValue tid = (TidValue) value;
        byte[] bytes = new byte[6];
        ByteOrders.putIntLe(bytes, 0, (int) tid.block());
        bytes[4] = (byte) tid.offset();
        bytes[5] = (byte) (tid.offset() >> 8);
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new TidValue(ByteOrders.getIntLe(buffer, offset) & 0xFFFF_FFFFL,
                buffer[offset + 4] & 0xFF | (buffer[offset + 5] & 0xFF) << 8);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((TidValue) a).compareTo((TidValue) b);
    }
}
