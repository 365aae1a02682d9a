package io.quantadb.txn.serializable;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** The error a victim gets: PostgreSQL's texts. */
final class SerializationFailure {
    static final String DURING_READ = "Canceled on identification as a pivot, during conflict out checking.";
    static final String DURING_CHECK = "Canceled on identification as a pivot, during conflict in checking.";
    static final String DURING_WRITE = "Canceled on identification as a pivot, during write.";
    static final String DURING_COMMIT = "Canceled on identification as a pivot, during commit attempt.";

    private SerializationFailure() {
    }

    static SqlException of(String reason) {
        return new SqlException(SqlState.SERIALIZATION_FAILURE,
                "could not serialize access due to read/write dependencies among transactions")
                .withDetail("Reason code: " + reason).withHint("The transaction might succeed if retried.");
    }

    static SqlException outToPivot(long pivotXid) {
        return of("Canceled on conflict out to pivot " + pivotXid + ", during read.");
    }

    static SqlException outToOldPivot(long pivotXid) {
        return of("Canceled on conflict out to old pivot " + pivotXid + ".");
    }
}
