package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.lock.LockMode;
import java.util.ArrayList;
import java.util.List;

/** DROP of objects that live in a database. Confined to one command. */
final class DropCommand {
    private final CommandContext context;

    DropCommand(CommandContext context) {
        this.context = context;
    }

    String run(ObjectStatement.Drop drop) {
        if (drop.concurrently() && dropConcurrently(drop)) {
            return "DROP INDEX";
        }
        List<ObjectAddress> targets = new ArrayList<>();
        for (ObjectReference object : drop.objects()) {
            ObjectAddress address = switch (drop.kind()) {
                case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, INDEX, FOREIGN_TABLE -> relation(drop, object);
                case SCHEMA -> schema(drop, object);
                case TYPE, DOMAIN -> type(drop, object);
                case FUNCTION, PROCEDURE, ROUTINE, AGGREGATE -> routine(drop, object);
                case TRIGGER, RULE, POLICY -> onRelation(drop, object);
                case EXTENSION, PUBLICATION, SUBSCRIPTION, SERVER, FOREIGN_DATA_WRAPPER, COLLATION, CONVERSION, OPERATOR,
                     OPERATOR_CLASS, OPERATOR_FAMILY, CAST, EVENT_TRIGGER, LANGUAGE, STATISTICS, TABLESPACE,
                     TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, TEXT_SEARCH_PARSER, TEXT_SEARCH_TEMPLATE, TRANSFORM,
                     ACCESS_METHOD, USER_MAPPING -> missing(drop, object);
                case ATTRIBUTE, COLUMN, CONSTRAINT, DATABASE, DOMAIN_CONSTRAINT, LARGE_OBJECT, PARAMETER, ROLE ->
                    throw SqlException.notSupported("DROP " + drop.kind().sql() + " is not supported");
            };
            if (address != null) {
                targets.add(address);
            }
        }
        if (!targets.isEmpty()) {
            lockDependents(targets);
            context.writer().drop(targets, drop.cascade(), context.notices());
        }
        return "DROP " + drop.kind().sql();
    }

    /** @return false if there is nothing to wait for, so that the plain command does it and reports what is wrong */
    private boolean dropConcurrently(ObjectStatement.Drop drop) {
        if (drop.objects().size() > 1) {
            throw SqlException.notSupported("DROP INDEX CONCURRENTLY does not support dropping multiple objects");
        }
        if (drop.cascade()) {
            throw SqlException.notSupported("DROP INDEX CONCURRENTLY does not support CASCADE");
        }
        RelationDescriptor index = context.lookup(drop.objects().getFirst().name());
        if (index == null || index.kind() != RelationKind.INDEX || index.isTemporary()
                || context.catalog().index(index.oid()).constraintOid() != 0) {
            return false;
        }
        requireDroppable(index);
        new ConcurrentIndexes(context).drop(index);
        return true;
    }

    private ObjectAddress skip(ObjectStatement.Drop drop, SqlException error, String notice) {
        if (!drop.ifExists()) {
            throw error;
        }
        context.notice(notice);
        return null;
    }

    private boolean schemaMissing(ObjectStatement.Drop drop, QualifiedName name) {
        if (name.schema() != null && !name.schema().equals("pg_temp") && context.catalog().schema(name.schema()) == null) {
            if (!drop.ifExists()) {
                throw CatalogErrors.noSchema(name.schema());
            }
            context.notice("schema \"" + name.schema() + "\" does not exist, skipping");
            return true;
        }
        return false;
    }

    // ---- Relations

