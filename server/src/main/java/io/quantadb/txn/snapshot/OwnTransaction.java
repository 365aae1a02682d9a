package io.quantadb.txn.snapshot;

/** What visibility needs to know of the reader's own transaction. Confined to the transaction's session. */
public interface OwnTransaction {
    /** Whether the xid is this transaction's, or that of one of its subtransactions that was not rolled back. */
    boolean isOwn(long xid);

    /** Command that inserted a row version this transaction both inserted and deleted. */
    int comboInsertCommand(int comboId);

    /** Command that deleted a row version this transaction both inserted and deleted. */
    int comboDeleteCommand(int comboId);
}
