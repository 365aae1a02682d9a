package io.quantadb.sql.ast;

import java.util.List;

/** An element of FROM. {@code alias} is null where none was written. */
public sealed interface FromItem extends Node {

    /**
     * A table or view (or a CTE's name); also the target of UPDATE, DELETE, LOCK, TRUNCATE ...
     *
     * @param only without descendants
     */
    record TableRef(QualifiedName name, boolean only, Alias alias, TableSample sample, int position)
            implements FromItem {
    }

    /** @param repeatable null if not written */
    record TableSample(QualifiedName method, List<Expression> arguments, Expression repeatable, int position)
            implements Node {
    }

    record SubqueryRef(Query query, boolean lateral, Alias alias, int position) implements FromItem {
    }

    /**
     * A function call in FROM or ROWS FROM(...) of several.
     *
     * @param columns column definitions after the alias ({@code AS t(a int)}); empty if none
     */
    record FunctionRef(List<RowsFromElement> functions, boolean rowsFrom, boolean ordinality, boolean lateral,
                       Alias alias, List<ColumnDefinition> columns, int position) implements FromItem {
    }

    /** @param columns column definitions inside ROWS FROM; empty if none */
    record RowsFromElement(Expression function, List<ColumnDefinition> columns) {
    }

    /**
     * @param using      empty if not written
     * @param usingAlias of {@code USING (...) AS alias}, or null
     * @param alias      of a parenthesised join, or null
     */
    record Join(JoinKind kind, boolean natural, FromItem left, FromItem right, Expression on, List<Identifier> using,
                Alias usingAlias, Alias alias, int position) implements FromItem {
    }

    /** CROSS has neither ON nor USING. */
    enum JoinKind { INNER, LEFT, RIGHT, FULL, CROSS }
}
