package io.quantadb.access.heap;

import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.RedoBlock;
import io.quantadb.storage.buffer.RedoBuffers;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import java.util.function.LongConsumer;

/** Redo and description of pruning, vacuum and all-visible marks. */
public final class HeapMaintenanceResourceManager implements ResourceManager {
    private final RedoBuffers redo;
    private final LongConsumer conflicts;

    /**
     * Both arguments null: a manager that can only describe, for tools.
     *
     * @param conflicts called before versions are removed whose deletion committed at this LSN: a replica cancels (or
     *     waits for) snapshots below it; does nothing in crash
     *     recovery
     */
    public HeapMaintenanceResourceManager(RedoBuffers redo, LongConsumer conflicts) {
        this.redo = redo;
        this.conflicts = conflicts;
    }

    @Override
    public String name() {
        return "heap_maintenance";
    }

    @Override
    public void redo(WalRecord record) {
        switch (record.kind()) {
            case HeapRecords.PRUNE -> redoPrune(record);
            case HeapRecords.VACUUM -> redoVacuum(record);
            case HeapRecords.VISIBLE -> redoVisible(record);
            default -> throw Invariant.broken("heap maintenance record of unknown kind %d", record.kind());
        }
    }

    private void redoPrune(WalRecord record) {
        long conflictLsn = Memory.getLong(record.bytes(), record.dataOffset());
        if (conflictLsn > 0) {
            conflicts.accept(conflictLsn);
        }
        try (RedoBlock block = redo.prepareForCleanup(record, 0)) {
            if (block.needsRedo()) {
                HeapPruner.redo(block.page(), record.bytes(), record.blockDataOffset(0),
                        Memory.getLong(record.bytes(), record.dataOffset() + 8));
            }
        }
    }

    private void redoVacuum(WalRecord record) {
        try (RedoBlock block = redo.prepare(record, 0)) {
            if (block.needsRedo()) {
                int at = record.blockDataOffset(0);
                HeapVacuum.reclaim(block.page(),
                        HeapPruner.shorts(record.bytes(), at + 2, HeapPruner.short16(record.bytes(), at)));
            }
        }
    }

    private void redoVisible(WalRecord record) {
        try (RedoBlock heap = redo.prepare(record, 0)) {
            if (heap.needsRedo()) {
                Page.setFlag(heap.page(), Page.ALL_VISIBLE);
            }
        }
        try (RedoBlock map = redo.prepare(record, 1)) {
            if (map.needsRedo()) {
                VisibilityMap.set(map.page(), record.blockNumber(0));
            }
        }
    }

    @Override
    public String describe(WalRecord record) {
        byte[] bytes = record.bytes();
        int at = record.blockDataOffset(0);
        boolean there = record.blockDataLength(0) > 0;
        return switch (record.kind()) {
            case HeapRecords.PRUNE -> "prune" + (there ? ": " + HeapPruner.short16(bytes, at) + " redirects, "
                    + HeapPruner.short16(bytes, at + 2) + " dead, " + HeapPruner.short16(bytes, at + 4) + " unused"
                            : "")
                    + ", conflict " + Lsn.format(Memory.getLong(bytes, record.dataOffset()));
            case HeapRecords.VACUUM -> "vacuum" + (there ? " " + HeapPruner.short16(bytes, at) + " line pointers" : "");
            case HeapRecords.VISIBLE -> "all visible";
            default -> "unknown kind " + record.kind();
        };
    }
}
