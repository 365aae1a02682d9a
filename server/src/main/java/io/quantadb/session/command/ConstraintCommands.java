package io.quantadb.session.command;

import io.quantadb.access.heap.HeapScan;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.ddl.NewConstraint;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.Constraint.ReferentialAction;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.typed.Expr;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Adds constraints to tables and checks existing rows against them. Confined to one command. */
final class ConstraintCommands {
    private final CommandContext context;

    ConstraintCommands(CommandContext context) {
        this.context = context;
    }

    /**
     * Adds a constraint.
     *
     * @param column the column it was written at; null for a table constraint
     * @param newTable the table was made by this command: there are no rows to look at
     */
    void add(RelationDescriptor table, Constraint constraint, String column, boolean newTable) {
        switch (constraint) {
            case Constraint.Unique unique -> addUnique(table, unique, column);
            case Constraint.Check check -> addCheck(table, check, column, newTable);
            case Constraint.ForeignKey key -> addForeignKey(table, key, column, newTable);
            case Constraint.Exclude e -> throw SqlException.notSupported("exclusion constraints are not supported");
            case Constraint.NotNull c -> throw misplaced();
            case Constraint.Nullable c -> throw misplaced();
            case Constraint.Default c -> throw misplaced();
            case Constraint.Generated c -> throw misplaced();
            case Constraint.Identity c -> throw misplaced();
        }
    }

    private static SqlException misplaced() {
        return new SqlException(SqlState.SYNTAX_ERROR, "this constraint can only stand at a column");
    }

    private void addUnique(RelationDescriptor table, Constraint.Unique unique, String column) {
        List<String> columns = column != null ? List.of(column)
                : unique.columns().stream().map(Identifier::name).toList();
        if (unique.primary()) {
            for (String name : columns) {
                ColumnDescriptor descriptor = table.column(name);
                if (descriptor != null && !descriptor.notNull()) {
                    checkNoNulls(table, descriptor);
                    context.writer().relations().setNotNull(table.oid(), descriptor.attnum(), true);
                }
            }
        }
        new IndexCommands(context).addConstraint(context.reload(table), unique, columns);
    }

