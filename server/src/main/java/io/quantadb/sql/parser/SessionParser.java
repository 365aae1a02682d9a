package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.Cast;
import io.quantadb.sql.ast.Expression.CastForm;
import io.quantadb.sql.ast.Expression.StringLiteral;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.SessionStatement.FetchDirection;
import io.quantadb.sql.ast.SessionStatement.LockMode;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.sql.ast.TransactionStatement.Isolation;
import io.quantadb.sql.ast.TransactionStatement.TransactionModes;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Transactions, settings, prepared statements, cursors, notification, LOCK. */
abstract class SessionParser extends ObjectParser {
    SessionParser(String sql) {
        super(sql);
    }

    // ---- transactions

    final Statement begin() {
        int start = token.start;
        boolean startKeyword = accept(Keyword.START);
        if (startKeyword) {
            expect(Keyword.TRANSACTION);
        } else {
            advance();
            transactionWord();
        }
        return new TransactionStatement.Begin(atEnd() ? TransactionModes.NONE : modes(), startKeyword, start);
    }

    private void transactionWord() {
        if (!accept(Keyword.WORK)) {
            accept(Keyword.TRANSACTION);
        }
    }

    /** One or more modes, separated by optional commas. */
    private TransactionModes modes() {
        Isolation isolation = null;
        Boolean readOnly = null;
        Boolean deferrable = null;
        do {
            if (accept(Keyword.ISOLATION)) {
                expect(Keyword.LEVEL);
                isolation = isolation();
            } else if (accept(Keyword.READ)) {
                readOnly = accept(Keyword.ONLY);
                if (!readOnly) {
                    expect(Keyword.WRITE);
                }
            } else if (accept(Keyword.NOT)) {
                expect(Keyword.DEFERRABLE);
                deferrable = false;
            } else {
                expect(Keyword.DEFERRABLE);
                deferrable = true;
            }
        } while (accept(',') || !atEnd());
        return new TransactionModes(isolation, readOnly, deferrable);
    }

    private Isolation isolation() {
        if (accept(Keyword.SERIALIZABLE)) {
            return Isolation.SERIALIZABLE;
        }
        if (accept(Keyword.REPEATABLE)) {
            expect(Keyword.READ);
            return Isolation.REPEATABLE_READ;
        }
        expect(Keyword.READ);
        if (accept(Keyword.COMMITTED)) {
            return Isolation.READ_COMMITTED;
        }
        expect(Keyword.UNCOMMITTED);
        return Isolation.READ_UNCOMMITTED;
    }

    final Statement commit() {
        int start = token.start;
        boolean commitWord = at(Keyword.COMMIT);
        advance();
        if (commitWord && accept(Keyword.PREPARED)) {
            return new TransactionStatement.CommitPrepared(string(), start);
        }
        transactionWord();
        return new TransactionStatement.Commit(chain(), start);
    }

    private boolean chain() {
        if (!accept(Keyword.AND)) {
            return false;
        }
        boolean no = accept(Keyword.NO);
        expect(Keyword.CHAIN);
        return !no;
    }

    final Statement rollback() {
        int start = token.start;
        boolean rollbackWord = at(Keyword.ROLLBACK);
        advance();
        if (rollbackWord && accept(Keyword.PREPARED)) {
            return new TransactionStatement.RollbackPrepared(string(), start);
        }
        transactionWord();
        if (rollbackWord && accept(Keyword.TO)) {
            accept(Keyword.SAVEPOINT);
            return new TransactionStatement.RollbackToSavepoint(columnId(), start);
        }
        return new TransactionStatement.Rollback(chain(), start);
    }

    final Statement savepoint() {
        int start = token.start;
        advance();
        return new TransactionStatement.Savepoint(columnId(), start);
    }

    final Statement release() {
        int start = token.start;
        advance();
        accept(Keyword.SAVEPOINT);
        return new TransactionStatement.ReleaseSavepoint(columnId(), start);
    }

    // ---- settings

    final Statement set() {
        int start = token.start;
        advance();
        if (at(Keyword.CONSTRAINTS)) {
            return setConstraints(start);
        }
        boolean local = at(Keyword.LOCAL) && !peekIs('.') && !peekIs('=') && !peekIs(Keyword.TO);
        boolean session = at(Keyword.SESSION) && !peekIs('.') && !peekIs('=') && !peekIs(Keyword.TO)
                && !peekIs(Keyword.AUTHORIZATION);
        if (local || session) {
            advance();
        }
        if (session && accept(Keyword.CHARACTERISTICS)) {
            expect(Keyword.AS, Keyword.TRANSACTION);
            return new SessionStatement.SetTransaction(true, modes(), start);
        }
        if (at(Keyword.TRANSACTION) && !peekIs('.') && !peekIs('=') && !peekIs(Keyword.TO)) {
            advance();
            if (accept(Keyword.SNAPSHOT)) {
                return new SessionStatement.SetTransactionSnapshot(string(), start);
            }
            return new SessionStatement.SetTransaction(false, modes(), start);
        }
        return setRest(local, start);
    }

