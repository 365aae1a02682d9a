package io.quantadb.sql.analyzer;

import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.typed.Query;
import io.quantadb.types.PgType;
import java.util.List;

/** The result of analysis. Immutable. */
public sealed interface AnalyzedStatement {
    Statement statement();

    /** Types of $1, $2 ...; all known. */
    List<PgType> parameterTypes();

    /** SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE. */
    record Plannable(Query query, Statement statement, List<PgType> parameterTypes) implements AnalyzedStatement {
    }

    /**
     * Anything else.
     *
     * @param query the analysed query inside EXPLAIN, DECLARE CURSOR, CREATE TABLE AS, SELECT INTO, CREATE VIEW,
     *              COPY (query), PREPARE; null if there is none
     */
    record Utility(Statement statement, Query query, List<PgType> parameterTypes) implements AnalyzedStatement {
    }
}