    private ObjectAddress relation(ObjectStatement.Drop drop, ObjectReference object) {
        QualifiedName name = object.name();
        if (drop.kind() != ObjectKind.INDEX && drop.ifExists() && schemaMissing(drop, name)) {
            return null;
        }
        RelationKind wanted = kind(drop.kind());
        RelationDescriptor relation = context.lookup(name);
        if (relation != null && matches(relation.kind(), wanted) && relation.kind() == RelationKind.INDEX) {
            // The table first, as everybody who uses the index does.
            int table = context.catalog().index(relation.oid()).tableOid();
            context.lock(context.catalog().relation(table), LockMode.ACCESS_EXCLUSIVE);
        }
        relation = context.findAndLock(name, LockMode.ACCESS_EXCLUSIVE);
        if (relation == null) {
            String text = CommandContext.text(name);
            return skip(drop, CatalogErrors.noRelation(wanted, name.schema(), name.name()),
                    wanted.noun() + " \"" + text + "\" does not exist, skipping");
        }
        if (!matches(relation.kind(), wanted)) {
            throw wrongKind(relation, wanted);
        }
        requireDroppable(relation);
        forget(relation);
        if (wanted == RelationKind.INDEX) {
            RelationDescriptor table = context.catalog().relation(context.catalog().index(relation.oid()).tableOid());
            context.transaction().session().manager().conflicts()
                    .transfer(BufferPool.key(relation.storage()), BufferPool.key(table.storage()));
        }
        return ObjectAddress.relation(relation.oid());
    }

    private static boolean matches(RelationKind actual, RelationKind wanted) {
        return actual == wanted || wanted == RelationKind.TABLE && actual == RelationKind.PARTITIONED_TABLE;
    }

    private static RelationKind kind(ObjectKind kind) {
        return switch (kind) {
            case TABLE -> RelationKind.TABLE;
            case VIEW -> RelationKind.VIEW;
            case MATERIALIZED_VIEW -> RelationKind.MATERIALIZED_VIEW;
            case SEQUENCE -> RelationKind.SEQUENCE;
            case INDEX -> RelationKind.INDEX;
            case FOREIGN_TABLE -> RelationKind.FOREIGN_TABLE;
            default -> throw SqlException.notSupported("DROP " + kind.sql() + " is not supported");
        };
    }

    private SqlException wrongKind(RelationDescriptor relation, RelationKind wanted) {
        String article = wanted == RelationKind.INDEX ? "an " : "a ";
        SqlException error = new SqlException(SqlState.WRONG_OBJECT_TYPE,
                "\"" + relation.name() + "\" is not " + article + wanted.noun());
        String command = switch (relation.kind()) {
            case TABLE, PARTITIONED_TABLE -> "DROP TABLE to remove a table";
            case VIEW -> "DROP VIEW to remove a view";
            case MATERIALIZED_VIEW -> "DROP MATERIALIZED VIEW to remove a materialized view";
            case SEQUENCE -> "DROP SEQUENCE to remove a sequence";
            case INDEX, PARTITIONED_INDEX -> "DROP INDEX to remove an index";
            case COMPOSITE_TYPE -> "DROP TYPE to remove a type";
            case FOREIGN_TABLE -> "DROP FOREIGN TABLE to remove a foreign table";
            case TOAST -> null;
        };
        return command == null ? error : error.withHint("Use " + command + ".");
    }

