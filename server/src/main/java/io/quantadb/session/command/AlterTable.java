package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.ast.AlterTableAction;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.ObjectKind;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.txn.lock.LockMode;
import java.util.List;

/** ALTER TABLE, and ALTER of the other kinds of relations. Confined to one command. */
final class AlterTable {
    private final CommandContext context;

    AlterTable(CommandContext context) {
        this.context = context;
    }

    String run(TableStatement.AlterTable alter) {
        LockMode mode = LockMode.SHARE_UPDATE_EXCLUSIVE;
        for (AlterTableAction action : alter.actions()) {
            LockMode needed = lockOf(action);
            mode = needed.id() > mode.id() ? needed : mode;
        }
        String tag = "ALTER " + alter.kind().sql();
        RelationDescriptor relation = context.findAndLock(alter.table().name(), mode);
        if (relation == null) {
            if (alter.ifExists()) {
                context.notice("relation \"" + CommandContext.text(alter.table().name())
                        + "\" does not exist, skipping");
                return tag;
            }
            throw context.noRelation(alter.table().name());
        }
        checkKind(alter.kind(), relation);
        context.requireOwner(relation);
        for (AlterTableAction action : alter.actions()) {
            apply(context.reload(relation), action, alter.kind());
        }
        return tag;
    }

    private static LockMode lockOf(AlterTableAction action) {
        return switch (action) {
            case AlterTableAction.SetStatistics a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.SetOptions a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.SetColumnOptions a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.ValidateConstraint a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.ClusterOn a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.SetWithoutCluster a -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case AlterTableAction.AddConstraint a when a.constraint() instanceof Constraint.ForeignKey ->
                LockMode.SHARE_ROW_EXCLUSIVE;
            case AlterTableAction.SetTrigger a -> LockMode.SHARE_ROW_EXCLUSIVE;
            default -> LockMode.ACCESS_EXCLUSIVE;
        };
    }

