package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * An exact decimal number, NaN or an infinity: the value of type numeric.
 *
 * <p>A finite value is {@code unscaled / 10^scale}, where the scale (0 to 16383) is also the number of fraction digits
 * printed. The unscaled part is a {@code long} when it fits ("compact") and a {@code BigInteger} otherwise; a value
 * has only one of the two forms. Immutable and thread-safe.
 *
 * <p>{@code equals} ignores the scale: 1.0 equals 1.00. NaN equals itself and is greater than everything else.
 *
 * <p>Result scales follow PostgreSQL: the larger one for addition, the sum for multiplication, at least 16 significant
 * digits for division and the functions in {@link NumericMath}. Rounding is half away from zero.
 */
public final class Numeric implements Comparable<Numeric> {
    /** Fraction digits a value can have. */
    public static final int SCALE_MAX = 16383;
    /** Digits before the decimal point a value can have. */
    public static final int INTEGER_DIGITS_MAX = 131072;

    private static final int FINITE = 0;
    private static final int NEGATIVE_INFINITE = 1;
    private static final int POSITIVE_INFINITE = 2;
    private static final int NOT_A_NUMBER = 3;

    public static final Numeric NAN = new Numeric(0, null, 0, NOT_A_NUMBER);
    public static final Numeric POSITIVE_INFINITY = new Numeric(0, null, 0, POSITIVE_INFINITE);
    public static final Numeric NEGATIVE_INFINITY = new Numeric(0, null, 0, NEGATIVE_INFINITE);

