package io.quantadb.sql.ast;

import java.util.List;

/** @param name null where only column definitions were given */
public record Alias(String name, List<Identifier> columns, int position) implements Node {
}
