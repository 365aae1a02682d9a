package io.quantadb.sql.ast;

import java.util.List;

/**
 * A constraint of a column, table or domain. {@code name} is null if not written.
 *
 * <p>A column's constraint has no column list (empty); the column it stands at is meant. {@code text} is the source of
 * an expression, for catalogs that keep it.
 */
public sealed interface Constraint extends TableElement {
    String name();

    record NotNull(String name, int position) implements Constraint {
    }

    /** An explicit NULL. */
    record Nullable(String name, int position) implements Constraint {
    }

    record Default(String name, Expression value, String text, int position) implements Constraint {
    }

    record Check(String name, Expression condition, String text, boolean noInherit, Attributes attributes,
                 int position) implements Constraint {
    }

    /** {@code GENERATED ALWAYS AS (value) STORED}. */
    record Generated(String name, Expression value, String text, int position) implements Constraint {
    }

    /** {@code GENERATED ... AS IDENTITY}. */
    record Identity(String name, boolean always, List<SequenceOption> options, int position) implements Constraint {
    }

    /**
     * UNIQUE or PRIMARY KEY.
     *
     * @param usingIndex of {@code USING INDEX name}, else null
     */
    record Unique(String name, boolean primary, List<Identifier> columns, List<Identifier> including,
                  boolean nullsNotDistinct, List<Option> options, String tablespace, String usingIndex,
                  Attributes attributes, int position) implements Constraint {
    }

    /** @param operators one per element, the WITH operator */
    record Exclude(String name, String accessMethod, List<IndexElement> elements, List<QualifiedName> operators,
                   List<Identifier> including, List<Option> options, String tablespace, Expression where,
                   String whereText, Attributes attributes, int position) implements Constraint {
    }

    /** @param referenced columns of the other table; empty: its primary key */
    record ForeignKey(String name, List<Identifier> columns, QualifiedName table, List<Identifier> referenced,
                      Match match, ReferentialAction onUpdate, ReferentialAction onDelete, Attributes attributes,
                      int position) implements Constraint {
    }

    /** How a foreign key treats partly null keys. */
    enum Match { SIMPLE, FULL, PARTIAL }

    /** @param columns of {@code SET NULL (columns)}; empty: all */
    record ReferentialAction(Kind kind, List<Identifier> columns) {
        /** What happens to the referencing rows. */
        public enum Kind { NO_ACTION, RESTRICT, CASCADE, SET_NULL, SET_DEFAULT }

        public static final ReferentialAction NO_ACTION = new ReferentialAction(Kind.NO_ACTION, List.of());
    }

    /** DEFERRABLE and its relatives after a constraint. */
    record Attributes(boolean deferrable, boolean initiallyDeferred, boolean notValid) {
        public static final Attributes NONE = new Attributes(false, false, false);
    }
}
