package io.quantadb.function;

import static io.quantadb.function.Args.dbl;
import static io.quantadb.function.Args.interval;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.numeric;
import static io.quantadb.function.Args.text;

import io.quantadb.types.Numeric;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.datetime.TimestampMath;

/** to_char, to_date, to_timestamp and to_number. */
public final class FormatFunctions implements FunctionRegistry.Library {
    private static final int DOUBLE_DIGITS = 15;
    private static final int FLOAT_DIGITS = 6;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn2("timestamp_to_char", (c, a, f) -> text(f).isEmpty() || !TimeUnits.isFiniteTimestamp(num(a)) ? null
                : DateFormatting.format(DateTemplate.of(text(f)), DateFormatting.Fields.ofTimestamp(num(a), null, null)));
        registry.fn2("timestamptz_to_char", (c, a, f) -> {
            if (text(f).isEmpty() || !TimeUnits.isFiniteTimestamp(num(a))) {
                return null;
            }
            SessionTimeZone zone = c.text().timeZone();
            return DateFormatting.format(DateTemplate.of(text(f)), DateFormatting.Fields.ofTimestamp(
                    TimestampMath.toLocal(num(a), zone), zone.offsetAt(num(a)), zone.abbreviationAt(num(a))));
        });
        registry.fn2("interval_to_char", (c, a, f) -> text(f).isEmpty() ? null
                : DateFormatting.format(DateTemplate.of(text(f)), DateFormatting.Fields.ofInterval(interval(a))));
        registry.fn2("to_date", (c, a, f) -> DateReading.date(text(a), text(f)));
        registry.fn2("to_timestamp", (c, a, f) -> DateReading.timestamp(text(a), text(f), c.text().timeZone()));
        registry.fn2("numeric_to_char", (c, a, f) -> NumberTemplate.of(text(f)).format(numeric(a)));
        registry.fn2("int4_to_char", (c, a, f) -> NumberTemplate.of(text(f)).format((double) num(a), DOUBLE_DIGITS));
        registry.fn2("int8_to_char", (c, a, f) -> NumberTemplate.of(text(f)).format(Numeric.of(num(a))));
        registry.fn2("float8_to_char", (c, a, f) -> NumberTemplate.of(text(f)).format(dbl(a), DOUBLE_DIGITS));
        registry.fn2("float4_to_char", (c, a, f) -> NumberTemplate.of(text(f)).format(dbl(a), FLOAT_DIGITS));
        registry.fn2("numeric_to_number", (c, a, f) -> text(f).isEmpty() ? null : NumberTemplate.of(text(f))
                .parse(text(a)));
    }
}
