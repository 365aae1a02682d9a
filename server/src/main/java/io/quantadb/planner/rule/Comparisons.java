package io.quantadb.planner.rule;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.List;

/** Makes comparisons the query does not contain. */
public final class Comparisons {
    private Comparisons() {
    }

    /** {@code value >= low AND value <= high} for an integer expression; null if the catalog lacks the operators. */
    static Expr between(CatalogReader catalog, Expr value, long low, long high) {
        PgType bool = catalog.pgType(Oids.BOOL);
        PgType int8 = catalog.pgType(Oids.INT8);
        Expr lower = call(catalog, ">=", value, new Expr.Const(low, int8, -1, 0, Origin.NONE), bool);
        Expr upper = call(catalog, "<=", value, new Expr.Const(high, int8, -1, 0, Origin.NONE), bool);
        return lower == null || upper == null ? null
                : new Expr.BoolExpr(Expr.BoolKind.AND, List.of(lower, upper), bool, Origin.NONE);
    }

    private static Expr call(CatalogReader catalog, String name, Expr left, Expr right, PgType bool) {
        OperatorRef operator = operator(catalog, catalog.operator("pg_catalog", name, left.type().oid(),
                right.type().oid()));
        return operator == null ? null : new Expr.OperatorCall(operator, List.of(left, right), bool, 0, 0, Origin.NONE);
    }

    /** The resolved form of a catalog's operator; null for null or one without function. */
    public static OperatorRef operator(CatalogReader catalog, OperatorDescriptor found) {
        FunctionRef function = found == null ? null : function(catalog, found.functionOid());
        return function == null ? null : new OperatorRef(found.oid(), "pg_catalog", found.name(), function,
                found.leftType(), found.rightType(), found.resultType(), found.commutator(), found.negator(),
                found.canMerge(), found.canHash(), found.restrictionEstimator(), found.joinEstimator());
    }

    /** The resolved form of a catalog's function; null if there is none. */
    public static FunctionRef function(CatalogReader catalog, int oid) {
        FunctionDescriptor f = catalog.function(oid);
        if (f == null) {
            return null;
        }
        String language = f.language() == io.quantadb.catalog.CatalogIds.LANGUAGE_INTERNAL ? "internal"
                : f.language() == io.quantadb.catalog.CatalogIds.LANGUAGE_SQL ? "sql" : "c";
        return new FunctionRef(f.oid(), f.schemaName(), f.name(), f.source(), language, f.kind(),
                f.strict(), f.volatility(), f.parallel(), f.leakproof(), f.returnsSet(), f.cost(), f.rows(),
                f.returnType());
    }
}
