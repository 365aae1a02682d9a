package io.quantadb.types;

/** The columns of a composite type, dropped ones left out; implemented by the catalog. Thread-safe. */
public interface RowFields {
    int count();

    PgType type(int field);

    int typmod(int field);

    /** Name of a field; for json. */
    default String name(int field) {
        return "f" + (field + 1);
    }
}
