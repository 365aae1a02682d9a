package io.quantadb.sql.parser;

import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.RoutineStatement.Parameter;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** CREATE of everything, and the DROPs that differ from the common form. */
abstract class CreateParser extends TriggerParser {
    CreateParser(String sql) {
        super(sql);
    }

    final Statement create() {
        int start = token.start;
        advance();
        boolean orReplace = accept(Keyword.OR, Keyword.REPLACE);
        Persistence persistence = persistence();
        boolean plain = !orReplace && persistence == Persistence.PERMANENT;
        if (!at(Token.KEYWORD)) {
            throw syntaxError();
        }
        Keyword keyword = token.keyword;
        switch (keyword) {
            case TABLE -> {
                if (!orReplace) {
                    advance();
                    return createTable(persistence, start);
                }
            }
            case SEQUENCE -> {
                if (!orReplace) {
                    advance();
                    return createSequence(persistence, start);
                }
            }
            case RECURSIVE, VIEW -> {
                boolean recursive = accept(Keyword.RECURSIVE);
                expect(Keyword.VIEW);
                return createView(persistence, orReplace, recursive, start);
            }
            case MATERIALIZED -> {
                if (!orReplace) {
                    advance();
                    expect(Keyword.VIEW);
                    return createMaterializedView(persistence, start);
                }
            }
            default -> {
                if (persistence == Persistence.PERMANENT) {
                    return plain ? createPlain(start) : createReplaceable(true, start);
                }
            }
        }
        throw syntaxError();
    }

    private Persistence persistence() {
        if ((at(Keyword.LOCAL) || at(Keyword.GLOBAL)) && (peekIs(Keyword.TEMP) || peekIs(Keyword.TEMPORARY))) {
            advance();
        }
        if (accept(Keyword.TEMP) || accept(Keyword.TEMPORARY)) {
            return Persistence.TEMPORARY;
        }
        return accept(Keyword.UNLOGGED) ? Persistence.UNLOGGED : Persistence.PERMANENT;
    }

    /** Kinds that allow OR REPLACE. */
    private Statement createReplaceable(boolean orReplace, int start) {
        Keyword keyword = token.keyword;
        switch (keyword) {
            case FUNCTION, PROCEDURE -> {
                advance();
                return createFunction(orReplace, keyword == Keyword.PROCEDURE, start);
            }
            case TRIGGER -> {
                advance();
                return createTrigger(orReplace, false, start);
            }
            case CONSTRAINT -> {
                advance();
                expect(Keyword.TRIGGER);
                return createTrigger(orReplace, true, start);
            }
            case RULE -> {
                advance();
                return createRule(orReplace, start);
            }
            case AGGREGATE -> {
                advance();
                return createAggregate(orReplace, start);
            }
            case TRUSTED, PROCEDURAL, LANGUAGE -> {
                accept(Keyword.TRUSTED);
                accept(Keyword.PROCEDURAL);
                expect(Keyword.LANGUAGE);
                return other("CREATE LANGUAGE", columnId(), start);
            }
            case TRANSFORM -> {
                advance();
                return other("CREATE TRANSFORM", null, start);
            }
            default -> throw syntaxError();
        }
    }

    private Statement createPlain(int start) {
        Keyword keyword = token.keyword;
        switch (keyword) {
            case UNIQUE, INDEX -> {
                boolean unique = accept(Keyword.UNIQUE);
                expect(Keyword.INDEX);
                return createIndex(unique, start);
            }
            case SCHEMA -> {
                advance();
                return createSchema(start);
            }
            case DATABASE -> {
                advance();
                String name = columnId();
                accept(Keyword.WITH);
                return new SchemaStatement.CreateDatabase(name, databaseOptions(), start);
            }
            case TYPE -> {
                advance();
                return createType(start);
            }
            case DOMAIN -> {
                advance();
                return createDomain(start);
            }
            case ROLE, USER, GROUP -> {
                advance();
                if (keyword == Keyword.USER && accept(Keyword.MAPPING)) {
                    return other("CREATE USER MAPPING", null, start);
                }
                return createRole(AccessStatement.RoleWord.valueOf(keyword.name()), start);
            }
            case POLICY -> {
                advance();
                return createPolicy(start);
            }
            case STATISTICS -> {
                advance();
                return createStatistics(start);
            }
            case EXTENSION -> {
                advance();
                return createExtension(start);
            }
            case TABLESPACE -> {
                advance();
                return createTablespace(start);
            }
            case COLLATION -> {
                advance();
                return createCollation(start);
            }
            case OPERATOR -> {
                advance();
                return createOperator(start);
            }
            case CAST -> {
                advance();
                return createCast(start);
            }
            case TEXT -> {
                return define(objectKind(), start);
            }
            case ACCESS, EVENT, FOREIGN, PUBLICATION, SUBSCRIPTION, SERVER -> {
                ObjectKind kind = keyword == Keyword.FOREIGN && !peekIs(Keyword.TABLE) && !peekIs(Keyword.DATA)
                        ? null : objectKind();
                if (kind == null) {
                    throw syntaxError();
                }
                return named(kind, start);
            }
            case DEFAULT, CONVERSION -> {
                accept(Keyword.DEFAULT);
                expect(Keyword.CONVERSION);
                return named(ObjectKind.CONVERSION, start);
            }
            default -> {
                return createReplaceable(false, start);
            }
        }
    }

