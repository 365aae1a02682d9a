package io.quantadb.txn.lock;

/**
 * One line of pg_locks.
 *
 * @param type relation, page, transactionid, virtualxid, tuple or advisory
 * @param databaseOid 0 if not applicable
 * @param relationOid OID (relation) or file number (tuple, and all of mode SIReadLock); 0 if not applicable
 * @param tid packed TID for tuple; with offset 0 for page; -1 otherwise
 * @param xid for transactionid, 0 otherwise
 * @param classId first half of an advisory key
 * @param objectId second half of an advisory key
 * @param objectSubId 1 for one int8 key, 2 for two int4 keys
 * @param processId holder or waiter
 * @param modeName PostgreSQL's name, such as RowExclusiveLock
 * @param granted false for a waiter
 * @param fastPath counted in the relation's packed counter
 * @param waitStartMicros wall time, microseconds since 1970; 0 unless waiting
 */
public record LockInfo(String type, int databaseOid, int relationOid, long tid, long xid, int classId, int objectId,
        int objectSubId, int processId, String modeName, boolean granted, boolean fastPath, long waitStartMicros) {
}
