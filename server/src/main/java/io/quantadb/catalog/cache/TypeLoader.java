package io.quantadb.catalog.cache;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.TypeDescriptor.EnumLabel;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.SystemColumns.PgEnum;
import io.quantadb.catalog.table.SystemColumns.PgRange;
import io.quantadb.catalog.table.SystemColumns.PgType;
import io.quantadb.error.SqlException;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.EnumLabels;
import io.quantadb.types.RowFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds types from catalog rows. Confined to its reader's thread. */
final class TypeLoader {
    private final Finder finder;
    private final CachedCatalogReader reader;
    private final RelationLoader relations;

    TypeLoader(Finder finder, CachedCatalogReader reader, RelationLoader relations) {
        this.finder = finder;
        this.reader = reader;
        this.relations = relations;
    }

    /** @return null if there is no such type */
    TypeDescriptor load(int oid) {
        CatalogRow row = finder.one(Finder.TYPE_OID, oid);
        if (row == null) {
            return null;
        }
        char typtype = row.character(PgType.TYPTYPE);
        SchemaDescriptor schema = reader.schema(row.integer(PgType.TYPNAMESPACE));
        int subtype = 0;
        int range = 0;
        if (typtype == 'r' || typtype == 'm') {
            CatalogRow rangeRow = finder.one(typtype == 'r' ? Finder.RANGE : Finder.MULTIRANGE, oid);
            subtype = rangeRow.integer(PgRange.RNGSUBTYPE);
            range = rangeRow.integer(typtype == 'r' ? PgRange.RNGMULTITYPID : PgRange.RNGTYPID);
        }
        return new TypeDescriptor(reader.requireType(oid), row.integer(PgType.TYPNAMESPACE),
                schema == null ? "" : schema.name(), row.integer(PgType.TYPOWNER), row.integer(PgType.TYPRELID),
                row.integer(PgType.TYPBASETYPE), row.integer(PgType.TYPTYPMOD), row.bool(PgType.TYPNOTNULL),
                typtype == 'd' ? row.text(PgType.TYPDEFAULTBIN) : row.text(PgType.TYPDEFAULT),
                row.integer(PgType.TYPCOLLATION), typtype == 'd' ? domainConstraints(oid) : List.of(),
                typtype == 'e' ? enumLabels(oid) : List.of(), fields(row), subtype, range,
                row.bool(PgType.TYPISDEFINED), row.texts(PgType.TYPACL));
    }

    private List<ConstraintDescriptor> domainConstraints(int oid) {
        return relations.constraints(Finder.CONSTRAINT_TYPE, oid);
    }

    private List<EnumLabel> enumLabels(int oid) {
        List<EnumLabel> labels = new ArrayList<>();
        for (CatalogRow row : finder.byOid(Finder.ENUM_TYPE, oid)) {
            labels.add(new EnumLabel(row.integer(PgEnum.OID), row.text(PgEnum.ENUMLABEL),
                    (float) row.number(PgEnum.ENUMSORTORDER)));
        }
        labels.sort(Comparator.comparing(EnumLabel::sortOrder));
        return List.copyOf(labels);
    }

    private List<ColumnDescriptor> fields(CatalogRow row) {
        int relationOid = row.integer(PgType.TYPRELID);
        if (relationOid == 0) {
            return List.of();
        }
        RelationDescriptor relation = reader.relation(relationOid);
        return relation == null ? List.of() : relation.liveColumns();
    }

    /** The value type of a type that is not built into the program; null if there is no such type. */
    io.quantadb.types.PgType loadValueType(int oid) {
        CatalogRow row = finder.one(Finder.TYPE_OID, oid);
        if (row == null) {
            return null;
        }
        String name = row.text(PgType.TYPNAME);
        int arrayOid = row.integer(PgType.TYPARRAY);
        return switch (row.character(PgType.TYPTYPE)) {
            case 'e' -> io.quantadb.types.PgType.enumType(oid, name, arrayOid, new Labels(enumLabels(oid)));
            case 'd' -> io.quantadb.types.PgType.domainType(oid, name, arrayOid,
                    reader.requireType(row.integer(PgType.TYPBASETYPE)));
            case 'c' -> io.quantadb.types.PgType.compositeType(oid, name, arrayOid, new Fields(fields(row)));
            case 'p' -> BuiltinTypes.UNKNOWN;
            default -> {
                int element = row.integer(PgType.TYPELEM);
                if (element == 0 || row.character(PgType.TYPCATEGORY) != 'A') {
                    throw SqlException.notSupported("type \"" + name + "\" is of a kind this server does not have");
                }
                yield io.quantadb.types.PgType.arrayType(oid, name, reader.requireType(element));
            }
        };
    }

    private static final class Labels implements EnumLabels {
        private final Map<Long, EnumLabel> byOid = new HashMap<>();
        private final Map<String, EnumLabel> byName = new HashMap<>();

        Labels(List<EnumLabel> labels) {
            for (EnumLabel label : labels) {
                byOid.put((long) label.oid(), label);
                byName.put(label.label(), label);
            }
        }

        @Override
        public String label(long oid) {
            EnumLabel label = byOid.get(oid);
            return label == null ? null : label.label();
        }

        @Override
        public long oid(String name) {
            EnumLabel label = byName.get(name);
            return label == null ? -1 : label.oid();
        }

        @Override
        public float sortOrder(long oid) {
            return byOid.get(oid).sortOrder();
        }
    }

    private record Fields(List<ColumnDescriptor> columns) implements RowFields {
        @Override
        public int count() {
            return columns.size();
        }

        @Override
        public io.quantadb.types.PgType type(int field) {
            return columns.get(field).type();
        }

        @Override
        public int typmod(int field) {
            return columns.get(field).typmod();
        }

        @Override
        public String name(int field) {
            return columns.get(field).name();
        }
    }
}
