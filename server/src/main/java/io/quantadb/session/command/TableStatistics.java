package io.quantadb.session.command;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.StoredArrays;
import io.quantadb.types.TypeOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * ANALYZE of one table: samples blocks and rows, and writes what it finds into {@code pg_statistic}. Confined to one command.
 *
 * <p>Source: the number of distinct values is estimated as by Haas and Stokes, "Estimating the Number of Classes in a Finite Population",
 * 1998, the Duj1 estimator; sample sizes and the choice of common values follow the PostgreSQL documentation's description.
 */
final class TableStatistics {
    private static final int ROWS_PER_TARGET = 300;
    private static final int WIDTH_MAX = 1024;

    private final CommandContext context;
    private final RelationDescriptor table;
    private final HeapRelation heap;
    private final SplittableRandom random = new SplittableRandom();
    private final List<Object[]> sample = new ArrayList<>();
    private double totalRows;

    TableStatistics(CommandContext context, RelationDescriptor table) {
        this.context = context;
        this.table = table;
        heap = context.session.storage().heap(table);
    }

    void collect(List<ColumnDescriptor> columns) {
        int target = (int) context.session.settings().number("default_statistics_target");
        int wanted = target;
        for (ColumnDescriptor column : columns) {
            wanted = Math.max(wanted, column.statisticsTarget());
        }
        takeSample(wanted * ROWS_PER_TARGET);
        for (ColumnDescriptor column : columns) {
            int own = column.statisticsTarget() < 0 ? target : column.statisticsTarget();
            if (own > 0 && !sample.isEmpty()) {
                analyze(column, own);
            }
        }
        context.writer().relations().setStatistics(table.oid(), heap.blockCount(), totalRows, heap.countAllVisible());
        for (IndexDescriptor index : table.indexes()) {
            context.writer().relations().setStatistics(index.oid(), context.session.storage().btree(index).pageCount(),
                    index.isPartial() ? 0 : totalRows, 0);
        }
    }

    /** Chooses blocks at random, then rows of them by reservoir sampling; the rows stay in the table's order. */
    private void takeSample(int rowsWanted) {
        int blocks = heap.blockCount();
        int chosen = Math.min(blocks, rowsWanted);
        BitSet selected = new BitSet(blocks);
        if (chosen == blocks) {
            selected.set(0, blocks);
        } else {
            while (selected.cardinality() < chosen) {
                for (int i = selected.cardinality(); i < chosen; i++) {
                    selected.set(random.nextInt(blocks));
                }
            }
        }
        long seen = 0;
        List<long[]> order = new ArrayList<>();
        try (HeapScan scan = heap.scan(ConstraintCommands.Snapshots.latest(context), 0, 0)) {
            for (int block = selected.nextSetBit(0); block >= 0; block = selected.nextSetBit(block + 1)) {
                context.checkInterrupts();
                scan.restart(block, block + 1);
                if (!scan.nextPage()) {
                    continue;
                }
                for (int i = 0; i < scan.count(); i++) {
                    seen++;
                    if (sample.size() < rowsWanted) {
                        order.add(new long[] {seen, sample.size()});
                        sample.add(read(scan.tupleAddress(i)));
                    } else if (random.nextLong(seen) < rowsWanted) {
                        int place = random.nextInt(rowsWanted);
                        order.get(place)[0] = seen;
                        sample.set(place, read(scan.tupleAddress(i)));
                    }
                }
            }
        }
        order.sort(Comparator.comparingLong(o -> o[0]));
        List<Object[]> inOrder = order.stream().map(o -> sample.get((int) o[1])).toList();
        sample.clear();
        sample.addAll(inOrder);
        totalRows = chosen == 0 ? 0 : Math.rint((double) seen / chosen * blocks);
    }

    private Object[] read(long tuple) {
        Object[] values = new Object[heap.layout().attributeCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = TupleReader.getObject(heap.layout(), tuple, i, heap.toast());
        }
        return values;
    }

    // ---- One column

    private record Valued(Object value, int position) {
    }

    private record Group(Object value, int count) {
    }

    private void analyze(ColumnDescriptor column, int target) {
        TypeOps ops = column.type().ops();
        List<Valued> values = new ArrayList<>();
        long bytes = 0;
        int nulls = 0;
        int wide = 0;
        for (int i = 0; i < sample.size(); i++) {
            Object value = sample.get(i)[column.attnum() - 1];
            if (value == null) {
                nulls++;
                continue;
            }
            int width = ops.storageWidth() >= 0 ? ops.storageWidth() : ops.diskSize(value);
            bytes += width;
            if (width > WIDTH_MAX) {
                wide++;
            } else {
                values.add(new Valued(value, i));
            }
        }
        int present = sample.size() - nulls;
        Slots slots = new Slots();
        double distinct = 0;
        if (present > 0 && ops.ordered()) {
            distinct = orderedStatistics(column, target, values, nulls, wide, slots);
        } else if (present == 0) {
            distinct = 0;
        }
        write(column, (double) nulls / sample.size(), present == 0 ? 0 : (int) (bytes / present), distinct, slots);
    }

