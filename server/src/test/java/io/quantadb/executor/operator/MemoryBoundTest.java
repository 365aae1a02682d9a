package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.MemoryAccount;
import io.quantadb.executor.QueryContext;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalPlan.AggregateStrategy;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Goal: what executions keep in memory is booked, bounded and given back, and none runs long without looking for
 * interrupts. Method: plans of each kind that keeps rows, with the account and the number of checks watched.
 */
class MemoryBoundTest {
    private static final int ROWS = 5000;
    private final PlanFixture plans = new PlanFixture();

    private PhysicalPlan numbers(int keys) {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < ROWS; i++) {
            rows.add(new Object[] {i % keys, i});
        }
        return plans.values(rows, INT4, INT8);
    }

    private static Expr never() {
        return PlanFixture.test("<", "int8lt", PlanFixture.call("+", "int8pl", INT8, column(1, INT8),
                constant(1_000_000L, INT8)), InputRef.inner(1, INT8));
    }

    private Map<String, PhysicalPlan> keepers() {
        Map<String, PhysicalPlan> result = new LinkedHashMap<>();
        List<SortKey> byKey = List.of(SortKey.ascending(0));
        result.put("sort", new PhysicalPlan.Sort(plans.info(INT4, INT8), numbers(700), List.of(SortKey.ascending(1))));
        result.put("hash join", new PhysicalPlan.HashJoin(plans.info(INT4, INT8, INT4, INT8), JoinType.INNER,
                numbers(5000), numbers(5000), List.of(column(0, INT4)), List.of(column(0, INT4)), null,
                List.of(0, 1, 2, 3)));
        result.put("materialized loop", new PhysicalPlan.NestedLoop(plans.info(INT4, INT8), JoinType.SEMI,
                numbers(5000), numbers(5000), List.of(), PlanFixture.test("=", "int4eq", column(0, INT4),
                InputRef.inner(0, INT4)), List.of(0, 1)));
        result.put("distinct", new PhysicalPlan.Distinct(plans.info(INT4, INT8), numbers(5000), List.of(0), false));
        result.put("except", new PhysicalPlan.SetOperation(plans.info(INT4, INT8), SetOperator.EXCEPT, false,
                numbers(5000), numbers(3)));
        result.put("aggregate", new PhysicalPlan.Aggregate(plans.info(INT4, INT8), numbers(5000),
                AggregateStrategy.HASHED, List.of(0), List.of(List.of(0)), List.of(aggregate("count", INT8)), false));
        result.put("materialize", new PhysicalPlan.Materialize(plans.info(INT4, INT8), numbers(10)));
        return result;
    }

    @Test
    void shouldGiveBackWhatAnExecutionKept() {
        keepers().forEach((name, plan) -> {
            long before = MemoryAccount.totalBytes();
            QueryContext query = PlanFixture.context();
            long[] most = {0};
            query.interrupts = () -> most[0] = Math.max(most[0], query.memory.bytes());
            PlanFixture.run(plan, query);
            assertTrue(most[0] >= ROWS * 4L, name + " booked " + most[0] + " bytes");
            assertEquals(before, MemoryAccount.totalBytes(), name);
        });
    }

    @Test
    void shouldFailOneExecutionInsteadOfTheNode() {
        long before = MemoryAccount.totalBytes();
        try (MemoryAccount account = new MemoryAccount()) {
            account.add(1000);
            SqlException refused = assertThrows(SqlException.class,
                    () -> account.add(Runtime.getRuntime().maxMemory()));
            assertEquals(SqlState.OUT_OF_MEMORY, refused.state());
            assertEquals("out of memory", refused.getMessage());
            assertEquals(1000, account.bytes(), "what was refused is not booked");
        }
        assertEquals(before, MemoryAccount.totalBytes());
    }

    @Test
    void shouldLookForInterruptsWhileNothingComesOut() {
        Map<String, PhysicalPlan> slow = new LinkedHashMap<>();
        List<Integer> all = List.of(0, 1, 2, 3);
        // All rows have one key: 25 million pairs, none of which is a result.
        slow.put("hash join", new PhysicalPlan.HashJoin(plans.info(INT4, INT8, INT4, INT8), JoinType.INNER, numbers(1),
                numbers(1), List.of(column(0, INT4)), List.of(column(0, INT4)), never(), all));
        slow.put("nested loop", new PhysicalPlan.NestedLoop(plans.info(INT4, INT8, INT4, INT8), JoinType.INNER,
                numbers(1), numbers(1), List.of(), never(), all));
        slow.put("merge join", new PhysicalPlan.MergeJoin(plans.info(INT4, INT8, INT4, INT8), JoinType.INNER,
                numbers(1), numbers(1), List.of(SortKey.ascending(0)), List.of(SortKey.ascending(0)), never(), all));
        slow.forEach((name, plan) -> {
            QueryContext query = PlanFixture.context();
            int[] checks = {0};
            query.interrupts = () -> checks[0]++;
            assertEquals(List.of(), PlanFixture.run(plan, query), name);
            assertTrue(checks[0] > 1000, name + " looked " + checks[0] + " times");
        });
    }
}
