package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.ddl.Dependencies;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.AlterTableAction;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.List;

/** ALTER COLUMN ... SET DATA TYPE. Confined to one command. */
final class ColumnTypeChange {
    private final CommandContext context;

    ColumnTypeChange(CommandContext context) {
        this.context = context;
    }

    void run(RelationDescriptor table, AlterTableAction.AlterType action) {
        ColumnDescriptor column = AlterTable.column(table, action.column());
        Analyzer.ResolvedType target = context.resolveType(action.type());
        PgType type = target.type();
        new TableCommands(context).checkColumnType(column.name(), type);
        int collation = action.collation() == null ? 0 : IndexCommands.collation(context, action.collation());
        refuseDependents(table, column);
        Expr transform = transform(table, column, action, target);
        Expr defaultValue = null;
        if (column.hasDefault() && !column.isGenerated()) {
            defaultValue = convertDefault(column, target);
        }
        boolean sameBytes = action.using() == null && keepsBytes(column, target);
        ScalarEvaluator evaluator = sameBytes ? null : new Expressions(context).compile(transform);
        context.writer().relations().alterColumnType(table.oid(), column.attnum(), type, target.typmod(), collation);
        if (defaultValue != null) {
            context.writer().relations().setDefault(table.oid(), column.attnum(),
                    StoredText.expression(context, defaultValue, column.defaultExpression(), null));
        }
        for (IndexDescriptor index : table.indexes()) {
            alignIndex(index, column.attnum(), type, target.typmod());
        }
        if (column.isIdentity()) {
            int sequence = context.catalog().ownedSequence(table.oid(), column.attnum());
            new SequenceCommands(context).change(context.catalog().relation(sequence),
                    List.of(new io.quantadb.sql.ast.SequenceOption.As(action.type(), action.position())));
        }
        if (!sameBytes) {
            new TableRewrite(context).run(table, (values, row) -> values[column.attnum() - 1] = evaluator.eval(row));
        } else if (column.type().oid() != type.oid()) {
            new TableRewrite(context).rebuildIndexes(table);
        }
        recheckForeignKeys(context.reload(table), column.attnum());
    }

    private Expr transform(RelationDescriptor table, ColumnDescriptor column, AlterTableAction.AlterType action,
            Analyzer.ResolvedType target) {
        Expressions expressions = new Expressions(context);
        Expression written = action.using() != null ? action.using()
                : new Expression.ColumnRef(List.of(column.name()), false, -1);
        String name = context.catalog().formatType(target.type().oid(), target.typmod());
        try {
            return expressions.analyze(written, table, ExprKind.ALTER_COLUMN_TRANSFORM, target.type(), target.typmod());
        } catch (SqlException e) {
            if (e.state() != SqlState.DATATYPE_MISMATCH && e.state() != SqlState.CANNOT_COERCE) {
                throw e;
            }
            if (action.using() != null) {
                throw new SqlException(SqlState.DATATYPE_MISMATCH, "result of USING clause for column \"" + column.name()
                        + "\" cannot be cast automatically to type " + name).withHint("You might need to add an explicit cast.");
            }
            throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + column.name()
                    + "\" cannot be cast automatically to type " + name).withHint("You might need to specify \"USING "
                            + io.quantadb.catalog.Identifiers.quote(column.name()) + "::" + name + "\".");
        }
    }

    private Expr convertDefault(ColumnDescriptor column, Analyzer.ResolvedType target) {
        try {
            return new Expressions(context).stored(column.defaultExpression(), null, ExprKind.COLUMN_DEFAULT, target.type(),
                    target.typmod());
        } catch (SqlException e) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH, "default for column \"" + column.name()
                    + "\" cannot be cast automatically to type "
                    + context.catalog().formatType(target.type().oid(), target.typmod()), e);
        }
    }

    /** Whether stored values stay as they are: varchar becoming longer or text. */
    private static boolean keepsBytes(ColumnDescriptor column, Analyzer.ResolvedType target) {
        int from = column.type().oid();
        int to = target.type().oid();
        if (from == to && column.typmod() == target.typmod()) {
            return true;
        }
        boolean text = (from == Oids.TEXT || from == Oids.VARCHAR) && (to == Oids.TEXT || to == Oids.VARCHAR);
        return text && (target.typmod() < 0 || column.typmod() >= 0 && target.typmod() >= column.typmod());
    }

    private void refuseDependents(RelationDescriptor table, ColumnDescriptor column) {
        for (Dependencies.Dependency dependency : context.writer().dependencies()
                .on(ObjectAddress.column(table.oid(), column.attnum()))) {
            if (dependency.object().classOid() == PgRewrite.TABLE) {
                throw SqlException.notSupported("cannot alter type of a column used by a view or rule")
                        .withDetail(context.writer().descriptions().describe(dependency.object()) + " depends on column \""
                                + column.name() + "\"");
            }
        }
        for (ColumnDescriptor other : table.liveColumns()) {
            if (other.isGenerated() && other.attnum() != column.attnum() && Expressions.columns(new Expressions(context)
                    .stored(other.defaultExpression(), table, ExprKind.GENERATED_COLUMN, null, -1))
                    .contains(column.attnum())) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "cannot alter type of a column used by a generated column")
                        .withDetail("Column \"" + column.name() + "\" is used by generated column \"" + other.name() + "\".");
            }
        }
    }

    /** Type and operator class of the index's columns over the changed one. */
    private void alignIndex(IndexDescriptor index, int attnum, PgType type, int typmod) {
        List<IndexColumn> keys = index.keyColumns();
        CatalogStore store = context.transactionCatalog().store();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).attnum() != attnum) {
                continue;
            }
            OperatorClassDescriptor opclass = context.catalog().defaultOperatorClass(CatalogIds.AM_BTREE, type.oid());
            if (opclass == null) {
                throw new SqlException(SqlState.UNDEFINED_OBJECT, "data type " + context.catalog().formatType(type.oid(), -1)
                        + " has no default operator class for access method \"btree\"");
            }
            CatalogRow row = store.findOne(CatalogTables.index("pg_index_indexrelid_index"), (long) index.oid());
            Object[] values = row.copyValues();
            ArrayValue classes = (ArrayValue) values[PgIndex.INDCLASS];
            Object[] elements = classes.elements().clone();
            elements[i] = (long) opclass.oid();
            values[PgIndex.INDCLASS] = new ArrayValue(classes.elementType(), classes.dimensions(), classes.lowerBounds(), elements);
            store.update(row, values);
            CatalogRow attribute = store.findOne(CatalogTables.index("pg_attribute_relid_attnum_index"), (long) index.oid(),
                    (long) (i + 1));
            Object[] changed = attribute.copyValues();
            changed[PgAttribute.ATTTYPID] = (long) type.oid();
            changed[PgAttribute.ATTTYPMOD] = (long) typmod;
            changed[PgAttribute.ATTLEN] = (long) type.typlen();
            changed[PgAttribute.ATTCOLLATION] = (long) context.catalog().type(type.oid()).collation();
            store.update(attribute, changed);
        }
    }

    private void recheckForeignKeys(RelationDescriptor table, int attnum) {
        for (ConstraintDescriptor constraint : table.constraints()) {
            if (constraint.isForeignKey() && constraint.columns().contains(attnum)) {
                context.state.foreignKeys.validate(context, constraint);
            }
        }
        for (ConstraintDescriptor constraint : table.referencedBy()) {
            if (constraint.referencedColumns().contains(attnum)) {
                context.state.foreignKeys.validate(context, constraint);
            }
        }
    }
}
