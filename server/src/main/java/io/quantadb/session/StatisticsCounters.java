package io.quantadb.session;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.maintenance.ActivityRegistry;
import io.quantadb.maintenance.TableActivity;
import java.util.function.ToLongFunction;

/** Values of the functions pg_stat_get_..., by name. Stateless. */
final class StatisticsCounters {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private StatisticsCounters() {
    }

    /** @param object oid of a relation or database, 0 for the server; null if it is not counted */
    static Object find(Session session, String function, int object) {
        if (function.startsWith("pg_stat_get_db_")) {
            return database(session, function.substring("pg_stat_get_db_".length()), object);
        }
        return switch (function) {
            case "pg_stat_get_buf_alloc" -> session.services().pool().metrics().reads();
            case "pg_stat_get_buf_written_backend" -> session.services().pool().metrics().backendWrites();
            default -> object == 0 ? null : relation(session, function.substring("pg_stat_get_".length()), object);
        };
    }

    private static Object relation(Session session, String counter, int oid) {
        ActivityRegistry registry = session.services().statistics().tables();
        TableActivity own = registry.find(session.identity().databaseOid(), oid);
        TableActivity a = own != null ? own : registry.find(0, oid);
        if (a == null) {
            return counter.equals("live_tuples") ? tuples(session, oid) : null;
        }
        boolean index = session.catalog().index(oid) != null;
        return switch (counter) {
            case "numscans" -> index ? a.indexScans.sum() : a.sequentialScans.sum();
            case "tuples_returned" -> index ? a.indexRows.sum() : a.sequentialRows.sum();
            case "tuples_fetched" -> a.indexRows.sum();
            case "tuples_inserted" -> a.inserted.sum();
            case "tuples_updated" -> a.updated.sum();
            case "tuples_deleted" -> a.deleted.sum();
            case "tuples_hot_updated" -> a.hotUpdated.sum();
            case "live_tuples" -> Math.max(0, a.live.sum());
            case "dead_tuples" -> Math.max(0, a.dead.sum());
            case "mod_since_analyze" -> a.changedSinceAnalyze.sum();
            case "ins_since_vacuum" -> a.insertedSinceVacuum.sum();
            case "vacuum_count" -> a.vacuums().manual();
            case "autovacuum_count" -> a.vacuums().automatic();
            case "analyze_count" -> a.analyses().manual();
            case "autoanalyze_count" -> a.analyses().automatic();
            case "last_vacuum_time" -> moment(a.vacuums().manualMicros());
            case "last_autovacuum_time" -> moment(a.vacuums().automaticMicros());
            case "last_analyze_time" -> moment(a.analyses().manualMicros());
            case "last_autoanalyze_time" -> moment(a.analyses().automaticMicros());
            default -> null;
        };
    }

    /** Before anything was done to it since the start, what the catalog says. */
    private static Object tuples(Session session, int oid) {
        RelationDescriptor relation = session.catalog().relation(oid);
        return relation == null || relation.tuples() < 0 ? null : (Object) (long) relation.tuples();
    }

    private static Object database(Session session, String counter, int oid) {
        ActivityRegistry registry = session.services().statistics().tables();
        return switch (counter) {
            case "xact_commit" -> registry.database(oid).commits.sum();
            case "xact_rollback" -> registry.database(oid).rollbacks.sum();
            case "tuples_inserted" -> sum(registry, oid, a -> a.inserted.sum());
            case "tuples_updated" -> sum(registry, oid, a -> a.updated.sum());
            case "tuples_deleted" -> sum(registry, oid, a -> a.deleted.sum());
            case "tuples_returned" -> sum(registry, oid, a -> a.sequentialRows.sum());
            case "tuples_fetched" -> sum(registry, oid, a -> a.indexRows.sum());
            // The pool counts for the whole server.
            case "blocks_hit" -> session.services().pool().metrics().hits();
            case "blocks_fetched" -> session.services().pool().metrics().hits() + session.services().pool().metrics().reads();
            default -> null;
        };
    }

    private static long sum(ActivityRegistry registry, int database, ToLongFunction<TableActivity> counter) {
        return registry.all().stream().filter(a -> a.databaseOid() == database).mapToLong(counter).sum();
    }

    private static Object moment(long unixMicros) {
        return unixMicros == 0 ? null : (Object) (unixMicros - POSTGRES_EPOCH_MICROS);
    }
}
