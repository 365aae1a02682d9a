package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.ResourceManagers;
import java.util.ArrayList;
import java.util.List;

/**
 * Record kinds of the STORAGE resource manager and their data. Kinds are in the WAL: stable, never reused.
 * Little-endian.
 *
 * <pre>
 * CREATE         database u32, file number u32, fork u8
 * TRUNCATE       database u32, file number u32, blocks of MAIN that stay u32; the maps are cut to match
 * DROP           count u32, then database u32 and file number u32 each
 * DROP_DATABASE  database u32
 * </pre>
 */
public final class StorageRecords {
    /** Id in the WAL of the resource manager. */
    public static final int RESOURCE_MANAGER = ResourceManagers.STORAGE;
    public static final int CREATE = 1;
    public static final int TRUNCATE = 2;
    public static final int DROP = 3;
    public static final int DROP_DATABASE = 4;

    private static final int RELATION_BYTES = 8;

    private StorageRecords() {
    }

    static void putRelation(WalRecordBuilder record, RelationId relation) {
        record.putInt(relation.databaseOid());
        record.putInt(relation.fileNumber());
    }

    static RelationId relation(byte[] bytes, int offset) {
        return new RelationId(Memory.getInt(bytes, offset), Memory.getInt(bytes, offset + 4));
    }

    static ForkNumber createdFork(WalRecord record) {
        return ForkNumber.of(record.bytes()[record.dataOffset() + RELATION_BYTES]);
    }

    static int truncatedBlocks(WalRecord record) {
        return Memory.getInt(record.bytes(), record.dataOffset() + RELATION_BYTES);
    }

    /** Appends a list of relations in the form of DROP; commit and abort records carry it too. */
    public static void putRelations(WalRecordBuilder record, List<RelationId> relations) {
        record.putInt(relations.size());
        for (RelationId relation : relations) {
            putRelation(record, relation);
        }
    }

    /** Bytes that {@link #putRelations} takes. */
    public static int relationsLength(int count) {
        return Integer.BYTES + count * RELATION_BYTES;
    }

    /** Reads what {@link #putRelations} wrote. */
    public static List<RelationId> relations(byte[] bytes, int offset) {
        int count = Memory.getInt(bytes, offset);
        List<RelationId> relations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            relations.add(relation(bytes, offset + Integer.BYTES + i * RELATION_BYTES));
        }
        return relations;
    }
}
