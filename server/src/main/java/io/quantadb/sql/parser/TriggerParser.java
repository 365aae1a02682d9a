package io.quantadb.sql.parser;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Constraint.Attributes;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TableStatement.TriggerTiming;
import java.util.ArrayList;
import java.util.List;

/** CREATE TRIGGER, RULE and POLICY. */
abstract class TriggerParser extends AlterParser {
    TriggerParser(String sql) {
        super(sql);
    }

    /** After TRIGGER. */
    final Statement createTrigger(boolean orReplace, boolean constraint, int start) {
        String name = columnId();
        TriggerTiming timing = timing(constraint);
        boolean[] events = new boolean[4];
        List<Identifier> updateColumns = events(events);
        expect(Keyword.ON);
        QualifiedName table = qualifiedName();
        QualifiedName from = constraint && accept(Keyword.FROM) ? qualifiedName() : null;
        Attributes attributes = constraint ? attributes(false) : Attributes.NONE;
        String[] transition = new String[2];
        if (!constraint && accept(Keyword.REFERENCING)) {
            transitionTables(transition);
        }
        boolean each = forEachRow(constraint);
        Expression when = null;
        String whenText = null;
        if (accept(Keyword.WHEN)) {
            expect('(');
            int at = token.start;
            when = expression();
            whenText = textFrom(at);
            expect(')');
        }
        expect(Keyword.EXECUTE);
        if (!accept(Keyword.FUNCTION)) {
            expect(Keyword.PROCEDURE);
        }
        QualifiedName function = functionName();
        List<String> arguments = triggerArguments();
        return new TableStatement.CreateTrigger(orReplace, constraint, name, timing, events[0], events[1], events[2],
                events[3], updateColumns, table, from, attributes, transition[0], transition[1], each, when, whenText,
                function, arguments, start);
    }

    private TriggerTiming timing(boolean constraint) {
        if (constraint || at(Keyword.AFTER)) {
            expect(Keyword.AFTER);
            return TriggerTiming.AFTER;
        }
        if (accept(Keyword.BEFORE)) {
            return TriggerTiming.BEFORE;
        }
        expect(Keyword.INSTEAD, Keyword.OF);
        return TriggerTiming.INSTEAD_OF;
    }

    /** Sets insert, update, delete, truncate; returns UPDATE OF's columns. */
    private List<Identifier> events(boolean[] events) {
        List<Identifier> columns = List.of();
        do {
            int event;
            int start = token.start;
            int end = token.end;
            if (accept(Keyword.INSERT)) {
                event = 0;
            } else if (accept(Keyword.UPDATE)) {
                event = 1;
                if (accept(Keyword.OF)) {
                    columns = identifiers();
                }
            } else if (accept(Keyword.DELETE)) {
                event = 2;
            } else {
                expect(Keyword.TRUNCATE);
                event = 3;
            }
            if (events[event]) {
                throw lexer.near(SqlState.SYNTAX_ERROR, "duplicate trigger events specified", start, end);
            }
            events[event] = true;
        } while (accept(Keyword.OR));
        return columns;
    }

    private void transitionTables(String[] names) {
        do {
            boolean newTable = accept(Keyword.NEW);
            if (!newTable) {
                expect(Keyword.OLD);
            }
            if (!accept(Keyword.TABLE)) {
                throw notSupported("ROW variable naming in the REFERENCING clause is not supported", token.start)
                        .withHint("Use OLD TABLE or NEW TABLE for naming transition tables.");
            }
            accept(Keyword.AS);
            names[newTable ? 1 : 0] = columnId();
        } while (at(Keyword.NEW) || at(Keyword.OLD));
    }

    private boolean forEachRow(boolean constraint) {
        if (constraint) {
            expect(Keyword.FOR);
            accept(Keyword.EACH);
            expect(Keyword.ROW);
            return true;
        }
        if (!accept(Keyword.FOR)) {
            return false;
        }
        accept(Keyword.EACH);
        boolean row = accept(Keyword.ROW);
        if (!row) {
            expect(Keyword.STATEMENT);
        }
        return row;
    }

