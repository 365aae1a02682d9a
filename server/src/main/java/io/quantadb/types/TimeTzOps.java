package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.DateTimeFormat;
import io.quantadb.types.datetime.DateTimeParser;

/** timetz; stored as microseconds (8 bytes) and zone (4 bytes), little-endian. */
final class TimeTzOps extends ObjectOps {
    static final TimeTzOps INSTANCE = new TimeTzOps();

    private static final int ZONE_LIMIT_SECONDS = 16 * 3600;

    private TimeTzOps() {
        super("time with time zone");
    }

    @Override
    public int storageWidth() {
        return 12;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return DateTimeFormat.timeTz((TimeTz) value);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return applyTypmod(DateTimeParser.parseTimeTz(text, ctx), typmod, false);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeLong(((TimeTz) value).micros());
        out.writeInt(((TimeTz) value).zoneSeconds());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        TimeTz value = new TimeTz(in.readLong(), in.readInt());
        if (value.micros() < 0 || value.micros() > TimeUnits.MICROS_PER_DAY) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "time out of range");
        }
        if (Math.abs((long) value.zoneSeconds()) >= ZONE_LIMIT_SECONDS) {
            throw new SqlException(SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
                    "time zone displacement out of range");
        }
        return applyTypmod(value, typmod, false);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        TimeTz time = (TimeTz) value;
        return typmod < 0 ? time : new TimeTz(TimePrecision.round(time.micros(), typmod), time.zoneSeconds());
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return TimePrecision.parse(arguments, "TIME WITH TIME ZONE");
    }

    @Override
    public byte[] encode(Object value) {
        byte[] bytes = new byte[12];
        ByteOrders.putLongLe(bytes, 0, ((TimeTz) value).micros());
        ByteOrders.putIntLe(bytes, 8, ((TimeTz) value).zoneSeconds());
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return new TimeTz(ByteOrders.getLongLe(buffer, offset), ByteOrders.getIntLe(buffer, offset + 8));
    }

    @Override
    public int compare(Object a, Object b) {
        return ((TimeTz) a).compareTo((TimeTz) b);
    }
}
