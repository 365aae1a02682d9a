package io.quantadb.types;

import io.quantadb.types.json.JsonParser;

/** json: validated text, kept as written; no order or equality. */
final class JsonOps extends TextOps {
    static final JsonOps INSTANCE = new JsonOps();

    private JsonOps() {
        super("json", false);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        JsonParser.validate(text);
        return text;
    }
}
