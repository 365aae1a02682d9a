package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Alias;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.DataStatement.Assignment;
import io.quantadb.sql.ast.DataStatement.AssignmentTarget;
import io.quantadb.sql.ast.DataStatement.MergeAction;
import io.quantadb.sql.ast.DataStatement.MergeWhen;
import io.quantadb.sql.ast.DataStatement.OnConflict;
import io.quantadb.sql.ast.DataStatement.Overriding;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody.SelectItem;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.WithClause;
import java.util.ArrayList;
import java.util.List;

/** INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY. */
abstract class DataParser extends OptionParser {
    DataParser(String sql) {
        super(sql);
    }

    @Override
    final Statement preparable() {
        int start = token.start;
        WithClause with = at(Keyword.WITH) ? withClause() : null;
        return afterWith(with, start);
    }

    /** A query or a change of rows whose WITH clause, if any, is read. */
    final Statement afterWith(WithClause with, int start) {
        if (at(Token.KEYWORD)) {
            switch (token.keyword) {
                case INSERT -> {
                    return insert(with, start);
                }
                case UPDATE -> {
                    return update(with, start);
                }
                case DELETE -> {
                    return delete(with, start);
                }
                case MERGE -> {
                    return merge(with, start);
                }
                default -> {
                    return queryAfterWith(with, start);
                }
            }
        }
        return queryAfterWith(with, start);
    }

    private DataStatement insert(WithClause with, int start) {
        advance();
        expect(Keyword.INTO);
        QualifiedName table = qualifiedName();
        Alias alias = null;
        if (at(Keyword.AS)) {
            int aliasStart = token.start;
            advance();
            alias = new Alias(columnId(), List.of(), aliasStart);
        }
        List<AssignmentTarget> columns = List.of();
        Overriding overriding = Overriding.NONE;
        Query source = null;
        if (!accept(Keyword.DEFAULT, Keyword.VALUES)) {
            if (at('(') && !queryInParentheses()) {
                columns = insertColumns();
            }
            overriding = overriding();
            source = query();
        }
        OnConflict onConflict = at(Keyword.ON) ? onConflict() : null;
        return new DataStatement.Insert(with, table, alias, columns, overriding, source, onConflict, returning(),
                start);
    }

    private boolean queryInParentheses() {
        Token next = peek(1);
        if (next.type == '(') {
            return true;
        }
        if (next.type != Token.KEYWORD) {
            return false;
        }
        return switch (next.keyword) {
            case SELECT, WITH, TABLE -> true;
            case VALUES -> peek(2).type == '(';
            default -> false;
        };
    }

    private List<AssignmentTarget> insertColumns() {
        expect('(');
        List<AssignmentTarget> columns = assignmentTargets();
        expect(')');
        return columns;
    }

    private List<AssignmentTarget> assignmentTargets() {
        List<AssignmentTarget> targets = new ArrayList<>();
        do {
            targets.add(assignmentTarget());
        } while (accept(','));
        return targets;
    }

    private AssignmentTarget assignmentTarget() {
        int start = token.start;
        String column = columnId();
        return new AssignmentTarget(column, accessors(), start);
    }

    private Overriding overriding() {
        if (!accept(Keyword.OVERRIDING)) {
            return Overriding.NONE;
        }
        boolean user = accept(Keyword.USER);
        if (!user) {
            expect(Keyword.SYSTEM);
        }
        expect(Keyword.VALUE);
        return user ? Overriding.USER : Overriding.SYSTEM;
    }

    private OnConflict onConflict() {
        int start = token.start;
        advance();
        expect(Keyword.CONFLICT);
        List<IndexElement> elements = List.of();
        Expression inferenceWhere = null;
        String constraint = null;
        if (accept(Keyword.ON)) {
            expect(Keyword.CONSTRAINT);
            constraint = columnId();
        } else if (at('(')) {
            elements = indexElements();
            inferenceWhere = accept(Keyword.WHERE) ? expression() : null;
        }
        expect(Keyword.DO);
        if (accept(Keyword.NOTHING)) {
            return new OnConflict(elements, inferenceWhere, constraint, false, List.of(), null, start);
        }
        expect(Keyword.UPDATE, Keyword.SET);
        List<Assignment> assignments = assignments();
        Expression where = accept(Keyword.WHERE) ? expression() : null;
        return new OnConflict(elements, inferenceWhere, constraint, true, assignments, where, start);
    }

