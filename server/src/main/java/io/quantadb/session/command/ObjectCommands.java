package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.ddl.Dependencies;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.ObjectReference;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.Role;
import io.quantadb.txn.lock.LockMode;
import java.util.List;

/** What works on objects of any kind: RENAME, SET SCHEMA, OWNER TO, COMMENT. Confined to one command. */
final class ObjectCommands {
    private final CommandContext context;

    ObjectCommands(CommandContext context) {
        this.context = context;
    }

    /** An object found by name, with what every command needs to know of it. */
    record Found(ObjectAddress address, int ownerOid, String description) {
    }

    // ---- Finding

    private RelationDescriptor relation(ObjectReference object, LockMode mode, boolean ifExists) {
        RelationDescriptor relation = context.findAndLock(object.name(), mode);
        if (relation == null) {
            if (ifExists) {
                context.notice("relation \"" + CommandContext.text(object.name()) + "\" does not exist, skipping");
                return null;
            }
            throw context.noRelation(object.name());
        }
        return relation;
    }

    /** Finds an object that is no relation, column or constraint. */
    Found find(ObjectReference object) {
        String name = object.name() == null ? "" : object.name().name();
        return switch (object.kind()) {
            case SCHEMA -> {
                SchemaDescriptor schema = context.requireSchema(name);
                yield new Found(ObjectAddress.schema(schema.oid()), schema.ownerOid(), "schema " + name);
            }
            case DATABASE -> {
                DatabaseDescriptor database = context.catalog().database(name);
                if (database == null) {
                    throw CatalogErrors.noDatabase(name);
                }
                yield new Found(ObjectAddress.of(PgDatabase.TABLE, database.oid()), database.ownerOid(), "database " + name);
            }
            case ROLE -> {
                RoleDescriptor role = context.requireRole(name);
                yield new Found(ObjectAddress.of(PgAuthid.TABLE, role.oid()), role.oid(), "role " + name);
            }
            case TYPE, DOMAIN -> {
                var written = object.types().getFirst();
                TypeDescriptor type = Types.find(context, written);
                if (type == null) {
                    throw CatalogErrors.noType(CommandContext.text(written.name()));
                }
                yield new Found(ObjectAddress.type(type.oid()), type.ownerOid(), "type " + type.name());
            }
            case FUNCTION, PROCEDURE, ROUTINE, AGGREGATE -> {
                FunctionDescriptor function = Routines.find(context, object);
                yield new Found(ObjectAddress.function(function.oid()), function.ownerOid(), "function " + function.name());
            }
            default -> throw SqlException.notSupported(object.kind().sql() + " objects are not supported here");
        };
    }

    private static boolean isRelation(ObjectKind kind) {
        return switch (kind) {
            case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, INDEX, FOREIGN_TABLE -> true;
            default -> false;
        };
    }

    // ---- RENAME

    String rename(ObjectStatement.Rename rename) {
        ObjectReference object = rename.object();
        ObjectKind kind = object.kind();
        String tag = "ALTER " + rename.relationKind().sql();
        switch (kind) {
            case COLUMN, ATTRIBUTE -> renameColumn(rename);
            case CONSTRAINT -> renameConstraint(rename);
            case DOMAIN_CONSTRAINT -> renameDomainConstraint(rename);
            case ROLE -> renameRole(rename);
            default -> {
                if (isRelation(kind)) {
                    renameRelation(rename);
                } else {
                    Found found = find(object);
                    context.requireOwner(found.ownerOid(), found.description());
                    Renames renames = new Renames(context);
                    renames.captureReferences(found.address());
                    context.writer().objects().rename(found.address(), rename.newName());
                    renames.restore();
                    if (kind == ObjectKind.SCHEMA || kind == ObjectKind.DATABASE) {
                        context.forgetReaders();
                    }
                }
            }
        }
        return tag;
    }

    private void renameRelation(ObjectStatement.Rename rename) {
        LockMode mode = rename.object().kind() == ObjectKind.INDEX ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE;
        RelationDescriptor relation = relation(rename.object(), mode, rename.ifExists());
        if (relation == null) {
            return;
        }
        requireKind(rename.object().kind(), relation);
        context.requireOwner(relation);
        Renames renames = new Renames(context);
        renames.captureReferences(ObjectAddress.relation(relation.oid()));
        context.writer().objects().rename(ObjectAddress.relation(relation.oid()), rename.newName());
        renames.restore();
    }

