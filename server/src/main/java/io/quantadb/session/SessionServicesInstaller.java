package io.quantadb.session;

import io.quantadb.function.AdvisoryLocks;
import io.quantadb.function.CatalogInfo;
import io.quantadb.function.CursorPositions;
import io.quantadb.function.ReplicationInfo;
import io.quantadb.function.SessionInfo;
import io.quantadb.function.StatisticsInfo;
import io.quantadb.function.StorageInfo;

/** Offers a session everything that the built-in functions ask of it. The composition root calls it for each new session. */
public final class SessionServicesInstaller {
    private SessionServicesInstaller() {
    }

    /** Called once, before the session's first message. */
    public static void install(Session session) {
        SessionFunctions functions = session.functions();
        functions.offer(CatalogInfo.class, new CatalogInfoService(session));
        functions.offer(SessionInfo.class, new SessionInfoService(session));
        functions.offer(StorageInfo.class, new StorageInfoService(session));
        functions.offer(AdvisoryLocks.class, new AdvisoryLocksService(session));
        functions.offer(CursorPositions.class, (name, table) -> session.statements().cursor(name).place(table, session));
        ReplicationInfoService replication = new ReplicationInfoService(session);
        functions.offer(ReplicationInfo.class, replication);
        functions.offer(StatisticsInfo.class, new StatisticsInfoService(session, replication));
    }
}
