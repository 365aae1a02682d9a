package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.ModifyTable.ColumnValue;
import io.quantadb.planner.physical.ModifyTable.ConflictClause;
import io.quantadb.planner.physical.ModifyTable.IndexTarget;
import io.quantadb.planner.physical.ModifyTable.Operation;
import io.quantadb.planner.physical.ModifyTable.Target;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.TxnSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: rows and index entries change together, constraints speak PostgreSQL's words, and concurrent updates follow its
 * rules. Method: plans by hand over real tables; expected texts are PostgreSQL 15's.
 */
class ModifyTableTest {
    private final PlanFixture plans = new PlanFixture();
    private TableNode node;
    private RelationDescriptor table;
    private TxnSession session;

    @BeforeEach
    void start() throws Exception {
        node = new TableNode(2000);
        table = node.table("t", List.of(ColumnDescriptor.plain("a", 1, INT4, -1, false),
                ColumnDescriptor.plain("b", 2, INT8, -1, false), ColumnDescriptor.plain("c", 3, TEXT, -1, true)), 1);
        session = node.session();
    }

    @AfterEach
    void stop() throws Exception {
        assertEquals(0, node.pinsHeld(), "pins leaked");
        node.close();
    }

    private Target target(int scanId) {
        return new Target(scanId, table, List.of(),
                List.of(new ModifyTable.CheckConstraint("t_b_check",
                        PlanFixture.test(">=", "int84ge", column(1, INT8), constant(0L, INT4)))),
                List.of(), table.indexes().stream().map(i -> new IndexTarget(i, Collections.singletonList(null), null)).toList());
    }

    private ModifyTable insert(ConflictClause conflict, List<Expr> returning, Object[]... rows) {
        return new ModifyTable(plans.info(returning.stream().map(Expr::type).toList()),
                plans.values(Arrays.asList(rows), INT4, INT8, TEXT), Operation.INSERT, List.of(target(0)), null, -1, -1,
                List.of(), List.of(), conflict, List.of(), returning, true);
    }

    /** Sets b = b + 1 where a = key. */
    private ModifyTable increment(long key, boolean byIndex) {
        Expr next = PlanFixture.call("+", "int8pl", INT8, column(1, INT8), constant(1L, INT8));
        PhysicalPlan input;
        if (byIndex) {
            input = new PhysicalPlan.PointLookup(plans.info(INT8, INT8),
                    new ScanTarget(1, table, null, List.of(InputRef.ROW_ID, 2), 2), table.indexes().getFirst(),
                    List.of(constant(key, INT4)), null, List.of(column(0, INT8), next));
        } else {
            PhysicalPlan scan = new PhysicalPlan.SeqScan(plans.info(INT8, INT8),
                    new ScanTarget(1, table, null, List.of(InputRef.ROW_ID, 2, 1), 2),
                    PlanFixture.test("=", "int4eq", column(2, INT4), constant(key, INT4)));
            input = new PhysicalPlan.Project(plans.info(INT8, INT8), scan, List.of(column(0, INT8), next));
        }
        return new ModifyTable(plans.info(), input, Operation.UPDATE, List.of(target(1)), null, 0, -1, List.of(2),
                List.of(1), null, List.of(), List.of(), true);
    }

    private PhysicalPlan scan() {
        return new PhysicalPlan.SeqScan(plans.info(INT4, INT8, TEXT),
                new ScanTarget(1, table, null, List.of(1, 2, 3), 3), null);
    }

    private PhysicalPlan byIndex(long from, long to, boolean backward) {
        IndexCondition condition = new IndexCondition(table.indexes().getFirst(), List.of(),
                new IndexCondition.Bound(constant(from, INT4), true), new IndexCondition.Bound(constant(to, INT4), false));
        return new PhysicalPlan.IndexScan(plans.info(INT4), new ScanTarget(1, table, null, List.of(1), 1), condition,
                backward, null);
    }

    private List<List<Object>> execute(TxnSession in, PhysicalPlan plan) {
        QueryContext query = node.statement(in);
        try {
            return PlanFixture.run(plan, query);
        } finally {
            node.end(query);
        }
    }

    private List<List<Object>> transaction(PhysicalPlan plan) {
        session.begin(IsolationLevel.READ_COMMITTED, false);
        boolean done = false;
        try {
            List<List<Object>> rows = execute(session, plan);
            done = true;
            session.current().commit(true);
            return rows;
        } finally {
            if (!done) {
                session.current().abort();
            }
            node.flush();
        }
    }