    private void checkKind(ObjectKind kind, RelationDescriptor relation) {
        boolean fits = switch (kind) {
            case TABLE -> relation.kind() != RelationKind.COMPOSITE_TYPE && relation.kind() != RelationKind.TOAST;
            case VIEW -> relation.kind() == RelationKind.VIEW;
            case MATERIALIZED_VIEW -> relation.kind() == RelationKind.MATERIALIZED_VIEW;
            case SEQUENCE -> relation.kind() == RelationKind.SEQUENCE;
            case INDEX -> relation.kind() == RelationKind.INDEX;
            case TYPE -> relation.kind() == RelationKind.COMPOSITE_TYPE;
            case FOREIGN_TABLE -> relation.kind() == RelationKind.FOREIGN_TABLE;
            default -> true;
        };
        if (!fits) {
            String noun = kind == ObjectKind.TYPE ? "composite type" : kind.sql().toLowerCase(java.util.Locale.ROOT);
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not "
                    + (noun.startsWith("i") ? "an " : "a ") + noun);
        }
    }

    private void apply(RelationDescriptor table, AlterTableAction action, ObjectKind kind) {
        switch (action) {
            case AlterTableAction.OwnerTo a -> new ObjectCommands(context).setRelationOwner(table, a.owner());
            case AlterTableAction.SetOptions a -> setOptions(table, a);
            case AlterTableAction.SetDefault a -> setDefault(table, a);
            case AlterTableAction.DropDefault a -> dropDefault(table, a);
            default -> {
                if (table.kind() == RelationKind.COMPOSITE_TYPE) {
                    alterComposite(table, action);
                } else {
                    requireTable(table, action);
                    applyToTable(table, action);
                }
            }
        }
    }

    private static void requireTable(RelationDescriptor table, AlterTableAction action) {
        boolean fits = switch (table.kind()) {
            case TABLE, MATERIALIZED_VIEW -> true;
            case INDEX -> action instanceof AlterTableAction.SetStatistics || action instanceof AlterTableAction.SetTablespace;
            case SEQUENCE -> action instanceof AlterTableAction.SetLogged;
            default -> false;
        };
        if (!fits) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "ALTER action "
                    + action.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(java.util.Locale.ROOT)
                    + " cannot be performed on relation \"" + table.name() + "\"")
                    .withDetail("This operation is not supported for "
                            + (table.kind() == RelationKind.INDEX ? "indexes" : table.kind().noun() + "s") + ".");
        }
    }

    private void applyToTable(RelationDescriptor table, AlterTableAction action) {
        switch (action) {
            case AlterTableAction.AddColumn a -> addColumn(table, a);
            case AlterTableAction.DropColumn a -> dropColumn(table, a);
            case AlterTableAction.AlterType a -> new ColumnTypeChange(context).run(table, a);
            case AlterTableAction.SetNotNull a -> setNotNull(table, a);
            case AlterTableAction.DropNotNull a -> dropNotNull(table, a);
            case AlterTableAction.DropExpression a -> dropExpression(table, a);
            case AlterTableAction.SetStatistics a -> setStatistics(table, a);
            case AlterTableAction.SetStorage a -> setStorage(table, a);
            case AlterTableAction.SetCompression a -> {
                ColumnDescriptor column = column(table, a.column());
                char method = a.method().equals("default") ? (char) 0 : TableCommands.compression(a.method());
                context.writer().relations().setStorage(table.oid(), column.attnum(), column.storage(), method);
            }
            case AlterTableAction.AddIdentity a -> addIdentity(table, a);
            case AlterTableAction.AlterIdentity a -> alterIdentity(table, a);
            case AlterTableAction.DropIdentity a -> dropIdentity(table, a);
            case AlterTableAction.AddConstraint a -> new ConstraintCommands(context).add(table, a.constraint(), null, false);
            case AlterTableAction.AlterConstraint a -> alterConstraint(table, a);
            case AlterTableAction.ValidateConstraint a -> new ConstraintCommands(context).validate(table, a.name());
            case AlterTableAction.DropConstraint a -> dropConstraint(table, a);
            case AlterTableAction.ReplicaIdentity a -> replicaIdentity(table, a);
            case AlterTableAction.ClusterOn a ->
                context.writer().indexes().mark(table.oid(), index(table, a.index()).oid(), false);
            case AlterTableAction.SetWithoutCluster a -> context.writer().indexes().mark(table.oid(), 0, false);
            case AlterTableAction.SetWithoutOids a -> {
                // Without effect, as in PostgreSQL.
            }
            case AlterTableAction.SetLogged a -> setLogged(table, a.logged());
            case AlterTableAction.SetAccessMethod a -> TableCommands.checkPlace(a.method(), null);
            case AlterTableAction.SetTablespace a -> TableCommands.checkPlace(null, a.tablespace());
            case AlterTableAction.SetTrigger a -> {
                if (a.scope() == AlterTableAction.SetTrigger.Scope.NAMED) {
                    throw new SqlException(SqlState.UNDEFINED_OBJECT,
                            "trigger \"" + a.target() + "\" for table \"" + table.name() + "\" does not exist");
                }
                // pg_dump --disable-triggers: there are no triggers of users, and constraints stay on.
            }
            case AlterTableAction.SetColumnOptions a -> throw SqlException.notSupported("column options are not supported");
            case AlterTableAction.SetRule a -> throw SqlException.notSupported("rules are not supported");
            case AlterTableAction.RowSecurity a -> rowSecurity(table, a);
            case AlterTableAction.Inherit a -> throw SqlException.notSupported("table inheritance is not supported");
            case AlterTableAction.OfType a -> throw SqlException.notSupported("typed tables are not supported");
            case AlterTableAction.NotOf a -> throw SqlException.notSupported("typed tables are not supported");
            case AlterTableAction.AttachPartition a -> throw SqlException.notSupported("partitioned tables are not supported");
            case AlterTableAction.DetachPartition a -> throw SqlException.notSupported("partitioned tables are not supported");
            case AlterTableAction.ForeignOptions a -> throw SqlException.notSupported("foreign tables are not supported");
            case AlterTableAction.OwnerTo a -> throw new IllegalStateException("handled before");
            case AlterTableAction.SetOptions a -> throw new IllegalStateException("handled before");
            case AlterTableAction.SetDefault a -> throw new IllegalStateException("handled before");
            case AlterTableAction.DropDefault a -> throw new IllegalStateException("handled before");
        }
    }

    private void rowSecurity(RelationDescriptor table, AlterTableAction.RowSecurity action) {
        switch (action.mode()) {
            case DISABLE -> context.writer().relations().setRowSecurity(table.oid(), false, table.forceRowSecurity());
            case NO_FORCE -> context.writer().relations().setRowSecurity(table.oid(), table.rowSecurity(), false);
            case ENABLE, FORCE -> throw SqlException.notSupported("row-level security is not supported");
        }
    }

    static ColumnDescriptor column(RelationDescriptor table, String name) {
        ColumnDescriptor column = table.column(name);
        if (column == null) {
            throw CatalogErrors.noColumn(name, table.name());
        }
        return column;
    }

    private static IndexDescriptor index(RelationDescriptor table, String name) {
        return table.indexes().stream().filter(i -> i.name().equals(name)).findFirst()
                .orElseThrow(() -> new SqlException(SqlState.UNDEFINED_OBJECT,
                        "index \"" + name + "\" for table \"" + table.name() + "\" does not exist"));
    }

    // ---- Columns

    private void addColumn(RelationDescriptor table, AlterTableAction.AddColumn action) {
        if (table.column(action.column().name()) != null) {
            if (action.ifNotExists()) {
                context.notice(SqlState.DUPLICATE_COLUMN, "column \"" + action.column().name() + "\" of relation \""
                        + table.name() + "\" already exists, skipping");
                return;
            }
            throw CatalogErrors.columnExists(action.column().name(), table.name());
        }
        TableCommands tables = new TableCommands(context);
        TableCommands.ColumnSpec spec = tables.column(action.column(), table.name());
        boolean empty = context.session.storage().heap(table).blockCount() == 0;
        Object missing = null;
        boolean rewrite = spec.serial || spec.identity != null || spec.generated != null;
        if (spec.defaultValue != null) {
            Expr expr = new Expressions(context).analyze(spec.defaultValue.value(), null,
                    io.quantadb.sql.analyzer.ExprKind.COLUMN_DEFAULT, spec.type, spec.typmod);
            if (Expressions.hasMutable(expr, true)) {
                rewrite = true;
            } else {
                missing = new Expressions(context).compile(expr)
                        .eval(new RowContext(context.session.execution().context(new Object[0], null)));
            }
        } else if (spec.type.typtype() == 'd') {
            rewrite = true;
        }
        boolean needsValue = spec.notNull && missing == null && !rewrite && !empty;
        if (needsValue && hasRows(table)) {
            throw new SqlException(SqlState.NOT_NULL_VIOLATION, "column \"" + spec.name + "\" of relation \"" + table.name()
                    + "\" contains null values").withSchema(table.schemaName()).withTable(table.name()).withColumn(spec.name);
        }
        int attnum = context.writer().relations().addColumn(table.oid(), spec.toNewColumn(), !rewrite && !empty, missing);
        tables.finishColumn(table.oid(), attnum, spec);
        if (rewrite && !empty) {
            new TableRewrite(context).fillColumn(table, attnum);
        }
        ConstraintCommands constraints = new ConstraintCommands(context);
        for (Constraint constraint : spec.constraints) {
            constraints.add(context.reload(table), constraint, spec.name, empty);
        }
    }

    private boolean hasRows(RelationDescriptor table) {
        try (var scan = context.session.storage().heap(table).scan(ConstraintCommands.Snapshots.latest(context))) {
            return scan.nextPage();
        }
    }

    private void dropColumn(RelationDescriptor table, AlterTableAction.DropColumn action) {
        ColumnDescriptor column = table.column(action.column());
        if (column == null) {
            if (action.ifExists()) {
                context.notice("column \"" + action.column() + "\" of relation \"" + table.name()
                        + "\" does not exist, skipping");
                return;
            }
            throw CatalogErrors.noColumn(action.column(), table.name());
        }
        // An index over several columns goes with any of them.
        context.writer().drop(List.of(ObjectAddress.column(table.oid(), column.attnum())), action.cascade(),
                context.notices());
    }

    private void setNotNull(RelationDescriptor table, AlterTableAction.SetNotNull action) {
        ColumnDescriptor column = column(table, action.column());
        if (!column.notNull()) {
            new ConstraintCommands(context).checkNoNulls(table, column);
            context.writer().relations().setNotNull(table.oid(), column.attnum(), true);
        }
    }

    private void dropNotNull(RelationDescriptor table, AlterTableAction.DropNotNull action) {
        ColumnDescriptor column = column(table, action.column());
        if (column.isIdentity()) {
            throw new SqlException(SqlState.SYNTAX_ERROR,
                    "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is an identity column");
        }
        IndexDescriptor primary = table.primaryKey();
        if (primary != null && primary.keyColumns().stream().anyMatch(c -> c.attnum() == column.attnum())) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
                    "column \"" + column.name() + "\" is in a primary key");
        }
        if (column.notNull()) {
            context.writer().relations().setNotNull(table.oid(), column.attnum(), false);
        }
    }

    private void setDefault(RelationDescriptor table, AlterTableAction.SetDefault action) {
        ColumnDescriptor column = column(table, action.column());
        requirePlain(table, column);
        new TableCommands(context).setDefault(table, column.attnum(), action.value(), action.text());
    }

    private void dropDefault(RelationDescriptor table, AlterTableAction.DropDefault action) {
        ColumnDescriptor column = column(table, action.column());
        requirePlain(table, column);
        context.writer().relations().setDefault(table.oid(), column.attnum(), null);
    }

    private static void requirePlain(RelationDescriptor table, ColumnDescriptor column) {
        String where = "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is ";
        if (column.isIdentity()) {
            throw new SqlException(SqlState.SYNTAX_ERROR, where + "an identity column");
        }
        if (column.isGenerated()) {
            throw new SqlException(SqlState.SYNTAX_ERROR, where + "a generated column");
        }
    }

    private void dropExpression(RelationDescriptor table, AlterTableAction.DropExpression action) {
        ColumnDescriptor column = column(table, action.column());
        if (!column.isGenerated()) {
            String message = "column \"" + column.name() + "\" of relation \"" + table.name()
                    + "\" is not a stored generated column";
            if (action.ifExists()) {
                context.notice(message + ", skipping");
                return;
            }
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, message);
        }
        context.writer().relations().setDefault(table.oid(), column.attnum(), null);
        context.writer().relations().setGeneration(table.oid(), column.attnum(), (char) 0, (char) 0);
    }

    private void setStatistics(RelationDescriptor table, AlterTableAction.SetStatistics action) {
        if (action.column() == null && (action.number() < 1 || action.number() > table.columns().size())) {
            throw new SqlException(SqlState.UNDEFINED_COLUMN, "column number " + action.number() + " of relation \""
                    + table.name() + "\" does not exist");
        }
        ColumnDescriptor column = action.column() != null ? column(table, action.column()) : table.column(action.number());
        IndexDescriptor index = table.kind() == RelationKind.INDEX ? context.catalog().index(table.oid()) : null;
        if (index != null && (column.attnum() > index.keyColumns().size()
                || !index.keyColumns().get(column.attnum() - 1).isExpression())) {
            throw SqlException.notSupported("cannot alter statistics on non-expression column \"" + column.name()
                    + "\" of index \"" + table.name() + "\"").withHint("Alter statistics on table column instead.");
        }
        int target = Math.min(action.target(), 10_000);
        if (target < -1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "statistics target " + target + " is too low");
        }
        context.writer().relations().setStatisticsTarget(table.oid(), column.attnum(), target);
    }

    private void setStorage(RelationDescriptor table, AlterTableAction.SetStorage action) {
        ColumnDescriptor column = column(table, action.column());
        char storage = switch (action.storage().toLowerCase(java.util.Locale.ROOT)) {
            case "plain" -> 'p';
            case "external" -> 'e';
            case "extended" -> 'x';
            case "main" -> 'm';
            default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "invalid storage type \"" + action.storage() + "\"");
        };
        if (storage != 'p' && column.type().storageWidth() >= 0) {
            throw SqlException.notSupported("column data type " + context.catalog().formatType(column.type().oid(), -1)
                    + " can only have storage PLAIN");
        }
        context.writer().relations().setStorage(table.oid(), column.attnum(), storage, column.compression());
    }

    // ---- Identity

    private void addIdentity(RelationDescriptor table, AlterTableAction.AddIdentity action) {
        ColumnDescriptor column = column(table, action.column());
        String where = "column \"" + column.name() + "\" of relation \"" + table.name() + "\"";
        if (!column.notNull()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    where + " must be declared NOT NULL before identity can be added");
        }
        if (column.isIdentity()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, where + " is already an identity column");
        }
        if (column.hasDefault()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, where + " already has a default value");
        }
        TableCommands.ColumnSpec spec = new TableCommands.ColumnSpec(column.name(), column.type(), column.typmod(), 0);
        context.writer().relations().setGeneration(table.oid(), column.attnum(), action.identity().always() ? 'a' : 'd',
                (char) 0);
        new TableCommands(context).createOwnedSequence(table, column.attnum(), spec, action.identity().options(), true);
    }

    private void alterIdentity(RelationDescriptor table, AlterTableAction.AlterIdentity action) {
        ColumnDescriptor column = column(table, action.column());
        requireIdentity(table, column);
        if (action.always() != null) {
            context.writer().relations().setGeneration(table.oid(), column.attnum(), action.always() ? 'a' : 'd', (char) 0);
        }
        int sequence = context.catalog().ownedSequence(table.oid(), column.attnum());
        new SequenceCommands(context).change(context.catalog().relation(sequence), action.options());
    }

    private static void requireIdentity(RelationDescriptor table, ColumnDescriptor column) {
        if (!column.isIdentity()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"" + column.name() + "\" of relation \""
                    + table.name() + "\" is not an identity column");
        }
    }

    private void dropIdentity(RelationDescriptor table, AlterTableAction.DropIdentity action) {
        ColumnDescriptor column = column(table, action.column());
        if (!column.isIdentity() && action.ifExists()) {
            context.notice("column \"" + column.name() + "\" of relation \""
                    + table.name() + "\" is not an identity column, skipping");
            return;
        }
        requireIdentity(table, column);
        int sequence = context.catalog().ownedSequence(table.oid(), column.attnum());
        context.writer().relations().setGeneration(table.oid(), column.attnum(), (char) 0, (char) 0);
        context.writer().relations().setSequenceOwner(sequence, 0, 0, false);
        context.writer().drop(List.of(ObjectAddress.relation(sequence)), false, null);
    }

    // ---- Constraints and the rest

    private void alterConstraint(RelationDescriptor table, AlterTableAction.AlterConstraint action) {
        ConstraintDescriptor constraint = requireConstraint(table, action.name());
        if (!constraint.isForeignKey()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "constraint \"" + action.name() + "\" of relation \""
                    + table.name() + "\" is not a foreign key constraint");
        }
        context.writer().indexes().setDeferrable(constraint.oid(), action.attributes().deferrable(),
                action.attributes().initiallyDeferred());
    }

    private static ConstraintDescriptor requireConstraint(RelationDescriptor table, String name) {
        ConstraintDescriptor constraint = table.constraint(name);
        if (constraint == null) {
            throw CatalogErrors.noConstraint(name, table.name());
        }
        return constraint;
    }

    private void dropConstraint(RelationDescriptor table, AlterTableAction.DropConstraint action) {
        ConstraintDescriptor constraint = table.constraint(action.name());
        if (constraint == null && action.ifExists()) {
            context.notice("constraint \"" + action.name() + "\" of relation \"" + table.name()
                    + "\" does not exist, skipping");
            return;
        }
        constraint = requireConstraint(table, action.name());
        if (constraint.isForeignKey()) {
            context.lock(context.catalog().relation(constraint.referencedTableOid()), LockMode.ACCESS_EXCLUSIVE);
        }
        context.writer().drop(List.of(ObjectAddress.constraint(constraint.oid())), action.cascade(), context.notices());
    }

    private void replicaIdentity(RelationDescriptor table, AlterTableAction.ReplicaIdentity action) {
        char kind = switch (action.kind()) {
            case DEFAULT -> 'd';
            case FULL -> 'f';
            case NOTHING -> 'n';
            case INDEX -> 'i';
        };
        int index = 0;
        if (kind == 'i') {
            IndexDescriptor descriptor = index(table, action.index());
            if (!descriptor.unique()) {
                throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                        "cannot use non-unique index \"" + descriptor.name() + "\" as replica identity");
            }
            index = descriptor.oid();
        }
        context.writer().relations().setReplicaIdentity(table.oid(), kind);
        context.writer().indexes().mark(table.oid(), index, true);
    }

    private void setOptions(RelationDescriptor table, AlterTableAction.SetOptions action) {
        List<String> set = null;
        if (!action.reset()) {
            set = switch (table.kind()) {
                case INDEX -> StorageOptions.index(action.options());
                case VIEW -> StorageOptions.view(action.options());
                default -> StorageOptions.table(action.options());
            };
        }
        context.writer().relations().setOptions(table.oid(),
                StorageOptions.change(table.options(), set, action.reset() ? action.options() : null));
    }

    // ---- Composite types

    private void alterComposite(RelationDescriptor type, AlterTableAction action) {
        if (isUsed(type)) {
            throw SqlException.notSupported("cannot alter type \"" + type.name() + "\" because a column uses it");
        }
        switch (action) {
            case AlterTableAction.AddColumn a -> {
                Analyzer.ResolvedType resolved = context.resolveType(a.column().type());
                context.writer().relations().addColumn(type.oid(), io.quantadb.catalog.ddl.NewColumn.of(a.column().name(),
                        resolved.type(), resolved.typmod(), false), false, null);
            }
            case AlterTableAction.DropColumn a -> dropColumn(type, a);
            case AlterTableAction.AlterType a -> {
                Analyzer.ResolvedType resolved = context.resolveType(a.type());
                context.writer().relations().alterColumnType(type.oid(), column(type, a.column()).attnum(), resolved.type(),
                        resolved.typmod(), 0);
            }
            default -> throw SqlException.notSupported("this form of ALTER TYPE is not supported");
        }
    }

    private boolean isUsed(RelationDescriptor type) {
        return context.writer().dependencies().on(ObjectAddress.type(type.rowTypeOid())).stream()
                .anyMatch(d -> d.object().classOid() == io.quantadb.catalog.table.SystemColumns.PgClass.TABLE
                        && d.object().subId() > 0 && !CatalogIds.isPinned(d.object().objectOid()));
    }

    /** Differs from PostgreSQL: every table is logged and survives a crash; only what the catalog says changes. */
    private void setLogged(RelationDescriptor table, boolean logged) {
        if (table.isTemporary()) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot change logged status of table \""
                    + table.name() + "\" because it is temporary");
        }
        for (ConstraintDescriptor key : logged ? table.constraints() : table.referencedBy()) {
            int other = logged ? key.referencedTableOid() : key.tableOid();
            if (!key.isForeignKey() || other == table.oid()) {
                continue;
            }
            RelationDescriptor relation = context.catalog().relation(other);
            if (relation.persistence() == (logged ? 'u' : 'p')) {
                throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "could not change table \"" + table.name()
                        + (logged ? "\" to logged because it references unlogged table \""
                        : "\" to unlogged because it references logged table \"") + relation.name() + "\"");
            }
        }
        char persistence = logged ? 'p' : 'u';
        context.writer().relations().setPersistence(table.oid(), persistence);
        table.indexes().forEach(index -> context.writer().relations().setPersistence(index.oid(), persistence));
    }
}
