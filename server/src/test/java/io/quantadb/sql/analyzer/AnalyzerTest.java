package io.quantadb.sql.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinColumns;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Goal: the typed query says what the planner relies on. Method: small statements over the scene of schema.sql. */
class AnalyzerTest {
    private final TestScene scene = new TestScene();

    private AnalyzedStatement analyze(String sql) {
        return Analyzer.analyze(SqlParser.parse(sql).getFirst(), sql, scene.context(false));
    }

    private Query query(String sql) {
        return assertInstanceOf(AnalyzedStatement.Plannable.class, analyze(sql)).query();
    }

    @Test
    void shouldFillDefaultsOfColumnsNotMentioned() {
        Query query = query("INSERT INTO t (a) VALUES (1)");
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8), query.targetList().stream().map(TargetEntry::number).toList());
        assertEquals(List.of(2, 3, 4, 5, 6, 7, 8), query.defaultsOf());
        assertTrue(query.targetList().get(1).expr() instanceof Expr.Const c && c.isNull());
    }

    @Test
    void shouldTakeIdentityFromItsSequenceAndLeaveGeneratedColumnsOut() {
        Query query = query("INSERT INTO p (m) VALUES ('ok')");
        assertInstanceOf(Expr.NextValue.class, ((Expr.FunctionCall) query.targetList().getFirst().expr())
                .arguments().getFirst());
        assertTrue(query.targetList().stream().noneMatch(t -> t.number() == 5));
    }

    @Test
    void shouldExpandViewWithOwnersPrivileges() {
        Query query = query("SELECT ub FROM v");
        RangeTableEntry.Subquery view = assertInstanceOf(RangeTableEntry.Subquery.class, query.entry(1));
        assertNotEquals(0, view.viewOid());
        assertEquals(view.viewOid(), query.permissions().getFirst().relationOid());
        assertEquals(0, query.permissions().getFirst().checkAsRole());
        assertEquals(Set.of(3), query.permissions().getFirst().selectedColumns());
        assertEquals(CatalogIds.BOOTSTRAP_ROLE, view.query().permissions().getFirst().checkAsRole());
        assertEquals(Set.of(1, 2), view.query().permissions().getFirst().selectedColumns());
    }

    @Test
    void shouldReplaceMergedColumnsOfFullJoin() {
        Query query = query("SELECT a FROM t FULL JOIN u USING (a)");
        assertInstanceOf(Expr.ColumnRef.class, query.targetList().getFirst().expr());
        assertInstanceOf(Expr.Coalesce.class, JoinColumns.flatten(query).targetList().getFirst().expr());
    }

    @Test
    void shouldExpandGroupingSetsWithShortestFirst() {
        Query query = query("SELECT count(*) FROM t GROUP BY ROLLUP (a, b), ROLLUP (e)");
        assertEquals(List.of(0, 1, 1, 2, 2, 3), query.groupingSets().stream().map(List::size).toList());
    }

    @Test
    void shouldKeepUtilityWithItsInnerQuery() {
        for (String sql : List.of("EXPLAIN SELECT 1", "CREATE TABLE z AS SELECT 1", "CREATE VIEW z AS SELECT 1",
                "DECLARE c CURSOR FOR SELECT 1", "COPY (SELECT 1) TO STDOUT", "SELECT 1 INTO z")) {
            AnalyzedStatement.Utility utility = assertInstanceOf(AnalyzedStatement.Utility.class, analyze(sql), sql);
            assertEquals(1, utility.query().resultColumns().size(), sql);
        }
    }

    @Test
    void shouldTreatExpressionsAsEqualWhereverTheyStand() {
        Query query = query("SELECT a+1, a   + 1, a + 2 FROM t");
        assertEquals(query.targetList().get(0).expr(), query.targetList().get(1).expr());
        assertNotEquals(query.targetList().get(0).expr(), query.targetList().get(2).expr());
    }

    @Test
    void shouldNameTableColumnsBehindResultColumns() {
        TargetEntry column = query("SELECT s.x FROM (SELECT b AS x FROM t) s").targetList().getFirst();
        assertEquals(scene.reader.relation(null, "t").oid(), column.originTable());
        assertEquals(2, column.originColumn());
    }
}
