package io.quantadb.it.workload;

import io.quantadb.it.history.Checker;
import java.util.Random;

/** What the clients of a run do, and how their history is judged. Shared by all client threads. */
public interface Workload {
    /** Short, for reports and file names. */
    String name();

    /** SQL that makes its tables, which have the name of the workload as a prefix. */
    String schema();

    /** One transaction, or a few, of a client that can write. */
    void write(ClientSession session, Random random);

    /** One transaction of a client that cannot. */
    void read(ClientSession session, Random random);

    /** Reads everything once more, on the primary, after all faults. */
    default void readAll(ClientSession session) {
    }

    Checker checker();
}
