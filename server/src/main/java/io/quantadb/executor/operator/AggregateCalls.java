package io.quantadb.executor.operator;

import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.VectorEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.DoubleVector;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.function.Accumulator;
import io.quantadb.function.AggregateFunction;
import io.quantadb.function.CallSite;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One aggregate call of an Aggregate node: evaluates its arguments for a batch and feeds its accumulator, with FILTER,
 * DISTINCT and ORDER BY. Confined to one thread.
 *
 * <p>Calls with DISTINCT or ORDER BY collect their argument rows by group and are fed when the groups are finished.
 */
final class AggregateCalls {
    /** Smaller changes of what the states hold are not worth booking. */
    private static final long PAY_STEP_BYTES = 1 << 16;

    private final AggregateFunction function;
    private final VectorEvaluator[] arguments;
    private final VectorEvaluator[] directArguments;
    private final BatchFilter filter;
    private final int argumentCount;
    private final boolean distinct;
    private final List<SortKey> order;
    private final PgType[] inputTypes;
    private final int[] distinctColumns;
    private final int[] selection = new int[Vector.CAPACITY];
    private final int[] groups = new int[Vector.CAPACITY];
    private final Vector[] vectors;
    private Accumulator accumulator;
    /** Ordered or distinct calls: rows with their group in the last column. */
    private RowStore collected;
    private final LongVector groupVector = new LongVector(io.quantadb.types.BuiltinTypes.INT8);
    /** With DISTINCT, keeps each row of a group once; null if some type cannot be hashed. */
    private KeyTable distinctRows;
    private int[] distinctNumbers;
    private boolean collectedFed;
    /** Where collected rows go that exceed their memory; null while they do not. */
    private SpilledRows spilled;
    private QueryContext payer;
    private long paidBytes;

    /** @param arguments evaluators of the call's arguments, in order */
    AggregateCalls(Expr.AggregateCall call, VectorEvaluator[] arguments, ExprCompiler compiler,
            ExprEnvironment environment) {
        if (call.levelsUp() != 0) {
            throw Invariant.broken("aggregate of an outer query reached the executor");
        }
        List<TargetEntry> entries = call.arguments();
        this.arguments = arguments;
        this.directArguments = call.directArguments().stream().map(compiler::vector).toArray(VectorEvaluator[]::new);
        this.argumentCount = (int) entries.stream().filter(e -> !e.junk()).count();
        this.filter = call.filter() == null ? null : compiler.filter(call.filter());
        this.inputTypes = entries.stream().map(e -> e.expr().type()).toArray(PgType[]::new);
        this.vectors = new Vector[arguments.length + 1];
        List<PgType> types = new ArrayList<>(call.directArguments().stream().map(Expr::type).toList());
        entries.stream().filter(e -> !e.junk()).map(e -> e.expr().type()).forEach(types::add);
        this.function = environment.functions().aggregate(call.function().name(), new CallSite(call.function().name(),
                call.star() ? List.of() : types, call.type(), call.variadic(), call.inputCollation()));
        this.distinct = !call.distinct().isEmpty();
        this.distinctColumns = call.distinct().stream().mapToInt(c -> column(entries, c)).toArray();
        this.order = order(call, entries);
        if (!directAllowed(call)) {
            throw SqlException.notSupported("ordered-set aggregates with grouping-dependent direct arguments"
                    + " are not supported");
        }
    }

    private static boolean directAllowed(Expr.AggregateCall call) {
        return call.kind() == 'n' || call.distinct().isEmpty();
    }

