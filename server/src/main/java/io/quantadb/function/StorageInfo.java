package io.quantadb.function;

/** Sizes on disk, bytes. Missing objects give null. Confined to the session's thread. */
public interface StorageInfo {
    /** One fork of one relation. @param fork main, fsm, vm or init. @throws io.quantadb.error.SqlException 22023 */
    Long forkSize(int relationOid, String fork);

    /** All forks of a table with its TOAST table, without indexes. */
    Long tableSize(int relationOid);

    Long indexesSize(int relationOid);

    Long databaseSize(int databaseOid);

    /** File number; null without storage. */
    Long fileNode(int relationOid);

    /** Path below the data directory; null without storage. */
    String filePath(int relationOid);
}
