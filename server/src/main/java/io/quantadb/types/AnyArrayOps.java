package io.quantadb.types;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * The values of the catalog columns declared anyarray ({@code pg_statistic.stavalues1}, {@code
 * pg_attribute.attmissingval}): arrays that say themselves what they are of.
 *
 * <p>Stored form: u32 oid of the element type, little-endian, then the array's own stored form. The element type is a
 * built-in one: whoever fills such a column stores values of other types as the built-in type that represents them.
 */
final class AnyArrayOps extends ObjectOps {
    static final AnyArrayOps INSTANCE = new AnyArrayOps();

    private static final int HEADER = 4;

    private AnyArrayOps() {
        super("anyarray");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return ArrayText.format((ArrayValue) value, ctx);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type anyarray");
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        new ArrayOps(((ArrayValue) value).elementType()).writeBinary(value, out);
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type anyarray");
    }

    @Override
    public byte[] encode(Object value) {
        ArrayValue array = (ArrayValue) value;
        Invariant.check(BuiltinTypes.find(array.elementOid()) != null,
                "an anyarray column is to store elements of type %s, which is not built in (oid %s)",
                array.elementType(), array.elementOid());
        byte[] body = new ArrayOps(array.elementType()).encode(array);
        byte[] bytes = new byte[HEADER + body.length];
        Memory.putInt(bytes, 0, array.elementOid());
        System.arraycopy(body, 0, bytes, HEADER, body.length);
        return bytes;
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        PgType element = BuiltinTypes.get(Memory.getInt(buffer, offset));
        return new ArrayOps(element).decode(buffer, offset + HEADER, length - HEADER);
    }

    @Override
    public int compare(Object a, Object b) {
        throw noOrder("anyarray");
    }

    @Override
    public boolean ordered() {
        return false;
    }
}
