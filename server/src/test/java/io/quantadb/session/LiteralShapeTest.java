package io.quantadb.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralShapeTest {
    @Test
    void shouldTakeOutComparedAndAddedIntegers() {
        LiteralShape shape = LiteralShape.of("UPDATE a1 SET b2 = b2 + -12 WHERE aid>= 77;\n");
        assertEquals("UPDATE a1 SET b2 = b2 + -$1 WHERE aid>= $2", shape.sql());
        assertArrayEquals(new Object[] {12L, 77L}, shape.values());
    }

    @Test
    void shouldTakeOutInsertedIntegers() {
        LiteralShape shape = LiteralShape.of("insert into h (a, b, c) values (1,22, -3), (4, 5, 6)");
        assertEquals("insert into h (a, b, c) values ($1,$2, -$3), ($4, $5, $6)", shape.sql());
        assertArrayEquals(new Object[] {1L, 22L, 3L, 4L, 5L, 6L}, shape.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "select 1",
        "select * from t where a = 'x' and b = 1",
        "select * from t where a = 1 limit 5",
        "select * from t where a = 1 order by -1",
        "select * from t where a = 1.5",
        "select * from t where a = .5 and b = 1",
        "select * from t where a = 1e5",
        "select * from t where a = 1234567890",
        "select * from t where a = $1 and b = 2",
        "select * from t where a = 1::numeric(10,2)",
        "select * from t where a = 1 -- = 2",
        "select * from t where a = 1 /* = 2 */",
        "select * from t where a = 1; select 2",
        "select * from \"t\" where a = 1",
        "select * from t where a in (1, 2)",
        "select * from t where a[1] = 2",
        "begin",
        "select a from t",
    })
    void shouldLeaveAloneWhatANumberMayMeanOtherwise(String sql) {
        assertNull(LiteralShape.of(sql));
    }
}
