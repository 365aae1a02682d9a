package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.StoredArrays;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgInherits;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgSequence;
import io.quantadb.catalog.table.SystemColumns.PgType;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Oids;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Creates and changes tables, views, sequences and their columns. */
public final class RelationWriter {
    private static final int COLUMNS_MAX = 1600;

    private static final CatalogIndex CLASS_OID = CatalogTables.index("pg_class_oid_index");
    private static final CatalogIndex CLASS_NAME = CatalogTables.index("pg_class_relname_nsp_index");
    private static final CatalogIndex ATTRIBUTE = CatalogTables.index("pg_attribute_relid_attnum_index");
    private static final CatalogIndex ATTRDEF = CatalogTables.index("pg_attrdef_adrelid_adnum_index");
    private static final CatalogIndex TYPE_OID = CatalogTables.index("pg_type_oid_index");
    private static final CatalogIndex SEQUENCE = CatalogTables.index("pg_sequence_seqrelid_index");
    private static final CatalogIndex REWRITE = CatalogTables.index("pg_rewrite_rel_rulename_index");
    private static final CatalogIndex INHERITS = CatalogTables.index("pg_inherits_relid_seqno_index");

    /** The columns every stored row has without being asked; attnums -1 downwards. */
    private enum SystemColumn {
        CTID(-1, Oids.TID, 6, 's'), XMIN(-2, Oids.XID, 4, 'i'), CMIN(-3, Oids.CID, 4, 'i'),
        XMAX(-4, Oids.XID, 4, 'i'), CMAX(-5, Oids.CID, 4, 'i'), TABLEOID(-6, Oids.OID, 4, 'i');

        private final int attnum;
        private final int type;
        private final int length;
        private final char align;

        SystemColumn(int attnum, int type, int length, char align) {
            this.attnum = attnum;
            this.type = type;
            this.length = length;
            this.align = align;
        }

        String columnName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final CatalogWriter writer;

    RelationWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    private CatalogRow classRow(int oid) {
        CatalogRow row = writer.store.findOne(CLASS_OID, (long) oid);
        if (row == null) {
            throw new SqlException(SqlState.UNDEFINED_TABLE, "relation with OID " + oid + " does not exist");
        }
        return row;
    }

    private CatalogRow columnRow(int relationOid, int attnum) {
        return writer.store.findOne(ATTRIBUTE, (long) relationOid, (long) attnum);
    }

    /**
     * Creates a relation of any kind but index, with row type and TOAST relation. The file of a relation with storage
     * has the oid as number; the caller makes it (and the TOAST relation's).
     *
     * @return its oid
     * @throws SqlException 42P07, 42701, 42710, 54011
     */
    public int create(NewRelation relation) {
        if (writer.store.findOne(CLASS_NAME, relation.name(), (long) relation.schemaOid()) != null) {
            throw CatalogErrors.relationExists(relation.name());
        }
        checkColumns(relation.columns(), relation.kind());
        int oid = writer.store.newFileNumber();
        RelationKind kind = relation.kind();
        boolean composite = kind == RelationKind.COMPOSITE_TYPE;
        boolean hasRowType = kind != RelationKind.SEQUENCE && kind != RelationKind.TOAST;
        int rowType = hasRowType ? writer.types().createRowType(oid, relation.schemaOid(), relation.name(),
                relation.ownerOid(), composite) : 0;
        boolean heap = kind == RelationKind.TABLE || kind == RelationKind.MATERIALIZED_VIEW;
        int toast = heap && needsToast(relation.columns()) ? createToast(oid, relation) : 0;
        classInsert(oid, relation, rowType, toast).write(writer.store);
        ObjectAddress self = ObjectAddress.relation(oid);
        if (toast != 0) {
            writer.dependencies.record(ObjectAddress.relation(toast), self, Dependencies.INTERNAL);
        }
        if (!composite && kind != RelationKind.TOAST) {
            writer.dependencies.record(self, ObjectAddress.schema(relation.schemaOid()), Dependencies.NORMAL);
        }
        writer.owners.recordOwner(self, relation.ownerOid());
        int attnum = 0;
        for (NewColumn column : relation.columns()) {
            insertColumn(oid, ++attnum, column);
        }
        if (heap || kind == RelationKind.SEQUENCE || kind == RelationKind.PARTITIONED_TABLE
                || kind == RelationKind.FOREIGN_TABLE) {
            insertSystemColumns(oid);
        }
        int sequence = 0;
        for (int parent : relation.parents()) {
            inherit(oid, parent, ++sequence);
        }
        if (relation.viewQuery() != null) {
            createReturnRule(oid, relation.viewQuery());
        }
        return oid;
    }

