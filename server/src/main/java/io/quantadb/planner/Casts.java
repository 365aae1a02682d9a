package io.quantadb.planner;

import io.quantadb.catalog.CastDescriptor;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.rule.Comparisons;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Conversions the analyzer left to the planner. */
final class Casts {
    private Casts() {
    }

    /** The expression itself if its type is right already. */
    static Expr convert(CatalogReader catalog, Expr expr, PgType type) {
        if (expr.type().equals(type)) {
            return expr;
        }
        CastDescriptor cast = catalog.cast(catalog.baseTypeOf(expr.type().oid()), type.oid());
        if (cast == null) {
            return expr.type().kind() == type.kind() ? Expressions.relabel(expr, type)
                    : new Expr.CoerceViaIo(expr, type, 0, Origin.NONE);
        }
        FunctionRef function = cast.functionOid() == 0 ? null : Comparisons.function(catalog, cast.functionOid());
        if (function == null) {
            return Expressions.relabel(expr, type);
        }
        List<Expr> arguments = new ArrayList<>(List.of(expr));
        int count = catalog.function(function.oid()).argCount();
        if (count > 1) {
            arguments.add(new Expr.Const(-1L, catalog.pgType(io.quantadb.types.Oids.INT4), -1, 0, Origin.NONE));
        }
        if (count > 2) {
            arguments.add(new Expr.Const(false, catalog.pgType(io.quantadb.types.Oids.BOOL), -1, 0, Origin.NONE));
        }
        return new Expr.FunctionCall(function, arguments, false, type, -1, 0, 0, Origin.NONE);
    }
}
