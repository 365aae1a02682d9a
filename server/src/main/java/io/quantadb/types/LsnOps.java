package io.quantadb.types;

import java.util.Locale;

/** pg_lsn: a position in the WAL, unsigned, printed as two hexadecimal halves. */
final class LsnOps extends LongOps {
    static final LsnOps INSTANCE = new LsnOps();

    private LsnOps() {
        super("pg_lsn", 8, false);
    }

    @Override
    String toText(long value, TextContext ctx) {
        return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT) + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
            throw IntegerText.invalid(text, "pg_lsn");
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (i == slash) {
                value <<= 32;
                continue;
            }
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw IntegerText.invalid(text, "pg_lsn");
            }
            long low = (value & 0xFFFF_FFFFL) << 4 | digit;
            value = i < slash ? low : value & 0xFFFF_FFFF_0000_0000L | low;
        }
        return value;
    }

    @Override
    public int compareLong(long a, long b) {
        return Long.compareUnsigned(a, b);
    }
}
