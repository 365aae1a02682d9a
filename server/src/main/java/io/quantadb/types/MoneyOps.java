package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** money: cents in a long, printed as lc_monetary C does it: {@code -$1,234.56}. */
final class MoneyOps extends LongOps {
    static final MoneyOps INSTANCE = new MoneyOps();

    private MoneyOps() {
        super("money", 8, false);
    }

    @Override
    String toText(long value, TextContext ctx) {
        String digits = Long.toUnsignedString(Math.abs(value));
        while (digits.length() < 3) {
            digits = "0" + digits;
        }
        StringBuilder out = new StringBuilder(digits);
        out.insert(digits.length() - 2, '.');
        for (int at = digits.length() - 5; at > 0; at -= 3) {
            out.insert(at, ',');
        }
        return out.insert(0, value < 0 ? "-$" : "$").toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        String rest = IntegerText.trim(text);
        boolean negative = false;
        if (rest.startsWith("$")) {
            rest = IntegerText.trim(rest.substring(1));
        }
        if (rest.startsWith("(") && rest.endsWith(")")) {
            negative = true;
            rest = rest.substring(1, rest.length() - 1);
        } else if (rest.startsWith("-") || rest.startsWith("+")) {
            negative = rest.startsWith("-");
            rest = rest.substring(1);
        }
        rest = IntegerText.trim(rest);
        if (rest.startsWith("$")) {
            rest = IntegerText.trim(rest.substring(1));
        }
        String digits = rest.replace(",", "");
        if (!digits.matches("[0-9]*(\\.[0-9]*)?")) {
            throw IntegerText.invalid(text, "money");
        }
        Numeric cents = Numeric.parse("0" + digits).multiply(Numeric.of(100)).setScale(0);
        if (!cents.isCompact()) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                    "value \"" + text + "\" is out of range for type money");
        }
        return negative ? -cents.unscaledLong() : cents.unscaledLong();
    }
}
