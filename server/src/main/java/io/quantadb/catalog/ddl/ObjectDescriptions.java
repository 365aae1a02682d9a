package io.quantadb.catalog.ddl;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.Identifiers;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.OperatorFamilyDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgAttrdef;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgCast;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgCollation;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgDefaultAcl;
import io.quantadb.catalog.table.SystemColumns.PgExtension;
import io.quantadb.catalog.table.SystemColumns.PgLanguage;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.catalog.table.SystemColumns.PgOpclass;
import io.quantadb.catalog.table.SystemColumns.PgOperator;
import io.quantadb.catalog.table.SystemColumns.PgOpfamily;
import io.quantadb.catalog.table.SystemColumns.PgPolicy;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgPublication;
import io.quantadb.catalog.table.SystemColumns.PgRewrite;
import io.quantadb.catalog.table.SystemColumns.PgStatisticExt;
import io.quantadb.catalog.table.SystemColumns.PgTablespace;
import io.quantadb.catalog.table.SystemColumns.PgTrigger;
import io.quantadb.catalog.table.SystemColumns.PgType;
import java.util.StringJoiner;

/**
 * What messages call an object: {@code column a of table t}, as {@code pg_describe_object}. Names are qualified where
 * the search path would not find them.
 */
public final class ObjectDescriptions {
    private final CatalogReader reader;
    private final CatalogStore store;

    public ObjectDescriptions(CatalogReader reader, CatalogStore store) {
        this.reader = reader;
        this.store = store;
    }

    /** @return null if there is no such object */
    public String describe(ObjectAddress object) {
        int oid = object.objectOid();
        return switch (object.classOid()) {
            case PgClass.TABLE -> relation(oid, object.subId());
            case PgProc.TABLE -> {
                FunctionDescriptor function = reader.function(oid);
                yield function == null ? null : "function " + signature(function);
            }
            case PgType.TABLE -> reader.pgType(oid) == null ? null
                    : "type " + TypeNames.format(reader, oid, -1, false);
            case PgCast.TABLE -> cast(oid);
            case PgCollation.TABLE -> named(object, "collation", PgCollation.COLLNAME);
            case PgConstraint.TABLE -> constraint(oid);
            case PgAttrdef.TABLE -> attributeDefault(oid);
            case PgLanguage.TABLE -> named(object, "language", PgLanguage.LANNAME);
            case PgOperator.TABLE -> operator(oid);
            case PgOpclass.TABLE -> operatorClass(oid);
            case PgOpfamily.TABLE -> operatorFamily(oid);
            case PgRewrite.TABLE -> onRelation(object, "rule", PgRewrite.RULENAME, PgRewrite.EV_CLASS);
            case PgTrigger.TABLE -> onRelation(object, "trigger", PgTrigger.TGNAME, PgTrigger.TGRELID);
            case PgPolicy.TABLE -> onRelation(object, "policy", PgPolicy.POLNAME, PgPolicy.POLRELID);
            case PgNamespace.TABLE -> {
                SchemaDescriptor schema = reader.schema(oid);
                yield schema == null ? null : "schema " + schema.name();
            }
            case PgAuthid.TABLE -> {
                RoleDescriptor role = reader.role(oid);
                yield role == null ? null : "role " + role.name();
            }
            case PgDatabase.TABLE -> named(object, "database", PgDatabase.DATNAME);
            case PgTablespace.TABLE -> named(object, "tablespace", PgTablespace.SPCNAME);
            case PgExtension.TABLE -> named(object, "extension", PgExtension.EXTNAME);
            case PgPublication.TABLE -> named(object, "publication", PgPublication.PUBNAME);
            case PgStatisticExt.TABLE -> named(object, "statistics object", PgStatisticExt.STXNAME);
            case PgDefaultAcl.TABLE -> "default privileges";
            default -> "object " + oid + " of catalog " + object.classOid();
        };
    }

