package io.quantadb.catalog.cache;

import io.quantadb.base.RelationId;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.StoredArrays;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgAttribute;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgDepend;
import io.quantadb.catalog.table.SystemColumns.PgIndex;
import io.quantadb.catalog.table.SystemColumns.PgInherits;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgSequence;
import io.quantadb.catalog.table.SystemColumns.PgStatistic;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds descriptors of relations from catalog rows. Confined to its reader's thread. */
final class RelationLoader {
    private static final int OPTION_DESC = 1;
    private static final int OPTION_NULLS_FIRST = 2;
    private static final int STATISTIC_SLOTS = 5;
    private static final int STATISTIC_MCV = 1;
    private static final int STATISTIC_HISTOGRAM = 2;
    private static final int STATISTIC_CORRELATION = 3;

    private final Finder finder;
    private final CachedCatalogReader reader;

    RelationLoader(Finder finder, CachedCatalogReader reader) {
        this.finder = finder;
        this.reader = reader;
    }

    /** @return null if there is no such relation */
    RelationDescriptor load(int oid) {
        CatalogRow row = finder.one(Finder.CLASS_OID, oid);
        if (row == null) {
            return null;
        }
        RelationKind kind = RelationKind.of(row.character(PgClass.RELKIND));
        boolean table = kind != RelationKind.INDEX && kind != RelationKind.PARTITIONED_INDEX;
        SchemaDescriptor schema = reader.schema(row.integer(PgClass.RELNAMESPACE));
        List<ColumnDescriptor> columns = columns(oid);
        List<ConstraintDescriptor> constraints = table ? constraints(Finder.CONSTRAINT_RELATION, oid) : List.of();
        return new RelationDescriptor(oid, schema == null ? "" : schema.name(), row.integer(PgClass.RELNAMESPACE),
                row.text(PgClass.RELNAME), kind, storage(row, kind), row.integer(PgClass.RELTYPE),
                row.integer(PgClass.RELOFTYPE), row.integer(PgClass.RELAM), row.integer(PgClass.RELTABLESPACE),
                columns, table ? indexes(oid, columns, constraints) : List.of(), constraints,
                table ? referencedBy(oid) : List.of(), row.integer(PgClass.RELTOASTRELID),
                row.integer(PgClass.RELOWNER), row.texts(PgClass.RELACL), row.character(PgClass.RELPERSISTENCE),
                row.bool(PgClass.RELISSHARED), row.character(PgClass.RELREPLIDENT), row.bool(PgClass.RELHASRULES),
                row.bool(PgClass.RELHASTRIGGERS), row.bool(PgClass.RELROWSECURITY),
                row.bool(PgClass.RELFORCEROWSECURITY), row.bool(PgClass.RELHASSUBCLASS),
                row.bool(PgClass.RELISPOPULATED), row.bool(PgClass.RELISPARTITION), table ? parents(oid) : List.of(),
                row.texts(PgClass.RELOPTIONS), viewDefinition(oid, kind), row.integer(PgClass.RELPAGES),
                row.number(PgClass.RELTUPLES), row.integer(PgClass.RELALLVISIBLE), reader.handle(oid));
    }

    private RelationId storage(CatalogRow row, RelationKind kind) {
        int file = row.integer(PgClass.RELFILENODE);
        if (!kind.hasStorage() || file == 0) {
            return null;
        }
        return new RelationId(row.bool(PgClass.RELISSHARED) ? 0 : reader.databaseOid(), file);
    }

    private List<ColumnDescriptor> columns(int relationOid) {
        Map<Integer, String> defaults = new HashMap<>();
        for (CatalogRow row : finder.byOid(Finder.ATTRDEF, relationOid)) {
            defaults.put(row.integer(PgAttrdef.ADNUM), row.text(PgAttrdef.ADBIN));
        }
        List<ColumnDescriptor> columns = new ArrayList<>();
        for (CatalogRow row : finder.byOid(Finder.ATTRIBUTE, relationOid)) {
            if (row.integer(PgAttribute.ATTNUM) > 0) {
                columns.add(column(row, defaults.get(row.integer(PgAttribute.ATTNUM))));
            }
        }
        columns.sort(Comparator.comparingInt(ColumnDescriptor::attnum));
        return List.copyOf(columns);
    }

