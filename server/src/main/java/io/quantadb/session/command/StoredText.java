package io.quantadb.session.command;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.CatalogNames;
import io.quantadb.sql.analyzer.Deparser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.ObjectNames;
import io.quantadb.types.TextContext;
import java.util.List;

/**
 * The SQL text that catalogs keep: names qualified so that it means the same under every search path, constants as they read back under
 * every setting. Stateless.
 */
final class StoredText {
    private StoredText() {
    }

    private static CatalogReader reader(CommandContext context) {
        return context.transactionCatalog().reader(new SearchPath(List.of(), context.role().name(), 0));
    }

    /** Default settings, and names of relations and so on in full. */
    private static TextContext neutral(CommandContext context) {
        CatalogNames names = new CatalogNames(reader(context));
        return new TextContext() {
            @Override
            public ObjectNames names() {
                return names;
            }
        };
    }

    static RangeTableEntry entry(RelationDescriptor relation) {
        List<RangeColumn> columns = relation.columns().stream().map(c -> new RangeColumn(c.name(),
                c.dropped() ? null : c.type(), c.typmod(), c.collation(), c.dropped())).toList();
        return new RangeTableEntry.Relation(relation.oid(), relation.schemaName(), relation.name(), relation.kind().code(), true,
                null, RangeTableEntry.LockMode.ACCESS_SHARE, relation.name(), null, columns);
    }

    /**
     * @param source what to keep if the expression cannot be printed
     * @param relation the table whose columns it reads, null for none
     */
    static SqlExpression expression(CommandContext context, Expr expr, String source, RelationDescriptor relation) {
        return new SqlExpression(text(context, expr, source, relation),
                Expressions.references(expr, relation == null ? 0 : relation.oid()));
    }

    static String text(CommandContext context, Expr expr, String source, RelationDescriptor relation) {
        try {
            return new Deparser(reader(context), neutral(context), Deparser.Style.PLAIN).expression(expr,
                    relation == null ? List.of() : List.of(entry(relation)));
        } catch (SqlException e) {
            if (e.state() == SqlState.FEATURE_NOT_SUPPORTED) {
                return source.strip();
            }
            throw e;
        }
    }

    /** @param names of the view's columns */
    static SqlExpression query(CommandContext context, Query query, String source, List<String> names) {
        return new SqlExpression(text(context, query, source, names), ViewCommands.references(query));
    }

    static String text(CommandContext context, Query query, String source, List<String> names) {
        try {
            return new Deparser(reader(context), neutral(context), Deparser.Style.INDENTED).query(query, names).strip();
        } catch (SqlException e) {
            if (e.state() == SqlState.FEATURE_NOT_SUPPORTED) {
                return ViewCommands.definition(source);
            }
            throw e;
        }
    }
}
