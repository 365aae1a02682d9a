package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Turns SQL text into syntax trees: the language of PostgreSQL 15, plus WAIT FOR LSN of version 19.
 *
 * <p>Knows no catalog and no types. The static methods may be called from any thread; each call parses with an object
 * of its
 * own. Errors are SqlExceptions with PostgreSQL's SQLSTATE (mostly 42601), message and position; 54001 when the text
 * nests
 * too deeply.
 *
 * <p>The parser is one object built in layers, from {@link TokenStream} over names, expressions and queries to the
 * statements; see README.md in this package.
 *
 * <p>Source: PostgreSQL 15 documentation, part "SQL Commands" and chapter "SQL Syntax".
 */
public final class SqlParser extends CreateParser {
    private SqlParser(String sql) {
        super(sql);
    }

    /** All statements of a text, separated by semicolons; empty ones are left out, so the list may be empty. */
    public static List<ParsedStatement> parse(String sql) {
        return guarded(sql, SqlParser::statements);
    }

    /** The one query of a text that the catalogs keep, such as a view's. */
    public static Statement parseStored(String sql) {
        return guarded(sql, parser -> {
            parser.stored = true;
            return parser.statements().getFirst().statement();
        });
    }

    /** A single value expression that fills the whole text. */
    public static Expression parseExpression(String text) {
        return guarded(text, SqlParser::wholeExpression);
    }

    /** As above for a text that the catalogs keep, such as a DEFAULT or CHECK. */
    public static Expression parseStoredExpression(String text) {
        return guarded(text, parser -> {
            parser.stored = true;
            return parser.wholeExpression();
        });
    }

    private Expression wholeExpression() {
        Expression expression = expression();
        expect(Token.EOF);
        return expression;
    }

    /** A type's name that fills the whole text, as regtype's input and PL/pgSQL have it. */
    public static TypeName parseTypeName(String text) {
        return guarded(text, parser -> {
            TypeName type = parser.typeName();
            parser.expect(Token.EOF);
            return type;
        });
    }

    /** The depth counter does not know how large the thread's stack is; a small one may end before the count does. */
    private static <T> T guarded(String text, Function<SqlParser, T> parse) {
        try {
            return parse.apply(new SqlParser(text));
        } catch (StackOverflowError e) {
            // The parser holds nothing but its own garbage, so unwinding this way leaves nothing broken.
            throw tooDeep();
        }
    }

    private List<ParsedStatement> statements() {
        List<ParsedStatement> list = List.of();
        while (true) {
            while (at(';')) {
                advance();
            }
            if (at(Token.EOF)) {
                return list;
            }
            int start = token.start;
            Statement statement = statement();
            ParsedStatement parsed = new ParsedStatement(statement, start, lastEnd);
            if (!atEnd()) {
                throw syntaxError();
            }
            if (list.isEmpty() && at(Token.EOF)) {
                return List.of(parsed);
            }
            if (list.isEmpty()) {
                list = new ArrayList<>(2);
            }
            list.add(parsed);
        }
    }

    @Override
    Statement statement() {
        if (at('(')) {
            return query();
        }
        if (!at(Token.KEYWORD)) {
            if (atWord("wait") && peekIs(Keyword.FOR)) {
                return waitForLsn();
            }
            throw syntaxError();
        }
        return switch (token.keyword) {
            case SELECT, VALUES, TABLE -> query();
            case WITH, INSERT, UPDATE, DELETE, MERGE -> preparable();
            case BEGIN, START -> begin();
            case COMMIT, END -> commit();
            case ROLLBACK, ABORT -> rollback();
            case SAVEPOINT -> savepoint();
            case RELEASE -> release();
            case SET -> set();
            case RESET -> reset();
            case SHOW -> show();
            case PREPARE -> prepare();
            case EXECUTE -> execute();
            case DEALLOCATE -> deallocate();
            case DECLARE -> declare();
            case FETCH, MOVE -> fetch();
            case CLOSE -> close();
            case COPY -> copy();
            case TRUNCATE -> truncate();
            case CREATE -> create();
            case ALTER -> alter();
            case DROP -> drop();
            case COMMENT -> comment();
            case SECURITY -> securityLabel();
            case GRANT, REVOKE -> grantOrRevoke();
            case REASSIGN -> reassignOwned();
            case REFRESH -> refresh();
            case DO -> doStatement();
            case CALL -> call();
            case LISTEN -> listen();
            case NOTIFY -> notifyChannel();
            case UNLISTEN -> unlisten();
            case LOCK -> lock();
            case DISCARD -> discard();
            case LOAD -> load();
            case EXPLAIN -> explain();
            case VACUUM, ANALYZE, ANALYSE -> vacuum();
            case CLUSTER -> cluster();
            case REINDEX -> reindex();
            case CHECKPOINT -> checkpoint();
            case IMPORT -> {
                int start = token.start;
                advance();
                expect(Keyword.FOREIGN, Keyword.SCHEMA);
                yield other("IMPORT FOREIGN SCHEMA", columnId(), start);
            }
            default -> throw syntaxError();
        };
    }
}