    private CatalogRow row(ObjectAddress object) {
        CatalogTable table = CatalogTables.table(object.classOid());
        CatalogIndex key = table.primaryKey();
        return store.findOne(key, (long) object.objectOid());
    }

    private String named(ObjectAddress object, String noun, int nameColumn) {
        CatalogRow row = row(object);
        return row == null ? null : noun + " " + row.text(nameColumn);
    }

    private String onRelation(ObjectAddress object, String noun, int nameColumn, int relationColumn) {
        CatalogRow row = row(object);
        return row == null ? null
                : noun + " " + row.text(nameColumn) + " on " + relation(row.integer(relationColumn), 0);
    }

    /** {@code table t}, {@code column a of view v}. */
    public String relation(int oid, int attnum) {
        RelationDescriptor relation = reader.relation(oid);
        if (relation == null) {
            return null;
        }
        String text = noun(relation.kind()) + " " + relationName(relation);
        if (attnum == 0) {
            return text;
        }
        return attnum > relation.columns().size() ? null
                : "column " + relation.column(attnum).name() + " of " + text;
    }

    private static String noun(RelationKind kind) {
        return kind == RelationKind.TOAST ? "toast table" : kind.noun();
    }

    /** As regclass prints it. */
    public String relationName(RelationDescriptor relation) {
        return Identifiers.qualified(reader.relationIsVisible(relation.oid()) ? null : relation.schemaName(),
                relation.name());
    }

    /** As regprocedure prints it. */
    public String signature(FunctionDescriptor function) {
        StringJoiner arguments = new StringJoiner(",", "(", ")");
        for (int type : function.argTypes()) {
            arguments.add(TypeNames.format(reader, type, -1, false));
        }
        return Identifiers.qualified(reader.functionIsVisible(function.oid()) ? null : function.schemaName(),
                function.name()) + arguments;
    }

    private String cast(int oid) {
        CatalogRow row = row(ObjectAddress.of(PgCast.TABLE, oid));
        return row == null ? null
                : "cast from " + TypeNames.format(reader, row.integer(PgCast.CASTSOURCE), -1, false) + " to "
                        + TypeNames.format(reader, row.integer(PgCast.CASTTARGET), -1, false);
    }

    private String constraint(int oid) {
        ConstraintDescriptor constraint = reader.constraint(oid);
        if (constraint == null) {
            return null;
        }
        return "constraint " + constraint.name()
                + (constraint.tableOid() == 0 ? "" : " on " + relation(constraint.tableOid(), 0));
    }

    private String attributeDefault(int oid) {
        CatalogRow row = row(ObjectAddress.of(PgAttrdef.TABLE, oid));
        return row == null ? null
                : "default value for " + relation(row.integer(PgAttrdef.ADRELID), row.integer(PgAttrdef.ADNUM));
    }

    private String operator(int oid) {
        OperatorDescriptor operator = reader.operator(oid);
        if (operator == null) {
            return null;
        }
        String left = operator.leftType() == 0 ? "NONE" : TypeNames.format(reader, operator.leftType(), -1, false);
        return "operator " + operator.name() + "(" + left + ","
                + TypeNames.format(reader, operator.rightType(), -1, false) + ")";
    }

    private String operatorClass(int oid) {
        OperatorClassDescriptor opclass = reader.operatorClass(oid);
        return opclass == null ? null
                : "operator class " + opclass.name() + " for access method " + accessMethod(opclass.accessMethod());
    }

    private String operatorFamily(int oid) {
        OperatorFamilyDescriptor family = reader.operatorFamily(oid);
        return family == null ? null
                : "operator family " + family.name() + " for access method " + accessMethod(family.accessMethod());
    }

    private String accessMethod(int oid) {
        CatalogTable table = CatalogTables.table("pg_am");
        CatalogRow row = store.findOne(table.primaryKey(), (long) oid);
        return row == null ? String.valueOf(oid) : row.text(1);
    }
}
