package io.quantadb.replication.sim;

/** A part of the WAL on its way. Immutable by convention. */
record SimFrame(int from, long hashBefore, int[] timelines, long[] hashes) {
    int to() {
        return from + hashes.length;
    }
}
