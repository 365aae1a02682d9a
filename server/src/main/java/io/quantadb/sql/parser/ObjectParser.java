package io.quantadb.sql.parser;

import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.RoutineStatement.Parameter;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** References to existing objects of any kind, and DROP, COMMENT and SECURITY LABEL, which take them. */
abstract class ObjectParser extends RoutineParser {
    ObjectParser(String sql) {
        super(sql);
    }

    /** Takes the words of an object kind; null (nothing taken) if none stands here. */
    final ObjectKind objectKind() {
        if (!at(Token.KEYWORD)) {
            return null;
        }
        switch (token.keyword) {
            case ACCESS -> {
                return twoWords(Keyword.METHOD, ObjectKind.ACCESS_METHOD);
            }
            case EVENT -> {
                return twoWords(Keyword.TRIGGER, ObjectKind.EVENT_TRIGGER);
            }
            case FOREIGN -> {
                if (peekIs(Keyword.TABLE)) {
                    return twoWords(Keyword.TABLE, ObjectKind.FOREIGN_TABLE);
                }
                advance();
                expect(Keyword.DATA, Keyword.WRAPPER);
                return ObjectKind.FOREIGN_DATA_WRAPPER;
            }
            case LARGE -> {
                return twoWords(Keyword.OBJECT, ObjectKind.LARGE_OBJECT);
            }
            case MATERIALIZED -> {
                return twoWords(Keyword.VIEW, ObjectKind.MATERIALIZED_VIEW);
            }
            case OPERATOR -> {
                advance();
                if (accept(Keyword.CLASS)) {
                    return ObjectKind.OPERATOR_CLASS;
                }
                return accept(Keyword.FAMILY) ? ObjectKind.OPERATOR_FAMILY : ObjectKind.OPERATOR;
            }
            case TEXT -> {
                advance();
                expect(Keyword.SEARCH);
                return textSearchKind();
            }
            case USER -> {
                if (peekIs(Keyword.MAPPING)) {
                    return twoWords(Keyword.MAPPING, ObjectKind.USER_MAPPING);
                }
                advance();
                return ObjectKind.ROLE;
            }
            case PROCEDURAL -> {
                return twoWords(Keyword.LANGUAGE, ObjectKind.LANGUAGE);
            }
            default -> {
                ObjectKind kind = singleWordKind();
                if (kind != null) {
                    advance();
                }
                return kind;
            }
        }
    }

    private ObjectKind twoWords(Keyword second, ObjectKind kind) {
        advance();
        expect(second);
        return kind;
    }

    private ObjectKind textSearchKind() {
        ObjectKind kind = at(Token.KEYWORD) ? switch (token.keyword) {
            case CONFIGURATION -> ObjectKind.TEXT_SEARCH_CONFIGURATION;
            case DICTIONARY -> ObjectKind.TEXT_SEARCH_DICTIONARY;
            case PARSER -> ObjectKind.TEXT_SEARCH_PARSER;
            case TEMPLATE -> ObjectKind.TEXT_SEARCH_TEMPLATE;
            default -> throw syntaxError();
        } : null;
        if (kind == null) {
            throw syntaxError();
        }
        advance();
        return kind;
    }

    private ObjectKind singleWordKind() {
        return switch (token.keyword) {
            case AGGREGATE -> ObjectKind.AGGREGATE;
            case CAST -> ObjectKind.CAST;
            case COLLATION -> ObjectKind.COLLATION;
            case COLUMN -> ObjectKind.COLUMN;
            case CONSTRAINT -> ObjectKind.CONSTRAINT;
            case CONVERSION -> ObjectKind.CONVERSION;
            case DATABASE -> ObjectKind.DATABASE;
            case DOMAIN -> ObjectKind.DOMAIN;
            case EXTENSION -> ObjectKind.EXTENSION;
            case FUNCTION -> ObjectKind.FUNCTION;
            case INDEX -> ObjectKind.INDEX;
            case LANGUAGE -> ObjectKind.LANGUAGE;
            case POLICY -> ObjectKind.POLICY;
            case PROCEDURE -> ObjectKind.PROCEDURE;
            case PUBLICATION -> ObjectKind.PUBLICATION;
            case ROLE, GROUP -> ObjectKind.ROLE;
            case ROUTINE -> ObjectKind.ROUTINE;
            case RULE -> ObjectKind.RULE;
            case SCHEMA -> ObjectKind.SCHEMA;
            case SEQUENCE -> ObjectKind.SEQUENCE;
            case SERVER -> ObjectKind.SERVER;
            case STATISTICS -> ObjectKind.STATISTICS;
            case SUBSCRIPTION -> ObjectKind.SUBSCRIPTION;
            case TABLE -> ObjectKind.TABLE;
            case TABLESPACE -> ObjectKind.TABLESPACE;
            case TRANSFORM -> ObjectKind.TRANSFORM;
            case TRIGGER -> ObjectKind.TRIGGER;
            case TYPE -> ObjectKind.TYPE;
            case VIEW -> ObjectKind.VIEW;
            default -> null;
        };
    }