    private static void checkColumns(List<NewColumn> columns, RelationKind kind) {
        if (columns.size() > COLUMNS_MAX) {
            throw new SqlException(SqlState.TOO_MANY_COLUMNS, "tables can have at most " + COLUMNS_MAX + " columns");
        }
        Set<String> seen = new HashSet<>();
        for (NewColumn column : columns) {
            if (kind != RelationKind.VIEW && kind != RelationKind.COMPOSITE_TYPE) {
                checkNotSystem(column.name());
            }
            if (!seen.add(column.name())) {
                throw new SqlException(SqlState.DUPLICATE_COLUMN,
                        "column \"" + column.name() + "\" specified more than once");
            }
        }
    }

    private static void checkNotSystem(String name) {
        for (SystemColumn system : SystemColumn.values()) {
            if (system.columnName().equals(name)) {
                throw new SqlException(SqlState.DUPLICATE_COLUMN,
                        "column name \"" + name + "\" conflicts with a system column name");
            }
        }
    }

    private static boolean needsToast(List<NewColumn> columns) {
        return columns.stream().anyMatch(column -> column.type().storageWidth() < 0);
    }

    private int createToast(int tableOid, NewRelation relation) {
        return create(new NewRelation(CatalogIds.PG_TOAST, "pg_toast_" + tableOid, RelationKind.TOAST,
                relation.ownerOid(), relation.persistence(),
                List.of(NewColumn.of("chunk_id", io.quantadb.types.BuiltinTypes.OID, -1, false),
                        NewColumn.of("chunk_seq", io.quantadb.types.BuiltinTypes.INT4, -1, false),
                        NewColumn.of("chunk_data", io.quantadb.types.BuiltinTypes.BYTEA, -1, false)),
                List.of(), relation.tablespaceOid(), null, null, 0));
    }

    private RowBuilder classInsert(int oid, NewRelation relation, int rowType, int toast) {
        RelationKind kind = relation.kind();
        boolean heap = kind == RelationKind.TABLE || kind == RelationKind.MATERIALIZED_VIEW
                || kind == RelationKind.TOAST;
        boolean sequence = kind == RelationKind.SEQUENCE;
        return emptyClassRow(oid, relation.name(), relation.schemaOid(), relation.ownerOid(), kind)
                .set(PgClass.RELTYPE, rowType).set(PgClass.RELOFTYPE, relation.ofTypeOid())
                .set(PgClass.RELAM, heap ? CatalogIds.AM_HEAP : 0)
                .set(PgClass.RELTABLESPACE, relation.tablespaceOid()).set(PgClass.RELPAGES, sequence ? 1 : 0)
                .setNumber(PgClass.RELTUPLES, sequence ? 1 : -1).set(PgClass.RELTOASTRELID, toast)
                .setChar(PgClass.RELPERSISTENCE, relation.persistence())
                .set(PgClass.RELNATTS, relation.columns().size())
                .set(PgClass.RELHASRULES, relation.viewQuery() != null)
                .setChar(PgClass.RELREPLIDENT, heap && kind != RelationKind.TOAST
                        || kind == RelationKind.PARTITIONED_TABLE ? 'd' : 'n')
                .setTexts(PgClass.RELOPTIONS, relation.options());
    }

