package io.quantadb.catalog;

/** One row of {@code pg_sequence}. The current value is the sequence relation's only row, not here. */
public record SequenceDescriptor(int relationOid, int typeOid, long start, long increment, long minimum, long maximum,
        long cache, boolean cycle) {
}
