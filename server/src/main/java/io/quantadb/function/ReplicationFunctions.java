package io.quantadb.function;

import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;

/** Views of streams and slots, and pg_promote. Source: PostgreSQL 15 documentation, chapters 9.27 and 28.2. */
public final class ReplicationFunctions implements FunctionRegistry.Library {
    private static final int PG_PROMOTE = 3436;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.set("pg_stat_get_wal_senders", (c, a) -> SystemFunctions.rows(replication(c).senders()));
        registry.set("pg_get_replication_slots", (c, a) -> SystemFunctions.rows(replication(c).slots()));
        PgType n = BuiltinTypes.get(Oids.INT4);
        PgType t = BuiltinTypes.TEXT;
        PgType lsn = BuiltinTypes.get(Oids.PG_LSN);
        PgType at = BuiltinTypes.TIMESTAMPTZ;
        PgType[] receiver = {n, t, lsn, n, lsn, lsn, n, at, at, lsn, at, t, t, n, t};
        registry.fn0("pg_stat_get_wal_receiver", c -> {
            Object[] row = replication(c).receiver();
            return row == null ? null : new RowValue(receiver, row);
        });
        PgType[] slot = {BuiltinTypes.NAME, lsn};
        registry.fn3("pg_create_physical_replication_slot", (c, name, reserve, temporary) -> new RowValue(slot, new Object[] {text(name),
            replication(c).createSlot(text(name), bool(reserve), bool(temporary))}));
        registry.fn1("pg_drop_replication_slot", (c, name) -> {
            replication(c).dropSlot(text(name));
            return "";
        });
        registry.fn2("pg_promote", (c, wait, seconds) -> promote(c, bool(wait), int4(seconds)));
    }

    private static ReplicationInfo replication(FunctionContext context) {
        return context.service(ReplicationInfo.class);
    }

    private static Object promote(FunctionContext context, boolean wait, int seconds) {
        replication(context).requireExecute(PG_PROMOTE);
        SystemFunctions.replica(context);
        if (seconds <= 0) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"wait_seconds\" must not be negative or zero");
        }
        return replication(context).promote(wait ? seconds : 0);
    }
}
