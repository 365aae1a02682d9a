package io.quantadb.sql.analyzer;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Query;
import java.util.List;

/** The name an output column gets when the user gave none. */
final class ColumnNames {
    private ColumnNames() {
    }

    /** How good a name is: 0 none, 1 a type name or CASE, 2 a proper one. */
    private record Name(String text, int strength) {
        static final Name NONE = new Name("?column?", 0);
    }

    static String of(Analysis analysis, Expression expression) {
        return name(analysis, expression).text;
    }

    private static Name name(Analysis analysis, Expression expression) {
        return switch (expression) {
            case Expression.ColumnRef e when !e.fields().isEmpty() && !e.star() -> strong(e.fields().getLast());
            case Expression.Indirection e -> {
                String field = null;
                for (Expression.Accessor accessor : e.accessors()) {
                    if (accessor instanceof Expression.Accessor.Field f) {
                        field = f.name();
                    }
                }
                yield field != null ? strong(field) : name(analysis, e.base());
            }
            case Expression.FunctionCall e -> strong(e.name().name());
            case Expression.NullIf _ -> strong("nullif");
            case Expression.Cast e -> {
                Name inner = name(analysis, e.operand());
                yield inner.strength <= 1 ? new Name(e.type().name().name(), 1) : inner;
            }
            case Expression.Collate e -> name(analysis, e.operand());
            case Expression.Grouping _ -> strong("grouping");
            case Expression.Exists _ -> strong("exists");
            case Expression.ArraySubquery _ -> strong("array");
            case Expression.ScalarSubquery e -> {
                Query query = analysis.scalarSubqueries.get(e.query());
                String column = query == null ? null : query.resultColumns().getFirst().name();
                yield column == null ? Name.NONE : strong(column);
            }
            case Expression.Case e -> {
                Name inner = e.otherwise() == null ? Name.NONE : name(analysis, e.otherwise());
                yield inner.strength <= 1 ? new Name("case", 1) : inner;
            }
            case Expression.ArrayConstructor _ -> strong("array");
            case Expression.Row _ -> strong("row");
            case Expression.Coalesce _ -> strong("coalesce");
            case Expression.MinMax e -> strong(e.greatest() ? "greatest" : "least");
            case Expression.SqlValueFunction e -> strong(e.kind().name().toLowerCase(java.util.Locale.ROOT));
            default -> Name.NONE;
        };
    }

    private static Name strong(String text) {
        return new Name(text, 2);
    }

    /** Name of an index column or constraint part made from an expression, "expr" if it has none. */
    static String forIndex(Analysis analysis, Expression expression) {
        Name name = name(analysis, expression);
        return List.of("?column?").contains(name.text) ? "expr" : name.text;
    }
}
