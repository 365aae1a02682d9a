package io.quantadb.catalog;

/** One row of {@code pg_collation}; {@code provider} d database default, c libc, i ICU. */
public record CollationDescriptor(int oid, String name, int schemaOid, int ownerOid, char provider,
        boolean deterministic, int encoding, String collate, String ctype, String icuLocale) {
}
