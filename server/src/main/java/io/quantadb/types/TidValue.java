package io.quantadb.types;

/**
 * A row's physical place: the value of type tid.
 *
 * @param block block number, 0 to 2^32 - 1
 * @param offset line pointer number, first is 1, 0 to 65535
 */
public record TidValue(long block, int offset) implements Comparable<TidValue> {
    @Override
    public int compareTo(TidValue other) {
        int byBlock = Long.compare(block, other.block);
        return byBlock != 0 ? byBlock : Integer.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return "(" + block + "," + offset + ")";
    }
}
