package io.quantadb.session;

import io.quantadb.sql.parser.ParsedStatement;
import java.util.List;

/**
 * A statement the client prepared, by Parse or PREPARE. Confined to its session.
 *
 * <p>It is compiled again when the catalog has changed since; then its result columns must stay the same (0A000
 * otherwise, as in PostgreSQL).
 */
final class PreparedStatement {
    private final String name;
    private final String sql;
    private final ParsedStatement parsed;
    private final boolean fromSql;
    private final long preparedMicros;
    private CompiledStatement compiled;
    private final String source;
    private long executions;

    /** @param parsed null for an empty query string */
    PreparedStatement(String name, String sql, ParsedStatement parsed, CompiledStatement compiled, boolean fromSql, long preparedMicros) {
        this(name, sql, parsed, compiled, fromSql, preparedMicros, sql);
    }

    /** @param source what the client sent, of which {@code sql} may be a part */
    PreparedStatement(String name, String sql, ParsedStatement parsed, CompiledStatement compiled, boolean fromSql, long preparedMicros,
        String source) {
        this.source = source;
        this.name = name;
        this.sql = sql;
        this.parsed = parsed;
        this.compiled = compiled;
        this.fromSql = fromSql;
        this.preparedMicros = preparedMicros;
    }

    String name() {
        return name;
    }

    String sql() {
        return sql;
    }

    /** The text that prepared it, as pg_prepared_statements shows it. */
    String source() {
        return source;
    }

    ParsedStatement parsed() {
        return parsed;
    }

    boolean isEmpty() {
        return parsed == null;
    }

    /** Made by PREPARE and not by a protocol message. */
    boolean fromSql() {
        return fromSql;
    }

    long preparedMicros() {
        return preparedMicros;
    }

    CompiledStatement compiled() {
        return compiled;
    }

    void recompiled(CompiledStatement newer) {
        compiled = newer;
    }

    long executions() {
        return executions;
    }

    void executed() {
        executions++;
    }

    int[] parameterTypes() {
        return compiled == null ? new int[0] : compiled.parameterTypes();
    }

    List<ResultColumn> columns() {
        return compiled == null ? List.of() : compiled.columns();
    }
}
