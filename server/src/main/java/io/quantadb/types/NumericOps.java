package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * numeric.
 *
 * <p>Stored form, byte 0 is the tag:
 * <pre>
 * 0x00..0x7F  compact: the tag is the scale; bytes 1..8 the unscaled value, little-endian. Always 9 bytes.
 * 0x80        big: bytes 1..2 scale, little-endian; then the unscaled value, big-endian two's complement, minimal
 * 0x81 NaN, 0x82 Infinity, 0x83 -Infinity
 * </pre>
 * Scans may read a compact value straight from the page: see {@link NumericStorage}.
 */
final class NumericOps extends ObjectOps {
    static final NumericOps INSTANCE = new NumericOps();

    private static final int VARHDRSZ = 4;

    private NumericOps() {
        super("numeric");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return value.toString();
    }

    @Override
    public void writeText(Object value, ByteSink out, TextContext ctx) {
        ((Numeric) value).writeTo(out);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return applyTypmod(Numeric.parse(text), typmod, false);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        NumericWire.write((Numeric) value, out);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return applyTypmod(NumericWire.read(in), typmod, false);
    }

    @Override
    public int diskSize(Object value) {
        return ((Numeric) value).isCompact() && ((Numeric) value).scale() < 128 ? NumericStorage.COMPACT_SIZE
                : encode(value).length;
    }

    @Override
    public byte[] encode(Object value) {
        return NumericStorage.encode((Numeric) value);
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return NumericStorage.decode(buffer, offset, length);
    }

    @Override
    public Object decode(long address, int length) {
        return NumericStorage.isCompact(address)
                ? Numeric.of(NumericStorage.unscaled(address), NumericStorage.scale(address))
                : super.decode(address, length);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((Numeric) a).compareTo((Numeric) b);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        Numeric number = (Numeric) value;
        if (typmod < VARHDRSZ || number.isNaN()) {
            return number;
        }
        int precision = Typmods.numericPrecision(typmod);
        int scale = Typmods.numericScale(typmod);
        if (number.isInfinite()) {
            throw fieldOverflow("A field with precision " + precision + ", scale " + scale
                    + " cannot hold an infinite value.");
        }
        Numeric rounded = number.setScale(scale);
        int integerDigits = precision - scale;
        if (!fits(rounded, precision, scale)) {
            throw fieldOverflow("A field with precision " + precision + ", scale " + scale
                    + " must round to an absolute value less than "
                    + (integerDigits == 0 ? "1" : "10^" + integerDigits) + ".");
        }
        return rounded;
    }

    private static boolean fits(Numeric rounded, int precision, int scale) {
        int allowed = rounded.scale() == scale ? precision : precision - scale;
        if (rounded.isCompact()) {
            long magnitude = Math.abs(rounded.unscaledLong());
            return allowed > 18 || magnitude >= 0 && magnitude < Decimals.pow10(allowed);
        }
        return Decimals.digitCount(rounded.unscaledBig()) <= allowed;
    }

    private static SqlException fieldOverflow(String detail) {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow").withDetail(detail);
    }

    @Override
    public String formatTypmod(int typmod) {
        return typmod < VARHDRSZ ? ""
                : "(" + Typmods.numericPrecision(typmod) + "," + Typmods.numericScale(typmod) + ")";
    }

    @Override
    public int parseTypmod(String[] arguments) {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid NUMERIC type modifier");
        }
        int precision = TypmodArguments.integer(arguments[0]);
        if (precision < 1 || precision > 1000) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "NUMERIC precision " + precision + " must be between 1 and 1000");
        }
        int scale = arguments.length == 2 ? TypmodArguments.integer(arguments[1]) : 0;
        if (scale < -1000 || scale > 1000) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "NUMERIC scale " + scale + " must be between -1000 and 1000");
        }
        return Typmods.numeric(precision, scale);
    }
}
