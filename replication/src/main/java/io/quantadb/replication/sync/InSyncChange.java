package io.quantadb.replication.sync;

import java.util.Set;

/** A new in-sync set to be agreed on. Nothing has changed before it is applied. */
public record InSyncChange(long epoch, long expectedVersion, Set<String> members) {
    public InSyncChange {
        members = Set.copyOf(members);
    }
}
