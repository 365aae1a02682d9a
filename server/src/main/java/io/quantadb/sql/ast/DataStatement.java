package io.quantadb.sql.ast;

import java.util.List;

/** Statements that change rows. */
public sealed interface DataStatement extends Statement {

    /**
     * @param columns   empty: all columns
     * @param source    null for DEFAULT VALUES
     * @param returning empty without RETURNING
     */
    record Insert(WithClause with, QualifiedName table, Alias alias, List<AssignmentTarget> columns,
                  Overriding overriding, Query source, OnConflict onConflict,
                  List<QueryBody.SelectItem> returning, int position) implements DataStatement {
    }

    record Update(WithClause with, FromItem.TableRef table, List<Assignment> assignments, List<FromItem> from,
                  Expression where, List<QueryBody.SelectItem> returning, int position) implements DataStatement {
    }

    record Delete(WithClause with, FromItem.TableRef table, List<FromItem> using, Expression where,
                  List<QueryBody.SelectItem> returning, int position) implements DataStatement {
    }

    record Merge(WithClause with, FromItem.TableRef target, FromItem source, Expression on, List<MergeWhen> branches,
                 int position) implements DataStatement {
    }

    /** A column, or a part of it. */
    record AssignmentTarget(String column, List<Expression.Accessor> accessors, int position) implements Node {
    }

    /**
     * {@code target = value}, or {@code (targets) = value} where the value is a row or a subquery.
     *
     * @param multiple parentheses were written around the targets
     */
    record Assignment(List<AssignmentTarget> targets, Expression value, boolean multiple, int position)
            implements Node {
    }

    /** INSERT's treatment of identity columns; NONE: not written. */
    enum Overriding { NONE, USER, SYSTEM }

    /**
     * ON CONFLICT.
     *
     * @param elements    of the index inference; empty with {@code constraint} or for any conflict
     * @param constraint  of ON CONSTRAINT, else null
     * @param assignments of DO UPDATE; {@code doUpdate} false: DO NOTHING
     */
    record OnConflict(List<IndexElement> elements, Expression inferenceWhere, String constraint, boolean doUpdate,
                      List<Assignment> assignments, Expression where, int position) implements Node {
    }

    /** @param condition of AND, else null */
    record MergeWhen(boolean matched, Expression condition, MergeAction action, int position) implements Node {
    }

    /** What a branch of MERGE does. */
    sealed interface MergeAction extends Node {
        record Update(List<Assignment> assignments, int position) implements MergeAction {
        }

        record Delete(int position) implements MergeAction {
        }

        /** @param values null for DEFAULT VALUES */
        record Insert(List<AssignmentTarget> columns, Overriding overriding, List<Expression> values, int position)
                implements MergeAction {
        }

        record DoNothing(int position) implements MergeAction {
        }
    }

    record Truncate(List<FromItem.TableRef> tables, boolean restartIdentity, boolean cascade, int position)
            implements DataStatement {
    }

    /**
     * COPY; old option syntax arrives as the options it stands for.
     *
     * @param table    null if {@code query} is set
     * @param query    a Query, or INSERT, UPDATE, DELETE with RETURNING; else null
     * @param program  {@code file} is a command line
     * @param file     null for STDIN and STDOUT
     * @param where    COPY FROM's filter or null
     */
    record Copy(QualifiedName table, List<Identifier> columns, Statement query, boolean from, boolean program,
                String file, List<Option> options, Expression where, int position) implements DataStatement {
    }
}