    private static Object[] row(Object... values) {
        return values;
    }

    @Test
    void shouldInsertScanAndReturn() {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 3000; i++) {
            rows.add(row(i, i * 10, "text " + i));
        }
        List<List<Object>> returned = transaction(insert(null, List.of(column(1, INT8)), rows.toArray(Object[][]::new)));
        assertEquals(3000, returned.size());
        assertEquals(List.of(20L), returned.get(2));
        assertEquals(rows.stream().map(Arrays::asList).toList(), transaction(scan()));
        List<List<Object>> range = transaction(byIndex(1000, 1500, true));
        assertEquals(500, range.size());
        assertEquals(List.of(1499L), range.getFirst());
        assertEquals(List.of(1000L), range.getLast());
    }

    @Test
    void shouldSayWhichConstraintWasViolated() {
        transaction(insert(null, List.of(), row(1L, 1L, "x")));
        SqlException duplicate = assertThrows(SqlException.class,
                () -> transaction(insert(null, List.of(), row(1L, 2L, "y"))));
        assertEquals(SqlState.UNIQUE_VIOLATION, duplicate.state());
        assertEquals("duplicate key value violates unique constraint \"t_a_key\"", duplicate.getMessage());
        assertEquals("Key (a)=(1) already exists.", duplicate.detail());
        SqlException isNull = assertThrows(SqlException.class,
                () -> transaction(insert(null, List.of(), row(2L, 2L, null))));
        assertEquals("null value in column \"c\" of relation \"t\" violates not-null constraint", isNull.getMessage());
        assertEquals("Failing row contains (2, 2, null).", isNull.detail());
        SqlException check = assertThrows(SqlException.class,
                () -> transaction(insert(null, List.of(), row(2L, -1L, "x"))));
        assertEquals("new row for relation \"t\" violates check constraint \"t_b_check\"", check.getMessage());
        assertEquals(1, transaction(scan()).size());
    }

    @Test
    void shouldAcceptSeveralNullsInUniqueColumn() {
        transaction(insert(null, List.of(), row(null, 1L, "x"), row(null, 2L, "y")));
        assertEquals(2, transaction(scan()).size());
    }

    @Test
    void shouldUpdateConflictingRowsOrLeaveThem() {
        transaction(insert(null, List.of(), row(1L, 1L, "x")));
        transaction(insert(new ConflictClause(false, List.of(), List.of(), null), List.of(), row(1L, 5L, "y"),
                row(2L, 2L, "z")));
        assertEquals(List.of(Arrays.asList(1L, 1L, "x"), Arrays.asList(2L, 2L, "z")), transaction(scan()));
        Expr sum = PlanFixture.call("+", "int8pl", INT8, column(1, INT8), InputRef.inner(1, INT8));
        ConflictClause update = new ConflictClause(true, List.of(table.indexes().getFirst().oid()),
                List.of(new ColumnValue(2, sum)), null);
        assertEquals(List.of(List.of(101L)), transaction(insert(update, List.of(column(1, INT8)), row(1L, 100L, "q"))));
        SqlException twice = assertThrows(SqlException.class,
                () -> transaction(insert(update, List.of(), row(7L, 1L, "q"), row(7L, 1L, "q"))));
        assertEquals(SqlState.CARDINALITY_VIOLATION, twice.state());
        assertEquals("ON CONFLICT DO UPDATE command cannot affect row a second time", twice.getMessage());
    }

    @Test
    void shouldMoveIndexEntriesWithKeys() {
        transaction(insert(null, List.of(), row(1L, 1L, "x"), row(2L, 2L, "y")));
        PhysicalPlan scan = new PhysicalPlan.SeqScan(plans.info(INT8, INT4),
                new ScanTarget(1, table, null, List.of(InputRef.ROW_ID, 1), 2), null);
        Expr moved = PlanFixture.call("+", "int4pl", INT4, column(1, INT4), constant(100L, INT4));
        PhysicalPlan input = new PhysicalPlan.Project(plans.info(INT8, INT4), scan, List.of(column(0, INT8), moved));
        transaction(new ModifyTable(plans.info(), input, Operation.UPDATE, List.of(target(1)), null, 0, -1, List.of(1),
                List.of(1), null, List.of(), List.of(), true));
        assertEquals(List.of(List.of(101L), List.of(102L)), transaction(byIndex(0, 1000, false)));
        assertEquals(List.of(), transaction(byIndex(0, 50, false)));
        transaction(new ModifyTable(plans.info(), scan, Operation.DELETE, List.of(target(1)), null, 0, -1, List.of(),
                List.of(), null, List.of(), List.of(), true));
        assertEquals(List.of(), transaction(byIndex(0, 1000, false)));
    }

    @Test
    void shouldRepeatUpdateOnNewestVersionInReadCommitted() throws Exception {
        for (boolean index : new boolean[] {false, true}) {
            transaction(insert(new ConflictClause(false, List.of(), List.of(), null), List.of(), row(1L, 0L, "x")));
            long before = (Long) transaction(scan()).getFirst().get(1);
            TxnSession first = node.session();
            TxnSession second = node.session();
            first.begin(IsolationLevel.READ_COMMITTED, false);
            execute(first, increment(1, index));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread waiter = Thread.ofVirtual().start(() -> {
                try {
                    second.begin(IsolationLevel.READ_COMMITTED, false);
                    execute(second, increment(1, index));
                    second.current().commit(true);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            Thread.sleep(150);
            first.current().commit(true);
            node.flush();
            waiter.join(10_000);
            node.flush();
            assertEquals(null, failure.get());
            assertEquals(before + 2, transaction(scan()).getFirst().get(1), "by index: " + index);
        }
    }

    @Test
    void shouldRefuseConcurrentUpdateInRepeatableRead() {
        transaction(insert(null, List.of(), row(1L, 0L, "x")));
        TxnSession other = node.session();
        other.begin(IsolationLevel.REPEATABLE_READ, false);
        assertEquals(1, execute(other, scan()).size());
        transaction(increment(1, false));
        SqlException failure = assertThrows(SqlException.class, () -> execute(other, increment(1, false)));
        assertEquals(SqlState.SERIALIZATION_FAILURE, failure.state());
        assertEquals("could not serialize access due to concurrent update", failure.getMessage());
        other.current().abort();
    }

    @Test
    void shouldSkipOrRefuseLockedRows() {
        transaction(insert(null, List.of(), row(1L, 0L, "x"), row(2L, 0L, "y")));
        TxnSession holder = node.session();
        holder.begin(IsolationLevel.READ_COMMITTED, false);
        execute(holder, increment(1, true));
        TxnSession reader = node.session();
        reader.begin(IsolationLevel.READ_COMMITTED, false);
        List<List<Object>> free = execute(reader, locking(RowMark.WaitPolicy.SKIP_LOCKED));
        assertEquals(1, free.size());
        assertEquals(2L, free.getFirst().get(1));
        SqlException failure = assertThrows(SqlException.class,
                () -> execute(reader, locking(RowMark.WaitPolicy.NOWAIT)));
        assertEquals("could not obtain lock on row in relation \"t\"", failure.getMessage());
        reader.current().abort();
        holder.current().abort();
    }

    private PhysicalPlan locking(RowMark.WaitPolicy policy) {
        PhysicalPlan scan = new PhysicalPlan.SeqScan(plans.info(INT8, INT4),
                new ScanTarget(1, table, null, List.of(InputRef.ROW_ID, 1), 2), null);
        return new PhysicalPlan.LockRows(plans.info(INT8, INT4), scan, List.of(new PhysicalPlan.LockedRelation(1, table,
                0, RowMark.Strength.UPDATE, policy)));
    }

    @Test
    void shouldReadIndexOnlyWhatSnapshotSees() throws Exception {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 3000; i++) {
            rows.add(row(i == 5 ? null : i, i, "x"));
        }
        transaction(insert(null, List.of(), rows.toArray(Object[][]::new)));
        new io.quantadb.access.heap.HeapVacuum(node.access(session).heap(table), null).run(() -> true, true);
        for (long key = 100; key < 2000; key += 300) {
            transaction(increment(key, true));
        }
        for (boolean backward : new boolean[] {false, true}) {
            IndexCondition all = new IndexCondition(table.indexes().getFirst(), List.of(), null, null);
            ScanTarget target = new ScanTarget(1, table, null, List.of(1), 1);
            Expr filter = PlanFixture.test("<>", "int4ne", column(0, INT4), constant(7L, INT4));
            List<List<Object>> only = transaction(new PhysicalPlan.IndexOnlyScan(plans.info(INT4), target, all, backward,
                    filter));
            List<List<Object>> heap = transaction(new PhysicalPlan.IndexScan(plans.info(INT4), target, all, backward,
                    filter));
            assertEquals(heap, only);
            assertEquals(2998, only.size());
        }
    }
}
