package io.quantadb.sql.ast;

import java.util.List;

/**
 * An existing object, as DROP, COMMENT, ALTER ... OWNER TO and the like name it.
 *
 * <p>By kind: a COLUMN is {@code name} in table {@code owner}; TRIGGER, RULE, POLICY and CONSTRAINT stand on
 * {@code owner} (a table, or for DOMAIN_CONSTRAINT the domain); operator classes and families have the access method as
 * {@code owner}. TYPE and DOMAIN have {@code types} of one (no modifiers in general); CAST has source and target;
 * OPERATOR has left (null: prefix) and right operand; TRANSFORM its type, and the language as {@code name}. A
 * LARGE_OBJECT has its oid's text as name.
 *
 * @param arguments of routines and aggregates: null if no list was written, and {@code star} for {@code agg(*)}
 */
public record ObjectReference(ObjectKind kind, QualifiedName name, QualifiedName owner,
                              List<RoutineStatement.Parameter> arguments, boolean star, List<TypeName> types,
                              int position) implements Node {
}
