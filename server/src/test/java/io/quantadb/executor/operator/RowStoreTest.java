package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.column;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.ShortText;
import io.quantadb.base.Memory;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Goal: rows read back are those appended, wherever they are kept. Method: random access against an array. */
class RowStoreTest {
    private static final PgType[] TYPES = {BuiltinTypes.INT8, BuiltinTypes.TEXT, BuiltinTypes.NUMERIC};

    private static QueryContext context() {
        QueryContext query = PlanFixture.context();
        query.files = new MemoryFileSystem();
        query.temporaryDirectory = Path.of("/tmp-files");
        return query;
    }

    private static Object[] row(long i) {
        return new Object[] {i % 17 == 0 ? null : i, i % 5 == 0 ? null : "row " + i, Numeric.of(i, (int) (i % 3))};
    }

    @Test
    void shouldReadRowsBackFromFileInAnyOrder() {
        long seed = System.nanoTime();
        System.out.println("RowStoreTest seed " + seed);
        Random random = new Random(seed);
        QueryContext query = context();
        RowStore store = new RowStore(TYPES);
        store.spillTo(query, 100_000);
        int count = 20_000 + random.nextInt(5000);
        for (int i = 0; i < count; i++) {
            assertEquals(i, store.append(row(i)));
            if (i % 97 == 0) {
                int r = random.nextInt(i + 1);
                assertEquals(row(r)[0], store.get(r, 0));
            }
        }
        assertTrue(query.temporaryBytes() > 0, "nothing was written to a file");
        for (int i = 0; i < 20_000; i++) {
            int r = random.nextInt(count);
            Object[] values = new Object[3];
            store.read(r, values);
            assertEquals(List.of(String.valueOf(row(r)[0]), String.valueOf(row(r)[1]), row(r)[2].toString()),
                    List.of(String.valueOf(values[0]), String.valueOf(values[1]), values[2].toString()));
        }
        store.clear();
        assertEquals(0, store.append(row(5)));
        assertEquals(5L, store.get(0, 0));
    }

    @Test
    void shouldPackTextsSoThatEqualityIsThatOfLongs() {
        String[] texts = {"", "a", "a ", "a  ", "ab", "sevenby", "sevenby ", "eight by", "ä", "äöü", "äöüß", " ", "  "};
        long address = Memory.allocate(64);
        for (String x : texts) {
            for (String y : texts) {
                for (boolean padded : new boolean[] {false, true}) {
                    long mask = padded ? ShortText.WITHOUT_BLANKS : -1;
                    long packed = pack(address, x, padded) & mask;
                    long key = ShortText.packKey(y, padded) & mask;
                    boolean isShort = packed != (ShortText.NOT_SHORT & mask) && key != (ShortText.NOT_SHORT & mask);
                    boolean equal = padded ? x.stripTrailing().equals(y.stripTrailing()) : x.equals(y);
                    if (isShort || packed != key) {
                        assertEquals(equal, packed == key, "'" + x + "' and '" + y + "', padded " + padded);
                    }
                }
            }
            long bits = pack(address, x, true);
            if (bits != ShortText.NOT_SHORT) {
                assertEquals(x, new ShortText().string(bits));
            }
        }
        Memory.free(address);
    }

    private static long pack(long address, String text, boolean padded) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory.copyFromArray(bytes, 0, address, bytes.length);
        return ShortText.pack(address, bytes.length, padded);
    }

    /** Values from PostgreSQL: {@code count(DISTINCT v), sum(DISTINCT v)} of i % 100 over 0..9999 by i % 2. */
    @Test
    void shouldKeepDistinctArgumentsOnce() {
        PlanFixture plans = new PlanFixture();
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 10_000; i++) {
            rows.add(new Object[] {i % 2, i % 100});
        }
        Expr.AggregateCall sum = distinct(aggregate("sum", BuiltinTypes.NUMERIC, column(1, BuiltinTypes.INT8)));
        Expr.AggregateCall count = distinct(aggregate("count", BuiltinTypes.INT8, column(1, BuiltinTypes.INT8)));
        PhysicalPlan plan = new PhysicalPlan.Aggregate(plans.info(BuiltinTypes.INT8, BuiltinTypes.INT8,
                BuiltinTypes.NUMERIC), plans.values(rows, BuiltinTypes.INT8, BuiltinTypes.INT8),
                PhysicalPlan.AggregateStrategy.HASHED, List.of(0), List.of(List.of(0)), List.of(count, sum), false);
        assertEquals(List.of(List.of(0L, 50L, Numeric.of(2450)), List.of(1L, 50L, Numeric.of(2500))),
                PlanFixture.run(plan, context()));
    }

    private static Expr.AggregateCall distinct(Expr.AggregateCall call) {
        TargetEntry argument = call.arguments().getFirst();
        TargetEntry marked = new TargetEntry(argument.expr(), 1, null, 1, 0, 0, false);
        return new Expr.AggregateCall(call.function(), List.of(), List.of(marked), List.of(),
                List.of(DISTINCT), null, false, false, 'n', List.of(), 0, call.type(), 0, 0, Origin.NONE);
    }

    private static final SortGroupClause DISTINCT = new SortGroupClause(1, null, null, false, false, true);
}
