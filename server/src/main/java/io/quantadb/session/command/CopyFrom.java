package io.quantadb.session.command;

import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import io.quantadb.types.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * COPY FROM: reads rows, converts fields, stores rows in batches. Confined to one command.
 *
 * <p>Integers and plain texts go from the input's bytes into the row without becoming objects, unless an index, constraint or foreign
 * key has to look at them.
 */
final class CopyFrom {
    private static final int LONG_DIGITS_MAX = 18;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};

    private final CommandContext context;
    private final RelationDescriptor table;
    private final ColumnDescriptor[] columns;
    private final CopyOptions options;
    private final TextContext text;
    private final TableStore store;
    private final TupleBuilder builder;
    private final boolean objects;
    /** For attributes not in the data: their defaults. */
    private final ScalarEvaluator[] defaults;
    private final ScalarEvaluator[] domains;
    private final boolean[] forceNotNull;
    private final boolean[] forceNull;
    private final ScalarEvaluator where;
    private final RowContext row;
    private final RowView.ArrayRow view = new RowView.ArrayRow();
    private long rows;
    private CopyFields fields;
    private BinaryRows binary;

    /** Where the data comes from: pieces cut anywhere, null at the end. */
    @FunctionalInterface
    interface Source {
        byte[] next();
    }

    CopyFrom(CommandContext context, RelationDescriptor table, List<ColumnDescriptor> columns, CopyOptions options,
            Expression condition) {
        this.context = context;
        this.table = table;
        this.columns = columns.toArray(ColumnDescriptor[]::new);
        this.options = options;
        text = context.session.text();
        store = new TableStore(context, table, true);
        builder = store.builder();
        row = new RowContext(context.session.execution().context(new Object[0], null));
        row.outer = view;
        Expressions expressions = new Expressions(context);
        defaults = new ScalarEvaluator[table.columns().size()];
        domains = new ScalarEvaluator[table.columns().size()];
        boolean needObjects = store.needsValues() || condition != null;
        for (ColumnDescriptor column : table.liveColumns()) {
            boolean given = columns.contains(column);
            if (!given && !column.isGenerated()) {
                Expr value = Analyzer.columnDefault(table, column, context.analyzer());
                boolean nothing = value instanceof Expr.Const constant && constant.value() == null;
                defaults[column.attnum() - 1] = nothing ? null : expressions.compile(value);
            } else if (given && column.type().typtype() == 'd') {
                domains[column.attnum() - 1] = expressions.compile(new Expr.CoerceToDomain(
                        InputRef.outer(column.attnum() - 1, column.type()), column.type(), column.typmod(),
                        column.collation(), Origin.NONE));
                needObjects = true;
            }
        }
        objects = needObjects || notNullColumns();
        where = condition == null ? null : expressions.compile(expressions.condition(condition, table, ExprKind.COPY_WHERE,
                "WHERE"));
        forceNotNull = flags(options.forceNotNull(), "FORCE_NOT_NULL");
        forceNull = flags(options.forceNull(), "FORCE_NULL");
    }

    /** NOT NULL is checked without objects where all else allows it. */
    private static boolean notNullColumns() {
        return false;
    }

    private boolean[] flags(List<String> names, String option) {
        boolean[] flags = new boolean[columns.length];
        for (String name : names) {
            boolean found = false;
            for (int i = 0; i < columns.length; i++) {
                if (columns[i].name().equals(name)) {
                    flags[i] = true;
                    found = true;
                }
            }
            if (!found) {
                if (table.column(name) == null) {
                    throw io.quantadb.catalog.CatalogErrors.noColumn(name, table.name());
                }
                throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE,
                        option + " column \"" + name + "\" not referenced by COPY");
            }
        }
        return flags;
    }

    /** Reads everything. @return rows stored */
    long run(Source source) {
        try (store) {
            if (options.format() == CopyOptions.Format.BINARY) {
                binary = new BinaryRows(source);
                runBinary();
            } else {
                fields = new CopyFields(source, options);
                runText();
            }
            try {
                store.flush();
            } catch (SqlException e) {
                throw locate(e, null);
            }
        }
        return rows;
    }

    private SqlException locate(SqlException e, String lineText) {
        if (e.where() == null || !e.where().contains("COPY " + table.name())) {
            long line = fields != null ? fields.line() : rows + 1;
            e.addWhere("COPY " + table.name() + ", line " + line + (lineText == null ? "" : ": \"" + lineText + "\""));
        }
        return e;
    }

    // ---- Text and CSV

    private void runText() {
        if (options.header() && nextLine() && options.matchHeader()) {
            matchHeader();
        }
        while (nextLine()) {
            if ((fields.line() & 0x3FF) == 0) {
                context.checkInterrupts();
            }
            // Escapes are resolved in place, so the line's text has to be taken before that; errors are rare, so it is not.
            try {
                readRow();
            } catch (SqlException e) {
                throw locate(e, fields.lineText());
            }
        }
    }

    private boolean nextLine() {
        try {
            if (!fields.next()) {
                return false;
            }
        } catch (SqlException e) {
            throw e.where() != null ? e : e.addWhere("COPY " + table.name() + ", line " + (fields.line() + 1));
        }
        return true;
    }

    private void matchHeader() {
        if (options.format() == CopyOptions.Format.CSV) {
            fields.resolveQuotes();
        }
        if (fields.count() != columns.length) {
            throw locate(new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "wrong number of fields in header line: got "
                    + fields.count() + ", expected " + columns.length), fields.lineText());
        }
        for (int i = 0; i < columns.length; i++) {
            String got = fields.text(i);
            if (!got.equals(columns[i].name())) {
                throw locate(new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "column name mismatch in header line field "
                        + (i + 1) + ": got \"" + got + "\", expected \"" + columns[i].name() + "\""), fields.lineText());
            }
        }
    }

    private void readRow() {
        int count = fields.count();
        if (count > columns.length && !(columns.length == 0 && count == 1 && fields.end(0) == fields.start(0))) {
            throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column");
        }
        if (count < columns.length) {
            throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT,
                    "missing data for column \"" + columns[count].name() + "\"");
        }
        if (options.format() == CopyOptions.Format.CSV) {
            fields.resolveQuotes();
        }
        builder.clear();
        Object[] values = objects ? new Object[store.width()] : null;
        for (int i = 0; i < columns.length; i++) {
            if (!isNull(i)) {
                try {
                    readField(i, columns[i], values);
                } catch (SqlException e) {
                    if (e.where() == null) {
                        e.addWhere("COPY " + table.name() + ", line " + fields.line() + ", column " + columns[i].name()
                                + ": \"" + CopyFields.limited(fields.text(i)) + "\"");
                    }
                    throw e;
                }
            }
        }
        finishRow(values);
    }

    private boolean isNull(int i) {
        if (forceNull[i] && fields.isQuoted(i) && fields.equalsNullText(i)) {
            return true;
        }
        return fields.isNull(i) && !forceNotNull[i];
    }

    private void readField(int i, ColumnDescriptor column, Object[] values) {
        byte[] b = fields.bytes();
        int start = fields.start(i);
        int end = fields.end(i);
        int attribute = column.attnum() - 1;
        switch (column.type().oid()) {
            case Oids.INT4, Oids.INT8, Oids.INT2 -> {
                if (readInteger(b, start, end, column.type().oid(), attribute, values)) {
                    return;
                }
            }
            case Oids.TEXT -> {
                if (values == null) {
                    checkText(b, start, end);
                    builder.setBytes(attribute, b, start, end - start);
                    return;
                }
            }
            case Oids.VARCHAR -> {
                if (values == null && (column.typmod() < 0 || end - start <= column.typmod() - 4)) {
                    checkText(b, start, end);
                    builder.setBytes(attribute, b, start, end - start);
                    return;
                }
            }
            default -> {
                // By the type's input function.
            }
        }
        String value = decode(b, start, end);
        store(attribute, column.type().ops().fromText(value, column.typmod(), text), values);
    }

    private void store(int attribute, Object value, Object[] values) {
        if (values != null) {
            values[attribute] = value;
        } else {
            builder.setObject(attribute, value);
        }
    }

    /** Plain decimal digits that surely fit; anything else goes through the input function. */
    private boolean readInteger(byte[] b, int start, int end, int type, int attribute, Object[] values) {
        int i = start;
        boolean negative = i < end && b[i] == '-';
        if (negative) {
            i++;
        }
        int digits = end - i;
        if (digits < 1 || digits > LONG_DIGITS_MAX) {
            return false;
        }
        long value = 0;
        for (; i < end; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        if (negative) {
            value = -value;
        }
        if (type == Oids.INT4 && value != (int) value || type == Oids.INT2 && value != (short) value) {
            return false;
        }
        if (values != null) {
            values[attribute] = value;
        } else {
            builder.setLong(attribute, value);
        }
        return true;
    }

    /** Valid UTF-8 without zero bytes, else 22021. */
    private static void checkText(byte[] b, int start, int end) {
        for (int i = start; i < end; i++) {
            if (b[i] <= 0) {
                decode(b, start, end);
                return;
            }
        }
    }

    private static String decode(byte[] b, int start, int end) {
        return WireReader.decodeUtf8(b, start, end - start);
    }

    // ---- Every format

    /** Adds what the data does not give, checks the row and stores it. */
    private void finishRow(Object[] values) {
        if (values == null) {
            for (ColumnDescriptor column : columns) {
                if (column.notNull() && isMissing(column)) {
                    throw store.notNullViolation(column, readBack());
                }
            }
            applyDefaults(null);
            store.addBuilt(builder, null);
            rows++;
            return;
        }
        view.values = values;
        applyDefaults(values);
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] != null) {
                values[i] = domains[i].eval(row);
            }
        }
        if (where != null) {
            view.values = values;
            if (!where.isTrue(row)) {
                return;
            }
        }
        store.prepare(values);
        store.add(values);
        rows++;
    }

    private void applyDefaults(Object[] values) {
        for (int i = 0; i < defaults.length; i++) {
            if (defaults[i] != null) {
                store(i, defaults[i].eval(row), values);
            }
        }
        if (values == null) {
            for (ColumnDescriptor column : table.columns()) {
                if (column.notNull() && !column.dropped() && defaults[column.attnum() - 1] == null && !given(column)) {
                    throw store.notNullViolation(column, readBack());
                }
            }
        }
    }

    private boolean given(ColumnDescriptor column) {
        for (ColumnDescriptor each : columns) {
            if (each.attnum() == column.attnum()) {
                return true;
            }
        }
        return false;
    }

    private boolean isMissing(ColumnDescriptor column) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == column) {
                return isNull(i);
            }
        }
        return true;
    }

    /** The current row as objects, for a message. */
    private Object[] readBack() {
        Object[] values = new Object[store.width()];
        for (int i = 0; i < columns.length; i++) {
            if (!isNull(i)) {
                readObject(i, values);
            }
        }
        return values;
    }

    private void readObject(int i, Object[] values) {
        values[columns[i].attnum() - 1] = columns[i].type().ops().fromText(fields.text(i), columns[i].typmod(), text);
    }

    // ---- Binary

    private void runBinary() {
        binary.header();
        while (true) {
            if ((rows & 0x3FF) == 0) {
                context.checkInterrupts();
            }
            try {
                int count = binary.readShort();
                if (count == -1) {
                    binary.drain();
                    return;
                }
                if (count != columns.length) {
                    throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT,
                            "row field count is " + count + ", expected " + columns.length);
                }
                Object[] values = new Object[store.width()];
                for (ColumnDescriptor column : columns) {
                    readBinaryField(column, values);
                }
                view.values = values;
                finishRow(values);
            } catch (SqlException e) {
                throw locate(e, null);
            }
        }
    }

    private void readBinaryField(ColumnDescriptor column, Object[] values) {
        int length = binary.readInt();
        if (length == -1) {
            return;
        }
        if (length < 0) {
            throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "invalid field size");
        }
        PgType type = column.type();
        try {
            values[column.attnum() - 1] = type.ops().applyTypmod(
                    type.ops().fromBinary(binary.readBytes(length), column.typmod()), column.typmod(), false);
        } catch (SqlException e) {
            if (e.state() == SqlState.PROTOCOL_VIOLATION) {
                throw new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, "incorrect binary data format", e)
                        .withWhere("COPY " + table.name() + ", line " + (rows + 1) + ", column " + column.name());
            }
            throw e.where() != null ? e : e.addWhere("COPY " + table.name() + ", line " + (rows + 1) + ", column "
                    + column.name());
        }
    }

    /** The stream of the binary format, read piece by piece. */
    private static final class BinaryRows {
        private final Source source;
        private byte[] buffer = new byte[0];
        private int at;

        BinaryRows(Source source) {
            this.source = source;
        }

        void header() {
            byte[] signature = readBytes(SIGNATURE.length, "COPY file signature not recognized");
            if (!java.util.Arrays.equals(signature, SIGNATURE)) {
                throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "COPY file signature not recognized");
            }
            int flags = readInt();
            if ((flags & 1 << 16) != 0) {
                throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "invalid COPY file header (WITH OIDS)");
            }
            if ((flags & 0xFFFE0000) != 0) {
                throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "unrecognized critical flags in COPY file header");
            }
            int extension = readInt();
            if (extension < 0) {
                throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "invalid COPY file header (missing length)");
            }
            readBytes(extension);
        }

        int readShort() {
            byte[] b = readBytes(2, "unexpected EOF in COPY data");
            return (short) ((b[0] & 0xFF) << 8 | b[1] & 0xFF);
        }

        int readInt() {
            byte[] b = readBytes(4);
            return (b[0] & 0xFF) << 24 | (b[1] & 0xFF) << 16 | (b[2] & 0xFF) << 8 | b[3] & 0xFF;
        }

        byte[] readBytes(int count) {
            return readBytes(count, "unexpected EOF in COPY data");
        }

        private byte[] readBytes(int count, String message) {
            byte[] result = new byte[count];
            int done = 0;
            while (done < count) {
                if (at == buffer.length) {
                    buffer = source.next();
                    at = 0;
                    if (buffer == null) {
                        buffer = new byte[0];
                        throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, message);
                    }
                }
                int n = Math.min(count - done, buffer.length - at);
                System.arraycopy(buffer, at, result, done, n);
                at += n;
                done += n;
            }
            return result;
        }

        void drain() {
            if (at < buffer.length || source.next() != null) {
                throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "received copy data after EOF marker");
            }
        }
    }

    static byte[] signature() {
        return SIGNATURE.clone();
    }

    static byte[] utf8(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
