package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.json.JsonParser;
import io.quantadb.types.json.JsonStorage;
import io.quantadb.types.json.JsonValue;

/** jsonb; sent as version byte 1 and text, stored as {@link JsonStorage} describes. */
final class JsonbOps extends ObjectOps {
    static final JsonbOps INSTANCE = new JsonbOps();

    private static final int WIRE_VERSION = 1;

    private JsonbOps() {
        super("jsonb");
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return ((JsonValue) value).toText();
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return JsonParser.parse(text);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        out.writeByte(WIRE_VERSION);
        out.writeUtf8(((JsonValue) value).toText());
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int version = in.readByte();
        if (version != WIRE_VERSION) {
            throw new SqlException(SqlState.INTERNAL_ERROR, "unsupported jsonb version number " + version);
        }
        return JsonParser.parse(in.readText());
    }

    @Override
    public byte[] encode(Object value) {
        return JsonStorage.encode((JsonValue) value);
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        return JsonStorage.decode(buffer, offset);
    }

    @Override
    public int compare(Object a, Object b) {
        return ((JsonValue) a).compareTo((JsonValue) b);
    }

    @Override
    public boolean equal(Object a, Object b) {
        return a.equals(b);
    }
}
