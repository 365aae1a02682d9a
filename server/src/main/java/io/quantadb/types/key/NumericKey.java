package io.quantadb.types.key;

import io.quantadb.types.Numeric;
import io.quantadb.types.Typmods;

import java.math.BigInteger;

/**
 * numeric: a class byte, then for finite non-zero values the decimal exponent and the digits without trailing zeros.
 *
 * <pre>
 * class     0x01 -Infinity, 0x02 negative, 0x03 zero, 0x04 positive, 0x05 Infinity, 0x06 NaN
 * exponent  e of 0.ddd * 10^e: one byte e + 0x80 for -100 to 100; else 0x01 (below) or 0xFF (above)
 *           and three bytes e + 2^23
 * digits    two a byte, plus 1; 0x00 at the end
 * </pre>
 * Exponent and digits of negative values are inverted. The scale is lost, unless the column declares one.
 */
final class NumericKey extends KeyEncoder {
    private static final int NEGATIVE_INFINITY = 1;
    private static final int NEGATIVE = 2;
    private static final int ZERO = 3;
    private static final int POSITIVE = 4;
    private static final int POSITIVE_INFINITY = 5;
    private static final int NAN = 6;

    private static final int SHORT_EXPONENT_MAX = 100;
    private static final int EXPONENT_BIAS = 1 << 23;

    /** Declared scale, or -1. */
    private final int scale;

    NumericKey(int typmod) {
        scale = typmod < 4 ? -1 : Math.max(Typmods.numericScale(typmod), 0);
    }

    @Override
    public boolean decodable() {
        return scale >= 0;
    }

    @Override
    void put(Object value, KeyBuffer out) {
        Numeric number = (Numeric) value;
        if (!number.isFinite()) {
            out.putByte(number.isNaN() ? NAN : number.signum() > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY);
            return;
        }
        int sign = number.signum();
        out.putByte(ZERO + sign);
        if (sign == 0) {
            return;
        }
        int start = out.length();
        if (number.isCompact() && number.unscaledLong() != Long.MIN_VALUE) {
            putCompact(Math.abs(number.unscaledLong()), number.scale(), out);
        } else {
            putDigits(number.unscaledBig().abs().toString(), number.scale(), out);
        }
        if (sign < 0) {
            out.invertFrom(start);
        }
    }

    private static void putCompact(long magnitude, int scale, KeyBuffer out) {
        int count = 1;
        long top = 1;
        while (count < 19 && magnitude / 10 >= top) {
            top *= 10;
            count++;
        }
        putExponent(count - scale, out);
        long rest = magnitude;
        while (rest != 0) {
            int high = (int) (rest / top);
            rest -= high * top;
            int low = 0;
            if (top >= 10) {
                top /= 10;
                low = (int) (rest / top);
                rest -= low * top;
                top /= 10;
            }
            out.putByte(high * 10 + low + 1);
        }
        out.putByte(0);
    }

    private static void putDigits(String digits, int scale, KeyBuffer out) {
        putExponent(digits.length() - scale, out);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        for (int i = 0; i < end; i += 2) {
            int high = digits.charAt(i) - '0';
            int low = i + 1 < end ? digits.charAt(i + 1) - '0' : 0;
            out.putByte(high * 10 + low + 1);
        }
        out.putByte(0);
    }

    private static void putExponent(int exponent, KeyBuffer out) {
        if (Math.abs(exponent) <= SHORT_EXPONENT_MAX) {
            out.putByte(exponent + 0x80);
            return;
        }
        out.putByte(exponent < 0 ? 0x01 : 0xFF);
        int biased = exponent + EXPONENT_BIAS;
        out.putByte(biased >> 16);
        out.putShort(biased);
    }

    @Override
    Object get(KeyReader in) {
        int kind = in.readByte();
        Numeric value = switch (kind) {
            case NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
            case POSITIVE_INFINITY -> Numeric.POSITIVE_INFINITY;
            case NAN -> Numeric.NAN;
            case ZERO -> Numeric.ZERO;
            default -> readFinite(in, kind == NEGATIVE);
        };
        return scale >= 0 ? value.setScale(scale) : value;
    }

    private static Numeric readFinite(KeyReader in, boolean negative) {
        int flip = negative ? 0xFF : 0;
        int first = in.readByte() ^ flip;
        int exponent = first - 0x80;
        if (Math.abs(exponent) > SHORT_EXPONENT_MAX) {
            exponent = ((in.readByte() ^ flip) << 16 | (in.readByte() ^ flip) << 8 | in.readByte() ^ flip)
                    - EXPONENT_BIAS;
        }
        StringBuilder digits = new StringBuilder();
        for (int pair = in.readByte() ^ flip; pair != 0; pair = in.readByte() ^ flip) {
            digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
        }
        BigInteger unscaled = new BigInteger(digits.toString());
        Numeric value = Numeric.of(negative ? unscaled.negate() : unscaled, digits.length() - exponent);
        return value.trimScale();
    }
}
