package io.quantadb.sql.analyzer;

import io.quantadb.sql.ast.WithClause;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.CommonTable;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import java.util.List;

/** A WITH query while the statement that uses it is analysed. */
final class CteDraft {
    final WithClause.CommonTableExpression syntax;
    boolean recursive;
    int references;
    /** Null until known; of a recursive one known after its non-recursive term. */
    List<RangeColumn> columns;
    Query query;
    CommonTable.Search search;
    CommonTable.Cycle cycle;
    /** Set while the query itself is analysed: a reference then is a self-reference. */
    boolean underConstruction;

    CteDraft(WithClause.CommonTableExpression syntax) {
        this.syntax = syntax;
    }

    boolean isSelect() {
        return query == null || query.command() == CommandType.SELECT;
    }

    CommonTable build() {
        CommonTable.Materialization materialization = syntax.materialized() == null
                ? CommonTable.Materialization.DEFAULT
                : syntax.materialized() ? CommonTable.Materialization.ALWAYS : CommonTable.Materialization.NEVER;
        return new CommonTable(syntax.name(), syntax.columns().stream().map(c -> c.name()).toList(),
                materialization, query, recursive, references, columns, search, cycle, syntax.position());
    }
}
