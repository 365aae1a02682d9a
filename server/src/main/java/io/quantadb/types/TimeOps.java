package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.DateTimeFormat;
import io.quantadb.types.datetime.DateTimeParser;

/** time: microseconds of the day, 24:00:00 included. */
final class TimeOps extends LongOps {
    static final TimeOps INSTANCE = new TimeOps();

    private TimeOps() {
        super("time without time zone", 8, false);
    }

    @Override
    String toText(long value, TextContext ctx) {
        return DateTimeFormat.time(value);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        DateTimeFormat.writeTime(value, out);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return TimePrecision.round(DateTimeParser.parseTime(text, ctx), typmod);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        long micros = in.readLong();
        if (micros < 0 || micros > TimeUnits.MICROS_PER_DAY) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "time out of range");
        }
        return TimePrecision.round(micros, typmod);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        return TimePrecision.round((Long) value, typmod);
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return TimePrecision.parse(arguments, "TIME");
    }
}