    private static final Numeric[] SMALL = new Numeric[256];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new Numeric(i - 128, null, 0, FINITE);
        }
    }

    public static final Numeric ZERO = SMALL[128];
    public static final Numeric ONE = SMALL[129];

    private final long unscaled;
    private final BigInteger big;
    private final int scale;
    private final int kind;

    private Numeric(long unscaled, BigInteger big, int scale, int kind) {
        this.unscaled = unscaled;
        this.big = big;
        this.scale = scale;
        this.kind = kind;
    }

    public static Numeric of(long value) {
        return of(value, 0);
    }

    /** {@code unscaled / 10^scale}. */
    public static Numeric of(long unscaled, int scale) {
        if (scale == 0 && unscaled >= -128 && unscaled < 128) {
            return SMALL[(int) unscaled + 128];
        }
        return new Numeric(unscaled, null, scale, FINITE);
    }

    /** As {@link #of(long, int)}; a negative scale multiplies. 22003 if out of the type's range. */
    public static Numeric of(BigInteger unscaled, int scale) {
        if (scale < 0) {
            checkIntegerDigits(unscaled, scale);
            return of(unscaled.multiply(Decimals.bigPow10(-scale)), 0);
        }
        if (unscaled.bitLength() < 64) {
            if (scale > SCALE_MAX) {
                throw overflow();
            }
            return of(unscaled.longValue(), scale);
        }
        checkIntegerDigits(unscaled, scale);
        return new Numeric(0, unscaled, scale, FINITE);
    }

    public static Numeric of(BigDecimal value) {
        return of(value.unscaledValue(), value.scale());
    }

    private static void checkIntegerDigits(BigInteger unscaled, int scale) {
        if (scale > SCALE_MAX) {
            throw overflow();
        }
        long bits = unscaled.bitLength();
        if (bits * 0.30103 - scale < INTEGER_DIGITS_MAX - 2) {
            return;
        }
        if (bits > 600_000 || unscaled.abs().compareTo(Decimals.bigPow10(INTEGER_DIGITS_MAX + scale)) >= 0) {
            throw overflow();
        }
    }

    static SqlException overflow() {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }

    static SqlException divisionByZero() {
        return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }

    // ---- queries

    public boolean isFinite() {
        return kind == FINITE;
    }

    public boolean isNaN() {
        return kind == NOT_A_NUMBER;
    }

    public boolean isInfinite() {
        return kind == POSITIVE_INFINITE || kind == NEGATIVE_INFINITE;
    }

    /** Whether the unscaled part is a {@code long}, see {@link #unscaledLong}. Implies finite. */
    public boolean isCompact() {
        return big == null && kind == FINITE;
    }

    /** Only meaningful if {@link #isCompact}. */
    public long unscaledLong() {
        return unscaled;
    }

    /** Only for finite values. */
    public BigInteger unscaledBig() {
        return big != null ? big : BigInteger.valueOf(unscaled);
    }

    /** Fraction digits printed. */
    public int scale() {
        return scale;
    }

    public boolean isZero() {
        return kind == FINITE && big == null && unscaled == 0;
    }

    /** -1, 0, 1; NaN counts as positive. */
    public int signum() {
        return switch (kind) {
            case FINITE -> big != null ? big.signum() : Long.signum(unscaled);
            case NEGATIVE_INFINITE -> -1;
            default -> 1;
        };
    }

    /** The smallest scale that represents the value exactly; 0 for special values. */
    public int minScale() {
        if (kind != FINITE || scale == 0) {
            return 0;
        }
        return trimScale().scale;
    }

    /** Whether there is no fraction; false for special values. */
    public boolean isIntegral() {
        return kind == FINITE && minScale() == 0;
    }

    // ---- arithmetic

    public Numeric add(Numeric other) {
        if (big == null && other.big == null && (kind | other.kind) == FINITE) {
            long a = unscaled;
            long b = other.unscaled;
            int target = scale;
            boolean fits = true;
            if (scale != other.scale) {
                target = Math.max(scale, other.scale);
                fits = Decimals.fitsTimesPow10(a, target - scale) && Decimals.fitsTimesPow10(b, target - other.scale);
                if (fits) {
                    a *= Decimals.pow10(target - scale);
                    b *= Decimals.pow10(target - other.scale);
                }
            }
            long sum = a + b;
            if (fits && ((a ^ sum) & (b ^ sum)) >= 0) {
                return of(sum, target);
            }
        }
        return addSlowly(other);
    }

    private Numeric addSlowly(Numeric other) {
        if ((kind | other.kind) != FINITE) {
            if (isNaN() || other.isNaN() || isInfinite() && other.isInfinite() && kind != other.kind) {
                return NAN;
            }
            return isInfinite() ? this : other;
        }
        int target = Math.max(scale, other.scale);
        return of(unscaledAt(target).add(other.unscaledAt(target)), target);
    }

    /** Unscaled part at a scale that is not smaller than this one's. */
    private BigInteger unscaledAt(int targetScale) {
        BigInteger value = unscaledBig();
        return targetScale == scale ? value : value.multiply(Decimals.bigPow10(targetScale - scale));
    }

    public Numeric subtract(Numeric other) {
        return add(other.negate());
    }

    public Numeric negate() {
        return switch (kind) {
            case NOT_A_NUMBER -> this;
            case POSITIVE_INFINITE -> NEGATIVE_INFINITY;
            case NEGATIVE_INFINITE -> POSITIVE_INFINITY;
            default -> big == null && unscaled != Long.MIN_VALUE ? of(-unscaled, scale)
                    : of(unscaledBig().negate(), scale);
        };
    }

    public Numeric abs() {
        return signum() < 0 ? negate() : this;
    }

    public Numeric sign() {
        return isNaN() ? NAN : of(signum());
    }

    public Numeric multiply(Numeric other) {
        if (big == null && other.big == null && (kind | other.kind) == FINITE && scale + other.scale <= SCALE_MAX) {
            long low = unscaled * other.unscaled;
            if (Math.multiplyHigh(unscaled, other.unscaled) == low >> 63) {
                return of(low, scale + other.scale);
            }
        }
        if ((kind | other.kind) != FINITE) {
            if (isNaN() || other.isNaN() || isZero() || other.isZero()) {
                return NAN;
            }
            return signum() * other.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
        }
        BigInteger product = unscaledBig().multiply(other.unscaledBig());
        int target = scale + other.scale;
        if (target > SCALE_MAX) {
            product = Decimals.divideRounded(product, Decimals.bigPow10(target - SCALE_MAX));
            target = SCALE_MAX;
        }
        return of(product, target);
    }

    /** Quotient with at least 16 significant digits; 22012. */
    public Numeric divide(Numeric other) {
        return NumericMath.divide(this, other);
    }

    /** Truncated integral quotient, scale 0: function {@code div}; 22012. */
    public Numeric divideTruncated(Numeric other) {
        return NumericMath.divideTruncated(this, other);
    }

    /** Remainder with the sign of the dividend; 22012. */
    public Numeric remainder(Numeric other) {
        return NumericMath.remainder(this, other);
    }

    /** Rounds half away from zero to {@code digits} fraction digits; negative digits round before the point. */
    public Numeric round(int digits) {
        if (kind != FINITE) {
            return this;
        }
        int wanted = Math.clamp(digits, -2000, 2000);
        return rescale(wanted, true);
    }

    /** Truncates towards zero, otherwise as {@link #round}. */
    public Numeric truncate(int digits) {
        if (kind != FINITE) {
            return this;
        }
        return rescale(Math.clamp(digits, -2000, 2000), false);
    }

    /**
     * The same number at another scale, rounded half away from zero if digits are lost; scale below 0 gives scale 0.
     */
    public Numeric setScale(int newScale) {
        return kind != FINITE || newScale == scale ? this : rescale(newScale, true);
    }

    private Numeric rescale(int newScale, boolean rounding) {
        if (newScale >= scale) {
            if (newScale == scale) {
                return this;
            }
            if (big == null && Decimals.fitsTimesPow10(unscaled, newScale - scale)) {
                return of(unscaled * Decimals.pow10(newScale - scale), newScale);
            }
            return of(unscaledAt(newScale), newScale);
        }
        int drop = scale - newScale;
        if (big == null) {
            long kept = 0;
            if (drop <= 18) {
                long unit = Decimals.pow10(drop);
                kept = rounding ? Decimals.divideRounded(unscaled, unit) : unscaled / unit;
            } else if (drop == 19 && rounding && (unscaled >= 5_000_000_000_000_000_000L
                    || unscaled <= -5_000_000_000_000_000_000L)) {
                kept = Long.signum(unscaled);
            }
            return newScale >= 0 ? of(kept, newScale) : of(BigInteger.valueOf(kept), newScale);
        }
        BigInteger unit = Decimals.bigPow10(drop);
        return of(rounding ? Decimals.divideRounded(big, unit) : big.divide(unit), newScale);
    }

    public Numeric ceil() {
        Numeric whole = truncate(0);
        return kind == FINITE && compareTo(whole) > 0 ? whole.add(ONE) : whole;
    }

    public Numeric floor() {
        Numeric whole = truncate(0);
        return kind == FINITE && compareTo(whole) < 0 ? whole.subtract(ONE) : whole;
    }

    /** Removes trailing fraction zeros: function {@code trim_scale}. */
    public Numeric trimScale() {
        if (kind != FINITE || scale == 0) {
            return this;
        }
        if (big == null) {
            long value = unscaled;
            int left = scale;
            if (value == 0) {
                return ZERO;
            }
            while (left > 0 && value % 10 == 0) {
                value /= 10;
                left--;
            }
            return left == scale ? this : of(value, left);
        }
        BigDecimal stripped = new BigDecimal(big, scale).stripTrailingZeros();
        return of(stripped.scale() < 0 ? stripped.setScale(0) : stripped);
    }

    // ---- order

    @Override
    public int compareTo(Numeric other) {
        if (big == null && other.big == null && scale == other.scale && (kind | other.kind) == FINITE) {
            return Long.compare(unscaled, other.unscaled);
        }
        if (kind != other.kind) {
            return order() - other.order();
        }
        if (kind != FINITE) {
            return 0;
        }
        int sign = signum();
        if (sign != other.signum()) {
            return Integer.compare(sign, other.signum());
        }
        int target = Math.max(scale, other.scale);
        if (big == null && other.big == null) {
            boolean mine = Decimals.fitsTimesPow10(unscaled, target - scale);
            boolean theirs = Decimals.fitsTimesPow10(other.unscaled, target - other.scale);
            if (!mine || !theirs) {
                return mine ? -sign : sign; // only the side with the smaller scale grows, so only one can overflow
            }
            return Long.compare(unscaled * Decimals.pow10(target - scale),
                    other.unscaled * Decimals.pow10(target - other.scale));
        }
        return unscaledAt(target).compareTo(other.unscaledAt(target));
    }

    private int order() {
        return kind == NEGATIVE_INFINITE ? -1 : kind;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Numeric that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        if (kind != FINITE) {
            return kind;
        }
        Numeric normal = trimScale();
        return (normal.big != null ? normal.big.hashCode() : Long.hashCode(normal.unscaled)) * 31 + normal.scale;
    }

    // ---- conversions

    /** Rounded to an integer; 22003 or 0A000 with the target's name in the message. */
    public long toLong(long min, long max, String typeName) {
        if (kind != FINITE) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot convert " + (isNaN() ? "NaN" : "infinity") + " to " + typeName);
        }
        Numeric whole = setScale(0);
        if (whole.big != null || whole.unscaled < min || whole.unscaled > max) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, typeName + " out of range");
        }
        return whole.unscaled;
    }

    public long toInt8() {
        return toLong(Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
    }

    public long toInt4() {
        return toLong(Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
    }

    public long toInt2() {
        return toLong(Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
    }

    /** Nearest double; beyond its range an infinity, which casts turn into 22003. */
    public double doubleValue() {
        switch (kind) {
            case NOT_A_NUMBER:
                return Double.NaN;
            case POSITIVE_INFINITE:
                return Double.POSITIVE_INFINITY;
            case NEGATIVE_INFINITE:
                return Double.NEGATIVE_INFINITY;
            default:
                break;
        }
        if (big == null && scale <= 22 && Math.abs(unscaled) <= 1L << 53 && unscaled != Long.MIN_VALUE) {
            return unscaled / Decimals.DOUBLE_POW10[scale];
        }
        return toBigDecimal().doubleValue();
    }

    /** Nearest float, found in one rounding. */
    public float floatValue() {
        return kind == FINITE ? toBigDecimal().floatValue() : (float) doubleValue();
    }

    /** Cast from float8: 15 significant digits. */
    public static Numeric fromDouble(double value) {
        return fromDouble(value, 15);
    }

    /** Cast from float4: 6 significant digits. */
    public static Numeric fromFloat(double value) {
        return fromDouble(value, 6);
    }

    private static Numeric fromDouble(double value, int digits) {
        if (Double.isNaN(value)) {
            return NAN;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        return of(rounded);
    }

    /** Only for finite values. */
    public BigDecimal toBigDecimal() {
        return big != null ? new BigDecimal(big, scale) : BigDecimal.valueOf(unscaled, scale);
    }

    // ---- text

    /** Input without a type modifier; 22P02, 22003. */
    public static Numeric parse(String text) {
        return NumericText.parse(text);
    }

    @Override
    public String toString() {
        switch (kind) {
            case NOT_A_NUMBER:
                return "NaN";
            case POSITIVE_INFINITE:
                return "Infinity";
            case NEGATIVE_INFINITE:
                return "-Infinity";
            default:
                break;
        }
        if (scale == 0) {
            return big != null ? big.toString() : Long.toString(unscaled);
        }
        if (big == null) {
            byte[] buffer = new byte[24 + scale];
            int start = NumericText.format(unscaled, scale, buffer);
            return new String(buffer, start, buffer.length - start, StandardCharsets.ISO_8859_1);
        }
        return new BigDecimal(big, scale).toPlainString();
    }

    /** Writes what {@link #toString} returns. */
    public void writeTo(ByteSink out) {
        if (isCompact() && scale <= 40) {
            byte[] buffer = new byte[24 + scale];
            int start = NumericText.format(unscaled, scale, buffer);
            out.writeBytes(buffer, start, buffer.length - start);
        } else {
            out.writeAscii(toString());
        }
    }
}
