package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.RelationId;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import java.util.List;

/**
 * Redo and description of creation, truncation and deletion of relation files.
 *
 * <p>CREATE, TRUNCATE, DROP and DROP_DATABASE touch whole files: where redo is parallel they are barriers.
 */
public final class StorageResourceManager implements ResourceManager {
    private final RedoBuffers redo;
    private final StorageChanges changes;

    /** Both arguments null: a manager that can only describe, for tools. */
    public StorageResourceManager(RedoBuffers redo, StorageChanges changes) {
        this.redo = redo;
        this.changes = changes;
    }

    @Override
    public String name() {
        return "storage";
    }

    @Override
    public void redo(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        switch (record.kind()) {
            case StorageRecords.CREATE -> redo.pool().files().create(StorageRecords.relation(bytes, at),
                StorageRecords.createdFork(record));
            case StorageRecords.TRUNCATE -> truncate(StorageRecords.relation(bytes, at),
                StorageRecords.truncatedBlocks(record));
            case StorageRecords.DROP -> redoDrops(StorageRecords.relations(bytes, at), record.endLsn());
            case StorageRecords.DROP_DATABASE -> {
                int database = StorageRecords.relation(bytes, at).databaseOid();
                redo.databaseDropped(database);
                changes.redoDropDatabase(record.endLsn(), database);
            }
            default -> throw Invariant.broken("storage record of unknown kind %d", record.kind());
        }
    }

    /**
     * Deletes the files a commit, abort or DROP record names. Transaction redo calls this with the list in its record.
     */
    public void redoDrops(List<RelationId> relations, long endLsn) {
        relations.forEach(redo::relationDropped);
        changes.redoDrop(endLsn, relations);
    }

    private void truncate(RelationId relation, int blocks) {
        redo.relationTruncated(relation, ForkNumber.MAIN, blocks);
        redo.pool().files().create(relation, ForkNumber.MAIN);
        changes.truncateFiles(relation, blocks);
    }

    @Override
    public String describe(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        return switch (record.kind()) {
            case StorageRecords.CREATE -> "create " + StorageRecords.relation(bytes, at) + " fork "
                + StorageRecords.createdFork(record);
            case StorageRecords.TRUNCATE -> "truncate " + StorageRecords.relation(bytes, at) + " to "
                + StorageRecords.truncatedBlocks(record)
                + " blocks";
            case StorageRecords.DROP -> "drop " + StorageRecords.relations(bytes, at);
            case StorageRecords.DROP_DATABASE -> "drop database " + StorageRecords.relation(bytes, at).databaseOid();
            default -> "unknown kind " + record.kind();
        };
    }
}
