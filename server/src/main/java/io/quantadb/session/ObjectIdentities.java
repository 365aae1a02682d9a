package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.ObjectDescriptions;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgConstraint;
import io.quantadb.catalog.table.SystemColumns.PgDatabase;
import io.quantadb.catalog.table.SystemColumns.PgNamespace;
import io.quantadb.catalog.table.SystemColumns.PgProc;
import io.quantadb.catalog.table.SystemColumns.PgType;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What {@code pg_identify_object} says of an object: the kind, schema and name, and a name that is unique whatever the
 * search path is. Confined to the session's thread.
 */
final class ObjectIdentities {
    private final CatalogReader catalog;
    private final ObjectDescriptions descriptions;

    ObjectIdentities(CatalogReader catalog, ObjectDescriptions descriptions) {
        this.catalog = catalog;
        this.descriptions = descriptions;
    }

    /** @return type, schema, name, identity; null if there is no such object */
    Object[] identify(int classOid, int oid, int subId) {
        switch (classOid) {
            case PgClass.TABLE -> {
                return relation(catalog.relation(oid), subId);
            }
            case PgType.TABLE -> {
                TypeDescriptor type = catalog.type(oid);
                return type == null ? null : new Object[] {"type", CatalogDefinitions.quote(type.schemaName()),
                    CatalogDefinitions.quote(type.name()), "pg_catalog".equals(type.schemaName())
                        ? TypeNames.format(catalog, oid, -1, false)
                        : CatalogDefinitions.qualified(type.schemaName(), type.name())};
            }
            case PgProc.TABLE -> {
                FunctionDescriptor function = catalog.function(oid);
                return function == null ? null : new Object[] {
                    function.isAggregate() ? "aggregate" : function.isProcedure() ? "procedure" : "function",
                    function.schemaName(), null, CatalogDefinitions.qualified(function.schemaName(), function.name())
                        + Arrays.stream(function.argTypes()).mapToObj(t -> catalog.formatType(t, -1))
                            .collect(Collectors.joining(",", "(", ")"))};
            }
            case PgNamespace.TABLE -> {
                SchemaDescriptor schema = catalog.schema(oid);
                return schema == null ? null : plain("schema", schema.name());
            }
            case PgAuthid.TABLE -> {
                RoleDescriptor role = catalog.role(oid);
                return role == null ? null : plain("role", role.name());
            }
            case PgDatabase.TABLE -> {
                DatabaseDescriptor database = catalog.database(oid);
                return database == null ? null : plain("database", database.name());
            }
            case PgConstraint.TABLE -> {
                return constraint(catalog.constraint(oid));
            }
            default -> {
                String text = descriptions.describe(ObjectAddress.of(classOid, oid));
                return text == null ? null : new Object[] {text.substring(0, text.indexOf(' ')), null, null,
                    text.substring(text.indexOf(' ') + 1)};
            }
        }
    }

    private static Object[] plain(String kind, String name) {
        String quoted = CatalogDefinitions.quote(name);
        return new Object[] {kind, null, quoted, quoted};
    }

    private static Object[] relation(RelationDescriptor relation, int subId) {
        if (relation == null || subId > relation.columns().size()) {
            return null;
        }
        String identity = CatalogDefinitions.qualified(relation.schemaName(), relation.name());
        String kind = relation.kind().noun();
        return subId > 0
            ? new Object[] {kind + " column", CatalogDefinitions.quote(relation.schemaName()),
                CatalogDefinitions.quote(relation.name()),
                identity + "." + CatalogDefinitions.quote(relation.column(subId).name())}
            : new Object[] {kind, CatalogDefinitions.quote(relation.schemaName()),
                CatalogDefinitions.quote(relation.name()), identity};
    }

    private Object[] constraint(ConstraintDescriptor constraint) {
        if (constraint == null) {
            return null;
        }
        boolean domain = constraint.tableOid() == 0;
        String owner;
        if (domain) {
            TypeDescriptor type = catalog.type(constraint.domainOid());
            owner = CatalogDefinitions.qualified(type.schemaName(), type.name());
        } else {
            RelationDescriptor table = catalog.relation(constraint.tableOid());
            owner = CatalogDefinitions.qualified(table.schemaName(), table.name());
        }
        return new Object[] {domain ? "domain constraint" : "table constraint",
            CatalogDefinitions.quote(catalog.schema(constraint.schemaOid()).name()), null,
            CatalogDefinitions.quote(constraint.name()) + " on " + owner};
    }
}