    private Statement named(ObjectKind kind, int start) {
        boolean mayExist = kind == ObjectKind.FOREIGN_TABLE || kind == ObjectKind.SERVER;
        if (mayExist) {
            ifNotExists();
        }
        return other("CREATE " + kind.sql(), qualifiedName().name(), start);
    }

    private Statement createSchema(int start) {
        boolean ifNotExists = ifNotExists();
        String name = at(Keyword.AUTHORIZATION) ? null : columnId();
        Role owner = accept(Keyword.AUTHORIZATION) ? role() : null;
        List<Statement> elements = new ArrayList<>();
        while (at(Keyword.CREATE) || at(Keyword.GRANT)) {
            int at = token.start;
            if (ifNotExists) {
                throw notSupported("CREATE SCHEMA IF NOT EXISTS cannot include schema elements", at);
            }
            elements.add(statement());
        }
        return new SchemaStatement.CreateSchema(ifNotExists, name, owner, elements, start);
    }

    private Statement createType(int start) {
        QualifiedName name = qualifiedName();
        if (at('(')) {
            return new SchemaStatement.Define(ObjectKind.TYPE, false, false, name, null, definition(), null, start);
        }
        if (!accept(Keyword.AS)) {
            return new SchemaStatement.Define(ObjectKind.TYPE, false, false, name, null, List.of(), null, start);
        }
        if (accept(Keyword.ENUM)) {
            expect('(');
            List<String> labels = new ArrayList<>();
            if (!at(')')) {
                do {
                    labels.add(string());
                } while (accept(','));
            }
            expect(')');
            return new SchemaStatement.CreateEnum(name, labels, start);
        }
        if (accept(Keyword.RANGE)) {
            return new SchemaStatement.CreateRange(name, definition(), start);
        }
        return new SchemaStatement.CreateComposite(name, attributes(), start);
    }

    private Statement createDomain(int start) {
        QualifiedName name = qualifiedName();
        accept(Keyword.AS);
        TypeName type = typeName();
        List<Constraint> constraints = new ArrayList<>();
        QualifiedName collation = columnQualifiers(constraints);
        return new SchemaStatement.CreateDomain(name, type, collation, constraints, start);
    }

    private Statement createExtension(int start) {
        boolean ifNotExists = ifNotExists();
        String name = columnId();
        accept(Keyword.WITH);
        List<Option> options = new ArrayList<>();
        while (!atEnd()) {
            int at = token.start;
            if (accept(Keyword.SCHEMA)) {
                options.add(option("schema", columnId(), at));
            } else if (accept(Keyword.VERSION)) {
                options.add(option("new_version", nonReservedWordOrString(), at));
            } else if (accept(Keyword.CASCADE)) {
                options.add(flag("cascade", at));
            } else {
                throw syntaxError();
            }
        }
        return new SchemaStatement.CreateExtension(ifNotExists, name, options, start);
    }

    private Statement createTablespace(int start) {
        String name = columnId();
        Role owner = accept(Keyword.OWNER) ? role() : null;
        expect(Keyword.LOCATION);
        String location = string();
        return new SchemaStatement.CreateTablespace(name, owner, location, withOptions(), start);
    }

