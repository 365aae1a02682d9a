package io.quantadb.session.command;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.ddl.Dependencies.Dependency;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps stored texts right when something they name gets another name: they are analysed before the change and printed again after it.
 * Confined to one command.
 */
final class Renames {
    private final CommandContext context;
    private final Map<Integer, Query> views = new HashMap<>();
    private final Set<Integer> tables = new HashSet<>();
    private final List<Runnable> restorers = new ArrayList<>();

    Renames(CommandContext context) {
        this.context = context;
    }

    /** Remembers views, defaults, checks and indexes that mention an object. */
    void captureReferences(ObjectAddress object) {
        for (Dependency dependency : context.writer().dependencies().on(object)) {
            ObjectAddress user = dependency.object();
            switch (user.classOid()) {
                case PgRewrite.TABLE -> captureView(viewOf(user.objectOid()));
                case PgAttrdef.TABLE -> captureTable(tableOf("pg_attrdef_oid_index", user.objectOid(), PgAttrdef.ADRELID));
                case PgConstraint.TABLE -> captureTable(tableOf("pg_constraint_oid_index", user.objectOid(),
                        PgConstraint.CONRELID));
                case PgClass.TABLE -> {
                    IndexDescriptor index = context.catalog().index(user.objectOid());
                    if (index != null && index.tableOid() != object.objectOid()) {
                        captureTable(context.catalog().relation(index.tableOid()));
                    }
                }
                default -> {
                    // Refers by oid.
                }
            }
        }
    }

    private RelationDescriptor viewOf(int ruleOid) {
        CatalogRow row = context.transactionCatalog().store().findOne(CatalogTables.index("pg_rewrite_oid_index"), (long) ruleOid);
        return row == null ? null : context.catalog().relation(row.integer(PgRewrite.EV_CLASS));
    }

    private RelationDescriptor tableOf(String index, int oid, int column) {
        CatalogRow row = context.transactionCatalog().store().findOne(CatalogTables.index(index), (long) oid);
        return row == null || row.integer(column) == 0 ? null : context.catalog().relation(row.integer(column));
    }

    private void captureView(RelationDescriptor view) {
        if (view != null && !views.containsKey(view.oid())) {
            views.put(view.oid(), Analyzer.analyzeStoredQuery(view.viewDefinition(), 0, context.analyzer()));
        }
    }

    /** Remembers the expressions that hang on a table. */
    void captureTable(RelationDescriptor table) {
        if (table == null || !tables.add(table.oid())) {
            return;
        }
        Expressions expressions = new Expressions(context);
        CatalogStore store = context.transactionCatalog().store();
        for (ColumnDescriptor column : table.liveColumns()) {
            if (column.hasDefault()) {
                Expr expr = column.isGenerated()
                        ? expressions.stored(column.defaultExpression(), table, ExprKind.GENERATED_COLUMN, null, -1)
                        : expressions.stored(column.defaultExpression(), null, ExprKind.COLUMN_DEFAULT, null, -1);
                restorers.add(() -> context.writer().relations().setDefault(table.oid(), column.attnum(),
                        StoredText.expression(context, expr, column.defaultExpression(),
                                column.isGenerated() ? context.reload(table) : null)));
            }
        }
        for (ConstraintDescriptor constraint : table.constraints()) {
            if (constraint.isCheck()) {
                Expr expr = expressions.stored(constraint.expression(), table, ExprKind.CHECK_CONSTRAINT, null, -1);
                restorers.add(() -> set(store, "pg_constraint_oid_index", constraint.oid(), PgConstraint.CONBIN,
                        StoredText.text(context, expr, constraint.expression(), context.reload(table))));
            }
        }
        for (IndexDescriptor index : table.indexes()) {
            captureIndex(store, table, index, expressions);
        }
    }

