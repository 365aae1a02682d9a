package io.quantadb.replication.sender;

import io.quantadb.base.Lsn;
import io.quantadb.replication.protocol.FileKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The files of a serving node, for base copies. Safe for use by many threads; may block. */
public interface BaseSource {
    /**
     * One file.
     *
     * @param path below the data directory, with slashes; neither WAL nor control file nor anything that is the node's
     * own
     * @param sizeBytes now; it may grow or shrink
     */
    record BaseFile(String path, FileKind kind, long sizeBytes) {
    }

    /**
     * What a copy starts from.
     *
     * @param checkpointLsn start of the record of the checkpoint that has the redo point
     */
    record Begin(Lsn checkpointLsn, Lsn redoLsn) {
    }

    /**
     * Begins a copy. Files may be read afterwards; pages changed since the redo point are repaired by replay from it.
     * The WAL from the redo point on must not be removed before the slot made next holds it: it cannot be while the
     * redo point is the latest or the one before.
     */
    Begin begin() throws IOException;

    /** All files to copy now. */
    List<BaseFile> files() throws IOException;

    /**
     * Reads bytes of a file until the target is full or the file ends.
     *
     * @return bytes read; -1 if the file is gone
     */
    int read(BaseFile file, long offset, ByteBuffer target) throws IOException;

    /**
     * Whether the page is whole: its checksum is right, or it is new.
     *
     * @param page one page, position to limit; left as it is
     */
    boolean isWhole(BaseFile file, long block, ByteBuffer page);

    /** The copy is complete: it is consistent once WAL up to the result has been replayed. */
    Lsn end() throws IOException;
}
