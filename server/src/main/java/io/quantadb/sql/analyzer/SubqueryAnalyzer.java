package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;

/** Subqueries inside expressions. */
final class SubqueryAnalyzer {
    private final Analysis analysis;

    SubqueryAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    private Query analyze(Scope scope, io.quantadb.sql.ast.Query query, int position) {
        if (!scope.kind.allowsSubqueries()) {
            throw analysis.notSupported("cannot use subquery in " + scope.kind.subqueryPlace(), position);
        }
        scope.query.hasSubLinks = true;
        return analysis.queries.subquery(scope, query, true);
    }

    private Expr link(Expr.SubLinkKind kind, Expr test, String operator, Query query, int type, int typmod,
                      int collation, int position) {
        return new Expr.SubLink(kind, 0, test, operator, query, analysis.pgType(type), typmod, collation,
                Origin.at(position));
    }

    Expr exists(Scope scope, Expression.Exists e) {
        return link(Expr.SubLinkKind.EXISTS, null, null, analyze(scope, e.query(), e.position()),
                analysis.bool().oid(), -1, 0, e.position());
    }

    private TargetEntry onlyColumn(Query query, int position) {
        List<TargetEntry> columns = query.resultColumns();
        if (columns.size() != 1) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "subquery must return only one column", position);
        }
        return columns.getFirst();
    }

    Expr scalar(Scope scope, Expression.ScalarSubquery e) {
        Query query = analyze(scope, e.query(), e.position());
        Expr column = onlyColumn(query, e.position()).expr();
        analysis.scalarSubqueries.put(e.query(), query);
        return link(Expr.SubLinkKind.SCALAR, null, null, query, column.type().oid(), column.typmod(),
                column.collation(), e.position());
    }

    Expr array(Scope scope, Expression.ArraySubquery e) {
        Query query = analyze(scope, e.query(), e.position());
        Expr column = onlyColumn(query, e.position()).expr();
        int type = column.type().oid();
        int array = analysis.types.element(type) != 0 ? type : analysis.types.arrayOf(type);
        if (array == 0) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "could not find array type for data type "
                    + analysis.formatType(type), e.position());
        }
        return link(Expr.SubLinkKind.ARRAY, null, null, query, array, column.typmod(), column.collation(),
                e.position());
    }

    Expr in(Scope scope, Expression.InSubquery e) {
        Expr result = compare(scope, Expr.SubLinkKind.ANY, e.operand(), null, "=", false, e.query(), e.position());
        return e.negated() ? analysis.expressions.not(result, e.position()) : result;
    }

    Expr quantified(Scope scope, Expression.QuantifiedSubquery e) {
        return compare(scope, e.all() ? Expr.SubLinkKind.ALL : Expr.SubLinkKind.ANY, e.operand(), e.schema(),
                e.operator(), true, e.query(), e.position());
    }

    Expr rowCompare(Scope scope, String operator, Expression.Row row, Expression.ScalarSubquery subquery,
                    int position) {
        return compare(scope, Expr.SubLinkKind.ROW_COMPARE, row, null, operator, true, subquery.query(), position);
    }

    private Expr compare(Scope scope, Expr.SubLinkKind kind, Expression operand, String schema, String operator,
                         boolean written, io.quantadb.sql.ast.Query syntax, int position) {
        Query query = analyze(scope, syntax, position);
        Expr left = analysis.expressions.analyze(scope, operand);
        List<Expr> lefts = left instanceof Expr.RowExpr row ? row.fields() : List.of(left);
        List<Expr> rights = new ArrayList<>();
        for (TargetEntry column : query.resultColumns()) {
            rights.add(new Expr.SubLinkColumn(0, rights.size() + 1, column.expr().type(), column.expr().typmod(),
                    column.expr().collation(), Origin.NONE));
        }
        if (lefts.size() != rights.size()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "subquery has too "
                    + (lefts.size() < rights.size() ? "many" : "few") + " columns", position);
        }
        Expr test = RowComparisons.compare(analysis, scope, schema, operator, lefts, rights, position);
        return link(kind, test, written ? operator : null, query, analysis.bool().oid(), -1, 0, position);
    }
}
