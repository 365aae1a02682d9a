package io.quantadb.sql.analyzer;

import io.quantadb.catalog.AggregateDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calls of functions, aggregates and window functions, and field selection, which shares their notation. */
final class FunctionCallAnalyzer {
    private final Analysis analysis;

    FunctionCallAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    Expr call(Scope scope, Expression.FunctionCall call) {
        List<Expr> arguments = new ArrayList<>(analysis.expressions.analyzeAll(scope, call.arguments()));
        if (call.withinGroup()) {
            for (OrderItem item : call.orderBy()) {
                arguments.add(analysis.expressions.analyze(scope, item.expression(), ExprKind.ORDER_BY));
            }
        }
        return resolve(scope, call.name(), arguments, call, call.position());
    }

    /** {@code value.name}: a field of a composite, or {@code name(value)}; null if neither exists. */
    Expr fieldOrFunction(Scope scope, String name, Expr value, int position) {
        if (analysis.types.isRowType(value.type().oid())) {
            Expr field = field(scope, name, value, position);
            if (field != null) {
                return field;
            }
        }
        return resolve(scope, QualifiedName.of(name, position), List.of(value), null, position);
    }

    /** A field by name, null if the composite has none. */
    Expr field(Scope scope, String name, Expr value, int position) {
        if (value instanceof Expr.ColumnRef row && row.attribute() == 0) {
            Scope owner = scope.up(row.levelsUp());
            for (NamespaceItem item : owner.items) {
                if (item.rangeIndex == row.rangeIndex()) {
                    return analysis.names.columnOf(owner, item, row.levelsUp(), name, position);
                }
            }
        }
        List<RangeColumn> columns = RowTypes.columnsOf(analysis, scope, value);
        for (int i = 0; columns != null && i < columns.size(); i++) {
            RangeColumn column = columns.get(i);
            if (!column.dropped() && column.name().equals(name)) {
                return new Expr.FieldSelect(value, i + 1, name, column.type(), column.typmod(), column.collation(),
                        Origin.at(position));
            }
        }
        return null;
    }

    private static boolean isPlain(Expression.FunctionCall call) {
        return call.orderBy().isEmpty() && call.filter() == null && !call.star() && !call.distinct()
                && call.over() == null && !call.variadic();
    }