    private ColumnDescriptor column(CatalogRow row, String defaultExpression) {
        boolean dropped = row.bool(PgAttribute.ATTISDROPPED);
        PgType type = dropped ? placeholder(row.integer(PgAttribute.ATTLEN))
                : reader.requireType(row.integer(PgAttribute.ATTTYPID));
        Object missing = row.value(PgAttribute.ATTMISSINGVAL);
        return new ColumnDescriptor(row.text(PgAttribute.ATTNAME), row.integer(PgAttribute.ATTNUM), type,
                row.integer(PgAttribute.ATTTYPMOD), row.integer(PgAttribute.ATTCOLLATION),
                row.bool(PgAttribute.ATTNOTNULL), defaultExpression, row.character(PgAttribute.ATTIDENTITY),
                row.character(PgAttribute.ATTGENERATED), dropped, row.bool(PgAttribute.ATTHASMISSING),
                missing == null ? null : StoredArrays.element((ArrayValue) missing, 0, type),
                row.character(PgAttribute.ATTSTORAGE), row.character(PgAttribute.ATTCOMPRESSION),
                row.integer(PgAttribute.ATTSTATTARGET), row.bool(PgAttribute.ATTISLOCAL),
                row.integer(PgAttribute.ATTINHCOUNT), row.texts(PgAttribute.ATTACL),
                row.texts(PgAttribute.ATTOPTIONS));
    }

    /** A type that is stored like the one a dropped column had; {@code attlen} of such a column is the stored width. */
    private static PgType placeholder(int width) {
        return switch (width) {
            case 1 -> BuiltinTypes.BOOL;
            case 2 -> BuiltinTypes.INT2;
            case 4 -> BuiltinTypes.INT4;
            case 6 -> BuiltinTypes.get(Oids.TID);
            case 8 -> BuiltinTypes.INT8;
            case 12 -> BuiltinTypes.TIMETZ;
            case 16 -> BuiltinTypes.UUID;
            default -> BuiltinTypes.BYTEA;
        };
    }

    private List<IndexDescriptor> indexes(int tableOid, List<ColumnDescriptor> columns,
            List<ConstraintDescriptor> constraints) {
        List<IndexDescriptor> indexes = new ArrayList<>();
        for (CatalogRow row : finder.byOid(Finder.INDEX_TABLE, tableOid)) {
            CatalogRow relation = finder.one(Finder.CLASS_OID, row.integer(PgIndex.INDEXRELID));
            if (relation != null) {
                indexes.add(index(row, relation, columns, constraints));
            }
        }
        indexes.sort(Comparator.comparing((IndexDescriptor i) -> !i.primary()).thenComparing(IndexDescriptor::name));
        return List.copyOf(indexes);
    }

    private IndexDescriptor index(CatalogRow row, CatalogRow relation, List<ColumnDescriptor> tableColumns,
            List<ConstraintDescriptor> constraints) {
        int oid = row.integer(PgIndex.INDEXRELID);
        int constraintOid = 0;
        for (ConstraintDescriptor constraint : constraints) {
            if (constraint.indexOid() == oid && !constraint.isForeignKey()) {
                constraintOid = constraint.oid();
            }
        }
        List<IndexColumn> all = indexColumns(row, columnRows(oid), tableColumns);
        int keys = row.integer(PgIndex.INDNKEYATTS);
        return new IndexDescriptor(oid, relation.text(PgClass.RELNAME), relation.integer(PgClass.RELNAMESPACE),
                row.integer(PgIndex.INDRELID), storage(relation, RelationKind.INDEX), relation.integer(PgClass.RELAM),
                List.copyOf(all.subList(0, keys)), List.copyOf(all.subList(keys, all.size())),
                row.bool(PgIndex.INDISUNIQUE), row.bool(PgIndex.INDISPRIMARY),
                row.bool(PgIndex.INDNULLSNOTDISTINCT), row.bool(PgIndex.INDISEXCLUSION),
                !row.bool(PgIndex.INDIMMEDIATE), row.bool(PgIndex.INDISCLUSTERED), row.bool(PgIndex.INDISREPLIDENT),
                row.text(PgIndex.INDPRED), constraintOid, row.bool(PgIndex.INDISVALID), row.bool(PgIndex.INDISREADY),
                relation.integer(PgClass.RELTABLESPACE), relation.texts(PgClass.RELOPTIONS));
    }

