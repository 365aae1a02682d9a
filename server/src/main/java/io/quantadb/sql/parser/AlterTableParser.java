package io.quantadb.sql.parser;

import io.quantadb.sql.ast.AlterTableAction;
import io.quantadb.sql.ast.AlterTableAction.FiringState;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SequenceOption;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** The subcommands of ALTER TABLE, which ALTER INDEX, VIEW, SEQUENCE and TYPE share. */
abstract class AlterTableParser extends AccessParser {
    AlterTableParser(String sql) {
        super(sql);
    }

    final List<AlterTableAction> alterTableActions() {
        List<AlterTableAction> actions = new ArrayList<>(1);
        do {
            actions.add(alterTableAction());
        } while (accept(','));
        return actions;
    }

    private AlterTableAction alterTableAction() {
        int start = token.start;
        if (!at(Token.KEYWORD)) {
            throw syntaxError();
        }
        switch (token.keyword) {
            case ADD -> {
                advance();
                return add(start);
            }
            case DROP -> {
                advance();
                return drop(start);
            }
            case ALTER -> {
                advance();
                return alter(start);
            }
            case VALIDATE -> {
                advance();
                expect(Keyword.CONSTRAINT);
                return new AlterTableAction.ValidateConstraint(columnId(), start);
            }
            case ENABLE, DISABLE -> {
                return firing(start);
            }
            case FORCE, NO -> {
                return forceOrNo(start);
            }
            case SET -> {
                advance();
                return set(start);
            }
            case RESET -> {
                advance();
                return new AlterTableAction.SetOptions(relationOptions(), true, start);
            }
            case CLUSTER -> {
                advance();
                expect(Keyword.ON);
                return new AlterTableAction.ClusterOn(columnId(), start);
            }
            case INHERIT -> {
                advance();
                return new AlterTableAction.Inherit(qualifiedName(), false, start);
            }
            case OF -> {
                advance();
                return new AlterTableAction.OfType(qualifiedName(), start);
            }
            case NOT -> {
                advance();
                expect(Keyword.OF);
                return new AlterTableAction.NotOf(start);
            }
            case OWNER -> {
                advance();
                expect(Keyword.TO);
                return new AlterTableAction.OwnerTo(role(), start);
            }
            case REPLICA -> {
                advance();
                expect(Keyword.IDENTITY);
                return replicaIdentity(start);
            }
            case ATTACH -> {
                advance();
                expect(Keyword.PARTITION);
                QualifiedName partition = qualifiedName();
                boolean bound = at(Keyword.FOR) || at(Keyword.DEFAULT);
                return new AlterTableAction.AttachPartition(partition, bound ? partitionBound() : null, start);
            }
            case DETACH -> {
                advance();
                expect(Keyword.PARTITION);
                QualifiedName partition = qualifiedName();
                boolean concurrently = accept(Keyword.CONCURRENTLY);
                boolean finish = !concurrently && accept(Keyword.FINALIZE);
                return new AlterTableAction.DetachPartition(partition, concurrently, finish, start);
            }
            case OPTIONS -> {
                advance();
                return new AlterTableAction.ForeignOptions(null, genericOptions(), start);
            }
            default -> throw syntaxError();
        }
    }

    private AlterTableAction add(int start) {
        if (atTableConstraint()) {
            return new AlterTableAction.AddConstraint(tableConstraint(), start);
        }
        if (!accept(Keyword.COLUMN)) {
            accept(Keyword.ATTRIBUTE);
        }
        boolean ifNotExists = ifNotExists();
        AlterTableAction.AddColumn action =
                new AlterTableAction.AddColumn(ifNotExists, columnDefinition(false), start);
        cascade();
        return action;
    }

    private AlterTableAction drop(int start) {
        if (accept(Keyword.CONSTRAINT)) {
            boolean ifExists = ifExists();
            String name = columnId();
            return new AlterTableAction.DropConstraint(name, ifExists, cascade(), start);
        }
        if (!accept(Keyword.COLUMN)) {
            accept(Keyword.ATTRIBUTE);
        }
        boolean ifExists = ifExists();
        String name = columnId();
        return new AlterTableAction.DropColumn(name, ifExists, cascade(), start);
    }

