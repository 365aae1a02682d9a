package io.quantadb.types;

/** Setting {@code IntervalStyle}. */
public enum IntervalStyle {
    POSTGRES, POSTGRES_VERBOSE, SQL_STANDARD, ISO_8601
}
