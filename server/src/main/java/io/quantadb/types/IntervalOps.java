package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.IntervalFormat;
import io.quantadb.types.datetime.IntervalParser;
import io.quantadb.types.datetime.IntervalRange;

/** interval; stored as microseconds (8 bytes), days and months (4 bytes each), little-endian. */
final class IntervalOps extends ObjectOps {
    static final IntervalOps INSTANCE = new IntervalOps();

    private IntervalOps() {
        super("interval");
    }

    @Override
    public int storageWidth() {
        return 16;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return IntervalFormat.format((Interval) value, ctx.intervalStyle());
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return IntervalParser.parse(text, typmod, ctx);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        Interval interval = (Interval) value;
        out.writeLong(interval.micros());
        out.writeInt(interval.days());
        out.writeInt(interval.months());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        long micros = in.readLong();
        int days = in.readInt();
        return IntervalRange.apply(new Interval(in.readInt(), days, micros), typmod);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        return IntervalRange.apply((Interval) value, typmod);
    }

    @Override
    public String formatTypmod(int typmod) {
        return IntervalRange.format(typmod);
    }

    /** The grammar passes the range mask and perhaps the precision as numbers. */
    @Override
    public int parseTypmod(String[] arguments) {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid INTERVAL type modifier");
        }
        return IntervalRange.fromArguments(TypmodArguments.integer(arguments[0]),
                arguments.length == 2 ? TypmodArguments.integer(arguments[1]) : null);
    }

    @Override
    public byte[] encode(Object value) {
        Interval interval = (Interval) value;
        byte[] bytes = new byte[16];
        ByteOrders.putLongLe(bytes, 0, interval.micros());
        ByteOrders.putIntLe(bytes, 8, interval.days());
        ByteOrders.putIntLe(bytes, 12, interval.months());
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new Interval(ByteOrders.getIntLe(buffer, offset + 12), ByteOrders.getIntLe(buffer, offset + 8),
                ByteOrders.getLongLe(buffer, offset));
    }

    @Override
    public int compare(Object a, Object b) {
        return ((Interval) a).compareTo((Interval) b);
    }
}
