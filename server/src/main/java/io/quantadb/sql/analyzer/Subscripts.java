package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Array and jsonb subscripts. */
final class Subscripts {
    private Subscripts() {
    }

    static Expr fetch(Analysis analysis, Scope scope, Expr container, List<Expression.Accessor> subscripts) {
        return subscripts.isEmpty() ? container : build(analysis, scope, container, subscripts, null);
    }

    /** Type of the part the subscripts select, which an assignment must supply. */
    static int partType(Analysis analysis, Expr container, List<Expression.Accessor> subscripts) {
        int type = analysis.types.base(container.type().oid());
        return isSlice(subscripts) ? type : elementType(analysis, container);
    }

    private static boolean isSlice(List<Expression.Accessor> subscripts) {
        return subscripts.stream().anyMatch(Expression.Accessor.Slice.class::isInstance);
    }

    private static int elementType(Analysis analysis, Expr container) {
        int base = analysis.types.base(container.type().oid());
        if (base == Oids.JSONB) {
            return Oids.JSONB;
        }
        PgType type = analysis.pgType(base);
        if (type.elementOid() == 0 || type.isPseudo() && base != Oids.RECORD_ARRAY) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "cannot subscript type "
                    + analysis.formatType(container.type()) + " because it does not support subscripting",
                    Locations.of(container));
        }
        return type.elementOid();
    }

    /** @param assignment the new value of the part, or null to fetch */
    static Expr build(Analysis analysis, Scope scope, Expr container, List<Expression.Accessor> subscripts,
                      Expr assignment) {
        int element = elementType(analysis, container);
        TypeRules.Typed base = analysis.types.base(container.type().oid(), container.typmod());
        boolean slice = isSlice(subscripts);
        boolean jsonb = base.oid() == Oids.JSONB;
        if (slice && jsonb) {
            Expression.Accessor.Slice first = subscripts.stream().filter(Expression.Accessor.Slice.class::isInstance)
                    .map(Expression.Accessor.Slice.class::cast).findFirst().orElseThrow();
            Expression at = first.upper() != null ? first.upper() : first.lower();
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "jsonb subscript does not support slices",
                    at == null ? Locations.of(container) : at.position());
        }
        if (!jsonb && subscripts.size() > 6) {
            throw analysis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "number of array dimensions ("
                    + subscripts.size() + ") exceeds the maximum allowed (6)", -1);
        }
        List<Expr> upper = new ArrayList<>();
        List<Expr> lower = slice ? new ArrayList<>() : null;
        for (Expression.Accessor accessor : subscripts) {
            switch (accessor) {
                case Expression.Accessor.Slice s -> {
                    upper.add(index(analysis, scope, s.upper(), jsonb));
                    lower.add(index(analysis, scope, s.lower(), jsonb));
                }
                case Expression.Accessor.Index i -> {
                    upper.add(index(analysis, scope, i.index(), jsonb));
                    if (slice) {
                        lower.add(analysis.intConst(1));
                    }
                }
                case Expression.Accessor.Field _, Expression.Accessor.AllFields _ ->
                        throw new IllegalStateException("not a subscript");
            }
        }
        int type = slice || assignment != null ? base.oid() : element;
        int typmod = jsonb ? -1 : base.typmod();
        Expr input = container;
        if (base.oid() != container.type().oid()) {
            input = new Expr.RelabelType(container, analysis.pgType(base.oid()), base.typmod(),
                    container.collation(), Origin.at(-1, CoercionForm.IMPLICIT_CAST));
        }
        int collation = analysis.types.collationOf(type);
        return new Expr.Subscript(input, upper, lower, assignment, analysis.pgType(element), analysis.pgType(type),
                typmod, collation != 0 && container.collation() != 0 ? container.collation() : collation,
                Origin.NONE);
    }

    private static Expr index(Analysis analysis, Scope scope, Expression expression, boolean jsonb) {
        if (expression == null) {
            return null;
        }
        Expr index = analysis.expressions.analyze(scope, expression);
        int type = index.type().oid();
        int target = Oids.INT4;
        if (jsonb) {
            boolean asInt = type != Oids.UNKNOWN
                    && analysis.coercion.canCoerce(type, Oids.INT4, Coercion.Context.IMPLICIT);
            boolean asText = analysis.coercion.canCoerce(type, Oids.TEXT, Coercion.Context.IMPLICIT);
            if (!asInt && !asText) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "subscript type " + analysis.formatType(type)
                        + " is not supported", Locations.of(index)).withHint(
                        "jsonb subscript must be coercible to either integer or text.");
            }
            target = asInt ? Oids.INT4 : Oids.TEXT;
        }
        Expr result = analysis.coercion.toTarget(scope, index, target, -1, Coercion.Context.ASSIGNMENT,
                CoercionForm.IMPLICIT_CAST, -1);
        if (result == null) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "array subscript must have type integer",
                    Locations.of(index));
        }
        return result;
    }
}
