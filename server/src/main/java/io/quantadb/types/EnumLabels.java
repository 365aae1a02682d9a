package io.quantadb.types;

/**
 * The labels of one enum type; implemented by the catalog, which may change them while types that hold this object
 * live. Thread-safe.
 */
public interface EnumLabels {
    /** The label with this {@code pg_enum} oid, or null. */
    String label(long oid);

    /** The oid of a label, or -1. */
    long oid(String label);

    /** {@code enumsortorder} of a label's oid. */
    float sortOrder(long oid);
}