    /** @param call null for field notation, in which nothing found is null instead of an error */
    private Expr resolve(Scope scope, QualifiedName name, List<Expr> given, Expression.FunctionCall call,
                         int position) {
        List<Expr> arguments = given;
        List<String> names = argumentNames(arguments);
        int[] actual = arguments.stream().mapToInt(a -> a.type().oid()).toArray();
        if (name.schema() != null && analysis.catalog.schema(name.schema()) == null) {
            throw analysis.error(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name.schema() + "\" does not exist",
                    position);
        }
        boolean variadicKeyword = call != null && call.variadic();
        FunctionResolver.Result found = analysis.functions.resolve(name, actual, names, !variadicKeyword, true,
                call == null || isPlain(call));
        switch (found.outcome()) {
            case COERCION -> {
                return analysis.coercion.coerce(scope, arguments.getFirst(), found.coercionTarget(), -1,
                        Coercion.Context.EXPLICIT, CoercionForm.CALL, position);
            }
            case NOT_FOUND, MULTIPLE -> {
                if (call == null) {
                    return null;
                }
                if (isPlain(call) && names == null && actual.length == 1 && name.schema() == null
                        && analysis.types.isRowType(actual[0])) {
                    Expr field = field(scope, name.name(), arguments.getFirst(), position);
                    if (field != null) {
                        return field;
                    }
                }
                throw unresolved(scope, found, name, actual, names, call, position);
            }
            case NORMAL, PROCEDURE, AGGREGATE, WINDOW -> {
            }
        }
        FunctionResolver.Candidate candidate = found.candidate();
        FunctionDescriptor function = candidate.function();
        String printed = Names.qualified(name);
        AggregateDescriptor aggregate = function.isAggregate() ? analysis.catalog.aggregate(function.oid()) : null;
        checkForm(scope, found.outcome(), printed, aggregate, call, candidate, actual, position);
        int[] declared = candidate.types().clone();
        List<Expr> all = new ArrayList<>(arguments);
        int[] actualAll = actual;
        if (candidate.defaultsUsed() > 0) {
            all.addAll(defaults(function, candidate, actual.length));
            actualAll = all.stream().mapToInt(a -> a.type().oid()).toArray();
        }
        int result;
        try {
            result = analysis.generics.enforce(actualAll, declared, function.returnType());
        } catch (SqlException e) {
            throw analysis.locate(e, position);
        }
        all = new ArrayList<>(analysis.coercion.arguments(scope, all, actualAll, declared));
        if (aggregate != null && aggregate.kind() == 'h') {
            unifyHypothetical(scope, all, call.orderBy().size());
        }
        boolean variadic = variadicKeyword && function.isVariadic();
        if (candidate.variadicCount() > 0 && function.variadicType() != Oids.ANY) {
            gather(all, candidate.variadicCount(), position);
            variadic = true;
        }
        if (variadicKeyword && function.variadicType() == Oids.ANY) {
            int last = all.getLast().type().oid();
            if (analysis.types.baseElement(last) == 0) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "VARIADIC argument must be an array",
                        Locations.of(all.getLast()));
            }
        }
        List<Expr> written = candidate.defaultsUsed() > 0 || names != null
                ? all.subList(0, Math.min(all.size(), actual.length)) : null;
        if (candidate.argumentIndex() != null && aggregate == null) {
            all = reorder(all, candidate.argumentIndex());
        }
        FunctionRef reference = Analysis.functionRef(function);
        PgType type = analysis.pgType(result);
        if (found.outcome() == FunctionResolver.Outcome.NORMAL
                || found.outcome() == FunctionResolver.Outcome.PROCEDURE) {
            return plainCall(scope, reference, all, variadic, type, call, position, written);
        }
        if (function.returnsSet()) {
            throw analysis.error(SqlState.INVALID_FUNCTION_DEFINITION, aggregate == null
                    ? "window functions cannot return sets" : "aggregates cannot return sets", position);
        }
        return call.over() == null
                ? analysis.aggregates.call(scope, reference, aggregate, all, call, variadic, type, names != null)
                : analysis.aggregates.window(scope, reference, aggregate != null, all, call, variadic, type,
                        names != null);
    }

    /** Brings each hypothetical argument and the column it is ranked in to one type. */
    private void unifyHypothetical(Scope scope, List<Expr> all, int columns) {
        for (int column = all.size() - columns; column < all.size(); column++) {
            int argument = column - columns;
            if (argument >= 0) {
                int type = analysis.coercion.commonType(List.of(all.get(column), all.get(argument)), "WITHIN GROUP");
                all.set(argument, analysis.coercion.toCommon(scope, all.get(argument), type, "WITHIN GROUP"));
                all.set(column, analysis.coercion.toCommon(scope, all.get(column), type, "WITHIN GROUP"));
            }
        }
    }

    private Expr plainCall(Scope scope, FunctionRef reference, List<Expr> arguments, boolean variadic, PgType type,
                           Expression.FunctionCall call, int position, List<Expr> written) {
        int input = Collations.combine(analysis, arguments);
        int own = analysis.types.collationOf(type.oid());
        CoercionForm form = call != null && call.sqlSyntax() ? CoercionForm.SQL_SYNTAX : CoercionForm.CALL;
        Origin origin = Origin.at(position, form);
        Expr.FunctionCall result = new Expr.FunctionCall(reference, arguments, variadic, type, -1,
                own == 0 ? 0 : input == 0 ? own : input, input,
                written == null ? origin : origin.withWritten(written));
        if (reference.returnsSet()) {
            result = RowTypes.withFields(analysis, result);
            if (scope.kind == ExprKind.FROM_FUNCTION && scope.lastSetReturning != null) {
                throw analysis.notSupported("set-returning functions must appear at top level of FROM",
                        Locations.of(scope.lastSetReturning));
            }
            scope.checkSetReturning(position);
            scope.lastSetReturning = result;
        }
        return result;
    }

    private List<String> argumentNames(List<Expr> arguments) {
        List<String> names = null;
        for (Expr argument : arguments) {
            if (argument instanceof Expr.NamedArgument named) {
                names = names == null ? new ArrayList<>() : names;
                if (names.contains(named.name())) {
                    throw analysis.error(SqlState.SYNTAX_ERROR, "argument name \"" + named.name()
                            + "\" used more than once", named.position());
                }
                names.add(named.name());
            } else if (names != null) {
                throw analysis.error(SqlState.SYNTAX_ERROR, "positional argument cannot follow named argument",
                        Locations.of(argument));
            }
        }
        return names;
    }

    /** Arguments in the function's order, names taken off. */
    private static List<Expr> reorder(List<Expr> arguments, int[] index) {
        Expr[] result = new Expr[arguments.size()];
        for (int i = 0; i < result.length; i++) {
            Expr argument = arguments.get(i);
            result[index[i]] = argument instanceof Expr.NamedArgument named ? named.operand() : argument;
        }
        return Arrays.asList(result);
    }

    private void gather(List<Expr> arguments, int count, int position) {
        int from = arguments.size() - count;
        List<Expr> elements = List.copyOf(arguments.subList(from, arguments.size()));
        arguments.subList(from, arguments.size()).clear();
        PgType element = elements.getFirst().type();
        int array = analysis.types.arrayOf(element.oid());
        if (array == 0) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "could not find array type for data type "
                    + analysis.formatType(element), Locations.of(elements.getFirst()));
        }
        arguments.add(new Expr.ArrayExpr(elements, element, false, analysis.pgType(array), -1,
                Collations.combine(analysis, elements), Origin.at(Locations.of(elements.getFirst()))));
    }

    private List<Expr> defaults(FunctionDescriptor function, FunctionResolver.Candidate candidate, int given) {
        List<Expr> result = new ArrayList<>();
        int first = function.argCount() - function.defaultsCount();
        for (int i = given; i < candidate.types().length; i++) {
            int argument = candidate.argumentIndex() == null ? i : candidate.argumentIndex()[i];
            String text = function.defaults().get(argument - first);
            result.add(StoredExpressions.constantOf(analysis, text, function.argTypes()[argument],
                    ExprKind.FUNCTION_DEFAULT));
        }
        return result;
    }

    private void checkForm(Scope scope, FunctionResolver.Outcome outcome, String name, AggregateDescriptor aggregate,
                           Expression.FunctionCall call, FunctionResolver.Candidate candidate, int[] actual,
                           int position) {
        if (outcome == FunctionResolver.Outcome.PROCEDURE && scope.kind != ExprKind.CALL_ARGUMENT) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, signature(name, actual, null) + " is a procedure",
                    position).withHint("To call a procedure, use CALL.");
        }
        if (call == null) {
            return;
        }
        switch (outcome) {
            case NORMAL, PROCEDURE -> {
                String feature = call.star() ? name + "(*)" : call.distinct() ? "DISTINCT"
                        : call.withinGroup() ? "WITHIN GROUP" : !call.orderBy().isEmpty() ? "ORDER BY"
                        : call.filter() != null ? "FILTER" : null;
                if (feature != null) {
                    throw analysis.error(SqlState.WRONG_OBJECT_TYPE, feature + " specified, but " + name
                            + " is not an aggregate function", position);
                }
                if (call.over() != null) {
                    throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "OVER specified, but " + name
                            + " is not a window function nor an aggregate function", position);
                }
            }
            case WINDOW -> {
                if (call.over() == null) {
                    throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "window function " + name
                            + " requires an OVER clause", position);
                }
                if (call.withinGroup()) {
                    throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "window function " + name
                            + " cannot have WITHIN GROUP", position);
                }
            }
            case AGGREGATE -> checkAggregateForm(name, aggregate, call, candidate, actual, position);
            case NOT_FOUND, MULTIPLE, COERCION -> {
            }
        }
    }

    private void checkAggregateForm(String name, AggregateDescriptor aggregate, Expression.FunctionCall call,
                                    FunctionResolver.Candidate candidate, int[] actual, int position) {
        if (aggregate.kind() == 'n') {
            if (call.withinGroup()) {
                throw analysis.error(SqlState.WRONG_OBJECT_TYPE, name
                        + " is not an ordered-set aggregate, so it cannot have WITHIN GROUP", position);
            }
            return;
        }
        if (!call.withinGroup()) {
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "WITHIN GROUP is required for ordered-set aggregate "
                    + name, position);
        }
        if (call.over() != null) {
            throw analysis.notSupported("OVER is not supported for ordered-set aggregate " + name, position);
        }
        if (call.distinct()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "cannot use DISTINCT with WITHIN GROUP", position);
        }
        int direct = call.arguments().size();
        int ordered = call.orderBy().size();
        if (aggregate.kind() == 'h' && candidate.function().variadicType() == Oids.ANY && direct != ordered) {
            throw analysis.error(SqlState.UNDEFINED_FUNCTION, "function " + signature(name, actual, null)
                    + " does not exist", position).withHint("To use the hypothetical-set aggregate " + name
                    + ", the number of hypothetical direct arguments (here " + direct
                    + ") must match the number of ordering columns (here " + ordered + ").");
        }
        if (!candidate.function().isVariadic() && direct != aggregate.directArgs()) {
            throw analysis.error(SqlState.UNDEFINED_FUNCTION, "function " + signature(name, actual, null)
                    + " does not exist", position).withHint("There is an ordered-set aggregate " + name
                    + ", but it requires " + aggregate.directArgs() + " direct argument"
                    + (aggregate.directArgs() == 1 ? "" : "s") + ", not " + direct + ".");
        }
    }

    String signature(String name, int[] actual, List<String> names) {
        StringBuilder text = new StringBuilder(name).append('(');
        int positional = actual.length - (names == null ? 0 : names.size());
        for (int i = 0; i < actual.length; i++) {
            text.append(i == 0 ? "" : ", ");
            if (i >= positional) {
                text.append(names.get(i - positional)).append(" => ");
            }
            text.append(analysis.formatType(actual[i]));
        }
        return text.append(')').toString();
    }

    private SqlException unresolved(Scope scope, FunctionResolver.Result found, QualifiedName name, int[] actual,
                                    List<String> names, Expression.FunctionCall call, int position) {
        String noun = scope != null && scope.kind == ExprKind.CALL_ARGUMENT ? "procedure" : "function";
        String signature = signature(Names.qualified(name), actual, names);
        if (found.outcome() == FunctionResolver.Outcome.MULTIPLE) {
            return analysis.error(SqlState.AMBIGUOUS_FUNCTION, noun + " " + signature + " is not unique", position)
                    .withHint("Could not choose a best candidate " + noun + ". "
                            + "You might need to add explicit type casts.");
        }
        SqlException error = analysis.error(SqlState.UNDEFINED_FUNCTION, noun + " " + signature
                + " does not exist", position);
        if (call.orderBy().size() > 1 && !call.withinGroup()) {
            return error.withHint("No aggregate function matches the given name and argument types. Perhaps you "
                    + "misplaced ORDER BY; ORDER BY must appear after all regular arguments of the aggregate.");
        }
        return error.withHint("No " + noun + " matches the given name and argument types. "
                + "You might need to add explicit type casts.");
    }
}