    private List<CatalogRow> columnRows(int relationOid) {
        List<CatalogRow> rows = new ArrayList<>(finder.byOid(Finder.ATTRIBUTE, relationOid));
        rows.removeIf(row -> row.integer(PgAttribute.ATTNUM) <= 0);
        rows.sort(Comparator.comparingInt(row -> row.integer(PgAttribute.ATTNUM)));
        return rows;
    }

    private List<IndexColumn> indexColumns(CatalogRow index, List<CatalogRow> columnRows,
            List<ColumnDescriptor> tableColumns) {
        int[] attnums = index.integers(PgIndex.INDKEY);
        int[] classes = index.integers(PgIndex.INDCLASS);
        int[] collations = index.integers(PgIndex.INDCOLLATION);
        int[] options = index.integers(PgIndex.INDOPTION);
        List<String> expressions = ExpressionLists.split(index.text(PgIndex.INDEXPRS));
        int nextExpression = 0;
        List<IndexColumn> columns = new ArrayList<>();
        for (int i = 0; i < attnums.length; i++) {
            CatalogRow column = columnRows.get(i);
            boolean key = i < classes.length;
            OperatorClassDescriptor opclass = key ? reader.operatorClass(classes[i]) : null;
            // pg_attribute says cstring for an index over a name column; keys are made from the table's values.
            PgType type = attnums[i] > 0 ? tableColumns.get(attnums[i] - 1).type()
                    : reader.requireType(column.integer(PgAttribute.ATTTYPID));
            columns.add(new IndexColumn(attnums[i], attnums[i] == 0 ? expressions.get(nextExpression++) : null,
                    column.text(PgAttribute.ATTNAME), type,
                    column.integer(PgAttribute.ATTTYPMOD), key ? collations[i] : 0, key ? classes[i] : 0,
                    opclass == null ? 0 : opclass.familyOid(), key && (options[i] & OPTION_DESC) != 0,
                    key && (options[i] & OPTION_NULLS_FIRST) != 0));
        }
        return columns;
    }

    List<ConstraintDescriptor> constraints(io.quantadb.catalog.table.CatalogIndex index, int ownerOid) {
        List<ConstraintDescriptor> constraints = new ArrayList<>();
        for (CatalogRow row : finder.byOid(index, ownerOid)) {
            constraints.add(constraint(row));
        }
        constraints.sort(Comparator.comparing(ConstraintDescriptor::name));
        return List.copyOf(constraints);
    }

    ConstraintDescriptor loadConstraint(int oid) {
        CatalogRow row = finder.one(Finder.CONSTRAINT_OID, oid);
        return row == null ? null : constraint(row);
    }

    private static ConstraintDescriptor constraint(CatalogRow row) {
        boolean foreign = row.character(PgConstraint.CONTYPE) == 'f';
        return new ConstraintDescriptor(row.integer(PgConstraint.OID), row.text(PgConstraint.CONNAME),
                row.integer(PgConstraint.CONNAMESPACE), row.character(PgConstraint.CONTYPE),
                row.bool(PgConstraint.CONDEFERRABLE), row.bool(PgConstraint.CONDEFERRED),
                row.bool(PgConstraint.CONVALIDATED), row.integer(PgConstraint.CONRELID),
                row.integer(PgConstraint.CONTYPID), row.integer(PgConstraint.CONINDID),
                row.integerList(PgConstraint.CONKEY), row.integer(PgConstraint.CONFRELID),
                row.integerList(PgConstraint.CONFKEY), foreign ? row.character(PgConstraint.CONFUPDTYPE) : 0,
                foreign ? row.character(PgConstraint.CONFDELTYPE) : 0,
                foreign ? row.character(PgConstraint.CONFMATCHTYPE) : 0, row.integerList(PgConstraint.CONPFEQOP),
                row.integerList(PgConstraint.CONFDELSETCOLS), row.bool(PgConstraint.CONISLOCAL),
                row.integer(PgConstraint.CONINHCOUNT), row.bool(PgConstraint.CONNOINHERIT),
                row.integer(PgConstraint.CONPARENTID), row.text(PgConstraint.CONBIN));
    }

