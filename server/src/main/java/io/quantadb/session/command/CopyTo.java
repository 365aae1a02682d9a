package io.quantadb.session.command;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import io.quantadb.session.CompiledStatement;
import io.quantadb.session.PlanRunner;
import io.quantadb.session.ResultColumn;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.ByteArraySink;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.TextContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** COPY TO: writes a table's or query's rows. Confined to one command. */
final class CopyTo {
    private final CommandContext context;
    private final CopyOptions options;
    private final TextContext text;
    private final byte[] nullBytes;
    private final ByteArraySink line = new ByteArraySink(8192);
    private final ByteArraySink field = new ByteArraySink(1024);
    private PgType[] types;
    private boolean[] forceQuote;
    private long rows;

    /** Where rows go. */
    interface Target {
        void begin(boolean binary, int columns);

        /** One line, or in binary format one row; the array may be changed afterwards. */
        void row(byte[] bytes, int length) throws IOException;

        void end() throws IOException;
    }

    CopyTo(CommandContext context, CopyOptions options) {
        this.context = context;
        this.options = options;
        text = context.session.text();
        nullBytes = options.nullText().getBytes(StandardCharsets.UTF_8);
        if (options.encoding() != StandardCharsets.UTF_8) {
            throw SqlException.notSupported("COPY TO with encoding " + options.encoding().name() + " is not supported");
        }
    }

    private boolean binary() {
        return options.format() == CopyOptions.Format.BINARY;
    }

    private void begin(Target target, List<String> names, PgType[] columnTypes) throws IOException {
        types = columnTypes;
        forceQuote = new boolean[types.length];
        Arrays.fill(forceQuote, options.forceQuoteAll());
        for (String name : options.forceQuote()) {
            int at = names.indexOf(name);
            if (at < 0) {
                throw new SqlException(io.quantadb.error.SqlState.INVALID_COLUMN_REFERENCE,
                        "FORCE_QUOTE column \"" + name + "\" not referenced by COPY");
            }
            forceQuote[at] = true;
        }
        target.begin(binary(), types.length);
        if (binary()) {
            line.reset();
            byte[] signature = CopyFrom.signature();
            line.writeBytes(signature, 0, signature.length);
            line.writeInt(0);
            line.writeInt(0);
            target.row(line.array(), line.length());
        } else if (options.header()) {
            line.reset();
            for (int i = 0; i < names.size(); i++) {
                separator(i);
                byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
                writeField(name, name.length, false);
            }
            line.writeByte('\n');
            target.row(line.array(), line.length());
        }
    }

    private void finish(Target target) throws IOException {
        if (binary()) {
            line.reset();
            line.writeShort(-1);
            target.row(line.array(), line.length());
        }
    }

    long table(RelationDescriptor table, List<ColumnDescriptor> columns, Target target) throws IOException {
        begin(target, columns.stream().map(ColumnDescriptor::name).toList(),
                columns.stream().map(ColumnDescriptor::type).toArray(PgType[]::new));
        int[] attributes = columns.stream().mapToInt(c -> c.attnum() - 1).toArray();
        HeapRelation heap = context.session.storage().heap(table);
        TupleLayout layout = heap.layout();
        Snapshot snapshot = context.transaction().takeSnapshot();
        try (HeapScan scan = heap.scan(snapshot)) {
            while (scan.nextPage()) {
                context.checkInterrupts();
                for (int i = 0; i < scan.count(); i++) {
                    row(heap, layout, scan.tupleAddress(i), attributes, target);
                }
            }
        } finally {
            context.transaction().releaseSnapshot(snapshot);
        }
        finish(target);
        return rows;
    }

    private void row(HeapRelation heap, TupleLayout layout, long tuple, int[] attributes, Target target) throws IOException {
        beginRow();
        for (int i = 0; i < attributes.length; i++) {
            int attribute = attributes[i];
            separator(i);
            if (TupleReader.isNull(layout, tuple, attribute)) {
                writeNull();
            } else if (types[i].kind() == PhysicalKind.LONG) {
                writeLong(i, TupleReader.getLong(layout, tuple, attribute));
            } else {
                writeObject(i, TupleReader.getObject(layout, tuple, attribute, heap.toast()));
            }
        }
        endRow(target);
    }

