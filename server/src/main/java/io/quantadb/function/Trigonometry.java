package io.quantadb.function;

import java.util.function.DoubleUnaryOperator;

/** Trigonometric and hyperbolic functions, in radians and in degrees (which are exact at the well-known angles). */
public final class Trigonometry implements FunctionRegistry.Library {
    private static final double SIN_30 = Math.sin(Math.toRadians(30));
    private static final double ONE_MINUS_COS_60 = 1.0 - Math.cos(Math.toRadians(60));
    private static final double ASIN_HALF = Math.asin(0.5);
    private static final double ACOS_HALF = Math.acos(0.5);
    private static final double ATAN_ONE = Math.atan(1.0);

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.double1("degrees", a -> checked(a / (Math.PI / 180.0), a))
                .double1("radians", a -> a * (Math.PI / 180.0));
        registry.double1("dsin", finite(Math::sin)::applyAsDouble).double1("dcos", finite(Math::cos)::applyAsDouble)
                .double1("dtan", finite(Math::tan)::applyAsDouble)
                .double1("dcot", finite(a -> 1.0 / Math.tan(a))::applyAsDouble);
        registry.double1("dasin", unit(Math::asin)::applyAsDouble).double1("dacos", unit(Math::acos)::applyAsDouble)
                .double1("datan", Math::atan).double2("datan2", Math::atan2);
        registry.double1("dsind", finite(Trigonometry::sind)::applyAsDouble)
                .double1("dcosd", finite(Trigonometry::cosd)::applyAsDouble)
                .double1("dtand", finite(Trigonometry::tand)::applyAsDouble)
                .double1("dcotd", finite(Trigonometry::cotd)::applyAsDouble);
        registry.double1("dasind", unit(a -> a >= 0 ? asindQ1(a) : -asindQ1(-a))::applyAsDouble)
                .double1("dacosd", unit(a -> a >= 0 ? acosdQ1(a) : 90.0 + asindQ1(-a))::applyAsDouble)
                .double1("datand", a -> Math.atan(a) / ATAN_ONE * 45.0)
                .double2("datan2d", (a, b) -> Math.atan2(a, b) / ATAN_ONE * 45.0);
        registry.double1("dsinh", Math::sinh).double1("dcosh", Math::cosh).double1("dtanh", Math::tanh)
                .double1("dasinh", Trigonometry::asinh).double1("dacosh", a -> {
                    if (a < 1) {
                        throw outOfRange();
                    }
                    return acosh(a);
                }).double1("datanh", a -> {
                    if (a < -1 || a > 1) {
                        throw outOfRange();
                    }
                    return a == 1 ? Double.POSITIVE_INFINITY : a == -1 ? Double.NEGATIVE_INFINITY
                            : 0.5 * (Math.log1p(a) - Math.log1p(-a));
                });
    }

    private static io.quantadb.error.SqlException outOfRange() {
        return CoreArithmetic.outOfRange("input is");
    }

    private static DoubleUnaryOperator finite(DoubleUnaryOperator function) {
        return a -> {
            if (Double.isInfinite(a)) {
                throw outOfRange();
            }
            return function.applyAsDouble(a);
        };
    }

    private static DoubleUnaryOperator unit(DoubleUnaryOperator function) {
        return a -> {
            if (a < -1 || a > 1) {
                throw outOfRange();
            }
            return function.applyAsDouble(a);
        };
    }

    private static double checked(double result, double argument) {
        if (Double.isInfinite(result) && !Double.isInfinite(argument)) {
            throw CoreArithmetic.overflow();
        }
        return result;
    }

    private static double asinh(double a) {
        if (Double.isInfinite(a) || a == 0) {
            return a;
        }
        double x = Math.abs(a);
        double result = x > 0x1p28 ? Math.log(x) + Math.log(2)
                : Math.log1p(x + x * x / (1 + Math.sqrt(x * x + 1)));
        return Math.copySign(result, a);
    }

    private static double acosh(double a) {
        if (a > 0x1p28) {
            return Math.log(a) + Math.log(2);
        }
        double t = a - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    // The functions of degrees below divide by the computed value at a well-known angle, so that they are exact there.

    private static double sind0to30(double x) {
        return Math.sin(Math.toRadians(x)) / SIN_30 / 2.0;
    }

    private static double cosd0to60(double x) {
        return 1.0 - (1.0 - Math.cos(Math.toRadians(x))) / ONE_MINUS_COS_60 / 2.0;
    }

    private static double sindQ1(double x) {
        return x <= 30 ? sind0to30(x) : cosd0to60(90 - x);
    }

    private static double cosdQ1(double x) {
        return x <= 60 ? cosd0to60(x) : sind0to30(90 - x);
    }

    private static double sind(double angle) {
        double x = angle % 360;
        int sign = 1;
        if (x < 0) {
            x = -x;
            sign = -sign;
        }
        if (x > 180) {
            x = 360 - x;
            sign = -sign;
        }
        return sign * sindQ1(x > 90 ? 180 - x : x);
    }

    private static double cosd(double angle) {
        double x = Math.abs(angle % 360);
        int sign = 1;
        if (x > 180) {
            x = 360 - x;
        }
        if (x > 90) {
            x = 180 - x;
            sign = -sign;
        }
        return sign * cosdQ1(x);
    }

    private static double tand(double angle) {
        double x = angle % 360;
        int sign = 1;
        if (x < 0) {
            x = -x;
            sign = -sign;
        }
        if (x > 180) {
            x = 360 - x;
            sign = -sign;
        }
        if (x > 90) {
            x = 180 - x;
            sign = -sign;
        }
        double result = sign * (sindQ1(x) / cosdQ1(x) / (sindQ1(45) / cosdQ1(45)));
        return result == 0 ? 0 : result;
    }

    private static double cotd(double angle) {
        double x = angle % 360;
        int sign = 1;
        if (x < 0) {
            x = -x;
            sign = -sign;
        }
        if (x > 180) {
            x = 360 - x;
            sign = -sign;
        }
        if (x > 90) {
            x = 180 - x;
            sign = -sign;
        }
        double result = sign * (cosdQ1(x) / sindQ1(x) / (cosdQ1(45) / sindQ1(45)));
        return result == 0 ? 0 : result;
    }

    private static double asindQ1(double x) {
        return x <= 0.5 ? Math.asin(x) / ASIN_HALF * 30.0 : 90.0 - Math.acos(x) / ACOS_HALF * 60.0;
    }

    private static double acosdQ1(double x) {
        return x <= 0.5 ? 90.0 - Math.asin(x) / ASIN_HALF * 30.0 : Math.acos(x) / ACOS_HALF * 60.0;
    }
}
