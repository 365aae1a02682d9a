package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The types of $1, $2 ... while they are being found out. Once a parameter of open type was coerced to something,
 * that is its type everywhere.
 */
final class Parameters {
    private final boolean infer;
    private int[] types;

    Parameters(int[] given, boolean infer) {
        this.infer = infer;
        types = given.clone();
    }

    Expr reference(Analysis analysis, int number, int position) {
        boolean exists = number > 0 && number <= 65535 && (infer || number <= types.length);
        if (!exists || !infer && types[number - 1] == 0) {
            throw analysis.error(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number, position);
        }
        if (number > types.length) {
            types = Arrays.copyOf(types, number);
        }
        if (types[number - 1] == 0) {
            types[number - 1] = Oids.UNKNOWN;
        }
        PgType type = analysis.pgType(types[number - 1]);
        return new Expr.Parameter(number, type, -1, analysis.types.collationOf(type.oid()), Origin.at(position));
    }

    /** Converts a parameter of open type; null if this one's type is not open. */
    Expr coerce(Analysis analysis, Expr.Parameter parameter, int targetType, int targetTypmod, int position) {
        if (!infer || parameter.type().oid() != Oids.UNKNOWN) {
            return null;
        }
        int index = parameter.number() - 1;
        if (types[index] == Oids.UNKNOWN) {
            types[index] = targetType;
        } else if (types[index] != targetType) {
            throw analysis.error(SqlState.AMBIGUOUS_PARAMETER, "inconsistent types deduced for parameter $"
                    + parameter.number(), parameter.position()).withDetail(analysis.formatType(types[index])
                    + " versus " + analysis.formatType(targetType));
        }
        int place = position >= 0 && (parameter.position() < 0 || position < parameter.position())
                ? position : parameter.position();
        return new Expr.Parameter(parameter.number(), analysis.pgType(targetType), -1,
                analysis.types.collationOf(targetType), Origin.at(place));
    }

    /** Gives references that were met before their type was known the type found later. */
    Query resolve(Analysis analysis, Query query) {
        return query == null || !infer || types.length == 0 ? query : new ExprRewriter() {
            @Override
            public Expr rewrite(Expr expr) {
                if (expr instanceof Expr.Parameter p && p.type().oid() != types[p.number() - 1]) {
                    throw analysis.error(SqlState.AMBIGUOUS_PARAMETER,
                            "could not determine data type of parameter $" + p.number(), p.position());
                }
                return rewriteChildren(expr);
            }
        }.rewriteQuery(query);
    }

    List<PgType> result(Analysis analysis) {
        List<PgType> result = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == 0 || types[i] == Oids.UNKNOWN) {
                throw analysis.error(SqlState.INDETERMINATE_DATATYPE,
                        "could not determine data type of parameter $" + (i + 1), -1);
            }
            result.add(analysis.pgType(types[i]));
        }
        return result;
    }
}