    @Override
    final SessionStatement settingClause() {
        int start = token.start;
        if (at(Keyword.RESET)) {
            return reset();
        }
        expect(Keyword.SET);
        return setRest(false, start);
    }

    private SessionStatement setRest(boolean local, int start) {
        if (at(Token.KEYWORD)) {
            SessionStatement special = specialSetting(local, start);
            if (special != null) {
                return special;
            }
        }
        String name = variableName();
        if (accept(Keyword.FROM)) {
            expect(Keyword.CURRENT);
            return new SessionStatement.SetFromCurrent(local, name, start);
        }
        if (!accept('=')) {
            expect(Keyword.TO);
        }
        return variable(local, name, accept(Keyword.DEFAULT) ? List.of() : variableValues(), start);
    }

    private static SessionStatement variable(boolean local, String name, List<Expression> values, int start) {
        return new SessionStatement.SetVariable(local, name, values, start);
    }

    /** SET TIME ZONE, SCHEMA, NAMES, ROLE, SESSION AUTHORIZATION, XML OPTION, CATALOG; null if none stands here. */
    private SessionStatement specialSetting(boolean local, int start) {
        Token next = peek(1);
        boolean plain = next.type == '=' || next.type == '.' || next.keyword == Keyword.TO
                || next.keyword == Keyword.FROM;
        if (plain) {
            return null;
        }
        switch (token.keyword) {
            case TIME -> {
                advance();
                expect(Keyword.ZONE);
                return variable(local, "timezone", zoneValue(), start);
            }
            case SCHEMA -> {
                advance();
                return variable(local, "search_path", List.of(stringLiteral()), start);
            }
            case NAMES -> {
                advance();
                boolean none = atEnd() || accept(Keyword.DEFAULT);
                return variable(local, "client_encoding", none ? List.of() : List.of(stringLiteral()), start);
            }
            case ROLE -> {
                advance();
                return variable(local, "role", List.of(wordLiteral()), start);
            }
            case SESSION -> {
                advance();
                expect(Keyword.AUTHORIZATION);
                boolean none = accept(Keyword.DEFAULT);
                return variable(local, "session_authorization", none ? List.of() : List.of(wordLiteral()), start);
            }
            case XML -> {
                advance();
                expect(Keyword.OPTION);
                int at = token.start;
                boolean document = accept(Keyword.DOCUMENT);
                if (!document) {
                    expect(Keyword.CONTENT);
                }
                Expression value = new StringLiteral(document ? "document" : "content", at);
                return variable(local, "xmloption", List.of(value), start);
            }
            case CATALOG -> throw notSupported("current database cannot be changed", next.start);
            default -> {
                return null;
            }
        }
    }

    private Expression stringLiteral() {
        int start = token.start;
        return new StringLiteral(string(), start);
    }

    private Expression wordLiteral() {
        int start = token.start;
        return new StringLiteral(nonReservedWordOrString(), start);
    }

    /** LOCAL and DEFAULT give an empty list. */
    private List<Expression> zoneValue() {
        int start = token.start;
        if (accept(Keyword.DEFAULT) || accept(Keyword.LOCAL)) {
            return List.of();
        }
        if (at(Keyword.INTERVAL)) {
            TypeName type = builtinType(true);
            int at = token.start;
            String value = string();
            if (type.modifiers().isEmpty()) {
                type = new TypeName(type.name(), null, false, intervalFields(), List.of(), start);
            }
            return List.of(new Cast(new StringLiteral(value, at), type, CastForm.TYPED_LITERAL, start));
        }
        if (atNumber()) {
            return List.of(signedNumber());
        }
        if (at(Token.STRING)) {
            return List.of(stringLiteral());
        }
        if (!at(Token.IDENT)) {
            throw syntaxError();
        }
        Expression word = new StringLiteral(token.text, start);
        advance();
        return List.of(word);
    }

    private String variableName() {
        String name = columnId();
        if (!at('.')) {
            return name;
        }
        StringBuilder whole = new StringBuilder(name);
        while (accept('.')) {
            whole.append('.').append(columnId());
        }
        return whole.toString();
    }

