package io.quantadb.session.info;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.SessionFunctions;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code has_table_privilege} and its siblings. Each exists for the current role, a role by name and one by oid, and for objects by name and by oid, which is what the implementation names' suffixes say.
 */
public final class PrivilegeFunctions implements FunctionRegistry.Library {
    private static final Map<String, Privilege> NAMES = Map.ofEntries(Map.entry("select", Privilege.SELECT),
        Map.entry("insert", Privilege.INSERT), Map.entry("update", Privilege.UPDATE), Map.entry("delete", Privilege.DELETE),
        Map.entry("truncate", Privilege.TRUNCATE), Map.entry("references", Privilege.REFERENCES),
        Map.entry("trigger", Privilege.TRIGGER), Map.entry("usage", Privilege.USAGE), Map.entry("create", Privilege.CREATE),
        Map.entry("connect", Privilege.CONNECT), Map.entry("temporary", Privilege.TEMPORARY),
        Map.entry("temp", Privilege.TEMPORARY), Map.entry("execute", Privilege.EXECUTE));

    /** Looks an object up by the argument and tells which of the wanted rights are held; null if there is no such object. */
    private interface Check {
        Integer held(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted);
    }

    @Override
    public void register(FunctionRegistry.Builder registry) {
        family(registry, "has_table_privilege", PrivilegeFunctions::onRelation);
        family(registry, "has_sequence_privilege", PrivilegeFunctions::onRelation);
        family(registry, "has_any_column_privilege", PrivilegeFunctions::onAnyColumn);
        family(registry, "has_schema_privilege", PrivilegeFunctions::onSchema);
        family(registry, "has_database_privilege", PrivilegeFunctions::onDatabase);
        family(registry, "has_function_privilege", PrivilegeFunctions::onFunction);
        family(registry, "has_type_privilege", PrivilegeFunctions::onType);
        family(registry, "has_language_privilege", (catalog, context, role, object, wanted) -> wanted);
        family(registry, "has_tablespace_privilege", (catalog, context, role, object, wanted) -> wanted);
        columns(registry);
        for (String suffix : new String[] {"_name", "_id"}) {
            registry.fn2("pg_has_role" + suffix, (c, role, kind) -> hasRole(c, current(c), role, (String) kind));
            for (String user : new String[] {"_name", "_id"}) {
                registry.fn3("pg_has_role" + user + suffix, (c, who, role, kind) -> hasRole(c, role(c, who), role, (String) kind));
            }
        }
    }

    private static void family(FunctionRegistry.Builder registry, String name, Check check) {
        for (String object : new String[] {"_name", "_id"}) {
            registry.fn2(name + object, (c, what, privileges) -> test(c, current(c), what, (String) privileges, check));
            for (String user : new String[] {"_name", "_id"}) {
                registry.fn3(name + user + object, (c, who, what, privileges) -> test(c, role(c, who), what, (String) privileges, check));
            }
        }
    }

    private static void columns(FunctionRegistry.Builder registry) {
        for (String table : new String[] {"_name", "_id"}) {
            for (String column : new String[] {"_name", "_attnum"}) {
                registry.fn3("has_column_privilege" + table + column, (c, what, which, privileges) ->
                    test(c, current(c), what, (String) privileges, onColumn(which)));
                for (String user : new String[] {"_name", "_id"}) {
                    registry.fnN("has_column_privilege" + user + table + column, (c, a) ->
                        test(c, role(c, a[0]), a[1], (String) a[3], onColumn(a[2])));
                }
            }
        }
    }

    private static CatalogReader catalog(FunctionContext context) {
        return SessionFunctions.sessionOf(context).catalog();
    }

    private static int current(FunctionContext context) {
        return SessionFunctions.sessionOf(context).roleOid();
    }

