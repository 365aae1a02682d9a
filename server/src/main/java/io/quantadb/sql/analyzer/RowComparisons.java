package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Comparisons of rows, column by column. */
final class RowComparisons {
    private static final int NOT_EQUAL = 6;

    private RowComparisons() {
    }

    static Expr compare(Analysis analysis, Scope scope, String schema, String name, List<Expr> left,
                        List<Expr> right, int position) {
        requireSameSize(analysis, left, right, position);
        if (left.isEmpty()) {
            throw analysis.notSupported("cannot compare rows of zero length", position);
        }
        List<Expr> comparisons = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            Expr call = analysis.operators.call(scope, schema, name, left.get(i), right.get(i), position);
            if (call.type().oid() != Oids.BOOL) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH,
                        "row comparison operator must yield type boolean, not type "
                        + analysis.formatType(call.type()), position);
            }
            comparisons.add(call);
        }
        if (comparisons.size() == 1) {
            return comparisons.getFirst();
        }
        int strategy = commonStrategy(analysis, comparisons, name, position);
        Origin origin = Origin.at(position);
        if (strategy == 3) {
            return new Expr.BoolExpr(Expr.BoolKind.AND, comparisons, analysis.bool(), origin);
        }
        if (strategy == NOT_EQUAL) {
            return new Expr.BoolExpr(Expr.BoolKind.OR, comparisons, analysis.bool(), origin);
        }
        List<OperatorRef> operators = new ArrayList<>();
        List<Expr> lefts = new ArrayList<>();
        List<Expr> rights = new ArrayList<>();
        List<Integer> collations = new ArrayList<>();
        for (Expr comparison : comparisons) {
            Expr.OperatorCall call = (Expr.OperatorCall) comparison;
            operators.add(call.operator());
            lefts.add(call.left());
            rights.add(call.right());
            collations.add(call.inputCollation());
        }
        return new Expr.RowCompare(Expr.RowCompareKind.values()[strategy - 1], operators, lefts, rights, collations,
                analysis.bool(), origin);
    }

    private static void requireSameSize(Analysis analysis, List<Expr> left, List<Expr> right, int position) {
        if (left.size() != right.size()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions", position);
        }
    }

    private static int commonStrategy(Analysis analysis, List<Expr> comparisons, String name, int position) {
        Set<Integer> common = null;
        for (Expr comparison : comparisons) {
            OperatorRef operator = ((Expr.OperatorCall) comparison).operator();
            Set<Integer> own = new HashSet<>();
            for (OperatorFamilyMember member : analysis.catalog.operatorMemberships(operator.oid())) {
                if (member.accessMethod() == CatalogIds.AM_BTREE) {
                    own.add(member.strategy());
                }
            }
            if (own.isEmpty() && operator.negator() != 0) {
                for (OperatorFamilyMember member : analysis.catalog.operatorMemberships(operator.negator())) {
                    if (member.accessMethod() == CatalogIds.AM_BTREE && member.strategy() == 3) {
                        own.add(NOT_EQUAL);
                    }
                }
            }
            if (common == null) {
                common = own;
            } else {
                common.retainAll(own);
            }
        }
        if (common.isEmpty()) {
            throw analysis.notSupported("could not determine interpretation of row comparison operator " + name,
                    position).withHint("Row comparison operators must be associated with btree operator families.");
        }
        return common.stream().min(Integer::compare).orElseThrow();
    }

    static Expr distinct(Analysis analysis, Scope scope, List<Expr> left, List<Expr> right, int position) {
        requireSameSize(analysis, left, right, position);
        Expr result = null;
        for (int i = 0; i < left.size(); i++) {
            Expr part = analysis.expressions.distinct(scope, left.get(i), right.get(i), position);
            result = result == null ? part
                    : new Expr.BoolExpr(Expr.BoolKind.OR, List.of(result, part), analysis.bool(),
                            Origin.at(position));
        }
        return result == null ? analysis.boolConst(false) : result;
    }
}
