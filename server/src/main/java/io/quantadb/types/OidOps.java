package io.quantadb.types;

import java.math.BigInteger;

/** oid, xid, cid and xid8: unsigned integers. */
final class OidOps extends LongOps {
    static final OidOps OID = new OidOps("oid", 4);
    static final OidOps XID = new OidOps("xid", 4);
    static final OidOps CID = new OidOps("cid", 4);
    static final OidOps XID8 = new OidOps("xid8", 8);

    private static final BigInteger UINT_MAX = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);

    private OidOps(String name, int width) {
        super(name, width, width < 8);
    }

    @Override
    String toText(long value, TextContext ctx) {
        return Long.toUnsignedString(value);
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        if (value >= 0) {
            IntegerText.write(value, out);
        } else {
            out.writeAscii(Long.toUnsignedString(value));
        }
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return this == OID ? parseOid(text) : parseLeniently(text);
    }

    /** Accepts what C's strtoul does, negative numbers included. */
    static long parseOid(String text) {
        String digits = IntegerText.trim(text);
        int start = !digits.isEmpty() && (digits.charAt(0) == '-' || digits.charAt(0) == '+') ? 1 : 0;
        if (digits.length() == start || !allDigits(digits, start)) {
            throw IntegerText.invalid(text, "oid");
        }
        BigInteger value = new BigInteger(digits);
        if (value.compareTo(UINT_MAX) > 0 || value.compareTo(INT_MIN) < 0) {
            throw IntegerText.outOfRange(text, "oid");
        }
        return value.longValue() & 0xFFFF_FFFFL;
    }

    static boolean allDigits(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** xid and cid input has no errors: it takes the leading digits, decimal, octal or hexadecimal. */
    private long parseLeniently(String text) {
        String digits = IntegerText.trim(text);
        boolean negative = digits.startsWith("-");
        int at = negative || digits.startsWith("+") ? 1 : 0;
        int radix = 10;
        if (digits.startsWith("0x", at) || digits.startsWith("0X", at)) {
            radix = 16;
            at += 2;
        } else if (digits.startsWith("0", at)) {
            radix = 8;
        }
        long value = 0;
        for (; at < digits.length() && Character.digit(digits.charAt(at), radix) >= 0; at++) {
            value = value * radix + Character.digit(digits.charAt(at), radix);
        }
        value = negative ? -value : value;
        return storageWidth() == 4 ? value & 0xFFFF_FFFFL : value;
    }

    @Override
    public int compareLong(long a, long b) {
        return Long.compareUnsigned(a, b);
    }

    /** xid and cid have equality but no order. */
    @Override
    public boolean ordered() {
        return this == OID || this == XID8;
    }

    @Override
    public boolean hashable() {
        return true;
    }
}
