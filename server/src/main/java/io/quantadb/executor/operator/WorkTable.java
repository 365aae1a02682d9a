package io.quantadb.executor.operator;

/** The rows of the round before, shared by a recursive union and the scans of its working table. */
final class WorkTable {
    RowBuffer rows;
}
