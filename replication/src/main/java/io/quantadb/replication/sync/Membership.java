package io.quantadb.replication.sync;

import java.util.Set;

/**
 * What the control state says of one epoch's replication, in the words of this package. Immutable.
 *
 * @param version of the in-sync set
 * @param inSync the primary among them
 * @param dataMembers all that keep data
 * @param minInSync members of the set below which the horizon stands still
 */
public record Membership(long epoch, long version, Set<String> inSync, Set<String> dataMembers, int minInSync) {
    public Membership {
        inSync = Set.copyOf(inSync);
        dataMembers = Set.copyOf(dataMembers);
    }
}
