package io.quantadb.types;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * Goal: numeric arithmetic gives PostgreSQL's digits and scales. Method: golden file {@code types/numeric.tsv} from
 * {@code generate_golden.py}: special values crossed, and random ones under a fixed seed.
 */
class NumericGoldenTest {
    @Test
    void shouldCalculateLikePostgres() {
        List<String> failures = new ArrayList<>();
        List<String[]> rows = GoldenFile.read("numeric.tsv");
        assertTrue(rows.size() > 1000, "golden file is too small");
        for (String[] row : rows) {
            String actual;
            try {
                actual = evaluate(row[0], row[1].split(" "));
            } catch (SqlException e) {
                actual = GoldenFile.describe(e);
            }
            if (!actual.equals(row[2])) {
                failures.add(row[0] + " [" + row[1] + "]\n   expected " + row[2] + "\n   actual   " + actual);
            }
        }
        TypeGoldenTest.report(failures, rows.size());
    }

    private static String evaluate(String name, String[] arguments) {
        if (name.equals("fromdouble")) {
            return Numeric.fromDouble(FloatText.parseDouble(arguments[0])).toString();
        }
        if (name.equals("fromfloat")) {
            return Numeric.fromFloat(FloatText.parseFloat(arguments[0])).toString();
        }
        Numeric a = Numeric.parse(arguments[0]);
        Numeric b = arguments.length > 1 ? Numeric.parse(arguments[1]) : null;
        Object result = switch (name) {
            case "add" -> a.add(b);
            case "sub" -> a.subtract(b);
            case "mul" -> a.multiply(b);
            case "div" -> a.divide(b);
            case "mod" -> a.remainder(b);
            case "idiv" -> a.divideTruncated(b);
            case "power" -> NumericMath.power(a, b);
            case "log" -> NumericMath.log(a, b);
            case "log10" -> NumericMath.log10(a);
            case "sqrt" -> NumericMath.sqrt(a);
            case "exp" -> NumericMath.exp(a);
            case "ln" -> NumericMath.ln(a);
            case "ceil" -> a.ceil();
            case "floor" -> a.floor();
            case "sign" -> a.sign();
            case "abs" -> a.abs();
            case "trunc" -> a.truncate(0);
            case "round" -> a.round(0);
            case "roundto" -> a.round(Integer.parseInt(arguments[1]));
            case "truncto" -> a.truncate(Integer.parseInt(arguments[1]));
            case "int8" -> a.toInt8();
            case "int4" -> a.toInt4();
            case "float8" -> FloatText.formatDouble(a.doubleValue(), 1);
            default -> throw new IllegalArgumentException(name);
        };
        return result.toString();
    }
}
