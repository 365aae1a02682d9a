package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.QueryBody.GroupBy;
import io.quantadb.sql.ast.QueryBody.GroupingElement;
import io.quantadb.sql.ast.QueryBody.IntoClause;
import io.quantadb.sql.ast.QueryBody.Select;
import io.quantadb.sql.ast.QueryBody.SelectItem;
import io.quantadb.sql.ast.QueryBody.SetOperation;
import io.quantadb.sql.ast.QueryBody.SetOperator;
import io.quantadb.sql.ast.QueryBody.Values;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.Window;
import io.quantadb.sql.ast.WithClause;
import io.quantadb.sql.ast.WithClause.CommonTableExpression;
import io.quantadb.sql.ast.WithClause.CycleClause;
import io.quantadb.sql.ast.WithClause.SearchClause;
import java.util.ArrayList;
import java.util.List;

/** SELECT, VALUES, TABLE, set operations, and the clauses around them. */
abstract class QueryParser extends FromParser {
    private static final int UNION_LEVEL = 1;
    private static final int INTERSECT_LEVEL = 2;

    QueryParser(String sql) {
        super(sql);
    }

    /** A statement that PREPARE, COPY and WITH accept: a query or a change of rows. */
    abstract Statement preparable();

    @Override
    final Query query() {
        int start = token.start;
        WithClause with = at(Keyword.WITH) ? withClause() : null;
        return queryAfterWith(with, start);
    }

    final Query queryAfterWith(WithClause with, int start) {
        QueryBody body = setOperations(term(), UNION_LEVEL);
        return withTail(with, body, start);
    }

    @Override
    final Query continueQuery(Query parenthesized) {
        QueryBody body = setOperations(unwrap(parenthesized), UNION_LEVEL);
        return withTail(null, body, parenthesized.position());
    }

    private static QueryBody unwrap(Query query) {
        return query.isPlain() ? query.body() : query;
    }

    private QueryBody setOperations(QueryBody first, int min) {
        QueryBody left = first;
        while (at(Token.KEYWORD)) {
            SetOperator operator = switch (token.keyword) {
                case UNION -> SetOperator.UNION;
                case INTERSECT -> SetOperator.INTERSECT;
                case EXCEPT -> SetOperator.EXCEPT;
                default -> null;
            };
            int level = operator == SetOperator.INTERSECT ? INTERSECT_LEVEL : UNION_LEVEL;
            if (operator == null || level < min) {
                break;
            }
            int start = token.start;
            advance();
            boolean all = accept(Keyword.ALL);
            if (!all) {
                accept(Keyword.DISTINCT);
            }
            QueryBody right = setOperations(term(), level + 1);
            left = new SetOperation(operator, all, left, right, start);
        }
        return left;
    }

    private QueryBody term() {
        int start = token.start;
        if (at('(')) {
            enter();
            advance();
            Query inner = query();
            expect(')');
            leave();
            return unwrap(inner);
        }
        if (at(Keyword.SELECT)) {
            return select();
        }
        if (at(Keyword.VALUES)) {
            return values();
        }
        if (accept(Keyword.TABLE)) {
            FromItem table = relation();
            SelectItem all = new SelectItem(new Expression.ColumnRef(List.of(), true, start), null, start);
            return new Select(false, List.of(), List.of(all), null, List.of(table), null, null, null, List.of(),
                    start);
        }
        throw syntaxError();
    }

    // ---- clauses around

    /** ORDER BY, LIMIT and locking clauses; merged into a body that is itself a parenthesised query. */
    private Query withTail(WithClause with, QueryBody body, int start) {
        List<OrderItem> orderBy = at(Keyword.ORDER) ? orderBy() : List.of();
        Query.Limit limit = null;
        List<Query.Locking> locking = List.of();
        boolean more = at(Token.KEYWORD);
        while (more) {
            if (limit == null && (at(Keyword.LIMIT) || at(Keyword.OFFSET) || at(Keyword.FETCH))) {
                limit = limit();
            } else if (at(Keyword.FOR) && locking.isEmpty()) {
                locking = locking();
            } else {
                more = false;
            }
        }
        Query query = body instanceof Query inner
                ? merge(inner, with, orderBy, limit, locking, start)
                : new Query(with, body, orderBy, limit, locking, start);
        checkTies(query);
        return query;
    }

