package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.And;
import io.quantadb.sql.ast.Expression.Between;
import io.quantadb.sql.ast.Expression.Binary;
import io.quantadb.sql.ast.Expression.Cast;
import io.quantadb.sql.ast.Expression.CastForm;
import io.quantadb.sql.ast.Expression.Collate;
import io.quantadb.sql.ast.Expression.FunctionCall;
import io.quantadb.sql.ast.Expression.InList;
import io.quantadb.sql.ast.Expression.InSubquery;
import io.quantadb.sql.ast.Expression.IsDistinct;
import io.quantadb.sql.ast.Expression.IsKind;
import io.quantadb.sql.ast.Expression.IsTest;
import io.quantadb.sql.ast.Expression.Like;
import io.quantadb.sql.ast.Expression.LikeKind;
import io.quantadb.sql.ast.Expression.Not;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.Expression.Or;
import io.quantadb.sql.ast.Expression.QuantifiedArray;
import io.quantadb.sql.ast.Expression.QuantifiedSubquery;
import io.quantadb.sql.ast.Expression.Row;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.Expression.Unary;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators: precedence climbing over PostgreSQL's table.
 *
 * <p>{@code restricted} marks PostgreSQL's b_expr, the subset for places where AND, IN, IS and the like would be
 * ambiguous
 * (BETWEEN's lower bound, DEFAULT values, POSITION). Comparison and pattern operators do not associate: two in a row
 * are a
 * syntax error, as there.
 *
 * <p>Source: PostgreSQL documentation, "Operator Precedence".
 */
abstract class ExpressionParser extends NameParser {
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int COMPARISON = 5;
    private static final int PATTERN = 6;
    private static final int OPERATOR = 8;
    private static final int ADDITION = 9;
    private static final int MULTIPLICATION = 10;
    private static final int POWER = 11;
    private static final int AT_ZONE = 12;
    private static final int COLLATE = 13;
    private static final int UNARY_MINUS = 14;

    ExpressionParser(String sql) {
        super(sql);
    }

    /** A whole query, from SELECT, VALUES, TABLE, WITH or a parenthesis on. */
    abstract Query query();

    /** Goes on after a parenthesised query with set operations, ORDER BY and so on. */
    abstract Query continueQuery(Query parenthesized);

    /** An operand with everything that binds closer than any operator; no prefix operators. */
    abstract Expression primary();

    @Override
    final Expression expression() {
        return expression(0, false);
    }

    /** PostgreSQL's b_expr. */
    final Expression restrictedExpression() {
        return expression(0, true);
    }

    @Override
    final List<Expression> expressionList() {
        Expression first = expression();
        if (!at(',')) {
            return List.of(first);
        }
        List<Expression> list = new ArrayList<>();
        list.add(first);
        while (accept(',')) {
            list.add(expression());
        }
        return list;
    }

    private Expression expression(int min, boolean restricted) {
        enter();
        Expression result = climb(operand(restricted), min, restricted);
        leave();
        return result;
    }

    /** Prefix operators, or a primary. */
    private Expression operand(boolean restricted) {
        int start = token.start;
        switch (token.type) {
            case '-' -> {
                advance();
                return negate(expression(UNARY_MINUS, restricted), start);
            }
            case '+' -> {
                advance();
                return new Unary(null, "+", expression(UNARY_MINUS, restricted), start);
            }
            case Token.OPERATOR -> {
                String operator = token.text;
                advance();
                return new Unary(null, operator, expression(OPERATOR + 1, restricted), start);
            }
            case Token.KEYWORD -> {
                if (token.keyword == Keyword.NOT && !restricted) {
                    advance();
                    return new Not(expression(NOT, false), start);
                }
                if (token.keyword == Keyword.OPERATOR && peekIs('(')) {
                    QualifiedName name = qualifiedOperator();
                    return new Unary(name.schema(), name.name(), expression(OPERATOR + 1, restricted), start);
                }
                return primary();
            }
            default -> {
                return primary();
            }
        }
    }

    /** A minus before a number is part of it, so that the smallest integers can be written. */
    private Expression negate(Expression operand, int start) {
        if (!stored && operand instanceof NumberLiteral number) {
            String text = number.text();
            String negated = text.charAt(0) == '-' ? text.substring(1) : '-' + text;
            return new NumberLiteral(negated, number.integral(), start);
        }
        return new Unary(null, "-", operand, start);
    }

    /** Takes operators of at least level {@code min} after {@code left}. */
    final Expression climb(Expression left, int min, boolean restricted) {
        int nonAssociative = 0;
        while (true) {
            int level;
            switch (token.type) {
                case '<', '>', '=', Token.LESS_EQUALS, Token.GREATER_EQUALS, Token.NOT_EQUALS -> level = COMPARISON;
                case Token.OPERATOR -> level = OPERATOR;
                case '+', '-' -> level = ADDITION;
                case '*', '/', '%' -> level = MULTIPLICATION;
                case '^' -> level = POWER;
                case Token.TYPECAST -> {
                    int start = token.start;
                    advance();
                    left = new Cast(left, typeName(), CastForm.DOUBLE_COLON, start);
                    continue;
                }
                case Token.KEYWORD -> {
                    level = keywordLevel(restricted);
                    if (level == 0 || level < min) {
                        return left;
                    }
                    if (level == nonAssociative) {
                        throw syntaxError();
                    }
                    if (level != OPERATOR) {
                        boolean blocks = blocksRepetition(level);
                        left = keywordOperator(left, level, restricted);
                        nonAssociative = blocks ? level : 0;
                        continue;
                    }
                }
                default -> {
                    return left;
                }
            }
            if (level < min) {
                return left;
            }
            if (level == nonAssociative) {
                throw syntaxError();
            }
            left = symbolOperator(left, level, restricted);
            nonAssociative = level == COMPARISON && left instanceof Binary ? COMPARISON : 0;
        }
    }

    private Expression symbolOperator(Expression left, int level, boolean restricted) {
        int start = token.start;
        String schema = null;
        String operator;
        if (token.type == Token.KEYWORD) {
            QualifiedName name = qualifiedOperator();
            schema = name.schema();
            operator = name.name();
        } else {
            operator = operatorText();
            advance();
        }
        if (!restricted && token.type == Token.KEYWORD && atQuantifier()) {
            return quantified(left, schema, operator, start);
        }
        return new Binary(schema, operator, left, expression(level + 1, restricted), start);
    }

    /** The current operator token's characters; single-character ones without allocation. */
    private String operatorText() {
        return switch (token.type) {
            case '<' -> "<";
            case '>' -> ">";
            case '=' -> "=";
            case '+' -> "+";
            case '-' -> "-";
            case '*' -> "*";
            case '/' -> "/";
            case '%' -> "%";
            case '^' -> "^";
            default -> token.text;
        };
    }

    final boolean atOperator() {
        return switch (token.type) {
            case '<', '>', '=', '+', '-', '*', '/', '%', '^', Token.OPERATOR, Token.LESS_EQUALS,
                    Token.GREATER_EQUALS, Token.NOT_EQUALS -> true;
            default -> false;
        };
    }

    /** A bare operator, as in CREATE OPERATOR; {@code !=} comes out as {@code <>}. */
    final String anyOperator() {
        if (!atOperator()) {
            throw syntaxError();
        }
        String text = operatorText();
        advance();
        return text;
    }

    /** {@code schema.op} or {@code op}. */
    final QualifiedName operatorName() {
        int start = token.start;
        String schema = null;
        String catalog = null;
        while (atColumnId()) {
            if (catalog != null) {
                throw error("improper qualified name (too many dotted names)", start);
            }
            catalog = schema;
            schema = columnId();
            expect('.');
        }
        return new QualifiedName(catalog, schema, anyOperator(), start);
    }

    /** {@code OPERATOR(schema.op)}, at the keyword. */
    final QualifiedName qualifiedOperator() {
        expect(Keyword.OPERATOR);
        expect('(');
        QualifiedName name = operatorName();
        expect(')');
        return name;
    }

    private boolean atQuantifier() {
        return token.keyword == Keyword.ANY || token.keyword == Keyword.SOME || token.keyword == Keyword.ALL;
    }

    private Expression quantified(Expression left, String schema, String operator, int start) {
        boolean all = token.keyword == Keyword.ALL;
        advance();
        expect('(');
        Object content = queryOrExpressions(false);
        expect(')');
        if (content instanceof Query query) {
            return new QuantifiedSubquery(left, schema, operator, all, query, start);
        }
        return new QuantifiedArray(left, schema, operator, all, (Expression) content, start);
    }

    /** The level of a keyword operator at the current token, 0 if it is none. */
    private int keywordLevel(boolean restricted) {
        switch (token.keyword) {
            case OR -> {
                return restricted ? 0 : OR;
            }
            case AND -> {
                return restricted ? 0 : AND;
            }
            case IS -> {
                return IS;
            }
            case ISNULL, NOTNULL -> {
                return restricted ? 0 : IS;
            }
            case BETWEEN, IN, LIKE, ILIKE -> {
                return restricted ? 0 : PATTERN;
            }
            case SIMILAR -> {
                // SUBSTRING(x SIMILAR pattern ESCAPE e) has the word without TO.
                return restricted || !peekIs(Keyword.TO) ? 0 : PATTERN;
            }
            case NOT -> {
                return restricted || !patternFollows(peek(1)) ? 0 : PATTERN;
            }
            case OPERATOR -> {
                return peekIs('(') ? OPERATOR : 0;
            }
            case AT -> {
                return !restricted && peekIs(Keyword.TIME) ? AT_ZONE : 0;
            }
            case COLLATE -> {
                return restricted ? 0 : COLLATE;
            }
            case OVERLAPS -> {
                return restricted ? 0 : UNARY_MINUS + 1;
            }
            default -> {
                return 0;
            }
        }
    }

    private static boolean patternFollows(Token t) {
        if (t.type != Token.KEYWORD) {
            return false;
        }
        return switch (t.keyword) {
            case BETWEEN, IN, LIKE, ILIKE, SIMILAR -> true;
            default -> false;
        };
    }

    /** Whether the operator at the current token ends in an operand, so that an equal one may not follow. */
    private boolean blocksRepetition(int level) {
        if (level == PATTERN) {
            Keyword keyword = token.keyword == Keyword.NOT ? peek(1).keyword : token.keyword;
            return keyword != Keyword.IN;
        }
        if (level == IS && token.keyword == Keyword.IS) {
            return peekIs(Keyword.DISTINCT) || peekIs(Keyword.NOT) && peek(2).keyword == Keyword.DISTINCT;
        }
        return false;
    }

    private Expression keywordOperator(Expression left, int level, boolean restricted) {
        int start = token.start;
        Keyword keyword = token.keyword;
        switch (keyword) {
            case OR -> {
                return new Or(chain(left, Keyword.OR, AND), start);
            }
            case AND -> {
                return new And(chain(left, Keyword.AND, NOT), start);
            }
            case IS -> {
                advance();
                return is(left, start, restricted);
            }
            case ISNULL, NOTNULL -> {
                advance();
                return new IsTest(left, IsKind.NULL, keyword == Keyword.NOTNULL, start);
            }
            case AT -> {
                advance();
                expect(Keyword.TIME, Keyword.ZONE);
                return sqlFunction("timezone", List.of(expression(AT_ZONE + 1, false), left), start);
            }
            case COLLATE -> {
                advance();
                return new Collate(left, qualifiedName(), start);
            }
            case OVERLAPS -> {
                advance();
                return overlaps(left, start);
            }
            default -> {
                return pattern(left);
            }
        }
    }

    /**
     * Operands of a chain of one logical operator, without recursion along the chain. A chain in parentheses at the
     * left end is part of it, others are not: that is what PostgreSQL prints.
     */
    private List<Expression> chain(Expression left, Keyword keyword, int level) {
        List<Expression> operands = new ArrayList<>(4);
        if (!stored && keyword == Keyword.AND && left instanceof And and) {
            operands.addAll(and.operands());
        } else if (!stored && keyword == Keyword.OR && left instanceof Or or) {
            operands.addAll(or.operands());
        } else {
            operands.add(left);
        }
        while (accept(keyword)) {
            operands.add(expression(level, false));
        }
        return operands;
    }

    /** After IS. */
    private Expression is(Expression left, int start, boolean restricted) {
        boolean negated = accept(Keyword.NOT);
        if (!at(Token.KEYWORD)) {
            throw syntaxError();
        }
        Keyword keyword = token.keyword;
        if (keyword == Keyword.DISTINCT) {
            advance();
            expect(Keyword.FROM);
            return new IsDistinct(left, expression(IS + 1, restricted), negated, start);
        }
        if (keyword == Keyword.DOCUMENT) {
            advance();
            return new IsTest(left, IsKind.DOCUMENT, negated, start);
        }
        if (restricted) {
            throw syntaxError();
        }
        IsKind kind = switch (keyword) {
            case NULL -> IsKind.NULL;
            case TRUE -> IsKind.TRUE;
            case FALSE -> IsKind.FALSE;
            case UNKNOWN -> IsKind.UNKNOWN;
            case NFC, NFD, NFKC, NFKD, NORMALIZED -> null;
            default -> throw syntaxError();
        };
        if (kind != null) {
            advance();
            return new IsTest(left, kind, negated, start);
        }
        List<Expression> arguments = List.of(left);
        if (keyword != Keyword.NORMALIZED) {
            arguments = List.of(left, new StringLiteral(keyword.name(), token.start));
            advance();
        }
        expect(Keyword.NORMALIZED);
        Expression call = sqlFunction("is_normalized", arguments, start);
        return negated ? new Not(call, start) : call;
    }

    /** BETWEEN, IN, LIKE, ILIKE and SIMILAR TO with or without NOT. */
    private Expression pattern(Expression left) {
        int start = token.start;
        boolean negated = accept(Keyword.NOT);
        Keyword keyword = token.keyword;
        advance();
        switch (keyword) {
            case BETWEEN -> {
                boolean symmetric = accept(Keyword.SYMMETRIC);
                if (!symmetric) {
                    accept(Keyword.ASYMMETRIC);
                }
                Expression low = restrictedExpression();
                expect(Keyword.AND);
                return new Between(left, low, expression(PATTERN + 1, false), symmetric, negated, start);
            }
            case IN -> {
                return in(left, negated, start);
            }
            case SIMILAR -> {
                expect(Keyword.TO);
                return like(left, LikeKind.SIMILAR_TO, negated, start);
            }
            default -> {
                boolean insensitive = keyword == Keyword.ILIKE;
                if (at(Token.KEYWORD) && atQuantifier()) {
                    String operator = (negated ? "!~~" : "~~") + (insensitive ? "*" : "");
                    return quantified(left, null, operator, start);
                }
                return like(left, insensitive ? LikeKind.ILIKE : LikeKind.LIKE, negated, start);
            }
        }
    }

    private Expression like(Expression left, LikeKind kind, boolean negated, int start) {
        Expression pattern = expression(PATTERN + 1, false);
        Expression escape = accept(Keyword.ESCAPE) ? expression(PATTERN + 1, false) : null;
        return new Like(left, pattern, escape, kind, negated, start);
    }

    private Expression in(Expression left, boolean negated, int start) {
        expect('(');
        Object content = queryOrExpressions();
        expect(')');
        if (content instanceof Query query) {
            return new InSubquery(left, query, negated, start);
        }
        return new InList(left, asList(content), negated, start);
    }

    @SuppressWarnings("unchecked")
    private static List<Expression> asList(Object content) {
        return content instanceof Expression single ? List.of(single) : (List<Expression>) content;
    }

    private Expression overlaps(Expression left, int start) {
        int rightStart = token.start;
        Expression right = primary();
        if (!(left instanceof Row leftRow) || !(right instanceof Row rightRow)) {
            throw error("syntax error at or near \"" + sql.substring(start, start + "overlaps".length()) + "\"",
                    start);
        }
        if (leftRow.fields().size() != 2) {
            throw error("wrong number of parameters on left side of OVERLAPS expression", leftRow.position());
        }
        if (rightRow.fields().size() != 2) {
            throw error("wrong number of parameters on right side of OVERLAPS expression", rightStart);
        }
        List<Expression> arguments = new ArrayList<>(leftRow.fields());
        arguments.addAll(rightRow.fields());
        return sqlFunction("overlaps", arguments, start);
    }

    /** A call that SQL's special syntax stands for. */
    static FunctionCall sqlFunction(String name, List<Expression> arguments, int start) {
        return new FunctionCall(QualifiedName.system(name), arguments, false, false, false, List.of(), false, null,
                null, true, start);
    }

    // ---- parentheses

    /** Whether a query starts at the current token (not counting parentheses). */
    final boolean atQueryStart() {
        if (token.type != Token.KEYWORD) {
            return false;
        }
        return switch (token.keyword) {
            case SELECT, WITH, TABLE -> true;
            case VALUES -> peekIs('(');
            default -> false;
        };
    }

    /** Whether the current token can only go on with a query after a parenthesised one. */
    final boolean atQueryContinuation() {
        if (token.type != Token.KEYWORD) {
            return false;
        }
        return switch (token.keyword) {
            case UNION, INTERSECT, EXCEPT, ORDER, LIMIT, OFFSET, FETCH, FOR -> true;
            default -> false;
        };
    }

    /**
     * What stands between an opening parenthesis (consumed) and its closing one (not consumed): a {@link Query}, one
     * {@link Expression}, or a List of two or more.
     *
     * <p>Nested parentheses make query and expression look alike for any number of tokens; so the inside is read
     * first and
     * what it turned out to be decides how to go on. Nothing is read twice.
     */
    final Object queryOrExpressions() {
        return queryOrExpressions(true);
    }

    private Object queryOrExpressions(boolean listAllowed) {
        if (atQueryStart()) {
            enter();
            Query query = query();
            leave();
            return query;
        }
        Expression first;
        if (at('(')) {
            enter();
            int start = token.start;
            advance();
            Object inner = queryOrExpressions();
            expect(')');
            if (inner instanceof Query query) {
                if (at(')')) {
                    leave();
                    return query;
                }
                if (atQueryContinuation()) {
                    Query whole = continueQuery(query);
                    leave();
                    return whole;
                }
            }
            first = climb(closeParentheses(inner, start), 0, false);
            leave();
        } else {
            first = expression();
        }
        if (!listAllowed || !at(',')) {
            return first;
        }
        List<Expression> list = new ArrayList<>();
        list.add(first);
        while (accept(',')) {
            list.add(expression());
        }
        return list;
    }

    /** {@code ( ... )} as an operand, at the opening parenthesis. */
    final Expression parenthesized() {
        int start = token.start;
        advance();
        enter();
        Object content = queryOrExpressions();
        leave();
        expect(')');
        return closeParentheses(content, start);
    }

    /** Makes an operand of what stood in parentheses; subscripts may follow. */
    private Expression closeParentheses(Object content, int start) {
        if (content instanceof Query query) {
            return indirection(new Expression.ScalarSubquery(query, start));
        }
        if (content instanceof Expression expression) {
            return indirection(expression);
        }
        return new Row(asList(content), false, start);
    }

    /** Subscripts and fields after an operand that allows them. */
    abstract Expression indirection(Expression base);

    /** 0A000 for XMLELEMENT and its relatives. */
    final SqlException xmlNotSupported(int start) {
        return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "XML functions are not supported")
                .atOffset(sql, start);
    }
}
