package io.quantadb.function;

import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.SessionTimeZone;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;

/** Functions about the session, settings, sequences, transactions and the server. */
public final class SystemFunctions implements FunctionRegistry.Library {
    /** What {@code version()} says; clients read the major version from its beginning. */
    public static final String VERSION = "PostgreSQL 15.18 (QuantaDB 1.0) on "
            + System.getProperty("os.arch", "unknown").replace("amd64", "x86_64") + "-pc-linux-gnu, compiled by javac "
            + Runtime.version().feature() + ", 64-bit";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String[] SIZE_UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

    private static final int PG_WAL_REPLAY_PAUSE = 3071;
    private static final int PG_WAL_REPLAY_RESUME = 3072;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerIdentity(registry);
        registerSettings(registry);
        registerSequences(registry);
        registerTransactions(registry);
        registerServer(registry);
        registerSizes(registry);
        registerZones(registry);
        registerSmall(registry);
    }

    private static SessionInfo session(FunctionContext context) {
        return context.service(SessionInfo.class);
    }

    private static void registerIdentity(FunctionRegistry.Builder registry) {
        registry.fn0("pgsql_version", c -> VERSION);
        registry.fn0("current_user", FunctionContext::currentUser).fn0("session_user", FunctionContext::sessionUser);
        registry.fn0("current_database", FunctionContext::currentDatabase);
        registry.fn0("current_schema", c -> c.currentSchemas(false).isEmpty() ? null
                : c.currentSchemas(false).getFirst());
        registry.fn1("current_schemas", (c, implicit) -> ArrayValue.of(BuiltinTypes.NAME,
                c.currentSchemas(bool(implicit))));
        registry.fn0("pg_backend_pid", c -> (long) c.backendPid());
        registry.fn0("current_query", c -> session(c).currentQuery());
        registry.fn0("pg_client_encoding", c -> c.setting("client_encoding", false));
        registry.fn0("getdatabaseencoding", c -> "UTF8");
        registry.fn1("PG_encoding_to_char", (c, n) -> Encodings.name(int4(n)));
        registry.fn1("PG_char_to_encoding", (c, name) -> (long) Encodings.number(text(name)));
        registry.fn1("pg_encoding_max_length_sql", (c, n) -> Encodings.maxLength(int4(n)) < 0 ? null
                : (Long) (long) Encodings.maxLength(int4(n)));
        registry.fn0("inet_client_addr", c -> inet(session(c).clientAddress()));
        registry.fn0("inet_client_port", c -> number(session(c).clientPort()));
        registry.fn0("inet_server_addr", c -> inet(session(c).serverAddress()));
        registry.fn0("inet_server_port", c -> number(session(c).serverPort()));
    }

    private static Object inet(String address) {
        return address == null ? null : BuiltinTypes.get(io.quantadb.types.Oids.INET).ops().fromText(address, -1,
                io.quantadb.types.TextContext.DEFAULT);
    }

    private static Object number(Integer value) {
        return value == null ? null : (Object) (long) value;
    }

    private static void registerSettings(FunctionRegistry.Builder registry) {
        registry.fn1("show_config_by_name", (c, name) -> c.setting(text(name), false));
        registry.fn2("show_config_by_name_missing_ok", (c, name, ok) -> c.setting(text(name), bool(ok)));
        registry.fn3("set_config_by_name", (c, name, value, local) -> {
            if (name == null) {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
            }
            c.setSetting(text(name), text(value), local != null && bool(local));
            return c.setting(text(name), false);
        });
        registry.set("show_all_settings", (c, a) -> rows(session(c).settings()));
        registry.fn1("pg_settings_get_flags", (c, name) -> c.setting(text(name), true) == null ? null
                : ArrayValue.empty(BuiltinTypes.TEXT));
        registry.set("show_all_file_settings", (c, a) -> SetFunction.RowCursor.EMPTY);
    }

    static SetFunction.RowCursor rows(List<Object[]> rows) {
        return SetFunction.RowCursor.ofRows(rows.iterator());
    }

    private static void registerSequences(FunctionRegistry.Builder registry) {
        registry.fn1("nextval_oid", (c, s) -> c.sequences().nextval(int4(s)))
                .fn1("currval_oid", (c, s) -> c.sequences().currval(int4(s)))
                .fn0("lastval", c -> c.sequences().lastval())
                .fn2("setval_oid", (c, s, v) -> c.sequences().setval(int4(s), num(v), true))
                .fn3("setval3_oid", (c, s, v, called) -> c.sequences().setval(int4(s), num(v), bool(called)));
    }

    private static void registerTransactions(FunctionRegistry.Builder registry) {
        registry.fn0("pg_current_xact_id", c -> session(c).currentXid());
        registry.fn0("pg_current_xact_id_if_assigned", c -> session(c).currentXidIfAssigned() == 0 ? null
                : (Long) session(c).currentXidIfAssigned());
        registry.fn0("pg_current_snapshot", c -> session(c).snapshot());
        registry.fn1("pg_snapshot_xmin", (c, s) -> Long.parseLong(text(s).split(":", -1)[0]));
        registry.fn1("pg_snapshot_xmax", (c, s) -> Long.parseLong(text(s).split(":", -1)[1]));
        registry.set("pg_snapshot_xip", (c, a) -> SetFunction.RowCursor.ofValues(running(text(a[0])).iterator()));
        registry.fn2("pg_visible_in_snapshot", (c, xid, s) -> num(xid) < Long.parseLong(text(s).split(":", -1)[1])
                && !running(text(s)).contains(num(xid)));
        registry.fn1("pg_xact_status", (c, xid) -> session(c).transactionStatus(num(xid)));
        registry.fn1("xid_age", (c, xid) -> num(xid) < 3 ? (long) Integer.MAX_VALUE
                : Math.min(Integer.MAX_VALUE, Math.max(0, session(c).currentXidIfAssigned() - num(xid))));
        registry.fn1("mxid_age", (c, xid) -> (long) Integer.MAX_VALUE);
        registry.fn0("pg_export_snapshot", c -> {
            throw SqlException.notSupported("exporting snapshots is not supported");
        });
    }

    private static List<Long> running(String snapshot) {
        String list = snapshot.split(":", -1)[2];
        List<Long> xids = new ArrayList<>();
        for (String xid : list.isEmpty() ? new String[0] : list.split(",")) {
            xids.add(Long.parseLong(xid));
        }
        return xids;
    }

    private static void registerServer(FunctionRegistry.Builder registry) {
        registry.fn0("pg_postmaster_start_time", c -> session(c).serverStart());
        registry.fn0("pg_conf_load_time", c -> session(c).serverStart());
        registry.fn0("pg_is_in_recovery", c -> session(c).inRecovery());
        registry.fn0("pg_current_wal_lsn", c -> primary(c).flushLsn());
        registry.fn0("pg_current_wal_flush_lsn", c -> primary(c).flushLsn());
        registry.fn0("pg_current_wal_insert_lsn", c -> primary(c).insertLsn());
        registry.fn0("pg_last_wal_receive_lsn", c -> session(c).inRecovery() ? (Object) session(c).receivedLsn() : null);
        registry.fn0("pg_last_wal_replay_lsn", c -> session(c).inRecovery() ? (Object) session(c).replayedLsn() : null);
        registry.fn0("pg_last_xact_replay_timestamp", c -> session(c).lastReplayedCommit());
        registry.fn1("pg_walfile_name", (c, lsn) -> walFile(c, num(lsn)));
        registry.fn0("pg_wal_replay_pause", c -> pause(c, true));
        registry.fn0("pg_wal_replay_resume", c -> pause(c, false));
        registry.fn0("pg_get_wal_replay_pause_state", c -> replica(c).isReplayPaused() ? "paused" : "not paused");
        registry.fn1("pg_cancel_backend", (c, pid) -> session(c).cancelBackend(int4(pid)));
        registry.fn2("pg_terminate_backend", (c, pid, timeout) -> session(c).terminateBackend(int4(pid)));
        registry.fn0("pg_reload_conf", c -> true);
        registry.fn0("pg_jit_available", c -> false);
        registry.fn0("pg_is_wal_replay_paused", c -> replica(c).isReplayPaused());
        registry.set("pg_cursor", (c, a) -> rows(session(c).cursors()));
        registry.set("pg_prepared_statement", (c, a) -> rows(session(c).preparedStatements()));
        registry.set("pg_get_keywords", (c, a) -> rows(session(c).keywords()));
        for (String empty : new String[] {"pg_prepared_xact", "pg_available_extensions",
            "pg_available_extension_versions", "pg_extension_update_paths", "pg_hba_file_rules",
            "pg_ident_file_mappings", "pg_listening_channels", "pg_get_shmem_allocations",
            "pg_get_backend_memory_contexts", "pg_get_publication_tables", "pg_show_replication_origin_status",
            "pg_get_multixact_members", "pg_config"}) {
            registry.set(empty, (c, a) -> SetFunction.RowCursor.EMPTY);
        }
        registry.fn0("pg_notification_queue_usage", c -> 0.0);
    }

    private static SessionInfo primary(FunctionContext context) {
        if (session(context).inRecovery()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is in progress")
                    .withHint("WAL control functions cannot be executed during recovery.");
        }
        return session(context);
    }

    /** Throws 55000 on a primary. */
    static SessionInfo replica(FunctionContext context) {
        if (!session(context).inRecovery()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is not in progress")
                    .withHint("Recovery control functions can only be executed during recovery.");
        }
        return session(context);
    }

    private static Object pause(FunctionContext context, boolean pause) {
        context.service(ReplicationInfo.class).requireExecute(pause ? PG_WAL_REPLAY_PAUSE : PG_WAL_REPLAY_RESUME);
        replica(context).pauseReplay(pause);
        return "";
    }

    private static String walFile(FunctionContext context, long lsn) {
        if (session(context).inRecovery()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is in progress")
                    .withHint("pg_walfile_name() cannot be executed during recovery.");
        }
        long segment = (lsn - 1) >>> 24;
        return String.format("%08X%08X%08X", session(context).timeline(), segment >>> 8, segment & 0xFF);
    }

    // ---- sizes

    private static StorageInfo storage(FunctionContext context) {
        return context.service(StorageInfo.class);
    }

    private static void registerSizes(FunctionRegistry.Builder registry) {
        registry.fn2("pg_relation_size", (c, r, fork) -> storage(c).forkSize(int4(r), text(fork)))
                .fn1("sql:2325", (c, r) -> storage(c).forkSize(int4(r), "main"))
                .fn1("pg_table_size", (c, r) -> storage(c).tableSize(int4(r)))
                .fn1("pg_indexes_size", (c, r) -> storage(c).indexesSize(int4(r)))
                .fn1("pg_total_relation_size", (c, r) -> {
                    Long table = storage(c).tableSize(int4(r));
                    Long indexes = storage(c).indexesSize(int4(r));
                    return table == null ? null : (Object) (table + (indexes == null ? 0 : indexes));
                })
                .fn1("pg_database_size_oid", (c, d) -> storage(c).databaseSize(int4(d)))
                .fn1("pg_database_size_name", (c, d) -> storage(c).databaseSize(
                        c.service(CatalogInfo.class).objectOid(CatalogInfo.Kind.DATABASE, text(d))))
                .fn1("pg_relation_filenode", (c, r) -> storage(c).fileNode(int4(r)))
                .fn1("pg_relation_filepath", (c, r) -> storage(c).filePath(int4(r)))
                .fn1("pg_tablespace_location", (c, t) -> "")
                .fn1("pg_tablespace_size_oid", (c, t) -> storage(c).databaseSize(0));
        registry.fn1("pg_size_pretty", (c, a) -> pretty(BigInteger.valueOf(num(a)), true));
        registry.fn1("pg_size_pretty_numeric", (c, a) -> prettyNumeric(Args.numeric(a)));
        registry.fn1("pg_size_bytes", (c, a) -> sizeBytes(text(a)));
        registry.scalarFactory("pg_column_size", site -> (ScalarFunction.Fn1) (c, a) -> {
            var type = site.argumentType(0);
            if (type.storageWidth() >= 0) {
                return (long) type.storageWidth();
            }
            long bytes = type.ops().encode(a).length;
            return bytes < 127 ? bytes + 1 : bytes + 4;
        });
    }

    /** Halves away from zero at each step, as PostgreSQL shifts. */
    private static String pretty(BigInteger size, boolean integer) {
        BigInteger value = size;
        for (int unit = 0;; unit++) {
            // In the unit "bytes" values count whole, in the others twice, for rounding.
            BigInteger limit = BigInteger.valueOf(unit == 0 ? 10_240 : 20_479);
            if (value.abs().compareTo(limit) < 0 || unit == SIZE_UNITS.length - 1) {
                BigInteger shown = unit == 0 ? value
                        : value.add(BigInteger.valueOf(value.signum())).divide(BigInteger.TWO);
                return shown + " " + SIZE_UNITS[unit];
            }
            value = value.divide(BigInteger.valueOf(unit == 0 ? 512 : 1024));
        }
    }

    private static String prettyNumeric(Numeric size) {
        if (size.isFinite() && size.abs().compareTo(Numeric.of(10_240)) < 0) {
            return size + " bytes";
        }
        return size.isFinite() ? pretty(size.toBigDecimal().toBigInteger(), false) : size + " PB";
    }

    private static Object sizeBytes(String text) {
        String trimmed = text.strip();
        var matcher = java.util.regex.Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*(.*)")
                .matcher(trimmed);
        if (!matcher.matches()) {
            throw Args.invalidParameter("invalid size: \"" + text + "\"");
        }
        String unit = matcher.group(2).strip().toLowerCase(Locale.ROOT);
        int power = switch (unit) {
            case "", "bytes", "b" -> 0;
            case "kb" -> 1;
            case "mb" -> 2;
            case "gb" -> 3;
            case "tb" -> 4;
            case "pb" -> 5;
            default -> -1;
        };
        if (power < 0) {
            throw Args.invalidParameter("invalid size: \"" + text + "\"").withDetail("Invalid size unit: \""
                    + matcher.group(2).strip() + "\".").withHint(
                    "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
        }
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1024).pow(power));
        return Numeric.of(bytes.scale() < 0 ? bytes.setScale(0) : bytes).round(0).toInt8();
    }

    // ---- time zones

    private static void registerZones(FunctionRegistry.Builder registry) {
        registry.set("pg_timezone_names", (c, a) -> {
            long now = c.transactionTimestamp();
            List<Object[]> rows = new ArrayList<>();
            for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
                SessionTimeZone zone = id.startsWith("SystemV/") ? null : SessionTimeZone.find(id);
                if (zone != null) {
                    rows.add(new Object[] {id, zone.abbreviationAt(now), new Interval(0, 0,
                            zone.offsetAt(now) * TimeUnits.MICROS_PER_SECOND), zone.isDaylight(now)});
                }
            }
            return rows(rows);
        });
        registry.set("pg_timezone_abbrevs", (c, a) -> {
            List<Object[]> rows = new ArrayList<>();
            for (char first = 'a'; first <= 'z'; first++) {
                for (char second = 'a'; second <= 'z'; second++) {
                    for (char third = 'a'; third <= 'z'; third++) {
                        addAbbreviation(rows, "" + first + second + third);
                    }
                }
            }
            for (String longer : new String[] {"cest", "eest", "west", "akst", "akdt", "aest", "aedt", "acst", "acdt",
                "awst", "nzst", "nzdt"}) {
                addAbbreviation(rows, longer);
            }
            return rows(rows);
        });
    }

    private static void addAbbreviation(List<Object[]> rows, String name) {
        var meaning = io.quantadb.types.datetime.ZoneAbbreviations.forInput(name);
        if (meaning != null) {
            rows.add(new Object[] {name.toUpperCase(Locale.ROOT), new Interval(0, 0,
                    meaning.offset() * TimeUnits.MICROS_PER_SECOND), meaning.daylight()});
        }
    }

    // ---- the rest

    private static void registerSmall(FunctionRegistry.Builder registry) {
        registry.fn0("gen_random_uuid", c -> {
            long high = RANDOM.nextLong() & ~0xF000L | 0x4000L;
            long low = RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        });
        registry.scalarFactory("pg_typeof", site -> {
            long oid = Integer.toUnsignedLong(site.argumentType(0).oid());
            return (ScalarFunction.Fn1) (c, a) -> oid;
        });
        registry.scalarFactory("pg_collation_for", site -> (ScalarFunction.Fn1) (c, a) -> {
            if (site.collationOid() == 0) {
                if (site.argumentType(0).category() == 'S') {
                    return null;
                }
                throw new SqlException(SqlState.DATATYPE_MISMATCH, "collations are not supported by type "
                        + io.quantadb.types.TypeNames.formatType(site.argumentType(0), -1));
            }
            return c.service(CatalogInfo.class).collationName(site.collationOid());
        });
        registry.scalarFactory("pg_num_nulls", site -> (ScalarFunction.FnN) (c, a) -> countNulls(site, a, true));
        registry.scalarFactory("pg_num_nonnulls", site -> (ScalarFunction.FnN) (c, a) -> countNulls(site, a, false));
        registry.fn2("pg_notify", (c, channel, payload) -> {
            throw SqlException.notSupported("NOTIFY is not supported");
        });
        registry.set("pg_options_to_table", (c, a) -> {
            List<Object[]> rows = new ArrayList<>();
            for (Object option : Args.array(a[0]).elements()) {
                int equals = text(option).indexOf('=');
                rows.add(new Object[] {equals < 0 ? option : text(option).substring(0, equals),
                    equals < 0 ? null : text(option).substring(equals + 1)});
            }
            return rows(rows);
        });
    }

    private static Object countNulls(CallSite site, Object[] arguments, boolean nulls) {
        Object[] values = arguments;
        if (site.variadicArray()) {
            if (arguments[0] == null) {
                return null;
            }
            values = ((ArrayValue) arguments[0]).elements();
        }
        long count = 0;
        for (Object value : values) {
            count += (value == null) == nulls ? 1 : 0;
        }
        return count;
    }
}
