package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * Pseudo-types: they have no values of their own and refuse input.
 *
 * <p>A value that reaches output under such a type (anyarray in pg_stats, void results) prints by its own nature.
 */
final class PseudoOps extends ObjectOps {
    PseudoOps(String name) {
        super(name);
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return switch (value) {
            case ArrayValue array -> ArrayText.format(array, ctx);
            case RowValue row -> RecordOps.format(row, ctx);
            case String text -> text;
            default -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot display a value of type " + displayName());
        };
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        if (displayName().equals("void")) {
            return "";
        }
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + displayName());
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        switch (value) {
            case ArrayValue array -> new ArrayOps(array.elementType()).writeBinary(array, out);
            case String text -> out.writeUtf8(text);
            default -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot display a value of type " + displayName());
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        in.readRemaining();
        return fromText("", typmod, TextContext.DEFAULT);
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof String text) {
            return TextOps.TEXT.encode(text);
        }
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot store a value of type " + displayName());
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return TextOps.TEXT.decode(buffer, offset, length);
    }

    @Override
    public int compare(Object a, Object b) {
        throw noOrder(displayName());
    }

    @Override
    public boolean ordered() {
        return false;
    }
}
