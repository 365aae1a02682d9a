package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * The current token, a little lookahead, and the helpers every layer of the parser uses.
 *
 * <p>Confined to one thread; good for one text. Tokens are reused: never keep one across {@link #advance()}.
 */
abstract class TokenStream {
    private static final int RING = 8;
    /** Nesting at which 54001 is raised, so that later stages can recurse over the tree too. */
    private static final int DEPTH_MAX = 1000;

    final String sql;
    /** Whether the text is one that the catalogs keep, whose parentheses show the tree it was written from. */
    boolean stored;
    final Lexer lexer;
    private final Token[] ring = new Token[RING];
    private int head;
    private int buffered;
    private int depth;

    /** The current token. */
    Token token;
    /** Exclusive end of the token before the current one. */
    int lastEnd;

    TokenStream(String sql) {
        this.sql = sql;
        this.lexer = new Lexer(sql);
        token = ring[0] = new Token();
        lexer.next(token);
    }

    final void advance() {
        lastEnd = token.end;
        head = (head + 1) & (RING - 1);
        if (buffered > 0) {
            buffered--;
            token = ring[head];
        } else {
            token = slot(head);
            lexer.next(token);
        }
    }

    private Token slot(int index) {
        Token slot = ring[index];
        if (slot == null) {
            slot = ring[index] = new Token();
        }
        return slot;
    }

    /** The token {@code n} places ahead, 1 being the next; at most 7. */
    final Token peek(int n) {
        while (buffered < n) {
            buffered++;
            lexer.next(slot((head + buffered) & (RING - 1)));
        }
        return ring[(head + n) & (RING - 1)];
    }

    final boolean at(int type) {
        return token.type == type;
    }

    final boolean at(Keyword keyword) {
        return token.keyword == keyword;
    }

    final boolean peekIs(Keyword keyword) {
        return peek(1).keyword == keyword;
    }

    final boolean peekIs(int type) {
        return peek(1).type == type;
    }

    final boolean at(Keyword first, Keyword second) {
        return token.keyword == first && peek(1).keyword == second;
    }

    final boolean accept(int type) {
        if (token.type == type) {
            advance();
            return true;
        }
        return false;
    }

    final boolean accept(Keyword keyword) {
        if (token.keyword == keyword) {
            advance();
            return true;
        }
        return false;
    }

    final boolean accept(Keyword first, Keyword second) {
        if (at(first, second)) {
            advance();
            advance();
            return true;
        }
        return false;
    }

    final void expect(int type) {
        if (token.type != type) {
            throw syntaxError();
        }
        advance();
    }

    final void expect(Keyword keyword) {
        if (token.keyword != keyword) {
            throw syntaxError();
        }
        advance();
    }

    final void expect(Keyword first, Keyword second) {
        expect(first);
        expect(second);
    }

    /** Whether the token is a word that is no keyword of PostgreSQL 15. */
    final boolean atWord(String word) {
        return token.type == Token.IDENT && token.text.equals(word);
    }

    /** Whether the current statement ends here. */
    final boolean atEnd() {
        return token.type == Token.EOF || token.type == ';';
    }

    /** 42601 at the current token. */
    final SqlException syntaxError() {
        return syntaxError(token);
    }

    final SqlException syntaxError(Token where) {
        return near("syntax error", where);
    }

    /** 42601 with the token's text quoted. */
    final SqlException near(String message, Token where) {
        if (where.type == Token.EOF) {
            return error(message + " at end of input", where.start);
        }
        return lexer.near(SqlState.SYNTAX_ERROR, message, where.start, where.end);
    }

    /** 42601 with this message, pointing at an offset. */
    final SqlException error(String message, int offset) {
        return new SqlException(SqlState.SYNTAX_ERROR, message).atOffset(sql, offset);
    }

    final SqlException notSupported(String message, int offset) {
        return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message).atOffset(sql, offset);
    }

    /** Called on entering each recursive construct; balanced by {@link #leave()} unless an error ends the parse. */
    final void enter() {
        if (++depth > DEPTH_MAX) {
            throw tooDeep();
        }
    }

    static SqlException tooDeep() {
        return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                .withHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), "
                        + "after ensuring the platform's stack depth limit is adequate.");
    }

    final void leave() {
        depth--;
    }

    /** The text from an offset to the end of the last consumed token. */
    final String textFrom(int start) {
        return sql.substring(start, Math.max(start, lastEnd));
    }

    final String string() {
        if (token.type != Token.STRING) {
            throw syntaxError();
        }
        String value = token.text;
        advance();
        return value;
    }

    /** An unsigned integer that fits int4. */
    final int integer() {
        if (token.type != Token.INTEGER) {
            throw syntaxError();
        }
        int value = token.value;
        advance();
        return value;
    }

    final int signedInteger() {
        boolean minus = token.type == '-';
        if (minus || token.type == '+') {
            advance();
        }
        int value = integer();
        return minus ? -value : value;
    }
}
