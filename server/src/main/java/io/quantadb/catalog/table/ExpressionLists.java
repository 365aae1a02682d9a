package io.quantadb.catalog.table;

import java.util.List;

/**
 * Several SQL expressions in one {@code pg_node_tree} column ({@code indexprs}, {@code partexprs}, {@code
 * proargdefaults}): their texts with the unit separator U+001F between them, which no expression we write contains.
 */
public final class ExpressionLists {
    public static final char SEPARATOR = '\u001F';

    private ExpressionLists() {
    }

    public static String join(List<String> expressions) {
        return expressions.isEmpty() ? null : String.join(String.valueOf(SEPARATOR), expressions);
    }

    public static List<String> split(String text) {
        return text == null || text.isEmpty() ? List.of() : List.of(text.split(String.valueOf(SEPARATOR)));
    }

    /** As {@code pg_get_expr} prints it. */
    public static String display(String text) {
        return text.replace(String.valueOf(SEPARATOR), ", ");
    }
}
