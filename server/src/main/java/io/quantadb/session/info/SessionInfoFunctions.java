package io.quantadb.session.info;

import io.quantadb.base.ForkNumber;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.Session;
import io.quantadb.session.SessionFunctions;
import io.quantadb.session.SettingDefinition;
import io.quantadb.storage.page.Page;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** Functions about the session and the server: who and where one is, settings, sizes, WAL positions, sequences, comments. */
public final class SessionInfoFunctions implements FunctionRegistry.Library {
    private static final int PAGE = Page.SIZE;
    private static final long PG_CLASS = 1259;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn0("pgsql_version", c -> "PostgreSQL 15.18 (QuantaDB 0.1.0) on x86_64-pc-linux-gnu, compiled by javac 25, 64-bit")
            .fn0("current_database", FunctionContext::currentDatabase)
            .fn0("current_schema", c -> c.currentSchemas(false).isEmpty() ? null : c.currentSchemas(false).getFirst())
            .fn1("current_schemas", (c, implicit) -> ArrayValue.of(io.quantadb.types.BuiltinTypes.get(Oids.NAME), c.currentSchemas((Boolean) implicit).toArray()))
            .fn0("current_user", FunctionContext::currentUser)
            .fn0("session_user", FunctionContext::sessionUser)
            .fn0("pg_backend_pid", c -> (long) c.backendPid())
            .fn0("pg_is_in_recovery", c -> false)
            .fn1("pg_relation_is_publishable", (c, oid) -> publishable(c, oid))
            .fn0("pg_postmaster_start_time", c -> io.quantadb.session.ServerClock.startMicros())
            .fn0("pg_conf_load_time", c -> io.quantadb.session.ServerClock.startMicros())
            .fn0("pg_client_encoding", c -> "UTF8")
            .fn0("getdatabaseencoding", c -> "UTF8")
            .fn1("PG_encoding_to_char", (c, n) -> ((Long) n) == 6 ? "UTF8" : ((Long) n) == 0 ? "SQL_ASCII" : "")
            .fn1("PG_char_to_encoding", (c, n) -> n.toString().replace("-", "").equalsIgnoreCase("utf8") ? 6L : -1L)
            .fn1("show_config_by_name", (c, name) -> c.setting((String) name, false))
            .fn2("show_config_by_name_missing_ok", (c, name, ok) -> c.setting((String) name, (Boolean) ok))
            .fn3("set_config_by_name", SessionInfoFunctions::setConfig)
            .set("show_all_settings", (c, a) -> settings(SessionFunctions.sessionOf(c)))
            .fn1("nextval_oid", (c, oid) -> c.sequences().nextval(((Long) oid).intValue()))
            .fn1("currval_oid", (c, oid) -> c.sequences().currval(((Long) oid).intValue()))
            .fn0("lastval", c -> c.sequences().lastval())
            .fn2("setval_oid", (c, oid, value) -> c.sequences().setval(((Long) oid).intValue(), (Long) value, true))
            .fn3("setval3_oid", (c, oid, value, called) ->
                c.sequences().setval(((Long) oid).intValue(), (Long) value, (Boolean) called))
            .fn2("sql:1215", (c, oid, catalog) -> comment(c, oid, (String) catalog, 0))
            .fn1("sql:1348", (c, oid) -> null)
            .fn2("sql:1216", (c, oid, column) ->
                catalog(c).comment((int) PG_CLASS, ((Long) oid).intValue(), ((Long) column).intValue()))
            .fn2("sql:1993", SessionInfoFunctions::sharedComment);
        registerSizes(registry);
        registerTransactions(registry);
        registerTypes(registry);
    }

    private static void registerSizes(FunctionRegistry.Builder registry) {
        registry.fn1("sql:2325", (c, oid) -> mainSize(c, oid))
            .fn2("pg_relation_size", (c, oid, fork) -> forkSize(c, oid, (String) fork))
            .fn1("pg_table_size", (c, oid) -> tableSize(c, oid))
            .fn1("pg_indexes_size", (c, oid) -> indexesSize(c, oid))
            .fn1("pg_total_relation_size", (c, oid) -> {
                Object table = tableSize(c, oid);
                return table == null ? null : (Long) table + (Long) indexesSize(c, oid);
            })
            .fn1("pg_size_pretty", (c, size) -> pretty((Long) size))
            .fn0("pg_current_wal_lsn", c -> services(c).wal().insertLsn())
            .fn0("pg_current_wal_insert_lsn", c -> services(c).wal().insertLsn())
            .fn0("pg_current_wal_flush_lsn", c -> services(c).wal().flushLsn())
            .fn0("pg_last_wal_replay_lsn", c -> null)
            .fn0("pg_last_wal_receive_lsn", c -> null);
    }

    private static void registerTransactions(FunctionRegistry.Builder registry) {
        registry.fn0("pg_current_xact_id", c -> session(c).transaction().topXid())
            .fn0("pg_current_xact_id_if_assigned", c -> {
                long xid = session(c).transaction().topXidIfAssigned();
                return xid == 0 ? null : xid;
            })
            .fn1("pg_xact_status", (c, xid) -> services(c).transactions().xactStatus((Long) xid))
            .fn1("pg_cancel_backend", (c, pid) -> services(c).sessions().cancel(((Long) pid).intValue()))
            .fn2("pg_terminate_backend", (c, pid, timeout) -> services(c).sessions().terminate(((Long) pid).intValue()));
    }

    private static void registerTypes(FunctionRegistry.Builder registry) {
        registry.scalarFactory("pg_typeof", site -> {
            long type = Integer.toUnsignedLong(site.argumentTypes().getFirst().oid());
            return (io.quantadb.function.ScalarFunction.Fn1) (c, value) -> type;
        });
        registry.fn1("to_regclass", (c, name) -> lookUp(c, Oids.REGCLASS, name))
            .fn1("to_regtype", (c, name) -> lookUp(c, Oids.REGTYPE, name))
            .fn1("to_regproc", (c, name) -> lookUp(c, Oids.REGPROC, name))
            .fn1("to_regnamespace", (c, name) -> lookUp(c, Oids.REGNAMESPACE, name))
            .fn1("to_regrole", (c, name) -> lookUp(c, Oids.REGROLE, name))
            .fn0("gen_random_uuid", c -> UUID.randomUUID());
    }

    private static Session session(FunctionContext context) {
        return SessionFunctions.sessionOf(context);
    }

    private static io.quantadb.session.SessionServices services(FunctionContext context) {
        return session(context).services();
    }

    private static CatalogReader catalog(FunctionContext context) {
        return session(context).catalog();
    }

    private static Object lookUp(FunctionContext context, int regType, Object name) {
        try {
            return context.text().names().oidOf(regType, (String) name);
        } catch (SqlException e) {
            boolean absent = e.code().startsWith("42") || e.state() == SqlState.UNDEFINED_SCHEMA;
            if (absent) {
                return null;
            }
            throw e;
        }
    }

    private static Object setConfig(FunctionContext context, Object name, Object value, Object local) {
        if (name == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
        }
        context.setSetting((String) name, (String) value, Boolean.TRUE.equals(local));
        return context.setting((String) name, false);
    }

    private static io.quantadb.function.SetFunction.RowCursor settings(Session session) {
        Iterator<SettingDefinition> all = session.settings().catalog().all().iterator();
        return io.quantadb.function.SetFunction.RowCursor.ofRows(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Object[] next() {
                return row(session, all.next());
            }
        });
    }

    private static Object[] row(Session session, SettingDefinition definition) {
        String value = session.settings().get(definition.name());
        Object values = definition.enumValues().isEmpty() ? null : ArrayValue.of(io.quantadb.types.BuiltinTypes.TEXT, definition.enumValues().toArray());
        return new Object[] {definition.name(), value, emptyToNull(definition.unit()), definition.category(), "", null,
            definition.context(), definition.type().name().toLowerCase(java.util.Locale.ROOT),
            value == null || value.equals(definition.bootValue()) ? "default" : "session", emptyToNull(definition.minimum()),
            emptyToNull(definition.maximum()), values, definition.bootValue(),
            session.settings().catalog().serverValue(definition.name()), null, null, false};
    }

    private static String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Tables of users whose changes reach the WAL in full. */
    private static Object publishable(FunctionContext context, Object oid) {
        RelationDescriptor relation = catalog(context).relation(((Long) oid).intValue());
        return relation == null ? null : relation.kind() == io.quantadb.catalog.RelationKind.TABLE && !relation.isSystem()
            && relation.persistence() == 'p';
    }

    // ---- Comments

    private static Object comment(FunctionContext context, Object oid, String catalogName, int column) {
        RelationDescriptor table = catalog(context).relation("pg_catalog", catalogName);
        return table == null ? null : catalog(context).comment(table.oid(), ((Long) oid).intValue(), column);
    }

    private static Object sharedComment(FunctionContext context, Object oid, Object catalogName) {
        RelationDescriptor table = catalog(context).relation("pg_catalog", (String) catalogName);
        return table == null ? null : catalog(context).sharedComment(table.oid(), ((Long) oid).intValue());
    }

    // ---- Sizes, in bytes

    private static long bytes(FunctionContext context, io.quantadb.base.RelationId storage, ForkNumber fork) {
        return storage == null ? 0 : (long) services(context).pool().blockCount(storage, fork) * PAGE;
    }

    private static Object mainSize(FunctionContext context, Object oid) {
        RelationDescriptor relation = catalog(context).relation(((Long) oid).intValue());
        return relation == null ? null : bytes(context, relation.storage(), ForkNumber.MAIN);
    }

    private static Object forkSize(FunctionContext context, Object oid, String fork) {
        RelationDescriptor relation = catalog(context).relation(((Long) oid).intValue());
        if (relation == null) {
            return null;
        }
        return switch (fork) {
            case "main" -> bytes(context, relation.storage(), ForkNumber.MAIN);
            case "fsm" -> bytes(context, relation.storage(), ForkNumber.FREE_SPACE_MAP);
            case "vm" -> bytes(context, relation.storage(), ForkNumber.VISIBILITY_MAP);
            case "init" -> 0L;
            default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid fork name")
                .withHint("Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
        };
    }

    private static Object tableSize(FunctionContext context, Object oid) {
        RelationDescriptor relation = catalog(context).relation(((Long) oid).intValue());
        if (relation == null) {
            return null;
        }
        long size = 0;
        List<io.quantadb.base.RelationId> storages = new ArrayList<>();
        storages.add(relation.storage());
        RelationDescriptor toast = relation.toastOid() == 0 ? null : catalog(context).relation(relation.toastOid());
        if (toast != null) {
            storages.add(toast.storage());
        }
        for (io.quantadb.base.RelationId storage : storages) {
            for (ForkNumber fork : ForkNumber.values()) {
                size += bytes(context, storage, fork);
            }
        }
        return size;
    }

    private static Object indexesSize(FunctionContext context, Object oid) {
        RelationDescriptor relation = catalog(context).relation(((Long) oid).intValue());
        if (relation == null) {
            return null;
        }
        long size = 0;
        for (IndexDescriptor index : relation.indexes()) {
            size += bytes(context, index.storage(), ForkNumber.MAIN);
        }
        return size;
    }

    private static String pretty(long size) {
        long limit = 10 * 1024;
        if (Math.abs(size) < limit) {
            return size + " bytes";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB"};
        double value = size;
        for (int i = 0; i < units.length; i++) {
            value /= 1024;
            if (Math.abs(Math.round(value)) < 20 * 1024 / 2 || i == units.length - 1) {
                return Math.round(value) + " " + units[i];
            }
        }
        throw io.quantadb.base.Invariant.broken("size %d has no unit among %d", size, units.length);
    }
}
