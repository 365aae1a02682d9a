package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.TextContext;
import java.util.List;

/**
 * Typed trees back to SQL text, in the layout of PostgreSQL's {@code pg_get_viewdef}, {@code pg_get_expr} and EXPLAIN.
 *
 * <p>Names are qualified as the reader's search path requires: give a reader with an empty path to get text that means
 * the same under any path, which is what the catalogs should keep. Confined to one thread.
 */
public final class Deparser {
    /** How much to lay out and to parenthesise. */
    public enum Style {
        /** One line, all parentheses: EXPLAIN. */
        PLAIN(false, false),
        /** Line breaks, all parentheses: {@code pg_get_viewdef(oid)}, {@code pg_get_expr(tree, oid)}. */
        INDENTED(true, false),
        /** Line breaks, few parentheses: the functions' variants with {@code pretty = true}. */
        PRETTY(true, true);

        final boolean indent;
        final boolean fewParentheses;

        Style(boolean indent, boolean fewParentheses) {
            this.indent = indent;
            this.fewParentheses = fewParentheses;
        }
    }

    /** Names a column reference for plans, whose references are not range table entries of a query. */
    public interface ColumnNamer {
        /** Null: print {@code $n} or whatever the expression's own form is. */
        String name(Expr expr);
    }

    private final CatalogReader catalog;
    private final TextContext text;
    private final Style style;

    public Deparser(CatalogReader catalog, TextContext text, Style style) {
        this.catalog = catalog;
        this.text = text;
        this.style = style;
    }

    /** A whole query, without semicolon; views' definitions begin with a blank, as PostgreSQL's do. */
    public String query(Query query) {
        return query(query, null);
    }

    /** @param columns names of the result, such as a view's columns; null to keep the query's own */
    public String query(Query query, List<String> columns) {
        DeparseWriter out = new DeparseWriter(style);
        new QueryDeparser(catalog, text, style, out).write(query, List.of(), true, columns);
        return out.toString();
    }

    /** An expression over one table, whose columns need no qualification; entries may be empty. */
    public String expression(Expr expr, List<RangeTableEntry> entries) {
        DeparseWriter out = new DeparseWriter(style);
        boolean qualify = entries.size() > 1;
        List<String> names = entries.stream().map(RangeTableEntry::name).toList();
        new ExprDeparser(catalog, text, style, out, List.of(new ExprDeparser.Level(entries, names, qualify, null,
                List.of())), null).write(expr, false);
        return out.toString();
    }

    /** An expression of a plan. */
    public String expression(Expr expr, ColumnNamer namer) {
        DeparseWriter out = new DeparseWriter(style);
        new ExprDeparser(catalog, text, style, out, List.of(), namer).write(expr, false);
        return out.toString();
    }
}
