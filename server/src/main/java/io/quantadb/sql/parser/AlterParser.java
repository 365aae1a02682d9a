package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem.TableRef;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.SchemaStatement.DomainAction;
import io.quantadb.sql.ast.SequenceOption;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** ALTER of everything. */
abstract class AlterParser extends AlterTableParser {
    AlterParser(String sql) {
        super(sql);
    }

    final Statement alter() {
        int start = token.start;
        advance();
        if (accept(Keyword.SYSTEM)) {
            return new SessionStatement.AlterSystem(settingClause(), start);
        }
        if (accept(Keyword.DEFAULT)) {
            expect(Keyword.PRIVILEGES);
            return alterDefaultPrivileges(start);
        }
        if (at(Keyword.ROLE) || at(Keyword.GROUP) || at(Keyword.USER) && !peekIs(Keyword.MAPPING)) {
            boolean group = at(Keyword.GROUP);
            advance();
            return alterRole(group, start);
        }
        int kindStart = token.start;
        ObjectKind kind = objectKind();
        if (kind == null) {
            throw syntaxError();
        }
        String words = sql.substring(kindStart, lastEnd);
        return switch (kind) {
            case TABLE, FOREIGN_TABLE, INDEX, VIEW, MATERIALIZED_VIEW, SEQUENCE -> alterRelation(kind, start);
            case TYPE -> alterType(start);
            case DOMAIN -> alterDomain(start);
            case DATABASE -> alterDatabase(start);
            case FUNCTION, PROCEDURE, ROUTINE -> alterRoutine(kind, start);
            case POLICY -> alterPolicy(start);
            case TRIGGER, RULE -> alterOnTable(kind, start);
            case STATISTICS -> alterStatistics(start);
            case EXTENSION -> alterExtension(start);
            case TABLESPACE -> alterTablespace(start);
            case COLUMN, CONSTRAINT, CAST, TRANSFORM, ROLE, ACCESS_METHOD -> throw syntaxError();
            default -> alterOther(kind, words, start);
        };
    }

    // ---- what all kinds share

    /** RENAME TO, OWNER TO, SET SCHEMA, [NO] DEPENDS ON EXTENSION, REFRESH VERSION; null if none follows. */
    private Statement common(ObjectReference object, boolean ifExists, int start) {
        if (at(Keyword.RENAME) && peekIs(Keyword.TO)) {
            advance();
            advance();
            return new ObjectStatement.Rename(object, object.kind(), false, columnId(), ifExists, false, start);
        }
        if (accept(Keyword.OWNER)) {
            expect(Keyword.TO);
            return new ObjectStatement.SetOwner(object, role(), start);
        }
        if (accept(Keyword.SET, Keyword.SCHEMA)) {
            return new ObjectStatement.SetSchema(object, columnId(), ifExists, start);
        }
        if (at(Keyword.DEPENDS) || at(Keyword.NO, Keyword.DEPENDS)) {
            boolean no = accept(Keyword.NO);
            expect(Keyword.DEPENDS);
            expect(Keyword.ON, Keyword.EXTENSION);
            return new ObjectStatement.DependsOnExtension(object, columnId(), no, start);
        }
        if (accept(Keyword.REFRESH, Keyword.VERSION)) {
            return new ObjectStatement.RefreshVersion(object, start);
        }
        return null;
    }

    private Statement alterOther(ObjectKind kind, String words, int start) {
        if (kind == ObjectKind.LARGE_OBJECT || kind == ObjectKind.USER_MAPPING) {
            return kind == ObjectKind.LARGE_OBJECT ? require(common(objectReference(kind), false, start))
                    : other("ALTER USER MAPPING", null, start);
        }
        ObjectReference object = objectReference(kind);
        Statement statement = common(object, false, start);
        if (statement != null) {
            return statement;
        }
        if (kind == ObjectKind.SCHEMA || kind == ObjectKind.AGGREGATE || kind == ObjectKind.CONVERSION
                || kind == ObjectKind.COLLATION || kind == ObjectKind.LANGUAGE || atEnd()) {
            throw syntaxError();
        }
        return other("ALTER " + words.toUpperCase(Locale.ROOT), object.name().name(), start);
    }