    private AlterTableAction alter(int start) {
        if (accept(Keyword.CONSTRAINT)) {
            String name = columnId();
            return new AlterTableAction.AlterConstraint(name, attributes(false), start);
        }
        if (!accept(Keyword.COLUMN)) {
            accept(Keyword.ATTRIBUTE);
        }
        if (at(Token.INTEGER)) {
            int number = integer();
            expect(Keyword.SET, Keyword.STATISTICS);
            return new AlterTableAction.SetStatistics(null, number, signedInteger(), start);
        }
        String column = columnId();
        if (at(Token.KEYWORD)) {
            switch (token.keyword) {
                case TYPE -> {
                    return alterType(column, start);
                }
                case SET -> {
                    if (identityOptionFollows()) {
                        return alterIdentity(column, start);
                    }
                    advance();
                    if (accept(Keyword.DATA)) {
                        return alterType(column, start);
                    }
                    return setColumn(column, start);
                }
                case RESTART -> {
                    return alterIdentity(column, start);
                }
                case RESET -> {
                    advance();
                    return new AlterTableAction.SetColumnOptions(column, relationOptions(), true, start);
                }
                case DROP -> {
                    advance();
                    return dropFromColumn(column, start);
                }
                case ADD -> {
                    advance();
                    int at = token.start;
                    Constraint constraint = generated(null, at);
                    if (constraint instanceof Constraint.Identity identity) {
                        return new AlterTableAction.AddIdentity(column, identity, start);
                    }
                    throw error("syntax error at or near \"(\"", at);
                }
                case OPTIONS -> {
                    advance();
                    return new AlterTableAction.ForeignOptions(column, genericOptions(), start);
                }
                default -> throw syntaxError();
            }
        }
        throw syntaxError();
    }

    private AlterTableAction alterType(String column, int start) {
        expect(Keyword.TYPE);
        TypeName type = typeName();
        QualifiedName collation = accept(Keyword.COLLATE) ? qualifiedName() : null;
        Expression using = accept(Keyword.USING) ? expression() : null;
        return new AlterTableAction.AlterType(column, type, collation, using, cascade(), start);
    }

    private AlterTableAction setColumn(String column, int start) {
        if (accept(Keyword.DEFAULT)) {
            int from = token.start;
            Expression value = expression();
            return new AlterTableAction.SetDefault(column, value, textFrom(from), start);
        }
        if (accept(Keyword.NOT)) {
            expect(Keyword.NULL);
            return new AlterTableAction.SetNotNull(column, start);
        }
        if (accept(Keyword.STATISTICS)) {
            return new AlterTableAction.SetStatistics(column, 0, signedInteger(), start);
        }
        if (accept(Keyword.STORAGE)) {
            return new AlterTableAction.SetStorage(column, columnId(), start);
        }
        if (accept(Keyword.COMPRESSION)) {
            String method = at(Keyword.DEFAULT) ? label() : columnId();
            return new AlterTableAction.SetCompression(column, method, start);
        }
        return new AlterTableAction.SetColumnOptions(column, relationOptions(), false, start);
    }

    private AlterTableAction dropFromColumn(String column, int start) {
        if (accept(Keyword.DEFAULT)) {
            return new AlterTableAction.DropDefault(column, start);
        }
        if (accept(Keyword.NOT)) {
            expect(Keyword.NULL);
            return new AlterTableAction.DropNotNull(column, start);
        }
        if (accept(Keyword.EXPRESSION)) {
            return new AlterTableAction.DropExpression(column, ifExists(), start);
        }
        expect(Keyword.IDENTITY);
        return new AlterTableAction.DropIdentity(column, ifExists(), start);
    }

    /** Whether SET is followed by GENERATED or a sequence option. */
    private boolean identityOptionFollows() {
        Token next = peek(1);
        if (next.type != Token.KEYWORD) {
            return false;
        }
        return switch (next.keyword) {
            case GENERATED, INCREMENT, MINVALUE, MAXVALUE, CACHE, START, RESTART, CYCLE, NO, SEQUENCE, OWNED -> true;
            default -> false;
        };
    }

