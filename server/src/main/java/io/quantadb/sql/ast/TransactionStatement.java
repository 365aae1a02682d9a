package io.quantadb.sql.ast;

/** Transaction control. */
public sealed interface TransactionStatement extends Statement {

    /** @param startKeyword START TRANSACTION (another command tag) */
    record Begin(TransactionModes modes, boolean startKeyword, int position) implements TransactionStatement {
    }

    record Commit(boolean chain, int position) implements TransactionStatement {
    }

    record Rollback(boolean chain, int position) implements TransactionStatement {
    }

    record Savepoint(String name, int position) implements TransactionStatement {
    }

    record ReleaseSavepoint(String name, int position) implements TransactionStatement {
    }

    record RollbackToSavepoint(String name, int position) implements TransactionStatement {
    }

    record PrepareTransaction(String gid, int position) implements TransactionStatement {
    }

    record CommitPrepared(String gid, int position) implements TransactionStatement {
    }

    record RollbackPrepared(String gid, int position) implements TransactionStatement {
    }

    /** Null components were not written; of a mode written twice the last counts. */
    record TransactionModes(Isolation isolation, Boolean readOnly, Boolean deferrable) {
        public static final TransactionModes NONE = new TransactionModes(null, null, null);
    }

    /** Levels of the standard. */
    enum Isolation { READ_UNCOMMITTED, READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE }
}