    long query(Statement query, Target target) throws IOException {
        CompiledStatement compiled = context.session.services().compiler().compile(context.sql,
                new ParsedStatement(query, 0, context.sql.length()), new int[0], null, context.session, context.catalog());
        if (!compiled.returnsRows()) {
            throw SqlException.notSupported("COPY query must have a RETURNING clause");
        }
        begin(target, compiled.columns().stream().map(ResultColumn::name).toList(),
                compiled.columns().stream().map(ResultColumn::type).toArray(PgType[]::new));
        Snapshot snapshot = context.transaction().takeSnapshot();
        try (PlanRunner.Execution execution = context.session.services().runner().start(compiled.plan(),
                context.session.execution().context(new Object[0], snapshot), context.session)) {
            for (Batch batch = execution.next(); batch != null; batch = execution.next()) {
                context.checkInterrupts();
                Rows.forEach(batch, types.length, values -> {
                    beginRow();
                    for (int i = 0; i < types.length; i++) {
                        separator(i);
                        if (values[i] == null) {
                            writeNull();
                        } else {
                            writeObject(i, values[i]);
                        }
                    }
                    endRow(target);
                });
            }
        } finally {
            context.transaction().releaseSnapshot(snapshot);
        }
        finish(target);
        return rows;
    }

    // ---- One row

    private void beginRow() {
        line.reset();
        if (binary()) {
            line.writeShort(types.length);
        }
    }

    private void separator(int column) {
        if (column > 0 && !binary()) {
            line.writeByte(options.delimiter());
        }
    }

    private void endRow(Target target) throws IOException {
        if (!binary()) {
            line.writeByte('\n');
        }
        target.row(line.array(), line.length());
        rows++;
    }

    private void writeNull() {
        if (binary()) {
            line.writeInt(-1);
        } else {
            line.writeBytes(nullBytes, 0, nullBytes.length);
        }
    }

    private void writeLong(int column, long value) {
        field.reset();
        if (binary()) {
            types[column].ops().writeBinaryLong(value, field);
            line.writeInt(field.length());
            line.writeBytes(field.array(), 0, field.length());
        } else {
            types[column].ops().writeTextLong(value, field, text);
            writeField(field.array(), field.length(), forceQuote[column]);
        }
    }

    private void writeObject(int column, Object value) {
        field.reset();
        if (binary()) {
            types[column].ops().writeBinary(value, field);
            line.writeInt(field.length());
            line.writeBytes(field.array(), 0, field.length());
        } else {
            types[column].ops().writeText(value, field, text);
            writeField(field.array(), field.length(), forceQuote[column]);
        }
    }

    private void writeField(byte[] bytes, int length, boolean force) {
        if (options.format() == CopyOptions.Format.CSV) {
            writeCsv(bytes, length, force);
        } else {
            writeEscaped(bytes, length);
        }
    }

    private void writeEscaped(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            byte c = bytes[i];
            int escape = switch (c) {
                case '\b' -> 'b';
                case '\f' -> 'f';
                case '\n' -> 'n';
                case '\r' -> 'r';
                case '\t' -> 't';
                case 0x0B -> 'v';
                case '\\' -> '\\';
                default -> 0;
            };
            if (c == options.delimiter()) {
                escape = c == '\t' ? 't' : c;
            }
            if (escape != 0) {
                line.writeBytes(bytes, from, i - from);
                line.writeByte('\\');
                line.writeByte(escape);
                from = i + 1;
            }
        }
        line.writeBytes(bytes, from, length - from);
    }

    private void writeCsv(byte[] bytes, int length, boolean force) {
        boolean quotes = force || Arrays.equals(bytes, 0, length, nullBytes, 0, nullBytes.length)
                || types.length == 1 && length == 2 && bytes[0] == '\\' && bytes[1] == '.';
        for (int i = 0; i < length && !quotes; i++) {
            byte c = bytes[i];
            quotes = c == options.delimiter() || c == options.quote() || c == '\n' || c == '\r';
        }
        if (!quotes) {
            line.writeBytes(bytes, 0, length);
            return;
        }
        line.writeByte(options.quote());
        for (int i = 0; i < length; i++) {
            if (bytes[i] == options.quote() || bytes[i] == options.escape()) {
                line.writeByte(options.escape());
            }
            line.writeByte(bytes[i]);
        }
        line.writeByte(options.quote());
    }
}
