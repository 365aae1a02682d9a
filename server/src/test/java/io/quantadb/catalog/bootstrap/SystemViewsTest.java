package io.quantadb.catalog.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.types.ObjectNames;
import io.quantadb.types.TextContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Goal: every system view can be used, and gives the columns pg_attribute promises, which are PostgreSQL's. Method:
 * analyse each definition with the server's own parser and analyzer.
 */
class SystemViewsTest {
    private final CatalogReader reader = new MemoryCatalog().reader();

    private final TextContext text = new TextContext() {
        @Override
        public ObjectNames names() {
            return new ObjectNames() {
                @Override
                public String nameOf(int regTypeOid, long oid) {
                    return null;
                }

                @Override
                public long oidOf(int regTypeOid, String name) {
                    return reader.relation("pg_catalog", name.replace("pg_catalog.", "")).oid();
                }
            };
        }
    };

    @TestFactory
    Stream<DynamicTest> shouldAnalyzeToTheColumnsOfTheView() {
        return SystemViews.byName().entrySet().stream()
                .map(view -> DynamicTest.dynamicTest(view.getKey(), () -> check(view)));
    }

    private void check(Map.Entry<String, String> view) {
        String[] name = view.getKey().split("\\.");
        RelationDescriptor relation = reader.relation(name[0], name[1]);
        List<String> expected = relation.columns().stream()
                .map(column -> column.name() + " " + reader.formatType(column.type().oid(), -1)).toList();
        var analyzed = (AnalyzedStatement.Plannable) Analyzer.analyze(SqlParser.parse(view.getValue()).getFirst(),
                view.getValue(), AnalyzerContext.of(reader, text, CatalogIds.BOOTSTRAP_ROLE));
        List<String> actual = analyzed.query().targetList().stream().filter(entry -> !entry.junk())
                .map(entry -> entry.name() + " " + reader.formatType(entry.expr().type().oid(), -1)).toList();
        assertEquals(expected, actual);
    }
}