    private void captureIndex(CatalogStore store, RelationDescriptor table, IndexDescriptor index, Expressions expressions) {
        if (index.hasExpressions()) {
            List<Expr> parts = new ArrayList<>();
            List<String> sources = new ArrayList<>();
            for (IndexColumn column : index.keyColumns()) {
                if (column.isExpression()) {
                    sources.add(column.expression());
                    parts.add(expressions.stored(column.expression(), table, ExprKind.INDEX_EXPRESSION, null, -1));
                }
            }
            restorers.add(() -> {
                RelationDescriptor now = context.reload(table);
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < parts.size(); i++) {
                    texts.add(StoredText.text(context, parts.get(i), sources.get(i), now));
                }
                set(store, "pg_index_indexrelid_index", index.oid(), PgIndex.INDEXPRS, ExpressionLists.join(texts));
            });
        }
        if (index.predicate() != null) {
            Expr predicate = expressions.stored(index.predicate(), table, ExprKind.INDEX_PREDICATE, null, -1);
            restorers.add(() -> set(store, "pg_index_indexrelid_index", index.oid(), PgIndex.INDPRED,
                    StoredText.text(context, predicate, index.predicate(), context.reload(table))));
        }
    }

    private static void set(CatalogStore store, String index, int oid, int column, String text) {
        CatalogRow row = store.findOne(CatalogTables.index(index), (long) oid);
        if (!text.equals(row.text(column))) {
            Object[] values = row.copyValues();
            values[column] = text;
            store.update(row, values);
        }
    }

    /** Prints everything that was remembered again. */
    void restore() {
        context.forgetReaders();
        restorers.forEach(Runnable::run);
        CatalogStore store = context.transactionCatalog().store();
        for (Map.Entry<Integer, Query> view : views.entrySet()) {
            RelationDescriptor descriptor = context.catalog().relation(view.getKey());
            Query query = new Refresher().rewriteQuery(view.getValue());
            String text = StoredText.text(context, query, descriptor.viewDefinition(),
                    descriptor.liveColumns().stream().map(ColumnDescriptor::name).toList());
            CatalogRow row = store.findOne(CatalogTables.index("pg_rewrite_rel_rulename_index"), (long) view.getKey(), "_RETURN");
            Object[] values = row.copyValues();
            values[PgRewrite.EV_ACTION] = text;
            store.update(row, values);
        }
    }

    /** Puts the present names of tables and columns into a query's range tables. */
    private final class Refresher extends ExprRewriter {
        @Override
        public Query rewriteQuery(Query query) {
            Query rewritten = super.rewriteQuery(query);
            QueryBuilder builder = rewritten.toBuilder();
            builder.rangeTable.replaceAll(this::refresh);
            return builder.build();
        }

        private RangeTableEntry refresh(RangeTableEntry entry) {
            if (!(entry instanceof RangeTableEntry.Relation e)) {
                return entry instanceof RangeTableEntry.Subquery s && s.viewOid() == 0
                        ? new RangeTableEntry.Subquery(rewriteQuery(s.query()), s.viewOid(), s.securityBarrier(), s.lateral(),
                                s.name(), s.alias(), s.columns()) : entry;
            }
            RelationDescriptor now = context.catalog().relation(e.relationOid());
            List<RangeColumn> columns = new ArrayList<>(e.columns());
            int aliased = e.alias() == null || e.alias().columns() == null ? 0 : e.alias().columns().size();
            for (int i = aliased; i < columns.size() && i < now.columns().size(); i++) {
                ColumnDescriptor column = now.columns().get(i);
                columns.set(i, new RangeColumn(column.name(), columns.get(i).type(), columns.get(i).typmod(),
                        columns.get(i).collation(), columns.get(i).dropped()));
            }
            return new RangeTableEntry.Relation(e.relationOid(), now.schemaName(), now.name(), e.relationKind(), e.inherit(),
                    e.sample(), e.lockMode(), e.alias() == null ? now.name() : e.name(), e.alias(), columns);
        }
    }
}