    /**
     * Foreign keys that point to a table. No index leads from confrelid; each depends on the table's columns, though.
     */
    private List<ConstraintDescriptor> referencedBy(int tableOid) {
        Set<Integer> candidates = new HashSet<>();
        for (CatalogRow row : finder.find(Finder.DEPEND_REFERENCE, (long) PgClass.TABLE, (long) tableOid)) {
            if (row.integer(PgDepend.CLASSID) == PgConstraint.TABLE) {
                candidates.add(row.integer(PgDepend.OBJID));
            }
        }
        List<ConstraintDescriptor> result = new ArrayList<>();
        for (int oid : candidates) {
            ConstraintDescriptor constraint = loadConstraint(oid);
            if (constraint != null && constraint.isForeignKey() && constraint.referencedTableOid() == tableOid) {
                result.add(constraint);
            }
        }
        result.sort(Comparator.comparing(ConstraintDescriptor::name).thenComparing(ConstraintDescriptor::oid));
        return List.copyOf(result);
    }

    private List<Integer> parents(int oid) {
        List<CatalogRow> rows = new ArrayList<>(finder.byOid(Finder.INHERITS_CHILD, oid));
        rows.sort(Comparator.comparingInt(row -> row.integer(PgInherits.INHSEQNO)));
        return rows.stream().map(row -> row.integer(PgInherits.INHPARENT)).toList();
    }

    private String viewDefinition(int oid, RelationKind kind) {
        if (kind != RelationKind.VIEW && kind != RelationKind.MATERIALIZED_VIEW) {
            return null;
        }
        CatalogRow row = finder.one(Finder.REWRITE, (long) oid, "_RETURN");
        return row == null ? null : row.text(PgRewrite.EV_ACTION);
    }

    /** @return 0 if the oid is no index */
    int tableOfIndex(int indexOid) {
        CatalogRow row = finder.one(Finder.INDEX_OID, indexOid);
        return row == null ? 0 : row.integer(PgIndex.INDRELID);
    }

    List<Integer> children(int oid) {
        return finder.byOid(Finder.INHERITS_PARENT, oid).stream().map(row -> row.integer(PgInherits.INHRELID))
                .sorted().toList();
    }

    SequenceDescriptor sequence(int oid) {
        CatalogRow row = finder.one(Finder.SEQUENCE, oid);
        return row == null ? null : new SequenceDescriptor(oid, row.integer(PgSequence.SEQTYPID),
                row.bigint(PgSequence.SEQSTART), row.bigint(PgSequence.SEQINCREMENT), row.bigint(PgSequence.SEQMIN),
                row.bigint(PgSequence.SEQMAX), row.bigint(PgSequence.SEQCACHE), row.bool(PgSequence.SEQCYCLE));
    }

    int ownedSequence(int relationOid, int attnum) {
        for (CatalogRow row : finder.find(Finder.DEPEND_REFERENCE, (long) PgClass.TABLE, (long) relationOid,
                (long) attnum)) {
            char type = row.character(PgDepend.DEPTYPE);
            if (row.integer(PgDepend.CLASSID) == PgClass.TABLE && (type == 'a' || type == 'i')
                    && finder.one(Finder.SEQUENCE, row.integer(PgDepend.OBJID)) != null) {
                return row.integer(PgDepend.OBJID);
            }
        }
        return 0;
    }

    ColumnStatistics statistics(int relationOid, int attnum) {
        CatalogRow row = finder.one(Finder.STATISTIC, (long) relationOid, (long) attnum, false);
        if (row == null) {
            return null;
        }
        ArrayValue values = null;
        double[] frequencies = null;
        ArrayValue histogram = null;
        double correlation = Double.NaN;
        for (int slot = 0; slot < STATISTIC_SLOTS; slot++) {
            ArrayValue numbers = (ArrayValue) row.value(PgStatistic.STANUMBERS1 + slot);
            ArrayValue slotValues = (ArrayValue) row.value(PgStatistic.STAVALUES1 + slot);
            switch (row.integer(PgStatistic.STAKIND1 + slot)) {
                case STATISTIC_MCV -> {
                    values = slotValues;
                    frequencies = new double[numbers.size()];
                    for (int i = 0; i < frequencies.length; i++) {
                        frequencies[i] = (Double) numbers.get(i);
                    }
                }
                case STATISTIC_HISTOGRAM -> histogram = slotValues;
                case STATISTIC_CORRELATION -> correlation = (Double) numbers.get(0);
                default -> {
                    // Element statistics of arrays and ranges are not used.
                }
            }
        }
        return new ColumnStatistics(row.number(PgStatistic.STANULLFRAC), row.integer(PgStatistic.STAWIDTH),
                row.number(PgStatistic.STADISTINCT), values, frequencies, histogram, correlation);
    }
}