    final ObjectReference reference(ObjectKind kind, QualifiedName name, int start) {
        return new ObjectReference(kind, name, null, null, false, List.of(), start);
    }

    final ObjectReference referenceOn(ObjectKind kind, QualifiedName name, QualifiedName owner, int start) {
        return new ObjectReference(kind, name, owner, null, false, List.of(), start);
    }

    /** An object of a known kind, its name and whatever that kind needs to be identified. */
    final ObjectReference objectReference(ObjectKind kind) {
        int start = token.start;
        switch (kind) {
            case AGGREGATE -> {
                return aggregateReference();
            }
            case FUNCTION, PROCEDURE, ROUTINE -> {
                QualifiedName name = functionName();
                List<Parameter> arguments = at('(') ? parameters(false) : null;
                return new ObjectReference(kind, name, null, arguments, false, List.of(), start);
            }
            case OPERATOR -> {
                return operatorReference();
            }
            case OPERATOR_CLASS, OPERATOR_FAMILY -> {
                QualifiedName name = qualifiedName();
                expect(Keyword.USING);
                int at = token.start;
                return referenceOn(kind, name, QualifiedName.of(columnId(), at), start);
            }
            case TYPE, DOMAIN -> {
                TypeName type = typeName();
                return new ObjectReference(kind, type.name(), null, null, false, List.of(type), start);
            }
            case CAST -> {
                expect('(');
                TypeName source = typeName();
                expect(Keyword.AS);
                TypeName target = typeName();
                expect(')');
                return new ObjectReference(kind, null, null, null, false, List.of(source, target), start);
            }
            case TRANSFORM -> {
                expect(Keyword.FOR);
                TypeName type = typeName();
                expect(Keyword.LANGUAGE);
                int at = token.start;
                return new ObjectReference(kind, QualifiedName.of(columnId(), at), null, null, false, List.of(type),
                        start);
            }
            case COLUMN -> {
                List<Identifier> parts = dottedIdentifiers();
                if (parts.size() < 2) {
                    throw error("column name must be qualified", start);
                }
                Identifier column = parts.getLast();
                return referenceOn(kind, QualifiedName.of(column.name(), column.position()), tableOf(parts), start);
            }
            case TRIGGER, RULE, POLICY -> {
                String name = columnId();
                expect(Keyword.ON);
                return referenceOn(kind, QualifiedName.of(name, start), qualifiedName(), start);
            }
            case CONSTRAINT -> {
                String name = columnId();
                expect(Keyword.ON);
                boolean domain = accept(Keyword.DOMAIN);
                return referenceOn(domain ? ObjectKind.DOMAIN_CONSTRAINT : kind, QualifiedName.of(name, start),
                        qualifiedName(), start);
            }
            case LARGE_OBJECT -> {
                String text = signedNumber().text();
                return reference(kind, QualifiedName.of(text, start), start);
            }
            case ROLE -> {
                return reference(kind, QualifiedName.of(roleId(), start), start);
            }
            case ACCESS_METHOD, DATABASE, EVENT_TRIGGER, EXTENSION, FOREIGN_DATA_WRAPPER, LANGUAGE, PUBLICATION,
                    SCHEMA, SERVER, SUBSCRIPTION, TABLESPACE -> {
                return reference(kind, QualifiedName.of(columnId(), start), start);
            }
            default -> {
                return reference(kind, qualifiedName(), start);
            }
        }
    }

