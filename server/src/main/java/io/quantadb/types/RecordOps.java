package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * Composite types and anonymous records.
 *
 * <p>Stored form, little-endian: number of fields (4 bytes), then per field its type oid and length (4 bytes each;
 * length -1 is NULL) and its stored bytes.
 */
public final class RecordOps extends ObjectOps {
    static final RecordOps ANONYMOUS = new RecordOps(null);

    private final RowFields fields;

    /** {@code fields} is null for the pseudo-type record. */
    RecordOps(RowFields fields) {
        super("record");
        this.fields = fields;
    }

    /** The declared fields, null for the pseudo-type record. */
    public RowFields fields() {
        return fields;
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return format((RowValue) value, ctx);
    }

    static String format(RowValue row, TextContext ctx) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            if (row.get(i) != null) {
                appendQuoted(row.type(i).ops().toText(row.get(i), ctx), out);
            }
        }
        return out.append(')').toString();
    }

    private static void appendQuoted(String text, StringBuilder out) {
        boolean quote = text.isEmpty();
        for (int i = 0; i < text.length() && !quote; i++) {
            char c = text.charAt(i);
            quote = c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || IntegerText.isSpace(c);
        }
        if (!quote) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append(c);
            }
            out.append(c);
        }
        out.append('"');
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        if (fields == null) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "input of anonymous composite types is not implemented");
        }
        return parse(text, ctx);
    }

    private RowValue parse(String text, TextContext ctx) {
        int at = 0;
        while (at < text.length() && IntegerText.isSpace(text.charAt(at))) {
            at++;
        }
        if (at >= text.length() || text.charAt(at++) != '(') {
            throw malformed(text, "Missing left parenthesis.");
        }
        int count = fields.count();
        PgType[] types = new PgType[count];
        Object[] values = new Object[count];
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                if (text.charAt(at) != ',') {
                    throw malformed(text, "Too few columns.");
                }
                at++;
            }
            word.setLength(0);
            types[i] = fields.type(i);
            if (at < text.length() && (text.charAt(at) == ',' || text.charAt(at) == ')')) {
                continue;
            }
            at = readField(text, at, word);
            values[i] = types[i].ops().fromText(word.toString(), fields.typmod(i), ctx);
        }
        if (at >= text.length() || text.charAt(at) != ')') {
            throw malformed(text, at >= text.length() ? "Unexpected end of input." : "Too many columns.");
        }
        for (at++; at < text.length(); at++) {
            if (!IntegerText.isSpace(text.charAt(at))) {
                throw malformed(text, "Junk after right parenthesis.");
            }
        }
        return new RowValue(types, values);
    }

    private static int readField(String text, int start, StringBuilder word) {
        boolean quoted = false;
        int at = start;
        while (true) {
            if (at >= text.length()) {
                throw malformed(text, "Unexpected end of input.");
            }
            char c = text.charAt(at);
            if (!quoted && (c == ',' || c == ')')) {
                return at;
            }
            at++;
            if (c == '\\') {
                if (at >= text.length()) {
                    throw malformed(text, "Unexpected end of input.");
                }
                word.append(text.charAt(at++));
            } else if (c != '"') {
                word.append(c);
            } else if (quoted && at < text.length() && text.charAt(at) == '"') {
                word.append('"');
                at++;
            } else {
                quoted = !quoted;
            }
        }
    }

    private static SqlException malformed(String text, String detail) {
        return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed record literal: \"" + text + "\"")
                .withDetail(detail);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        RowValue row = (RowValue) value;
        out.writeInt(row.size());
        ByteArraySink field = new ByteArraySink();
        for (int i = 0; i < row.size(); i++) {
            out.writeInt(row.type(i).oid());
            if (row.get(i) == null) {
                out.writeInt(-1);
                continue;
            }
            field.reset();
            row.type(i).ops().writeBinary(row.get(i), field);
            out.writeInt(field.length());
            out.writeBytes(field.array(), 0, field.length());
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        if (fields == null) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
                    "input of anonymous composite types is not implemented");
        }
        int count = in.readInt();
        if (count != fields.count()) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH,
                    "wrong number of columns: " + count + ", expected " + fields.count());
        }
        PgType[] types = new PgType[count];
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            types[i] = fields.type(i);
            int oid = in.readInt();
            if (oid != types[i].oid()) {
                throw new SqlException(SqlState.DATATYPE_MISMATCH, "binary data has type " + oid + " ("
                        + TypeNames.formatType(oid, -1) + ") instead of expected " + types[i].oid() + " ("
                        + TypeNames.formatType(types[i].oid(), -1) + ") in record column " + (i + 1));
            }
            int length = in.readInt();
            if (length != -1) {
                WireReader field = in.slice(length);
                values[i] = types[i].ops().fromBinary(field, fields.typmod(i));
                field.expectEnd("record column " + (i + 1));
            }
        }
        return new RowValue(types, values);
    }

    @Override
    public byte[] encode(Object value) {
        RowValue row = (RowValue) value;
        ByteArraySink out = new ByteArraySink();
        out.writeInt(Integer.reverseBytes(row.size()));
        for (int i = 0; i < row.size(); i++) {
            out.writeInt(Integer.reverseBytes(row.type(i).oid()));
            byte[] bytes = row.get(i) == null ? null : row.type(i).ops().encode(row.get(i));
            out.writeInt(Integer.reverseBytes(bytes == null ? -1 : bytes.length));
            if (bytes != null) {
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }

    /** Fields added to the type since the value was stored are null. */
    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        int stored = ByteOrders.getIntLe(buffer, offset);
        int count = fields == null ? stored : fields.count();
        PgType[] types = new PgType[count];
        Object[] values = new Object[count];
        int at = offset + 4;
        for (int i = 0; i < count; i++) {
            if (i >= stored) {
                types[i] = fields.type(i);
                continue;
            }
            types[i] = fields == null ? BuiltinTypes.get(ByteOrders.getIntLe(buffer, at)) : fields.type(i);
            int size = ByteOrders.getIntLe(buffer, at + 4);
            at += 8;
            if (size >= 0) {
                values[i] = types[i].ops().decode(buffer, at, size);
                at += size;
            }
        }
        return new RowValue(types, values);
    }

    /** Field by field, NULL after everything else; 42804 for rows of different shape. */
    @Override
    public int compare(Object a, Object b) {
        RowValue x = (RowValue) a;
        RowValue y = (RowValue) b;
        int common = Math.min(x.size(), y.size());
        for (int i = 0; i < common; i++) {
            if (x.type(i).oid() != y.type(i).oid()) {
                throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot compare dissimilar column types "
                        + TypeNames.formatType(x.type(i).oid(), -1) + " and "
                        + TypeNames.formatType(y.type(i).oid(), -1) + " at record column " + (i + 1));
            }
            Object left = x.get(i);
            Object right = y.get(i);
            int order = left == null || right == null ? Boolean.compare(left == null, right == null)
                    : x.type(i).ops().compare(left, right);
            if (order != 0) {
                return order;
            }
        }
        if (x.size() != y.size()) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH,
                    "cannot compare record types with different numbers of columns");
        }
        return 0;
    }
}
