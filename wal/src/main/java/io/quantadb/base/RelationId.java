package io.quantadb.base;

/**
 * Physical identity of one relation's storage: what WAL records and file names say.
 *
 * <p>It changes when the storage is rewritten (TRUNCATE, rewriting ALTER TABLE), while the relation's OID in the
 * catalog stays.
 *
 * @param databaseOid database it belongs to; 0 for relations shared by all databases
 * @param fileNumber number of its file, unique within the database
 */
public record RelationId(int databaseOid, int fileNumber) {
    @Override
    public int hashCode() {
        return databaseOid * 0x9E3779B1 + fileNumber;
    }

    @Override
    public String toString() {
        return databaseOid + "/" + Integer.toUnsignedString(fileNumber);
    }
}