    private List<SelectItem> returning() {
        return accept(Keyword.RETURNING) ? selectItems() : List.of();
    }

    private List<Assignment> assignments() {
        Assignment first = assignment();
        if (!at(',')) {
            return List.of(first);
        }
        List<Assignment> list = new ArrayList<>();
        list.add(first);
        while (accept(',')) {
            list.add(assignment());
        }
        return list;
    }

    private Assignment assignment() {
        int start = token.start;
        boolean multiple = accept('(');
        List<AssignmentTarget> targets;
        if (multiple) {
            targets = assignmentTargets();
            expect(')');
        } else {
            targets = List.of(assignmentTarget());
        }
        expect('=');
        return new Assignment(targets, expression(), multiple, start);
    }

    /** The target of UPDATE, DELETE or MERGE; SET is never its alias. */
    private FromItem.TableRef targetTable() {
        FromItem.TableRef table = relation();
        int start = token.start;
        Alias alias = null;
        if (accept(Keyword.AS) || atColumnId() && !at(Keyword.SET)) {
            alias = new Alias(columnId(), List.of(), start);
        }
        return alias == null ? table
                : new FromItem.TableRef(table.name(), table.only(), alias, null, table.position());
    }

    private Expression whereOrCurrent() {
        if (!accept(Keyword.WHERE)) {
            return null;
        }
        if (at(Keyword.CURRENT, Keyword.OF)) {
            int start = token.start;
            advance();
            advance();
            return new Expression.CurrentOf(columnId(), start);
        }
        return expression();
    }

    private DataStatement update(WithClause with, int start) {
        advance();
        FromItem.TableRef table = targetTable();
        expect(Keyword.SET);
        List<Assignment> assignments = assignments();
        List<FromItem> from = accept(Keyword.FROM) ? fromList() : List.of();
        Expression where = whereOrCurrent();
        return new DataStatement.Update(with, table, assignments, from, where, returning(), start);
    }

    private DataStatement delete(WithClause with, int start) {
        advance();
        expect(Keyword.FROM);
        FromItem.TableRef table = targetTable();
        List<FromItem> using = accept(Keyword.USING) ? fromList() : List.of();
        Expression where = whereOrCurrent();
        return new DataStatement.Delete(with, table, using, where, returning(), start);
    }

    private DataStatement merge(WithClause with, int start) {
        advance();
        expect(Keyword.INTO);
        FromItem.TableRef target = targetTable();
        expect(Keyword.USING);
        FromItem source = tableReference();
        expect(Keyword.ON);
        Expression on = expression();
        List<MergeWhen> branches = new ArrayList<>();
        do {
            branches.add(mergeWhen());
        } while (at(Keyword.WHEN));
        return new DataStatement.Merge(with, target, source, on, branches, start);
    }

    private MergeWhen mergeWhen() {
        int start = token.start;
        expect(Keyword.WHEN);
        boolean matched = !accept(Keyword.NOT);
        expect(Keyword.MATCHED);
        Expression condition = accept(Keyword.AND) ? expression() : null;
        expect(Keyword.THEN);
        return new MergeWhen(matched, condition, mergeAction(matched), start);
    }

    private MergeAction mergeAction(boolean matched) {
        int start = token.start;
        if (accept(Keyword.DO)) {
            expect(Keyword.NOTHING);
            return new MergeAction.DoNothing(start);
        }
        if (matched) {
            if (accept(Keyword.DELETE)) {
                return new MergeAction.Delete(start);
            }
            expect(Keyword.UPDATE, Keyword.SET);
            return new MergeAction.Update(assignments(), start);
        }
        expect(Keyword.INSERT);
        if (accept(Keyword.DEFAULT)) {
            expect(Keyword.VALUES);
            return new MergeAction.Insert(List.of(), Overriding.NONE, null, start);
        }
        List<AssignmentTarget> columns = at('(') ? insertColumns() : List.of();
        Overriding overriding = overriding();
        expect(Keyword.VALUES);
        expect('(');
        List<Expression> values = expressionList();
        expect(')');
        return new MergeAction.Insert(columns, overriding, values, start);
    }

