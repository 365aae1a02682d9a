package io.quantadb.replication.control;

import io.quantadb.base.Invariant;

/**
 * A node that belongs to the cluster. Immutable.
 *
 * @param id unique in the cluster, never reused for other data
 * @param priority among nodes with equal WAL the one with the highest number becomes primary
 * @param addresses where others reach it
 * @param incarnation number that this run of the process chose for itself; 0 before its first {@link Command.Hello}
 * @param joined whether it was ever a member of the in-sync set
 */
public record Member(String id, Kind kind, int priority, Addresses addresses, long incarnation, boolean joined) {
    /** What a member does besides voting. */
    public enum Kind {
        /** Keeps WAL and data. */
        DATA,
        /** Votes only. */
        WITNESS
    }

    /** Each {@code host:port}; an empty string where the node does not serve. */
    public record Addresses(String sql, String replication, String raft, String api) {
        /** For nodes whose addresses do not matter, in tests and tools. */
        public static final Addresses NONE = new Addresses("", "", "", "");
    }

    public Member {
        Invariant.check(!id.isEmpty() && id.length() <= 200, "a member's id has 1 to 200 characters");
    }

    /** A member that has not said hello yet. */
    public static Member of(String id, Kind kind, int priority, Addresses addresses) {
        return new Member(id, kind, priority, addresses, 0, false);
    }

    public boolean isData() {
        return kind == Kind.DATA;
    }

    Member withIncarnation(long value) {
        return new Member(id, kind, priority, addresses, value, joined);
    }

    Member withJoined() {
        return joined ? this : new Member(id, kind, priority, addresses, incarnation, true);
    }
}
