package io.quantadb.sql.ast;

/**
 * A {@code name [= value]} of WITH (...), COPY, EXPLAIN, VACUUM, CREATE AGGREGATE ...
 *
 * @param namespace of {@code toast.autovacuum_enabled}, else null
 * @param value     null if none was written; a single word (true and on as well) or a string is a StringLiteral, a
 *                  number a NumberLiteral, a list a Row, {@code *} a ColumnRef, an operator
 *                  a StringLiteral of its characters
 * @param type      set instead of {@code value} where the value can only be a type ({@code int4[]}, {@code a.b})
 */
public record Option(String namespace, String name, Expression value, TypeName type, int position) implements Node {
}