    private List<Expression> variableValues() {
        List<Expression> values = new ArrayList<>(1);
        do {
            int start = token.start;
            values.add(atNumber() ? signedNumber() : new StringLiteral(booleanOrString(), start));
        } while (accept(','));
        return values;
    }

    final SessionStatement reset() {
        int start = token.start;
        advance();
        if (accept(Keyword.ALL)) {
            return new SessionStatement.Reset(null, start);
        }
        return new SessionStatement.Reset(settingName(), start);
    }

    /** A setting's name or one of the phrases that stand for one. */
    private String settingName() {
        if (accept(Keyword.TIME, Keyword.ZONE)) {
            return "timezone";
        }
        if (accept(Keyword.TRANSACTION, Keyword.ISOLATION)) {
            expect(Keyword.LEVEL);
            return "transaction_isolation";
        }
        return accept(Keyword.SESSION, Keyword.AUTHORIZATION) ? "session_authorization" : variableName();
    }

    final Statement show() {
        int start = token.start;
        advance();
        return new SessionStatement.Show(accept(Keyword.ALL) ? null : settingName(), start);
    }

    private Statement setConstraints(int start) {
        advance();
        List<QualifiedName> names = accept(Keyword.ALL) ? List.of() : qualifiedNames();
        boolean deferred = accept(Keyword.DEFERRED);
        if (!deferred) {
            expect(Keyword.IMMEDIATE);
        }
        return new SessionStatement.SetConstraints(names, deferred, start);
    }

    // ---- prepared statements and cursors

    final Statement prepare() {
        int start = token.start;
        advance();
        if (at(Keyword.TRANSACTION) && peekIs(Token.STRING)) {
            advance();
            return new TransactionStatement.PrepareTransaction(string(), start);
        }
        String name = columnId();
        List<TypeName> types = new ArrayList<>();
        if (accept('(')) {
            do {
                types.add(typeName());
            } while (accept(','));
            expect(')');
        }
        expect(Keyword.AS);
        int from = token.start;
        Statement statement = preparable();
        return new SessionStatement.Prepare(name, types, statement, textFrom(from), start);
    }

    @Override
    final SessionStatement.Execute execute() {
        int start = token.start;
        advance();
        String name = columnId();
        List<Expression> arguments = List.of();
        if (accept('(')) {
            arguments = expressionList();
            expect(')');
        }
        return new SessionStatement.Execute(name, arguments, start);
    }

    final Statement deallocate() {
        int start = token.start;
        advance();
        if (at(Keyword.PREPARE) && !peekIs(Token.EOF) && !peekIs(';')) {
            advance();
        }
        return new SessionStatement.Deallocate(accept(Keyword.ALL) ? null : columnId(), start);
    }

    final Statement declare() {
        int start = token.start;
        advance();
        String name = columnId();
        boolean binary = false;
        Boolean insensitive = null;
        Boolean scroll = null;
        while (!at(Keyword.CURSOR)) {
            if (accept(Keyword.BINARY)) {
                binary = true;
            } else if (accept(Keyword.INSENSITIVE)) {
                insensitive = true;
            } else if (accept(Keyword.ASENSITIVE)) {
                insensitive = false;
            } else if (accept(Keyword.SCROLL)) {
                scroll = true;
            } else {
                expect(Keyword.NO, Keyword.SCROLL);
                scroll = false;
            }
        }
        advance();
        boolean hold = false;
        if (accept(Keyword.WITHOUT)) {
            expect(Keyword.HOLD);
        } else if (accept(Keyword.WITH)) {
            expect(Keyword.HOLD);
            hold = true;
        }
        expect(Keyword.FOR);
        return new SessionStatement.DeclareCursor(name, binary, insensitive, scroll, hold, query(), start);
    }

    final Statement fetch() {
        int start = token.start;
        boolean move = at(Keyword.MOVE);
        advance();
        FetchDirection direction = FetchDirection.FORWARD;
        long count = 1;
        Token next = peek(1);
        boolean nameOnly = atColumnId() && (next.type == Token.EOF || next.type == ';');
        if (!nameOnly && at(Token.KEYWORD)) {
            switch (token.keyword) {
                case NEXT -> advance();
                case PRIOR -> {
                    advance();
                    direction = FetchDirection.BACKWARD;
                }
                case FIRST, LAST -> {
                    direction = FetchDirection.ABSOLUTE;
                    count = at(Keyword.FIRST) ? 1 : -1;
                    advance();
                }
                case ABSOLUTE, RELATIVE -> {
                    direction = at(Keyword.ABSOLUTE) ? FetchDirection.ABSOLUTE : FetchDirection.RELATIVE;
                    advance();
                    count = signedInteger();
                }
                case ALL -> {
                    advance();
                    count = Long.MAX_VALUE;
                }
                case FORWARD, BACKWARD -> {
                    direction = at(Keyword.FORWARD) ? FetchDirection.FORWARD : FetchDirection.BACKWARD;
                    advance();
                    if (accept(Keyword.ALL)) {
                        count = Long.MAX_VALUE;
                    } else if (atNumber()) {
                        count = signedInteger();
                    }
                }
                default -> {
                    // FROM, IN or the cursor's name: one row forward.
                }
            }
        } else if (atNumber()) {
            count = signedInteger();
        }
        if (!nameOnly && !accept(Keyword.FROM)) {
            accept(Keyword.IN);
        }
        return new SessionStatement.Fetch(move, direction, count, columnId(), start);
    }

