package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.json.JsonPath;
import java.nio.charset.StandardCharsets;

/** Type jsonpath. Stored as its text; has no order. */
final class JsonPathOps extends ObjectOps {
    static final JsonPathOps INSTANCE = new JsonPathOps();
    private static final int WIRE_VERSION = 1;

    private JsonPathOps() {
        super("jsonpath");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return value.toString();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return JsonPath.parse(text);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeByte(WIRE_VERSION);
        out.writeUtf8(value.toString());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int version = in.readByte();
        if (version != WIRE_VERSION) {
            throw new SqlException(SqlState.INTERNAL_ERROR, "unsupported jsonpath version number: " + version);
        }
        return JsonPath.parse(in.readText());
    }

    @Override
    public byte[] encode(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return JsonPath.parse(new String(buffer, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public int compare(Object a, Object b) {
        throw noOrder("jsonpath");
    }

    @Override
    public boolean ordered() {
        return false;
    }
}
