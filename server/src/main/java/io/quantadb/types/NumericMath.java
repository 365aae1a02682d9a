package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Division and the transcendental functions of {@link Numeric}, with PostgreSQL's result scales.
 *
 * <p>PostgreSQL chooses scales by counting base-10,000 digits, so the "weights" here are exponents of 10,000.
 */
public final class NumericMath {
    private static final int MIN_SIGNIFICANT_DIGITS = 16;
    private static final int DISPLAY_SCALE_MAX = 1000;
    private static final int RESULT_SCALE_MAX = 2000;
    private static final int GROUP = 4;

    private NumericMath() {
    }

    /** Weight (exponent of 10,000) of the first non-zero base-10,000 digit; 0 for zero. */
    private static int weight(Numeric value) {
        return value.isZero() ? 0 : Math.floorDiv(integerDigits(value) - 1, GROUP);
    }

    /** Decimal exponent plus one of the leading digit; negative or zero for fractions. */
    private static int integerDigits(Numeric value) {
        int digits = value.isCompact() ? Decimals.digitCount(value.unscaledLong())
                : Decimals.digitCount(value.unscaledBig());
        return digits - value.scale();
    }

    /** Value of the first base-10,000 digit, 0 for zero. */
    private static int firstGroup(Numeric value) {
        return value.isZero() ? 0 : (int) leadingGroups(value, 1);
    }

    /** The first {@code count} base-10,000 digits as one number. */
    private static long leadingGroups(Numeric value, int count) {
        int shift = value.scale() + GROUP * (weight(value) - count + 1);
        BigInteger magnitude = value.unscaledBig().abs();
        if (shift <= 0) {
            return magnitude.multiply(Decimals.bigPow10(-shift)).longValue();
        }
        if (value.isCompact() && shift <= 18) {
            return Math.abs(value.unscaledLong() / Decimals.pow10(shift));
        }
        return magnitude.divide(Decimals.bigPow10(shift)).longValue();
    }

    /** How many base-10,000 digits the value has without trailing zero ones. */
    private static int groupCount(Numeric value) {
        if (value.isZero()) {
            return 0;
        }
        BigDecimal stripped = value.toBigDecimal().stripTrailingZeros();
        int lowest = Math.floorDiv(-stripped.scale(), GROUP);
        return weight(value) - lowest + 1;
    }

    static Numeric divide(Numeric a, Numeric b) {
        if (!a.isFinite() || !b.isFinite()) {
            return divideSpecial(a, b);
        }
        if (b.isZero()) {
            throw Numeric.divisionByZero();
        }
        return divideAtScale(a, b, divisionScale(a, b));
    }

    private static Numeric divideSpecial(Numeric a, Numeric b) {
        if (a.isNaN() || b.isNaN() || a.isInfinite() && b.isInfinite()) {
            return Numeric.NAN;
        }
        if (b.isInfinite()) {
            return Numeric.ZERO;
        }
        if (b.isZero()) {
            throw Numeric.divisionByZero();
        }
        return a.signum() * b.signum() > 0 ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
    }

    /** The scale PostgreSQL gives a quotient. */
    static int divisionScale(Numeric a, Numeric b) {
        int quotientWeight = weight(a) - weight(b);
        if (firstGroup(a) <= firstGroup(b)) {
            quotientWeight--;
        }
        int scale = MIN_SIGNIFICANT_DIGITS - quotientWeight * GROUP;
        scale = Math.max(scale, Math.max(a.scale(), b.scale()));
        return Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
    }

    /** Quotient rounded half away from zero at a scale; both finite, {@code b} not zero. */
    public static Numeric divideAtScale(Numeric a, Numeric b, int scale) {
        int shift = scale - a.scale() + b.scale();
        if (a.isCompact() && b.isCompact() && shift >= 0 && shift <= 54) {
            long quotient = divideInSteps(a.unscaledLong(), b.unscaledLong(), shift);
            if (quotient != Long.MIN_VALUE) {
                return Numeric.of(quotient, scale);
            }
        }
        BigInteger dividend = a.unscaledBig();
        BigInteger divisor = b.unscaledBig();
        if (shift >= 0) {
            dividend = dividend.multiply(Decimals.bigPow10(shift));
        } else {
            divisor = divisor.multiply(Decimals.bigPow10(-shift));
        }
        return Numeric.of(Decimals.divideRounded(dividend, divisor), scale);
    }