    private ObjectReference aggregateReference() {
        int start = token.start;
        QualifiedName name = functionName();
        List<Parameter> arguments = aggregateArguments();
        boolean star = arguments == null;
        return new ObjectReference(ObjectKind.AGGREGATE, name, null, star ? List.of() : arguments, star, List.of(),
                start);
    }

    /** {@code (*)} (null), {@code (types)} or {@code (types ORDER BY types)} (joined). */
    final List<Parameter> aggregateArguments() {
        expect('(');
        if (accept('*')) {
            expect(')');
            return null;
        }
        List<Parameter> arguments = new ArrayList<>();
        boolean ordered = at(Keyword.ORDER);
        while (!ordered) {
            arguments.add(parameter(false));
            ordered = at(Keyword.ORDER);
            if (!accept(',')) {
                break;
            }
        }
        if (ordered) {
            expect(Keyword.ORDER, Keyword.BY);
            do {
                arguments.add(parameter(false));
            } while (accept(','));
        }
        expect(')');
        return arguments;
    }

    private ObjectReference operatorReference() {
        int start = token.start;
        QualifiedName name = operatorName();
        expect('(');
        TypeName left = null;
        if (!accept(Keyword.NONE)) {
            left = typeName();
            if (at(')')) {
                throw error("missing argument", token.start)
                        .withHint("Use NONE to denote the missing argument of a unary operator.");
            }
        }
        expect(',');
        TypeName right = accept(Keyword.NONE) ? null : typeName();
        expect(')');
        List<TypeName> types = new ArrayList<>();
        types.add(left);
        types.add(right);
        return new ObjectReference(ObjectKind.OPERATOR, name, null, null, false, types, start);
    }

    // ---- DROP

    /** After DROP and with the kind's words taken; not for roles, databases, tablespaces, OWNED. */
    final Statement dropObjects(ObjectKind kind, int start) {
        boolean concurrently = kind == ObjectKind.INDEX && accept(Keyword.CONCURRENTLY);
        boolean ifExists = ifExists();
        List<ObjectReference> objects = new ArrayList<>(1);
        do {
            objects.add(objectReference(kind));
        } while (severalAllowed(kind) && accept(','));
        return new ObjectStatement.Drop(kind, objects, ifExists, cascade(), concurrently, start);
    }

    private static boolean severalAllowed(ObjectKind kind) {
        return switch (kind) {
            case TRIGGER, RULE, POLICY, CAST, TRANSFORM, OPERATOR_CLASS, OPERATOR_FAMILY, SUBSCRIPTION -> false;
            default -> true;
        };
    }

    // ---- COMMENT and SECURITY LABEL

    final Statement comment() {
        int start = token.start;
        advance();
        expect(Keyword.ON);
        ObjectReference object = anyObject();
        expect(Keyword.IS);
        String text = accept(Keyword.NULL) ? null : string();
        return new ObjectStatement.Comment(object, text, start);
    }

    /** Kind and reference. */
    final ObjectReference anyObject() {
        ObjectKind kind = objectKind();
        if (kind == null || kind == ObjectKind.USER_MAPPING) {
            throw syntaxError();
        }
        return objectReference(kind);
    }

    final Statement securityLabel() {
        int start = token.start;
        advance();
        expect(Keyword.LABEL);
        String provider = accept(Keyword.FOR) ? nonReservedWordOrString() : null;
        expect(Keyword.ON);
        ObjectReference object = anyObject();
        expect(Keyword.IS);
        String label = accept(Keyword.NULL) ? null : string();
        return new ObjectStatement.SecurityLabel(provider, object, label, start);
    }

    /** A statement kept as text only: skips to its end, checking that parentheses match. */
    final Statement other(String command, String name, int start) {
        int open = 0;
        while (open > 0 || !atEnd()) {
            if (at(Token.EOF)) {
                throw syntaxError();
            }
            if (at('(')) {
                open++;
            } else if (at(')') && --open < 0) {
                throw syntaxError();
            }
            advance();
        }
        return new SchemaStatement.Other(command, name, textFrom(start), start);
    }
}