    /** PRIMARY KEY or UNIQUE USING INDEX. */
    static int useIndex(CommandContext context, RelationDescriptor table, Constraint.Unique unique) {
        IndexDescriptor index = usableIndex(context, table, unique);
        if (unique.primary() && table.primaryKey() != null) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
                    "multiple primary keys for table \"" + table.name() + "\" are not allowed");
        }
        String name = unique.name() == null ? index.name() : unique.name();
        if (!name.equals(index.name())) {
            context.notice("ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"" + index.name() + "\" to \""
                    + name + "\"");
        }
        if (unique.primary()) {
            for (IndexColumn column : index.keyColumns()) {
                ColumnDescriptor descriptor = table.column(column.attnum());
                if (!descriptor.notNull()) {
                    new ConstraintCommands(context).checkNoNulls(table, descriptor);
                    context.writer().relations().setNotNull(table.oid(), descriptor.attnum(), true);
                }
            }
        }
        return context.writer().indexes().adopt(new NewIndex(table.oid(), name, index.accessMethod(), index.keyColumns(),
                index.includeColumns(), List.of(), true, index.nullsNotDistinct(), null, unique.primary() ? 'p' : 'u',
                unique.attributes().deferrable(), unique.attributes().initiallyDeferred(), 0, index.options(), true,
                true), index.oid());
    }

    private static IndexDescriptor usableIndex(CommandContext context, RelationDescriptor table,
            Constraint.Unique unique) {
        String name = unique.usingIndex();
        int position = unique.position();
        RelationDescriptor found = context.catalog().relation(table.schemaName(), name);
        IndexDescriptor index = found == null ? null : context.catalog().index(found.oid());
        if (index == null) {
            throw context.error(SqlState.UNDEFINED_OBJECT, "index \"" + name + "\" does not exist", position);
        }
        SqlState state = SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE;
        if (index.tableOid() != table.oid()) {
            throw context.error(state, "index \"" + name + "\" does not belong to table \"" + table.name() + "\"", position);
        }
        if (index.constraintOid() != 0) {
            throw context.error(state, "index \"" + name + "\" is already associated with a constraint", position);
        }
        if (!index.valid()) {
            throw context.error(state, "index \"" + name + "\" is not valid", position);
        }
        String problem = !index.unique() ? "\"" + name + "\" is not a unique index"
                : index.hasExpressions() ? "index \"" + name + "\" contains expressions"
                : index.isPartial() ? "\"" + name + "\" is a partial index" : null;
        for (int i = 0; problem == null && i < index.keyColumns().size(); i++) {
            IndexColumn column = index.keyColumns().get(i);
            var standard = context.catalog().defaultOperatorClass(index.accessMethod(), column.type().oid());
            if (column.descending() || column.nullsFirst() || standard == null || standard.oid() != column.opclass()
                    || column.collation() != table.column(column.attnum()).collation()) {
                problem = "index \"" + name + "\" column number " + (i + 1) + " does not have default sorting behavior";
            }
        }
        if (problem != null) {
            throw context.error(SqlState.WRONG_OBJECT_TYPE, problem, position)
                    .withDetail("Cannot create a primary key or unique constraint using such an index.");
        }
        if (unique.primary() && index.nullsNotDistinct()) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
                    "primary keys cannot use NULLS NOT DISTINCT indexes");
        }
        return index;
    }

    // ---- NOT NULL

    /** 23502 if some row has NULL in the column. */
    void checkNoNulls(RelationDescriptor table, ColumnDescriptor column) {
        var heap = context.session.storage().heap(table);
        try (HeapScan scan = heap.scan(Snapshots.latest(context))) {
            while (scan.nextPage()) {
                context.checkInterrupts();
                for (int i = 0; i < scan.count(); i++) {
                    if (io.quantadb.access.heap.TupleReader.isNull(heap.layout(), scan.tupleAddress(i), column.attnum() - 1)) {
                        throw new SqlException(SqlState.NOT_NULL_VIOLATION, "column \"" + column.name()
                                + "\" of relation \"" + table.name() + "\" contains null values")
                                .withSchema(table.schemaName()).withTable(table.name()).withColumn(column.name());
                    }
                }
            }
        }
    }

    // ---- CHECK

    private void addCheck(RelationDescriptor table, Constraint.Check check, String column, boolean newTable) {
        Expr expr = new Expressions(context).condition(check.condition(), table, ExprKind.CHECK_CONSTRAINT, "CHECK");
        List<Integer> columns = Expressions.columns(expr);
        String name = check.name();
        if (name == null) {
            String part = columns.size() == 1 ? table.column(columns.getFirst()).name() : null;
            name = chooseName(table, part == null ? List.of() : List.of(part), "check");
        }
        boolean validated = newTable || !check.attributes().notValid();
        if (validated && !newTable) {
            checkRows(table, name, expr);
        }
        context.writer().indexes().createConstraint(TableCommands.check(table, name, columns,
                StoredText.expression(context, expr, check.text(), table), validated, check.noInherit()));
    }

    /** A check copied from another table. */
    void addStoredCheck(RelationDescriptor table, String name, String text) {
        Expr expr = new Expressions(context).stored(text, table, ExprKind.CHECK_CONSTRAINT, null, -1);
        context.writer().indexes().createConstraint(TableCommands.check(table, name, Expressions.columns(expr),
                StoredText.expression(context, expr, text, table), true, false));
    }

    private String chooseName(RelationDescriptor table, List<String> columns, String suffix) {
        for (int i = 0;; i++) {
            String name = context.writer().indexes().chooseName(table.schemaOid(), table.name(), columns,
                    i == 0 ? suffix : suffix + i);
            if (table.constraint(name) == null) {
                return name;
            }
        }
    }

    private void checkRows(RelationDescriptor table, String name, Expr expr) {
        ScalarEvaluator evaluator = new Expressions(context).compile(expr);
        RowContext row = new RowContext(context.session.execution().context(new Object[0], null));
        RowView.ArrayRow view = new RowView.ArrayRow();
        row.outer = view;
        try (TableStore store = new TableStore(context, table, false);
                HeapScan scan = store.heap.scan(Snapshots.latest(context))) {
            while (scan.nextPage()) {
                context.checkInterrupts();
                for (int i = 0; i < scan.count(); i++) {
                    view.values = store.values(scan.tupleAddress(i));
                    if (evaluator.evalLong(row) == 0 && !row.isNull) {
                        throw new SqlException(SqlState.CHECK_VIOLATION, "check constraint \"" + name
                                + "\" of relation \"" + table.name() + "\" is violated by some row")
                                .withSchema(table.schemaName()).withTable(table.name()).withConstraint(name);
                    }
                }
            }
        }
    }

    // ---- VALIDATE

    void validate(RelationDescriptor table, String name) {
        ConstraintDescriptor constraint = table.constraint(name);
        if (constraint == null) {
            throw io.quantadb.catalog.CatalogErrors.noConstraint(name, table.name());
        }
        if (!constraint.isCheck() && !constraint.isForeignKey()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "constraint \"" + name + "\" of relation \"" + table.name()
                    + "\" is not a foreign key or check constraint");
        }
        if (constraint.validated()) {
            return;
        }
        if (constraint.isCheck()) {
            checkRows(table, name, new Expressions(context).stored(constraint.expression(), table,
                    ExprKind.CHECK_CONSTRAINT, null, -1));
        } else {
            context.lock(context.catalog().relation(constraint.referencedTableOid()), LockMode.ROW_SHARE);
            context.state.foreignKeys.validate(context, constraint);
        }
        context.writer().indexes().setValidated(constraint.oid());
    }

    // ---- FOREIGN KEY

    private void addForeignKey(RelationDescriptor table, Constraint.ForeignKey key, String column, boolean newTable) {
        RelationDescriptor referenced = context.requireAndLock(key.table(), LockMode.SHARE_ROW_EXCLUSIVE);
        if (referenced.kind() != RelationKind.TABLE) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "referenced relation \"" + referenced.name() + "\" is not a table");
        }
        if (referenced.isTemporary() != table.isTemporary()) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, table.isTemporary()
                    ? "constraints on temporary tables may reference only temporary tables"
                    : "constraints on permanent tables may reference only permanent tables");
        }
        if (key.match() == Constraint.Match.PARTIAL) {
            throw context.error(SqlState.FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented", key.position());
        }
        List<Integer> columns = new ArrayList<>();
        List<String> names = column != null ? List.of(column) : key.columns().stream().map(Identifier::name).toList();
        for (String name : names) {
            columns.add(foreignKeyColumn(table, name).attnum());
        }
        List<Integer> target = new ArrayList<>();
        IndexDescriptor index = referencedIndex(referenced, key, target);
        if (columns.size() != target.size()) {
            throw new SqlException(SqlState.INVALID_FOREIGN_KEY,
                    "number of referencing and referenced columns for foreign key disagree");
        }
        if (Privileges.onRelation(context.catalog(), context.roleOid(), referenced, Privilege.REFERENCES.bit()) == 0) {
            throw CommandContext.denied("table", referenced.name());
        }
        String name = key.name() != null ? key.name() : chooseName(table, names, "fkey");
        List<Integer> operators = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            operators.add(equality(name, referenced.column(target.get(i)), table.column(columns.get(i))));
        }
        List<Integer> setColumns = new ArrayList<>();
        for (Identifier set : key.onDelete().columns()) {
            ColumnDescriptor c = foreignKeyColumn(table, set.name());
            if (!columns.contains(c.attnum())) {
                throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "column \"" + set.name()
                        + "\" referenced in ON DELETE SET action must be part of foreign key");
            }
            setColumns.add(c.attnum());
        }
        checkGenerated(table, key, columns);
        boolean validated = newTable || !key.attributes().notValid();
        int oid = context.writer().indexes().createConstraint(new NewConstraint(name, 'f', table.oid(), 0,
                table.schemaOid(), columns, null, referenced.oid(), target, index.oid(), action(key.onUpdate()),
                action(key.onDelete()), key.match() == Constraint.Match.FULL ? 'f' : 's', operators, setColumns,
                key.attributes().deferrable(), key.attributes().initiallyDeferred(), validated, true, 0, false));
        if (!newTable && validated) {
            context.state.foreignKeys.validate(context, context.catalog().constraint(oid));
        }
    }

    private static void checkGenerated(RelationDescriptor table, Constraint.ForeignKey key, List<Integer> columns) {
        for (int attnum : columns) {
            if (!table.column(attnum).isGenerated()) {
                continue;
            }
            refuseGenerated(key.onUpdate(), "ON UPDATE");
            refuseGenerated(key.onDelete(), "ON DELETE");
        }
    }

    private static void refuseGenerated(ReferentialAction action, String clause) {
        boolean changes = action.kind() == ReferentialAction.Kind.SET_NULL
                || action.kind() == ReferentialAction.Kind.SET_DEFAULT
                || clause.equals("ON UPDATE") && action.kind() == ReferentialAction.Kind.CASCADE;
        if (changes) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid " + clause
                    + " action for foreign key constraint containing generated column");
        }
    }

    private ColumnDescriptor foreignKeyColumn(RelationDescriptor table, String name) {
        ColumnDescriptor column = table.column(name);
        if (column == null) {
            throw new SqlException(SqlState.UNDEFINED_COLUMN,
                    "column \"" + name + "\" referenced in foreign key constraint does not exist");
        }
        return column;
    }

    /** The unique index a foreign key relies on; puts the referenced attributes into {@code target}, in the key's order. */
    private IndexDescriptor referencedIndex(RelationDescriptor referenced, Constraint.ForeignKey key, List<Integer> target) {
        if (key.referenced().isEmpty()) {
            IndexDescriptor primary = referenced.primaryKey();
            if (primary == null) {
                throw new SqlException(SqlState.UNDEFINED_OBJECT,
                        "there is no primary key for referenced table \"" + referenced.name() + "\"");
            }
            requireImmediate(primary, referenced, "primary key");
            primary.keyColumns().forEach(c -> target.add(c.attnum()));
            return primary;
        }
        for (Identifier name : key.referenced()) {
            ColumnDescriptor column = foreignKeyColumn(referenced, name.name());
            if (target.contains(column.attnum())) {
                throw new SqlException(SqlState.INVALID_FOREIGN_KEY,
                        "foreign key referenced-columns list must not contain duplicates");
            }
            target.add(column.attnum());
        }
        IndexDescriptor deferrable = null;
        for (IndexDescriptor index : referenced.indexes()) {
            List<Integer> attnums = index.keyColumns().stream().map(IndexColumn::attnum).toList();
            if (index.unique() && !index.isPartial() && !index.hasExpressions() && index.valid()
                    && attnums.size() == target.size() && attnums.containsAll(target)) {
                if (!index.deferrable()) {
                    return index;
                }
                deferrable = index;
            }
        }
        if (deferrable != null) {
            requireImmediate(deferrable, referenced, "unique constraint");
        }
        throw new SqlException(SqlState.INVALID_FOREIGN_KEY,
                "there is no unique constraint matching given keys for referenced table \"" + referenced.name() + "\"");
    }

    private static void requireImmediate(IndexDescriptor index, RelationDescriptor table, String what) {
        if (index.deferrable()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot use a deferrable " + what
                    + " for referenced table \"" + table.name() + "\"");
        }
    }

    private int equality(String constraint, ColumnDescriptor referenced, ColumnDescriptor referencing) {
        int left = context.catalog().baseTypeOf(referenced.type().oid());
        int right = context.catalog().baseTypeOf(referencing.type().oid());
        OperatorDescriptor operator = context.catalog().operator("pg_catalog", "=", left, right);
        if (operator == null && (left == right || isText(left) && isText(right) || implicit(right, left))) {
            operator = context.catalog().btreeOperator(left, io.quantadb.catalog.BtreeStrategy.of(3));
        }
        if (operator == null) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH,
                    "foreign key constraint \"" + constraint + "\" cannot be implemented")
                    .withDetail("Key columns \"" + referencing.name() + "\" and \"" + referenced.name()
                            + "\" are of incompatible types: " + context.catalog().formatType(referencing.type().oid(), -1)
                            + " and " + context.catalog().formatType(referenced.type().oid(), -1) + ".");
        }
        return operator.oid();
    }

    private static boolean isText(int type) {
        return type == io.quantadb.types.Oids.TEXT || type == io.quantadb.types.Oids.VARCHAR
                || type == io.quantadb.types.Oids.BPCHAR || type == io.quantadb.types.Oids.NAME;
    }

    private boolean implicit(int from, int to) {
        var cast = context.catalog().cast(from, to);
        return cast != null && cast.context() == 'i';
    }

    private static char action(ReferentialAction action) {
        return switch (action.kind()) {
            case NO_ACTION -> 'a';
            case RESTRICT -> 'r';
            case CASCADE -> 'c';
            case SET_NULL -> 'n';
            case SET_DEFAULT -> 'd';
        };
    }

    /** Snapshots that see everything committed so far, durable or not, and all own changes. */
    static final class Snapshots {
        private Snapshots() {
        }

        static Snapshot latest(CommandContext context) {
            var transaction = context.transaction();
            return new Snapshot(context.wal().insertLsn(),
                    transaction.session().manager().commits().settledXid(), transaction.commandId(), transaction);
        }
    }
}
