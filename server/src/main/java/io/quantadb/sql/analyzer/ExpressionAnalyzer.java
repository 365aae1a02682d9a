package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Value expressions: the dispatch over all syntax nodes, and those that need few lines. */
final class ExpressionAnalyzer {
    private final Analysis analysis;

    ExpressionAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    /** Analyses an expression as part of the given clause. */
    Expr analyze(Scope scope, Expression expression, ExprKind kind) {
        ExprKind saved = scope.kind;
        scope.kind = kind;
        try {
            return analyze(scope, expression);
        } finally {
            scope.kind = saved;
        }
    }

    List<Expr> analyzeAll(Scope scope, List<Expression> expressions) {
        List<Expr> result = new ArrayList<>(expressions.size());
        expressions.forEach(e -> result.add(analyze(scope, e)));
        return result;
    }

    Expr analyze(Scope scope, Expression expression) {
        return switch (expression) {
            case Expression.ColumnRef e -> columnReference(scope, e);
            case Expression.NullLiteral e -> new Expr.Const(null, analysis.pgType(Oids.UNKNOWN), -1, 0,
                    Origin.at(e.position()));
            case Expression.BooleanLiteral e -> new Expr.Const(e.value(), analysis.bool(), -1, 0,
                    Origin.at(e.position()));
            case Expression.NumberLiteral e -> number(e);
            case Expression.StringLiteral e -> new Expr.Const(e.value(), analysis.pgType(Oids.UNKNOWN), -1, 0,
                    Origin.at(e.position()));
            case Expression.BitStringLiteral e -> bits(e);
            case Expression.Parameter e -> analysis.parameters.reference(analysis, e.number(), e.position());
            case Expression.Indirection e -> indirection(scope, e);
            case Expression.Cast e -> cast(scope, e);
            case Expression.Unary e -> operator(scope, e.schema(), e.operator(), null, e.operand(), e.position());
            case Expression.Binary e -> operator(scope, e.schema(), e.operator(), e.left(), e.right(), e.position());
            case Expression.And e -> connective(scope, Expr.BoolKind.AND, e.operands(), e.position());
            case Expression.Or e -> connective(scope, Expr.BoolKind.OR, e.operands(), e.position());
            case Expression.Not e -> connective(scope, Expr.BoolKind.NOT, List.of(e.operand()), e.position());
            case Expression.IsTest e -> isTest(scope, e);
            case Expression.IsDistinct e -> isDistinct(scope, e);
            case Expression.Between e -> between(scope, e);
            case Expression.Like e -> like(scope, e);
            case Expression.InList e -> inList(scope, e);
            case Expression.InSubquery e -> analysis.subqueries.in(scope, e);
            case Expression.QuantifiedArray e -> analysis.operators.arrayCall(scope, e.schema(), e.operator(),
                    !e.all(), analyze(scope, e.operand()), analyze(scope, e.array()), e.position());
            case Expression.QuantifiedSubquery e -> analysis.subqueries.quantified(scope, e);
            case Expression.ScalarSubquery e -> analysis.subqueries.scalar(scope, e);
            case Expression.Exists e -> analysis.subqueries.exists(scope, e);
            case Expression.ArraySubquery e -> analysis.subqueries.array(scope, e);
            case Expression.Case e -> caseExpression(scope, e);
            case Expression.Coalesce e -> coalesce(scope, e);
            case Expression.NullIf e -> nullIf(scope, e);
            case Expression.MinMax e -> minMax(scope, e);
            case Expression.Row e -> row(scope, e);
            case Expression.ArrayConstructor e -> array(scope, e, 0, 0, -1);
            case Expression.Collate e -> collate(scope, e);
            case Expression.Grouping e -> analysis.aggregates.grouping(scope, e);
            case Expression.SqlValueFunction e -> sqlValue(e);
            case Expression.FunctionCall e -> analysis.calls.call(scope, e);
            case Expression.NamedArgument e -> new Expr.NamedArgument(analyze(scope, e.value()), e.name(),
                    Origin.at(e.position()));
            case Expression.DefaultValue e -> throw analysis.error(SqlState.SYNTAX_ERROR,
                    "DEFAULT is not allowed in this context", e.position());
            case Expression.CurrentOf e -> new Expr.CurrentOf(scope.target == null ? 0 : scope.target.rangeIndex,
                    e.cursor(), 0, analysis.bool(), Origin.at(e.position()));
        };
    }

