package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.util.Arrays;

/** bit(n) and bit varying(n). Stored form: number of bits (4 bytes, little-endian), then the bytes. */
final class BitOps extends ObjectOps {
    static final BitOps BIT = new BitOps("bit");
    static final BitOps VARBIT = new BitOps("bit varying");

    private BitOps(String name) {
        super(name);
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return value.toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        boolean hex = text.startsWith("x") || text.startsWith("X");
        String digits = hex || text.startsWith("b") || text.startsWith("B") ? text.substring(1) : text;
        int perDigit = hex ? 4 : 1;
        int length = digits.length() * perDigit;
        byte[] bytes = new byte[(length + 7) / 8];
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, hex ? 16 : 2) : -1;
            if (digit < 0) {
                throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "\""
                        + Character.toString(digits.codePointAt(i)) + "\" is not a valid "
                        + (hex ? "hexadecimal" : "binary") + " digit");
            }
            int bit = i * perDigit;
            bytes[bit / 8] |= (byte) (digit << 8 - perDigit - bit % 8);
        }
        return applyTypmod(BitString.wrap(bytes, length), typmod, false);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        BitString bits = (BitString) value;
        if (typmod <= 0 || (this == BIT ? bits.length() == typmod : bits.length() <= typmod)) {
            return bits;
        }
        if (explicitCast) {
            return bits.resize(typmod);
        }
        if (this == BIT) {
            throw new SqlException(SqlState.STRING_DATA_LENGTH_MISMATCH,
                    "bit string length " + bits.length() + " does not match type bit(" + typmod + ")");
        }
        throw new SqlException(SqlState.STRING_DATA_RIGHT_TRUNCATION,
                "bit string too long for type bit varying(" + typmod + ")");
    }

    @Override
    public int parseTypmod(String[] arguments) {
        String name = this == BIT ? "bit" : "varbit";
        if (arguments.length != 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid type modifier");
        }
        int length = TypmodArguments.integer(arguments[0]);
        if (length < 1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "length for type " + name + " must be at least 1");
        }
        if (length > 10_485_760 * 8) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "length for type " + name + " cannot exceed 83886080");
        }
        return length;
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        BitString bits = (BitString) value;
        out.writeInt(bits.length());
        out.writeBytes(bits.unsafeArray());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int length = in.readInt();
        if (length < 0) {
            throw new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, "invalid length in external bit string");
        }
        return applyTypmod(BitString.wrap(in.readBytes((length + 7) / 8), length), typmod, false);
    }

    @Override
    public byte[] encode(Object value) {
        BitString bits = (BitString) value;
        byte[] bytes = new byte[4 + bits.unsafeArray().length];
        ByteOrders.putIntLe(bytes, 0, bits.length());
        System.arraycopy(bits.unsafeArray(), 0, bytes, 4, bytes.length - 4);
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return BitString.wrap(Arrays.copyOfRange(buffer, offset + 4, offset + length),
                ByteOrders.getIntLe(buffer, offset));
    }

    @Override
    public int compare(Object a, Object b) {
        return ((BitString) a).compareTo((BitString) b);
    }
}
