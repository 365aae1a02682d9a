package io.quantadb.planner;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.ddl.CatalogWriter;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.List;

/** A catalog in memory: the analyzer's test tables, pgbench's, and a few of an order business. */
final class PlannerScene {
    private static final int OWNER = CatalogIds.BOOTSTRAP_ROLE;
    private static final int PUBLIC = CatalogIds.PUBLIC_SCHEMA;

    final CatalogReader reader;
    private final CatalogWriter writer;

    PlannerScene() {
        MemoryCatalog catalog = new MemoryCatalog();
        reader = catalog.reader(new SearchPath(List.of("public"), "quantadb", 0));
        writer = new CatalogWriter(catalog.store(), reader, file -> { });
        writer.types().createEnum(PUBLIC, "mood", OWNER, List.of("sad", "ok", "happy"));
        writer.types().createDomain(PUBLIC, "posint", OWNER, Oids.INT4, -1, 0, false, null);
        writer.types().createDomain(PUBLIC, "code", OWNER, Oids.VARCHAR, 7, 100, false, null);
        writer.types().createComposite(PUBLIC, "addr", OWNER, List.of(column("street", "text"), column("zip", "int4")));
        int t = table("t", 1000, 10, NewColumn.of("a", type("int4"), -1, true), column("b", "text"),
                NewColumn.of("c", type("numeric"), ((10 << 16) | 2) + 4, false), column("d", "date"),
                NewColumn.of("e", type("varchar"), 14, false).withDefault(SqlExpression.of("'x'::varchar")),
                column("f", "_int4"), column("g", "jsonb"), column("h", "bool"));
        index(t, "t_pkey", true, true, "a");
        table("u", 1000, 10, column("a", "int4"), column("x", "int8"), column("y", "float8"), column("z", "timestamp"),
                NewColumn.of("w", type("bpchar"), 9, false), column("ts", "timestamptz"), column("iv", "interval"));
        int p = table("p", 100, 1, new NewColumn("id", type("int4"), -1, 0, true, null, 'a', (char) 0, (char) 0, true,
                0), column("ad", "addr"), column("m", "mood"), column("dm", "posint"),
                new NewColumn("gen", type("int4"), -1, 0, false, SqlExpression.of("2 * 3"), (char) 0, 's', (char) 0,
                        true, 0), column("cd", "code"), column("sm", "int2"), column("js", "json"));
        index(p, "p_pkey", true, true, "id");
        writer.relations().create(NewRelation.view(PUBLIC, "v", OWNER, List.of(column("a", "int4"),
                column("b", "text"), column("ub", "text")),
                SqlExpression.of("SELECT t.a, t.b, upper(t.b) AS ub FROM public.t")));
        int accounts = table("pgbench_accounts", 1_000_000, 16_394, NewColumn.of("aid", type("int4"), -1, true),
                column("bid", "int4"), column("abalance", "int4"), NewColumn.of("filler", type("bpchar"), 88, false));
        index(accounts, "pgbench_accounts_pkey", true, true, "aid");
        int customer = table("customer", 15_000, 300, NewColumn.of("id", type("int4"), -1, true), column("name",
                "text"),
                column("nation", "int4"), column("segment", "text"));
        index(customer, "customer_pkey", true, true, "id");
        index(customer, "customer_name", false, false, "name");
        int orders = table("orders", 150_000, 2500, NewColumn.of("id", type("int8"), -1, true),
                column("customer_id", "int4"), column("placed", "date"), column("total", "numeric"));
        index(orders, "orders_pkey", true, true, "id");
        index(orders, "orders_customer", false, false, "customer_id", "placed");
        int line = table("line", 600_000, 10_000, NewColumn.of("order_id", type("int8"), -1, true),
                NewColumn.of("number", type("int4"), -1, true), column("part", "int4"), column("price", "numeric"));
        index(line, "line_pkey", true, true, "order_id", "number");
        index(line, "line_part", false, false, "part");
        int nation = table("nation", 25, 1, NewColumn.of("id", type("int4"), -1, true), column("name", "text"));
        index(nation, "nation_pkey", true, true, "id");
    }

    private PgType type(String name) {
        return reader.type(null, name).type();
    }

    private NewColumn column(String name, String type) {
        return NewColumn.of(name, type(type), -1, false);
    }

    private int table(String name, double tuples, int pages, NewColumn... columns) {
        int oid = writer.relations().create(NewRelation.table(PUBLIC, name, OWNER, List.of(columns)));
        writer.relations().setStatistics(oid, pages, tuples, 0);
        return oid;
    }

    private void index(int table, String name, boolean unique, boolean primary, String... columns) {
        RelationDescriptor relation = reader.relation(table);
        List<IndexColumn> keys = new ArrayList<>();
        for (String column : columns) {
            var c = relation.column(column);
            int opclass = reader.defaultOperatorClass(CatalogIds.AM_BTREE, c.type().oid()).oid();
            keys.add(new IndexColumn(c.attnum(), null, column, c.type(), -1, c.collation(), opclass, 0, false, false));
        }
        writer.indexes().create(new NewIndex(table, name, CatalogIds.AM_BTREE, keys, List.of(), List.of(), unique,
                false,
                null, primary ? 'p' : (char) 0, false, false, 0, null, true, true));
    }

    AnalyzedStatement analyze(String sql) {
        return Analyzer.analyze(SqlParser.parse(sql).getFirst(), sql,
                new AnalyzerContext(reader, TextContext.DEFAULT, OWNER, new int[0], true));
    }

    PhysicalStatement plan(String sql) {
        AnalyzedStatement.Plannable statement = (AnalyzedStatement.Plannable) analyze(sql);
        return Planner.plan(statement.query(), context());
    }

    PlannerContext context() {
        return PlannerContext.of(reader, TextContext.DEFAULT, OWNER);
    }
}
