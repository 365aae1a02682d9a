package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import java.util.List;

/**
 * Which collation an operation on several strings uses.
 *
 * <p>Source: PostgreSQL documentation, "Collation Support", "Concepts". All collations order by code point here, so
 * this matters for errors and printing only.
 */
final class Collations {
    private Collations() {
    }

    /** Collation of a function's input; 0 if no argument is collatable or implicit collations disagree. */
    static int combine(Analysis analysis, List<Expr> arguments) {
        int collation = 0;
        boolean differs = false;
        for (Expr argument : arguments) {
            int own = argument.collation();
            if (own != 0) {
                differs |= collation != 0 && own != collation;
                collation = own;
            }
        }
        return differs ? resolve(analysis, arguments) : collation;
    }

    private static int resolve(Analysis analysis, List<Expr> arguments) {
        int explicit = 0;
        int implicit = 0;
        boolean conflict = false;
        for (Expr argument : arguments) {
            int own = argument.collation();
            if (own == 0) {
                continue;
            }
            if (isExplicit(argument)) {
                if (explicit != 0 && explicit != own) {
                    throw analysis.error(SqlState.COLLATION_MISMATCH,
                            "collation mismatch between explicit collations \"" + name(analysis, explicit)
                            + "\" and \"" + name(analysis, own) + "\"",
                            explicitPlace(argument));
                }
                explicit = own;
            } else if (implicit == 0 || implicit == 100) {
                implicit = own;
            } else if (own != 100 && own != implicit) {
                conflict = true;
            }
        }
        return explicit != 0 ? explicit : conflict ? 0 : implicit;
    }

    private static int explicitPlace(Expr expr) {
        if (expr instanceof Expr.CollateExpr collate) {
            return collate.position();
        }
        for (Expr child : Exprs.children(expr)) {
            if (child.collation() != 0 && isExplicit(child)) {
                return explicitPlace(child);
            }
        }
        return Locations.of(expr);
    }

    private static boolean isExplicit(Expr expr) {
        if (expr instanceof Expr.CollateExpr) {
            return true;
        }
        if (expr instanceof Expr.SubLink) {
            return false;
        }
        for (Expr child : Exprs.children(expr)) {
            if (child.collation() != 0 && isExplicit(child)) {
                return true;
            }
        }
        return false;
    }

    static String name(Analysis analysis, int oid) {
        CollationDescriptor collation = analysis.catalog.collation(oid);
        return collation == null ? String.valueOf(oid) : collation.name();
    }

    /** A collation by name; 42704 if there is none. */
    static int find(Analysis analysis, QualifiedName name) {
        return find(analysis, name, name.position());
    }

    static int find(Analysis analysis, QualifiedName name, int position) {
        CollationDescriptor collation = analysis.catalog.collation(name.schema(), name.name());
        if (collation == null) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "collation \"" + Names.qualified(name)
                    + "\" for encoding \"UTF8\" does not exist", position);
        }
        return collation.oid();
    }
}
