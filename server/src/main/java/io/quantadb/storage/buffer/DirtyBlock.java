package io.quantadb.storage.buffer;

/**
 * A block that was dirty when a checkpoint began; sorts by file position.
 *
 * @param relationKey see {@link BufferPool#key}
 * @param forkBlock fork id in the high half, block number in the low
 */
public record DirtyBlock(long relationKey, long forkBlock) implements Comparable<DirtyBlock> {
    @Override
    public int compareTo(DirtyBlock other) {
        int byRelation = Long.compare(relationKey, other.relationKey);
        return byRelation != 0 ? byRelation : Long.compare(forkBlock, other.forkBlock);
    }
}
