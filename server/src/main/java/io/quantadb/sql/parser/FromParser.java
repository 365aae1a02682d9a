package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Alias;
import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.FromItem.FunctionRef;
import io.quantadb.sql.ast.FromItem.Join;
import io.quantadb.sql.ast.FromItem.JoinKind;
import io.quantadb.sql.ast.FromItem.RowsFromElement;
import io.quantadb.sql.ast.FromItem.SubqueryRef;
import io.quantadb.sql.ast.FromItem.TableRef;
import io.quantadb.sql.ast.FromItem.TableSample;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** FROM: tables, functions, subqueries, joins. */
abstract class FromParser extends WindowParser {
    FromParser(String sql) {
        super(sql);
    }

    final List<FromItem> fromList() {
        FromItem first = tableReference();
        if (!at(',')) {
            return List.of(first);
        }
        List<FromItem> items = new ArrayList<>();
        items.add(first);
        while (accept(',')) {
            items.add(tableReference());
        }
        return items;
    }

    final FromItem tableReference() {
        enter();
        FromItem item = joins(tablePrimary());
        leave();
        return item;
    }

    private boolean atJoin() {
        if (!at(Token.KEYWORD)) {
            return false;
        }
        return switch (token.keyword) {
            case JOIN, INNER, LEFT, RIGHT, FULL, CROSS, NATURAL -> true;
            default -> false;
        };
    }

    private FromItem joins(FromItem first) {
        FromItem left = first;
        while (atJoin()) {
            int start = token.start;
            if (accept(Keyword.CROSS)) {
                expect(Keyword.JOIN);
                left = new Join(JoinKind.CROSS, false, left, tablePrimary(), null, List.of(), null, null, start);
                continue;
            }
            boolean natural = accept(Keyword.NATURAL);
            JoinKind kind = joinKind();
            expect(Keyword.JOIN);
            FromItem right = tablePrimary();
            if (natural) {
                left = new Join(kind, true, left, right, null, List.of(), null, null, start);
                continue;
            }
            if (atJoin()) {
                // The condition of this join comes after those of the joins on its right side.
                enter();
                right = joins(right);
                leave();
            }
            left = condition(kind, left, right, start);
        }
        return left;
    }

    private JoinKind joinKind() {
        JoinKind kind = JoinKind.INNER;
        if (accept(Keyword.INNER)) {
            return kind;
        }
        if (accept(Keyword.LEFT)) {
            kind = JoinKind.LEFT;
        } else if (accept(Keyword.RIGHT)) {
            kind = JoinKind.RIGHT;
        } else if (accept(Keyword.FULL)) {
            kind = JoinKind.FULL;
        } else {
            return kind;
        }
        accept(Keyword.OUTER);
        return kind;
    }

    private FromItem condition(JoinKind kind, FromItem left, FromItem right, int start) {
        if (accept(Keyword.USING)) {
            List<Identifier> columns = parenthesizedIdentifiers();
            Alias alias = null;
            if (accept(Keyword.AS)) {
                int aliasStart = token.start;
                alias = new Alias(columnId(), List.of(), aliasStart);
            }
            return new Join(kind, false, left, right, null, columns, alias, null, start);
        }
        expect(Keyword.ON);
        return new Join(kind, false, left, right, expression(), List.of(), null, null, start);
    }

    private FromItem tablePrimary() {
        int start = token.start;
        if (at('(')) {
            return parenthesizedItem(false, start);
        }
        if (at(Token.KEYWORD)) {
            switch (token.keyword) {
                case LATERAL -> {
                    advance();
                    return at('(') ? parenthesizedItem(true, start) : function(true, start);
                }
                case ONLY -> {
                    return sampled(aliased(relation()));
                }
                case ROWS -> {
                    if (peekIs(Keyword.FROM)) {
                        return function(false, start);
                    }
                }
                default -> {
                    if (!isColumnId(token) || atFunction()) {
                        return function(false, start);
                    }
                }
            }
        }
        QualifiedName name = tableOrFunctionName();
        if (at('(')) {
            return functionTail(List.of(new RowsFromElement(application(name, start), List.of())), false, false,
                    start);
        }
        accept('*');
        return sampled(aliased(new TableRef(name, false, null, null, start)));
    }

