package io.quantadb.types;

/**
 * How a type's values are represented in memory; decides the Java class of a value and the kind of vector that holds
 * it.
 */
public enum PhysicalKind {
    /** {@code Long}; vectors of {@code long}. */
    LONG,
    /** {@code Double}; vectors of {@code double}. */
    DOUBLE,
    /** {@code Boolean}; vectors of {@code long} holding 0 or 1. */
    BOOL,
    /** Any other immutable object; vectors of references. */
    OBJECT
}
