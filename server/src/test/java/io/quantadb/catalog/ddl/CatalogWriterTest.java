package io.quantadb.catalog.ddl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.error.SqlException;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: DDL leaves the catalogs as PostgreSQL would, and drops say what PostgreSQL says. Method: the same objects and
 * commands were given to a PostgreSQL 15; its messages are the expected values.
 */
class CatalogWriterTest {
    private static final int OWNER = CatalogIds.BOOTSTRAP_ROLE;

    private final MemoryCatalog catalog = new MemoryCatalog();
    private final CatalogReader reader = catalog.reader(new SearchPath(List.of("s2"), "quantadb", 0));
    private final List<RelationId> droppedFiles = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final CatalogWriter writer = new CatalogWriter(catalog.store(), reader, droppedFiles::add);
    private int schema;

    @BeforeEach
    void createSchema() {
        schema = writer.shared().createSchema("s2", OWNER, false);
    }

    private int table(String name, NewColumn... columns) {
        return writer.relations().create(NewRelation.table(schema, name, OWNER, List.of(columns)));
    }

    private static NewColumn column(String name, PgType type) {
        return NewColumn.of(name, type, -1, false);
    }

    private int primaryKey(int tableOid, String name, int attnum, String column) {
        int opclass = reader.defaultOperatorClass(CatalogIds.AM_BTREE, Oids.INT4).oid();
        return writer.indexes().create(new NewIndex(tableOid, name, CatalogIds.AM_BTREE,
                List.of(new IndexColumn(attnum, null, column, BuiltinTypes.INT4, -1, 0, opclass, 0, false, false)),
                List.of(), List.of(), true, false, null, 'p', false, false, 0, null, true, true));
    }

    private int view(String name, String sql, List<NewColumn> columns, ObjectAddress... references) {
        return writer.relations().create(NewRelation.view(schema, name, OWNER, columns,
                new SqlExpression(sql, List.of(references))));
    }

    /** t(a int primary key, b text); v over a and b; v2 over v; u(r int references t, x t). */
    private Map<String, Integer> scene() {
        Map<String, Integer> oids = new HashMap<>();
        int t = table("t", NewColumn.of("a", BuiltinTypes.INT4, -1, true), column("b", BuiltinTypes.TEXT));
        int key = primaryKey(t, "t_pkey", 1, "a");
        int v = view("v", "SELECT a, b FROM s2.t", List.of(column("a", BuiltinTypes.INT4),
                column("b", BuiltinTypes.TEXT)), ObjectAddress.column(t, 1), ObjectAddress.column(t, 2));
        int v2 = view("v2", "SELECT a FROM s2.v", List.of(column("a", BuiltinTypes.INT4)),
                ObjectAddress.column(v, 1));
        int rowType = reader.relation(t).rowTypeOid();
        int u = table("u", column("r", BuiltinTypes.INT4), column("x", reader.pgType(rowType)));
        writer.indexes().createConstraint(new NewConstraint("u_r_fkey", 'f', u, 0, schema, List.of(1), null, t,
                List.of(1), key, 'a', 'a', 's', List.of(96), List.of(), false, false, true, true, 0, true));
        oids.put("t", t);
        oids.put("t_pkey", key);
        oids.put("v", v);
        oids.put("v2", v2);
        oids.put("u", u);
        oids.put("type t", rowType);
        return oids;
    }

    private void drop(boolean cascade, ObjectAddress object) {
        writer.drop(List.of(object), cascade, (message, detail) -> notices.add(message + "|" + detail));
    }

    private static void assertError(SqlException e, String message, String detail, String hint) {
        assertEquals("2BP01", e.code());
        assertEquals(message, e.getMessage());
        assertEquals(detail, e.detail());
        assertEquals(hint, e.hint());
    }

    @Test
    void shouldRefuseToDropTableOthersDependOn() {
        Map<String, Integer> oids = scene();
        SqlException e = assertThrows(SqlException.class,
                () -> drop(false, ObjectAddress.relation(oids.get("t"))));
        assertError(e, "cannot drop table t because other objects depend on it", """
                column x of table u depends on type t
                view v depends on table t
                view v2 depends on view v
                constraint u_r_fkey on table u depends on table t""",
                "Use DROP ... CASCADE to drop the dependent objects too.");
    }

    @Test
    void shouldRefuseToDropColumnOthersDependOn() {
        Map<String, Integer> oids = scene();
        SqlException e = assertThrows(SqlException.class,
                () -> drop(false, ObjectAddress.column(oids.get("t"), 2)));
        assertError(e, "cannot drop column b of table t because other objects depend on it", """
                view v depends on column b of table t
                view v2 depends on view v""", "Use DROP ... CASCADE to drop the dependent objects too.");
    }

