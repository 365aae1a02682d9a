package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.WithClause;
import java.util.ArrayList;
import java.util.List;

/** Rewrites CREATE RECURSIVE VIEW's query, as the standard defines it. Stateless. */
final class RecursiveView {
    private RecursiveView() {
    }

    /** {@code WITH RECURSIVE name (columns) AS (query) SELECT columns FROM name}. */
    static Query expand(QualifiedName name, List<Identifier> columns, Query query) {
        int start = query.position();
        WithClause with = new WithClause(true, List.of(new WithClause.CommonTableExpression(name.name(), columns, null,
                query, null, null, start)), start);
        List<QueryBody.SelectItem> items = new ArrayList<>();
        for (Identifier column : columns) {
            Expression reference = new Expression.ColumnRef(List.of(column.name()), false, column.position());
            items.add(new QueryBody.SelectItem(reference, null, column.position()));
        }
        FromItem table = new FromItem.TableRef(QualifiedName.of(name.name(), -1), false, null, null, -1);
        QueryBody body = new QueryBody.Select(false, List.of(), items, null, List.of(table), null, null, null,
                List.of(), start);
        return new Query(with, body, List.of(), null, List.of(), start);
    }
}
