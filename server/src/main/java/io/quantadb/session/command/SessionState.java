package io.quantadb.session.command;

import io.quantadb.sql.ast.TableStatement.OnCommit;
import io.quantadb.txn.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What commands remember of a session between statements. Confined to the session's thread. */
final class SessionState {
    /** Oid of the session's temporary schema, 0 if it has none. */
    int temporarySchema;
    /** Temporary tables with ON COMMIT DELETE ROWS or DROP, by oid. */
    final Map<Integer, OnCommit> onCommit = new HashMap<>();
    /** Channels listened to. */
    final Set<String> channels = new HashSet<>();
    /** What the transaction has notified already, as channel and payload. */
    final Set<String> notified = new HashSet<>();
    Transaction notifyingTransaction;
    /** Values fetched ahead, by sequence oid. */
    final Map<Integer, SequenceCache> sequences = new HashMap<>();
    int lastSequence;
    ForeignKeys foreignKeys;

    /** What the session has of one sequence. */
    static final class SequenceCache {
        /** File the values came from: another one means the sequence was restarted. */
        int fileNumber;
        boolean hasLast;
        long last;
        /** Last value fetched ahead; equal to {@code last} if none is left. */
        long cached;
        long increment;
    }
}
