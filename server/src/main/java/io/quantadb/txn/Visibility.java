package io.quantadb.txn;

import io.quantadb.txn.snapshot.Snapshot;

/** API stub. Decides who sees a row version. */
public final class Visibility {
    private Visibility() {
    }

    /** Whether the version at {@code address} is visible to the snapshot; may set hint bits. */
    public static boolean isVisible(long address, Snapshot snapshot, CommitTable commits) {
        throw new UnsupportedOperationException();
    }
}
