package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.Deparser;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.List;

/**
 * Prints the expressions and queries that the catalogs keep as text: analysed again, then written with the names, the
 * settings and the layout that the reader wants. What cannot be printed is given back as it is stored. Confined to the
 * session's thread.
 */
final class StoredExpressions {
    private final CatalogReader catalog;
    private final AnalyzerContext context;
    private final Deparser deparser;
    private final boolean pretty;

    StoredExpressions(Session session, Deparser.Style style) {
        catalog = session.catalog();
        context = AnalyzerContext.of(catalog, session.text(), session.roleOid());
        deparser = new Deparser(catalog, session.text(), style);
        pretty = style == Deparser.Style.PRETTY;
    }

    CatalogReader catalog() {
        return catalog;
    }

    /** Whether parentheses are left out where they are not needed. */
    boolean pretty() {
        return pretty;
    }

    /** An expression and its text. @param expr null if it could not be analysed */
    record Printed(Expr expr, String text) {
        /** Whether the text reads as a call, which needs no parentheses in an index definition. */
        boolean looksLikeFunction() {
            return switch (expr) {
                case Expr.FunctionCall call -> call.origin().form() == CoercionForm.CALL
                        || call.origin().form() == CoercionForm.SQL_SYNTAX;
                case Expr.AggregateCall _, Expr.GroupingCall _, Expr.WindowCall _, Expr.Coalesce _, Expr.MinMax _,
                        Expr.NullIf _, Expr.SqlValueFunction _ -> true;
                case null, default -> false;
            };
        }
    }

    /** @param relation whose columns it reads; null for none */
    Printed print(String stored, RelationDescriptor relation) {
        // A default is kept without its conversion to the column's type, which can show in the layout.
        ColumnDescriptor column = relation == null ? null : relation.liveColumns().stream()
                .filter(c -> stored.equals(c.defaultExpression())).findFirst().orElse(null);
        return guarded(stored, () -> Analyzer.analyzeStored(stored, relation, ExprKind.OTHER,
                column == null ? null : column.type(), column == null ? -1 : column.typmod(), context),
                relation == null ? List.of() : List.of(entry(relation)));
    }

    String text(String stored, RelationDescriptor relation) {
        return print(stored, relation).text();
    }

    /** The check of a domain. */
    String domainCheck(String stored, TypeDescriptor domain) {
        return guarded(stored, () -> Analyzer.analyzeDomainCheck(SqlParser.parseStoredExpression(stored), stored,
                catalog.pgType(domain.baseTypeOid()), domain.baseTypmod(), context), List.of()).text();
    }

    private interface Analysis {
        Expr run();
    }

    private Printed guarded(String stored, Analysis analysis, List<RangeTableEntry> entries) {
        try {
            Expr expr = analysis.run();
            return new Printed(expr, deparser.expression(expr, entries));
        } catch (SqlException e) {
            return new Printed(null, orStored(stored, e));
        }
    }

    private static String orStored(String stored, SqlException e) {
        // Not printable, or printed for a table it does not belong to, as pg_get_expr lets one ask for.
        if (e.state() == SqlState.FEATURE_NOT_SUPPORTED || e.state() == SqlState.UNDEFINED_COLUMN
                || e.state() == SqlState.INSUFFICIENT_PRIVILEGE) {
            return stored;
        }
        throw e;
    }

    /** A view's query, with the columns named as the view's are. */
    String view(RelationDescriptor view) {
        String stored = view.viewDefinition();
        try {
            Query query = Analyzer.analyzeStoredQuery(stored, view.ownerOid(), context);
            String text = deparser.query(query, view.liveColumns().stream().map(ColumnDescriptor::name).toList());
            return text + ";";
        } catch (SqlException e) {
            return " " + orStored(stored, e).strip() + ";";
        }
    }

    private static RangeTableEntry entry(RelationDescriptor relation) {
        List<RangeColumn> columns = relation.columns().stream().map(c -> new RangeColumn(c.name(),
                c.dropped() ? null : c.type(), c.typmod(), c.collation(), c.dropped())).toList();
        return new RangeTableEntry.Relation(relation.oid(), relation.schemaName(), relation.name(),
                relation.kind().code(), true, null, RangeTableEntry.LockMode.ACCESS_SHARE, relation.name(), null,
                columns);
    }
}
