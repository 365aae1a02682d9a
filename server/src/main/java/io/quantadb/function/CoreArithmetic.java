package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.FloatText;
import io.quantadb.types.Numeric;

/** Arithmetic of integers, floats and numerics, and the conversions between them. */
public final class CoreArithmetic implements FunctionRegistry.Library {
    private static final long DATE_NEGATIVE_INFINITY = Integer.MIN_VALUE;
    private static final long DATE_INFINITY = Integer.MAX_VALUE;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerIntegers(registry, "int2", Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
        registerIntegers(registry, "int4", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        registerIntegers(registry, "int24", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        registerIntegers(registry, "int42", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        for (String name : new String[] {"int8", "int28", "int82", "int48", "int84"}) {
            registerIntegers(registry, name, Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
        }
        registerBits(registry, "int2", 16, Short.MIN_VALUE, "smallint");
        registerBits(registry, "int4", 32, Integer.MIN_VALUE, "integer");
        registerBits(registry, "int8", 64, Long.MIN_VALUE, "bigint");
        registerFloats(registry, "float8", false);
        registerFloats(registry, "float48", false);
        registerFloats(registry, "float84", false);
        registerFloats(registry, "float4", true);
        registerNumerics(registry);
        registerCasts(registry);
        registerDates(registry);
        registry.fn2("textcat", (c, a, b) -> ((String) a).concat((String) b));
        registerLike(registry);
    }

    public static SqlException outOfRange(String typeName) {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, typeName + " out of range");
    }

    public static SqlException divisionByZero() {
        return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }

    private static long check(long value, long min, long max, String typeName) {
        if (value < min || value > max) {
            throw outOfRange(typeName);
        }
        return value;
    }

    private static void registerIntegers(FunctionRegistry.Builder registry, String prefix, long min, long max,
            String name) {
        registry.long2(prefix + "pl", (a, b) -> {
            long r = a + b;
            if (((a ^ r) & (b ^ r)) < 0) {
                throw outOfRange(name);
            }
            return check(r, min, max, name);
        });
        registry.long2(prefix + "mi", (a, b) -> {
            long r = a - b;
            if (((a ^ b) & (a ^ r)) < 0) {
                throw outOfRange(name);
            }
            return check(r, min, max, name);
        });
        registry.long2(prefix + "mul", (a, b) -> {
            long r = a * b;
            if (Math.multiplyHigh(a, b) != r >> 63) {
                throw outOfRange(name);
            }
            return check(r, min, max, name);
        });
        registry.long2(prefix + "div", (a, b) -> {
            if (b == 0) {
                throw divisionByZero();
            }
            if (b == -1 && a == min) {
                throw outOfRange(name);
            }
            return a / b;
        });
    }

    private static void registerBits(FunctionRegistry.Builder registry, String prefix, int bits, long min,
            String name) {
        registry.long2(prefix + "mod", (a, b) -> {
            if (b == 0) {
                throw divisionByZero();
            }
            return b == -1 ? 0 : a % b;
        });
        registry.long1(prefix + "um", a -> {
            if (a == min) {
                throw outOfRange(name);
            }
            return -a;
        });
        registry.long1(prefix + "up", a -> a);
        registry.long1(prefix + "abs", a -> {
            if (a == min) {
                throw outOfRange(name);
            }
            return Math.abs(a);
        });
        registry.long2(prefix + "and", (a, b) -> a & b).long2(prefix + "or", (a, b) -> a | b)
                .long2(prefix + "xor", (a, b) -> a ^ b).long1(prefix + "not", a -> ~a);
        registry.long2(prefix + "shl", (a, b) -> narrow(a << (b & (bits == 64 ? 63 : 31)), bits));
        registry.long2(prefix + "shr", (a, b) -> narrow(a >> (b & (bits == 64 ? 63 : 31)), bits));
        registry.long2(prefix + "larger", Math::max).long2(prefix + "smaller", Math::min);
    }

    private static long narrow(long value, int bits) {
        return bits == 64 ? value : bits == 32 ? (int) value : (short) value;
    }

    private static void registerFloats(FunctionRegistry.Builder registry, String prefix, boolean single) {
        registry.double2(prefix + "pl", (a, b) -> overflow(round(a + b, single), a, b));
        registry.double2(prefix + "mi", (a, b) -> overflow(round(a - b, single), a, b));
        registry.double2(prefix + "mul", (a, b) -> {
            double r = overflow(round(a * b, single), a, b);
            if (r == 0 && a != 0 && b != 0) {
                throw underflow();
            }
            return r;
        });
        registry.double2(prefix + "div", (a, b) -> {
            if (b == 0 && !Double.isNaN(a)) {
                throw divisionByZero();
            }
            double r = round(a / b, single);
            if (Double.isInfinite(r) && !Double.isInfinite(a)) {
                throw overflow();
            }
            if (r == 0 && a != 0 && !Double.isInfinite(b)) {
                throw underflow();
            }
            return r;
        });
        if (prefix.length() == 6) {
            registry.double1(prefix + "um", a -> -a).double1(prefix + "up", a -> a).double1(prefix + "abs", Math::abs);
        }
    }

    private static double round(double value, boolean single) {
        return single ? (float) value : value;
    }

    private static double overflow(double result, double a, double b) {
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw overflow();
        }
        return result;
    }

    public static SqlException overflow() {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    }

    public static SqlException underflow() {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
    }

    private static void registerNumerics(FunctionRegistry.Builder registry) {
        registry.fn2("numeric_add", (c, a, b) -> ((Numeric) a).add((Numeric) b))
                .fn2("numeric_sub", (c, a, b) -> ((Numeric) a).subtract((Numeric) b))
                .fn2("numeric_mul", (c, a, b) -> ((Numeric) a).multiply((Numeric) b))
                .fn2("numeric_div", (c, a, b) -> ((Numeric) a).divide((Numeric) b))
                .fn2("numeric_mod", (c, a, b) -> ((Numeric) a).remainder((Numeric) b))
                .fn2("numeric_div_trunc", (c, a, b) -> ((Numeric) a).divideTruncated((Numeric) b))
                .fn1("numeric_uminus", (c, a) -> ((Numeric) a).negate())
                .fn1("numeric_uplus", (c, a) -> a)
                .fn1("numeric_abs", (c, a) -> ((Numeric) a).abs());
    }

    private static void registerCasts(FunctionRegistry.Builder registry) {
        // int2 -> int8 and so on: the representation is the same, only the range narrows.
        registry.long1("int28", a -> a).long1("int48", a -> a).long1("i2toi4", a -> a).long1("oidtoi8", a -> a);
        registry.long1("i4toi2", a -> check(a, Short.MIN_VALUE, Short.MAX_VALUE, "smallint"));
        registry.long1("int82", a -> check(a, Short.MIN_VALUE, Short.MAX_VALUE, "smallint"));
        registry.long1("int84", a -> check(a, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer"));
        registry.long1("i8tooid", a -> check(a, 0, 0xFFFF_FFFFL, "OID"));
        registry.long1("int4_bool", a -> a != 0 ? 1 : 0).long1("bool_int4", a -> a);
        for (String name : new String[] {"int2_numeric", "int4_numeric", "int8_numeric"}) {
            registry.fn1(name, (c, a) -> Numeric.of((Long) a));
        }
        registry.fn1("numeric_int2", (c, a) -> ((Numeric) a).toInt2()).fn1("numeric_int4",
                (c, a) -> ((Numeric) a).toInt4()).fn1("numeric_int8", (c, a) -> ((Numeric) a).toInt8());
        registry.fn1("numeric_float8", (c, a) -> toDouble((Numeric) a))
                .fn1("numeric_float4", (c, a) -> toFloat((Numeric) a))
                .fn1("float8_numeric", (c, a) -> Numeric.fromDouble((Double) a))
                .fn1("float4_numeric", (c, a) -> Numeric.fromFloat((Double) a));
        for (String name : new String[] {"i2tod", "i4tod", "i8tod"}) {
            registry.fn1(name, (c, a) -> (double) (Long) a);
        }
        for (String name : new String[] {"i2tof", "i4tof", "i8tof"}) {
            registry.fn1(name, (c, a) -> (double) (float) (long) (Long) a);
        }
        registry.double1("ftod", a -> a).double1("dtof", a -> {
            double r = (float) a;
            if (Double.isInfinite(r) && !Double.isInfinite(a)) {
                throw overflow();
            }
            if (r == 0 && a != 0) {
                throw underflow();
            }
            return r;
        });
        registerFloatToInteger(registry, "dtoi2", "ftoi2", Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
        registerFloatToInteger(registry, "dtoi4", "ftoi4", Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        registerFloatToInteger(registry, "dtoi8", "ftoi8", Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
    }

    private static void registerFloatToInteger(FunctionRegistry.Builder registry, String fromDouble, String fromFloat,
            long min, long max, String name) {
        ScalarFunction.Fn1 function = (c, a) -> {
            double rounded = Math.rint((Double) a);
            // The upper limit of bigint is not a double: 2^63 itself is out.
            if (!(rounded >= min && (max == Long.MAX_VALUE ? rounded < 0x1p63 : rounded <= max))) {
                throw outOfRange(name);
            }
            return (long) rounded;
        };
        registry.fn1(fromDouble, function).fn1(fromFloat, function);
    }

    private static void registerDates(FunctionRegistry.Builder registry) {
        registry.long2("date_pli", (date, days) -> addDays(date, days))
                .long2("date_mii", (date, days) -> addDays(date, -days));
        registry.long2("date_mi", (a, b) -> {
            if (a == DATE_INFINITY || a == DATE_NEGATIVE_INFINITY || b == DATE_INFINITY
                    || b == DATE_NEGATIVE_INFINITY) {
                throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
            }
            return a - b;
        });
        registry.long2("date_larger", Math::max).long2("date_smaller", Math::min)
                .long2("timestamp_larger", Math::max).long2("timestamp_smaller", Math::min);
    }

    private static long addDays(long date, long days) {
        if (date == DATE_INFINITY || date == DATE_NEGATIVE_INFINITY) {
            return date;
        }
        long result = date + days;
        // Julian day 0 up to the year 5874898, as days since 2000-01-01.
        if (result < -2_451_545L || result >= 2_145_031_949L) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
        }
        return result;
    }

    private static void registerLike(FunctionRegistry.Builder registry) {
        registry.objectTest("textlike", (a, b) -> LikePattern.cached((String) b).matches((String) a))
                .objectTest("textnlike", (a, b) -> !LikePattern.cached((String) b).matches((String) a))
                .objectTest("namelike", (a, b) -> LikePattern.cached((String) b).matches((String) a))
                .objectTest("namenlike", (a, b) -> !LikePattern.cached((String) b).matches((String) a))
                .objectTest("bpcharlike", (a, b) -> LikePattern.cached((String) b).matches((String) a))
                .objectTest("bpcharnlike", (a, b) -> !LikePattern.cached((String) b).matches((String) a));
        registry.objectTest("texticlike", (a, b) -> LikePattern.cached(lower(b)).matches(lower(a)))
                .objectTest("texticnlike", (a, b) -> !LikePattern.cached(lower(b)).matches(lower(a)))
                .objectTest("nameiclike", (a, b) -> LikePattern.cached(lower(b)).matches(lower(a)))
                .objectTest("nameicnlike", (a, b) -> !LikePattern.cached(lower(b)).matches(lower(a)))
                .objectTest("bpchariclike", (a, b) -> LikePattern.cached(lower(b)).matches(lower(a)))
                .objectTest("bpcharicnlike", (a, b) -> !LikePattern.cached(lower(b)).matches(lower(a)));
    }

    private static String lower(Object text) {
        return ((String) text).toLowerCase(java.util.Locale.ROOT);
    }

    private static double toDouble(Numeric number) {
        double result = number.doubleValue();
        return fits(number, result) ? result : FloatText.parseDouble(number.toString());
    }

    private static double toFloat(Numeric number) {
        float result = number.floatValue();
        return fits(number, result) ? result : FloatText.parseFloat(number.toString());
    }

    /** Whether a finite number became neither infinite nor, unless it is zero, zero; the parser words the error. */
    private static boolean fits(Numeric number, double result) {
        return (!Double.isInfinite(result) || number.isInfinite()) && (result != 0 || number.signum() == 0);
    }
}
