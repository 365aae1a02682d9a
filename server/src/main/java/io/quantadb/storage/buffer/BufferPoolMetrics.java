package io.quantadb.storage.buffer;

/**
 * Counters since start, read without stopping anybody.
 *
 * @param buffers size of the pool, pages
 * @param hits pins answered from memory
 * @param reads blocks read from files
 * @param writes blocks written to files
 * @param evictions buffers given to another block
 * @param backendWrites those of {@code writes} that a statement had to do itself to get a buffer
 */
public record BufferPoolMetrics(int buffers, long hits, long reads, long writes, long evictions, long backendWrites) {
    /** Share of pins answered from memory, in [0, 1]; 1 before the first pin. */
    public double hitRatio() {
        return hits + reads == 0 ? 1 : (double) hits / (hits + reads);
    }
}