    private double orderedStatistics(ColumnDescriptor column, int target, List<Valued> values, int nulls, int wide,
            Slots slots) {
        TypeOps ops = column.type().ops();
        values.sort(Comparator.comparing(Valued::value, ops::compare));
        List<Group> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= values.size(); i++) {
            if (i == values.size() || ops.compare(values.get(i).value(), values.get(start).value()) != 0) {
                groups.add(new Group(values.get(start).value(), i - start));
                start = i;
            }
        }
        double distinct = distinct(groups, values.size(), wide, nulls);
        List<Group> common = mostCommon(groups, values.size() + wide, target, distinct);
        if (!common.isEmpty()) {
            slots.common = common.stream().map(Group::value).toList();
            slots.frequencies = common.stream().mapToDouble(g -> (double) g.count() / sample.size()).toArray();
        }
        histogram(column, groups, common, target, slots);
        if (values.size() > 1) {
            slots.correlation = correlation(values);
        }
        return distinct;
    }

    private double distinct(List<Group> groups, int valueCount, int wide, int nulls) {
        int repeated = (int) groups.stream().filter(g -> g.count() > 1).count();
        int once = groups.size() - repeated + wide;
        int all = groups.size() + wide;
        double nullFraction = (double) nulls / sample.size();
        if (repeated == 0) {
            return -(1.0 - nullFraction);
        }
        if (once == 0) {
            return all;
        }
        double n = sample.size();
        double total = totalRows * (1.0 - nullFraction);
        double rows = n - nulls;
        double estimate = rows * all / (rows - once + once * rows / Math.max(total, rows));
        estimate = Math.rint(Math.clamp(estimate, all, Math.max(all, total)));
        return estimate > 0.1 * totalRows ? -(estimate / Math.max(totalRows, 1)) : estimate;
    }

    /** Values that are worth naming: all of them if they are few, else those clearly more frequent than the average. */
    private List<Group> mostCommon(List<Group> groups, int present, int target, double distinct) {
        List<Group> candidates = new ArrayList<>(groups.stream().filter(g -> g.count() > 1).toList());
        candidates.sort(Comparator.comparingInt(Group::count).reversed());
        boolean complete = candidates.size() == groups.size() && distinct > 0 && groups.size() <= target;
        if (complete) {
            return candidates;
        }
        double distinctRows = distinct < 0 ? -distinct * totalRows : distinct;
        double average = present / Math.max(distinctRows, 1);
        double minimum = Math.max(2, average * 1.25);
        return candidates.stream().limit(target).filter(g -> g.count() >= minimum).toList();
    }

    private void histogram(ColumnDescriptor column, List<Group> groups, List<Group> common, int target, Slots slots) {
        if (groups.size() - common.size() < 2) {
            return;
        }
        TypeOps ops = column.type().ops();
        java.util.Set<Object> named = new java.util.HashSet<>();
        common.forEach(g -> named.add(ops.hashKey(g.value())));
        List<Object> rest = new ArrayList<>();
        for (Group group : groups) {
            if (!named.contains(ops.hashKey(group.value()))) {
                for (int i = 0; i < group.count(); i++) {
                    rest.add(group.value());
                }
            }
        }
        int bounds = Math.min(target + 1, groups.size() - common.size());
        if (bounds < 2) {
            return;
        }
        List<Object> histogram = new ArrayList<>(bounds);
        for (int i = 0; i < bounds; i++) {
            histogram.add(rest.get((int) ((long) i * (rest.size() - 1) / (bounds - 1))));
        }
        slots.histogram = histogram;
    }

    /** Between the order of values and the order of rows. */
    private static double correlation(List<Valued> sorted) {
        double n = sorted.size();
        double sumXy = 0;
        Map<Integer, Integer> ranks = new HashMap<>();
        int[] positions = sorted.stream().mapToInt(Valued::position).toArray();
        int[] ordered = positions.clone();
        Arrays.sort(ordered);
        for (int i = 0; i < ordered.length; i++) {
            ranks.put(ordered[i], i);
        }
        for (int i = 0; i < positions.length; i++) {
            sumXy += (double) i * ranks.get(positions[i]);
        }
        double sum = n * (n - 1) / 2;
        double sumSquares = n * (n - 1) * (2 * n - 1) / 6;
        return (n * sumXy - sum * sum) / (n * sumSquares - sum * sum);
    }

    private int operator(ColumnDescriptor column, int strategy) {
        var operator = context.catalog().btreeOperator(column.type().oid(), io.quantadb.catalog.BtreeStrategy.of(strategy));
        return operator == null ? 0 : operator.oid();
    }

    // ---- Storing

    /** What was found about one column. */
    private static final class Slots {
        private List<Object> common;
        private double[] frequencies;
        private List<Object> histogram;
        private double correlation = Double.NaN;
    }

    private void write(ColumnDescriptor column, double nullFraction, int width, double distinct, Slots slots) {
        ColumnStatistics statistics = new ColumnStatistics(nullFraction, width, distinct,
                slots.common == null ? null : StoredArrays.of(column.type(), slots.common), slots.frequencies,
                slots.histogram == null ? null : StoredArrays.of(column.type(), slots.histogram), slots.correlation);
        context.writer().statistics().replace(table.oid(), column.attnum(), statistics, operator(column, 3),
                operator(column, 1), column.collation());
    }
}
