package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** character varying. */
final class VarcharOps extends TextOps {
    static final VarcharOps INSTANCE = new VarcharOps();

    private VarcharOps() {
        super("character varying", true);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return applyTypmod(text, typmod, false);
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        String text = (String) value;
        int cut = typmod < 4 ? -1 : indexBeyond(text, typmod - 4);
        if (cut < 0) {
            return text;
        }
        if (!explicitCast && !trimTrailingBlanks(text.substring(cut)).isEmpty()) {
            throw tooLong("character varying", typmod);
        }
        return text.substring(0, cut);
    }

    static SqlException tooLong(String typeName, int typmod) {
        return new SqlException(SqlState.STRING_DATA_RIGHT_TRUNCATION,
                "value too long for type " + typeName + "(" + (typmod - 4) + ")");
    }

    @Override
    public String formatTypmod(int typmod) {
        return typmod < 4 ? "" : "(" + (typmod - 4) + ")";
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return parseLength(arguments, "varchar");
    }
}