    final Statement close() {
        int start = token.start;
        advance();
        return new SessionStatement.ClosePortal(accept(Keyword.ALL) ? null : columnId(), start);
    }

    // ---- notification, locks, others

    final Statement listen() {
        int start = token.start;
        advance();
        return new SessionStatement.Listen(columnId(), start);
    }

    final Statement unlisten() {
        int start = token.start;
        advance();
        return new SessionStatement.Unlisten(accept('*') ? null : columnId(), start);
    }

    final Statement notifyChannel() {
        int start = token.start;
        advance();
        String channel = columnId();
        return new SessionStatement.Notify(channel, accept(',') ? string() : null, start);
    }

    final Statement lock() {
        int start = token.start;
        advance();
        accept(Keyword.TABLE);
        List<FromItem.TableRef> tables = relations();
        LockMode mode = LockMode.ACCESS_EXCLUSIVE;
        if (accept(Keyword.IN)) {
            mode = lockMode();
            expect(Keyword.MODE);
        }
        return new SessionStatement.LockTable(tables, mode, accept(Keyword.NOWAIT), start);
    }

    private LockMode lockMode() {
        if (accept(Keyword.ACCESS)) {
            if (accept(Keyword.SHARE)) {
                return LockMode.ACCESS_SHARE;
            }
            expect(Keyword.EXCLUSIVE);
            return LockMode.ACCESS_EXCLUSIVE;
        }
        if (accept(Keyword.ROW)) {
            if (accept(Keyword.SHARE)) {
                return LockMode.ROW_SHARE;
            }
            expect(Keyword.EXCLUSIVE);
            return LockMode.ROW_EXCLUSIVE;
        }
        if (accept(Keyword.EXCLUSIVE)) {
            return LockMode.EXCLUSIVE;
        }
        expect(Keyword.SHARE);
        if (accept(Keyword.UPDATE)) {
            expect(Keyword.EXCLUSIVE);
            return LockMode.SHARE_UPDATE_EXCLUSIVE;
        }
        if (accept(Keyword.ROW)) {
            expect(Keyword.EXCLUSIVE);
            return LockMode.SHARE_ROW_EXCLUSIVE;
        }
        return LockMode.SHARE;
    }

    final Statement discard() {
        int start = token.start;
        advance();
        SessionStatement.DiscardTarget target = at(Token.KEYWORD) ? switch (token.keyword) {
            case ALL -> SessionStatement.DiscardTarget.ALL;
            case PLANS -> SessionStatement.DiscardTarget.PLANS;
            case SEQUENCES -> SessionStatement.DiscardTarget.SEQUENCES;
            case TEMP, TEMPORARY -> SessionStatement.DiscardTarget.TEMPORARY;
            default -> throw syntaxError();
        } : null;
        if (target == null) {
            throw syntaxError();
        }
        advance();
        return new SessionStatement.Discard(target, start);
    }

    final Statement load() {
        int start = token.start;
        advance();
        return new SessionStatement.Load(string(), start);
    }

    final Statement waitForLsn() {
        int start = token.start;
        advance();
        expect(Keyword.FOR);
        if (!atWord("lsn")) {
            throw syntaxError();
        }
        advance();
        String lsn = string();
        List<Option> options = List.of();
        if (at(Keyword.WITH)) {
            advance();
            options = utilityOptions();
        }
        return new SessionStatement.WaitForLsn(lsn, options, start);
    }

    // ---- upkeep

    final Statement explain() {
        int start = token.start;
        advance();
        List<Option> options = new ArrayList<>();
        if (at('(') && isLabel(peek(1)) && !explainedQueryInParentheses()) {
            options = utilityOptions();
        } else {
            int at = token.start;
            if (accept(Keyword.ANALYZE) || accept(Keyword.ANALYSE)) {
                options.add(flag("analyze", at));
                at = token.start;
            }
            if (accept(Keyword.VERBOSE)) {
                options.add(flag("verbose", at));
            }
        }
        return new MaintenanceStatement.Explain(options, explainable(), start);
    }