    /**
     * Long division by hand: {@code a * 10^shift / b} rounded, producing several digits a step.
     *
     * @return {@code Long.MIN_VALUE} if the result or an intermediate value does not fit
     */
    private static long divideInSteps(long a, long b, int shift) {
        if (a == Long.MIN_VALUE || b == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        long divisor = Math.abs(b);
        int step = 18 - Decimals.digitCount(divisor);
        if (step < 1) {
            return Long.MIN_VALUE;
        }
        long quotient = Math.abs(a) / divisor;
        long remainder = Math.abs(a) % divisor;
        int left = shift;
        while (left > 0) {
            int now = Math.min(step, left);
            long unit = Decimals.pow10(now);
            if (!Decimals.fitsTimesPow10(quotient, now)) {
                return Long.MIN_VALUE;
            }
            long scaled = remainder * unit;
            long next = quotient * unit + scaled / divisor;
            if (next < 0) {
                return Long.MIN_VALUE;
            }
            quotient = next;
            remainder = scaled % divisor;
            left -= now;
        }
        if (remainder >= divisor - remainder) {
            quotient++;
        }
        return quotient < 0 ? Long.MIN_VALUE : (a < 0) == (b < 0) ? quotient : -quotient;
    }

    static Numeric divideTruncated(Numeric a, Numeric b) {
        if (!a.isFinite() || !b.isFinite()) {
            return divideSpecial(a, b);
        }
        if (b.isZero()) {
            throw Numeric.divisionByZero();
        }
        int common = Math.max(a.scale(), b.scale());
        BigInteger dividend = a.unscaledBig().multiply(Decimals.bigPow10(common - a.scale()));
        return Numeric.of(dividend.divide(b.unscaledBig().multiply(Decimals.bigPow10(common - b.scale()))), 0);
    }

    static Numeric remainder(Numeric a, Numeric b) {
        if (!a.isFinite() || !b.isFinite()) {
            if (a.isNaN() || b.isNaN()) {
                return Numeric.NAN;
            }
            if (a.isInfinite()) {
                if (b.isZero()) {
                    throw Numeric.divisionByZero();
                }
                return Numeric.NAN;
            }
            return a;
        }
        if (b.isZero()) {
            throw Numeric.divisionByZero();
        }
        int common = Math.max(a.scale(), b.scale());
        if (a.isCompact() && b.isCompact() && Decimals.fitsTimesPow10(a.unscaledLong(), common - a.scale())
                && Decimals.fitsTimesPow10(b.unscaledLong(), common - b.scale())) {
            return Numeric.of((a.unscaledLong() * Decimals.pow10(common - a.scale()))
                    % (b.unscaledLong() * Decimals.pow10(common - b.scale())), common);
        }
        return Numeric.of(a.unscaledBig().multiply(Decimals.bigPow10(common - a.scale()))
                .remainder(b.unscaledBig().multiply(Decimals.bigPow10(common - b.scale()))), common);
    }

    // ---- square root, exponential, logarithms

    /** 2201F for negative values. */
    public static Numeric sqrt(Numeric value) {
        if (value.isNaN() || value.isInfinite() && value.signum() > 0) {
            return value;
        }
        if (value.signum() < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "cannot take square root of a negative number");
        }
        int resultWeight = (weight(value) + 1) * GROUP / 2 - 1;
        int scale = Math.max(MIN_SIGNIFICANT_DIGITS - resultWeight, value.scale());
        scale = Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
        int shift = 2 * scale - value.scale();
        BigInteger radicand = shift >= 0 ? value.unscaledBig().multiply(Decimals.bigPow10(shift))
                : value.unscaledBig().divide(Decimals.bigPow10(-shift));
        BigInteger[] root = radicand.sqrtAndRemainder();
        return Numeric.of(root[1].compareTo(root[0]) > 0 ? root[0].add(BigInteger.ONE) : root[0], scale);
    }

    public static Numeric exp(Numeric value) {
        if (!value.isFinite()) {
            return value.isNaN() || value.signum() > 0 ? value : Numeric.ZERO;
        }
        double decimalWeight = Math.clamp(value.doubleValue() * 0.434294481903252, -RESULT_SCALE_MAX, RESULT_SCALE_MAX);
        int scale = Math.max(MIN_SIGNIFICANT_DIGITS - (int) decimalWeight, value.scale());
        scale = Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
        return expAtScale(value.toBigDecimal(), scale);
    }