    /** A pg_class row with what most relations have; also for indexes. */
    RowBuilder emptyClassRow(int oid, String name, int schemaOid, int ownerOid, RelationKind kind) {
        return RowBuilder.insert(PgClass.TABLE).set(PgClass.OID, oid).set(PgClass.RELNAME, name)
                .set(PgClass.RELNAMESPACE, schemaOid).set(PgClass.RELTYPE, 0).set(PgClass.RELOFTYPE, 0)
                .set(PgClass.RELOWNER, ownerOid).set(PgClass.RELAM, 0)
                .set(PgClass.RELFILENODE, kind.hasStorage() ? oid : 0).set(PgClass.RELTABLESPACE, 0)
                .set(PgClass.RELPAGES, 0).setNumber(PgClass.RELTUPLES, -1).set(PgClass.RELALLVISIBLE, 0)
                .set(PgClass.RELTOASTRELID, 0).set(PgClass.RELHASINDEX, false).set(PgClass.RELISSHARED, false)
                .setChar(PgClass.RELPERSISTENCE, 'p').setChar(PgClass.RELKIND, kind.code()).set(PgClass.RELNATTS, 0)
                .set(PgClass.RELCHECKS, 0).set(PgClass.RELHASRULES, false).set(PgClass.RELHASTRIGGERS, false)
                .set(PgClass.RELHASSUBCLASS, false).set(PgClass.RELROWSECURITY, false)
                .set(PgClass.RELFORCEROWSECURITY, false).set(PgClass.RELISPOPULATED, true)
                .setChar(PgClass.RELREPLIDENT, 'n').set(PgClass.RELISPARTITION, false).set(PgClass.RELREWRITE, 0)
                .set(PgClass.RELFROZENXID, 0).set(PgClass.RELMINMXID, 0);
    }

    /** A pg_attribute row, values of the type taken from pg_type. */
    RowBuilder attributeRow(int relationOid, int attnum, String name, int typeOid, int typmod, int collation) {
        CatalogRow type = writer.store.findOne(TYPE_OID, (long) typeOid);
        boolean array = type.integer(PgType.TYPELEM) != 0 && type.character(PgType.TYPCATEGORY) == 'A';
        return RowBuilder.insert(PgAttribute.TABLE).set(PgAttribute.ATTRELID, relationOid)
                .set(PgAttribute.ATTNAME, name).set(PgAttribute.ATTTYPID, typeOid).set(PgAttribute.ATTSTATTARGET, -1)
                .set(PgAttribute.ATTLEN, type.integer(PgType.TYPLEN)).set(PgAttribute.ATTNUM, attnum)
                .set(PgAttribute.ATTNDIMS, array ? 1 : 0).set(PgAttribute.ATTCACHEOFF, -1)
                .set(PgAttribute.ATTTYPMOD, typmod).set(PgAttribute.ATTBYVAL, type.bool(PgType.TYPBYVAL))
                .setChar(PgAttribute.ATTALIGN, type.character(PgType.TYPALIGN))
                .setChar(PgAttribute.ATTSTORAGE, type.character(PgType.TYPSTORAGE))
                .setChar(PgAttribute.ATTCOMPRESSION, (char) 0).set(PgAttribute.ATTNOTNULL, false)
                .set(PgAttribute.ATTHASDEF, false).set(PgAttribute.ATTHASMISSING, false)
                .setChar(PgAttribute.ATTIDENTITY, (char) 0).setChar(PgAttribute.ATTGENERATED, (char) 0)
                .set(PgAttribute.ATTISDROPPED, false).set(PgAttribute.ATTISLOCAL, true)
                .set(PgAttribute.ATTINHCOUNT, 0)
                .set(PgAttribute.ATTCOLLATION, collation != 0 ? collation : type.integer(PgType.TYPCOLLATION));
    }

    private void insertColumn(int relationOid, int attnum, NewColumn column) {
        attributeRow(relationOid, attnum, column.name(), column.type().oid(), column.typmod(), column.collation())
                .set(PgAttribute.ATTNOTNULL, column.notNull())
                .set(PgAttribute.ATTHASDEF, column.defaultExpression() != null)
                .setChar(PgAttribute.ATTIDENTITY, column.identity())
                .setChar(PgAttribute.ATTGENERATED, column.generated())
                .setChar(PgAttribute.ATTCOMPRESSION, column.compression())
                .set(PgAttribute.ATTISLOCAL, column.local()).set(PgAttribute.ATTINHCOUNT, column.inheritCount())
                .write(writer.store);
        ObjectAddress self = ObjectAddress.column(relationOid, attnum);
        writer.dependencies.record(self, ObjectAddress.type(column.type().oid()), Dependencies.NORMAL);
        if (column.collation() != 0) {
            writer.dependencies.record(self, ObjectAddress.of(
                    io.quantadb.catalog.table.SystemColumns.PgCollation.TABLE, column.collation()),
                    Dependencies.NORMAL);
        }
        if (column.defaultExpression() != null) {
            insertDefault(relationOid, attnum, column.defaultExpression(), column.generated() != 0);
        }
    }