    private QualifiedName tableOrFunctionName() {
        int start = token.start;
        String first = columnId();
        return qualified(first, start);
    }

    /** Whether the keyword here starts a function with special syntax rather than a table's name. */
    private boolean atFunction() {
        if (!peekIs('(')) {
            return false;
        }
        return !token.keyword.isTypeOrFunctionName();
    }

    private FromItem aliased(TableRef table) {
        Alias alias = alias();
        return alias == null ? table : new TableRef(table.name(), table.only(), alias, null, table.position());
    }

    /** TABLESAMPLE. */
    private FromItem sampled(FromItem item) {
        if (!at(Keyword.TABLESAMPLE) || !(item instanceof TableRef table)) {
            return item;
        }
        int start = token.start;
        advance();
        QualifiedName method = functionName();
        expect('(');
        List<Expression> arguments = expressionList();
        expect(')');
        Expression repeatable = null;
        if (accept(Keyword.REPEATABLE)) {
            expect('(');
            repeatable = expression();
            expect(')');
        }
        return new TableRef(table.name(), table.only(), table.alias(),
                new TableSample(method, arguments, repeatable, start), table.position());
    }

    /** A table without alias: {@code name}, {@code name *}, {@code ONLY name}, {@code ONLY (name)}. */
    final TableRef relation() {
        int start = token.start;
        if (!accept(Keyword.ONLY)) {
            QualifiedName name = qualifiedName();
            accept('*');
            return new TableRef(name, false, null, null, start);
        }
        boolean parentheses = accept('(');
        QualifiedName name = qualifiedName();
        if (parentheses) {
            expect(')');
        }
        return new TableRef(name, true, null, null, name.position());
    }

    /** {@code [AS] name [(columns)]}, or null. */
    final Alias alias() {
        int start = token.start;
        boolean as = accept(Keyword.AS);
        if (!as && !atColumnId()) {
            return null;
        }
        String name = columnId();
        return new Alias(name, optionalIdentifiers(), start);
    }

    private FromItem parenthesizedItem(boolean lateral, int start) {
        enter();
        expect('(');
        Object inner = lateral ? lateralQuery() : queryOrJoin();
        expect(')');
        leave();
        return inner instanceof Query query ? subquery(query, lateral, start) : aliasedJoin((Join) inner);
    }

    private Query lateralQuery() {
        return query();
    }

    private FromItem subquery(Query query, boolean lateral, int start) {
        Alias alias = alias();
        if (alias == null) {
            boolean values = query.body() instanceof QueryBody.Values;
            throw error((values ? "VALUES" : "subquery") + " in FROM must have an alias", start)
                    .withHint("For example, FROM (" + (values ? "VALUES" : "SELECT") + " ...) [AS] foo.");
        }
        return new SubqueryRef(query, lateral, alias, start);
    }

    private FromItem aliasedJoin(Join join) {
        Alias alias = alias();
        return alias == null ? join
                : new Join(join.kind(), join.natural(), join.left(), join.right(), join.on(), join.using(),
                        join.usingAlias(), alias, join.position());
    }

    /**
     * Inside parentheses in FROM: a {@link Query} or a {@link Join}; see {@link #queryOrExpressions} for the
     * method.
     */
    private Object queryOrJoin() {
        if (atQueryStart()) {
            return query();
        }
        if (!at('(')) {
            return requireJoin(tablePrimary());
        }
        enter();
        int start = token.start;
        advance();
        Object inner = queryOrJoin();
        expect(')');
        leave();
        if (inner instanceof Query query) {
            if (at(')')) {
                return query;
            }
            return atQueryContinuation() ? continueQuery(query) : requireJoin(subquery(query, false, start));
        }
        FromItem left = aliasedJoin((Join) inner);
        return at(')') && left == inner ? left : requireJoin(left);
    }