    private Statement require(Statement statement) {
        if (statement == null) {
            throw syntaxError();
        }
        return statement;
    }

    // ---- relations

    private Statement alterRelation(ObjectKind kind, int start) {
        if (at(Keyword.ALL) && peekIs(Keyword.IN)) {
            return moveAll(kind, start);
        }
        boolean ifExists = ifExists();
        boolean onlyAllowed = kind == ObjectKind.TABLE || kind == ObjectKind.FOREIGN_TABLE;
        TableRef table = onlyAllowed ? relation() : plainRelation();
        ObjectReference object = reference(kind, table.name(), table.position());
        if (at(Keyword.RENAME)) {
            return renameInRelation(object, table, ifExists, start);
        }
        boolean shared = !at(Keyword.OWNER);
        Statement statement = shared ? common(object, ifExists, start) : null;
        if (statement != null) {
            return statement;
        }
        if (kind == ObjectKind.SEQUENCE) {
            List<SequenceOption> options = sequenceOptions();
            if (!options.isEmpty()) {
                return new TableStatement.AlterSequence(ifExists, table.name(), options, start);
            }
        }
        return new TableStatement.AlterTable(kind, ifExists, table, alterTableActions(), start);
    }

    private TableRef plainRelation() {
        QualifiedName name = qualifiedName();
        return new TableRef(name, false, null, null, name.position());
    }

    private Statement moveAll(ObjectKind kind, int start) {
        advance();
        expect(Keyword.IN, Keyword.TABLESPACE);
        String from = columnId();
        List<Role> owners = List.of();
        if (accept(Keyword.OWNED)) {
            expect(Keyword.BY);
            owners = roles();
        }
        expect(Keyword.SET, Keyword.TABLESPACE);
        String to = columnId();
        return new TableStatement.AlterTableMoveAll(kind, from, owners, to, accept(Keyword.NOWAIT), start);
    }

    private Statement renameInRelation(ObjectReference object, TableRef table, boolean ifExists, int start) {
        advance();
        if (accept(Keyword.TO)) {
            return new ObjectStatement.Rename(object, object.kind(), table.only(), columnId(), ifExists, false, start);
        }
        ObjectKind kind = ObjectKind.COLUMN;
        if (object.kind() == ObjectKind.TYPE) {
            expect(Keyword.ATTRIBUTE);
            kind = ObjectKind.ATTRIBUTE;
        } else if (accept(Keyword.CONSTRAINT)) {
            kind = ObjectKind.CONSTRAINT;
        } else {
            accept(Keyword.COLUMN);
        }
        QualifiedName name = QualifiedName.of(token.text, token.start);
        columnId();
        expect(Keyword.TO);
        String newName = columnId();
        boolean cascade = kind == ObjectKind.ATTRIBUTE && cascade();
        return new ObjectStatement.Rename(referenceOn(kind, name, object.name(), name.position()), object.kind(),
                table.only(), newName, ifExists, cascade, start);
    }

    // ---- types and domains

    private Statement alterType(int start) {
        QualifiedName name = qualifiedName();
        ObjectReference object = new ObjectReference(ObjectKind.TYPE, name, null, null, false,
                List.of(new TypeName(name, null, false, List.of(), List.of(), name.position())),
                name.position());
        if (at(Keyword.ADD, Keyword.VALUE)) {
            advance();
            advance();
            return addEnumValue(name, start);
        }
        if (at(Keyword.RENAME, Keyword.VALUE)) {
            advance();
            advance();
            String label = string();
            expect(Keyword.TO);
            return new SchemaStatement.AlterEnumRename(name, label, string(), start);
        }
        if (at(Keyword.RENAME, Keyword.ATTRIBUTE)) {
            TableRef table = new TableRef(name, false, null, null, name.position());
            return renameInRelation(object, table, false, start);
        }
        Statement statement = common(object, false, start);
        if (statement != null) {
            return statement;
        }
        if (accept(Keyword.SET)) {
            return new SchemaStatement.AlterType(name, relationOptions(), start);
        }
        boolean attribute = (at(Keyword.ADD) || at(Keyword.DROP) || at(Keyword.ALTER)) && peekIs(Keyword.ATTRIBUTE);
        if (!attribute) {
            throw syntaxError();
        }
        TableRef table = new TableRef(name, false, null, null, name.position());
        return new TableStatement.AlterTable(ObjectKind.TYPE, false, table, alterTableActions(), start);
    }