    private void insertSystemColumns(int relationOid) {
        for (SystemColumn column : SystemColumn.values()) {
            attributeRow(relationOid, column.attnum, column.columnName(), column.type, -1, 0)
                    .set(PgAttribute.ATTSTATTARGET, 0).set(PgAttribute.ATTLEN, column.length)
                    .setChar(PgAttribute.ATTALIGN, column.align).setChar(PgAttribute.ATTSTORAGE, 'p')
                    .set(PgAttribute.ATTNOTNULL, true).write(writer.store);
        }
    }

    private void insertDefault(int relationOid, int attnum, SqlExpression expression, boolean generated) {
        int oid = writer.store.newOid();
        RowBuilder.insert(PgAttrdef.TABLE).set(PgAttrdef.OID, oid).set(PgAttrdef.ADRELID, relationOid)
                .set(PgAttrdef.ADNUM, attnum).set(PgAttrdef.ADBIN, expression.text()).write(writer.store);
        ObjectAddress self = ObjectAddress.of(PgAttrdef.TABLE, oid);
        writer.dependencies.record(self, ObjectAddress.column(relationOid, attnum),
                generated ? Dependencies.INTERNAL : Dependencies.AUTO);
        writer.dependencies.recordAll(self, expression.references(), Dependencies.NORMAL);
    }

    private void inherit(int childOid, int parentOid, int sequence) {
        RowBuilder.insert(PgInherits.TABLE).set(PgInherits.INHRELID, childOid).set(PgInherits.INHPARENT, parentOid)
                .set(PgInherits.INHSEQNO, sequence).set(PgInherits.INHDETACHPENDING, false).write(writer.store);
        writer.dependencies.record(ObjectAddress.relation(childOid), ObjectAddress.relation(parentOid),
                Dependencies.NORMAL);
        CatalogRow parent = classRow(parentOid);
        if (!parent.bool(PgClass.RELHASSUBCLASS)) {
            RowBuilder.update(parent).set(PgClass.RELHASSUBCLASS, true).write(writer.store);
        }
    }

    // Views

    private void createReturnRule(int viewOid, SqlExpression query) {
        int oid = writer.store.newOid();
        RowBuilder.insert(PgRewrite.TABLE).set(PgRewrite.OID, oid).set(PgRewrite.RULENAME, "_RETURN")
                .set(PgRewrite.EV_CLASS, viewOid).setChar(PgRewrite.EV_TYPE, '1').setChar(PgRewrite.EV_ENABLED, 'O')
                .set(PgRewrite.IS_INSTEAD, true).set(PgRewrite.EV_QUAL, "<>").set(PgRewrite.EV_ACTION, query.text())
                .write(writer.store);
        ObjectAddress rule = ObjectAddress.of(PgRewrite.TABLE, oid);
        writer.dependencies.record(rule, ObjectAddress.relation(viewOid), Dependencies.INTERNAL);
        writer.dependencies.recordAll(rule, query.references(), Dependencies.NORMAL);
    }

    /** CREATE OR REPLACE VIEW: the caller has checked the columns; new ones come at the end. */
    public void replaceView(int viewOid, List<NewColumn> allColumns, SqlExpression query, List<String> options) {
        RelationDescriptor old = writer.reader.relation(viewOid);
        for (int i = old.columns().size(); i < allColumns.size(); i++) {
            insertColumn(viewOid, i + 1, allColumns.get(i));
        }
        RowBuilder.update(classRow(viewOid)).set(PgClass.RELNATTS, allColumns.size())
                .setTexts(PgClass.RELOPTIONS, options).write(writer.store);
        CatalogRow rule = writer.store.findOne(REWRITE, (long) viewOid, "_RETURN");
        writer.dependencies.deleteOf(ObjectAddress.of(PgRewrite.TABLE, rule.integer(PgRewrite.OID)));
        writer.store.delete(rule);
        createReturnRule(viewOid, query);
    }

    // Columns

