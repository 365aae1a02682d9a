package io.quantadb.txn.lock;

import java.util.concurrent.locks.ReentrantLock;

/** A row, an advisory key or a transaction's end: exists in its partition's table only while held or waited for. */
final class KeyedTarget extends LockTarget {
    static final int ROW = 1;
    static final int TRANSACTION = 2;
    static final int ADVISORY_INT8 = 3;
    static final int ADVISORY_INT4 = 4;

    final int type;
    /** ROW: database and file number; ADVISORY: database; TRANSACTION: 0. */
    final long scope;
    /** ROW: TID; ADVISORY: the key; TRANSACTION: the top-level xid. */
    final long key;
    KeyedTarget nextInBucket;

    KeyedTarget(ReentrantLock partition, int type, long scope, long key) {
        super(partition);
        this.type = type;
        this.scope = scope;
        this.key = key;
    }

    static int hash(int type, long scope, long key) {
        long h = (scope * 0x9E3779B97F4A7C15L ^ key) * 0xC2B2AE3D27D4EB4FL + type;
        return (int) (h ^ h >>> 32);
    }

    boolean is(int wantedType, long wantedScope, long wantedKey) {
        return key == wantedKey && scope == wantedScope && type == wantedType;
    }

    @Override
    String describe() {
        String database = Integer.toUnsignedString((int) (scope >>> 32));
        return switch (type) {
            case ROW -> "tuple (" + (key >>> 16) + "," + (key & 0xFFFF) + ") of relation "
                    + Integer.toUnsignedString((int) scope) + " of database " + database;
            case TRANSACTION -> "transaction " + key;
            default -> "advisory lock [" + scope + "," + Integer.toUnsignedString((int) (key >>> 32)) + ","
                    + Integer.toUnsignedString((int) key) + "," + (type == ADVISORY_INT8 ? 1 : 2) + "]";
        };
    }

    @Override
    LockInfo info(int processId, LockMode mode, boolean granted, boolean fastPath, long waitStartMicros) {
        return switch (type) {
            case ROW -> new LockInfo("tuple", (int) (scope >>> 32), (int) scope, key, 0, 0, 0, 0, processId,
                    mode.lockName(), granted, fastPath, waitStartMicros);
            case TRANSACTION -> new LockInfo("transactionid", 0, 0, -1, key, 0, 0, 0, processId, mode.lockName(),
                    granted, fastPath, waitStartMicros);
            default -> new LockInfo("advisory", (int) scope, 0, -1, 0, (int) (key >>> 32), (int) key,
                    type == ADVISORY_INT8 ? 1 : 2, processId, mode.lockName(), granted, fastPath, waitStartMicros);
        };
    }
}
