package io.quantadb.wal.record;

/** Turns records into text for people. Never touches a page and never fails on a record of an unknown kind. */
public interface RecordDescriber {
    /** Short lower-case name of a resource manager. */
    String resourceManagerName(int id);

    /** One line, without the block references. */
    String describe(WalRecord record);
}