    /**
     * ALTER TABLE ADD COLUMN.
     *
     * @param missingValue what rows stored before read as; ignored unless {@code hasMissing}
     * @return the new attnum
     */
    public int addColumn(int relationOid, NewColumn column, boolean hasMissing, Object missingValue) {
        RelationDescriptor relation = writer.reader.relation(relationOid);
        if (relation.column(column.name()) != null) {
            throw CatalogErrors.columnExists(column.name(), relation.name());
        }
        checkNotSystem(column.name());
        int attnum = relation.columns().size() + 1;
        if (attnum > COLUMNS_MAX) {
            throw new SqlException(SqlState.TOO_MANY_COLUMNS, "tables can have at most " + COLUMNS_MAX + " columns");
        }
        insertColumn(relationOid, attnum, column);
        RowBuilder.update(classRow(relationOid)).set(PgClass.RELNATTS, attnum).write(writer.store);
        if (hasMissing && missingValue != null) {
            setMissing(relationOid, attnum, column.type(), missingValue);
        }
        return attnum;
    }

    private void setMissing(int relationOid, int attnum, io.quantadb.types.PgType type, Object value) {
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTHASMISSING, true)
                .setObject(PgAttribute.ATTMISSINGVAL, StoredArrays.of(type, List.of(value))).write(writer.store);
    }

    /** After a rewrite of the table all rows have all columns. */
    public void clearMissing(int relationOid) {
        for (CatalogRow row : writer.store.find(ATTRIBUTE, (long) relationOid)) {
            if (row.bool(PgAttribute.ATTHASMISSING)) {
                RowBuilder.update(row).set(PgAttribute.ATTHASMISSING, false)
                        .setObject(PgAttribute.ATTMISSINGVAL, null).write(writer.store);
            }
        }
    }

    /** The catalog part of dropping a column; reached through {@link CatalogWriter#drop}. */
    void markColumnDropped(int relationOid, int attnum) {
        ColumnDescriptor column = writer.reader.relation(relationOid).column(attnum);
        RowBuilder.update(columnRow(relationOid, attnum))
                .set(PgAttribute.ATTNAME, "........pg.dropped." + attnum + "........").set(PgAttribute.ATTTYPID, 0)
                .set(PgAttribute.ATTISDROPPED, true).set(PgAttribute.ATTNOTNULL, false)
                .set(PgAttribute.ATTHASDEF, false).set(PgAttribute.ATTSTATTARGET, 0)
                .set(PgAttribute.ATTLEN, column.type().storageWidth()).set(PgAttribute.ATTHASMISSING, false)
                .setObject(PgAttribute.ATTMISSINGVAL, null).setChar(PgAttribute.ATTIDENTITY, (char) 0)
                .setChar(PgAttribute.ATTGENERATED, (char) 0).setTexts(PgAttribute.ATTACL, null)
                .setTexts(PgAttribute.ATTOPTIONS, null).write(writer.store);
    }

