package io.quantadb.pgwire;

import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.session.ClientWriter;
import io.quantadb.session.CopyInput;
import io.quantadb.session.ResultColumn;
import io.quantadb.types.TextContext;
import io.quantadb.types.TypeOps;
import java.util.List;

/** Turns a session's answers into protocol messages. Confined to the thread that runs the session. */
final class PgWriter implements ClientWriter {
    private static final int FLUSH_BYTES = 1 << 16;

    private final PgConnection connection;
    private final OutputBuffer buffer = new OutputBuffer();
    private TextContext text = TextContext.DEFAULT;
    private TypeOps[] ops = new TypeOps[0];
    private boolean[] binary = new boolean[0];
    private long holdLsn;

    PgWriter(PgConnection connection) {
        this.connection = connection;
    }

    void text(TextContext context) {
        text = context;
    }

    @Override
    public void rowDescription(List<ResultColumn> columns, short[] formats) {
        int message = buffer.begin('T');
        buffer.writeShort(columns.size());
        for (int i = 0; i < formats.length; i++) {
            ResultColumn column = columns.get(i);
            buffer.writeString(column.name());
            buffer.writeInt(column.tableOid());
            buffer.writeShort(column.attribute());
            buffer.writeInt(column.type().oid());
            buffer.writeShort(column.type().typlen());
            buffer.writeInt(column.typmod());
            buffer.writeShort(formats[i]);
        }
        buffer.end(message);
    }

    @Override
    public void beginRows(List<ResultColumn> columns, short[] formats) {
        int count = columns.size();
        if (ops.length != count) {
            ops = new TypeOps[count];
            binary = new boolean[count];
        }
        for (int i = 0; i < count; i++) {
            ops[i] = columns.get(i).type().ops();
            binary[i] = formats[i] == 1;
        }
    }

    @Override
    public void rows(Batch batch, int from, int to) {
        int[] selection = batch.selection();
        for (int i = from; i < to; i++) {
            int start = buffer.length();
            try {
                row(batch, selection[i]);
            } catch (RuntimeException e) {
                // Half a row would make the error message after it unreadable.
                buffer.truncate(start);
                throw e;
            }
            if (buffer.length() >= FLUSH_BYTES) {
                connection.flushAndWait();
            }
        }
    }

    private void row(Batch batch, int position) {
        int message = buffer.begin('D');
        buffer.writeShort(ops.length);
        for (int i = 0; i < ops.length; i++) {
            Vector vector = batch.columns[i];
            if (vector.isNull(position)) {
                buffer.writeInt(-1);
                continue;
            }
            int length = buffer.skipInt();
            switch (vector) {
                case LongVector longs -> writeLong(i, longs.values[position]);
                case DoubleVector doubles -> writeDouble(i, doubles.values[position]);
                default -> writeObject(i, vector.get(position));
            }
            buffer.putInt(length, buffer.length() - length - 4);
        }
        buffer.end(message);
    }

    private void writeLong(int column, long value) {
        if (binary[column]) {
            ops[column].writeBinaryLong(value, buffer);
        } else {
            ops[column].writeTextLong(value, buffer, text);
        }
    }

    private void writeDouble(int column, double value) {
        if (binary[column]) {
            ops[column].writeBinaryDouble(value, buffer);
        } else {
            ops[column].writeTextDouble(value, buffer, text);
        }
    }

    private void writeObject(int column, Object value) {
        if (binary[column]) {
            ops[column].writeBinary(value, buffer);
        } else {
            ops[column].writeText(value, buffer, text);
        }
    }

    @Override
    public void row(Object[] values) {
        int message = buffer.begin('D');
        buffer.writeShort(ops.length);
        for (int i = 0; i < ops.length; i++) {
            if (values[i] == null) {
                buffer.writeInt(-1);
                continue;
            }
            int length = buffer.skipInt();
            writeObject(i, values[i]);
            buffer.putInt(length, buffer.length() - length - 4);
        }
        buffer.end(message);
        if (buffer.length() >= FLUSH_BYTES) {
            connection.flushAndWait();
        }
    }

    @Override
    public void commandComplete(String tag) {
        int message = buffer.begin('C');
        buffer.writeAscii(tag);
        buffer.writeByte(0);
        buffer.end(message);
    }

    private void empty(char type) {
        buffer.end(buffer.begin(type));
    }

    @Override
    public void emptyQueryResponse() {
        empty('I');
    }

    @Override
    public void parseComplete() {
        empty('1');
    }