    private List<String> triggerArguments() {
        List<String> arguments = new ArrayList<>();
        expect('(');
        if (!at(')')) {
            do {
                if (at(Token.INTEGER) || at(Token.DECIMAL)) {
                    arguments.add(token.text);
                    advance();
                } else {
                    arguments.add(at(Token.STRING) ? string() : label());
                }
            } while (accept(','));
        }
        expect(')');
        return arguments;
    }

    /** After RULE. */
    final Statement createRule(boolean orReplace, int start) {
        String name = columnId();
        expect(Keyword.AS, Keyword.ON);
        boolean known = at(Keyword.SELECT) || at(Keyword.INSERT) || at(Keyword.UPDATE) || at(Keyword.DELETE);
        if (!known) {
            throw syntaxError();
        }
        String event = token.keyword.name();
        advance();
        expect(Keyword.TO);
        QualifiedName table = qualifiedName();
        Expression where = accept(Keyword.WHERE) ? expression() : null;
        expect(Keyword.DO);
        boolean instead = accept(Keyword.INSTEAD);
        if (!instead) {
            accept(Keyword.ALSO);
        }
        return new TableStatement.CreateRule(orReplace, name, event, table, where, instead, ruleActions(), start);
    }

    private List<Statement> ruleActions() {
        List<Statement> actions = new ArrayList<>();
        if (accept(Keyword.NOTHING)) {
            return actions;
        }
        boolean list = at('(') && !peekIs('(') && !isQueryWord(peek(1).keyword);
        if (at('(') && (list || isQueryWord(peek(1).keyword))) {
            advance();
            while (!at(')')) {
                if (!accept(';')) {
                    actions.add(ruleAction());
                    if (!at(')') && !at(';')) {
                        throw syntaxError();
                    }
                }
            }
            advance();
            return actions;
        }
        actions.add(ruleAction());
        return actions;
    }

    private static boolean isQueryWord(Keyword keyword) {
        return keyword == Keyword.SELECT || keyword == Keyword.WITH || keyword == Keyword.VALUES
                || keyword == Keyword.TABLE;
    }

    private Statement ruleAction() {
        return at(Keyword.NOTIFY) ? notifyChannel() : preparable();
    }

    /** After POLICY. */
    final Statement createPolicy(int start) {
        String name = columnId();
        expect(Keyword.ON);
        QualifiedName table = qualifiedName();
        boolean permissive = true;
        if (accept(Keyword.AS)) {
            if (!atWord("permissive") && !atWord("restrictive")) {
                if (at(Token.IDENT)) {
                    throw error("unrecognized row security option \"" + token.text + "\"", token.start)
                            .withHint("Only PERMISSIVE or RESTRICTIVE policies are supported currently.");
                }
                throw syntaxError();
            }
            permissive = atWord("permissive");
            advance();
        }
        String command = "ALL";
        if (accept(Keyword.FOR)) {
            boolean known = at(Keyword.ALL) || at(Keyword.SELECT) || at(Keyword.INSERT) || at(Keyword.UPDATE)
                    || at(Keyword.DELETE);
            if (!known) {
                throw syntaxError();
            }
            command = token.keyword.name();
            advance();
        }
        List<Role> roles = accept(Keyword.TO) ? roles()
                : List.of(new Role(Role.Kind.PUBLIC, null, -1));
        Expression using = null;
        String usingText = null;
        if (accept(Keyword.USING)) {
            expect('(');
            int at = token.start;
            using = expression();
            usingText = textFrom(at);
            expect(')');
        }
        Expression check = null;
        String checkText = null;
        if (accept(Keyword.WITH)) {
            expect(Keyword.CHECK);
            expect('(');
            int at = token.start;
            check = expression();
            checkText = textFrom(at);
            expect(')');
        }
        return new TableStatement.CreatePolicy(name, table, permissive, command, roles, using, usingText, check,
                checkText, start);
    }
}