    private Expr number(Expression.NumberLiteral e) {
        Origin origin = Origin.at(e.position());
        if (e.integral()) {
            try {
                long value = Long.parseLong(e.text());
                int type = value == (int) value ? Oids.INT4 : Oids.INT8;
                return new Expr.Const(value, analysis.pgType(type), -1, 0, origin);
            } catch (NumberFormatException tooLong) {
                return numeric(e, origin);
            }
        }
        return numeric(e, origin);
    }

    private Expr numeric(Expression.NumberLiteral e, Origin origin) {
        PgType numeric = analysis.pgType(Oids.NUMERIC);
        try {
            return new Expr.Const(numeric.ops().fromText(e.text(), -1, analysis.context.text()), numeric, -1, 0,
                    origin);
        } catch (SqlException error) {
            throw analysis.locate(error, e.position());
        }
    }

    private Expr bits(Expression.BitStringLiteral e) {
        PgType bit = analysis.pgType(Oids.BIT);
        try {
            return new Expr.Const(bit.ops().fromText((e.hexadecimal() ? "x" : "b") + e.digits(), -1,
                    analysis.context.text()), bit, -1, 0, Origin.at(e.position()));
        } catch (SqlException error) {
            throw analysis.locate(error, e.position());
        }
    }

    private Expr columnReference(Scope scope, Expression.ColumnRef e) {
        List<String> fields = e.fields();
        if (e.star()) {
            return rowReference(scope, e);
        }
        if (scope.kind == ExprKind.COLUMN_DEFAULT || scope.kind == ExprKind.FUNCTION_DEFAULT
                || scope.kind == ExprKind.PARTITION_BOUND) {
            throw analysis.notSupported("cannot use column reference in " + (scope.kind == ExprKind.PARTITION_BOUND
                    ? "partition bound expression" : "DEFAULT expression"), e.position());
        }
        if (fields.size() == 1) {
            String name = fields.getFirst();
            Expr column = analysis.names.column(scope, name, false, e.position());
            if (column == null && (scope.kind == ExprKind.CHECK_CONSTRAINT || scope.kind == ExprKind.DOMAIN_CHECK)
                    && scope.domainValue != null && name.equals("value")) {
                return scope.domainValue;
            }
            if (column == null) {
                NameResolver.Found table = analysis.names.table(scope, null, name, e.position());
                if (table != null) {
                    return analysis.names.wholeRow(scope, table.item(), table.levelsUp(), e.position());
                }
                Expr argument = argument(name, e.position());
                if (argument != null) {
                    return argument;
                }
                throw analysis.names.missingColumn(scope, null, name, e.position());
            }
            return column;
        }
        int last = fields.size() - 1;
        String schema = fields.size() >= 3 ? fields.get(last - 2) : null;
        if (fields.size() > 4) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): "
                    + String.join(".", fields), e.position());
        }
        if (fields.size() == 4 && !fields.getFirst().equals(analysis.catalog.databaseName())) {
            throw analysis.notSupported("cross-database references are not implemented: "
                    + String.join(".", fields), e.position());
        }
        String tableName = fields.get(last - 1);
        String name = fields.get(last);
        NameResolver.Found table = analysis.names.table(scope, schema, tableName, e.position());
        if (table == null) {
            Expr argument = argumentPart(scope, fields, e.position());
            if (argument != null) {
                return argument;
            }
            throw analysis.names.missingTable(scope, new QualifiedName(null, schema, tableName, e.position()));
        }
        Expr column = analysis.names.columnOf(scope.up(table.levelsUp()), table.item(), table.levelsUp(), name,
                e.position());
        if (column != null) {
            return column;
        }
        Expr row = analysis.names.wholeRow(scope, table.item(), table.levelsUp(), e.position());
        Expr viaFunction = analysis.calls.fieldOrFunction(scope, name, row, e.position());
        if (viaFunction == null) {
            throw analysis.names.missingColumn(scope, tableName, name, e.position());
        }
        return viaFunction;
    }

    /** An argument of the SQL function this is the body of; null if it has none of that name. */
    private Expr argument(String name, int position) {
        AnalyzerContext.FunctionNames function = analysis.context.function();
        int index = function == null ? -1 : function.argumentNames().indexOf(name);
        return index < 0 ? null : analysis.parameters.reference(analysis, index + 1, position);
    }

    /** {@code function.argument}, {@code argument.field} or {@code function.argument.field}; null if it is none. */
    private Expr argumentPart(Scope scope, List<String> fields, int position) {
        AnalyzerContext.FunctionNames function = analysis.context.function();
        if (function == null || fields.size() > 3) {
            return null;
        }
        boolean qualified = fields.getFirst().equals(function.functionName());
        Expr argument = qualified ? argument(fields.get(1), position) : null;
        int used = 2;
        if (argument == null && fields.size() == 2) {
            argument = argument(fields.getFirst(), position);
            used = 1;
        }
        return argument == null || used == fields.size() ? argument
                : analysis.calls.fieldOrFunction(scope, fields.get(used), argument, position);
    }

    /** {@code t.*} as one value. */
    private Expr rowReference(Scope scope, Expression.ColumnRef e) {
        List<String> fields = e.fields();
        if (fields.isEmpty()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "row expansion via \"*\" is not supported here",
                    e.position());
        }
        QualifiedName name = new QualifiedName(null, fields.size() > 1 ? fields.get(fields.size() - 2) : null,
                fields.getLast(), e.position());
        NameResolver.Found table = analysis.names.table(scope, name.schema(), name.name(), e.position());
        if (table == null) {
            throw analysis.names.missingTable(scope, name);
        }
        return analysis.names.wholeRow(scope, table.item(), table.levelsUp(), e.position());
    }

    Expr indirection(Scope scope, Expression.Indirection e) {
        return access(scope, analyze(scope, e.base()), e.accessors(), e.position());
    }

    /** Applies field selections and subscripts to a value. */
    Expr access(Scope scope, Expr base, List<Expression.Accessor> accessors, int position) {
        Expr result = base;
        List<Expression.Accessor> subscripts = new ArrayList<>();
        for (Expression.Accessor accessor : accessors) {
            switch (accessor) {
                case Expression.Accessor.Index index -> subscripts.add(index);
                case Expression.Accessor.Slice slice -> subscripts.add(slice);
                case Expression.Accessor.AllFields all -> throw analysis.notSupported(
                        "row expansion via \"*\" is not supported here", position);
                case Expression.Accessor.Field field -> {
                    result = Subscripts.fetch(analysis, scope, result, subscripts);
                    subscripts = new ArrayList<>();
                    Expr selected = analysis.calls.fieldOrFunction(scope, field.name(), result, position);
                    if (selected == null) {
                        throw unknownAttribute(scope, result, field.name(), position);
                    }
                    result = selected;
                }
            }
        }
        return Subscripts.fetch(analysis, scope, result, subscripts);
    }

    SqlException unknownAttribute(Scope scope, Expr value, String name, int position) {
        int type = value.type().oid();
        if (value instanceof Expr.ColumnRef column && column.attribute() == 0) {
            RangeTableEntry entry = scope.entry(column.rangeIndex(), column.levelsUp());
            return analysis.error(SqlState.UNDEFINED_COLUMN, "column " + entry.name() + "." + name
                    + " does not exist", position);
        }
        if (analysis.types.isComplex(type)) {
            return analysis.error(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" not found in data type "
                    + analysis.formatType(type), position);
        }
        if (type == Oids.RECORD) {
            return analysis.error(SqlState.UNDEFINED_COLUMN, "could not identify column \"" + name
                    + "\" in record data type", position);
        }
        return analysis.error(SqlState.WRONG_OBJECT_TYPE, "column notation ." + name + " applied to type "
                + analysis.formatType(type) + ", which is not a composite type", position);
    }

    private Expr cast(Scope scope, Expression.Cast e) {
        TypeRules.Typed target = analysis.types.resolve(e.type());
        Expr operand;
        if (e.operand() instanceof Expression.ArrayConstructor array
                && !(analysis.isStored() && !array.elements().isEmpty())) {
            TypeRules.Typed base = analysis.types.base(target.oid(), target.typmod());
            int element = analysis.types.element(base.oid());
            operand = element == 0 ? analyze(scope, array) : array(scope, array, base.oid(), element, base.typmod());
        } else {
            operand = analyze(scope, e.operand());
        }
        int position = e.position() >= 0 ? e.position() : e.type().position();
        Expr result = analysis.coercion.toTarget(scope, operand, target.oid(), target.typmod(),
                Coercion.Context.EXPLICIT, CoercionForm.EXPLICIT_CAST, position);
        if (result == null) {
            throw analysis.error(SqlState.CANNOT_COERCE, "cannot cast type " + analysis.formatType(operand.type())
                    + " to " + analysis.formatType(target.oid()), position);
        }
        return result;
    }

    private Expr operator(Scope scope, String schema, String name, Expression left, Expression right, int position) {
        if (left instanceof Expression.Row row && right instanceof Expression.ScalarSubquery subquery) {
            return analysis.subqueries.rowCompare(scope, name, row, subquery, position);
        }
        Expr leftExpr = left == null ? null : analyze(scope, left);
        Expr rightExpr = analyze(scope, right);
        if (left instanceof Expression.Row && right instanceof Expression.Row) {
            return RowComparisons.compare(analysis, scope, schema, name, ((Expr.RowExpr) leftExpr).fields(),
                    ((Expr.RowExpr) rightExpr).fields(), position);
        }
        return analysis.operators.call(scope, schema, name, leftExpr, rightExpr, position);
    }

    private Expr connective(Scope scope, Expr.BoolKind kind, List<Expression> operands, int position) {
        List<Expr> arguments = new ArrayList<>(operands.size());
        for (Expression operand : operands) {
            arguments.add(analysis.coercion.toBoolean(scope, analyze(scope, operand), kind.name()));
        }
        return new Expr.BoolExpr(kind, arguments, analysis.bool(), Origin.at(position));
    }

    Expr not(Expr operand, int position) {
        return new Expr.BoolExpr(Expr.BoolKind.NOT, List.of(operand), analysis.bool(), Origin.at(position));
    }

    private Expr isTest(Scope scope, Expression.IsTest e) {
        Expr operand = analyze(scope, e.operand());
        Origin origin = Origin.at(e.position());
        return switch (e.kind()) {
            case NULL -> new Expr.IsNull(operand, e.negated(), analysis.types.isRowType(operand.type().oid()),
                    analysis.bool(), origin);
            case DOCUMENT -> throw analysis.notSupported("IS DOCUMENT is not supported", e.position());
            case TRUE, FALSE, UNKNOWN -> {
                Expr.BooleanTestKind kind = Expr.BooleanTestKind.valueOf((e.negated() ? "IS_NOT_" : "IS_")
                        + e.kind().name());
                yield new Expr.BooleanTest(analysis.coercion.toBoolean(scope, operand,
                        kind.name().replace('_', ' ')), kind, analysis.bool(), origin);
            }
        };
    }

    private Expr isDistinct(Scope scope, Expression.IsDistinct e) {
        Origin origin = Origin.at(e.position());
        if (e.right() instanceof Expression.NullLiteral || e.left() instanceof Expression.NullLiteral) {
            Expr operand = analyze(scope, e.right() instanceof Expression.NullLiteral ? e.left() : e.right());
            return new Expr.IsNull(operand, !e.negated(), false, analysis.bool(), origin);
        }
        Expr left = analyze(scope, e.left());
        Expr right = analyze(scope, e.right());
        Expr result;
        if (e.left() instanceof Expression.Row && e.right() instanceof Expression.Row) {
            result = RowComparisons.distinct(analysis, scope, ((Expr.RowExpr) left).fields(),
                    ((Expr.RowExpr) right).fields(), e.position());
        } else {
            result = distinct(scope, left, right, e.position());
        }
        return e.negated() ? not(result, e.position()) : result;
    }

    Expr distinct(Scope scope, Expr left, Expr right, int position) {
        Expr.OperatorCall equal = analysis.operators.equality(scope, "IS DISTINCT FROM", left, right, position);
        return new Expr.DistinctFrom(equal.operator(), equal.left(), equal.right(), analysis.bool(),
                equal.inputCollation(), Origin.at(position));
    }

    private Expr between(Scope scope, Expression.Between e) {
        int p = e.position();
        Expression forward = range(e.operand(), e.low(), e.high(), e.negated(), p);
        if (!e.symmetric()) {
            return analyze(scope, forward);
        }
        Expression backward = range(e.operand(), e.high(), e.low(), e.negated(), p);
        List<Expression> both = List.of(forward, backward);
        return analyze(scope, e.negated() ? new Expression.And(both, p) : new Expression.Or(both, p));
    }

    private static Expression range(Expression value, Expression low, Expression high, boolean negated, int p) {
        List<Expression> parts = List.of(new Expression.Binary(null, negated ? "<" : ">=", value, low, p),
                new Expression.Binary(null, negated ? ">" : "<=", value, high, p));
        return negated ? new Expression.Or(parts, p) : new Expression.And(parts, p);
    }

    private Expr like(Scope scope, Expression.Like e) {
        int p = e.position();
        Expression pattern = e.pattern();
        boolean similar = e.kind() == Expression.LikeKind.SIMILAR_TO;
        if (similar || e.escape() != null) {
            List<Expression> arguments = e.escape() == null ? List.of(pattern) : List.of(pattern, e.escape());
            pattern = new Expression.FunctionCall(QualifiedName.system(similar ? "similar_to_escape" : "like_escape"),
                    arguments, false, false, false, List.of(), false, null, null, false, p);
        }
        String operator = switch (e.kind()) {
            case LIKE -> e.negated() ? "!~~" : "~~";
            case ILIKE -> e.negated() ? "!~~*" : "~~*";
            case SIMILAR_TO -> e.negated() ? "!~" : "~";
        };
        return operator(scope, null, operator, e.operand(), pattern, p);
    }

    private Expr inList(Scope scope, Expression.InList e) {
        String operator = e.negated() ? "<>" : "=";
        Expr left = analyze(scope, e.operand());
        List<Expr> all = analyzeAll(scope, e.values());
        List<Expr> constants = new ArrayList<>();
        List<Expr> variables = new ArrayList<>();
        for (Expr value : all) {
            (ExprFacts.usesLevel(value, 0) ? variables : constants).add(value);
        }
        Expr result = null;
        if (constants.size() > 1) {
            result = inArray(scope, operator, !e.negated(), left, constants, e.position());
        }
        List<Expr> rest = result == null ? all : variables;
        for (Expr value : rest) {
            Expr comparison = left instanceof Expr.RowExpr l && value instanceof Expr.RowExpr r
                    ? RowComparisons.compare(analysis, scope, null, operator, l.fields(), r.fields(), e.position())
                    : analysis.operators.call(scope, null, operator, left, value, e.position());
            comparison = analysis.coercion.toBoolean(scope, comparison, "IN");
            result = result == null ? comparison
                    : new Expr.BoolExpr(e.negated() ? Expr.BoolKind.AND : Expr.BoolKind.OR,
                            List.of(result, comparison), analysis.bool(), Origin.at(e.position()));
        }
        return result;
    }

    /** The array form of IN; null if the values have no common array type. */
    private Expr inArray(Scope scope, String operator, boolean useOr, Expr left, List<Expr> values, int position) {
        List<Expr> all = new ArrayList<>();
        all.add(left);
        all.addAll(values);
        int element = analysis.coercion.commonType(all, null);
        if (element == 0 || element == Oids.RECORD) {
            return null;
        }
        for (Expr value : all) {
            if (!analysis.coercion.canCoerce(value.type().oid(), element, Coercion.Context.IMPLICIT)) {
                return null;
            }
        }
        int array = analysis.types.arrayOf(element);
        if (array == 0) {
            return null;
        }
        List<Expr> elements = analysis.coercion.toCommon(scope, values, element, "IN");
        int collation = Collations.combine(analysis, elements);
        Expr arrayExpr = new Expr.ArrayExpr(elements, analysis.pgType(element), false, analysis.pgType(array), -1,
                collation, Origin.NONE);
        return analysis.operators.arrayCall(scope, null, operator, useOr, left, arrayExpr, position);
    }

    private Expr caseExpression(Scope scope, Expression.Case e) {
        Expr savedSet = scope.lastSetReturning;
        scope.lastSetReturning = null;
        Expr operand = null;
        Expr placeholder = null;
        if (e.operand() != null) {
            operand = analyze(scope, e.operand());
            if (operand.type().oid() == Oids.UNKNOWN) {
                operand = analysis.coercion.toCommon(scope, operand, Oids.TEXT, "CASE");
            }
            placeholder = new Expr.CaseTestValue(operand.type(), operand.typmod(), operand.collation(), Origin.NONE);
        }
        List<Expr> conditions = new ArrayList<>();
        List<Expr> results = new ArrayList<>();
        for (Expression.When when : e.branches()) {
            Expr condition = analyze(scope, when.condition());
            if (placeholder != null) {
                condition = analysis.operators.call(scope, null, "=", placeholder, condition, when.position());
            }
            conditions.add(analysis.coercion.toBoolean(scope, condition, "CASE/WHEN"));
            results.add(analyze(scope, when.result()));
        }
        Expr otherwise = e.otherwise() == null
                ? new Expr.Const(null, analysis.pgType(Oids.UNKNOWN), -1, 0, Origin.NONE)
                : analyze(scope, e.otherwise());
        List<Expr> all = new ArrayList<>();
        all.add(otherwise);
        all.addAll(results);
        int type = analysis.coercion.commonType(all, "CASE");
        otherwise = analysis.coercion.toCommon(scope, otherwise, type, "CASE/ELSE");
        List<Expr.CaseBranch> branches = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            branches.add(new Expr.CaseBranch(conditions.get(i),
                    analysis.coercion.toCommon(scope, results.get(i), type, "CASE/WHEN")));
        }
        rejectSets(scope, "CASE");
        scope.lastSetReturning = savedSet;
        return new Expr.CaseExpr(operand, branches, otherwise, analysis.pgType(type), collation(all, type),
                Origin.at(e.position()));
    }

    private int collation(List<Expr> inputs, int type) {
        int own = analysis.types.collationOf(type);
        int combined = own == 0 ? 0 : Collations.combine(analysis, inputs);
        return combined == 0 ? own : combined;
    }

    private void rejectSets(Scope scope, String construct) {
        if (scope.lastSetReturning != null) {
            throw analysis.notSupported("set-returning functions are not allowed in " + construct,
                    Locations.of(scope.lastSetReturning)).withHint(
                    "You might be able to move the set-returning function into a LATERAL FROM item.");
        }
    }

    private Expr coalesce(Scope scope, Expression.Coalesce e) {
        Expr saved = scope.lastSetReturning;
        scope.lastSetReturning = null;
        List<Expr> arguments = analyzeAll(scope, e.operands());
        int type = analysis.coercion.commonType(arguments, "COALESCE");
        arguments = analysis.coercion.toCommon(scope, arguments, type, "COALESCE");
        rejectSets(scope, "COALESCE");
        scope.lastSetReturning = saved;
        return new Expr.Coalesce(arguments, analysis.pgType(type), collation(arguments, type),
                Origin.at(e.position()));
    }

    private Expr minMax(Scope scope, Expression.MinMax e) {
        String name = e.greatest() ? "GREATEST" : "LEAST";
        List<Expr> arguments = analyzeAll(scope, e.operands());
        int type = analysis.coercion.commonType(arguments, name);
        arguments = analysis.coercion.toCommon(scope, arguments, type, name);
        return new Expr.MinMax(e.greatest(), arguments, analysis.pgType(type), collation(arguments, type),
                Collations.combine(analysis, arguments), Origin.at(e.position()));
    }

    private Expr nullIf(Scope scope, Expression.NullIf e) {
        Expr.OperatorCall equal = analysis.operators.equality(scope, "NULLIF", analyze(scope, e.left()),
                analyze(scope, e.right()), e.position());
        return new Expr.NullIf(equal.operator(), equal.left(), equal.right(), equal.left().type(),
                equal.left().collation(), equal.inputCollation(), Origin.at(e.position()));
    }

    private Expr row(Scope scope, Expression.Row e) {
        List<Expr> fields = analysis.targets.expressionList(scope, e.fields(), scope.kind);
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= fields.size(); i++) {
            names.add("f" + i);
        }
        if (fields.size() > 1664) {
            throw analysis.error(SqlState.TOO_MANY_COLUMNS, "ROW expressions can have at most 1664 entries",
                    e.position());
        }
        return new Expr.RowExpr(fields, names, analysis.pgType(Oids.RECORD),
                Origin.at(e.position(), e.explicit() ? CoercionForm.CALL : CoercionForm.IMPLICIT_CAST));
    }

    /** @param arrayType type given by a cast around it, 0 if none */
    private Expr array(Scope scope, Expression.ArrayConstructor e, int arrayType, int elementType, int typmod) {
        List<Expr> elements = new ArrayList<>();
        boolean nested = false;
        for (Expression element : e.elements()) {
            Expr expr;
            if (element instanceof Expression.ArrayConstructor inner) {
                expr = array(scope, inner, arrayType, elementType, typmod);
                nested = true;
            } else {
                expr = analyze(scope, element);
                nested |= analysis.types.element(expr.type().oid()) != 0;
            }
            elements.add(expr);
        }
        boolean hard = arrayType != 0;
        int array = arrayType;
        int element = elementType;
        int target;
        if (hard) {
            target = nested ? array : element;
        } else {
            if (elements.isEmpty()) {
                throw analysis.error(SqlState.INDETERMINATE_DATATYPE, "cannot determine type of empty array",
                        e.position()).withHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].");
            }
            target = analysis.coercion.commonType(elements, "ARRAY");
            array = nested ? target : analysis.types.arrayOf(target);
            element = nested ? analysis.types.element(target) : target;
            if (array == 0 || element == 0) {
                throw analysis.error(SqlState.UNDEFINED_OBJECT, "could not find " + (nested ? "element" : "array")
                        + " type for data type " + analysis.formatType(target), e.position());
            }
        }
        List<Expr> converted = new ArrayList<>();
        for (Expr expr : elements) {
            converted.add(hard ? analysis.coercion.toTargetOrFail(scope, expr, target, typmod,
                    Coercion.Context.EXPLICIT, CoercionForm.EXPLICIT_CAST, -1)
                    : analysis.coercion.toCommon(scope, expr, target, "ARRAY"));
        }
        int collation = collation(converted, array);
        int resultTypmod = converted.isEmpty() ? -1 : Coercion.commonTypmod(converted, target);
        return new Expr.ArrayExpr(converted, analysis.pgType(element), nested, analysis.pgType(array),
                resultTypmod, collation, Origin.at(e.position()));
    }

    private Expr collate(Scope scope, Expression.Collate e) {
        Expr operand = analyze(scope, e.operand());
        int type = operand.type().oid();
        if (analysis.types.collationOf(type) == 0 && type != Oids.UNKNOWN) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "collations are not supported by type "
                    + analysis.formatType(type), e.position());
        }
        int collation = Collations.find(analysis, e.collation(), e.position());
        return new Expr.CollateExpr(operand, operand.type(), operand.typmod(), collation, Origin.at(e.position()));
    }

    private Expr sqlValue(Expression.SqlValueFunction e) {
        int type = switch (e.kind()) {
            case CURRENT_DATE -> Oids.DATE;
            case CURRENT_TIME -> Oids.TIMETZ;
            case CURRENT_TIMESTAMP -> Oids.TIMESTAMPTZ;
            case LOCALTIME -> Oids.TIME;
            case LOCALTIMESTAMP -> Oids.TIMESTAMP;
            case CURRENT_ROLE, CURRENT_USER, USER, SESSION_USER, CURRENT_CATALOG, CURRENT_SCHEMA -> Oids.NAME;
        };
        return new Expr.SqlValueFunction(Expr.SqlValueKind.valueOf(e.kind().name()), analysis.pgType(type),
                Math.min(e.precision(), 6), analysis.types.collationOf(type), Origin.at(e.position()));
    }

    /** Rejects NamedArguments that were not in a call. */
    static boolean isPlain(Expr expr) {
        return !Exprs.contains(expr, Expr.NamedArgument.class::isInstance);
    }
}