    private Query merge(Query inner, WithClause with, List<OrderItem> orderBy, Query.Limit limit,
                        List<Query.Locking> locking, int start) {
        if (!orderBy.isEmpty() && !inner.orderBy().isEmpty()) {
            throw error("multiple ORDER BY clauses not allowed", orderBy.getFirst().expression().position());
        }
        Query.Limit merged = limit == null ? inner.limit() : limit;
        if (limit != null && inner.limit() != null) {
            Query.Limit old = inner.limit();
            if (limit.offset() != null && old.offset() != null) {
                throw error("multiple OFFSET clauses not allowed", limit.offset().position());
            }
            if (limit.count() != null && old.count() != null) {
                throw error("multiple LIMIT clauses not allowed", limit.count().position());
            }
            merged = new Query.Limit(limit.count() != null ? limit.count() : old.count(),
                    limit.offset() != null ? limit.offset() : old.offset(), limit.withTies() || old.withTies(),
                    limit.position());
        }
        if (with != null && inner.with() != null) {
            throw error("multiple WITH clauses not allowed", with.position());
        }
        List<Query.Locking> allLocking = inner.locking();
        if (!locking.isEmpty()) {
            allLocking = new ArrayList<>(allLocking);
            allLocking.addAll(locking);
        }
        return new Query(with != null ? with : inner.with(), inner.body(),
                orderBy.isEmpty() ? inner.orderBy() : orderBy, merged, allLocking, start);
    }

    private void checkTies(Query query) {
        if (query.limit() == null || !query.limit().withTies()) {
            return;
        }
        if (query.orderBy().isEmpty()) {
            throw error("WITH TIES cannot be specified without ORDER BY clause", -1);
        }
        for (Query.Locking lock : query.locking()) {
            if (lock.waitPolicy() == Query.WaitPolicy.SKIP_LOCKED) {
                throw error("SKIP LOCKED and WITH TIES options cannot be used together", -1);
            }
        }
    }

    private Query.Limit limit() {
        int start = token.start;
        Expression count = null;
        Expression offset = null;
        boolean ties = false;
        boolean limitSeen = false;
        boolean offsetSeen = false;
        while (true) {
            if (at(Keyword.LIMIT) && !limitSeen) {
                limitSeen = true;
                int limitStart = token.start;
                advance();
                count = accept(Keyword.ALL) ? new Expression.NullLiteral(-1) : expression();
                if (at(',')) {
                    throw error("LIMIT #,# syntax is not supported", limitStart)
                            .withHint("Use separate LIMIT and OFFSET clauses.");
                }
            } else if (at(Keyword.FETCH) && !limitSeen) {
                limitSeen = true;
                advance();
                if (!accept(Keyword.FIRST)) {
                    expect(Keyword.NEXT);
                }
                count = at(Keyword.ROW) || at(Keyword.ROWS)
                        ? new Expression.NumberLiteral("1", true, -1) : fetchCount();
                if (!accept(Keyword.ROW)) {
                    expect(Keyword.ROWS);
                }
                ties = accept(Keyword.WITH);
                expect(ties ? Keyword.TIES : Keyword.ONLY);
            } else if (at(Keyword.OFFSET) && !offsetSeen) {
                offsetSeen = true;
                advance();
                offset = expression();
                if (!accept(Keyword.ROW)) {
                    accept(Keyword.ROWS);
                }
            } else {
                return new Query.Limit(count, offset, ties, start);
            }
        }
    }

    private Expression fetchCount() {
        int start = token.start;
        if (!at('+') && !at('-')) {
            return primary();
        }
        boolean minus = at('-');
        advance();
        if (!at(Token.INTEGER) && !at(Token.DECIMAL)) {
            throw syntaxError();
        }
        String text = (minus ? "-" : "") + token.text;
        boolean integral = at(Token.INTEGER);
        advance();
        return new Expression.NumberLiteral(text, integral, start);
    }

