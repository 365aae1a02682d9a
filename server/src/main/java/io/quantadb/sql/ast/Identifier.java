package io.quantadb.sql.ast;

/** A single name, folded and truncated, with its place. */
public record Identifier(String name, int position) implements Node {
}
