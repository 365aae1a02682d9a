package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.ddl.CatalogWriter;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import io.quantadb.types.Oids;
import java.util.List;

/** A catalog with the objects of schema.sql. */
final class TestScene {
    private static final int OWNER = CatalogIds.BOOTSTRAP_ROLE;
    private static final int PUBLIC = CatalogIds.PUBLIC_SCHEMA;

    final CatalogReader reader;
    private final CatalogWriter writer;

    TestScene() {
        MemoryCatalog catalog = new MemoryCatalog();
        reader = catalog.reader(new SearchPath(List.of("public"), "quantadb", 0));
        writer = new CatalogWriter(catalog.store(), reader, file -> { });
        writer.types().createEnum(PUBLIC, "mood", OWNER, List.of("sad", "ok", "happy"));
        writer.types().createDomain(PUBLIC, "posint", OWNER, Oids.INT4, -1, 0, false, null);
        writer.types().createDomain(PUBLIC, "code", OWNER, Oids.VARCHAR, 7, 100, false, null);
        writer.types().createComposite(PUBLIC, "addr", OWNER, List.of(column("street", "text"),
                column("zip", "int4")));
        int t = table("t", NewColumn.of("a", type("int4"), -1, true), column("b", "text"),
                NewColumn.of("c", type("numeric"), ((10 << 16) | 2) + 4, false), column("d", "date"),
                NewColumn.of("e", type("varchar"), 14, false).withDefault(SqlExpression.of("'x'::varchar")),
                column("f", "_int4"), column("g", "jsonb"), column("h", "bool"));
        primaryKey(t, "t_pkey", "a");
        table("u", column("a", "int4"), column("x", "int8"), column("y", "float8"), column("z", "timestamp"),
                NewColumn.of("w", type("bpchar"), 9, false), column("ts", "timestamptz"), column("iv", "interval"));
        int p = table("p", new NewColumn("id", type("int4"), -1, 0, true, null, 'a', (char) 0, (char) 0, true, 0),
                column("ad", "addr"), column("m", "mood"), column("dm", "posint"),
                new NewColumn("gen", type("int4"), -1, 0, false, SqlExpression.of("2 * 3"), (char) 0, 's', (char) 0,
                        true, 0), column("cd", "code"), column("sm", "int2"), column("js", "json"));
        primaryKey(p, "p_pkey", "id");
        writer.relations().create(NewRelation.view(PUBLIC, "v", OWNER, List.of(column("a", "int4"),
                column("b", "text"), column("ub", "text")),
                SqlExpression.of("SELECT t.a, t.b, upper(t.b) AS ub FROM public.t")));
    }

    private PgType type(String name) {
        return reader.type(null, name).type();
    }

    private NewColumn column(String name, String type) {
        return NewColumn.of(name, type(type), -1, false);
    }

    private int table(String name, NewColumn... columns) {
        return writer.relations().create(NewRelation.table(PUBLIC, name, OWNER, List.of(columns)));
    }

    private void primaryKey(int table, String name, String column) {
        int opclass = reader.defaultOperatorClass(CatalogIds.AM_BTREE, Oids.INT4).oid();
        writer.indexes().create(new NewIndex(table, name, CatalogIds.AM_BTREE,
                List.of(new IndexColumn(1, null, column, type("int4"), -1, 0, opclass, 0, false, false)),
                List.of(), List.of(), true, false, null, 'p', false, false, 0, null, true, true));
    }

    AnalyzerContext context(boolean parameters) {
        return new AnalyzerContext(reader, TextContext.DEFAULT, OWNER, new int[0], parameters);
    }
}
