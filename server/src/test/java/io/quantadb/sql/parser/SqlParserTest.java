package io.quantadb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.And;
import io.quantadb.sql.ast.Expression.Binary;
import io.quantadb.sql.ast.Expression.Cast;
import io.quantadb.sql.ast.Expression.ColumnRef;
import io.quantadb.sql.ast.Expression.FunctionCall;
import io.quantadb.sql.ast.Expression.InList;
import io.quantadb.sql.ast.Expression.IsTest;
import io.quantadb.sql.ast.Expression.Not;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.Expression.Or;
import io.quantadb.sql.ast.Expression.ScalarSubquery;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.Expression.Unary;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TypeName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: trees have the shape PostgreSQL's precedence and lexical rules give. Method: small texts, exact nodes. */
class SqlParserTest {
    private static Expression parse(String text) {
        return SqlParser.parseExpression(text);
    }

    /** Prints operators with full parentheses, enough to compare precedence. */
    private static String shape(Expression e) {
        return switch (e) {
            case NumberLiteral n -> n.text();
            case ColumnRef c -> String.join(".", c.fields());
            case StringLiteral s -> "'" + s.value() + "'";
            case Binary b -> "(" + shape(b.left()) + " " + b.operator() + " " + shape(b.right()) + ")";
            case Unary u -> "(" + u.operator() + " " + shape(u.operand()) + ")";
            case Not n -> "(not " + shape(n.operand()) + ")";
            case And a -> "(and " + String.join(" ", a.operands().stream().map(SqlParserTest::shape).toList()) + ")";
            case Or o -> "(or " + String.join(" ", o.operands().stream().map(SqlParserTest::shape).toList()) + ")";
            case IsTest t -> "(" + shape(t.operand()) + " is " + (t.negated() ? "not " : "") + t.kind() + ")";
            case Cast c -> "(" + shape(c.operand()) + "::" + c.type().name().name() + ")";
            case Expression.Between b -> "(" + shape(b.operand()) + " between " + shape(b.low()) + " and "
                    + shape(b.high()) + ")";
            case Expression.Like l -> "(" + shape(l.operand()) + " like " + shape(l.pattern()) + ")";
            case Expression.Collate c -> "(" + shape(c.operand()) + " collate " + c.collation().name() + ")";
            default -> e.getClass().getSimpleName();
        };
    }

    private static void assertShape(String expected, String text) {
        assertEquals(expected, shape(parse(text)));
    }

    @Test
    void shouldBindOperatorsAsPostgres() {
        assertShape("(1 + (2 * 3))", "1 + 2 * 3");
        assertShape("((1 - 2) - 3)", "1 - 2 - 3");
        assertShape("((2 ^ 3) ^ 2)", "2 ^ 3 ^ 2");
        assertShape("(-2 ^ 2)", "-2 ^ 2");
        assertShape("((- a) ^ 2)", "-a ^ 2");
        assertShape("(a || (b + c))", "a || b + c");
        assertShape("((a || b) < (c @> d))", "a || b < c @> d");
        assertShape("(a * (@ (b + c)))", "a * @ b + c");
        assertShape("(- (a::int4))", "-a::int");
        assertShape("((a collate C) || b)", "a collate \"C\" || b");
    }

    @Test
    void shouldBindLogicAsPostgres() {
        assertShape("(or a (and b (not c)))", "a or b and not c");
        assertShape("(not (a = b))", "not a = b");
        assertShape("((a = b) is NULL)", "a = b is null");
        assertShape("(not (a is not TRUE))", "not a is not true");
        assertShape("(and (a between 1 and 2) b)", "a between 1 and 2 and b");
        assertShape("(a < (b like c))", "a < b like c");
        assertShape("((a between (1 < 2) and 3) < 4)", "a between 1 < 2 and 3 < 4");
        assertShape("(and a (and b c) d)", "a and (b and c) and d");
    }

    @Test
    void shouldFoldMinusIntoNumbers() {
        assertEquals(new NumberLiteral("-9223372036854775808", true, 0), parse("-9223372036854775808"));
        assertEquals(new NumberLiteral("1.5e3", false, 0), parse("1.5e3"));
        assertEquals(new NumberLiteral("1", true, 0), parse("- -1"));
    }

