package io.quantadb.executor.operator;

import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.PhysicalPlan.LockedRelation;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.types.PgType;
import java.util.List;

/** FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE: locks the rows that pass through. */
final class LockRowsOperator extends Operator {
    private final Operator input;
    private final List<LockedRelation> relations;
    private final HeapRelation[] heaps;
    private final RecheckPlan recheck;
    private final Batch batch;
    private final HeapChange change = new HeapChange();
    private Batch source;
    private int sourceIndex;

    LockRowsOperator(List<PgType> types, Operator input, List<LockedRelation> relations, RecheckPlan recheck) {
        super(types);
        this.input = input;
        this.relations = relations;
        this.heaps = new HeapRelation[relations.size()];
        this.recheck = recheck;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        for (int i = 0; i < heaps.length; i++) {
            heaps[i] = query.storage.heap(relations.get(i).relation());
        }
        source = null;
        input.open(query);
    }

    private WaitPolicy policy(LockedRelation relation) {
        return switch (relation.waitPolicy()) {
            case BLOCK -> query.waitPolicy;
            case NOWAIT -> WaitPolicy.NOWAIT;
            case SKIP_LOCKED -> WaitPolicy.SKIP;
        };
    }

    static RowLockMode mode(RowMark.Strength strength) {
        return switch (strength) {
            case KEY_SHARE -> RowLockMode.KEY_SHARE;
            case SHARE -> RowLockMode.SHARE;
            case NO_KEY_UPDATE -> RowLockMode.NO_KEY_UPDATE;
            case UPDATE -> RowLockMode.UPDATE;
        };
    }

    @Override
    public Batch next() {
        batch.clear();
        int n = 0;
        // One input batch at a time: a LIMIT above must not lock more rows than it has to.
        while (n == 0) {
            if (source == null || sourceIndex == source.size()) {
                query.checkInterrupts();
                source = input.next();
                sourceIndex = 0;
                if (source == null) {
                    return null;
                }
            }
            n = lockRow(source.position(sourceIndex++)) ? 1 : 0;
        }
        batch.selectAll(n);
        return batch;
    }

    /** Locks all relations of a row and puts it, or what it has become, into the output; false to leave it out. */
    private boolean lockRow(int position) {
        Object[] changedRow = null;
        for (int i = 0; i < heaps.length; i++) {
            LockedRelation relation = relations.get(i);
            Object place = changedRow == null ? source.columns[relation.rowIdColumn()].get(position)
                    : changedRow[relation.rowIdColumn()];
            if (place == null) {
                continue;
            }
            RowLockMode mode = mode(relation.strength());
            ChangeStatus status = heaps[i].lock(query.transaction, query.snapshot, (Long) place, mode,
                    policy(relation), change);
            switch (status) {
                case OK -> {
                }
                case SKIPPED, SELF_MODIFIED -> {
                    return false;
                }
                case DELETED, UPDATED -> {
                    SqlException failure = RowRecheck.serializationFailure(query, status);
                    if (failure != null) {
                        throw failure;
                    }
                    long newest = status == ChangeStatus.DELETED ? -1
                            : RowRecheck.lockNewest(query, heaps[i], change, mode, policy(relation));
                    changedRow = newest < 0 ? null : recheck.run(query, relation.scanId(), newest);
                    if (changedRow == null) {
                        return false;
                    }
                }
                case INVISIBLE -> throw Invariant.broken("row %s to be locked is invisible", place);
            }
        }
        if (changedRow != null) {
            batch.writeRow(0, changedRow);
        } else {
            for (int c = 0; c < batch.columns.length; c++) {
                Vector column = batch.columns[c];
                column.copy(0, source.columns[c], position);
            }
        }
        return true;
    }

    @Override
    public void close() {
        input.close();
        source = null;
    }
}
