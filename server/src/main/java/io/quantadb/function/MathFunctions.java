package io.quantadb.function;

import static io.quantadb.function.Args.dbl;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.numeric;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Numeric;
import io.quantadb.types.NumericMath;
import io.quantadb.types.PgType;
import java.math.BigInteger;

/** Functions of double precision and numeric, and what integers share with them. */
public final class MathFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerRounding(registry);
        registerPowers(registry);
        registerNumerics(registry);
        registerIntegers(registry);
        registerBuckets(registry);
        registry.fn0("drandom", c -> c.random().nextDouble());
        registry.fn1("setseed", (c, a) -> {
            if (!(dbl(a) >= -1 && dbl(a) <= 1)) {
                throw Args.invalidParameter("setseed parameter " + io.quantadb.types.FloatText.formatDouble(dbl(a), -9)
                        + " is out of allowed range [-1,1]");
            }
            c.seedRandom(dbl(a));
            return "";
        });
    }

    private static void registerRounding(FunctionRegistry.Builder registry) {
        registry.double1("dceil", Math::ceil).double1("dfloor", Math::floor).double1("dround", Math::rint)
                .double1("dtrunc", a -> a < 0 ? Math.ceil(a) : Math.floor(a))
                .double1("dsign", a -> a > 0 ? 1 : a < 0 ? -1 : 0);
        registry.double2("float8larger", (a, b) -> CoreComparisons.compareDouble(a, b) > 0 ? a : b)
                .double2("float8smaller", (a, b) -> CoreComparisons.compareDouble(a, b) < 0 ? a : b)
                .double2("float4larger", (a, b) -> CoreComparisons.compareDouble(a, b) > 0 ? a : b)
                .double2("float4smaller", (a, b) -> CoreComparisons.compareDouble(a, b) < 0 ? a : b);
    }

    private static void registerPowers(FunctionRegistry.Builder registry) {
        registry.double1("dsqrt", a -> {
            if (a < 0) {
                throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                        "cannot take square root of a negative number");
            }
            return Math.sqrt(a);
        });
        registry.double1("dcbrt", Math::cbrt);
        registry.double2("dpow", MathFunctions::power);
        registry.double1("dexp", a -> {
            double result = Math.exp(a);
            if (Double.isInfinite(result) && !Double.isInfinite(a)) {
                throw CoreArithmetic.overflow();
            }
            if (result == 0 && !Double.isInfinite(a)) {
                throw CoreArithmetic.underflow();
            }
            return result;
        });
        registry.double1("dlog1", a -> Math.log(positive(a))).double1("dlog10", a -> Math.log10(positive(a)));
        registry.fn0("dpi", c -> Math.PI);
    }

    private static double positive(double a) {
        if (a == 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
        }
        if (a < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
        }
        return a;
    }

    private static double power(double a, double b) {
        if (Double.isNaN(a)) {
            return b == 0 ? 1 : Double.NaN;
        }
        if (Double.isNaN(b)) {
            return a == 1 ? 1 : Double.NaN;
        }
        if (a == 0 && b < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "zero raised to a negative power is undefined");
        }
        if (a < 0 && Math.floor(b) != b && !Double.isInfinite(b)) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "a negative number raised to a non-integer power yields a complex result");
        }
        if (Math.abs(a) == 1 && Double.isInfinite(b)) {
            return 1;
        }
        double result = Math.pow(a, b);
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw CoreArithmetic.overflow();
        }
        if (result == 0 && a != 0 && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw CoreArithmetic.underflow();
        }
        return result;
    }

    private static void registerNumerics(FunctionRegistry.Builder registry) {
        registry.fn1("numeric_ceil", (c, a) -> numeric(a).ceil()).fn1("numeric_floor", (c, a) -> numeric(a).floor())
                .fn1("numeric_sign", (c, a) -> numeric(a).sign())
                .fn2("numeric_round", (c, a, n) -> roundTo(numeric(a), int4(n), true))
                .fn2("numeric_trunc", (c, a, n) -> roundTo(numeric(a), int4(n), false))
                .fn1("sql:1708", (c, a) -> numeric(a).round(0)).fn1("sql:1710", (c, a) -> numeric(a).truncate(0))
                .fn1("numeric_sqrt", (c, a) -> NumericMath.sqrt(numeric(a)))
                .fn1("numeric_exp", (c, a) -> NumericMath.exp(numeric(a)))
                .fn1("numeric_ln", (c, a) -> NumericMath.ln(numeric(a)))
                .fn2("numeric_log", (c, a, b) -> NumericMath.log(numeric(a), numeric(b)))
                .fn1("sql:1741", (c, a) -> NumericMath.log10(numeric(a)))
                .fn1("sql:1481", (c, a) -> NumericMath.log10(numeric(a)))
                .fn2("numeric_power", (c, a, b) -> NumericMath.power(numeric(a), numeric(b)))
                .fn1("numeric_fac", (c, a) -> NumericMath.factorial(num(a)))
                .fn2("numeric_gcd", (c, a, b) -> NumericMath.gcd(numeric(a), numeric(b)))
                .fn2("numeric_lcm", (c, a, b) -> NumericMath.lcm(numeric(a), numeric(b)))
                .fn1("numeric_min_scale", (c, a) -> numeric(a).isFinite() ? (Long) (long) numeric(a).minScale() : null)
                .fn1("numeric_scale", (c, a) -> numeric(a).isFinite() ? (Long) (long) numeric(a).scale() : null)
                .fn1("numeric_trim_scale", (c, a) -> numeric(a).isFinite() ? numeric(a).trimScale() : a)
                .fn1("numeric_inc", (c, a) -> numeric(a).add(Numeric.ONE))
                .fn2("numeric_larger", (c, a, b) -> numeric(a).compareTo(numeric(b)) > 0 ? a : b)
                .fn2("numeric_smaller", (c, a, b) -> numeric(a).compareTo(numeric(b)) < 0 ? a : b);
    }

    private static Numeric roundTo(Numeric value, int digits, boolean rounding) {
        return rounding ? value.round(digits) : value.truncate(digits);
    }

    private static void registerIntegers(FunctionRegistry.Builder registry) {
        registry.long2("int4gcd", (a, b) -> gcd(a, b, Integer.MAX_VALUE, "integer"))
                .long2("int8gcd", (a, b) -> gcd(a, b, Long.MAX_VALUE, "bigint"))
                .long2("int4lcm", (a, b) -> lcm(a, b, Integer.MAX_VALUE, "integer"))
                .long2("int8lcm", (a, b) -> lcm(a, b, Long.MAX_VALUE, "bigint"));
        registry.long1("int4inc", a -> {
            if (a == Integer.MAX_VALUE) {
                throw CoreArithmetic.outOfRange("integer");
            }
            return a + 1;
        });
        registry.long1("int8inc", a -> {
            if (a == Long.MAX_VALUE) {
                throw CoreArithmetic.outOfRange("bigint");
            }
            return a + 1;
        });
        registry.long1("int8dec", a -> {
            if (a == Long.MIN_VALUE) {
                throw CoreArithmetic.outOfRange("bigint");
            }
            return a - 1;
        });
        registry.long2("oidlarger", Math::max).long2("oidsmaller", Math::min);
    }

    private static long gcd(long a, long b, long max, String typeName) {
        BigInteger result = BigInteger.valueOf(a).gcd(BigInteger.valueOf(b));
        if (result.compareTo(BigInteger.valueOf(max)) > 0) {
            throw CoreArithmetic.outOfRange(typeName);
        }
        return result.longValue();
    }

    private static long lcm(long a, long b, long max, String typeName) {
        if (a == 0 || b == 0) {
            return 0;
        }
        BigInteger x = BigInteger.valueOf(a);
        BigInteger y = BigInteger.valueOf(b);
        BigInteger result = x.divide(x.gcd(y)).multiply(y).abs();
        if (result.compareTo(BigInteger.valueOf(max)) > 0) {
            throw CoreArithmetic.outOfRange(typeName);
        }
        return result.longValue();
    }

    // ---- width_bucket

    private static void registerBuckets(FunctionRegistry.Builder registry) {
        registry.fnN("width_bucket_float8", (c, a) -> bucket(dbl(a[0]), dbl(a[1]), dbl(a[2]), int4(a[3])));
        registry.fnN("width_bucket_numeric", (c, a) -> bucket(numeric(a[0]), numeric(a[1]), numeric(a[2]),
                int4(a[3])));
        registry.scalarFactory("width_bucket_array", site -> {
            PgType element = site.argumentType(0);
            return (ScalarFunction.Fn2) (c, value, thresholds) -> bucket(element, value, (ArrayValue) thresholds);
        });
    }

    private static SqlException bucketError(String message) {
        return new SqlException(SqlState.INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, message);
    }

    private static Object bucket(double operand, double low, double high, int count) {
        if (count <= 0) {
            throw bucketError("count must be greater than zero");
        }
        if (Double.isNaN(operand) || Double.isNaN(low) || Double.isNaN(high)) {
            throw bucketError("operand, lower bound, and upper bound cannot be NaN");
        }
        if (Double.isInfinite(low) || Double.isInfinite(high)) {
            throw bucketError("lower and upper bounds must be finite");
        }
        if (low == high) {
            throw bucketError("lower bound cannot equal upper bound");
        }
        boolean up = low < high;
        if (up ? operand < low : operand > low) {
            return 0L;
        }
        if (up ? operand >= high : operand <= high) {
            if (count == Integer.MAX_VALUE) {
                throw CoreArithmetic.outOfRange("integer");
            }
            return count + 1L;
        }
        double range = high - low;
        double place = Double.isInfinite(range) ? (operand / 2 - low / 2) / (high / 2 - low / 2)
                : (operand - low) / range;
        return Math.min((long) (place * count), count - 1L) + 1;
    }

    private static Object bucket(Numeric operand, Numeric low, Numeric high, int count) {
        if (count <= 0) {
            throw bucketError("count must be greater than zero");
        }
        if (operand.isNaN() || low.isNaN() || high.isNaN()) {
            throw bucketError("operand, lower bound, and upper bound cannot be NaN");
        }
        if (low.isInfinite() || high.isInfinite()) {
            throw bucketError("lower and upper bounds must be finite");
        }
        int direction = Integer.signum(high.compareTo(low));
        if (direction == 0) {
            throw bucketError("lower bound cannot equal upper bound");
        }
        if (operand.compareTo(low) * direction < 0) {
            return 0L;
        }
        if (operand.compareTo(high) * direction >= 0) {
            if (count == Integer.MAX_VALUE) {
                throw CoreArithmetic.outOfRange("integer");
            }
            return count + 1L;
        }
        return operand.subtract(low).multiply(Numeric.of(count)).divideTruncated(high.subtract(low)).toInt8() + 1;
    }

    private static Object bucket(PgType element, Object value, ArrayValue thresholds) {
        if (thresholds.dimensionCount() > 1) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "thresholds must be one-dimensional array");
        }
        if (thresholds.hasNulls()) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "thresholds array must not contain NULLs");
        }
        int low = 0;
        int high = thresholds.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (element.ops().compare(value, thresholds.get(middle)) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return (long) low;
    }
}