    private static int role(FunctionContext context, Object who) {
        if (who instanceof Long oid) {
            return oid.intValue();
        }
        RoleDescriptor role = catalog(context).role((String) who);
        if (role == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + who + "\" does not exist");
        }
        return role.oid();
    }

    /** Several privileges separated by commas: whether any of them is held. */
    private static Object test(FunctionContext context, int role, Object object, String privileges, Check check) {
        RoleDescriptor descriptor = catalog(context).role(role);
        boolean superuser = descriptor != null && descriptor.superuser();
        boolean any = false;
        for (String part : privileges.split(",")) {
            String word = part.trim().toLowerCase(Locale.ROOT);
            String plain = word.endsWith(" with grant option") ? word.substring(0, word.length() - 18) : word;
            Privilege privilege = NAMES.get(plain);
            if (privilege == null) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"" + part.trim() + "\"");
            }
            Integer held = check.held(catalog(context), context, role, object, privilege.bit());
            if (held == null) {
                return null;
            }
            any |= superuser || held != 0;
        }
        return any;
    }

    private static RelationDescriptor relation(CatalogReader catalog, FunctionContext context, Object object) {
        long oid = object instanceof Long number ? number : context.text().names().oidOf(Oids.REGCLASS, (String) object);
        return catalog.relation((int) oid);
    }

    private static Integer onRelation(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        RelationDescriptor relation = relation(catalog, context, object);
        return relation == null ? null : Privileges.onRelation(catalog, role, relation, wanted);
    }

    private static Integer onAnyColumn(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        RelationDescriptor relation = relation(catalog, context, object);
        if (relation == null) {
            return null;
        }
        int held = Privileges.onRelation(catalog, role, relation, wanted);
        for (ColumnDescriptor column : relation.liveColumns()) {
            held |= Privileges.onColumn(catalog, role, relation, column.attnum(), wanted);
        }
        return held;
    }

    private static Check onColumn(Object which) {
        return (catalog, context, role, object, wanted) -> {
            RelationDescriptor relation = relation(catalog, context, object);
            if (relation == null) {
                return null;
            }
            ColumnDescriptor column = which instanceof Long number
                ? number > 0 && number <= relation.columns().size() ? relation.column(number.intValue()) : null
                : relation.column((String) which);
            if (column == null && which instanceof String name) {
                throw new SqlException(SqlState.UNDEFINED_COLUMN,
                    "column \"" + name + "\" of relation \"" + relation.name() + "\" does not exist");
            }
            return column == null ? null : (Integer) Privileges.onColumn(catalog, role, relation, column.attnum(), wanted);
        };
    }

    private static Integer onSchema(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        SchemaDescriptor schema = object instanceof Long oid ? catalog.schema(oid.intValue()) : catalog.schema((String) object);
        if (schema == null && object instanceof String name) {
            throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist");
        }
        return schema == null ? null : Privileges.onSchema(catalog, role, schema, wanted);
    }

    private static Integer onDatabase(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        DatabaseDescriptor database = object instanceof Long oid ? catalog.database(oid.intValue()) : catalog.database((String) object);
        if (database == null && object instanceof String name) {
            throw new SqlException(SqlState.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
        }
        return database == null ? null : Privileges.onDatabase(catalog, role, database, wanted);
    }

    private static Integer onFunction(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        long oid = object instanceof Long number ? number : context.text().names().oidOf(Oids.REGPROCEDURE, (String) object);
        FunctionDescriptor function = catalog.function((int) oid);
        return function == null ? null : Privileges.onFunction(catalog, role, function, wanted);
    }

    private static Integer onType(CatalogReader catalog, FunctionContext context, int role, Object object, int wanted) {
        long oid = object instanceof Long number ? number : context.text().names().oidOf(Oids.REGTYPE, (String) object);
        TypeDescriptor type = catalog.type((int) oid);
        return type == null ? null : Privileges.onType(catalog, role, type, wanted);
    }

    private static Object hasRole(FunctionContext context, int who, Object role, String kinds) {
        CatalogReader catalog = catalog(context);
        int target = role(context, role);
        RoleDescriptor descriptor = catalog.role(who);
        if (descriptor != null && descriptor.superuser()) {
            return true;
        }
        List<String> words = new ArrayList<>();
        for (String kind : kinds.split(",")) {
            words.add(kind.trim().toLowerCase(Locale.ROOT));
        }
        boolean usage = words.stream().anyMatch(w -> w.startsWith("usage")) && catalog.inheritedRoles(who).contains(target);
        boolean member = words.stream().anyMatch(w -> w.startsWith("member")) && catalog.isMemberOf(who, target);
        return usage || member;
    }
}
