package io.quantadb.executor.operator;

import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;

/** What happens when a row a statement wants was changed meanwhile: PostgreSQL's rules by isolation level. */
final class RowRecheck {
    private RowRecheck() {
    }

    /** The error of REPEATABLE READ and SERIALIZABLE; null in READ COMMITTED. */
    static SqlException serializationFailure(QueryContext query, ChangeStatus status) {
        if (!query.transaction.isolation().usesTransactionSnapshot()) {
            return null;
        }
        String what = status == ChangeStatus.DELETED ? "delete" : "update";
        return new SqlException(SqlState.SERIALIZATION_FAILURE,
                "could not serialize access due to concurrent " + what);
    }

    /**
     * Follows an updated row to its newest version and locks that.
     *
     * @param change holds the outcome UPDATED
     * @return its packed TID; -1 if the row was deleted or, under SKIP, is held by somebody
     */
    static long lockNewest(QueryContext query, HeapRelation heap, HeapChange change, RowLockMode mode,
            WaitPolicy policy) {
        while (true) {
            long tid = change.newestTid();
            ChangeStatus status = heap.lock(query.transaction, query.snapshot, tid, mode, policy, change);
            switch (status) {
                case OK -> {
                    return tid;
                }
                case UPDATED -> query.checkInterrupts();
                case DELETED, SKIPPED, SELF_MODIFIED, INVISIBLE -> {
                    return -1;
                }
            }
        }
    }
}