    @Test
    void shouldReadOperatorsByTheirLongestForm() {
        assertShape("(a < -1)", "a <-1");
        assertShape("(a @- 1)", "a @-1");
        assertShape("(a <> b)", "a != b");
        assertShape("(a * (- b))", "a *-b");
        assertShape("(a + 1)", "a +--comment\n1");
        assertShape("(a @ (- b))", "a @ -b");
    }

    @Test
    void shouldDecodeStrings() {
        assertEquals("it's", ((StringLiteral) parse("'it''s'")).value());
        assertEquals("a\\n", ((StringLiteral) parse("'a\\n'")).value());
        assertEquals("a\nA\u00e9\uD83D\uDE00'",
                ((StringLiteral) parse("E'a\\n\\x41\\303\\251\\ud83d\\ude00\\''")).value());
        assertEquals("data", ((StringLiteral) parse("U&'d\\0061t\\+000061'")).value());
        assertEquals("ab", ((StringLiteral) parse("'a' -- more\n 'b'")).value());
        assertEquals(" $b$ ", ((StringLiteral) parse("$a$ $b$ $a$")).value());
    }

    @Test
    void shouldFoldAndTruncateNames() {
        assertEquals(List.of("abc"), ((ColumnRef) parse("AbC")).fields());
        assertEquals(List.of("AbC", "select"), ((ColumnRef) parse("\"AbC\".SELECT")).fields());
        assertEquals(List.of("\u00c4b"), ((ColumnRef) parse("\u00c4B")).fields());
        assertEquals(List.of("x".repeat(63)), ((ColumnRef) parse("x".repeat(70))).fields());
        assertEquals(List.of("\u00e9".repeat(31)), ((ColumnRef) parse("\u00e9".repeat(40))).fields());
    }

    @Test
    void shouldTurnSpecialSyntaxIntoCalls() {
        FunctionCall trim = (FunctionCall) parse("trim(leading 'x' from a)");
        assertEquals("ltrim", trim.name().name());
        assertTrue(trim.sqlSyntax());
        assertEquals(List.of("a", "'x'"), trim.arguments().stream().map(SqlParserTest::shape).toList());
        FunctionCall position = (FunctionCall) parse("position('a' in b)");
        assertEquals(List.of("b", "'a'"), position.arguments().stream().map(SqlParserTest::shape).toList());
        FunctionCall zone = (FunctionCall) parse("a at time zone 'UTC'");
        assertEquals("timezone", zone.name().name());
        assertEquals(List.of("'UTC'", "a"), zone.arguments().stream().map(SqlParserTest::shape).toList());
        assertFalse(((FunctionCall) parse("substring(a, 1)")).sqlSyntax());
    }

    @Test
    void shouldTellQueriesFromExpressionsInParentheses() {
        assertInstanceOf(ScalarSubquery.class, parse("((select 1))"));
        assertInstanceOf(Binary.class, parse("((select 1) + 1)"));
        assertInstanceOf(Expression.Row.class, parse("((select 1), 2)"));
        Query union = ((ScalarSubquery) parse("((select 1) union select 2)")).query();
        assertInstanceOf(QueryBody.SetOperation.class, union.body());
        assertInstanceOf(Expression.InSubquery.class, parse("a in ((select 1))"));
        assertInstanceOf(InList.class, parse("a in ((select 1), 2)"));
    }

    @Test
    void shouldNestJoinsByTheirConditions() {
        FromItem.Join outer = (FromItem.Join) from("select * from a join b join c on 1 = 1 on 2 = 2");
        assertInstanceOf(FromItem.TableRef.class, outer.left());
        assertInstanceOf(FromItem.Join.class, outer.right());
        FromItem.Join left = (FromItem.Join) from("select * from a cross join b join c on 1 = 1");
        assertInstanceOf(FromItem.Join.class, left.left());
    }

    private static FromItem from(String sql) {
        return ((QueryBody.Select) ((Query) statement(sql)).body()).from().getFirst();
    }

    private static Statement statement(String sql) {
        List<ParsedStatement> list = SqlParser.parse(sql);
        assertEquals(1, list.size());
        return list.getFirst().statement();
    }

