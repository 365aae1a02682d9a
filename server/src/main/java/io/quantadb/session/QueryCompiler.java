package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.typed.Query;
import java.util.List;

/** Turns a parsed statement into one that can run: analysis, planning. Safe for use by many threads. */
public interface QueryCompiler {
    /**
     * Compiles one statement.
     *
     * @param sql the whole text the client sent: positions in errors refer to it
     * @param parameterTypes types the client gave for $1...; 0 where it left them open; may be shorter than what the
     *     statement uses
     * @param parameters values when they are known and a plan for just these is wanted, else null
     */
    CompiledStatement compile(String sql, ParsedStatement statement, int[] parameterTypes, Object[] parameters, Session session,
        CatalogReader catalog);

    /**
     * Plans a query that was analysed already: inside EXPLAIN, COPY, CREATE TABLE AS.
     *
     * @param types oids of its parameters
     * @param version of the catalog it was analysed against
     */
    CompiledStatement compile(String text, Statement statement, Query query, int[] types, Object[] parameters, Session session,
        CatalogReader catalog, long version);

    /**
     * Values of EXECUTE's arguments, converted to the statement's parameter types.
     *
     * @throws io.quantadb.error.SqlException 42601 if their number is wrong, 42804 if one cannot be converted
     */
    Object[] evaluate(List<Expression> arguments, int[] types, String statementName, String sql, Session session);
}
