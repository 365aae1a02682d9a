package io.quantadb.session.command;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.RedoBlock;
import io.quantadb.storage.buffer.RedoBuffers;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManager;

/**
 * Redo of sequences: each record carries the whole state.
 *
 * <pre>
 * STATE  block 0 the page, initialised; data: last value i64, log count i64, is called u8
 * </pre>
 */
public final class SequenceRedo implements ResourceManager {
    static final int STATE = 1;

    private final RedoBuffers buffers;

    /** @param buffers null for describing only */
    public SequenceRedo(RedoBuffers buffers) {
        this.buffers = buffers;
    }

    @Override
    public String name() {
        return "sequence";
    }

    @Override
    public void redo(WalRecord record) {
        Invariant.check(record.kind() == STATE, "sequence record of kind %d, known is %d", record.kind(), STATE);
        byte[] bytes = record.bytes();
        int at = record.dataOffset();
        try (RedoBlock block = buffers.prepare(record, 0)) {
            if (block.needsRedo()) {
                Sequences.SequencePage.init(block.page(), Memory.getLong(bytes, at), Memory.getLong(bytes, at + 8),
                        bytes[at + 16] != 0);
            }
        }
    }

    @Override
    public String describe(WalRecord record) {
        return "last value " + Memory.getLong(record.bytes(), record.dataOffset()) + ", called "
                + (record.bytes()[record.dataOffset() + 16] != 0);
    }
}
