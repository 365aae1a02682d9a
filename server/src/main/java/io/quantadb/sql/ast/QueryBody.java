package io.quantadb.sql.ast;

import java.util.List;

/** What a {@link Query} is made of. A Query is itself a body where it stands in parentheses with clauses of its own. */
public sealed interface QueryBody extends Node
        permits Query, QueryBody.Select, QueryBody.Values, QueryBody.SetOperation {

    /**
     * @param distinct   DISTINCT or DISTINCT ON
     * @param distinctOn expressions of DISTINCT ON; empty otherwise
     * @param into       null without INTO; only legal in a top-level statement
     */
    record Select(boolean distinct, List<Expression> distinctOn, List<SelectItem> items, IntoClause into,
                  List<FromItem> from, Expression where, GroupBy groupBy, Expression having, List<Window> windows,
                  int position) implements QueryBody {
    }

    record Values(List<List<Expression>> rows, int position) implements QueryBody {
    }

    record SetOperation(SetOperator operator, boolean all, QueryBody left, QueryBody right, int position)
            implements QueryBody {
    }

    /** The three set operations. */
    enum SetOperator { UNION, INTERSECT, EXCEPT }

    /** @param alias null if not written */
    record SelectItem(Expression expression, String alias, int position) implements Node {
    }

    /** SELECT ... INTO. */
    record IntoClause(Persistence persistence, QualifiedName table, int position) implements Node {
    }

    /** @param distinct GROUP BY DISTINCT: remove duplicate grouping sets */
    record GroupBy(boolean distinct, List<GroupingElement> elements, int position) implements Node {
    }

    /** An element of GROUP BY. */
    sealed interface GroupingElement extends Node {
        /** A single expression; a written row {@code (a, b)} is an {@link Expression.Row}. */
        record Simple(Expression expression, int position) implements GroupingElement {
        }

        /** {@code ()}. */
        record Empty(int position) implements GroupingElement {
        }

        record Rollup(List<Expression> expressions, int position) implements GroupingElement {
        }

        record Cube(List<Expression> expressions, int position) implements GroupingElement {
        }

        record Sets(List<GroupingElement> elements, int position) implements GroupingElement {
        }
    }
}
