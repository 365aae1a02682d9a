package io.quantadb.txn;

import io.quantadb.base.Invariant;
import io.quantadb.base.RelationId;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import java.util.List;

/** Redo and description of commits, aborts and xid assignment. Where redo is parallel its records are barriers: they touch no page. */
public final class TransactionResourceManager implements ResourceManager {
    private final TransactionManager transactions;
    private final Drops drops;

    /** Deletes relation files in redo, now or when nobody can need them any more. */
    @FunctionalInterface
    public interface Drops {
        void drop(List<RelationId> relations, long endLsn);
    }

    /**
     * Both arguments null: a manager that can only describe, for tools.
     *
     * @param drops deletes relation files in redo: {@code StorageResourceManager.redoDrops}
     */
    public TransactionResourceManager(TransactionManager transactions, Drops drops) {
        this.transactions = transactions;
        this.drops = drops;
    }

    @Override
    public String name() {
        return "transaction";
    }

    @Override
    public void redo(WalRecord record) {
        switch (record.kind()) {
            case TransactionRecords.COMMIT, TransactionRecords.ABORT -> {
                TransactionRecords.Outcome outcome = TransactionRecords.outcome(record);
                transactions.replay(record.kind() == TransactionRecords.COMMIT, outcome, record.endLsn());
                if (!outcome.drops().isEmpty()) {
                    drops.drop(outcome.drops(), record.endLsn());
                }
            }
            case TransactionRecords.NEXT_XID -> transactions.replayNextXid(TransactionRecords.nextXid(record),
                    TransactionRecords.lost(record));
            default -> throw Invariant.broken("transaction record of unknown kind %d", record.kind());
        }
    }

    @Override
    public String describe(WalRecord record) {
        return switch (record.kind()) {
            case TransactionRecords.COMMIT -> describe("commit", TransactionRecords.outcome(record));
            case TransactionRecords.ABORT -> describe("abort", TransactionRecords.outcome(record));
            case TransactionRecords.NEXT_XID -> "next xid " + TransactionRecords.nextXid(record)
                    + (TransactionRecords.lost(record) ? ", running ones are lost" : "");
            default -> "unknown kind " + record.kind();
        };
    }

    private static String describe(String what, TransactionRecords.Outcome outcome) {
        StringBuilder text = new StringBuilder(what).append(' ')
                .append(java.time.Instant.EPOCH.plus(outcome.wallMicros(), java.time.temporal.ChronoUnit.MICROS));
        if (outcome.subXids().length > 0) {
            text.append("; subtransactions ").append(java.util.Arrays.toString(outcome.subXids()));
        }
        if (!outcome.drops().isEmpty()) {
            text.append("; drops ").append(outcome.drops());
        }
        if (!outcome.invalidations().isEmpty()) {
            text.append("; ").append(outcome.invalidations().size()).append(" invalidations");
        }
        return text.toString();
    }
}