    private Join requireJoin(FromItem left) {
        if (!atJoin()) {
            throw syntaxError();
        }
        return (Join) joins(left);
    }

    // ---- functions

    private FromItem function(boolean lateral, int start) {
        if (at(Keyword.ROWS, Keyword.FROM)) {
            advance();
            advance();
            expect('(');
            List<RowsFromElement> functions = new ArrayList<>();
            do {
                Expression call = functionExpression();
                List<ColumnDefinition> columns = List.of();
                if (accept(Keyword.AS)) {
                    columns = columnDefinitions();
                }
                functions.add(new RowsFromElement(call, columns));
            } while (accept(','));
            expect(')');
            return functionTail(functions, true, lateral, start);
        }
        if (at(Keyword.XMLTABLE)) {
            throw notSupported("XMLTABLE is not supported", start);
        }
        return functionTail(List.of(new RowsFromElement(functionExpression(), List.of())), false, lateral, start);
    }

    /** A call without OVER, FILTER and WITHIN GROUP, including the ones with special syntax. */
    final Expression functionExpression() {
        int start = token.start;
        if (at(Token.IDENT) || at(Token.KEYWORD) && isTypeOrFunctionName(token) && !at(Keyword.COLLATION)
                && !at(Keyword.CURRENT_SCHEMA)) {
            return application(functionName(), start);
        }
        Token next = peek(1);
        if (next.type == '.' && isColumnId(token)) {
            return application(functionName(), start);
        }
        boolean callable = at(Token.KEYWORD) && switch (token.keyword) {
            case CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP, CURRENT_ROLE,
                    CURRENT_USER, USER, SESSION_USER, CURRENT_CATALOG, CURRENT_SCHEMA, COLLATION, CAST -> true;
            case COALESCE, NULLIF, GREATEST, LEAST, EXTRACT, NORMALIZE, OVERLAY, POSITION, SUBSTRING, TREAT, TRIM,
                    XMLCONCAT, XMLELEMENT, XMLEXISTS, XMLFOREST, XMLPARSE, XMLPI, XMLROOT, XMLSERIALIZE ->
                    next.type == '(';
            default -> false;
        };
        if (!callable) {
            throw syntaxError();
        }
        return primary();
    }

    private FromItem functionTail(List<RowsFromElement> functions, boolean rowsFrom, boolean lateral, int start) {
        boolean ordinality = accept(Keyword.WITH, Keyword.ORDINALITY);
        int aliasStart = token.start;
        boolean as = accept(Keyword.AS);
        if (as && at('(')) {
            return new FunctionRef(functions, rowsFrom, ordinality, lateral, null, columnDefinitions(), start);
        }
        if (!as && !atColumnId()) {
            return new FunctionRef(functions, rowsFrom, ordinality, lateral, null, List.of(), start);
        }
        String name = columnId();
        List<Identifier> names = List.of();
        List<ColumnDefinition> columns = List.of();
        if (at('(')) {
            Token separator = peek(2);
            if (separator.type == ',' || separator.type == ')') {
                names = parenthesizedIdentifiers();
            } else {
                columns = columnDefinitions();
            }
        }
        return new FunctionRef(functions, rowsFrom, ordinality, lateral, new Alias(name, names, aliasStart), columns,
                start);
    }

    /** {@code (name type [COLLATE x], ...)}. */
    private List<ColumnDefinition> columnDefinitions() {
        expect('(');
        List<ColumnDefinition> columns = new ArrayList<>();
        do {
            columns.add(plainColumn());
        } while (accept(','));
        expect(')');
        return columns;
    }

    /** {@code name type [COLLATE x]}. */
    final ColumnDefinition plainColumn() {
        int start = token.start;
        String name = columnId();
        TypeName type = typeName();
        QualifiedName collation = accept(Keyword.COLLATE) ? qualifiedName() : null;
        return new ColumnDefinition(name, type, null, collation, List.of(), List.of(), start);
    }
}
