package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;

import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;
import java.util.ArrayList;
import java.util.List;

/** The functions behind the statistics views. Counters nobody keeps are zero, times nobody notes are null. */
public final class StatisticsFunctions implements FunctionRegistry.Library {
    private static final String COUNTS = """
            pg_stat_get_analyze_count pg_stat_get_autoanalyze_count pg_stat_get_autovacuum_count
            pg_stat_get_bgwriter_buf_written_checkpoints pg_stat_get_bgwriter_buf_written_clean
            pg_stat_get_bgwriter_maxwritten_clean pg_stat_get_bgwriter_requested_checkpoints
            pg_stat_get_bgwriter_timed_checkpoints pg_stat_get_blocks_fetched pg_stat_get_blocks_hit
            pg_stat_get_buf_alloc pg_stat_get_buf_fsync_backend pg_stat_get_buf_written_backend
            pg_stat_get_db_blocks_fetched pg_stat_get_db_blocks_hit pg_stat_get_db_checksum_failures
            pg_stat_get_db_conflict_all pg_stat_get_db_conflict_bufferpin pg_stat_get_db_conflict_lock
            pg_stat_get_db_conflict_snapshot pg_stat_get_db_conflict_startup_deadlock
            pg_stat_get_db_conflict_tablespace pg_stat_get_db_deadlocks pg_stat_get_db_sessions
            pg_stat_get_db_sessions_abandoned pg_stat_get_db_sessions_fatal pg_stat_get_db_sessions_killed
            pg_stat_get_db_temp_bytes pg_stat_get_db_temp_files pg_stat_get_db_tuples_deleted
            pg_stat_get_db_tuples_fetched pg_stat_get_db_tuples_inserted pg_stat_get_db_tuples_returned
            pg_stat_get_db_tuples_updated pg_stat_get_db_xact_commit pg_stat_get_db_xact_rollback
            pg_stat_get_dead_tuples pg_stat_get_function_calls pg_stat_get_ins_since_vacuum pg_stat_get_live_tuples
            pg_stat_get_mod_since_analyze pg_stat_get_numscans pg_stat_get_tuples_deleted pg_stat_get_tuples_fetched
            pg_stat_get_tuples_hot_updated pg_stat_get_tuples_inserted pg_stat_get_tuples_returned
            pg_stat_get_tuples_updated pg_stat_get_vacuum_count pg_stat_get_xact_blocks_fetched
            pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls pg_stat_get_xact_numscans
            pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated
            pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated
            """;
    private static final String DURATIONS = """
            pg_stat_get_checkpoint_sync_time pg_stat_get_checkpoint_write_time pg_stat_get_db_active_time
            pg_stat_get_db_blk_read_time pg_stat_get_db_blk_write_time pg_stat_get_db_idle_in_transaction_time
            pg_stat_get_db_session_time pg_stat_get_function_self_time pg_stat_get_function_total_time
            pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time
            """;
    private static final String MOMENTS = """
            pg_stat_get_bgwriter_stat_reset_time pg_stat_get_db_checksum_last_failure pg_stat_get_db_stat_reset_time
            pg_stat_get_last_analyze_time pg_stat_get_last_autoanalyze_time pg_stat_get_last_autovacuum_time
            pg_stat_get_last_vacuum_time pg_stat_get_snapshot_timestamp
            """;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        counters(registry, COUNTS, 0L);
        counters(registry, DURATIONS, 0.0);
        counters(registry, MOMENTS, null);
        counters(registry, "pg_stat_get_db_numbackends", 0L);
        registerSets(registry);
        registerRecords(registry);
        registerResets(registry);
    }

    private static StatisticsInfo statistics(FunctionContext context) {
        return context.service(StatisticsInfo.class);
    }

    private static void counters(FunctionRegistry.Builder registry, String names, Object missing) {
        for (String name : names.strip().split("\\s+")) {
            registry.fnN(name, (c, a) -> {
                Object value = statistics(c).counter(name, a.length == 0 ? 0 : int4(a[0]));
                return value == null ? missing : value;
            });
        }
    }

    private static void registerSets(FunctionRegistry.Builder registry) {
        registry.set("pg_stat_get_activity", (c, a) -> SystemFunctions.rows(statistics(c).activity(
                a[0] == null ? null : (Integer) int4(a[0]))));
        registry.set("pg_lock_status", (c, a) -> SystemFunctions.rows(statistics(c).locks()));
        registry.set("pg_stat_statements", (c, a) -> SystemFunctions.rows(statistics(c).statements((Boolean) a[0])));
        registry.fn0("pg_stat_statements_reset", c -> {
            statistics(c).resetStatements();
            return "";
        });
        for (String empty : new String[] {"pg_stat_get_progress_info", "pg_stat_get_subscription",
            "pg_stat_get_recovery_prefetch", "pg_stat_get_slru"}) {
            registry.set(empty, (c, a) -> SetFunction.RowCursor.EMPTY);
        }
        registry.set("pg_stat_get_backend_idset", (c, a) -> {
            List<Object> numbers = new ArrayList<>();
            for (int i = 1; i <= statistics(c).activity(null).size(); i++) {
                numbers.add((long) i);
            }
            return SetFunction.RowCursor.ofValues(numbers.iterator());
        });
        // Columns of pg_stat_get_activity by the functions that give one of a backend's number.
        Object[][] fields = {{"activity", 5}, {"wait_event_type", 6}, {"wait_event", 7}, {"xact_start", 8},
            {"activity_start", 9}, {"start", 10}, {"client_addr", 12}, {"client_port", 14}, {"pid", 1}, {"dbid", 0},
            {"userid", 2}};
        for (Object[] field : fields) {
            int column = (Integer) field[1];
            registry.fn1("pg_stat_get_backend_" + field[0], (c, n) -> {
                List<Object[]> sessions = statistics(c).activity(null);
                return num(n) < 1 || num(n) > sessions.size() ? null : sessions.get(int4(n) - 1)[column];
            });
        }
        registry.fn1("pg_blocking_pids", (c, pid) -> {
            List<Object> pids = new ArrayList<>();
            for (int blocker : statistics(c).blockers(int4(pid))) {
                pids.add((long) blocker);
            }
            return ArrayValue.of(BuiltinTypes.INT4, pids);
        });
        registry.fn1("pg_safe_snapshot_blocking_pids", (c, pid) -> ArrayValue.empty(BuiltinTypes.INT4));
    }

    private static void registerRecords(FunctionRegistry.Builder registry) {
        PgType n = BuiltinTypes.INT8;
        PgType t = BuiltinTypes.TEXT;
        PgType at = BuiltinTypes.TIMESTAMPTZ;
        PgType f = BuiltinTypes.FLOAT8;
        PgType[] archiver = {n, t, at, n, t, at, at};
        registry.fn0("pg_stat_get_archiver", c -> new RowValue(archiver, new Object[] {0L, null, null, 0L, null, null,
            null}));
        PgType[] wal = {n, n, BuiltinTypes.NUMERIC, n, n, n, f, f, at};
        registry.fn0("pg_stat_get_wal", c -> new RowValue(wal, new Object[] {0L, 0L, Numeric.ZERO, 0L, 0L, 0L, 0.0, 0.0,
            null}));
        registry.fn1("pg_stat_get_replication_slot", (c, slot) -> null)
                .fn1("pg_stat_get_subscription_stats", (c, s) -> null);
    }

    /** Statistics are never reset; the calls succeed, as clients expect. */
    private static void registerResets(FunctionRegistry.Builder registry) {
        for (String name : new String[] {"pg_stat_reset", "pg_stat_clear_snapshot", "pg_stat_force_next_flush"}) {
            registry.fn0(name, c -> "");
        }
        for (String name : new String[] {"pg_stat_reset_shared", "pg_stat_reset_single_table_counters",
            "pg_stat_reset_single_function_counters", "pg_stat_reset_slru", "pg_stat_reset_replication_slot",
            "pg_stat_reset_subscription_stats"}) {
            registry.fn1(name, (c, a) -> "");
        }
        registry.fn3("pg_stat_have_stats", (c, kind, database, object) -> false);
    }
}
