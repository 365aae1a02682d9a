package io.quantadb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Goal: queries that differ in constants only have one text, as in pg_stat_statements. Expected texts are by its rule. */
class QueryNormalizerTest {
    @Test
    void shouldReplaceConstants() {
        assertEquals("select * from t where a = $1 and b = $2 -- 7", QueryNormalizer.normalize("select * from t where a = 1 and b = 'x''y' -- 7"));
        assertEquals("select $1, $2, $3", QueryNormalizer.normalize("select 1.5e3, E'a\\'b', B'01'"));
    }

    @Test
    void shouldNumberAfterParametersOfTheText() {
        assertEquals("select $2, $3 where $1", QueryNormalizer.normalize("select $2, 5 where $1"));
    }

    @Test
    void shouldLeaveTextWithoutConstants() {
        String sql = "select a1 from \"t 1\" where b = $1";
        assertSame(sql, QueryNormalizer.normalize(sql));
    }
}