    private static int column(List<TargetEntry> entries, SortGroupClause clause) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).sortGroupRef() == clause.targetRef()) {
                return i;
            }
        }
        throw Invariant.broken("no argument has sort-group reference %s", clause.targetRef());
    }

    private static List<SortKey> order(Expr.AggregateCall call, List<TargetEntry> entries) {
        List<SortGroupClause> clauses = new ArrayList<>(call.orderBy());
        // Equal rows of DISTINCT must become neighbours whatever else the order asks for.
        clauses.addAll(call.distinct());
        List<SortKey> keys = new ArrayList<>();
        for (SortGroupClause clause : clauses) {
            int column = column(entries, clause);
            if (keys.stream().noneMatch(key -> key.column() == column)) {
                keys.add(new SortKey(column, clause.descending(), clause.nullsFirst()));
            }
        }
        return keys;
    }

    /** Whether rows are kept until the groups are complete. */
    boolean collects() {
        return distinct || !order.isEmpty();
    }

    void start(QueryContext query) {
        payFor(0);
        closeSpilled();
        payer = query;
        accumulator = function.newAccumulator(query.functions);
        collectedFed = false;
        if (collects()) {
            PgType[] types = Arrays.copyOf(inputTypes, inputTypes.length + 1);
            types[inputTypes.length] = io.quantadb.types.BuiltinTypes.INT8;
            distinctRows = distinct && hashable(types) ? new KeyTable(types) : null;
            collected = distinctRows == null ? new RowStore(types) : distinctRows.store();
        }
    }

    void ensureGroups(int count) {
        accumulator.ensureGroups(count);
    }

    /**
     * Takes the rows of a batch.
     *
     * @param batchGroups group of each selected row, null for group 0
     * @param byGroup the same rows with those of a group together, null if not known
     */
    void add(Batch batch, int[] batchSelection, int size, int[] batchGroups, RowsByGroup byGroup, RowContext row) {
        addRows(batch, batchSelection, size, batchGroups, byGroup, row);
        long bytes = bytes();
        if (bytes - paidBytes >= PAY_STEP_BYTES) {
            payer.checkInterrupts();
            payFor(bytes);
        }
    }

    private void payFor(long bytes) {
        if (payer != null && bytes != paidBytes) {
            payer.memory.add(bytes - paidBytes);
            paidBytes = bytes;
        }
    }

    private void addRows(Batch batch, int[] batchSelection, int size, int[] batchGroups, RowsByGroup byGroup,
            RowContext row) {
        int[] sel = batchSelection;
        int[] grp = batchGroups;
        int n = size;
        if (filter != null) {
            n = filter.filter(batch, batchSelection, size, selection, row);
            grp = batchGroups == null ? null : regroup(batchSelection, size, batchGroups, n);
            sel = selection;
        }
        if (directArguments.length > 0 && n > 0) {
            setDirectArguments(batch, sel, n, grp, row);
        }
        if (n == 0) {
            return;
        }
        if (collects()) {
            collect(batch, sel, n, grp, row);
            return;
        }
        boolean grouped = byGroup != null && filter == null;
        switch (arguments.length) {
            case 0 -> accumulator.addRows(grouped ? byGroup.groups : grp, n);
            case 1 -> {
                Vector vector = arguments[0].eval(batch, sel, n, row);
                // Sums are quicker over runs of one group; the order within a group is the same.
                boolean runs = grouped && !(vector instanceof ObjectVector);
                feed(vector, runs ? byGroup.selection : sel, n, runs ? byGroup.groups : grp);
            }
            default -> feedRows(batch, sel, n, grp, row);
        }
    }

    private void setDirectArguments(Batch batch, int[] sel, int n, int[] grp, RowContext row) {
        Object[] values = new Object[directArguments.length];
        for (int i = 0; i < n; i++) {
            for (int a = 0; a < values.length; a++) {
                values[a] = directArguments[a].eval(batch, sel, n, row).get(sel[i]);
            }
            accumulator.directArguments(grp == null ? 0 : grp[i], values);
            if (grp == null) {
                return;
            }
        }
    }

    /** Groups of the rows the filter kept: both selections are in the same order. */
    private int[] regroup(int[] all, int size, int[] allGroups, int kept) {
        int k = 0;
        for (int i = 0; i < size && k < kept; i++) {
            if (all[i] == selection[k]) {
                groups[k++] = allGroups[i];
            }
        }
        return groups;
    }

    private void feed(Vector vector, int[] sel, int n, int[] grp) {
        switch (vector) {
            case LongVector longs -> accumulator.addLongs(grp, longs.values, longs.nullMask(), sel, n);
            case DoubleVector doubles -> accumulator.addDoubles(grp, doubles.values, doubles.nullMask(), sel, n);
            case ObjectVector objects -> accumulator.addObjects(grp, objects.values(sel, n), sel, n);
            case NumericVector numerics -> {
                if (numerics.isScaled()) {
                    accumulator.addScaled(grp, numerics.scaled, numerics.scale(), numerics.nullMask(), sel, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        accumulator.add1(grp == null ? 0 : grp[i], numerics.get(sel[i]));
                    }
                }
            }
        }
    }

    private void feedRows(Batch batch, int[] sel, int n, int[] grp, RowContext row) {
        for (int a = 0; a < argumentCount; a++) {
            vectors[a] = arguments[a].eval(batch, sel, n, row);
        }
        Object[] values = new Object[argumentCount];
        for (int i = 0; i < n; i++) {
            for (int a = 0; a < argumentCount; a++) {
                values[a] = vectors[a].get(sel[i]);
            }
            accumulator.add(grp == null ? 0 : grp[i], values);
        }
    }

    private void collect(Batch batch, int[] sel, int n, int[] grp, RowContext row) {
        for (int a = 0; a < arguments.length; a++) {
            vectors[a] = arguments[a].eval(batch, sel, n, row);
        }
        groupVector.ensure(batch.extent());
        for (int i = 0; i < n; i++) {
            groupVector.values[sel[i]] = grp == null ? 0 : grp[i];
        }
        vectors[arguments.length] = groupVector;
        if (spilled != null) {
            spilled.add(vectors, sel, n);
        } else if (distinctRows == null) {
            collected.appendAll(vectors, sel, n);
        } else {
            if (distinctNumbers == null) {
                distinctNumbers = new int[Vector.CAPACITY];
            }
            distinctRows.assign(vectors, sel, n, distinctNumbers);
        }
        if (spilled == null && collectedBytes() > payer.workMemBytes && payer.files != null) {
            spilled = new SpilledRows(payer, collected.types());
            spilled.addAll(collected);
            clearCollected();
        }
    }

    private long collectedBytes() {
        return distinctRows != null ? distinctRows.bytes() : collected == null ? 0 : collected.bytes();
    }

    private void clearCollected() {
        if (distinctRows == null) {
            collected.clear();
        } else {
            distinctRows.clear();
        }
    }

    private List<SortKey> collectedOrder() {
        List<SortKey> keys = new ArrayList<>();
        keys.add(SortKey.ascending(inputTypes.length));
        keys.addAll(order);
        return keys;
    }

    /** Feeds rows from a file, which are sorted by group and then as the call wants them. */
    private void feedSpilled() {
        PgType[] types = collected.types();
        int[] keyColumns = distinct ? Arrays.copyOf(distinctColumns, distinctColumns.length + 1) : new int[0];
        if (distinct) {
            keyColumns[distinctColumns.length] = inputTypes.length;
        }
        Keys keys = new Keys(Arrays.stream(keyColumns).mapToObj(c -> types[c]).toArray(PgType[]::new));
        RowStore last = new RowStore(types);
        Object[] values = new Object[argumentCount];
        spilled.sorted(collectedOrder(), batch -> {
            for (int i = 0; i < batch.size(); i++) {
                int position = batch.position(i);
                if (distinct && last.count() > 0 && keys.equal(pick(last.chunk(0).columns, keyColumns), 0,
                        pick(batch.columns, keyColumns), position)) {
                    continue;
                }
                if (distinct) {
                    last.clear();
                    last.append(batch, position);
                }
                for (int a = 0; a < argumentCount; a++) {
                    values[a] = batch.columns[a].get(position);
                }
                accumulator.add((int) batch.columns[inputTypes.length].getLong(position), values);
            }
        });
        closeSpilled();
    }

    private static Vector[] pick(Vector[] columns, int[] wanted) {
        Vector[] result = new Vector[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            result[i] = columns[wanted[i]];
        }
        return result;
    }

    private void closeSpilled() {
        if (spilled != null) {
            spilled.close();
            spilled = null;
        }
    }

    /** Feeds what was collected. To be called before the first {@link #finish} of a set of groups. */
    void complete(QueryContext query) {
        if (!collects() || collectedFed) {
            return;
        }
        collectedFed = true;
        if (spilled != null) {
            feedSpilled();
            return;
        }
        if (collected.count() == 0) {
            return;
        }
        int[] sorted = new RowSorter(collected.types(), collectedOrder()).sort(collected, query);
        Keys distinctKeys = new Keys(distinctTypes());
        Object[] values = new Object[argumentCount];
        int previous = -1;
        for (int r : sorted) {
            if (distinct && previous >= 0 && sameGroup(previous, r) && same(distinctKeys, previous, r)) {
                continue;
            }
            previous = r;
            for (int a = 0; a < argumentCount; a++) {
                values[a] = collected.get(r, a);
            }
            accumulator.add((int) collected.vector(r, inputTypes.length).getLong(RowStore.position(r)), values);
        }
        clearCollected();
    }

    private static boolean hashable(PgType[] types) {
        return Arrays.stream(types).allMatch(type -> type.ops().hashable());
    }

    private PgType[] distinctTypes() {
        PgType[] types = new PgType[distinctColumns.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = inputTypes[distinctColumns[i]];
        }
        return types;
    }

    private boolean sameGroup(int a, int b) {
        return collected.vector(a, inputTypes.length).getLong(RowStore.position(a))
                == collected.vector(b, inputTypes.length).getLong(RowStore.position(b));
    }

    private boolean same(Keys distinctKeys, int a, int b) {
        Vector[] x = new Vector[distinctColumns.length];
        Vector[] y = new Vector[distinctColumns.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = collected.vector(a, distinctColumns[i]);
            y[i] = collected.vector(b, distinctColumns[i]);
        }
        return distinctKeys.equal(x, RowStore.position(a), y, RowStore.position(b));
    }

    /** Whether states of several threads can be put together; the call must have been started. */
    boolean canCombine() {
        return !collects() && directArguments.length == 0 && accumulator.canCombine();
    }

    /** Adds a group's state from another thread's evaluation of the same call. */
    void combine(int group, AggregateCalls other, int otherGroup) {
        accumulator.combine(group, other.accumulator, otherGroup);
    }

    Object finish(int group) {
        return accumulator.finish(group);
    }

    void reset(int group) {
        accumulator.reset(group);
        collectedFed = false;
    }

    long bytes() {
        return accumulator.memoryBytes() + collectedBytes();
    }

    void end() {
        payFor(0);
        closeSpilled();
        accumulator = null;
        collected = null;
        distinctRows = null;
    }
}