    private List<Query.Locking> locking() {
        List<Query.Locking> list = new ArrayList<>();
        while (at(Keyword.FOR)) {
            int start = token.start;
            advance();
            if (accept(Keyword.READ)) {
                expect(Keyword.ONLY);
                return list;
            }
            Query.LockStrength strength;
            if (accept(Keyword.UPDATE)) {
                strength = Query.LockStrength.UPDATE;
            } else if (accept(Keyword.SHARE)) {
                strength = Query.LockStrength.SHARE;
            } else if (accept(Keyword.NO)) {
                expect(Keyword.KEY, Keyword.UPDATE);
                strength = Query.LockStrength.NO_KEY_UPDATE;
            } else {
                expect(Keyword.KEY, Keyword.SHARE);
                strength = Query.LockStrength.KEY_SHARE;
            }
            List<QualifiedName> tables = accept(Keyword.OF) ? qualifiedNames() : List.of();
            Query.WaitPolicy wait = Query.WaitPolicy.BLOCK;
            if (accept(Keyword.NOWAIT)) {
                wait = Query.WaitPolicy.NOWAIT;
            } else if (accept(Keyword.SKIP)) {
                expect(Keyword.LOCKED);
                wait = Query.WaitPolicy.SKIP_LOCKED;
            }
            list.add(new Query.Locking(strength, tables, wait, start));
        }
        return list;
    }

    // ---- WITH

    final WithClause withClause() {
        int start = token.start;
        expect(Keyword.WITH);
        boolean recursive = accept(Keyword.RECURSIVE);
        List<CommonTableExpression> tables = new ArrayList<>();
        do {
            tables.add(commonTableExpression());
        } while (accept(','));
        return new WithClause(recursive, tables, start);
    }

    private CommonTableExpression commonTableExpression() {
        int start = token.start;
        String name = columnId();
        List<Identifier> columns = optionalIdentifiers();
        expect(Keyword.AS);
        Boolean materialized = null;
        if (accept(Keyword.NOT)) {
            expect(Keyword.MATERIALIZED);
            materialized = false;
        } else if (accept(Keyword.MATERIALIZED)) {
            materialized = true;
        }
        expect('(');
        enter();
        Statement statement = preparable();
        leave();
        expect(')');
        SearchClause search = at(Keyword.SEARCH) ? search() : null;
        CycleClause cycle = at(Keyword.CYCLE) ? cycle() : null;
        return new CommonTableExpression(name, columns, materialized, statement, search, cycle, start);
    }

    private SearchClause search() {
        int start = token.start;
        advance();
        boolean breadth = accept(Keyword.BREADTH);
        if (!breadth) {
            expect(Keyword.DEPTH);
        }
        expect(Keyword.FIRST, Keyword.BY);
        List<Identifier> columns = identifiers();
        expect(Keyword.SET);
        return new SearchClause(breadth, columns, columnId(), start);
    }

    private CycleClause cycle() {
        int start = token.start;
        advance();
        List<Identifier> columns = identifiers();
        expect(Keyword.SET);
        String mark = columnId();
        Expression value = null;
        Expression otherwise = null;
        if (accept(Keyword.TO)) {
            value = primary();
            expect(Keyword.DEFAULT);
            otherwise = primary();
        }
        expect(Keyword.USING);
        return new CycleClause(columns, mark, value, otherwise, columnId(), start);
    }

    // ---- SELECT and VALUES

    private Values values() {
        int start = token.start;
        advance();
        List<List<Expression>> rows = new ArrayList<>(1);
        do {
            expect('(');
            rows.add(expressionList());
            expect(')');
        } while (accept(','));
        return new Values(rows, start);
    }

