package io.quantadb.sql.ast;

/** @param name only for kind NAMED */
public record Role(Kind kind, String name, int position) implements Node {
    /** The special words stand for whoever they mean when the statement runs. */
    public enum Kind { NAMED, CURRENT_ROLE, CURRENT_USER, SESSION_USER, PUBLIC }
}
