package io.quantadb.txn.lock;

import io.quantadb.base.Invariant;

/** PostgreSQL's eight table lock modes and their conflicts. Ids are PostgreSQL's. */
public enum LockMode {
    ACCESS_SHARE(1, "AccessShareLock", "ACCESS SHARE"),
    ROW_SHARE(2, "RowShareLock", "ROW SHARE"),
    ROW_EXCLUSIVE(3, "RowExclusiveLock", "ROW EXCLUSIVE"),
    SHARE_UPDATE_EXCLUSIVE(4, "ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    SHARE(5, "ShareLock", "SHARE"),
    SHARE_ROW_EXCLUSIVE(6, "ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    EXCLUSIVE(7, "ExclusiveLock", "EXCLUSIVE"),
    ACCESS_EXCLUSIVE(8, "AccessExclusiveLock", "ACCESS EXCLUSIVE");

    private static final LockMode[] VALUES = values();

    private final int id;
    private final String lockName;
    private final String sqlName;

    LockMode(int id, String lockName, String sqlName) {
        this.id = id;
        this.lockName = lockName;
        this.sqlName = sqlName;
    }

    public int id() {
        return id;
    }

    /** As in pg_locks.mode. */
    public String lockName() {
        return lockName;
    }

    /** As in LOCK TABLE ... IN ... MODE. */
    public String sqlName() {
        return sqlName;
    }

    /** Bit of this mode in a mask. */
    int bit() {
        return 1 << id;
    }

    /** Weak modes do not conflict with each other and take the fast path. */
    public boolean weak() {
        return id <= 3;
    }

    /** Mask of the modes this one conflicts with. */
    int conflicts() {
        return switch (this) {
            case ACCESS_SHARE -> 1 << 8;
            case ROW_SHARE -> 1 << 7 | 1 << 8;
            case ROW_EXCLUSIVE -> 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
            case SHARE_UPDATE_EXCLUSIVE -> 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
            case SHARE -> 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8;
            case SHARE_ROW_EXCLUSIVE -> 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
            case EXCLUSIVE -> 0x1FC;
            case ACCESS_EXCLUSIVE -> 0x1FE;
        };
    }

    public boolean conflictsWith(LockMode other) {
        return (conflicts() & other.bit()) != 0;
    }

    /** True if holding this mode makes asking for {@code other} unnecessary: it conflicts with all that other does. */
    public boolean covers(LockMode other) {
        return this == other || id > other.id && (other.conflicts() & ~conflicts()) == 0;
    }

    static LockMode of(int id) {
        Invariant.check(id >= 1 && id <= 8, "lock mode %d, largest is %d", id, 8);
        return VALUES[id - 1];
    }
}
