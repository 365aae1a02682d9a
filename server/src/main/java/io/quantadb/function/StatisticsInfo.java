package io.quantadb.function;

import java.util.List;

/** Numbers behind the statistics views. Safe to ask from the session's thread. */
public interface StatisticsInfo {
    /** Rows of pg_stat_get_activity. @param processId null for all sessions */
    List<Object[]> activity(Integer processId);

    /** Rows of pg_lock_status. */
    List<Object[]> locks();

    /** Process ids that block a session. */
    int[] blockers(int processId);

    /**
     * One counter by the name of its function, such as {@code pg_stat_get_db_xact_commit}.
     *
     * @param object oid of a relation, database or function; 0 for server-wide counters
     * @return null if it is not counted
     */
    Object counter(String function, int object);

    /** Rows of pg_stat_statements. @param showText false leaves the texts out */
    List<Object[]> statements(boolean showText);

    /** Forgets the statements counted so far; 42501 for who may not. */
    void resetStatements();
}
