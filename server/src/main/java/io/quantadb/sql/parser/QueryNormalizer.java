package io.quantadb.sql.parser;

/** Makes one text of queries that differ in constants only: each becomes a parameter, numbered after those the text has. Stateless. */
public final class QueryNormalizer {
    private QueryNormalizer() {
    }

    /** @param sql a statement that was parsed before */
    public static String normalize(String sql) {
        int highest = 0;
        boolean constants = false;
        Token token = new Token();
        Lexer lexer = new Lexer(sql);
        for (lexer.next(token); token.type != Token.EOF; lexer.next(token)) {
            if (token.type == Token.PARAMETER) {
                highest = Math.max(highest, token.value);
            }
            constants |= isConstant(token);
        }
        if (!constants) {
            return sql;
        }
        StringBuilder text = new StringBuilder(sql.length());
        int copied = 0;
        lexer = new Lexer(sql);
        for (lexer.next(token); token.type != Token.EOF; lexer.next(token)) {
            if (isConstant(token)) {
                text.append(sql, copied, token.start).append('$').append(++highest);
                copied = token.end;
            }
        }
        return text.append(sql, copied, sql.length()).toString();
    }

    private static boolean isConstant(Token token) {
        return switch (token.type) {
            case Token.INTEGER, Token.DECIMAL, Token.STRING, Token.BIT_STRING, Token.HEX_STRING -> true;
            default -> false;
        };
    }
}