    private Statement addEnumValue(QualifiedName name, int start) {
        boolean ifNotExists = ifNotExists();
        String label = string();
        boolean before = accept(Keyword.BEFORE);
        String neighbour = before || accept(Keyword.AFTER) ? string() : null;
        return new SchemaStatement.AlterEnumAdd(name, ifNotExists, label, neighbour, before, start);
    }

    private Statement alterDomain(int start) {
        QualifiedName name = qualifiedName();
        ObjectReference object = new ObjectReference(ObjectKind.DOMAIN, name, null, null, false,
                List.of(new TypeName(name, null, false, List.of(), List.of(), name.position())),
                name.position());
        if (at(Keyword.RENAME, Keyword.CONSTRAINT)) {
            advance();
            advance();
            int at = token.start;
            QualifiedName constraint = QualifiedName.of(columnId(), at);
            expect(Keyword.TO);
            return new ObjectStatement.Rename(referenceOn(ObjectKind.DOMAIN_CONSTRAINT, constraint, name, at),
                    ObjectKind.DOMAIN, false, columnId(), false, false, start);
        }
        Statement statement = common(object, false, start);
        return statement != null ? statement : new SchemaStatement.AlterDomain(name, domainAction(), start);
    }

    private DomainAction domainAction() {
        if (accept(Keyword.ADD)) {
            return new DomainAction.AddConstraint(tableConstraint());
        }
        if (accept(Keyword.VALIDATE)) {
            expect(Keyword.CONSTRAINT);
            return new DomainAction.ValidateConstraint(columnId());
        }
        if (accept(Keyword.SET)) {
            if (accept(Keyword.NOT)) {
                expect(Keyword.NULL);
                return new DomainAction.SetNotNull(true);
            }
            expect(Keyword.DEFAULT);
            int from = token.start;
            Expression value = expression();
            return new DomainAction.SetDefault(value, textFrom(from));
        }
        expect(Keyword.DROP);
        if (accept(Keyword.DEFAULT)) {
            return new DomainAction.DropDefault();
        }
        if (accept(Keyword.NOT)) {
            expect(Keyword.NULL);
            return new DomainAction.SetNotNull(false);
        }
        expect(Keyword.CONSTRAINT);
        boolean ifExists = ifExists();
        String constraint = columnId();
        return new DomainAction.DropConstraint(constraint, ifExists, cascade());
    }

    // ---- databases, routines, policies and the rest

    private Statement alterDatabase(int start) {
        int nameStart = token.start;
        String name = columnId();
        ObjectReference object = reference(ObjectKind.DATABASE, QualifiedName.of(name, nameStart), nameStart);
        if (accept(Keyword.REFRESH)) {
            expect(Keyword.COLLATION, Keyword.VERSION);
            return new SchemaStatement.AlterDatabaseRefreshCollation(name, start);
        }
        if (accept(Keyword.SET, Keyword.TABLESPACE)) {
            int at = token.start;
            return new SchemaStatement.AlterDatabase(name, List.of(option("tablespace", columnId(), at)), start);
        }
        if (at(Keyword.SET) || at(Keyword.RESET)) {
            return new SchemaStatement.AlterDatabaseSet(name, settingClause(), start);
        }
        Statement statement = common(object, false, start);
        if (statement != null) {
            return statement;
        }
        accept(Keyword.WITH);
        return new SchemaStatement.AlterDatabase(name, databaseOptions(), start);
    }

