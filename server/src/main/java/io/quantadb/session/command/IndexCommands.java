package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CREATE INDEX, the indexes behind constraints, REINDEX. Confined to one command. */
final class IndexCommands {
    private static final int COLUMNS_MAX = 32;

    private final CommandContext context;

    IndexCommands(CommandContext context) {
        this.context = context;
    }

    // ---- CREATE INDEX

    String create(TableStatement.CreateIndex create) {
        RelationDescriptor table = context.requireAndLock(create.table().name(),
                create.concurrently() ? LockMode.ACCESS_SHARE : LockMode.SHARE);
        boolean concurrently = create.concurrently() && !table.isTemporary();
        if (create.concurrently() && !concurrently) {
            context.lock(table, LockMode.SHARE);
        }
        if (table.kind() != RelationKind.TABLE && table.kind() != RelationKind.MATERIALIZED_VIEW) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "cannot create index on relation \"" + table.name() + "\"")
                    .withDetail("This operation is not supported for " + plural(table.kind()) + ".");
        }
        context.requireOwner(table);
        checkAccessMethod(create.accessMethod(), create.unique());
        String name = create.name();
        if (name != null) {
            RelationDescriptor existing = context.catalog().relation(table.schemaName(), name);
            if (existing != null) {
                if (create.ifNotExists()) {
                    context.notice(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
                    return "CREATE INDEX";
                }
                throw io.quantadb.catalog.CatalogErrors.relationExists(name);
            }
        }
        List<IndexColumn> keys = new ArrayList<>();
        List<ObjectAddress> references = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (IndexElement element : create.elements()) {
            keys.add(keyColumn(element, table, references, names));
        }
        List<IndexColumn> included = include(create.including(), table, names);
        String predicate = null;
        if (create.where() != null) {
            Expr condition = new Expressions(context).condition(create.where(), table, ExprKind.INDEX_PREDICATE, "WHERE");
            requireImmutable(condition, "functions in index predicate must be marked IMMUTABLE");
            references.addAll(Expressions.references(condition, table.oid()));
            predicate = StoredText.text(context, condition, create.whereText(), table);
        }
        if (name == null) {
            List<String> parts = keys.stream().map(IndexColumn::name).toList();
            name = context.writer().indexes().chooseName(table.schemaOid(), table.name(), parts, "idx");
        }
        NewIndex index = new NewIndex(table.oid(), name, CatalogIds.AM_BTREE, keys, included, references, create.unique(),
                create.nullsNotDistinct(), predicate, (char) 0, false, false, 0,
                StorageOptions.index(create.options()), !concurrently, true);
        checkWidth(index);
        if (concurrently) {
            new ConcurrentIndexes(context).create(table, index);
        } else {
            build(table, index);
        }
        return "CREATE INDEX";
    }

    private static String plural(RelationKind kind) {
        return kind.noun().endsWith("x") ? "indexes" : kind.noun() + "s";
    }

    private static void checkAccessMethod(String method, boolean unique) {
        if (method == null || method.equals("btree")) {
            return;
        }
        switch (method) {
            case "hash", "gin", "gist", "spgist", "brin" -> throw SqlException.notSupported(
                    "access method \"" + method + "\" is not supported");
            default -> throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
        }
    }

    private static void checkWidth(NewIndex index) {
        if (index.keyColumns().size() + index.includeColumns().size() > COLUMNS_MAX) {
            throw new SqlException(SqlState.TOO_MANY_COLUMNS, "cannot use more than " + COLUMNS_MAX + " columns in an index");
        }
    }

    /** Adds an index to the catalog, makes its file and fills it. @return its oid */
    int build(RelationDescriptor table, NewIndex index) {
        checkWidth(index);
        int oid = context.writer().indexes().create(index);
        RelationDescriptor withIndex = context.reload(table);
        fill(withIndex, withIndex.index(oid));
        return oid;
    }

    /** Makes the file of an index and builds its tree. @return rows alive in the table */
    long fill(RelationDescriptor table, IndexDescriptor index) {
        context.createFile(index.storage());
        IndexBuild build = new IndexBuild(context, table, index);
        build.run();
        noteSizes(table, index, build);
        return build.liveRows();
    }

    /** What the build saw is news to the planner, too. */
    private void noteSizes(RelationDescriptor table, IndexDescriptor index, IndexBuild build) {
        var relations = context.writer().relations();
        var storage = context.session.storage();
        if (build.entries() > 0 || context.catalog().relation(index.oid()).tuples() >= 0) {
            relations.setStatistics(index.oid(), storage.btree(index).pageCount(), build.entries(), 0);
        }
        if (!table.shared() && !(build.liveRows() == 0 && table.tuples() < 0)) {
            var heap = storage.heap(table);
            relations.setStatistics(table.oid(), heap.blockCount(), build.liveRows(), heap.countAllVisible());
        }
    }

    static void requireImmutable(Expr expr, String message) {
        if (Expressions.hasMutable(expr, false)) {
            throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message);
        }
    }

    private IndexColumn keyColumn(IndexElement element, RelationDescriptor table, List<ObjectAddress> references,
            Set<String> names) {
        int attnum = 0;
        String text = null;
        String name;
        PgType type;
        int typmod = -1;
        int collation = 0;
        if (element.column() != null) {
            ColumnDescriptor column = table.column(element.column());
            if (column == null) {
                throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + element.column() + "\" does not exist");
            }
            attnum = column.attnum();
            name = column.name();
            type = column.type();
            typmod = column.typmod();
            collation = column.collation();
        } else {
            Expr expr = new Expressions(context).analyze(element.expression(), table, ExprKind.INDEX_EXPRESSION, null, -1);
            requireImmutable(expr, "functions in index expression must be marked IMMUTABLE");
            references.addAll(Expressions.references(expr, table.oid()));
            text = StoredText.text(context, expr, element.text(), table);
            name = Analyzer.indexColumnName(element.expression(), context.analyzer());
            type = expr.type();
            collation = expr.collation();
        }
        if (element.collation() != null) {
            collation = collation(context, element.collation());
        }
        OperatorClassDescriptor opclass = operatorClass(element.opclass(), type);
        boolean descending = element.direction() == OrderItem.Direction.DESCENDING;
        boolean nullsFirst = element.nulls() == null || element.nulls() == OrderItem.Nulls.DEFAULT ? descending
                : element.nulls() == OrderItem.Nulls.FIRST;
        return new IndexColumn(attnum, text, unique(name, names), type, typmod, collation, opclass.oid(),
                opclass.familyOid(), descending, nullsFirst);
    }

    private static String unique(String name, Set<String> names) {
        String candidate = name;
        for (int i = 1; !names.add(candidate); i++) {
            candidate = name + i;
        }
        return candidate;
    }

    static int collation(CommandContext context, QualifiedName name) {
        CollationDescriptor collation = context.catalog().collation(name.schema(), name.name());
        if (collation == null) {
            throw context.error(SqlState.UNDEFINED_OBJECT, "collation \"" + CommandContext.text(name)
                    + "\" for encoding \"UTF8\" does not exist", name.position());
        }
        return collation.oid();
    }

    private OperatorClassDescriptor operatorClass(QualifiedName name, PgType type) {
        OperatorClassDescriptor opclass = name == null
                ? context.catalog().defaultOperatorClass(CatalogIds.AM_BTREE, type.oid())
                : context.catalog().operatorClass(CatalogIds.AM_BTREE, name.schema(), name.name());
        if (opclass == null) {
            throw name == null
                    ? new SqlException(SqlState.UNDEFINED_OBJECT, "data type " + context.catalog().formatType(type.oid(), -1)
                            + " has no default operator class for access method \"btree\"")
                            .withHint("You must specify an operator class for the index or define a default operator class "
                                    + "for the data type.")
                    : new SqlException(SqlState.UNDEFINED_OBJECT, "operator class \"" + CommandContext.text(name)
                            + "\" does not exist for access method \"btree\"");
        }
        return opclass;
    }

    private List<IndexColumn> include(List<Identifier> columns, RelationDescriptor table, Set<String> names) {
        List<IndexColumn> included = new ArrayList<>();
        for (Identifier identifier : columns) {
            ColumnDescriptor column = table.column(identifier.name());
            if (column == null) {
                throw context.error(SqlState.UNDEFINED_COLUMN, "column \"" + identifier.name() + "\" does not exist", -1);
            }
            included.add(new IndexColumn(column.attnum(), null, unique(column.name(), names), column.type(),
                    column.typmod(), column.collation(), 0, 0, false, false));
        }
        return included;
    }

    // ---- Constraints

    /**
     * Adds a PRIMARY KEY or UNIQUE constraint with its index.
     *
     * @param columns its columns if the constraint stands at one, else as written in it
     */
    int addConstraint(RelationDescriptor table, Constraint.Unique unique, List<String> columns) {
        if (unique.usingIndex() != null) {
            return ConstraintCommands.useIndex(context, table, unique);
        }
        if (unique.primary() && table.primaryKey() != null) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
                    "multiple primary keys for table \"" + table.name() + "\" are not allowed");
        }
        List<IndexColumn> keys = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String name : columns) {
            ColumnDescriptor column = table.column(name);
            if (column == null) {
                throw context.error(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" named in key does not exist",
                        unique.position());
            }
            if (!names.add(name)) {
                throw context.error(SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" appears twice in "
                        + (unique.primary() ? "primary key" : "unique") + " constraint", unique.position());
            }
            OperatorClassDescriptor opclass = operatorClass(null, column.type());
            keys.add(new IndexColumn(column.attnum(), null, name, column.type(), column.typmod(), column.collation(),
                    opclass.oid(), opclass.familyOid(), false, false));
        }
        List<IndexColumn> included = include(unique.including(), table, names);
        String name = unique.name();
        if (name == null) {
            name = unique.primary()
                    ? context.writer().indexes().chooseName(table.schemaOid(), table.name(), List.of(), "pkey")
                    : context.writer().indexes().chooseName(table.schemaOid(), table.name(), columns, "key");
        }
        return build(table, new NewIndex(table.oid(), name, CatalogIds.AM_BTREE, keys, included, List.of(), true,
                unique.nullsNotDistinct(), null, unique.primary() ? 'p' : 'u', unique.attributes().deferrable(),
                unique.attributes().initiallyDeferred(), 0, StorageOptions.index(unique.options()), true, true));
    }

    // ---- REINDEX

    String reindex(MaintenanceStatement.Reindex reindex) {
        if (reindex.options().stream().anyMatch(o -> o.name().equals("concurrently"))) {
            return reindexConcurrently(reindex);
        }
        switch (reindex.target()) {
            case INDEX -> {
                RelationDescriptor index = context.requireAndLock(reindex.name(), LockMode.ACCESS_EXCLUSIVE);
                if (index.kind() != RelationKind.INDEX) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + index.name() + "\" is not an index");
                }
                IndexDescriptor descriptor = context.catalog().index(index.oid());
                RelationDescriptor table = context.catalog().relation(descriptor.tableOid());
                context.requireOwner(table);
                context.lock(table, LockMode.SHARE);
                rebuild(context.reload(table), descriptor);
            }
            case TABLE -> {
                RelationDescriptor table = context.requireAndLock(reindex.name(), LockMode.SHARE);
                if (table.kind() != RelationKind.TABLE && table.kind() != RelationKind.MATERIALIZED_VIEW) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                            "\"" + table.name() + "\" is not a table or materialized view");
                }
                context.requireOwner(table);
                rebuildAll(table);
            }
            case SCHEMA -> {
                var schema = context.requireSchema(reindex.name().name());
                context.requireOwner(schema.ownerOid(), "schema " + schema.name());
                rebuildTables(context.catalog().relations(schema.oid()));
            }
            case DATABASE -> {
                if (!reindex.name().name().equals(context.catalog().databaseName())) {
                    throw SqlException.notSupported("can only reindex the currently open database");
                }
                for (var schema : context.catalog().schemas()) {
                    rebuildTables(context.catalog().relations(schema.oid()));
                }
            }
            case SYSTEM -> throw SqlException.notSupported("REINDEX SYSTEM is not supported");
        }
        return "REINDEX";
    }

    private String reindexConcurrently(MaintenanceStatement.Reindex reindex) {
        List<RelationDescriptor> tables = new ArrayList<>();
        int only = 0;
        switch (reindex.target()) {
            case INDEX -> {
                RelationDescriptor index = context.requireAndLock(reindex.name(), LockMode.ACCESS_SHARE);
                if (index.kind() != RelationKind.INDEX) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + index.name() + "\" is not an index");
                }
                only = index.oid();
                tables.add(context.catalog().relation(context.catalog().index(only).tableOid()));
            }
            case TABLE -> {
                RelationDescriptor table = context.requireAndLock(reindex.name(), LockMode.ACCESS_SHARE);
                if (table.kind() != RelationKind.TABLE && table.kind() != RelationKind.MATERIALIZED_VIEW) {
                    throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                            "\"" + table.name() + "\" is not a table or materialized view");
                }
                tables.add(table);
            }
            case SCHEMA -> {
                var schema = context.requireSchema(reindex.name().name());
                context.requireOwner(schema.ownerOid(), "schema " + schema.name());
                tables.addAll(ordinary(context.catalog().relations(schema.oid())));
            }
            case DATABASE -> {
                if (!reindex.name().name().equals(context.catalog().databaseName())) {
                    throw SqlException.notSupported("can only reindex the currently open database");
                }
                context.catalog().schemas().forEach(s -> tables.addAll(ordinary(context.catalog().relations(s.oid()))));
            }
            case SYSTEM -> throw SqlException.notSupported("cannot reindex system catalogs concurrently");
        }
        ConcurrentIndexes concurrent = new ConcurrentIndexes(context);
        for (RelationDescriptor table : tables) {
            context.requireOwner(table);
        }
        for (RelationDescriptor table : tables) {
            concurrent.rebuild(table, only);
        }
        return "REINDEX";
    }

    private static List<RelationDescriptor> ordinary(List<RelationDescriptor> relations) {
        return relations.stream().filter(r -> !r.isSystem() && (r.kind() == RelationKind.TABLE
                || r.kind() == RelationKind.MATERIALIZED_VIEW)).toList();
    }

    private void rebuildTables(List<RelationDescriptor> relations) {
        for (RelationDescriptor relation : relations) {
            boolean table = relation.kind() == RelationKind.TABLE || relation.kind() == RelationKind.MATERIALIZED_VIEW;
            if (table && !relation.isSystem()) {
                context.lock(relation, LockMode.SHARE);
                rebuildAll(context.reload(relation));
            }
        }
    }

    /** Builds all indexes of a table anew. */
    void rebuildAll(RelationDescriptor table) {
        for (IndexDescriptor index : table.indexes()) {
            context.lock(index.oid(), table.shared(), LockMode.ACCESS_EXCLUSIVE, io.quantadb.txn.lock.WaitPolicy.BLOCK);
            rebuild(table, index);
        }
    }

    private void rebuild(RelationDescriptor table, IndexDescriptor index) {
        if (table.isSystem()) {
            throw SqlException.notSupported("REINDEX of system catalogs is not supported");
        }
        replaceFile(index);
        RelationDescriptor changed = context.reload(table);
        fill(changed, changed.index(index.oid()));
        context.writer().indexes().setIndexState(index.oid(), true, true);
    }

    /** Gives an index a new, not yet existing file; the old one goes at commit. */
    void replaceFile(IndexDescriptor index) {
        context.transaction().dropFilesAtCommit(index.storage());
        context.writer().relations().setFile(index.oid(), context.newFileNumber());
        RelationDescriptor table = context.catalog().relation(index.tableOid());
        context.transaction().session().manager().conflicts().transfer(BufferPool.key(index.storage()), BufferPool.key(table.storage()));
    }

    /** Storage parameters of WITH (...). */
    static List<String> options(List<Option> options) {
        return StorageOptions.index(options);
    }
}