    private AlterTableAction alterIdentity(String column, int start) {
        Boolean always = null;
        List<SequenceOption> options = new ArrayList<>();
        while (at(Keyword.SET) || at(Keyword.RESTART)) {
            accept(Keyword.SET);
            if (accept(Keyword.GENERATED)) {
                always = accept(Keyword.ALWAYS);
                if (!always) {
                    expect(Keyword.BY, Keyword.DEFAULT);
                }
                continue;
            }
            SequenceOption option = sequenceOption();
            if (option == null) {
                throw syntaxError();
            }
            options.add(option);
        }
        return new AlterTableAction.AlterIdentity(column, always, options, start);
    }

    /** ENABLE and DISABLE of triggers, rules and row security. */
    private AlterTableAction firing(int start) {
        boolean enable = at(Keyword.ENABLE);
        advance();
        if (accept(Keyword.ROW)) {
            expect(Keyword.LEVEL, Keyword.SECURITY);
            return new AlterTableAction.RowSecurity(enable ? AlterTableAction.RowSecurity.Mode.ENABLE
                    : AlterTableAction.RowSecurity.Mode.DISABLE, start);
        }
        FiringState state = enable ? FiringState.ENABLED : FiringState.DISABLED;
        if (enable && accept(Keyword.ALWAYS)) {
            state = FiringState.ALWAYS;
        } else if (enable && accept(Keyword.REPLICA)) {
            state = FiringState.REPLICA;
        }
        if (accept(Keyword.RULE)) {
            return new AlterTableAction.SetRule(state, columnId(), start);
        }
        expect(Keyword.TRIGGER);
        boolean simple = state == FiringState.ENABLED || state == FiringState.DISABLED;
        if (simple && accept(Keyword.ALL)) {
            return new AlterTableAction.SetTrigger(state, AlterTableAction.SetTrigger.Scope.ALL, null, start);
        }
        if (simple && accept(Keyword.USER)) {
            return new AlterTableAction.SetTrigger(state, AlterTableAction.SetTrigger.Scope.USER, null, start);
        }
        return new AlterTableAction.SetTrigger(state, AlterTableAction.SetTrigger.Scope.NAMED, columnId(), start);
    }

    private AlterTableAction forceOrNo(int start) {
        boolean no = accept(Keyword.NO);
        if (no && accept(Keyword.INHERIT)) {
            return new AlterTableAction.Inherit(qualifiedName(), true, start);
        }
        expect(Keyword.FORCE);
        expect(Keyword.ROW);
        expect(Keyword.LEVEL, Keyword.SECURITY);
        return new AlterTableAction.RowSecurity(no ? AlterTableAction.RowSecurity.Mode.NO_FORCE
                : AlterTableAction.RowSecurity.Mode.FORCE, start);
    }

    private AlterTableAction set(int start) {
        if (accept(Keyword.WITHOUT)) {
            if (accept(Keyword.CLUSTER)) {
                return new AlterTableAction.SetWithoutCluster(start);
            }
            expect(Keyword.OIDS);
            return new AlterTableAction.SetWithoutOids(start);
        }
        if (accept(Keyword.LOGGED)) {
            return new AlterTableAction.SetLogged(true, start);
        }
        if (accept(Keyword.UNLOGGED)) {
            return new AlterTableAction.SetLogged(false, start);
        }
        if (accept(Keyword.ACCESS)) {
            expect(Keyword.METHOD);
            return new AlterTableAction.SetAccessMethod(columnId(), start);
        }
        if (accept(Keyword.TABLESPACE)) {
            return new AlterTableAction.SetTablespace(columnId(), start);
        }
        List<Option> options = relationOptions();
        return new AlterTableAction.SetOptions(options, false, start);
    }

    private AlterTableAction replicaIdentity(int start) {
        if (accept(Keyword.NOTHING)) {
            return new AlterTableAction.ReplicaIdentity(AlterTableAction.ReplicaIdentity.Kind.NOTHING, null, start);
        }
        if (accept(Keyword.FULL)) {
            return new AlterTableAction.ReplicaIdentity(AlterTableAction.ReplicaIdentity.Kind.FULL, null, start);
        }
        if (accept(Keyword.DEFAULT)) {
            return new AlterTableAction.ReplicaIdentity(AlterTableAction.ReplicaIdentity.Kind.DEFAULT, null, start);
        }
        expect(Keyword.USING, Keyword.INDEX);
        return new AlterTableAction.ReplicaIdentity(AlterTableAction.ReplicaIdentity.Kind.INDEX, columnId(), start);
    }
}
