package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.Accessor;
import io.quantadb.sql.ast.Expression.ArrayConstructor;
import io.quantadb.sql.ast.Expression.ArraySubquery;
import io.quantadb.sql.ast.Expression.BitStringLiteral;
import io.quantadb.sql.ast.Expression.BooleanLiteral;
import io.quantadb.sql.ast.Expression.Case;
import io.quantadb.sql.ast.Expression.Cast;
import io.quantadb.sql.ast.Expression.CastForm;
import io.quantadb.sql.ast.Expression.Coalesce;
import io.quantadb.sql.ast.Expression.ColumnRef;
import io.quantadb.sql.ast.Expression.DefaultValue;
import io.quantadb.sql.ast.Expression.Exists;
import io.quantadb.sql.ast.Expression.FunctionCall;
import io.quantadb.sql.ast.Expression.Grouping;
import io.quantadb.sql.ast.Expression.Indirection;
import io.quantadb.sql.ast.Expression.MinMax;
import io.quantadb.sql.ast.Expression.NamedArgument;
import io.quantadb.sql.ast.Expression.NullIf;
import io.quantadb.sql.ast.Expression.NullLiteral;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.Expression.Parameter;
import io.quantadb.sql.ast.Expression.Row;
import io.quantadb.sql.ast.Expression.SqlValueFunction;
import io.quantadb.sql.ast.Expression.SqlValueKind;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.Expression.When;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.sql.ast.Window;
import java.util.ArrayList;
import java.util.List;

/** Operands: literals, columns, calls, CASE, ARRAY, subqueries, typed literals. */
abstract class PrimaryParser extends ExpressionParser {
    PrimaryParser(String sql) {
        super(sql);
    }

    abstract List<OrderItem> orderBy();

    abstract Window over();

    /** Functions whose arguments are separated by words; at the function's name, a parenthesis follows. */
    abstract Expression specialFunction();

    @Override
    final Expression primary() {
        int start = token.start;
        switch (token.type) {
            case Token.INTEGER -> {
                return number(true, start);
            }
            case Token.DECIMAL -> {
                return number(isDigits(token.text), start);
            }
            case Token.STRING -> {
                return new StringLiteral(string(), start);
            }
            case Token.PARAMETER -> {
                Expression parameter = new Parameter(token.value, start);
                advance();
                return indirection(parameter);
            }
            case Token.BIT_STRING, Token.HEX_STRING -> {
                Expression bits = new BitStringLiteral(token.text, token.type == Token.HEX_STRING, start);
                advance();
                return bits;
            }
            case '(' -> {
                return parenthesized();
            }
            case Token.IDENT -> {
                return identifierExpression();
            }
            case Token.KEYWORD -> {
                return keywordExpression();
            }
            default -> throw syntaxError();
        }
    }

