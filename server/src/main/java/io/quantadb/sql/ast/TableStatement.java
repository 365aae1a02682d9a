package io.quantadb.sql.ast;

import java.util.List;

/** Statements on tables and what hangs on them: indexes, sequences, views, triggers, rules, policies, statistics. */
public sealed interface TableStatement extends Statement {

    /**
     * @param ofType      of a typed table, else null
     * @param partitionOf null unless PARTITION OF
     * @param partitionBy null unless partitioned
     */
    record CreateTable(Persistence persistence, boolean ifNotExists, QualifiedName name, QualifiedName ofType,
                       List<TableElement> elements, List<QualifiedName> inherits, PartitionOf partitionOf,
                       PartitionBy partitionBy, String accessMethod, List<Option> options, OnCommit onCommit,
                       String tablespace, int position) implements TableStatement {
    }

    /** What happens to a temporary table at commit; NONE: not written. */
    enum OnCommit { NONE, PRESERVE_ROWS, DELETE_ROWS, DROP }

    record PartitionOf(QualifiedName parent, PartitionBound bound) {
    }

    /** @param strategy as written, lower case: list, range, hash or something wrong */
    record PartitionBy(String strategy, List<IndexElement> elements, int position) implements Node {
    }

    /** FOR VALUES or DEFAULT. */
    sealed interface PartitionBound extends Node {
        record Default(int position) implements PartitionBound {
        }

        record In(List<Expression> values, int position) implements PartitionBound {
        }

        /** MINVALUE and MAXVALUE are unqualified ColumnRefs, as in PostgreSQL. */
        record Range(List<Expression> from, List<Expression> to, int position) implements PartitionBound {
        }

        record Hash(int modulus, int remainder, int position) implements PartitionBound {
        }
    }

    /**
     * CREATE TABLE AS and CREATE MATERIALIZED VIEW.
     *
     * @param query     a {@link Query} or {@link SessionStatement.Execute}
     * @param queryText source of the query
     */
    record CreateTableAs(boolean materializedView, Persistence persistence, boolean ifNotExists, QualifiedName name,
                         List<Identifier> columns, String accessMethod, List<Option> options, OnCommit onCommit,
                         String tablespace, Statement query, String queryText, boolean withData, int position)
            implements TableStatement {
    }

    record RefreshMaterializedView(QualifiedName name, boolean concurrently, boolean withData, int position)
            implements TableStatement {
    }

    /** @param kind TABLE, FOREIGN_TABLE, INDEX, SEQUENCE, VIEW, MATERIALIZED_VIEW or TYPE (a composite type) */
    record AlterTable(ObjectKind kind, boolean ifExists, FromItem.TableRef table, List<AlterTableAction> actions,
                      int position) implements TableStatement {
    }

    /** {@code ALTER TABLE ALL IN TABLESPACE}. */
    record AlterTableMoveAll(ObjectKind kind, String tablespace, List<Role> ownedBy, String newTablespace,
                             boolean nowait, int position) implements TableStatement {
    }

    /** @param name null: chosen by the server */
    record CreateIndex(boolean unique, boolean concurrently, boolean ifNotExists, String name,
                       FromItem.TableRef table, String accessMethod, List<IndexElement> elements,
                       List<Identifier> including, boolean nullsNotDistinct, List<Option> options, String tablespace,
                       Expression where, String whereText, int position) implements TableStatement {
    }

    record CreateSequence(Persistence persistence, boolean ifNotExists, QualifiedName name,
                          List<SequenceOption> options, int position) implements TableStatement {
    }

    record AlterSequence(boolean ifExists, QualifiedName name, List<SequenceOption> options, int position)
            implements TableStatement {
    }

    /**
     * RECURSIVE views arrive as the WITH RECURSIVE query they stand for.
     *
     * @param queryText source of the query as written
     */
    record CreateView(Persistence persistence, boolean orReplace, boolean recursive, QualifiedName name,
                      List<Identifier> columns, List<Option> options, Query query, String queryText,
                      CheckOption checkOption, int position) implements TableStatement {
    }

    /** NONE: not written. */
    enum CheckOption { NONE, LOCAL, CASCADED }

    /**
     * @param constraint   CREATE CONSTRAINT TRIGGER
     * @param updateColumns of UPDATE OF; empty: all
     * @param fromTable    of FROM, else null
     * @param arguments    strings, numbers as written too
     */
    record CreateTrigger(boolean orReplace, boolean constraint, String name, TriggerTiming timing, boolean onInsert,
                         boolean onUpdate, boolean onDelete, boolean onTruncate, List<Identifier> updateColumns,
                         QualifiedName table, QualifiedName fromTable, Constraint.Attributes attributes,
                         String oldTable, String newTable, boolean forEachRow, Expression when, String whenText,
                         QualifiedName function, List<String> arguments, int position) implements TableStatement {
    }

    /** When a trigger fires. */
    enum TriggerTiming { BEFORE, AFTER, INSTEAD_OF }

    /** @param event SELECT, INSERT, UPDATE or DELETE */
    record CreateRule(boolean orReplace, String name, String event, QualifiedName table, Expression where,
                      boolean instead, List<Statement> actions, int position) implements TableStatement {
    }

    /** @param command ALL, SELECT, INSERT, UPDATE or DELETE */
    record CreatePolicy(String name, QualifiedName table, boolean permissive, String command, List<Role> roles,
                        Expression using, String usingText, Expression withCheck, String withCheckText, int position)
            implements TableStatement {
    }

    /** @param roles empty: unchanged */
    record AlterPolicy(String name, QualifiedName table, List<Role> roles, Expression using, String usingText,
                       Expression withCheck, String withCheckText, int position) implements TableStatement {
    }

    /** CREATE STATISTICS. */
    record CreateStatistics(boolean ifNotExists, QualifiedName name, List<Identifier> kinds,
                            List<IndexElement> elements, List<FromItem> from, int position)
            implements TableStatement {
    }

    record AlterStatistics(boolean ifExists, QualifiedName name, int target, int position)
            implements TableStatement {
    }
}
