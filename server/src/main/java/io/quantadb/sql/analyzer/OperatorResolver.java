package io.quantadb.sql.analyzer;

import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Chooses operators and builds their calls. */
final class OperatorResolver {
    private final Analysis analysis;

    OperatorResolver(Analysis analysis) {
        this.analysis = analysis;
    }

    /** {@code left} null for a prefix operator. */
    Expr call(Scope scope, String schema, String name, Expr left, Expr right, int position) {
        int[] actual = left == null ? new int[] {right.type().oid()}
                : new int[] {left.type().oid(), right.type().oid()};
        OperatorDescriptor operator = find(schema, name, actual, position);
        int[] declared = left == null ? new int[] {operator.rightType()}
                : new int[] {operator.leftType(), operator.rightType()};
        int result = enforce(actual, declared, operator.resultType(), position);
        List<Expr> arguments = analysis.coercion.arguments(scope, left == null ? List.of(right)
                : List.of(left, right), actual, declared);
        OperatorRef reference = analysis.operatorRef(operator);
        if (reference.function().returnsSet() && scope != null) {
            scope.checkSetReturning(position);
        }
        int input = Collations.combine(analysis, arguments);
        int collation = analysis.types.collationOf(result);
        return new Expr.OperatorCall(reference, arguments, analysis.pgType(result),
                collation == 0 ? 0 : input == 0 ? collation : input, input, Origin.at(position));
    }

    private int enforce(int[] actual, int[] declared, int result, int position) {
        try {
            return analysis.generics.enforce(actual, declared, result);
        } catch (SqlException e) {
            throw analysis.locate(e, position);
        }
    }

    OperatorDescriptor find(String schema, String name, int[] actual, int position) {
        boolean[] ambiguous = {false};
        OperatorDescriptor found = lookup(schema, name, actual, ambiguous);
        if (found != null) {
            return found;
        }
        StringBuilder signature = new StringBuilder();
        if (actual.length == 2) {
            signature.append(analysis.formatType(actual[0])).append(' ');
        }
        if (schema != null) {
            signature.append(schema).append('.');
        }
        signature.append(name).append(' ').append(analysis.formatType(actual[actual.length - 1]));
        if (ambiguous[0]) {
            throw analysis.error(SqlState.AMBIGUOUS_FUNCTION, "operator is not unique: " + signature, position)
                    .withHint("Could not choose a best candidate operator. "
                            + "You might need to add explicit type casts.");
        }
        throw analysis.error(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + signature, position)
                .withHint(actual.length == 2
                        ? "No operator matches the given name and argument types. "
                        + "You might need to add explicit type casts."
                        : "No operator matches the given name and argument type. "
                        + "You might need to add an explicit type cast.");
    }

    /** Null if there is none; {@code ambiguous[0]} then tells whether there were several. */
    OperatorDescriptor lookup(String schema, String name, int[] actual, boolean[] ambiguous) {
        OperatorDescriptor exact = exact(schema, name, actual);
        if (exact != null) {
            return exact;
        }
        List<OperatorDescriptor> candidates = new ArrayList<>();
        List<int[]> types = new ArrayList<>();
        for (OperatorDescriptor operator : analysis.catalog.operators(schema, name)) {
            if (operator.isPrefix() != (actual.length == 1)) {
                continue;
            }
            int[] declared = actual.length == 1 ? new int[] {operator.rightType()}
                    : new int[] {operator.leftType(), operator.rightType()};
            if (analysis.coercion.canCoerce(actual, declared, Coercion.Context.IMPLICIT)) {
                candidates.add(operator);
                types.add(declared);
            }
        }
        if (candidates.size() <= 1) {
            return candidates.isEmpty() ? null : candidates.getFirst();
        }
        int chosen = analysis.functions.selectIndex(types, actual);
        ambiguous[0] = chosen < 0;
        return chosen < 0 ? null : candidates.get(chosen);
    }

    private OperatorDescriptor exact(String schema, String name, int[] actual) {
        if (actual.length == 1) {
            return analysis.catalog.operator(schema, name, 0, actual[0]);
        }
        int left = actual[0];
        int right = actual[1];
        boolean assumed = false;
        if (left == Oids.UNKNOWN && right != Oids.UNKNOWN) {
            left = right;
            assumed = true;
        } else if (right == Oids.UNKNOWN && left != Oids.UNKNOWN) {
            right = left;
            assumed = true;
        }
        OperatorDescriptor found = analysis.catalog.operator(schema, name, left, right);
        if (found == null && assumed) {
            int base = analysis.types.base(left);
            if (base != left) {
                found = analysis.catalog.operator(schema, name, base, base);
            }
        }
        return found;
    }

    /** {@code scalar op ANY/ALL (array)}. */
    Expr arrayCall(Scope scope, String schema, String name, boolean useOr, Expr scalar, Expr array, int position) {
        int arrayType = array.type().oid();
        int elementType = arrayType == Oids.UNKNOWN ? Oids.UNKNOWN : analysis.types.baseElement(arrayType);
        if (elementType == 0) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires array on right side",
                    position);
        }
        int[] actual = {scalar.type().oid(), elementType};
        OperatorDescriptor operator = find(schema, name, actual, position);
        int[] declared = {operator.leftType(), operator.rightType()};
        int result = enforce(actual, declared, operator.resultType(), position);
        OperatorRef reference = analysis.operatorRef(operator);
        if (result != Oids.BOOL) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator to yield boolean",
                    position);
        }
        if (reference.function().returnsSet()) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE,
                    "op ANY/ALL (array) requires operator not to return a set", position);
        }
        int arrayTarget = switch (declared[1]) {
            case Oids.ANY, Oids.ANYELEMENT, Oids.ANYNONARRAY, Oids.ANYENUM -> Oids.ANYARRAY;
            case Oids.ANYCOMPATIBLE, Oids.ANYCOMPATIBLENONARRAY -> Oids.ANYCOMPATIBLEARRAY;
            default -> analysis.types.arrayOf(declared[1]);
        };
        if (arrayTarget == 0) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "could not find array type for data type "
                    + analysis.formatType(declared[1]), position);
        }
        List<Expr> arguments = analysis.coercion.arguments(scope, List.of(scalar, array),
                new int[] {actual[0], arrayType}, new int[] {declared[0], arrayTarget});
        return new Expr.ScalarArrayOp(reference, useOr, arguments.getFirst(), arguments.getLast(),
                analysis.bool(), Collations.combine(analysis, arguments), Origin.at(position));
    }

    /** Equality for IS DISTINCT FROM and NULLIF: the converted operands and the operator. */
    Expr.OperatorCall equality(Scope scope, String construct, Expr left, Expr right, int position) {
        Expr.OperatorCall call = (Expr.OperatorCall) call(scope, null, "=", left, right, position);
        PgType type = call.type();
        if (type.oid() != Oids.BOOL) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, construct + " requires = operator to yield boolean",
                    position);
        }
        return call;
    }
}
