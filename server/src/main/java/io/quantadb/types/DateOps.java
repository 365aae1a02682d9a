package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.datetime.DateTimeFormat;
import io.quantadb.types.datetime.DateTimeParser;

/** date: days since 2000-01-01. */
final class DateOps extends LongOps {
    static final DateOps INSTANCE = new DateOps();

    private DateOps() {
        super("date", 4, false);
    }

    @Override
    String toText(long value, TextContext ctx) {
        return DateTimeFormat.date(value, ctx);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        DateTimeFormat.writeDate(value, out, ctx);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return DateTimeParser.parseDate(text, ctx);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        long days = in.readInt();
        if (TimeUnits.isFiniteDate(days) && !TimeUnits.isValidDate(days)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
        }
        return days;
    }
}
