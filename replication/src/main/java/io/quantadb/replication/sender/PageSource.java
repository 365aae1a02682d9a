package io.quantadb.replication.sender;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Good copies of pages of this node, for peers that repair or compare. Safe for use by many threads; may block. */
public interface PageSource {
    /** Blocks of the fork; -1 if there is no such relation or fork. */
    int blockCount(int database, int file, int fork) throws IOException;

    /**
     * Copies one page, whose checksum is right, into the target.
     *
     * @param target one page long; filled completely
     * @return false if the block does not exist
     */
    boolean read(int database, int file, int fork, int block, ByteBuffer target) throws IOException;

    /** The LSN a page carries. */
    long pageLsn(ByteBuffer page);
}
