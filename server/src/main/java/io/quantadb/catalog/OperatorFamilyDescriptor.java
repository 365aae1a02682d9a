package io.quantadb.catalog;

/** One row of {@code pg_opfamily}. */
public record OperatorFamilyDescriptor(int oid, int accessMethod, String name, int schemaOid, int ownerOid) {
}
