package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Statement;

/**
 * One statement of a text that may hold several.
 *
 * @param start offset of its first token, UTF-16 units of the whole text (as all positions inside the tree are)
 * @param end   exclusive end of its last token; a semicolon is not included
 */
public record ParsedStatement(Statement statement, int start, int end) {
    /** The statement's own text. */
    public String text(String sql) {
        return sql.substring(start, end);
    }
}
