package io.quantadb.session.command;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.catalog.BtreeStrategy;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.types.PgType;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Collects statistics about one table into {@code pg_statistic} and {@code pg_class}. The caller holds SHARE UPDATE EXCLUSIVE. Confined
 * to one thread.
 *
 * <p>Source: PostgreSQL documentation, "Statistics Used by the Planner". A sample of 300 rows for each histogram bucket follows
 * Chaudhuri, Motwani, Narasayya, "Random sampling for histogram construction", 1998.
 */
final class TableAnalysis {
    private static final int ROWS_PER_BUCKET = 300;

    private final CommandContext context;
    private final RelationDescriptor relation;
    private final List<ColumnDescriptor> columns;
    private final boolean verbose;
    private final VacuumCost cost;
    private TableSample sample;

    TableAnalysis(CommandContext context, RelationDescriptor relation, List<ColumnDescriptor> columns, boolean verbose,
            VacuumCost cost) {
        this.context = context;
        this.relation = relation;
        this.columns = columns;
        this.verbose = verbose;
        this.cost = cost;
    }

    void run() {
        if (verbose) {
            VacuumCommand.info(context, "analyzing \"" + relation.schemaName() + "." + relation.name() + "\"");
        }
        HeapRelation heap = context.session.storage().heap(relation);
        int largest = columns.stream().mapToInt(this::target).max().orElse(1);
        sample = new TableSample(context, heap, ROWS_PER_BUCKET * Math.max(largest, 1), ThreadLocalRandom.current(), this::pause);
        sample.take();
        if (verbose) {
            VacuumCommand.info(context, "\"%s\": scanned %d of %d pages, containing %d live rows and %d dead rows; %d rows in sample, %.0f estimated total rows"
                    .formatted(relation.name(), sample.blocksScanned(), sample.blocks(), sample.liveRowsSeen(), sample.deadRowsSeen(),
                            sample.rows().length, sample.totalRows()));
        }
        if (sample.rows().length > 0) {
            for (ColumnDescriptor column : columns) {
                analyzeColumn(column);
            }
        }
        context.writer().relations().setStatistics(relation.oid(), sample.blocks(), sample.totalRows(), heap.countAllVisible());
        for (IndexDescriptor index : relation.indexes()) {
            analyzeIndex(index);
        }
        context.session.tableActivity().table(relation).analyzed((long) sample.totalRows(), (long) sample.totalDeadRows(),
                cost.automatic(), context.session.services().clock().wallMicros());
    }

    private void pause() {
        context.checkInterrupts();
        cost.pause();
    }

    private int target(ColumnDescriptor column) {
        return target(column.statisticsTarget());
    }

    private int target(int ofColumn) {
        return ofColumn >= 0 ? ofColumn : (int) context.session.settings().number("default_statistics_target");
    }

    private void analyzeColumn(ColumnDescriptor column) {
        int target = target(column);
        if (target == 0) {
            return;
        }
        context.checkInterrupts();
        ColumnSample values = new ColumnSample(column.type(), target);
        for (Object[] row : sample.rows()) {
            Object value = row[column.attnum() - 1];
            if (value instanceof TableSample.Wide wide) {
                values.addWide(wide.storedBytes());
            } else {
                values.add(value);
            }
        }
        write(relation.oid(), column.attnum(), column.type(), column.collation(), values.compute(sample.totalRows()));
    }

    private void write(int relationOid, int attnum, PgType type, int collation, ColumnStatistics statistics) {
        OperatorDescriptor less = context.catalog().btreeOperator(type.oid(), BtreeStrategy.LT);
        OperatorDescriptor equal = context.catalog().btreeOperator(type.oid(), BtreeStrategy.EQ);
        if (equal == null) {
            equal = context.catalog().operator("pg_catalog", "=", type.oid(), type.oid());
        }
        context.writer().statistics().replace(relationOid, attnum, statistics, equal == null ? 0 : equal.oid(),
                less == null ? 0 : less.oid(), collation);
    }

    // ---- Indexes

    /** Size of an index, and statistics of its expressions, which are columns of its own. */
    private void analyzeIndex(IndexDescriptor index) {
        Object[][] rows = sample.rows();
        boolean computes = rows.length > 0 && (index.hasExpressions() || index.isPartial());
        double fraction = computes ? analyzeRows(index, rows) : 1;
        context.writer().relations().setStatistics(index.oid(), context.session.storage().btree(index).pageCount(),
                Math.ceil(fraction * sample.totalRows()), 0);
    }

    /** @return fraction of the rows that are in the index */
    private double analyzeRows(IndexDescriptor index, Object[][] rows) {
        Expressions compiler = new Expressions(context);
        ScalarEvaluator predicate = index.isPartial()
                ? compiler.compile(compiler.stored(index.predicate(), relation, ExprKind.INDEX_PREDICATE, null, -1)) : null;
        int n = index.keyColumns().size();
        ScalarEvaluator[] expressions = new ScalarEvaluator[n];
        ColumnSample[] samples = new ColumnSample[n];
        for (int i = 0; i < n; i++) {
            IndexColumn column = index.keyColumns().get(i);
            if (column.isExpression()) {
                expressions[i] = compiler.compile(compiler.stored(column.expression(), relation, ExprKind.INDEX_EXPRESSION, null, -1));
                samples[i] = new ColumnSample(column.type(), target(-1));
            }
        }
        RowContext row = new RowContext(context.session.execution().context(new Object[0], null));
        RowView.ArrayRow view = new RowView.ArrayRow();
        row.outer = view;
        int indexed = 0;
        for (Object[] values : rows) {
            context.checkInterrupts();
            view.values = withoutWide(values);
            if (predicate != null && !predicate.isTrue(row)) {
                continue;
            }
            indexed++;
            for (int i = 0; i < n; i++) {
                if (expressions[i] != null) {
                    samples[i].add(expressions[i].eval(row));
                }
            }
        }
        for (int i = 0; i < n; i++) {
            ColumnStatistics statistics = samples[i] == null ? null : samples[i].compute(sample.totalRows() * indexed / rows.length);
            if (statistics != null) {
                IndexColumn column = index.keyColumns().get(i);
                write(index.oid(), i + 1, column.type(), column.collation(), statistics);
            }
        }
        return (double) indexed / rows.length;
    }

    /** Expressions over values that were not read see NULL: their statistics are a little off rather than costly. */
    private static Object[] withoutWide(Object[] values) {
        Object[] result = values;
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof TableSample.Wide) {
                if (result == values) {
                    result = values.clone();
                }
                result[i] = null;
            }
        }
        return result;
    }
}
