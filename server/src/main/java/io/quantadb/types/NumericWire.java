package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.math.BigInteger;

/**
 * The binary wire form of numeric: digit count, weight, sign, scale (each 16 bits), then base-10,000 digits.
 */
final class NumericWire {
    private static final int POSITIVE = 0x0000;
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int POSITIVE_INFINITY = 0xD000;
    private static final int NEGATIVE_INFINITY = 0xF000;
    private static final BigInteger GROUP = BigInteger.valueOf(10_000);

    private NumericWire() {
    }

    static void write(Numeric value, ByteSink out) {
        if (!value.isFinite()) {
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(value.isNaN() ? NAN : value.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY);
            out.writeShort(value.isNaN() ? 0 : 0x20);
            return;
        }
        int padding = Math.floorMod(-value.scale(), 4);
        int[] groups;
        if (value.isCompact() && value.unscaledLong() != Long.MIN_VALUE
                && Decimals.fitsTimesPow10(value.unscaledLong(), padding)) {
            groups = groups(Math.abs(value.unscaledLong()) * Decimals.pow10(padding));
        } else {
            groups = groups(value.unscaledBig().abs().multiply(Decimals.bigPow10(padding)));
        }
        int low = 0;
        while (low < groups.length && groups[low] == 0) {
            low++;
        }
        int high = groups.length;
        out.writeShort(high - low);
        out.writeShort(high == low ? 0 : high - 1 - (value.scale() + padding) / 4);
        out.writeShort(value.signum() < 0 ? NEGATIVE : POSITIVE);
        out.writeShort(value.scale());
        for (int i = high - 1; i >= low; i--) {
            out.writeShort(groups[i]);
        }
    }

    /** Base-10,000 digits, least significant first, without leading zeros. */
    private static int[] groups(long magnitude) {
        int count = 0;
        for (long rest = magnitude; rest != 0; rest /= 10_000) {
            count++;
        }
        int[] groups = new int[count];
        long rest = magnitude;
        for (int i = 0; i < count; i++) {
            groups[i] = (int) (rest % 10_000);
            rest /= 10_000;
        }
        return groups;
    }

    private static int[] groups(BigInteger magnitude) {
        if (magnitude.signum() == 0) {
            return new int[0];
        }
        String digits = magnitude.toString();
        int count = (digits.length() + 3) / 4;
        int[] groups = new int[count];
        for (int i = 0; i < count; i++) {
            int end = digits.length() - 4 * i;
            groups[i] = Integer.parseInt(digits, Math.max(end - 4, 0), end, 10);
        }
        return groups;
    }

    static Numeric read(WireReader in) {
        int count = in.readShort() & 0xFFFF;
        int weight = in.readShort();
        int sign = in.readShort() & 0xFFFF;
        int scale = in.readShort() & 0xFFFF;
        if (sign == NAN) {
            return Numeric.NAN;
        }
        if (sign == POSITIVE_INFINITY || sign == NEGATIVE_INFINITY) {
            return sign == POSITIVE_INFINITY ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
        }
        if (sign != POSITIVE && sign != NEGATIVE) {
            throw invalid("sign");
        }
        if (scale > Numeric.SCALE_MAX) {
            throw invalid("scale");
        }
        return readDigits(in, count, weight, sign == NEGATIVE, scale);
    }

    private static Numeric readDigits(WireReader in, int count, int weight, boolean negative, int scale) {
        BigInteger big = null;
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = in.readShort();
            if (digit < 0 || digit >= 10_000) {
                throw invalid("digit");
            }
            if (big == null && value > (Long.MAX_VALUE - digit) / 10_000) {
                big = BigInteger.valueOf(value);
            }
            if (big != null) {
                big = big.multiply(GROUP).add(BigInteger.valueOf(digit));
            } else {
                value = value * 10_000 + digit;
            }
        }
        int digitScale = 4 * (count - 1 - weight);
        BigInteger unscaled = big != null ? big : BigInteger.valueOf(value);
        BigInteger signed = negative ? unscaled.negate() : unscaled;
        if (digitScale > scale) { // digits beyond the declared scale are truncated, as PostgreSQL does
            return Numeric.of(signed.divide(Decimals.bigPow10(digitScale - scale)), scale);
        }
        return Numeric.of(signed.multiply(Decimals.bigPow10(scale - digitScale)), scale);
    }

    private static SqlException invalid(String part) {
        return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION,
                "invalid " + part + " in external \"numeric\" value");
    }
}