    final DataStatement truncate() {
        int start = token.start;
        advance();
        accept(Keyword.TABLE);
        List<FromItem.TableRef> tables = relations();
        boolean restart = false;
        if (accept(Keyword.RESTART)) {
            expect(Keyword.IDENTITY);
            restart = true;
        } else if (accept(Keyword.CONTINUE)) {
            expect(Keyword.IDENTITY);
        }
        return new DataStatement.Truncate(tables, restart, cascade(), start);
    }

    final List<FromItem.TableRef> relations() {
        List<FromItem.TableRef> tables = new ArrayList<>(1);
        do {
            tables.add(relation());
        } while (accept(','));
        return tables;
    }

    /** CASCADE, RESTRICT or nothing. */
    final boolean cascade() {
        if (accept(Keyword.CASCADE)) {
            return true;
        }
        accept(Keyword.RESTRICT);
        return false;
    }

    // ---- COPY

    final DataStatement copy() {
        int start = token.start;
        advance();
        List<Option> options = new ArrayList<>();
        if (accept('(')) {
            Statement query = preparable();
            expect(')');
            expect(Keyword.TO);
            boolean program = accept(Keyword.PROGRAM);
            String file = copyFile(program);
            copyOptions(options);
            return new DataStatement.Copy(null, List.of(), query, false, program, file, options, null, start);
        }
        if (at(Keyword.BINARY)) {
            options.add(option("format", "binary", token.start));
            advance();
        }
        QualifiedName table = qualifiedName();
        List<Identifier> columns = optionalIdentifiers();
        boolean from = accept(Keyword.FROM);
        if (!from) {
            expect(Keyword.TO);
        }
        boolean program = accept(Keyword.PROGRAM);
        String file = copyFile(program);
        if (at(Keyword.USING) || at(Keyword.DELIMITERS)) {
            accept(Keyword.USING);
            int at = token.start;
            expect(Keyword.DELIMITERS);
            options.add(option("delimiter", string(), at));
        }
        copyOptions(options);
        int whereStart = token.start;
        Expression where = accept(Keyword.WHERE) ? expression() : null;
        if (where != null && !from) {
            throw error("WHERE clause not allowed with COPY TO", whereStart);
        }
        return new DataStatement.Copy(table, columns, null, from, program, file, options, where, start);
    }

    private String copyFile(boolean program) {
        if (at(Keyword.STDIN) || at(Keyword.STDOUT)) {
            if (program) {
                throw error("STDIN/STDOUT not allowed with PROGRAM", -1);
            }
            advance();
            return null;
        }
        return string();
    }

    private void copyOptions(List<Option> options) {
        accept(Keyword.WITH);
        if (at('(')) {
            options.addAll(utilityOptions());
            return;
        }
        Option option = oldCopyOption();
        while (option != null) {
            options.add(option);
            option = oldCopyOption();
        }
    }

    private Option oldCopyOption() {
        int start = token.start;
        if (!at(Token.KEYWORD)) {
            return null;
        }
        Keyword keyword = token.keyword;
        switch (keyword) {
            case BINARY, CSV -> {
                advance();
                return option("format", keyword.word(), start);
            }
            case HEADER -> {
                advance();
                return option("header", "true", start);
            }
            case FREEZE -> {
                advance();
                return option("freeze", "true", start);
            }
            case DELIMITER, NULL, QUOTE, ESCAPE -> {
                advance();
                accept(Keyword.AS);
                return option(keyword.word(), string(), start);
            }
            case ENCODING -> {
                advance();
                return option("encoding", string(), start);
            }
            case FORCE -> {
                advance();
                return forceOption(start);
            }
            default -> {
                return null;
            }
        }
    }

    private Option forceOption(int start) {
        String name;
        boolean star = false;
        if (accept(Keyword.QUOTE)) {
            name = "force_quote";
            star = accept('*');
        } else if (accept(Keyword.NOT)) {
            expect(Keyword.NULL);
            name = "force_not_null";
        } else {
            expect(Keyword.NULL);
            name = "force_null";
        }
        if (star) {
            return new Option(null, name, new Expression.ColumnRef(List.of(), true, start), null, start);
        }
        List<Expression> columns = new ArrayList<>();
        for (Identifier column : identifiers()) {
            columns.add(new Expression.StringLiteral(column.name(), column.position()));
        }
        return new Option(null, name, new Expression.Row(columns, false, start), null, start);
    }
}
