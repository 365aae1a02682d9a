package io.quantadb.sql.ast;

/** Anything with a place in the statement text. */
public interface Node {
    /** Offset in UTF-16 units of the text that was parsed, -1 if unknown. Not one-based: see SqlException.atOffset. */
    int position();
}
