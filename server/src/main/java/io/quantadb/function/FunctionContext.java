package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a running statement offers to the functions it calls. Implemented by the session; usable only by the thread that
 * runs the statement.
 *
 * <p>Every time is in microseconds since 2000-01-01 00:00 UTC.
 */
public interface FunctionContext {
    /** Settings that text input and output depend on. */
    TextContext text();

    /** Role whose rights apply now. */
    String currentUser();

    /** Role the session was started or SET SESSION AUTHORIZATION'd as. */
    String sessionUser();

    String currentDatabase();

    /** Existing schemas of the search path, in order; implicit ones ({@code pg_catalog}, temp) if asked for. */
    List<String> currentSchemas(boolean includeImplicit);

    /** now(): start of the transaction. */
    long transactionTimestamp();

    /** Arrival of the client's message that carries this statement. */
    long statementTimestamp();

    /** The time at this instant. */
    long clockTimestamp();

    /**
     * The text of a setting as SHOW gives it.
     *
     * @return null if there is no such setting and {@code missingOk}
     * @throws SqlException 42704 if there is no such setting
     */
    String setting(String name, boolean missingOk);

    /** SET (LOCAL): for set_config. */
    void setSetting(String name, String value, boolean local);

    /** The session's generator, for random() and setseed(). */
    RandomGenerator random();

    /** Seeds {@link #random()}; {@code seed} is in [-1, 1]. */
    void seedRandom(double seed);

    SequenceAccess sequences();

    /** Descriptor of a type; throws SqlException 42704 if there is none. */
    PgType type(int oid);

    /**
     * A further service of the session or catalog by its interface, for functions that need more than this type offers
     * ({@code pg_get_indexdef}, advisory locks, replication state...). The interface belongs to package function, too.
     *
     * @throws SqlException 0A000 if this context does not offer it
     */
    <T> T service(Class<T> type);

    /** Process id reported to the client in BackendKeyData. */
    int backendPid();

    /** Sends a NOTICE, WARNING... to the client. */
    void notice(SqlException notice);

    /** Throws 57014 if the statement was cancelled or timed out; for functions that may run long. */
    void checkInterrupts();

    /** Sequences, by the oid of their {@code pg_class} row. Errors and texts are PostgreSQL's. */
    interface SequenceAccess {
        long nextval(int sequenceOid);

        long currval(int sequenceOid);

        long lastval();

        /** @param isCalled whether the next nextval advances first */
        long setval(int sequenceOid, long value, boolean isCalled);
    }
}
