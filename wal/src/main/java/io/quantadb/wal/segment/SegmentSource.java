package io.quantadb.wal.segment;

import io.quantadb.base.FileHandle;
import java.io.IOException;

/** Where a reader gets segments from: a directory with one or several timelines, an archive. */
@FunctionalInterface
public interface SegmentSource {
    /**
     * Opens the segment for reading and verifies its header. The caller closes it.
     *
     * @return null if there is no such segment
     * @throws SegmentException if the file is there but is not the segment
     */
    FileHandle open(long segment) throws IOException;
}