    @Test
    void shouldGiveIntersectPrecedenceOverUnion() {
        Query query = (Query) statement("select 1 union select 2 intersect select 3");
        QueryBody.SetOperation union = (QueryBody.SetOperation) query.body();
        assertSame(QueryBody.SetOperator.UNION, union.operator());
        assertInstanceOf(QueryBody.SetOperation.class, union.right());
    }

    @Test
    void shouldSplitStatementsAndKeepTheirPlaces() {
        String sql = " select 1 ;; -- x\n delete from t where a = ';' ; ";
        List<ParsedStatement> list = SqlParser.parse(sql);
        assertEquals(2, list.size());
        assertEquals("select 1", list.get(0).text(sql));
        assertEquals("delete from t where a = ';'", list.get(1).text(sql));
        assertInstanceOf(DataStatement.Delete.class, list.get(1).statement());
        assertTrue(SqlParser.parse(" ; ").isEmpty());
    }

    @Test
    void shouldCountPositionsInCharacters() {
        SqlException e = assertThrows(SqlException.class, () -> SqlParser.parse("select '\uD83D\uDE00' + from t"));
        assertEquals(14, e.position());
        assertSame(SqlState.SYNTAX_ERROR, e.state());
    }

    @Test
    void shouldReadTypes() {
        TypeName type = SqlParser.parseTypeName("numeric(10, 2)[][3]");
        assertEquals("numeric", type.name().name());
        assertEquals(List.of(-1, 3), type.arrayBounds());
        assertEquals(2, type.modifiers().size());
        assertEquals("timestamptz", SqlParser.parseTypeName("timestamp(3) with time zone").name().name());
        assertEquals("bpchar", SqlParser.parseTypeName("char").name().name());
        assertEquals("-1", ((NumberLiteral) parse("-1")).text());
        TypeName interval = SqlParser.parseTypeName("interval day to second(3)");
        assertEquals(List.of("7176", "3"), interval.modifiers().stream().map(SqlParserTest::shape).toList());
        TypeName column = SqlParser.parseTypeName("s.t.c%type");
        assertEquals("c", column.columnOfType());
        assertEquals("t", column.name().name());
    }

    @Test
    void shouldParseLongChainsWithoutRecursion() {
        int n = 50_000;
        assertEquals(n + 1, ((And) parse("a and ".repeat(n) + "b")).operands().size());
        assertEquals(n + 1, ((Or) parse("a or ".repeat(n) + "b")).operands().size());
        assertEquals(n + 1, ((InList) parse("a in (" + "1, ".repeat(n) + "1)")).values().size());
    }

    @Test
    void shouldReportTooDeepNesting() {
        int n = 100_000;
        for (String text : List.of("(".repeat(n), "not ".repeat(n), "- ".repeat(n) + "a", "f(".repeat(n),
                "case when ".repeat(n), "(select ".repeat(n), "array" + "[".repeat(n), "a[".repeat(n))) {
            SqlException e = assertThrows(SqlException.class, () -> parse(text));
            assertSame(SqlState.STATEMENT_TOO_COMPLEX, e.state());
            assertEquals("stack depth limit exceeded", e.getMessage());
        }
    }

    @Test
    void shouldParseWaitForLsn() {
        SessionStatement.WaitForLsn wait =
                (SessionStatement.WaitForLsn) statement("WAIT FOR LSN '0/306EE20' WITH (TIMEOUT '1s', NO_THROW)");
        assertEquals("0/306EE20", wait.lsn());
        assertEquals(2, wait.options().size());
        assertNull(wait.options().get(1).value());
    }

    @Test
    void shouldKnowKeywordsAndQuoting() {
        assertEquals(460, Keywords.all().size());
        assertSame(Keyword.SELECT, Keywords.find("select"));
        assertNull(Keywords.find("selec"));
        assertEquals("\"select\"", Keywords.quoteIdentifier("select"));
        assertEquals("\"int\"", Keywords.quoteIdentifier("int"));
        assertEquals("name", Keywords.quoteIdentifier("name"));
        assertEquals("\"Ab\"\"c\"", Keywords.quoteIdentifier("Ab\"c"));
        assertEquals("\"a$\"", Keywords.quoteIdentifier("a$"));
    }
}