    private Statement createCollation(int start) {
        boolean ifNotExists = ifNotExists();
        QualifiedName name = qualifiedName();
        if (accept(Keyword.FROM)) {
            return new SchemaStatement.Define(ObjectKind.COLLATION, false, ifNotExists, name, null, List.of(),
                    qualifiedName(), start);
        }
        return new SchemaStatement.Define(ObjectKind.COLLATION, false, ifNotExists, name, null, definition(), null,
                start);
    }

    private Statement createOperator(int start) {
        if (accept(Keyword.CLASS)) {
            return other("CREATE OPERATOR CLASS", qualifiedName().name(), start);
        }
        if (accept(Keyword.FAMILY)) {
            return other("CREATE OPERATOR FAMILY", qualifiedName().name(), start);
        }
        QualifiedName name = operatorName();
        return new SchemaStatement.Define(ObjectKind.OPERATOR, false, false, name, null, definition(), null, start);
    }

    private Statement createAggregate(boolean orReplace, int start) {
        QualifiedName name = functionName();
        boolean oldStyle = at('(') && isLabel(peek(1)) && peek(2).type == '=';
        List<Parameter> parameters = null;
        if (!oldStyle) {
            parameters = aggregateArguments();
            if (parameters == null) {
                parameters = List.of();
            }
        }
        return new SchemaStatement.Define(ObjectKind.AGGREGATE, orReplace, false, name, parameters, definition(),
                null, start);
    }

    private Statement define(ObjectKind kind, int start) {
        QualifiedName name = qualifiedName();
        return new SchemaStatement.Define(kind, false, false, name, null, definition(), null, start);
    }

    private Statement createCast(int start) {
        expect('(');
        TypeName source = typeName();
        expect(Keyword.AS);
        TypeName target = typeName();
        expect(')');
        SchemaStatement.CastMethod method = SchemaStatement.CastMethod.FUNCTION;
        ObjectReference function = null;
        if (accept(Keyword.WITHOUT)) {
            expect(Keyword.FUNCTION);
            method = SchemaStatement.CastMethod.BINARY;
        } else {
            expect(Keyword.WITH);
            if (accept(Keyword.INOUT)) {
                method = SchemaStatement.CastMethod.INOUT;
            } else {
                expect(Keyword.FUNCTION);
                function = objectReference(ObjectKind.FUNCTION);
            }
        }
        SchemaStatement.CastContext context = SchemaStatement.CastContext.EXPLICIT;
        if (accept(Keyword.AS)) {
            context = SchemaStatement.CastContext.IMPLICIT;
            if (accept(Keyword.ASSIGNMENT)) {
                context = SchemaStatement.CastContext.ASSIGNMENT;
            } else {
                expect(Keyword.IMPLICIT);
            }
        }
        return new SchemaStatement.CreateCast(source, target, method, function, context, start);
    }

    // ---- DROP

    final Statement drop() {
        int start = token.start;
        advance();
        if (at(Keyword.ROLE) || at(Keyword.GROUP) || at(Keyword.USER) && !peekIs(Keyword.MAPPING)) {
            advance();
            return dropRole(start);
        }
        if (accept(Keyword.OWNED)) {
            return dropOwned(start);
        }
        boolean dependent = at(Keyword.COLUMN) || at(Keyword.CONSTRAINT) || at(Keyword.LARGE);
        ObjectKind kind = dependent ? null : objectKind();
        if (kind == null) {
            throw syntaxError();
        }
        return switch (kind) {
            case DATABASE -> dropDatabase(start);
            case TABLESPACE -> {
                boolean ifExists = ifExists();
                yield new SchemaStatement.DropTablespace(columnId(), ifExists, start);
            }
            case USER_MAPPING -> other("DROP USER MAPPING", null, start);
            default -> dropObjects(kind, start);
        };
    }

    private Statement dropDatabase(int start) {
        boolean ifExists = ifExists();
        String name = columnId();
        boolean with = accept(Keyword.WITH);
        List<Option> options = List.of();
        if (with || at('(')) {
            expect('(');
            options = new ArrayList<>();
            do {
                int at = token.start;
                expect(Keyword.FORCE);
                options.add(flag("force", at));
            } while (accept(','));
            expect(')');
        }
        return new SchemaStatement.DropDatabase(name, ifExists, options, start);
    }
}