    private Expression number(boolean integral, int start) {
        Expression literal = new NumberLiteral(token.text, integral, start);
        advance();
        return literal;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private Expression keywordExpression() {
        int start = token.start;
        switch (token.keyword) {
            case NULL -> {
                advance();
                return new NullLiteral(start);
            }
            case TRUE, FALSE -> {
                boolean value = token.keyword == Keyword.TRUE;
                advance();
                return new BooleanLiteral(value, start);
            }
            case DEFAULT -> {
                advance();
                return new DefaultValue(start);
            }
            case CASE -> {
                return caseExpression();
            }
            case CAST -> {
                return cast();
            }
            case ARRAY -> {
                return array();
            }
            case UNIQUE -> throw uniquePredicate(start);
            case CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP, CURRENT_ROLE,
                    CURRENT_USER, USER, SESSION_USER, CURRENT_CATALOG -> {
                return valueFunction();
            }
            case CURRENT_SCHEMA -> {
                return peekIs('(') ? identifierExpression() : valueFunction();
            }
            case COLLATION -> {
                return peekIs(Keyword.FOR) ? specialFunction() : identifierExpression();
            }
            case EXISTS, ROW, COALESCE, NULLIF, GREATEST, LEAST, GROUPING, EXTRACT, NORMALIZE, OVERLAY, POSITION,
                    SUBSTRING, TREAT, TRIM, XMLATTRIBUTES, XMLCONCAT, XMLELEMENT, XMLEXISTS, XMLFOREST, XMLPARSE,
                    XMLPI, XMLROOT, XMLSERIALIZE -> {
                return peekIs('(') ? builtinCall() : identifierExpression();
            }
            case INT, INTEGER, SMALLINT, BIGINT, REAL, FLOAT, DOUBLE, DECIMAL, DEC, NUMERIC, BOOLEAN, BIT, CHARACTER,
                    CHAR, NCHAR, VARCHAR, NATIONAL, TIMESTAMP, TIME, INTERVAL -> {
                return atTypedLiteral() ? typedLiteral() : identifierExpression();
            }
            default -> {
                return identifierExpression();
            }
        }
    }

    private RuntimeException uniquePredicate(int start) {
        if (!peekIs('(')) {
            advance();
            return syntaxError();
        }
        return notSupported("UNIQUE predicate is not yet implemented", start);
    }

    /** Whether the type keyword at the current token begins {@code type 'value'} rather than naming a column. */
    private boolean atTypedLiteral() {
        Token next = peek(1);
        if (next.type == Token.STRING || next.type == '(') {
            return true;
        }
        if (next.type != Token.KEYWORD) {
            return false;
        }
        return switch (next.keyword) {
            case PRECISION -> token.keyword == Keyword.DOUBLE;
            case VARYING -> true;
            case CHAR, CHARACTER -> token.keyword == Keyword.NATIONAL;
            case WITH, WITHOUT -> (token.keyword == Keyword.TIME || token.keyword == Keyword.TIMESTAMP)
                    && peek(2).keyword == Keyword.TIME;
            default -> false;
        };
    }

    private Expression typedLiteral() {
        int start = token.start;
        boolean interval = token.keyword == Keyword.INTERVAL;
        TypeName type = builtinType(true);
        int valueStart = token.start;
        String value = string();
        if (interval && type.modifiers().isEmpty()) {
            List<Expression> fields = intervalFields();
            if (!fields.isEmpty()) {
                type = new TypeName(type.name(), null, false, fields, List.of(), start);
            }
        }
        return new Cast(new StringLiteral(value, valueStart), type, CastForm.TYPED_LITERAL, start);
    }

    /** Something that starts with a name: a column, a call, or {@code type 'value'}. */
    private Expression identifierExpression() {
        int start = token.start;
        boolean column = isColumnId(token);
        boolean function = isTypeOrFunctionName(token);
        if (!column && !function) {
            throw syntaxError();
        }
        String first = token.text;
        advance();
        switch (token.type) {
            case '.' -> {
                if (!column) {
                    throw syntaxError();
                }
                return dotted(first, start);
            }
            case '(' -> {
                if (!function) {
                    throw syntaxError();
                }
                return call(QualifiedName.of(first, start), start);
            }
            case Token.STRING -> {
                if (!function) {
                    throw syntaxError();
                }
                return genericLiteral(QualifiedName.of(first, start), List.of(), start);
            }
            default -> {
                if (!column) {
                    throw syntaxError();
                }
                Expression reference = new ColumnRef(List.of(first), false, start);
                return at('[') ? indirection(reference) : reference;
            }
        }
    }

    private Expression dotted(String first, int start) {
        List<String> fields = null;
        String second = null;
        while (accept('.')) {
            if (accept('*')) {
                List<String> path = fields != null ? fields : second != null ? List.of(first, second) : List.of(first);
                return wholeRow(path, start);
            }
            String field = label();
            if (second == null) {
                second = field;
            } else {
                if (fields == null) {
                    fields = new ArrayList<>(4);
                    fields.add(first);
                    fields.add(second);
                }
                fields.add(field);
            }
        }
        List<String> path = fields != null ? fields : List.of(first, second);
        return switch (token.type) {
            case '(' -> call(name(path, start), start);
            case Token.STRING -> genericLiteral(name(path, start), List.of(), start);
            case '[' -> indirection(new ColumnRef(path, false, start));
            default -> new ColumnRef(path, false, start);
        };
    }

    private Expression wholeRow(List<String> path, int start) {
        Expression row = new ColumnRef(path, true, start);
        if (at('.') || at('[')) {
            indirection(row);
            throw near("improper use of \"*\"", token);
        }
        return row;
    }

    private QualifiedName name(List<String> path, int start) {
        int n = path.size();
        if (n > 3) {
            throw error("improper qualified name (too many dotted names): " + String.join(".", path), start);
        }
        return new QualifiedName(n == 3 ? path.get(0) : null, path.get(n - 2), path.get(n - 1), start);
    }

    private Expression genericLiteral(QualifiedName type, List<Expression> modifiers, int start) {
        int valueStart = token.start;
        String value = string();
        return new Cast(new StringLiteral(value, valueStart),
                new TypeName(type, null, false, modifiers, List.of(), start), CastForm.TYPED_LITERAL, start);
    }

    @Override
    final Expression indirection(Expression base) {
        if (!at('[') && !at('.')) {
            return base;
        }
        List<Accessor> accessors = accessors();
        return new Indirection(base, accessors, base.position());
    }

    /** Zero or more of {@code .name}, {@code .*}, {@code [i]}, {@code [a:b]}. */
    final List<Accessor> accessors() {
        if (!at('[') && !at('.')) {
            return List.of();
        }
        List<Accessor> accessors = new ArrayList<>(2);
        boolean complete = false;
        while (at('[') || at('.')) {
            if (complete) {
                skipAccessors();
                throw near("improper use of \"*\"", token);
            }
            int start = token.start;
            if (accept('[')) {
                accessors.add(subscript(start));
            } else {
                advance();
                int nameStart = token.start;
                if (accept('*')) {
                    accessors.add(new Accessor.AllFields(nameStart));
                    complete = true;
                } else {
                    accessors.add(new Accessor.Field(label(), nameStart));
                }
            }
        }
        return accessors;
    }

    private void skipAccessors() {
        while (at('[') || at('.')) {
            int start = token.start;
            if (accept('[')) {
                subscript(start);
            } else {
                advance();
                if (!accept('*')) {
                    label();
                }
            }
        }
    }

    private Accessor subscript(int start) {
        if (accept(':')) {
            Expression upper = at(']') ? null : expression();
            expect(']');
            return new Accessor.Slice(null, upper, start);
        }
        Expression lower = expression();
        if (accept(':')) {
            Expression upper = at(']') ? null : expression();
            expect(']');
            return new Accessor.Slice(lower, upper, start);
        }
        expect(']');
        return new Accessor.Index(lower, start);
    }

    // ---- calls

    /** A call whose name is read; at the opening parenthesis. Also {@code name(modifiers) 'literal'}. */
    private Expression call(QualifiedName name, int start) {
        FunctionCall call = application(name, start);
        if (at(Token.STRING) && !call.star() && !call.distinct() && !call.variadic() && call.orderBy().isEmpty()
                && !call.arguments().isEmpty()) {
            for (Expression argument : call.arguments()) {
                if (argument instanceof NamedArgument named) {
                    throw error("type modifier cannot have parameter name", named.position());
                }
            }
            return genericLiteral(name, call.arguments(), start);
        }
        return at(Token.KEYWORD) ? callSuffix(call) : call;
    }

    /** {@code name(arguments)} without the clauses behind. */
    final FunctionCall application(QualifiedName name, int start) {
        expect('(');
        boolean star = false;
        boolean distinct = false;
        boolean variadic = false;
        List<Expression> arguments = List.of();
        List<OrderItem> orderBy = List.of();
        if (accept('*')) {
            star = true;
        } else if (!at(')')) {
            distinct = accept(Keyword.DISTINCT);
            boolean quantified = distinct || accept(Keyword.ALL);
            if (at(Keyword.VARIADIC) && quantified) {
                throw syntaxError();
            }
            variadic = accept(Keyword.VARIADIC);
            arguments = List.of(argument());
            if (at(',') && !variadic) {
                arguments = new ArrayList<>(arguments);
                while (!variadic && accept(',')) {
                    variadic = !quantified && accept(Keyword.VARIADIC);
                    arguments.add(argument());
                }
            }
            if (at(Keyword.ORDER)) {
                orderBy = orderBy();
            }
        }
        expect(')');
        return new FunctionCall(name, arguments, star, distinct, variadic, orderBy, false, null, null, false, start);
    }

    private Expression argument() {
        if (isTypeOrFunctionName(token)) {
            int next = peek(1).type;
            if (next == Token.EQUALS_GREATER || next == Token.COLON_EQUALS) {
                int start = token.start;
                String name = token.text;
                advance();
                advance();
                return new NamedArgument(name, expression(), start);
            }
        }
        return expression();
    }

    /** WITHIN GROUP, FILTER and OVER. */
    final Expression callSuffix(FunctionCall call) {
        List<OrderItem> orderBy = call.orderBy();
        boolean withinGroup = false;
        int start = token.start;
        if (accept(Keyword.WITHIN)) {
            if (!orderBy.isEmpty()) {
                throw error("cannot use multiple ORDER BY clauses with WITHIN GROUP", start);
            }
            if (call.distinct()) {
                throw error("cannot use DISTINCT with WITHIN GROUP", start);
            }
            if (call.variadic()) {
                throw error("cannot use VARIADIC with WITHIN GROUP", start);
            }
            expect(Keyword.GROUP);
            expect('(');
            orderBy = orderBy();
            expect(')');
            withinGroup = true;
        }
        Expression filter = null;
        if (accept(Keyword.FILTER)) {
            expect('(');
            expect(Keyword.WHERE);
            filter = expression();
            expect(')');
        }
        Window over = at(Keyword.OVER) ? over() : null;
        if (!withinGroup && filter == null && over == null) {
            return call;
        }
        return new FunctionCall(call.name(), call.arguments(), call.star(), call.distinct(), call.variadic(), orderBy,
                withinGroup, filter, over, call.sqlSyntax(), call.position());
    }

    /** A keyword that makes a node of its own when a parenthesis follows. */
    private Expression builtinCall() {
        int start = token.start;
        Keyword keyword = token.keyword;
        switch (keyword) {
            case EXISTS -> {
                advance();
                return new Exists(parenthesizedQuery(), start);
            }
            case ROW -> {
                advance();
                advance();
                List<Expression> fields = at(')') ? List.of() : expressionList();
                expect(')');
                return new Row(fields, true, start);
            }
            case COALESCE, GREATEST, LEAST, GROUPING -> {
                advance();
                advance();
                List<Expression> operands = expressionList();
                expect(')');
                return switch (keyword) {
                    case COALESCE -> new Coalesce(operands, start);
                    case GROUPING -> new Grouping(operands, start);
                    default -> new MinMax(keyword == Keyword.GREATEST, operands, start);
                };
            }
            case NULLIF -> {
                advance();
                advance();
                Expression left = expression();
                expect(',');
                Expression right = expression();
                expect(')');
                return new NullIf(left, right, start);
            }
            default -> {
                Expression call = specialFunction();
                return call instanceof FunctionCall function && at(Token.KEYWORD) ? callSuffix(function) : call;
            }
        }
    }

    /** A query that must be in parentheses; at the opening one. */
    final Query parenthesizedQuery() {
        expect('(');
        int start = token.start;
        Object content = queryOrExpressions();
        if (content instanceof Query query) {
            expect(')');
            return query;
        }
        lexer.moveTo(start);
        Token first = new Token();
        lexer.next(first);
        throw syntaxError(first);
    }

    private Expression valueFunction() {
        int start = token.start;
        SqlValueKind kind = SqlValueKind.valueOf(token.keyword.name());
        advance();
        int precision = -1;
        boolean timed = switch (kind) {
            case CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP -> true;
            default -> false;
        };
        if (timed && accept('(')) {
            precision = integer();
            expect(')');
        }
        return new SqlValueFunction(kind, precision, start);
    }

    private Expression caseExpression() {
        int start = token.start;
        advance();
        Expression operand = at(Keyword.WHEN) ? null : expression();
        List<When> branches = new ArrayList<>();
        if (!at(Keyword.WHEN)) {
            throw syntaxError();
        }
        while (at(Keyword.WHEN)) {
            int whenStart = token.start;
            advance();
            Expression condition = expression();
            expect(Keyword.THEN);
            branches.add(new When(condition, expression(), whenStart));
        }
        Expression otherwise = accept(Keyword.ELSE) ? expression() : null;
        expect(Keyword.END);
        return new Case(operand, branches, otherwise, start);
    }

    private Expression cast() {
        int start = token.start;
        advance();
        expect('(');
        Expression operand = expression();
        expect(Keyword.AS);
        TypeName type = typeName();
        expect(')');
        return new Cast(operand, type, CastForm.CAST, start);
    }

    private Expression array() {
        int start = token.start;
        advance();
        if (at('(')) {
            return new ArraySubquery(parenthesizedQuery(), start);
        }
        if (!at('[')) {
            throw syntaxError();
        }
        return arrayElements(start);
    }

    /** {@code [a, b]} or {@code [[...], [...]]}, at the bracket. */
    private Expression arrayElements(int start) {
        enter();
        expect('[');
        List<Expression> elements = List.of();
        if (at('[')) {
            elements = new ArrayList<>();
            do {
                if (!at('[')) {
                    throw syntaxError();
                }
                elements.add(arrayElements(token.start));
            } while (accept(','));
        } else if (!at(']')) {
            elements = expressionList();
        }
        expect(']');
        leave();
        return new ArrayConstructor(elements, start);
    }
}
