package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;

/** Expressions the catalog keeps as text: defaults, generation expressions, checks, index expressions. */
final class StoredExpressions {
    private StoredExpressions() {
    }

    /** An expression without columns, converted to a type. */
    static Expr constantOf(Analysis analysis, String text, int type, ExprKind kind) {
        Analysis nested = analysis.nested(text, analysis.checkAsRole);
        Scope scope = new Scope(nested, null);
        Expr expr = nested.expressions.analyze(scope, SqlParser.parseStoredExpression(text), kind);
        if (TypeRules.isPolymorphic(type)) {
            return expr;
        }
        return nested.coercion.toTargetOrFail(scope, expr, type, -1, Coercion.Context.ASSIGNMENT,
                CoercionForm.IMPLICIT_CAST, -1);
    }

    /** What a column gets when no value is given: default, identity, domain default or NULL. */
    static Expr columnDefault(Analysis analysis, RelationDescriptor relation, ColumnDescriptor column) {
        int type = column.type().oid();
        if (relation.kind() == RelationKind.VIEW && column.defaultExpression() == null) {
            Expr ofTable = ViewUpdates.tableDefault(analysis, relation, column);
            if (ofTable != null) {
                return ofTable;
            }
        }
        if (column.isIdentity()) {
            int sequence = analysis.catalog.ownedSequence(relation.oid(), column.attnum());
            Expr next = new Expr.NextValue(sequence, analysis.pgType(Oids.INT8), Origin.NONE);
            return analysis.coercion.toTargetOrFail(null, next, type, column.typmod(), Coercion.Context.ASSIGNMENT,
                    CoercionForm.IMPLICIT_CAST, -1);
        }
        String text = column.defaultExpression();
        TypeDescriptor domain = analysis.types.descriptor(type);
        while (text == null && domain != null && domain.isDomain()) {
            text = domain.defaultExpression();
            domain = analysis.types.descriptor(domain.baseTypeOid());
        }
        if (text != null) {
            Analysis nested = analysis.nested(text, analysis.checkAsRole);
            Scope scope = new Scope(nested, null);
            Expr expr = nested.expressions.analyze(scope, SqlParser.parseStoredExpression(text),
                    ExprKind.COLUMN_DEFAULT);
            return nested.coercion.toTargetOrFail(scope, expr, type, column.typmod(), Coercion.Context.ASSIGNMENT,
                    CoercionForm.IMPLICIT_CAST, -1);
        }
        Expr nothing = analysis.nullConst(analysis.types.base(type), -1);
        return analysis.types.isDomain(type) ? analysis.coercion.toDomain(nothing, 0, -1, type,
                Coercion.Context.IMPLICIT, CoercionForm.IMPLICIT_CAST, -1, false) : nothing;
    }
}