    public void renameColumn(int relationOid, int attnum, String newName) {
        RelationDescriptor relation = writer.reader.relation(relationOid);
        if (relation.column(newName) != null) {
            throw CatalogErrors.columnExists(newName, relation.name());
        }
        checkNotSystem(newName);
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTNAME, newName).write(writer.store);
    }

    /** SET DATA TYPE; the caller rewrites rows and rebuilds indexes where needed, and has set a new default. */
    public void alterColumnType(int relationOid, int attnum, io.quantadb.types.PgType type, int typmod,
            int collation) {
        ColumnDescriptor column = writer.reader.relation(relationOid).column(attnum);
        CatalogRow row = writer.store.findOne(TYPE_OID, (long) type.oid());
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTTYPID, type.oid())
                .set(PgAttribute.ATTTYPMOD, typmod).set(PgAttribute.ATTLEN, row.integer(PgType.TYPLEN))
                .set(PgAttribute.ATTBYVAL, row.bool(PgType.TYPBYVAL))
                .setChar(PgAttribute.ATTALIGN, row.character(PgType.TYPALIGN))
                .setChar(PgAttribute.ATTSTORAGE, row.character(PgType.TYPSTORAGE))
                .set(PgAttribute.ATTNDIMS, type.isArray() ? 1 : 0).set(PgAttribute.ATTCOLLATION, collation != 0
                        ? collation : row.integer(PgType.TYPCOLLATION)).write(writer.store);
        ObjectAddress self = ObjectAddress.column(relationOid, attnum);
        if (column.type().oid() != type.oid()) {
            writer.dependencies.change(self, ObjectAddress.type(column.type().oid()), ObjectAddress.type(type.oid()),
                    Dependencies.NORMAL);
        }
    }

    public void setNotNull(int relationOid, int attnum, boolean notNull) {
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTNOTNULL, notNull).write(writer.store);
    }

    /** SET DEFAULT, or DROP DEFAULT with null; replaces a former one. */
    public void setDefault(int relationOid, int attnum, SqlExpression expression) {
        CatalogRow old = writer.store.findOne(ATTRDEF, (long) relationOid, (long) attnum);
        if (old != null) {
            writer.dependencies.deleteOf(ObjectAddress.of(PgAttrdef.TABLE, old.integer(PgAttrdef.OID)));
            writer.store.delete(old);
        }
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTHASDEF, expression != null)
                .write(writer.store);
        if (expression != null) {
            boolean generated = writer.reader.relation(relationOid).column(attnum).isGenerated();
            insertDefault(relationOid, attnum, expression, generated);
        }
    }

    /** ADD or DROP IDENTITY, SET GENERATED; also DROP EXPRESSION with generated 0. */
    public void setGeneration(int relationOid, int attnum, char identity, char generated) {
        RowBuilder.update(columnRow(relationOid, attnum)).setChar(PgAttribute.ATTIDENTITY, identity)
                .setChar(PgAttribute.ATTGENERATED, generated).write(writer.store);
    }

    public void setStatisticsTarget(int relationOid, int attnum, int target) {
        RowBuilder.update(columnRow(relationOid, attnum)).set(PgAttribute.ATTSTATTARGET, target).write(writer.store);
    }

    public void setStorage(int relationOid, int attnum, char storage, char compression) {
        RowBuilder.update(columnRow(relationOid, attnum)).setChar(PgAttribute.ATTSTORAGE, storage)
                .setChar(PgAttribute.ATTCOMPRESSION, compression).write(writer.store);
    }

    /** Takes away a default's row when it is dropped as an object. */
    void removeDefault(int attrdefOid) {
        CatalogRow row = writer.store.findOne(CatalogTables.index("pg_attrdef_oid_index"), (long) attrdefOid);
        if (row == null) {
            return;
        }
        CatalogRow column = columnRow(row.integer(PgAttrdef.ADRELID), row.integer(PgAttrdef.ADNUM));
        if (column != null && !column.bool(PgAttribute.ATTISDROPPED)) {
            RowBuilder.update(column).set(PgAttribute.ATTHASDEF, false).setChar(PgAttribute.ATTGENERATED, (char) 0)
                    .write(writer.store);
        }
        writer.store.delete(row);
    }

    // The relation as a whole

    public void setOptions(int relationOid, List<String> options) {
        RowBuilder.update(classRow(relationOid)).setTexts(PgClass.RELOPTIONS, options).write(writer.store);
    }

    /** A new file after TRUNCATE or a rewrite; statistics start again. */
    public void setFile(int relationOid, int fileNumber) {
        CatalogRow row = classRow(relationOid);
        RowBuilder.update(row).set(PgClass.RELFILENODE, fileNumber).set(PgClass.RELPAGES, 0)
                .setNumber(PgClass.RELTUPLES, -1)
                .set(PgClass.RELALLVISIBLE, 0).write(writer.store);
    }

    /** REINDEX CONCURRENTLY: two indexes of one definition take each other's files. */
    public void swapFiles(int oneOid, int otherOid) {
        CatalogRow one = classRow(oneOid);
        CatalogRow other = classRow(otherOid);
        RowBuilder.update(one).set(PgClass.RELFILENODE, other.integer(PgClass.RELFILENODE))
                .set(PgClass.RELPAGES, other.integer(PgClass.RELPAGES))
                .setNumber(PgClass.RELTUPLES, other.number(PgClass.RELTUPLES)).write(writer.store);
        RowBuilder.update(other).set(PgClass.RELFILENODE, one.integer(PgClass.RELFILENODE)).write(writer.store);
    }

    /** What VACUUM, ANALYZE and CREATE INDEX found; what another one found at the same time is as good. */
    public void setStatistics(int relationOid, int pages, double tuples, int allVisiblePages) {
        CatalogRow row = classRow(relationOid);
        if (row.integer(PgClass.RELPAGES) != pages || row.number(PgClass.RELTUPLES) != (float) tuples
                || row.integer(PgClass.RELALLVISIBLE) != allVisiblePages) {
            RowBuilder.update(row).set(PgClass.RELPAGES, pages).setNumber(PgClass.RELTUPLES, (float) tuples)
                    .set(PgClass.RELALLVISIBLE, allVisiblePages).tryWrite(writer.store);
        }
    }

    public void setPopulated(int relationOid, boolean populated) {
        RowBuilder.update(classRow(relationOid)).set(PgClass.RELISPOPULATED, populated).write(writer.store);
    }

    public void setRowSecurity(int relationOid, boolean enabled, boolean forced) {
        RowBuilder.update(classRow(relationOid)).set(PgClass.RELROWSECURITY, enabled)
                .set(PgClass.RELFORCEROWSECURITY, forced).write(writer.store);
    }

    public void setReplicaIdentity(int relationOid, char identity) {
        RowBuilder.update(classRow(relationOid)).setChar(PgClass.RELREPLIDENT, identity).write(writer.store);
    }

    public void setPersistence(int relationOid, char persistence) {
        RowBuilder.update(classRow(relationOid)).setChar(PgClass.RELPERSISTENCE, persistence).write(writer.store);
    }

    // Sequences

    /** The columns of a sequence's only row. */
    public static List<NewColumn> sequenceColumns() {
        return List.of(NewColumn.of("last_value", io.quantadb.types.BuiltinTypes.INT8, -1, true),
                NewColumn.of("log_cnt", io.quantadb.types.BuiltinTypes.INT8, -1, true),
                NewColumn.of("is_called", io.quantadb.types.BuiltinTypes.BOOL, -1, true));
    }

    /** CREATE SEQUENCE; {@code definition.relationOid} is ignored. */
    public int createSequence(int schemaOid, String name, int ownerOid, char persistence,
            SequenceDescriptor definition) {
        int oid = create(new NewRelation(schemaOid, name, RelationKind.SEQUENCE, ownerOid, persistence,
                sequenceColumns(), List.of(), 0, null, null, 0));
        sequenceRow(RowBuilder.insert(PgSequence.TABLE).set(PgSequence.SEQRELID, oid), definition).write(writer.store);
        return oid;
    }

    public void alterSequence(int oid, SequenceDescriptor definition) {
        sequenceRow(RowBuilder.update(writer.store.findOne(SEQUENCE, (long) oid)), definition).write(writer.store);
    }

    private static RowBuilder sequenceRow(RowBuilder row, SequenceDescriptor definition) {
        return row.set(PgSequence.SEQTYPID, definition.typeOid()).set(PgSequence.SEQSTART, definition.start())
                .set(PgSequence.SEQINCREMENT, definition.increment()).set(PgSequence.SEQMAX, definition.maximum())
                .set(PgSequence.SEQMIN, definition.minimum()).set(PgSequence.SEQCACHE, definition.cache())
                .set(PgSequence.SEQCYCLE, definition.cycle());
    }

    /** OWNED BY a column (serial: AUTO; identity: INTERNAL), or NONE with relation 0. */
    public void setSequenceOwner(int sequenceOid, int relationOid, int attnum, boolean identity) {
        ObjectAddress self = ObjectAddress.relation(sequenceOid);
        writer.dependencies.deleteOf(self, PgClass.TABLE, Dependencies.AUTO);
        writer.dependencies.deleteOf(self, PgClass.TABLE, Dependencies.INTERNAL);
        if (relationOid != 0) {
            writer.dependencies.record(self, ObjectAddress.column(relationOid, attnum),
                    identity ? Dependencies.INTERNAL : Dependencies.AUTO);
        }
    }

    /** Takes away all rows of a relation; its type, indexes and so on go by their dependencies. */
    void remove(int oid) {
        for (CatalogRow row : writer.store.find(ATTRIBUTE, (long) oid)) {
            writer.store.delete(row);
        }
        writer.store.find(INHERITS, (long) oid).forEach(writer.store::delete);
        CatalogRow sequence = writer.store.findOne(SEQUENCE, (long) oid);
        if (sequence != null) {
            writer.store.delete(sequence);
        }
        CatalogTables.table("pg_statistic").indexes().stream().limit(1)
                .forEach(index -> writer.store.find(index, (long) oid).forEach(writer.store::delete));
        CatalogRow row = writer.store.findOne(CLASS_OID, (long) oid);
        if (row != null) {
            writer.store.delete(row);
        }
    }
}