    private static void requireKind(ObjectKind kind, RelationDescriptor relation) {
        boolean fits = switch (kind) {
            case VIEW -> relation.kind() == RelationKind.VIEW;
            case MATERIALIZED_VIEW -> relation.kind() == RelationKind.MATERIALIZED_VIEW;
            case SEQUENCE -> relation.kind() == RelationKind.SEQUENCE;
            case INDEX -> relation.kind() == RelationKind.INDEX;
            case FOREIGN_TABLE -> relation.kind() == RelationKind.FOREIGN_TABLE;
            default -> relation.kind() != RelationKind.COMPOSITE_TYPE;
        };
        if (!fits) {
            String noun = kind.sql().toLowerCase(java.util.Locale.ROOT);
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not "
                    + (noun.startsWith("i") ? "an " : "a ") + noun);
        }
    }

    private void renameColumn(ObjectStatement.Rename rename) {
        RelationDescriptor relation = context.findAndLock(rename.object().owner(), LockMode.ACCESS_EXCLUSIVE);
        if (relation == null) {
            if (rename.ifExists()) {
                context.notice("relation \"" + CommandContext.text(rename.object().owner())
                        + "\" does not exist, skipping");
                return;
            }
            throw context.noRelation(rename.object().owner());
        }
        context.requireOwner(relation);
        ColumnDescriptor column = relation.column(rename.object().name().name());
        if (column == null) {
            throw new SqlException(SqlState.UNDEFINED_COLUMN,
                    "column \"" + rename.object().name().name() + "\" does not exist");
        }
        Renames renames = new Renames(context);
        renames.captureTable(relation);
        renames.captureReferences(ObjectAddress.relation(relation.oid()));
        context.writer().relations().renameColumn(relation.oid(), column.attnum(), rename.newName());
        renames.restore();
    }

    private void renameConstraint(ObjectStatement.Rename rename) {
        RelationDescriptor relation = context.findAndLock(rename.object().owner(), LockMode.ACCESS_EXCLUSIVE);
        if (relation == null) {
            if (rename.ifExists()) {
                context.notice("relation \"" + CommandContext.text(rename.object().owner())
                        + "\" does not exist, skipping");
                return;
            }
            throw context.noRelation(rename.object().owner());
        }
        context.requireOwner(relation);
        String name = rename.object().name().name();
        ConstraintDescriptor constraint = relation.constraint(name);
        if (constraint == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT,
                    "constraint \"" + name + "\" for table \"" + relation.name() + "\" does not exist");
        }
        context.writer().indexes().renameConstraint(constraint.oid(), rename.newName());
    }

    private void renameDomainConstraint(ObjectStatement.Rename rename) {
        context.writer().indexes().renameConstraint(domainConstraint(rename.object()).oid(), rename.newName());
    }

    private ConstraintDescriptor domainConstraint(ObjectReference object) {
        TypeDescriptor domain = object.owner() != null ? Types.require(context, object.owner())
                : Types.find(context, object.types().getFirst());
        if (domain == null) {
            throw CatalogErrors.noType(CommandContext.text(object.types().getFirst().name()));
        }
        context.requireOwner(domain.ownerOid(), "type " + domain.name());
        String name = object.name().name();
        return domain.constraints().stream().filter(c -> c.name().equals(name)).findFirst()
                .orElseThrow(() -> new SqlException(SqlState.UNDEFINED_OBJECT,
                        "constraint \"" + name + "\" for domain " + domain.name() + " does not exist"));
    }

    private void renameRole(ObjectStatement.Rename rename) {
        RoleCommands.requireCreateRole(context, "rename role");
        RoleDescriptor role = context.requireRole(rename.object().name().name());
        if (role.name().equals(context.session.functions().sessionUser())) {
            throw SqlException.notSupported("session user cannot be renamed");
        }
        if (context.catalog().role(rename.newName()) != null) {
            throw CatalogErrors.roleExists(rename.newName());
        }
        context.writer().shared().alterRole(new RoleDescriptor(role.oid(), rename.newName(), role.superuser(), role.inherit(),
                role.createRole(), role.createDatabase(), role.canLogin(), role.replication(), role.bypassRls(),
                role.connectionLimit(), role.password(), role.validUntil()));
        context.writer().objects().renameInPrivileges(role.name(), rename.newName());
    }

    // ---- SET SCHEMA

    String setSchema(ObjectStatement.SetSchema set) {
        ObjectReference object = set.object();
        ObjectAddress address;
        if (isRelation(object.kind())) {
            RelationDescriptor relation = relation(object, LockMode.ACCESS_EXCLUSIVE, set.ifExists());
            if (relation == null) {
                return "ALTER " + object.kind().sql();
            }
            requireKind(object.kind(), relation);
            context.requireOwner(relation);
            address = ObjectAddress.relation(relation.oid());
        } else {
            Found found = find(object);
            context.requireOwner(found.ownerOid(), found.description());
            address = found.address();
        }
        SchemaDescriptor schema = context.requireSchema(set.newSchema());
        if (Privileges.onSchema(context.catalog(), context.roleOid(), schema, Privilege.CREATE.bit()) == 0) {
            throw CommandContext.denied("schema", schema.name());
        }
        if (schema.isTemporary()) {
            throw SqlException.notSupported("cannot move objects into or out of temporary schemas");
        }
        Renames renames = new Renames(context);
        renames.captureReferences(address);
        context.writer().objects().setSchema(address, schema.oid());
        renames.restore();
        return "ALTER " + object.kind().sql();
    }

    // ---- OWNER TO

    String setOwner(ObjectStatement.SetOwner set) {
        ObjectReference object = set.object();
        String tag = "ALTER " + object.kind().sql();
        if (isRelation(object.kind())) {
            setRelationOwner(relation(object, LockMode.ACCESS_EXCLUSIVE, false), set.owner());
            return tag;
        }
        if (object.kind() == ObjectKind.LARGE_OBJECT || object.kind() == ObjectKind.LANGUAGE) {
            throw SqlException.notSupported("ALTER " + object.kind().sql() + " ... OWNER TO is not supported");
        }
        Found found = find(object);
        RoleDescriptor owner = context.requireNewOwner(set.owner());
        if (found.ownerOid() != owner.oid()) {
            context.requireOwner(found.ownerOid(), found.description());
            context.writer().objects().setOwner(found.address(), owner.oid());
        }
        return tag;
    }

    void setRelationOwner(RelationDescriptor relation, Role role) {
        RoleDescriptor owner = context.requireNewOwner(role);
        if (relation.ownerOid() == owner.oid()) {
            return;
        }
        context.requireOwner(relation);
        if (relation.kind() == RelationKind.SEQUENCE && isOwnedSequence(relation)) {
            throw SqlException.notSupported("cannot change owner of sequence \"" + relation.name() + "\"")
                    .withDetail("Sequence \"" + relation.name() + "\" is linked to a table.");
        }
        context.writer().objects().setOwner(ObjectAddress.relation(relation.oid()), owner.oid());
    }

    private boolean isOwnedSequence(RelationDescriptor sequence) {
        return context.writer().dependencies().of(ObjectAddress.relation(sequence.oid())).stream()
                .anyMatch(d -> d.type() == Dependencies.AUTO || d.type() == Dependencies.INTERNAL);
    }

    // ---- COMMENT

    String comment(ObjectStatement.Comment comment) {
        ObjectReference object = comment.object();
        context.writer().objects().setComment(commentTarget(object), comment.text());
        return "COMMENT";
    }

    private ObjectAddress commentTarget(ObjectReference object) {
        return switch (object.kind()) {
            case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, INDEX, FOREIGN_TABLE -> {
                RelationDescriptor relation = relation(object, LockMode.SHARE_UPDATE_EXCLUSIVE, false);
                requireKind(object.kind(), relation);
                context.requireOwner(relation);
                yield ObjectAddress.relation(relation.oid());
            }
            case COLUMN -> {
                RelationDescriptor relation = context.requireAndLock(object.owner(), LockMode.SHARE_UPDATE_EXCLUSIVE);
                context.requireOwner(relation);
                yield ObjectAddress.column(relation.oid(), AlterTable.column(relation, object.name().name()).attnum());
            }
            case CONSTRAINT -> {
                RelationDescriptor relation = context.requireAndLock(object.owner(), LockMode.SHARE_UPDATE_EXCLUSIVE);
                context.requireOwner(relation);
                ConstraintDescriptor constraint = relation.constraint(object.name().name());
                if (constraint == null) {
                    throw new SqlException(SqlState.UNDEFINED_OBJECT, "constraint \"" + object.name().name()
                            + "\" for table \"" + relation.name() + "\" does not exist");
                }
                yield ObjectAddress.constraint(constraint.oid());
            }
            case DOMAIN_CONSTRAINT -> ObjectAddress.constraint(domainConstraint(object).oid());
            case EXTENSION -> {
                // plpgsql is there in name only; dumps comment on it.
                if (!object.name().name().equals("plpgsql")) {
                    throw new SqlException(SqlState.UNDEFINED_OBJECT,
                            "extension \"" + object.name().name() + "\" does not exist");
                }
                yield extension();
            }
            default -> {
                Found found = find(object);
                context.requireOwner(found.ownerOid(), found.description());
                yield found.address();
            }
        };
    }

    private ObjectAddress extension() {
        var rows = context.transactionCatalog().store().scan(io.quantadb.catalog.table.CatalogTables
                .table(io.quantadb.catalog.table.SystemColumns.PgExtension.TABLE));
        if (rows.isEmpty()) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "extension \"plpgsql\" does not exist");
        }
        return ObjectAddress.of(io.quantadb.catalog.table.SystemColumns.PgExtension.TABLE,
                rows.getFirst().integer(io.quantadb.catalog.table.SystemColumns.PgExtension.OID));
    }

    static List<String> names(List<Role> roles) {
        return roles.stream().map(Role::name).toList();
    }
}
