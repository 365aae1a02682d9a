package io.quantadb.catalog;

/**
 * One row of {@code pg_opclass}.
 *
 * @param inputType type it indexes
 * @param isDefault default for that type and access method
 * @param keyType type stored if different from the input, else 0
 */
public record OperatorClassDescriptor(int oid, int accessMethod, String name, int schemaOid, int ownerOid,
        int familyOid, int inputType, boolean isDefault, int keyType) {
}
