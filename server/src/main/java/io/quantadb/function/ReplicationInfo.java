package io.quantadb.function;

import java.util.List;

/** What functions ask of replication. Confined to the session's thread. */
public interface ReplicationInfo {
    /** Rows of pg_stat_get_wal_senders. */
    List<Object[]> senders();

    /** The row of pg_stat_get_wal_receiver; null if there is none. */
    Object[] receiver();

    /** Rows of pg_get_replication_slots. */
    List<Object[]> slots();

    /** @return LSN from which on WAL is retained; null if it will be set by the first use */
    Long createSlot(String name, boolean reserve, boolean temporary);

    void dropSlot(String name);

    /** Throws 42501 unless the role may execute the function: one of those that PostgreSQL does not give to PUBLIC. */
    void requireExecute(int functionOid);

    /** pg_promote. @param waitSeconds 0: returns when it has been asked for. @return false, with a warning, if it took too long */
    boolean promote(int waitSeconds);
}