    private static Numeric expAtScale(BigDecimal value, int scale) {
        double approximate = value.doubleValue();
        if (Math.abs(approximate) >= RESULT_SCALE_MAX * 3) {
            if (approximate > 0) {
                throw Numeric.overflow();
            }
            return Numeric.of(0, scale);
        }
        int digits = Math.max(scale + (int) (approximate * 0.434294481903252) + 2, 0) + 12;
        return Numeric.of(exp(value, digits).setScale(scale, RoundingMode.HALF_UP));
    }

    /** Exponential to about {@code digits} significant digits. */
    private static BigDecimal exp(BigDecimal value, int digits) {
        int halvings = 0;
        double magnitude = Math.abs(value.doubleValue());
        while (magnitude > 0.01) {
            magnitude /= 2;
            halvings++;
        }
        MathContext precise = new MathContext(digits + halvings / 3 + 6, RoundingMode.HALF_EVEN);
        BigDecimal reduced = value.divide(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)), precise);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int i = 1; i < 10_000; i++) {
            term = term.multiply(reduced, precise).divide(BigDecimal.valueOf(i), precise);
            if (term.signum() == 0 || term.precision() - term.scale() < -precise.getPrecision()) {
                break;
            }
            sum = sum.add(term, precise);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, precise);
        }
        return sum;
    }

    /** 2201E for zero and negative values. */
    public static Numeric ln(Numeric value) {
        Numeric special = checkLogarithmArgument(value);
        if (special != null) {
            return special;
        }
        int scale = Math.max(MIN_SIGNIFICANT_DIGITS - logarithmWeight(value), value.scale());
        scale = Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
        return Numeric.of(ln(value.toBigDecimal(), scale + 12).setScale(scale, RoundingMode.HALF_UP));
    }

    private static Numeric checkLogarithmArgument(Numeric value) {
        if (value.isNaN()) {
            return value;
        }
        if (value.signum() < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
        }
        if (value.isZero()) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
        }
        return value.isInfinite() ? value : null;
    }

    /** With an infinity among the arguments PostgreSQL looks at both signs before it looks for zeros. */
    private static void checkLogarithmSigns(Numeric base, Numeric value) {
        checkLogarithmArgument(base.signum() < 0 ? base : Numeric.ONE);
        checkLogarithmArgument(value.signum() < 0 ? value : Numeric.ONE);
    }

    /** Estimated decimal weight of the natural logarithm. */
    private static int logarithmWeight(Numeric value) {
        if (value.signum() <= 0) {
            return 0;
        }
        if (value.compareTo(Numeric.of(9, 1)) >= 0 && value.compareTo(Numeric.of(11, 1)) <= 0) {
            Numeric distance = value.subtract(Numeric.ONE);
            return distance.isZero() ? 0 : weight(distance) * GROUP + (int) Math.log10(firstGroup(distance));
        }
        int groups = Math.min(groupCount(value), 2);
        double digits = leadingGroups(value, groups);
        int decimalWeight = (weight(value) - groups + 1) * GROUP;
        double logarithm = Math.log(digits) + decimalWeight * 2.302585092994046;
        return (int) Math.log10(Math.abs(logarithm));
    }

    /** Natural logarithm with an absolute error below {@code 10^-fractionDigits}. */
    private static BigDecimal ln(BigDecimal value, int fractionDigits) {
        if (value.compareTo(BigDecimal.ONE) == 0) {
            return BigDecimal.ZERO;
        }
        MathContext precise = new MathContext(Math.max(fractionDigits, 0) + 24, RoundingMode.HALF_EVEN);
        int exponent = value.precision() - value.scale();
        BigDecimal reduced = value.scaleByPowerOfTen(-exponent); // 0.1 <= reduced < 1
        boolean nearOne = exponent == 1 && value.compareTo(new BigDecimal("1.2")) < 0
                || exponent == 0 && value.compareTo(new BigDecimal("0.8")) > 0;
        if (nearOne) {
            return lnNearOne(value, precise);
        }
        BigDecimal ten = exponent == 0 ? BigDecimal.ZERO
                : lnByRoots(BigDecimal.TEN, precise).multiply(BigDecimal.valueOf(exponent));
        return lnByRoots(reduced, precise).add(ten);
    }

    private static BigDecimal lnByRoots(BigDecimal value, MathContext precise) {
        BigDecimal root = value;
        int halvings = 0;
        while (Math.abs(root.doubleValue() - 1) > 0.02) {
            root = root.sqrt(precise);
            halvings++;
        }
        return lnNearOne(root, precise).multiply(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)));
    }

    /** Two times the inverse hyperbolic tangent of (x - 1) / (x + 1), by its series. */
    private static BigDecimal lnNearOne(BigDecimal value, MathContext precise) {
        BigDecimal ratio = value.subtract(BigDecimal.ONE).divide(value.add(BigDecimal.ONE), precise);
        BigDecimal square = ratio.multiply(ratio, precise);
        BigDecimal power = ratio;
        BigDecimal sum = ratio;
        for (int i = 3; i < 100_000; i += 2) {
            power = power.multiply(square, precise);
            BigDecimal term = power.divide(BigDecimal.valueOf(i), precise);
            if (term.signum() == 0 || term.precision() - term.scale() < -precise.getPrecision()) {
                break;
            }
            sum = sum.add(term, precise);
        }
        return sum.multiply(BigDecimal.TWO);
    }

    /** Logarithm to base 10. */
    public static Numeric log10(Numeric value) {
        return log(Numeric.of(10), value);
    }

    /** 2201E for arguments that are not positive, 22012 for base 1. */
    public static Numeric log(Numeric base, Numeric value) {
        if (base.isNaN() || value.isNaN()) {
            return Numeric.NAN;
        }
        if (base.isInfinite() || value.isInfinite()) {
            checkLogarithmSigns(base, value);
        }
        Numeric specialBase = checkLogarithmArgument(base);
        Numeric specialValue = checkLogarithmArgument(value);
        if (specialBase != null) {
            return specialValue != null ? Numeric.NAN : Numeric.ZERO;
        }
        if (specialValue != null) {
            return specialValue;
        }
        int baseWeight = logarithmWeight(base);
        int resultWeight = logarithmWeight(value) - baseWeight;
        int scale = Math.max(MIN_SIGNIFICANT_DIGITS - resultWeight, Math.max(base.scale(), value.scale()));
        scale = Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
        int digits = scale + Math.abs(resultWeight) + Math.abs(baseWeight) + 16;
        BigDecimal divisor = ln(base.toBigDecimal(), digits);
        if (divisor.signum() == 0) {
            throw Numeric.divisionByZero();
        }
        return Numeric.of(ln(value.toBigDecimal(), digits).divide(divisor, scale, RoundingMode.HALF_UP));
    }

    // ---- power

    /** {@code base ^ exponent}; 2201F for a complex result or zero to a negative power, 22003. */
    public static Numeric power(Numeric base, Numeric exponent) {
        if (!base.isFinite() || !exponent.isFinite()) {
            return powerSpecial(base, exponent);
        }
        boolean integral = exponent.isIntegral();
        if (base.isZero() && exponent.signum() < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "zero raised to a negative power is undefined");
        }
        if (base.signum() < 0 && !integral) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "a negative number raised to a non-integer power yields a complex result");
        }
        if (integral) {
            Numeric whole = exponent.setScale(0);
            if (whole.isCompact() && whole.unscaledLong() == (int) whole.unscaledLong()) {
                int scale = Math.clamp(Math.max(MIN_SIGNIFICANT_DIGITS, base.scale()), 0, DISPLAY_SCALE_MAX);
                return powerInteger(base, (int) whole.unscaledLong(), scale);
            }
        }
        if (base.isZero()) {
            return Numeric.of(0, MIN_SIGNIFICANT_DIGITS);
        }
        boolean negative = base.signum() < 0 && exponent.setScale(0).unscaledBig().testBit(0);
        Numeric result = powerReal(base.abs(), exponent);
        return negative ? result.negate() : result;
    }

    private static Numeric powerSpecial(Numeric base, Numeric exponent) {
        if (base.isNaN()) {
            return exponent.isZero() ? Numeric.ONE : Numeric.NAN;
        }
        if (exponent.isNaN()) {
            return base.equals(Numeric.ONE) ? Numeric.ONE : Numeric.NAN;
        }
        if (exponent.isZero() || base.equals(Numeric.ONE)) {
            return Numeric.ONE;
        }
        if (base.isZero() && exponent.signum() < 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "zero raised to a negative power is undefined");
        }
        if (base.isZero()) {
            return Numeric.ZERO;
        }
        if (exponent.isInfinite()) {
            int versusOne = base.isInfinite() ? 1 : base.abs().compareTo(Numeric.ONE);
            if (versusOne == 0) {
                return Numeric.ONE;
            }
            return versusOne > 0 == exponent.signum() > 0 ? Numeric.POSITIVE_INFINITY : Numeric.ZERO;
        }
        if (base.signum() < 0 && !exponent.isIntegral()) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "a negative number raised to a non-integer power yields a complex result");
        }
        if (exponent.signum() < 0) {
            return Numeric.ZERO;
        }
        boolean odd = exponent.isIntegral() && exponent.setScale(0).unscaledBig().testBit(0);
        return base.signum() < 0 && odd ? Numeric.NEGATIVE_INFINITY : Numeric.POSITIVE_INFINITY;
    }

    private static Numeric powerInteger(Numeric base, int exponent, int scale) {
        switch (exponent) {
            case 0:
                return Numeric.ONE.setScale(scale);
            case 1:
                return base.setScale(scale);
            case -1:
                return divideAtScale(Numeric.ONE, base, scale);
            case 2:
                return base.multiply(base).setScale(scale);
            default:
                break;
        }
        if (base.isZero()) {
            return Numeric.of(0, scale);
        }
        double logarithm = exponent * log10Estimate(base);
        if (logarithm > 3.0 * Short.MAX_VALUE * GROUP) {
            throw Numeric.overflow();
        }
        if (logarithm + 1 < -scale || logarithm + 1 < -DISPLAY_SCALE_MAX) {
            return Numeric.of(0, scale);
        }
        int digits = Math.max(1 + scale + (int) logarithm, 1) + 16 + (int) Math.log10(Math.abs((double) exponent));
        MathContext precise = new MathContext(digits, RoundingMode.HALF_EVEN);
        BigDecimal result = integerPower(base.toBigDecimal(), Math.abs((long) exponent), precise);
        if (exponent < 0) {
            result = BigDecimal.ONE.divide(result, precise);
        }
        return Numeric.of(result.setScale(scale, RoundingMode.HALF_UP));
    }

    private static double log10Estimate(Numeric base) {
        int groups = Math.min(groupCount(base), 4);
        return Math.log10(leadingGroups(base, groups)) + (double) GROUP * (weight(base) - groups + 1);
    }

    private static BigDecimal integerPower(BigDecimal base, long exponent, MathContext precise) {
        BigDecimal result = BigDecimal.ONE;
        BigDecimal square = base;
        for (long bits = exponent; bits > 0; bits >>= 1) {
            if ((bits & 1) != 0) {
                result = result.multiply(square, precise);
            }
            if (bits > 1) {
                square = square.multiply(square, precise);
            }
        }
        return result;
    }

    private static Numeric powerReal(Numeric base, Numeric exponent) {
        int logWeight = logarithmWeight(base);
        int roughScale = Math.max(8 - logWeight, 0);
        double approximate = ln(base.toBigDecimal(), roughScale + 4).doubleValue() * exponent.doubleValue();
        if (Math.abs(approximate) > RESULT_SCALE_MAX * 3.01) {
            if (approximate > 0) {
                throw Numeric.overflow();
            }
            return Numeric.of(0, DISPLAY_SCALE_MAX);
        }
        double decimalWeight = approximate * 0.434294481903252;
        int scale = MIN_SIGNIFICANT_DIGITS - (int) decimalWeight;
        scale = Math.max(scale, Math.max(base.scale(), exponent.scale()));
        scale = Math.clamp(scale, 0, DISPLAY_SCALE_MAX);
        int digits = Math.max(scale + (int) decimalWeight, 0) + Math.abs(logWeight) + integerDigits(exponent) + 16;
        BigDecimal logarithm = ln(base.toBigDecimal(), digits).multiply(exponent.toBigDecimal());
        return expAtScale(logarithm, scale);
    }

    /** Factorial; 22003 for negative or too large arguments. */
    public static Numeric factorial(long value) {
        if (value < 0) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
        }
        if (value > 32177) {
            throw Numeric.overflow();
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= value; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return Numeric.of(product, 0);
    }

    /** Greatest common divisor, scale the larger of the two. */
    public static Numeric gcd(Numeric a, Numeric b) {
        if (!a.isFinite() || !b.isFinite()) {
            return Numeric.NAN;
        }
        int common = Math.max(a.scale(), b.scale());
        BigInteger left = a.setScale(common).unscaledBig();
        return Numeric.of(left.gcd(b.setScale(common).unscaledBig()), common);
    }

    /** Least common multiple, scale the larger of the two. */
    public static Numeric lcm(Numeric a, Numeric b) {
        if (!a.isFinite() || !b.isFinite()) {
            return Numeric.NAN;
        }
        int common = Math.max(a.scale(), b.scale());
        if (a.isZero() || b.isZero()) {
            return Numeric.of(0, common);
        }
        BigInteger left = a.setScale(common).unscaledBig();
        BigInteger right = b.setScale(common).unscaledBig();
        return Numeric.of(left.divide(left.gcd(right)).multiply(right).abs(), common);
    }
}