    private boolean explainedQueryInParentheses() {
        Keyword keyword = peek(1).keyword;
        return keyword == Keyword.SELECT || keyword == Keyword.WITH || keyword == Keyword.TABLE
                || keyword == Keyword.VALUES;
    }

    /** What EXPLAIN accepts. */
    private Statement explainable() {
        if (at(Token.KEYWORD)) {
            switch (token.keyword) {
                case DECLARE, CREATE, REFRESH, EXECUTE -> {
                    Statement statement = explainedUtility();
                    boolean allowed = statement instanceof TableStatement.CreateTableAs
                            || statement instanceof TableStatement.RefreshMaterializedView
                            || statement instanceof SessionStatement.Execute
                            || statement instanceof SessionStatement.DeclareCursor;
                    if (!allowed) {
                        throw syntaxError();
                    }
                    return statement;
                }
                default -> {
                    return preparable();
                }
            }
        }
        return preparable();
    }

    private Statement explainedUtility() {
        tableAsOnly = true;
        Statement statement = statement();
        tableAsOnly = false;
        return statement;
    }

    final Statement vacuum() {
        int start = token.start;
        boolean vacuum = at(Keyword.VACUUM);
        advance();
        List<Option> options = new ArrayList<>();
        if (at('(')) {
            options = utilityOptions();
        } else {
            oldVacuumOption(vacuum, Keyword.FULL, options);
            oldVacuumOption(vacuum, Keyword.FREEZE, options);
            oldVacuumOption(true, Keyword.VERBOSE, options);
            int at = token.start;
            if (vacuum && (accept(Keyword.ANALYZE) || accept(Keyword.ANALYSE))) {
                options.add(flag("analyze", at));
            }
        }
        List<MaintenanceStatement.VacuumTarget> tables = new ArrayList<>();
        if (!atEnd()) {
            do {
                QualifiedName table = qualifiedName();
                tables.add(new MaintenanceStatement.VacuumTarget(table, optionalIdentifiers()));
            } while (accept(','));
        }
        return new MaintenanceStatement.Vacuum(vacuum, options, tables, start);
    }

    private void oldVacuumOption(boolean allowed, Keyword keyword, List<Option> options) {
        int at = token.start;
        if (allowed && accept(keyword)) {
            options.add(flag(keyword.word(), at));
        }
    }

    final Statement cluster() {
        int start = token.start;
        advance();
        List<Option> options = new ArrayList<>();
        int at = token.start;
        if (at('(')) {
            options = utilityOptions();
        } else if (accept(Keyword.VERBOSE)) {
            options.add(flag("verbose", at));
        }
        if (atEnd()) {
            return new MaintenanceStatement.Cluster(null, null, options, start);
        }
        QualifiedName first = qualifiedName();
        if (accept(Keyword.ON)) {
            return new MaintenanceStatement.Cluster(qualifiedName(), first.name(), options, start);
        }
        return new MaintenanceStatement.Cluster(first, accept(Keyword.USING) ? columnId() : null, options, start);
    }

    final Statement reindex() {
        int start = token.start;
        advance();
        List<Option> options = at('(') ? utilityOptions() : new ArrayList<>();
        MaintenanceStatement.ReindexTarget target = at(Token.KEYWORD) ? switch (token.keyword) {
            case INDEX -> MaintenanceStatement.ReindexTarget.INDEX;
            case TABLE -> MaintenanceStatement.ReindexTarget.TABLE;
            case SCHEMA -> MaintenanceStatement.ReindexTarget.SCHEMA;
            case SYSTEM -> MaintenanceStatement.ReindexTarget.SYSTEM;
            case DATABASE -> MaintenanceStatement.ReindexTarget.DATABASE;
            default -> throw syntaxError();
        } : null;
        if (target == null) {
            throw syntaxError();
        }
        advance();
        int at = token.start;
        if (accept(Keyword.CONCURRENTLY)) {
            options.add(flag("concurrently", at));
        }
        boolean plain = target.compareTo(MaintenanceStatement.ReindexTarget.SCHEMA) >= 0;
        QualifiedName name;
        if (plain) {
            int nameStart = token.start;
            name = QualifiedName.of(columnId(), nameStart);
        } else {
            name = qualifiedName();
        }
        return new MaintenanceStatement.Reindex(target, name, options, start);
    }

    final Statement checkpoint() {
        int start = token.start;
        advance();
        return new MaintenanceStatement.Checkpoint(start);
    }
}
