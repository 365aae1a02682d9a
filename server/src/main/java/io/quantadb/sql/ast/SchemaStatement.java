package io.quantadb.sql.ast;

import java.util.List;

/** Databases, schemas, types, domains, extensions, tablespaces. */
public sealed interface SchemaStatement extends Statement {

    /** @param name null for {@code AUTHORIZATION role} alone (then the role's name) */
    record CreateSchema(boolean ifNotExists, String name, Role authorization, List<Statement> elements, int position)
            implements SchemaStatement {
    }

    record CreateDatabase(String name, List<Option> options, int position) implements SchemaStatement {
    }

    record AlterDatabase(String name, List<Option> options, int position) implements SchemaStatement {
    }

    record AlterDatabaseRefreshCollation(String name, int position) implements SchemaStatement {
    }

    /** @param setting a SetVariable or Reset */
    record AlterDatabaseSet(String name, SessionStatement setting, int position) implements SchemaStatement {
    }

    record DropDatabase(String name, boolean ifExists, List<Option> options, int position)
            implements SchemaStatement {
    }

    record CreateTablespace(String name, Role owner, String location, List<Option> options, int position)
            implements SchemaStatement {
    }

    record AlterTablespace(String name, List<Option> options, boolean reset, int position)
            implements SchemaStatement {
    }

    record DropTablespace(String name, boolean ifExists, int position) implements SchemaStatement {
    }

    record CreateEnum(QualifiedName name, List<String> labels, int position) implements SchemaStatement {
    }

    record CreateComposite(QualifiedName name, List<ColumnDefinition> attributes, int position)
            implements SchemaStatement {
    }

    record CreateRange(QualifiedName name, List<Option> options, int position) implements SchemaStatement {
    }

    /** @param neighbour label to stand before or after, or null */
    record AlterEnumAdd(QualifiedName name, boolean ifNotExists, String label, String neighbour, boolean before,
                        int position) implements SchemaStatement {
    }

    record AlterEnumRename(QualifiedName name, String label, String newLabel, int position)
            implements SchemaStatement {
    }

    /** {@code ALTER TYPE name SET (...)}. */
    record AlterType(QualifiedName name, List<Option> options, int position) implements SchemaStatement {
    }

    record CreateDomain(QualifiedName name, TypeName type, QualifiedName collation, List<Constraint> constraints,
                        int position) implements SchemaStatement {
    }

    record AlterDomain(QualifiedName name, DomainAction action, int position) implements SchemaStatement {
    }

    /** What ALTER DOMAIN changes. */
    sealed interface DomainAction {
        record SetDefault(Expression value, String text) implements DomainAction {
        }

        record DropDefault() implements DomainAction {
        }

        record SetNotNull(boolean notNull) implements DomainAction {
        }

        record AddConstraint(Constraint constraint) implements DomainAction {
        }

        record DropConstraint(String name, boolean ifExists, boolean cascade) implements DomainAction {
        }

        record ValidateConstraint(String name) implements DomainAction {
        }
    }

    record CreateExtension(boolean ifNotExists, String name, List<Option> options, int position)
            implements SchemaStatement {
    }

    record AlterExtension(String name, List<Option> options, int position) implements SchemaStatement {
    }

    /** @param add false: DROP */
    record AlterExtensionContents(String name, boolean add, ObjectReference object, int position)
            implements SchemaStatement {
    }

    /**
     * CREATE OPERATOR, TYPE (base or shell), AGGREGATE, COLLATION, TEXT SEARCH ...: a name and a definition list.
     *
     * @param parameters of an aggregate; null if the old style (no parameter list) or another kind
     * @param from       {@code CREATE COLLATION name FROM other}, else null
     * @param options    empty: a shell type
     */
    record Define(ObjectKind kind, boolean orReplace, boolean ifNotExists, QualifiedName name,
                  List<RoutineStatement.Parameter> parameters, List<Option> options, QualifiedName from,
                  int position) implements SchemaStatement {
    }

    /** @param function only for method FUNCTION */
    record CreateCast(TypeName source, TypeName target, CastMethod conversion, ObjectReference function,
                      CastContext context, int position) implements SchemaStatement {
    }

    /** How a cast is carried out. */
    enum CastMethod { FUNCTION, BINARY, INOUT }

    /** When a cast applies. */
    enum CastContext { EXPLICIT, ASSIGNMENT, IMPLICIT }

    /**
     * A statement that is recognised but has no tree of its own (publications, foreign data wrappers, operator
     * classes ...). Its text was only checked for balanced parentheses.
     *
     * @param command the leading words, upper case, such as {@code CREATE PUBLICATION}
     * @param name    the object's, or null
     * @param text    the whole statement
     */
    record Other(String command, String name, String text, int position) implements SchemaStatement {
    }
}
