package io.quantadb.types;

import java.math.BigInteger;

/** Powers of ten and decimal rounding shared by the numeric classes. */
public final class Decimals {
    static final double[] DOUBLE_POW10 = new double[23];

    private static final long[] POW10 = new long[19];
    private static final BigInteger[] BIG_POW10 = new BigInteger[128];

    static {
        long value = 1;
        for (int i = 0; i < POW10.length; i++) {
            POW10[i] = value;
            value *= 10;
        }
        for (int i = 0; i < DOUBLE_POW10.length; i++) {
            DOUBLE_POW10[i] = Double.parseDouble("1e" + i);
        }
        BIG_POW10[0] = BigInteger.ONE;
        for (int i = 1; i < BIG_POW10.length; i++) {
            BIG_POW10[i] = BIG_POW10[i - 1].multiply(BigInteger.TEN);
        }
    }

    private Decimals() {
    }

    /** 10 to the power 0 to 18. */
    public static long pow10(int exponent) {
        return POW10[exponent];
    }

    public static BigInteger bigPow10(int exponent) {
        return exponent < BIG_POW10.length ? BIG_POW10[exponent] : BigInteger.TEN.pow(exponent);
    }

    /** Whether {@code value * 10^exponent} is a long; exponent is not negative. */
    static boolean fitsTimesPow10(long value, int exponent) {
        if (exponent == 0 || value == 0) {
            return exponent <= 18;
        }
        if (exponent > 18) {
            return false;
        }
        long low = value * POW10[exponent];
        return Math.multiplyHigh(value, POW10[exponent]) == low >> 63;
    }

    /** Quotient rounded half away from zero; the divisor is positive and not one of the extremes of long. */
    static long divideRounded(long value, long divisor) {
        long quotient = value / divisor;
        long remainder = Math.abs(value % divisor);
        if (remainder >= divisor - remainder) {
            quotient += value < 0 ? -1 : 1;
        }
        return quotient;
    }

    /** Quotient rounded half away from zero. */
    static BigInteger divideRounded(BigInteger value, BigInteger divisor) {
        BigInteger[] parts = value.divideAndRemainder(divisor);
        if (parts[1].signum() != 0 && parts[1].shiftLeft(1).abs().compareTo(divisor.abs()) >= 0) {
            return parts[0].add(BigInteger.valueOf((long) value.signum() * divisor.signum()));
        }
        return parts[0];
    }

    /** Number of decimal digits of the magnitude; 1 for 0. */
    static int digitCount(long value) {
        if (value == Long.MIN_VALUE) {
            return 19;
        }
        long magnitude = Math.abs(value);
        int digits = 1;
        while (digits < 19 && magnitude >= POW10[digits]) {
            digits++;
        }
        return digits;
    }

    static int digitCount(BigInteger value) {
        if (value.bitLength() < 64) {
            return digitCount(value.longValue());
        }
        BigInteger magnitude = value.abs();
        int guess = (int) ((magnitude.bitLength() - 1) * 0.30102999566398120) + 1;
        return magnitude.compareTo(bigPow10(guess)) >= 0 ? guess + 1 : guess;
    }
}
