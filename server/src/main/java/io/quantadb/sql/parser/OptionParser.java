package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Option lists of the several styles, and index elements, which many statements share. */
abstract class OptionParser extends QueryParser {
    OptionParser(String sql) {
        super(sql);
    }

    /** {@code WITH (...)} of relations; empty if there is no WITH followed by a parenthesis. */
    final List<Option> withOptions() {
        if (at(Keyword.WITH) && peekIs('(')) {
            advance();
            return relationOptions();
        }
        return List.of();
    }

    /** {@code ([namespace.]name [= value], ...)}. */
    final List<Option> relationOptions() {
        expect('(');
        List<Option> options = new ArrayList<>();
        do {
            int start = token.start;
            String namespace = null;
            String name = label();
            if (accept('.')) {
                namespace = name;
                name = label();
            }
            options.add(accept('=') ? definitionValue(namespace, name, start)
                    : new Option(namespace, name, null, null, start));
        } while (accept(','));
        expect(')');
        return options;
    }

    /** {@code (name [= value], ...)} as CREATE AGGREGATE and CREATE TYPE have it. */
    final List<Option> definition() {
        return relationOptions();
    }

    /** A value of a definition: word, operator, number, string or type. */
    private Option definitionValue(String namespace, String name, int start) {
        int at = token.start;
        Expression value = null;
        TypeName type = null;
        if (atNumber()) {
            value = signedNumber();
        } else if (at(Token.STRING)) {
            value = new StringLiteral(string(), at);
        } else if (atOperator()) {
            value = new StringLiteral(anyOperator(), at);
        } else if (at(Keyword.OPERATOR) && peekIs('(')) {
            QualifiedName operator = qualifiedOperator();
            value = new StringLiteral(operator.name(), at);
        } else if (at(Token.KEYWORD) && token.keyword.category() == Keyword.Category.RESERVED
                || at(Keyword.NONE)) {
            value = new StringLiteral(label(), at);
        } else if (isLabel(token) && singleWordFollows()) {
            value = new StringLiteral(label(), at);
        } else {
            type = typeName();
        }
        return new Option(namespace, name, value, type, start);
    }

    private boolean singleWordFollows() {
        int next = peek(1).type;
        return next == ',' || next == ')' || next == Token.EOF;
    }

    final boolean atNumber() {
        if (at('+') || at('-')) {
            int next = peek(1).type;
            return next == Token.INTEGER || next == Token.DECIMAL;
        }
        return at(Token.INTEGER) || at(Token.DECIMAL);
    }

    final NumberLiteral signedNumber() {
        int start = token.start;
        boolean minus = at('-');
        if (minus || at('+')) {
            advance();
        }
        if (!at(Token.INTEGER) && !at(Token.DECIMAL)) {
            throw syntaxError();
        }
        boolean integral = token.text.chars().allMatch(c -> c >= '0' && c <= '9');
        String text = minus ? '-' + token.text : token.text;
        advance();
        return new NumberLiteral(text, integral, start);
    }

    /** {@code (name [value], ...)} as EXPLAIN, VACUUM, COPY have it; lists and star for COPY. */
    final List<Option> utilityOptions() {
        expect('(');
        List<Option> options = new ArrayList<>();
        do {
            int start = token.start;
            String name = label();
            options.add(new Option(null, name.equals("analyse") ? "analyze" : name, utilityValue(), null, start));
        } while (accept(','));
        expect(')');
        return options;
    }

    private Expression utilityValue() {
        int start = token.start;
        if (at(',') || at(')')) {
            return null;
        }
        if (atNumber()) {
            return signedNumber();
        }
        if (at(Token.STRING)) {
            return new StringLiteral(string(), start);
        }
        if (accept('*')) {
            return new Expression.ColumnRef(List.of(), true, start);
        }
        if (accept('(')) {
            List<Expression> words = new ArrayList<>();
            do {
                int at = token.start;
                words.add(new StringLiteral(booleanOrString(), at));
            } while (accept(','));
            expect(')');
            return new Expression.Row(words, false, start);
        }
        return new StringLiteral(booleanOrString(), start);
    }

    /** TRUE, FALSE, ON, a word or a string, as text. */
    final String booleanOrString() {
        if (at(Keyword.TRUE) || at(Keyword.FALSE) || at(Keyword.ON)) {
            return label();
        }
        return nonReservedWordOrString();
    }

    /** {@code OPTIONS (name 'value', ADD|SET|DROP name ...)}: action words become the namespace. */
    final List<Option> genericOptions() {
        expect('(');
        List<Option> options = new ArrayList<>();
        do {
            int start = token.start;
            String action = null;
            if ((at(Keyword.ADD) || at(Keyword.SET) || at(Keyword.DROP)) && isLabel(peek(1))) {
                action = label();
            }
            String name = label();
            int at = token.start;
            Expression value = "drop".equals(action) ? null : new StringLiteral(string(), at);
            options.add(new Option(action, name, value, null, start));
        } while (accept(','));
        expect(')');
        return options;
    }

    final Option flag(String name, int start) {
        return new Option(null, name, null, null, start);
    }

    final Option option(String name, String value, int start) {
        return new Option(null, name, new StringLiteral(value, start), null, start);
    }

    // ---- index elements

    final List<IndexElement> indexElements() {
        expect('(');
        List<IndexElement> elements = new ArrayList<>(2);
        do {
            elements.add(indexElement());
        } while (accept(','));
        expect(')');
        return elements;
    }

    final IndexElement indexElement() {
        int start = token.start;
        String column = null;
        Expression expression = null;
        String text = null;
        int next = peek(1).type;
        if (at('(')) {
            advance();
            int from = token.start;
            expression = expression();
            text = textFrom(from);
            expect(')');
        } else if (atColumnId() && next != '(' && next != '.') {
            column = columnId();
        } else {
            expression = functionExpression();
            text = textFrom(start);
        }
        QualifiedName collation = accept(Keyword.COLLATE) ? qualifiedName() : null;
        QualifiedName opclass = null;
        List<Option> opclassOptions = List.of();
        boolean nullsFollow = at(Keyword.NULLS) && (peekIs(Keyword.FIRST) || peekIs(Keyword.LAST));
        if (atColumnId() && !nullsFollow) {
            opclass = qualifiedName();
            if (at('(')) {
                opclassOptions = relationOptions();
            }
        }
        OrderItem.Direction direction = direction();
        return new IndexElement(column, expression, text, collation, opclass, opclassOptions, direction, nulls(),
                start);
    }
}
