package io.quantadb.sql.ast;

import java.util.List;

/** WITH. */
public record WithClause(boolean recursive, List<CommonTableExpression> tables, int position) implements Node {

    /**
     * @param materialized null if neither MATERIALIZED nor NOT MATERIALIZED was written
     * @param statement    a {@link Query}, or INSERT, UPDATE, DELETE
     */
    public record CommonTableExpression(String name, List<Identifier> columns, Boolean materialized,
                                        Statement statement, SearchClause search, CycleClause cycle, int position)
            implements Node {
    }

    public record SearchClause(boolean breadthFirst, List<Identifier> columns, String sequenceColumn, int position)
            implements Node {
    }

    /** Marks are null if not written (then true and false). */
    public record CycleClause(List<Identifier> columns, String markColumn, Expression markValue,
                              Expression markDefault, String pathColumn, int position) implements Node {
    }
}
