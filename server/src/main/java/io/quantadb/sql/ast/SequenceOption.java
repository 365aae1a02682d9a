package io.quantadb.sql.ast;

/** One clause of CREATE SEQUENCE, ALTER SEQUENCE or an identity column. */
public sealed interface SequenceOption extends Node {

    record As(TypeName type, int position) implements SequenceOption {
    }

    /** INCREMENT, MINVALUE, MAXVALUE, START, RESTART, CACHE; {@code value} null: NO MINVALUE, NO MAXVALUE, RESTART. */
    record Number(Kind kind, Expression.NumberLiteral value, int position) implements SequenceOption {
    }

    /** Which {@link Number}. */
    enum Kind { INCREMENT, MINVALUE, MAXVALUE, START, RESTART, CACHE }

    record Cycle(boolean cycle, int position) implements SequenceOption {
    }

    /** @param column null for OWNED BY NONE; {@code table} is its table, null if only one name was written */
    record OwnedBy(QualifiedName table, String column, int position) implements SequenceOption {
    }

    /** SEQUENCE NAME of an identity column, used by pg_dump. */
    record SequenceName(QualifiedName name, int position) implements SequenceOption {
    }
}
