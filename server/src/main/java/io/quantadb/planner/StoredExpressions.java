package io.quantadb.planner;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;

/** Expressions the catalog keeps as text, over their table as range table entry 1. */
final class StoredExpressions {
    private final AnalyzerContext context;

    StoredExpressions(StatementState state) {
        context = AnalyzerContext.of(state.catalog, state.context.text(), state.context.roleOid());
    }

    Expr indexExpression(RelationDescriptor relation, IndexColumn column) {
        return Analyzer.analyzeStored(column.expression(), relation, ExprKind.INDEX_EXPRESSION, null, -1, context);
    }

    Expr indexPredicate(RelationDescriptor relation, IndexDescriptor index) {
        return Analyzer.analyzeStored(index.predicate(), relation, ExprKind.INDEX_PREDICATE, null, -1, context);
    }

    Expr generated(RelationDescriptor relation, ColumnDescriptor column) {
        return Analyzer.analyzeStored(column.defaultExpression(), relation, ExprKind.GENERATED_COLUMN, column.type(),
                column.typmod(), context);
    }

    Expr check(RelationDescriptor relation, String text) {
        return Analyzer.analyzeStored(text, relation, ExprKind.CHECK_CONSTRAINT, null, -1, context);
    }

    /** The expression with its columns taken from another range table entry. */
    static Expr over(Expr expr, int rangeIndex) {
        return new ExprRewriter() {
            @Override
            public Expr rewrite(Expr e) {
                return e instanceof Expr.ColumnRef c && c.levelsUp() == depth() ? new Expr.ColumnRef(rangeIndex,
                        c.attribute(), c.levelsUp(), c.type(), c.typmod(), c.collation(), c.origin())
                        : rewriteChildren(e);
            }
        }.rewrite(expr);
    }
}