    private Select select() {
        int start = token.start;
        advance();
        boolean distinct = accept(Keyword.DISTINCT);
        List<Expression> distinctOn = List.of();
        if (distinct) {
            if (accept(Keyword.ON)) {
                expect('(');
                distinctOn = expressionList();
                expect(')');
            }
        } else {
            accept(Keyword.ALL);
        }
        List<SelectItem> items = distinct || !atEmptyTargetList() ? selectItems() : List.of();
        IntoClause into = at(Keyword.INTO) ? into() : null;
        List<FromItem> from = accept(Keyword.FROM) ? fromList() : List.of();
        Expression where = accept(Keyword.WHERE) ? expression() : null;
        GroupBy groupBy = at(Keyword.GROUP) ? groupBy() : null;
        Expression having = accept(Keyword.HAVING) ? expression() : null;
        List<Window> windows = at(Keyword.WINDOW) ? windowClause() : List.of();
        return new Select(distinct, distinctOn, items, into, from, where, groupBy, having, windows, start);
    }

    private boolean atEmptyTargetList() {
        if (!at(Token.KEYWORD)) {
            return atEnd() || at(')');
        }
        return switch (token.keyword) {
            case FROM, INTO, WHERE, GROUP, HAVING, WINDOW, UNION, INTERSECT, EXCEPT, ORDER, LIMIT, OFFSET, FETCH, FOR,
                    ON, RETURNING, WITH -> true;
            default -> false;
        };
    }

    final List<SelectItem> selectItems() {
        SelectItem first = selectItem();
        if (!at(',')) {
            return List.of(first);
        }
        List<SelectItem> items = new ArrayList<>();
        items.add(first);
        while (accept(',')) {
            items.add(selectItem());
        }
        return items;
    }

    private SelectItem selectItem() {
        int start = token.start;
        if (accept('*')) {
            return new SelectItem(new Expression.ColumnRef(List.of(), true, start), null, start);
        }
        Expression expression = expression();
        String alias = null;
        if (accept(Keyword.AS)) {
            alias = label();
        } else if (at(Token.IDENT) || at(Token.KEYWORD) && token.keyword.bareLabel()) {
            alias = label();
        }
        return new SelectItem(expression, alias, start);
    }

    private IntoClause into() {
        int start = token.start;
        advance();
        Persistence persistence = Persistence.PERMANENT;
        if (at(Keyword.TEMPORARY) || at(Keyword.TEMP)) {
            advance();
            persistence = Persistence.TEMPORARY;
        } else if ((at(Keyword.LOCAL) || at(Keyword.GLOBAL))
                && (peekIs(Keyword.TEMPORARY) || peekIs(Keyword.TEMP))) {
            advance();
            advance();
            persistence = Persistence.TEMPORARY;
        } else if (accept(Keyword.UNLOGGED)) {
            persistence = Persistence.UNLOGGED;
        }
        accept(Keyword.TABLE);
        return new IntoClause(persistence, qualifiedName(), start);
    }

    private GroupBy groupBy() {
        int start = token.start;
        advance();
        expect(Keyword.BY);
        boolean distinct = accept(Keyword.DISTINCT);
        if (!distinct) {
            accept(Keyword.ALL);
        }
        return new GroupBy(distinct, groupingElements(), start);
    }

    private List<GroupingElement> groupingElements() {
        List<GroupingElement> elements = new ArrayList<>(2);
        do {
            elements.add(groupingElement());
        } while (accept(','));
        return elements;
    }

    private GroupingElement groupingElement() {
        int start = token.start;
        if (at('(') && peekIs(')')) {
            advance();
            advance();
            return new GroupingElement.Empty(start);
        }
        if ((at(Keyword.ROLLUP) || at(Keyword.CUBE)) && peekIs('(')) {
            boolean rollup = at(Keyword.ROLLUP);
            advance();
            advance();
            List<Expression> expressions = expressionList();
            expect(')');
            return rollup ? new GroupingElement.Rollup(expressions, start)
                    : new GroupingElement.Cube(expressions, start);
        }
        if (at(Keyword.GROUPING, Keyword.SETS)) {
            advance();
            advance();
            expect('(');
            enter();
            List<GroupingElement> elements = groupingElements();
            leave();
            expect(')');
            return new GroupingElement.Sets(elements, start);
        }
        return new GroupingElement.Simple(expression(), start);
    }
}
