package io.quantadb.types;

/** Second word of the setting {@code DateStyle}: how an ambiguous numeric date is read, and printed in some styles. */
public enum DateOrder {
    MDY, DMY, YMD
}
