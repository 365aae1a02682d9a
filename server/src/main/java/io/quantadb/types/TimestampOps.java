package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.DateTimeFormat;
import io.quantadb.types.datetime.DateTimeParser;

/** timestamp and timestamptz: microseconds since 2000-01-01, local and UTC. */
final class TimestampOps extends LongOps {
    static final TimestampOps WITHOUT_ZONE = new TimestampOps("timestamp without time zone", false);
    static final TimestampOps WITH_ZONE = new TimestampOps("timestamp with time zone", true);

    private final boolean withZone;

    private TimestampOps(String name, boolean withZone) {
        super(name, 8, false);
        this.withZone = withZone;
    }

    @Override
    String toText(long value, TextContext ctx) {
        return DateTimeFormat.timestamp(value, withZone, ctx);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        DateTimeFormat.writeTimestamp(value, withZone, out, ctx);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        long value = withZone ? DateTimeParser.parseTimestampTz(text, ctx) : DateTimeParser.parseTimestamp(text, ctx);
        return round(value, typmod);
    }

    private static long round(long value, int typmod) {
        return TimeUnits.isFiniteTimestamp(value) ? TimePrecision.round(value, typmod) : value;
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        long value = in.readLong();
        if (TimeUnits.isFiniteTimestamp(value) && !TimeUnits.isValidTimestamp(value)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
        }
        return round(value, typmod);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        return round((Long) value, typmod);
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return TimePrecision.parse(arguments, withZone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP");
    }
}
