package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.Cast;
import io.quantadb.sql.ast.Expression.CastForm;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Functions with SQL's own argument syntax, turned into calls of the pg_catalog functions that carry them out. */
abstract class SpecialFunctionParser extends PrimaryParser {
    SpecialFunctionParser(String sql) {
        super(sql);
    }

    @Override
    final Expression specialFunction() {
        int start = token.start;
        Keyword keyword = token.keyword;
        switch (keyword) {
            case COLLATION -> {
                advance();
                expect(Keyword.FOR);
                expect('(');
                Expression operand = expression();
                expect(')');
                return sqlFunction("pg_collation_for", List.of(operand), start);
            }
            case EXTRACT -> {
                return extract(start);
            }
            case NORMALIZE -> {
                return normalize(start);
            }
            case OVERLAY -> {
                return overlay(start);
            }
            case POSITION -> {
                return position(start);
            }
            case SUBSTRING -> {
                return substring(start);
            }
            case TREAT -> {
                return treat(start);
            }
            case TRIM -> {
                return trim(start);
            }
            default -> throw xmlNotSupported(start);
        }
    }

    private void open() {
        advance();
        expect('(');
    }

    private Expression extract(int start) {
        open();
        int fieldStart = token.start;
        boolean known = at(Token.IDENT) || at(Token.STRING) || at(Keyword.YEAR) || at(Keyword.MONTH)
                || at(Keyword.DAY) || at(Keyword.HOUR) || at(Keyword.MINUTE) || at(Keyword.SECOND);
        if (!known) {
            throw syntaxError();
        }
        Expression field = new StringLiteral(token.text, fieldStart);
        advance();
        expect(Keyword.FROM);
        Expression source = expression();
        expect(')');
        return sqlFunction("extract", List.of(field, source), start);
    }

    private Expression normalize(int start) {
        open();
        Expression operand = expression();
        List<Expression> arguments = List.of(operand);
        if (accept(',')) {
            if (!at(Keyword.NFC) && !at(Keyword.NFD) && !at(Keyword.NFKC) && !at(Keyword.NFKD)) {
                throw syntaxError();
            }
            arguments = List.of(operand, new StringLiteral(token.keyword.name(), token.start));
            advance();
        }
        expect(')');
        return sqlFunction("normalize", arguments, start);
    }

    /** The rest of an ordinary call after its first argument; at the comma or closing parenthesis. */
    private Expression plainCall(String name, Expression first, int start) {
        List<Expression> arguments = new ArrayList<>();
        arguments.add(first);
        while (accept(',')) {
            arguments.add(callArgument());
        }
        expect(')');
        return new Expression.FunctionCall(QualifiedName.of(name, start), arguments, false, false, false, List.of(),
                false, null, null, false, start);
    }

    private Expression emptyCall(String name, int start) {
        expect(')');
        return new Expression.FunctionCall(QualifiedName.of(name, start), List.of(), false, false, false, List.of(),
                false, null, null, false, start);
    }

    private Expression callArgument() {
        if (isTypeOrFunctionName(token) && (peekIs(Token.EQUALS_GREATER) || peekIs(Token.COLON_EQUALS))) {
            int start = token.start;
            String name = token.text;
            advance();
            advance();
            return new Expression.NamedArgument(name, expression(), start);
        }
        return expression();
    }

    private Expression overlay(int start) {
        open();
        if (at(')')) {
            return emptyCall("overlay", start);
        }
        Expression target = callArgument();
        if (!accept(Keyword.PLACING)) {
            return plainCall("overlay", target, start);
        }
        Expression replacement = expression();
        expect(Keyword.FROM);
        Expression from = expression();
        List<Expression> arguments = List.of(target, replacement, from);
        if (accept(Keyword.FOR)) {
            arguments = List.of(target, replacement, from, expression());
        }
        expect(')');
        return sqlFunction("overlay", arguments, start);
    }

    private Expression position(int start) {
        open();
        Expression part = restrictedExpression();
        expect(Keyword.IN);
        Expression whole = restrictedExpression();
        expect(')');
        return sqlFunction("position", List.of(whole, part), start);
    }

    private Expression substring(int start) {
        open();
        if (at(')')) {
            return emptyCall("substring", start);
        }
        Expression source = callArgument();
        List<Expression> arguments;
        if (accept(Keyword.FROM)) {
            Expression from = expression();
            arguments = accept(Keyword.FOR) ? List.of(source, from, expression()) : List.of(source, from);
        } else if (accept(Keyword.FOR)) {
            Expression length = expression();
            if (accept(Keyword.FROM)) {
                arguments = List.of(source, expression(), length);
            } else {
                TypeName int4 = new TypeName(QualifiedName.system("int4"), null, false, List.of(), List.of(), -1);
                arguments = List.of(source, new NumberLiteral("1", true, -1),
                        new Cast(length, int4, CastForm.CAST, -1));
            }
        } else if (accept(Keyword.SIMILAR)) {
            Expression pattern = expression();
            expect(Keyword.ESCAPE);
            arguments = List.of(source, pattern, expression());
        } else {
            return plainCall("substring", source, start);
        }
        expect(')');
        return sqlFunction("substring", arguments, start);
    }

    private Expression treat(int start) {
        open();
        Expression operand = expression();
        expect(Keyword.AS);
        TypeName type = typeName();
        expect(')');
        return sqlFunction(type.name().name(), List.of(operand), start);
    }

    private Expression trim(int start) {
        open();
        String name = "btrim";
        if (accept(Keyword.LEADING)) {
            name = "ltrim";
        } else if (accept(Keyword.TRAILING)) {
            name = "rtrim";
        } else {
            accept(Keyword.BOTH);
        }
        List<Expression> arguments;
        if (accept(Keyword.FROM)) {
            arguments = expressionList();
        } else {
            Expression first = expression();
            if (accept(Keyword.FROM)) {
                arguments = new ArrayList<>(expressionList());
                arguments.add(first);
            } else {
                arguments = new ArrayList<>();
                arguments.add(first);
                while (accept(',')) {
                    arguments.add(expression());
                }
            }
        }
        expect(')');
        return sqlFunction(name, arguments, start);
    }
}
