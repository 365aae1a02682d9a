package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** An enum type: values are label oids, printed as labels and ordered by {@code enumsortorder}. */
public final class EnumOps extends LongOps {
    private final EnumLabels labels;

    EnumOps(String name, EnumLabels labels) {
        super(name, 4, true);
        this.labels = labels;
    }

    public EnumLabels labels() {
        return labels;
    }

    @Override
    String toText(long value, TextContext ctx) {
        String label = labels.label(value);
        if (label == null) {
            throw new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, "invalid internal value for enum: " + value);
        }
        return label;
    }

    @Override
    public void writeTextLong(long value, ByteSink out, TextContext ctx) {
        out.writeUtf8(toText(value, ctx));
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        long oid = labels.oid(text);
        if (oid < 0) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                    "invalid input value for enum " + displayName() + ": \"" + text + "\"");
        }
        return oid;
    }

    @Override
    public void writeBinaryLong(long value, ByteSink out) {
        out.writeUtf8(toText(value, TextContext.DEFAULT));
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        return fromText(in.readText(), typmod, TextContext.DEFAULT);
    }

    @Override
    public int compareLong(long a, long b) {
        return a == b ? 0 : Float.compare(labels.sortOrder(a), labels.sortOrder(b));
    }
}