    @Test
    void shouldPointToTheOwnerOfAnInternalPart() {
        Map<String, Integer> oids = scene();
        assertError(assertThrows(SqlException.class, () -> drop(false, ObjectAddress.type(oids.get("type t")))),
                "cannot drop type t because table t requires it", null, "You can drop table t instead.");
        assertError(assertThrows(SqlException.class, () -> drop(false, ObjectAddress.relation(oids.get("t_pkey")))),
                "cannot drop index t_pkey because constraint t_pkey on table t requires it", null,
                "You can drop constraint t_pkey on table t instead.");
    }

    @Test
    void shouldListWhatASchemaHolds() {
        scene();
        SqlException e = assertThrows(SqlException.class, () -> drop(false, ObjectAddress.schema(schema)));
        assertError(e, "cannot drop schema s2 because other objects depend on it", """
                table t depends on schema s2
                view v depends on schema s2
                view v2 depends on schema s2
                table u depends on schema s2""", "Use DROP ... CASCADE to drop the dependent objects too.");
    }

    @Test
    void shouldCascadeAndLeaveNothingBehind() {
        long before = rowCount();
        Map<String, Integer> oids = scene();
        drop(true, ObjectAddress.relation(oids.get("t")));
        assertEquals(List.of("drop cascades to 4 other objects|drop cascades to column x of table u\n"
                + "drop cascades to view v\ndrop cascades to view v2\n"
                + "drop cascades to constraint u_r_fkey on table u"), notices);
        assertNull(reader.relation("s2", "t"));
        assertNull(reader.relation("s2", "v"));
        RelationDescriptor u = reader.relation("s2", "u");
        assertTrue(u.column(2).dropped());
        assertEquals("........pg.dropped.2........", u.column(2).name());
        assertEquals(List.of(), u.constraints());
        // Table t, its index and its TOAST table.
        assertEquals(3, droppedFiles.size());
        notices.clear();
        drop(true, ObjectAddress.schema(schema));
        assertEquals(List.of("drop cascades to table u|null"), notices);
        // The schema itself was there when counting began.
        assertEquals(before - 1, rowCount());
    }

    private long rowCount() {
        return CatalogTables.all().stream().mapToLong(table -> catalog.store().scan(table).size()).sum();
    }

    @Test
    void shouldShowTableWithItsPartsToReader() {
        Map<String, Integer> oids = scene();
        RelationDescriptor t = reader.relation(null, "t");
        assertEquals(oids.get("t"), t.oid());
        assertEquals(new RelationId(CatalogIds.DATABASE_QUANTADB, t.oid()), t.storage());
        assertEquals("t_pkey", t.primaryKey().name());
        assertEquals(t.primaryKey().constraintOid(), t.constraint("t_pkey").oid());
        assertEquals(List.of("u_r_fkey"), t.referencedBy().stream().map(c -> c.name()).toList());
        assertEquals("SELECT a, b FROM s2.t", reader.relation("s2", "v").viewDefinition());
        assertTrue(t.toastOid() != 0);
        PgType array = reader.pgType(reader.arrayTypeOf(oids.get("type t")));
        assertEquals("_t", array.name());
    }

    @Test
    void shouldAddAndRenameColumns() {
        int t = table("t", column("a", BuiltinTypes.INT4));
        writer.relations().addColumn(t, NewColumn.of("b", BuiltinTypes.INT8, -1, true)
                .withDefault(SqlExpression.of("42")), true, 42L);
        ColumnDescriptor b = reader.relation(t).column("b");
        assertEquals("42", b.defaultExpression());
        assertEquals(42L, b.missingValue());
        writer.relations().renameColumn(t, 2, "c");
        assertNull(reader.relation(t).column("b"));
        assertEquals(2, reader.relation(t).column("c").attnum());
        SqlException e = assertThrows(SqlException.class, () -> writer.relations().renameColumn(t, 2, "a"));
        assertEquals("column \"a\" of relation \"t\" already exists", e.getMessage());
        e = assertThrows(SqlException.class, () -> writer.relations().renameColumn(t, 2, "xmin"));
        assertEquals("column name \"xmin\" conflicts with a system column name", e.getMessage());
    }