    @Override
    public void bindComplete() {
        empty('2');
    }

    @Override
    public void closeComplete() {
        empty('3');
    }

    @Override
    public void portalSuspended() {
        empty('s');
    }

    @Override
    public void noData() {
        empty('n');
    }

    @Override
    public void parameterDescription(int[] typeOids) {
        int message = buffer.begin('t');
        buffer.writeShort(typeOids.length);
        for (int oid : typeOids) {
            buffer.writeInt(oid);
        }
        buffer.end(message);
    }

    @Override
    public void parameterStatus(String name, String value) {
        int message = buffer.begin('S');
        buffer.writeString(name);
        buffer.writeString(value);
        buffer.end(message);
    }

    @Override
    public void readyForQuery(char status) {
        int message = buffer.begin('Z');
        buffer.writeByte(status);
        buffer.end(message);
    }

    @Override
    public void error(SqlException error) {
        report('E', error);
    }

    @Override
    public void notice(SqlException notice) {
        report('N', notice);
    }

    private void report(char type, SqlException report) {
        int message = buffer.begin(type);
        field('S', report.severity().name());
        field('V', report.severity().name());
        field('C', report.code());
        field('M', report.getMessage());
        field('D', report.detail());
        field('H', report.hint());
        if (report.position() > 0) {
            field('P', Integer.toString(report.position()));
        }
        if (report.internalPosition() > 0) {
            field('p', Integer.toString(report.internalPosition()));
        }
        field('q', report.internalQuery());
        field('W', report.where());
        field('s', report.schema());
        field('t', report.table());
        field('c', report.column());
        field('d', report.dataType());
        field('n', report.constraint());
        buffer.writeByte(0);
        buffer.end(message);
    }

    private void field(char code, String value) {
        if (value != null) {
            buffer.writeByte(code);
            buffer.writeString(value);
        }
    }

    @Override
    public void notification(int processId, String channel, String payload) {
        int message = buffer.begin('A');
        buffer.writeInt(processId);
        buffer.writeString(channel);
        buffer.writeString(payload);
        buffer.end(message);
    }

    void negotiateProtocolVersion(int newestMinor, List<String> unknownOptions) {
        int message = buffer.begin('v');
        buffer.writeInt(newestMinor);
        buffer.writeInt(unknownOptions.size());
        unknownOptions.forEach(buffer::writeString);
        buffer.end(message);
    }

    void backendKeyData(int processId, int secretKey) {
        int message = buffer.begin('K');
        buffer.writeInt(processId);
        buffer.writeInt(secretKey);
        buffer.end(message);
    }

    /** An authentication request of the given kind with its data. */
    void authentication(int kind, byte[] data) {
        int message = buffer.begin('R');
        buffer.writeInt(kind);
        buffer.writeBytes(data, 0, data.length);
        buffer.end(message);
    }

    private void copyResponse(char type, boolean binaryFormat, int columns) {
        int message = buffer.begin(type);
        buffer.writeByte(binaryFormat ? 1 : 0);
        buffer.writeShort(columns);
        for (int i = 0; i < columns; i++) {
            buffer.writeShort(binaryFormat ? 1 : 0);
        }
        buffer.end(message);
    }

    @Override
    public CopyInput copyIn(boolean binaryFormat, int columns) {
        copyResponse('G', binaryFormat, columns);
        return connection.beginCopyIn();
    }

    @Override
    public void copyOutResponse(boolean binaryFormat, int columns) {
        copyResponse('H', binaryFormat, columns);
    }

    @Override
    public void copyData(byte[] data, int offset, int length) {
        int message = buffer.begin('d');
        buffer.writeBytes(data, offset, length);
        buffer.end(message);
        if (buffer.length() >= FLUSH_BYTES) {
            connection.flushAndWait();
        }
    }

    @Override
    public void copyDone() {
        empty('c');
    }

    @Override
    public int mark() {
        return buffer.length();
    }

    @Override
    public void rewind(int mark) {
        buffer.truncate(mark);
    }

    @Override
    public void holdUntilDurable(long lsn) {
        holdLsn = Math.max(holdLsn, lsn);
    }

    @Override
    public void flush() {
        connection.flushAndWait();
    }

    OutputBuffer buffer() {
        return buffer;
    }

    /** LSN that must be durable before what is buffered may leave; 0 for none. Forgets it. */
    long takeHoldLsn() {
        long lsn = holdLsn;
        holdLsn = 0;
        return lsn;
    }
}
