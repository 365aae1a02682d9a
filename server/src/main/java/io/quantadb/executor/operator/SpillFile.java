package io.quantadb.executor.operator;

import io.quantadb.base.FileHandle;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows in a temporary file: written once from start to end, then read once or several times. Each row is preceded by
 * its
 * length (four bytes). Deleted by close. Confined to one thread. Nothing is synced: a crash loses nothing of worth.
 */
final class SpillFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final QueryContext query;
    private final RowCodec codec;
    private final PgType[] types;
    private final Path path;
    private FileHandle file;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long writtenBytes;
    private long readPosition;
    private long rows;
    private Batch batch;

    SpillFile(QueryContext query, PgType[] types) {
        this.query = query;
        this.types = types;
        this.codec = new RowCodec(types);
        if (query.files == null) {
            throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory")
                    .withDetail("The operation exceeds work_mem and there is no place for temporary files.");
        }
        this.path = query.temporaryDirectory.resolve("spill" + NUMBERS.incrementAndGet() + ".tmp");
        try {
            query.files.createDirectories(query.temporaryDirectory);
            file = query.files.openOrCreate(path);
        } catch (IOException e) {
            throw failure("create", e);
        }
    }

    private SqlException failure(String what, IOException cause) {
        return new SqlException(SqlState.IO_ERROR, "could not " + what + " temporary file \"" + path.getFileName()
                + "\": " + cause.getMessage(), cause);
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return writtenBytes + (file == null || buffer == null ? 0 : buffer.position());
    }

    void write(Vector[] columns, int position) {
        int size = codec.measure(columns, position);
        if (buffer.remaining() < size + 4) {
            flush();
            if (buffer.capacity() < size + 4) {
                buffer = ByteBuffer.allocate(size + 4).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        buffer.putInt(size);
        codec.write(columns, position, buffer);
        rows++;
    }

    private void flush() {
        buffer.flip();
        int n = buffer.remaining();
        if (n > 0) {
            query.addTemporaryBytes(n);
            try {
                file.write(buffer, writtenBytes);
            } catch (IOException e) {
                throw failure("write to", e);
            }
            writtenBytes += n;
        }
        buffer.clear();
    }

    /**
     * Reads rows written between two positions ({@link #bytes} before and after) while writing goes on elsewhere; a file
     * is read so or from start to end, not both ways.
     *
     * @return a new batch, the caller's
     */
    Batch readRange(long start, long end, int count) {
        if (end > writtenBytes) {
            flush();
        }
        ByteBuffer range = ByteBuffer.allocate((int) (end - start)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (range.hasRemaining()) {
                int got = file.read(range, start + range.position());
                if (got <= 0) {
                    throw new SqlException(SqlState.IO_ERROR, "could not read from temporary file \""
                            + path.getFileName() + "\": unexpected end of file");
                }
            }
        } catch (IOException e) {
            throw failure("read from", e);
        }
        range.flip();
        Batch result = Batch.ofTypes(List.of(types));
        for (int i = 0; i < count; i++) {
            range.getInt();
            codec.read(range, result.columns, i);
        }
        result.selectAll(count);
        return result;
    }

    /** Writes out what is buffered and gives the buffer back: many files may wait for their turn to be read. */
    void endWriting() {
        flush();
        buffer = null;
    }

    /** Ends writing, or starts reading again. */
    void rewind() {
        if (buffer == null) {
            buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        } else if (readPosition == 0 && batch == null) {
            flush();
        }
        readPosition = 0;
        buffer.clear().limit(0);
        if (batch == null) {
            batch = Batch.ofTypes(List.of(types));
        }
    }

    /** The next rows, at most {@code max}; null at the end. The batch is reused. */
    Batch read(int max) {
        query.checkInterrupts();
        batch.clear();
        int n = 0;
        while (n < max && fill(4)) {
            int size = buffer.getInt();
            if (!fill(size)) {
                throw new SqlException(SqlState.IO_ERROR, "could not read from temporary file \"" + path.getFileName()
                        + "\": unexpected end of file");
            }
            codec.read(buffer, batch.columns, n++);
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    /** Makes {@code size} bytes available in the buffer; false at the end of the file. */
    private boolean fill(int size) {
        if (buffer.remaining() >= size) {
            return true;
        }
        if (buffer.capacity() < size) {
            ByteBuffer larger = ByteBuffer.allocate(size + BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            larger.put(buffer).flip();
            buffer = larger;
        }
        buffer.compact();
        try {
            int wanted = (int) Math.min(buffer.remaining(), writtenBytes - readPosition);
            if (wanted > 0) {
                buffer.limit(buffer.position() + wanted);
                int got = file.read(buffer, readPosition);
                readPosition += got;
            }
        } catch (IOException e) {
            throw failure("read from", e);
        }
        buffer.flip();
        return buffer.remaining() >= size;
    }

    @Override
    public void close() {
        if (file == null) {
            return;
        }
        try {
            file.close();
            query.files.delete(path);
        } catch (IOException e) {
            throw failure("remove", e);
        } finally {
            file = null;
        }
    }
}