    @Test
    void shouldMakeArrayTypeStepAside() {
        int first = table("foo", column("a", BuiltinTypes.INT4));
        table("_foo", column("a", BuiltinTypes.INT4));
        int array = reader.arrayTypeOf(reader.relation(first).rowTypeOid());
        assertEquals("__foo", reader.pgType(array).name());
    }

    @Test
    void shouldKeepEnumLabelsInOrder() {
        int e = writer.types().createEnum(schema, "mood", OWNER, List.of("sad", "happy"));
        writer.types().addEnumLabel(e, "ok", "happy", false, false);
        writer.types().addEnumLabel(e, "ecstatic", null, true, false);
        assertEquals(List.of("sad", "ok", "happy", "ecstatic"),
                reader.type(e).enumLabels().stream().map(l -> l.label()).toList());
        SqlException error = assertThrows(SqlException.class,
                () -> writer.types().addEnumLabel(e, "ok", null, true, false));
        assertEquals("enum label \"ok\" already exists", error.getMessage());
        int t = table("t", column("m", reader.pgType(e)));
        writer.types().renameEnumLabel(e, "ok", "fine");
        PgType type = reader.relation(t).column(1).type();
        assertEquals("fine", type.ops().toText((long) reader.type(e).enumLabels().get(1).oid(),
                io.quantadb.types.TextContext.DEFAULT));
        error = assertThrows(SqlException.class, () -> drop(false, ObjectAddress.type(e)));
        assertEquals("column m of table t depends on type mood", error.detail());
    }

    @Test
    void shouldDropOwnedSequenceWithItsTable() {
        int t = table("t", column("id", BuiltinTypes.INT4));
        int sequence = writer.relations().createSequence(schema, "t_id_seq", OWNER, 'p',
                new SequenceDescriptor(0, Oids.INT4, 1, 1, 1, Integer.MAX_VALUE, 1, false));
        writer.relations().setSequenceOwner(sequence, t, 1, false);
        writer.relations().setDefault(t, 1, new SqlExpression("nextval('s2.t_id_seq'::regclass)",
                List.of(ObjectAddress.relation(sequence))));
        assertEquals(sequence, reader.ownedSequence(t, 1));
        assertEquals(Integer.MAX_VALUE, reader.sequence(sequence).maximum());
        SqlException e = assertThrows(SqlException.class, () -> drop(false, ObjectAddress.relation(sequence)));
        assertEquals("default value for column id of table t depends on sequence t_id_seq", e.detail());
        drop(false, ObjectAddress.relation(t));
        assertNull(reader.relation(sequence));
    }

    @Test
    void shouldKeepRolesThatOwnSomething() {
        int role = writer.shared().createRole(new RoleDescriptor(0, "joe", false, true, false, false, true, false,
                false, -1, null, null));
        int t = writer.relations().create(NewRelation.table(schema, "t", role,
                List.of(column("a", BuiltinTypes.INT4))));
        SqlException e = assertThrows(SqlException.class, () -> writer.shared().dropRole(role));
        assertEquals("role \"joe\" cannot be dropped because some objects depend on it", e.getMessage());
        assertEquals("owner of table t", e.detail());
        writer.objects().setOwner(ObjectAddress.relation(t), OWNER);
        writer.shared().dropRole(role);
        assertNull(reader.role("joe"));
    }

    @Test
    void shouldMoveTableWithItsPartsToAnotherSchema() {
        Map<String, Integer> oids = scene();
        int other = writer.shared().createSchema("s3", OWNER, false);
        writer.objects().setSchema(ObjectAddress.relation(oids.get("t")), other);
        RelationDescriptor t = reader.relation("s3", "t");
        assertNotNull(t);
        assertEquals(other, reader.relation(oids.get("t_pkey")).schemaOid());
        assertEquals(other, t.constraint("t_pkey").schemaOid());
        assertEquals("s3.t", reader.formatType(t.rowTypeOid(), -1));
        drop(true, ObjectAddress.schema(schema));
        assertNotNull(reader.relation("s3", "t"));
    }

    @Test
    void shouldRenameConstraintWithItsIndex() {
        Map<String, Integer> oids = scene();
        writer.objects().rename(ObjectAddress.relation(oids.get("t_pkey")), "pk");
        assertNotNull(reader.relation(oids.get("t")).constraint("pk"));
        writer.objects().rename(ObjectAddress.relation(oids.get("t")), "tt");
        assertEquals("tt", reader.pgType(oids.get("type t")).name());
        writer.objects().setComment(ObjectAddress.relation(oids.get("t")), "hello");
        assertEquals("hello", reader.comment(1259, oids.get("t"), 0));
    }
}
