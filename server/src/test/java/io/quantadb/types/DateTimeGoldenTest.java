package io.quantadb.types;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.types.datetime.DateTimeExtract;
import io.quantadb.types.datetime.DateTimeFormat;
import io.quantadb.types.datetime.DateTimeParser;
import io.quantadb.types.datetime.IntervalParser;
import io.quantadb.types.datetime.TimestampMath;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * Goal: date and time arithmetic gives PostgreSQL's results and errors. Method: golden file {@code types/datetime.tsv}
 * from {@code generate_golden.py}, in time zone America/New_York.
 */
class DateTimeGoldenTest {
    private static final TextContext CTX = TestTypes.context("ISO,MDY|postgres|America/New_York|1|hex");

    @Test
    void shouldCalculateLikePostgres() {
        List<String> failures = new ArrayList<>();
        List<String[]> rows = GoldenFile.read("datetime.tsv");
        assertTrue(rows.size() > 1000, "golden file is too small");
        for (String[] row : rows) {
            String actual;
            try {
                actual = evaluate(row[0], row[1].split("\\|"));
            } catch (SqlException e) {
                actual = GoldenFile.describe(e);
            }
            if (!actual.equals(row[2])) {
                failures.add(row[0] + " [" + row[1] + "]\n   expected " + row[2] + "\n   actual   " + actual);
            }
        }
        TypeGoldenTest.report(failures, rows.size());
    }

    private static String print(Numeric value) {
        return value == null ? "<NULL>" : value.toString();
    }

    private static long ts(String text) {
        return DateTimeParser.parseTimestamp(text, CTX);
    }

    private static long tstz(String text) {
        return DateTimeParser.parseTimestampTz(text, CTX);
    }

    private static Interval iv(String text) {
        return IntervalParser.parse(text, -1, CTX);
    }

    private static String stamp(long value) {
        return DateTimeFormat.timestamp(value, false, CTX);
    }

    private static String stampTz(long value) {
        return DateTimeFormat.timestamp(value, true, CTX);
    }

    private static String evaluate(String name, String[] a) {
        return switch (name) {
            case "extract_timestamp" -> print(DateTimeExtract.fromTimestamp(a[0], ts(a[1])));
            case "extract_timestamptz" -> print(DateTimeExtract.fromTimestampTz(a[0], tstz(a[1]), CTX.timeZone()));
            case "extract_date" -> print(DateTimeExtract.fromDate(a[0], DateTimeParser.parseDate(a[1], CTX)));
            case "extract_time" -> print(DateTimeExtract.fromTime(a[0], DateTimeParser.parseTime(a[1], CTX)));
            case "extract_timetz" -> print(DateTimeExtract.fromTimeTz(a[0], DateTimeParser.parseTimeTz(a[1], CTX)));
            case "extract_interval" -> print(DateTimeExtract.fromInterval(a[0], iv(a[1])));
            case "trunc_timestamp" -> stamp(DateTimeExtract.truncate(a[0], ts(a[1])));
            case "trunc_timestamptz" -> stampTz(DateTimeExtract.truncateTz(a[0], tstz(a[1]), CTX.timeZone()));
            case "trunc_interval" -> DateTimeExtract.truncate(a[0], iv(a[1])).toString();
            case "add_timestamp" -> stamp(TimestampMath.add(ts(a[0]), iv(a[1])));
            case "add_timestamptz" -> stampTz(TimestampMath.addTz(tstz(a[0]), iv(a[1]), CTX.timeZone()));
            case "sub_timestamp" -> TimestampMath.subtract(ts(a[0]), ts(a[1])).toString();
            case "age" -> TimestampMath.age(ts(a[0]), ts(a[1])).toString();
            case "justify_hours" -> TimestampMath.justifyHours(iv(a[0])).toString();
            case "justify_days" -> TimestampMath.justifyDays(iv(a[0])).toString();
            case "justify_interval" -> TimestampMath.justifyInterval(iv(a[0])).toString();
            case "mul_interval" -> TimestampMath.multiply(iv(a[0]), FloatText.parseDouble(a[1])).toString();
            case "div_interval" -> TimestampMath.divide(iv(a[0]), FloatText.parseDouble(a[1])).toString();
            case "add_interval" -> TimestampMath.addIntervals(iv(a[0]), iv(a[1])).toString();
            default -> make(name, a[0].split(","));
        };
    }

    private static String make(String name, String[] parts) {
        double[] v = new double[parts.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = Double.parseDouble(parts[i]);
        }
        return switch (name) {
            case "make_date" -> DateTimeFormat.date(TimestampMath.makeDate((int) v[0], (int) v[1], (int) v[2]), CTX);
            case "make_time" -> DateTimeFormat.time(TimestampMath.makeTime((int) v[0], (int) v[1], v[2]));
            case "make_timestamp" -> stamp(TimestampMath.makeTimestamp((int) v[0], (int) v[1], (int) v[2], (int) v[3],
                    (int) v[4], v[5]));
            case "make_interval" -> TimestampMath.makeInterval((int) v[0], (int) v[1], (int) v[2], (int) v[3],
                    (int) v[4], (int) v[5], v[6]).toString();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