    /** {@code name [=] value} without separators, as CREATE and ALTER DATABASE have them. */
    final List<Option> databaseOptions() {
        List<Option> options = new ArrayList<>();
        while (!atEnd()) {
            int start = token.start;
            String name;
            if (accept(Keyword.CONNECTION)) {
                expect(Keyword.LIMIT);
                name = "connection_limit";
            } else {
                boolean known = at(Token.IDENT) || at(Keyword.ENCODING) || at(Keyword.LOCATION) || at(Keyword.OWNER)
                        || at(Keyword.TABLESPACE) || at(Keyword.TEMPLATE);
                if (!known) {
                    throw syntaxError();
                }
                name = label();
            }
            accept('=');
            int at = token.start;
            Expression value = null;
            if (atNumber()) {
                value = signedNumber();
            } else if (!accept(Keyword.DEFAULT)) {
                value = new Expression.StringLiteral(booleanOrString(), at);
            }
            options.add(new Option(null, name, value, null, start));
        }
        return options;
    }

    private Statement alterRoutine(ObjectKind kind, int start) {
        ObjectReference object = objectReference(kind);
        boolean setSchema = at(Keyword.SET, Keyword.SCHEMA);
        Statement statement = setSchema || !at(Keyword.SET) ? common(object, false, start) : null;
        if (statement != null) {
            return statement;
        }
        RoutineStatement alter = new RoutineStatement.AlterFunction(object, functionOptions(), start);
        accept(Keyword.RESTRICT);
        return alter;
    }

    private Statement alterPolicy(int start) {
        boolean ifExists = ifExists();
        int nameStart = token.start;
        String name = columnId();
        expect(Keyword.ON);
        QualifiedName table = qualifiedName();
        if (accept(Keyword.RENAME)) {
            expect(Keyword.TO);
            ObjectReference object =
                    referenceOn(ObjectKind.POLICY, QualifiedName.of(name, nameStart), table, nameStart);
            return new ObjectStatement.Rename(object, ObjectKind.POLICY, false, columnId(), ifExists, false, start);
        }
        if (ifExists) {
            throw syntaxError();
        }
        List<Role> roles = accept(Keyword.TO) ? roles() : List.of();
        Expression using = null;
        String usingText = null;
        if (accept(Keyword.USING)) {
            expect('(');
            int from = token.start;
            using = expression();
            usingText = textFrom(from);
            expect(')');
        }
        Expression check = null;
        String checkText = null;
        if (accept(Keyword.WITH)) {
            expect(Keyword.CHECK);
            expect('(');
            int from = token.start;
            check = expression();
            checkText = textFrom(from);
            expect(')');
        }
        return new TableStatement.AlterPolicy(name, table, roles, using, usingText, check, checkText, start);
    }

    private Statement alterOnTable(ObjectKind kind, int start) {
        return require(common(objectReference(kind), false, start));
    }

    private Statement alterStatistics(int start) {
        boolean ifExists = ifExists();
        ObjectReference object = objectReference(ObjectKind.STATISTICS);
        if (accept(Keyword.SET, Keyword.STATISTICS)) {
            return new TableStatement.AlterStatistics(ifExists, object.name(), signedInteger(), start);
        }
        return require(common(object, ifExists, start));
    }

    private Statement alterExtension(int start) {
        int nameStart = token.start;
        String name = columnId();
        if (accept(Keyword.UPDATE)) {
            List<Option> options = new ArrayList<>();
            while (at(Keyword.TO)) {
                int at = token.start;
                advance();
                options.add(option("new_version", nonReservedWordOrString(), at));
            }
            return new SchemaStatement.AlterExtension(name, options, start);
        }
        if (at(Keyword.ADD) || at(Keyword.DROP)) {
            boolean add = at(Keyword.ADD);
            advance();
            return new SchemaStatement.AlterExtensionContents(name, add, anyObject(), start);
        }
        return require(common(reference(ObjectKind.EXTENSION, QualifiedName.of(name, nameStart), nameStart), false,
                start));
    }

    private Statement alterTablespace(int start) {
        int nameStart = token.start;
        String name = columnId();
        Statement statement = common(
                reference(ObjectKind.TABLESPACE, QualifiedName.of(name, nameStart), nameStart), false, start);
        if (statement != null) {
            return statement;
        }
        boolean reset = accept(Keyword.RESET);
        if (!reset) {
            expect(Keyword.SET);
        }
        return new SchemaStatement.AlterTablespace(name, relationOptions(), reset, start);
    }
}
