package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.WithClause;

/** Where a recursive query may refer to itself: once, in the right side of a UNION, not below outer joins. */
final class RecursionChecker {
    private final Analysis analysis;
    private final String name;

    private RecursionChecker(Analysis analysis, String name) {
        this.analysis = analysis;
        this.name = name;
    }

    static void check(Analysis analysis, WithClause.CommonTableExpression cte) {
        new RecursionChecker(analysis, cte.name()).run(cte);
    }

    private void run(WithClause.CommonTableExpression cte) {
        if (!(cte.statement() instanceof Query query)) {
            throw analysis.error(SqlState.INVALID_RECURSION, "recursive query \"" + name
                    + "\" must not contain data-modifying statements", cte.position());
        }
        QueryBody body = query.body();
        while (body instanceof Query inner && inner.isPlain()) {
            body = inner.body();
        }
        if (!(body instanceof QueryBody.SetOperation union) || union.operator() != QueryBody.SetOperator.UNION) {
            throw analysis.error(SqlState.INVALID_RECURSION, "recursive query \"" + name
                    + "\" does not have the form non-recursive-term UNION [ALL] recursive-term", cte.position());
        }
        if (!query.orderBy().isEmpty()) {
            throw analysis.notSupported("ORDER BY in a recursive query is not implemented",
                    Locations.of(query.orderBy().getFirst().expression()));
        }
        if (query.limit() != null) {
            boolean offset = query.limit().offset() != null;
            throw analysis.notSupported((offset ? "OFFSET" : "LIMIT") + " in a recursive query is not implemented",
                    Locations.of(offset ? query.limit().offset() : query.limit().count()));
        }
        if (!query.locking().isEmpty()) {
            throw analysis.notSupported("FOR UPDATE/SHARE in a recursive query is not implemented", -1);
        }
        if (SyntaxWalker.references(union.left(), name) > 0) {
            throw misplaced(union.left(), "within its non-recursive term");
        }
        if (union.right() instanceof QueryBody.Select select) {
            checkSelect(select);
        }
        if (SyntaxWalker.references(union.right(), name) > 1) {
            throw misplaced(union.right(), "more than once");
        }
    }

    private void checkSelect(QueryBody.Select select) {
        select.from().forEach(item -> checkFrom(item, false));
        SyntaxWalker.walk(select, node -> {
            Query query = switch (node) {
                case Expression.ScalarSubquery e -> e.query();
                case Expression.Exists e -> e.query();
                case Expression.InSubquery e -> e.query();
                case Expression.ArraySubquery e -> e.query();
                case Expression.QuantifiedSubquery e -> e.query();
                default -> null;
            };
            if (query != null && SyntaxWalker.references(query, name) > 0) {
                throw misplaced(query, "within a subquery");
            }
        });
    }

    private void checkFrom(FromItem item, boolean nullable) {
        if (item instanceof FromItem.Join join) {
            boolean left = join.kind() == FromItem.JoinKind.RIGHT || join.kind() == FromItem.JoinKind.FULL;
            boolean right = join.kind() == FromItem.JoinKind.LEFT || join.kind() == FromItem.JoinKind.FULL;
            checkFrom(join.left(), nullable || left);
            checkFrom(join.right(), nullable || right);
        } else if (nullable && SyntaxWalker.references(item, name) > 0) {
            throw misplaced(item, "within an outer join");
        }
    }

    private SqlException misplaced(Object where, String place) {
        int[] position = {-1};
        SyntaxWalker.walk(where, n -> {
            if (n instanceof FromItem.TableRef t && t.name().schema() == null && t.name().name().equals(name)) {
                position[0] = t.position();
            }
        });
        return analysis.error(SqlState.INVALID_RECURSION, "recursive reference to query \"" + name
                + "\" must not appear " + place, position[0]);
    }
}
