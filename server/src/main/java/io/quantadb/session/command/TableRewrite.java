package io.quantadb.session.command;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.Analyzer;
import java.util.List;

/**
 * Writes a table anew into fresh files, because columns got values or another form, and builds its indexes anew. Undone if the
 * transaction aborts. The caller holds ACCESS EXCLUSIVE.
 */
final class TableRewrite {
    private final CommandContext context;

    TableRewrite(CommandContext context) {
        this.context = context;
    }

    /** Computes a row's new values from the old row, which the arrays' first attributes hold already. */
    @FunctionalInterface
    interface Transform {
        void apply(Object[] values, RowContext row);
    }

    /**
     * Gives a column that was just added its default in every row.
     *
     * @param before the table without the column
     */
    void fillColumn(RelationDescriptor before, int attnum) {
        RelationDescriptor after = context.reload(before);
        ColumnDescriptor column = after.column(attnum);
        ScalarEvaluator value = column.isGenerated() ? null
                : new Expressions(context).compile(Analyzer.columnDefault(after, column, context.analyzer()));
        run(before, (values, row) -> {
            if (value != null) {
                values[attnum - 1] = value.eval(row);
            }
        });
    }

    /** @param before the descriptor whose layout and file the rows have now; the catalog has the new one already */
    void run(RelationDescriptor before, Transform transform) {
        HeapRelation old = context.session.storage().heap(before);
        TruncateCommand.replaceHeap(context, context.reload(before));
        context.writer().relations().clearMissing(before.oid());
        RelationDescriptor after = context.reload(before);
        RowContext row = new RowContext(context.session.execution().context(new Object[0], null));
        RowView.ArrayRow view = new RowView.ArrayRow();
        row.outer = view;
        TupleLayout layout = old.layout();
        int width = after.columns().size();
        try (TableStore store = new TableStore(context, after, false);
                HeapScan scan = old.scan(ConstraintCommands.Snapshots.latest(context))) {
            while (scan.nextPage()) {
                context.checkInterrupts();
                for (int i = 0; i < scan.count(); i++) {
                    Object[] values = new Object[width];
                    long tuple = scan.tupleAddress(i);
                    for (int a = 0; a < layout.attributeCount(); a++) {
                        if (!after.columns().get(a).dropped()) {
                            values[a] = TupleReader.getObject(layout, tuple, a, old.toast());
                        }
                    }
                    view.values = values;
                    transform.apply(values, row);
                    store.prepare(values);
                    store.add(values);
                }
            }
            store.flush();
        }
        rebuildIndexes(after);
    }

    void rebuildIndexes(RelationDescriptor table) {
        IndexCommands indexes = new IndexCommands(context);
        List<IndexDescriptor> all = context.reload(table).indexes();
        for (IndexDescriptor index : all) {
            indexes.replaceFile(index);
        }
        RelationDescriptor changed = context.reload(table);
        for (IndexDescriptor index : changed.indexes()) {
            indexes.fill(changed, index);
        }
    }
}
