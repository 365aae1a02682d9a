package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;

/**
 * Rows kept for reading again: in memory up to a limit, then in a file. Written first, then read from the start any
 * number of times; single reader at a time for the part on disk.
 */
final class RowBuffer implements AutoCloseable {
    private final QueryContext query;
    private final PgType[] types;
    private final RowStore memory;
    private final long limitBytes;
    private SpillFile file;
    private int nextChunk;
    private boolean readingFile;

    RowBuffer(QueryContext query, PgType[] types, long limitBytes) {
        this.query = query;
        this.types = types;
        this.memory = new RowStore(types).payBy(query);
        this.limitBytes = limitBytes;
    }

    void add(Batch batch) {
        if (file == null && (memory.bytes() < limitBytes || query.files == null)) {
            memory.appendAll(batch);
            return;
        }
        if (file == null) {
            file = new SpillFile(query, types);
        }
        for (int i = 0; i < batch.size(); i++) {
            file.write(batch.columns, batch.position(i));
        }
    }

    long count() {
        return memory.count() + (file == null ? 0 : file.rows());
    }

    void rewind() {
        nextChunk = 0;
        readingFile = false;
    }

    /** The next rows; null at the end. */
    Batch next() {
        if (nextChunk < memory.chunkCount()) {
            return memory.chunk(nextChunk++);
        }
        if (file == null) {
            return null;
        }
        if (!readingFile) {
            file.rewind();
            readingFile = true;
        }
        return file.read(io.quantadb.executor.vector.Vector.CAPACITY);
    }

    @Override
    public void close() {
        memory.clear();
        if (file != null) {
            file.close();
            file = null;
        }
        rewind();
    }
}