    private void requireDroppable(RelationDescriptor relation) {
        if (relation.isSystem()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: \"" + relation.name() + "\" is a system catalog");
        }
        SchemaDescriptor schema = context.catalog().schema(relation.schemaOid());
        if (!context.owns(relation.ownerOid()) && !(schema != null && context.owns(schema.ownerOid()))) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "must be owner of " + relation.kind().noun() + " " + relation.name());
        }
    }

    private void forget(RelationDescriptor relation) {
        context.state.onCommit.remove(relation.oid());
        context.state.sequences.remove(relation.oid());
    }

    /** Tables that lose a foreign key, or go by CASCADE, are locked too. */
    private void lockDependents(List<ObjectAddress> targets) {
        for (ObjectAddress target : targets) {
            RelationDescriptor relation = target.classOid() == io.quantadb.catalog.table.SystemColumns.PgClass.TABLE
                    ? context.catalog().relation(target.objectOid()) : null;
            if (relation != null) {
                relation.referencedBy().forEach(key -> context.lock(key.tableOid(), false, LockMode.ACCESS_EXCLUSIVE,
                        io.quantadb.txn.lock.WaitPolicy.BLOCK));
                relation.constraints().stream().filter(c -> c.isForeignKey()).forEach(key -> context.lock(
                        key.referencedTableOid(), false, LockMode.ACCESS_EXCLUSIVE, io.quantadb.txn.lock.WaitPolicy.BLOCK));
            }
        }
    }

    // ---- Others

    private ObjectAddress schema(ObjectStatement.Drop drop, ObjectReference object) {
        SchemaDescriptor schema = context.catalog().schema(object.name().name());
        if (schema == null) {
            return skip(drop, CatalogErrors.noSchema(object.name().name()),
                    "schema \"" + object.name().name() + "\" does not exist, skipping");
        }
        if (CatalogIds.isPinned(schema.oid())) {
            throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop schema " + schema.name()
                    + " because it is required by the database system");
        }
        context.requireOwner(schema.ownerOid(), "schema " + schema.name());
        return ObjectAddress.schema(schema.oid());
    }

    private ObjectAddress type(ObjectStatement.Drop drop, ObjectReference object) {
        var named = object.types().getFirst();
        if (schemaMissing(drop, named.name())) {
            return null;
        }
        String kind = drop.kind() == ObjectKind.DOMAIN ? "type" : "type";
        TypeDescriptor type = Types.find(context, named);
        if (type == null) {
            String text = CommandContext.text(named.name());
            return skip(drop, CatalogErrors.noType(text), kind + " \"" + text + "\" does not exist, skipping");
        }
        if (drop.kind() == ObjectKind.DOMAIN && !type.isDomain()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + type.name() + "\" is not a domain");
        }
        if (CatalogIds.isPinned(type.oid())) {
            throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop type "
                    + context.catalog().formatType(type.oid(), -1) + " because it is required by the database system");
        }
        context.requireOwner(type.ownerOid(), "type " + type.name());
        return ObjectAddress.type(type.oid());
    }

    private ObjectAddress routine(ObjectStatement.Drop drop, ObjectReference object) {
        if (schemaMissing(drop, object.name())) {
            return null;
        }
        FunctionDescriptor function;
        try {
            function = Routines.find(context, object);
        } catch (SqlException e) {
            if (drop.ifExists() && e.state() == SqlState.UNDEFINED_FUNCTION) {
                context.notice(object.arguments() == null ? e.getMessage() + ", skipping"
                        : Routines.asWritten(object) + " does not exist, skipping");
                return null;
            }
            throw e;
        }
        if (CatalogIds.isPinned(function.oid())) {
            throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop function "
                    + context.writer().descriptions().describe(ObjectAddress.function(function.oid())).replaceFirst("^function ", "")
                    + " because it is required by the database system");
        }
        context.requireOwner(function.ownerOid(), "function " + function.name());
        return ObjectAddress.function(function.oid());
    }

    /** Triggers, rules and policies: there are none, so only their table matters. */
    private ObjectAddress onRelation(ObjectStatement.Drop drop, ObjectReference object) {
        String kind = drop.kind().sql().toLowerCase(java.util.Locale.ROOT);
        String name = object.name().name();
        RelationDescriptor relation = context.lookup(object.owner());
        if (relation == null) {
            return skip(drop, context.noRelation(object.owner()),
                    "relation \"" + CommandContext.text(object.owner()) + "\" does not exist, skipping");
        }
        String where = drop.kind() == ObjectKind.RULE ? "relation" : "table";
        String end = drop.kind() == ObjectKind.RULE ? "relation" : drop.kind() == ObjectKind.TRIGGER ? "relation" : "table";
        return skip(drop, new SqlException(SqlState.UNDEFINED_OBJECT,
                kind + " \"" + name + "\" for " + where + " \"" + relation.name() + "\" does not exist"),
                kind + " \"" + name + "\" for " + end + " \"" + relation.name() + "\" does not exist, skipping");
    }

    /** Kinds of which this server has none of the user's making. */
    private ObjectAddress missing(ObjectStatement.Drop drop, ObjectReference object) {
        String kind = drop.kind().sql().toLowerCase(java.util.Locale.ROOT);
        String name = object.name() == null ? "" : CommandContext.text(object.name());
        return skip(drop, new SqlException(SqlState.UNDEFINED_OBJECT, kind + " \"" + name + "\" does not exist"),
                kind + " \"" + name + "\" does not exist, skipping");
    }
}
