package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows as bytes, for temporary files only: never read by another process, so the format has no version.
 *
 * <p>A row: a null bitmap (bit i of byte i/8 set: column i is NULL), then for each other column eight bytes of a long,
 * boolean or double, or a four-byte length and the stored form of the type. Little-endian.
 */
final class RowCodec {
    private final PgType[] types;
    private final PhysicalKind[] kinds;
    private final int bitmapBytes;
    private byte[][] encoded;

    RowCodec(PgType[] types) {
        this.types = types;
        this.kinds = Arrays.stream(types).map(PgType::kind).toArray(PhysicalKind[]::new);
        this.bitmapBytes = (types.length + 7) / 8;
        this.encoded = new byte[types.length][];
    }

    int columns() {
        return types.length;
    }

    /** Bytes {@link #write} will need for the row; keeps its encoded objects for that. */
    int measure(Vector[] columns, int position) {
        int size = bitmapBytes;
        for (int c = 0; c < types.length; c++) {
            encoded[c] = null;
            if (columns[c].isNull(position)) {
                continue;
            }
            switch (kinds[c]) {
                case LONG, BOOL, DOUBLE -> size += 8;
                case OBJECT -> {
                    encoded[c] = types[c].ops().encode(columns[c].get(position));
                    size += 4 + encoded[c].length;
                }
            }
        }
        return size;
    }

    /** Writes the row measured last. */
    void write(Vector[] columns, int position, ByteBuffer out) {
        int bitmap = out.position();
        for (int i = 0; i < bitmapBytes; i++) {
            out.put((byte) 0);
        }
        for (int c = 0; c < types.length; c++) {
            if (columns[c].isNull(position)) {
                int at = bitmap + (c >> 3);
                out.put(at, (byte) (out.get(at) | 1 << (c & 7)));
                continue;
            }
            switch (kinds[c]) {
                case LONG, BOOL -> out.putLong(columns[c].getLong(position));
                case DOUBLE -> out.putDouble(columns[c].getDouble(position));
                case OBJECT -> out.putInt(encoded[c].length).put(encoded[c]);
            }
        }
    }

    /** Reads a row from a buffer that has an array, into position {@code at} of the vectors. */
    void read(ByteBuffer in, Vector[] columns, int at) {
        int bitmap = in.position();
        in.position(bitmap + bitmapBytes);
        for (int c = 0; c < types.length; c++) {
            Vector column = columns[c];
            if ((in.get(bitmap + (c >> 3)) & 1 << (c & 7)) != 0) {
                column.setNull(at);
                continue;
            }
            switch (kinds[c]) {
                case LONG, BOOL -> {
                    column.ensure(at + 1);
                    ((io.quantadb.executor.vector.LongVector) column).setLong(at, in.getLong());
                }
                case DOUBLE -> {
                    column.ensure(at + 1);
                    ((io.quantadb.executor.vector.DoubleVector) column).setDouble(at, in.getDouble());
                }
                case OBJECT -> {
                    int length = in.getInt();
                    column.set(at, types[c].ops().decode(in.array(), in.arrayOffset() + in.position(), length));
                    in.position(in.position() + length);
                }
            }
        }
    }
}
