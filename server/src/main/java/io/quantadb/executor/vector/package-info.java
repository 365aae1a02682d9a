/**
 * Columns of up to 1,024 values and batches of them: what operators hand to each other. Buffers are reused, so a vector
 * is valid only until its owner produces the next batch.
 */
package io.quantadb.executor.vector;
