package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.RowValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** System information functions that look into the catalog: definitions, names, visibility, comments, privileges. */
public final class CatalogFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerDefinitions(registry);
        registerVisibility(registry);
        registerNames(registry);
        registerComments(registry);
        registerPrivileges(registry);
        registerMembership(registry);
        registerRelations(registry);
        registerInformationSchema(registry);
    }

    private static CatalogInfo catalog(FunctionContext context) {
        return context.service(CatalogInfo.class);
    }

    private static void registerDefinitions(FunctionRegistry.Builder registry) {
        registry.fn2("format_type", (c, type, typmod) -> type == null ? null : catalog(c).formatType(int4(type),
                typmod == null ? null : (Integer) int4(typmod)));
        registry.fn2("pg_get_expr", (c, expr, relation) -> catalog(c).expression(text(expr), int4(relation), false))
                .fn3("pg_get_expr_ext", (c, expr, r, p) -> catalog(c).expression(text(expr), int4(r), (Boolean) p));
        registry.fn1("pg_get_indexdef", (c, i) -> catalog(c).indexDefinition(int4(i), 0, false))
                .fn3("pg_get_indexdef_ext", (c, i, column, p) -> catalog(c).indexDefinition(int4(i), int4(column),
                        (Boolean) p))
                .fn1("pg_get_constraintdef", (c, k) -> catalog(c).constraintDefinition(int4(k), false))
                .fn2("pg_get_constraintdef_ext", (c, k, p) -> catalog(c).constraintDefinition(int4(k), (Boolean) p))
                .fn1("pg_get_viewdef", (c, v) -> catalog(c).viewDefinition(int4(v), false))
                .fn2("pg_get_viewdef_ext", (c, v, p) -> catalog(c).viewDefinition(int4(v), (Boolean) p))
                .fn2("pg_get_viewdef_wrap", (c, v, w) -> catalog(c).viewDefinition(int4(v), true))
                .fn1("pg_get_viewdef_name", (c, v) -> catalog(c).viewDefinition(table(c, v), false))
                .fn2("pg_get_viewdef_name_ext", (c, v, p) -> catalog(c).viewDefinition(table(c, v), (Boolean) p))
                .fn1("pg_get_functiondef", (c, f) -> catalog(c).functionDefinition(int4(f)))
                .fn1("pg_get_function_arguments", (c, f) -> catalog(c).functionArguments(int4(f), true))
                .fn1("pg_get_function_identity_arguments", (c, f) -> catalog(c).functionArguments(int4(f), false))
                .fn1("pg_get_function_result", (c, f) -> catalog(c).functionResult(int4(f)))
                .fn1("pg_get_function_sqlbody", (c, f) -> catalog(c).functionBody(int4(f)))
                .fn2("pg_get_function_arg_default", (c, f, n) -> catalog(c).functionArgumentDefault(int4(f), int4(n)))
                .fn2("pg_get_serial_sequence", (c, t, column) -> catalog(c).serialSequence(text(t), text(column)))
                .fn1("pg_get_userbyid", (c, r) -> catalog(c).userName(int4(r)));
        // There are no rules but those of views, no user triggers' texts, statistics objects or declarative partitions.
        for (String absent : new String[] {"pg_get_ruledef", "pg_get_triggerdef", "pg_get_statisticsobjdef",
            "pg_get_statisticsobjdef_columns", "pg_get_statisticsobjdef_expressions", "pg_get_partkeydef",
            "pg_get_partition_constraintdef", "pg_get_replica_identity_index"}) {
            registry.fn1(absent, (c, oid) -> null);
        }
        registry.fn2("pg_get_ruledef_ext", (c, oid, p) -> null).fn2("pg_get_triggerdef_ext", (c, oid, p) -> null);
    }

    private static int table(FunctionContext context, Object name) {
        return catalog(context).objectOid(CatalogInfo.Kind.TABLE, text(name));
    }

    private static void registerVisibility(FunctionRegistry.Builder registry) {
        Map.of("table", CatalogInfo.Kind.TABLE, "type", CatalogInfo.Kind.TYPE, "function", CatalogInfo.Kind.FUNCTION,
                "operator", CatalogInfo.Kind.OPERATOR, "opclass", CatalogInfo.Kind.OPCLASS, "opfamily",
                CatalogInfo.Kind.OPFAMILY, "collation", CatalogInfo.Kind.COLLATION).forEach((name, kind) ->
                registry.fn1("pg_" + name + "_is_visible", (c, oid) -> catalog(c).isVisible(kind, int4(oid))));
        for (String name : new String[] {"conversion", "statistics_obj", "ts_config", "ts_dict", "ts_parser",
            "ts_template"}) {
            registry.fn1("pg_" + name + "_is_visible", (c, oid) -> true);
        }
        registry.fn1("pg_is_other_temp_schema", (c, oid) -> false);
        registry.fn0("pg_my_temp_schema", c -> Integer.toUnsignedLong(catalog(c).temporarySchema()));
    }

    private static void registerNames(FunctionRegistry.Builder registry) {
        Object[][] types = {{"to_regclass", Oids.REGCLASS}, {"to_regtype", Oids.REGTYPE}, {"to_regproc", Oids.REGPROC},
            {"to_regprocedure", Oids.REGPROCEDURE}, {"to_regoper", Oids.REGOPER},
            {"to_regoperator", Oids.REGOPERATOR}, {"to_regnamespace", Oids.REGNAMESPACE},
            {"to_regrole", Oids.REGROLE}, {"to_regcollation", Oids.REGCOLLATION}};
        for (Object[] type : types) {
            int oid = (Integer) type[1];
            registry.fn1((String) type[0], (c, name) -> {
                try {
                    long found = c.text().names().oidOf(oid, text(name));
                    return found < 0 ? null : (Long) found;
                } catch (SqlException e) {
                    // The text was well-formed but names nothing: classes 42 and 3F.
                    if (e.code().startsWith("42") && !e.code().equals("42601") || e.code().startsWith("3F")) {
                        return null;
                    }
                    throw e;
                }
            });
        }
        registry.fn1("text_regclass", (c, name) -> c.text().names().oidOf(Oids.REGCLASS, text(name)));
        registry.fn3("pg_describe_object", (c, cls, oid, sub) -> num(cls) == 0 && num(oid) == 0 ? null
                : catalog(c).describe(int4(cls), int4(oid), int4(sub)));
        registry.fn3("pg_identify_object", (c, cls, oid, sub) -> {
            Object[] values = catalog(c).identify(int4(cls), int4(oid), int4(sub));
            return new RowValue(new io.quantadb.types.PgType[] {BuiltinTypes.TEXT, BuiltinTypes.TEXT, BuiltinTypes.TEXT,
                BuiltinTypes.TEXT}, values == null ? new Object[4] : values);
        });
        registry.fn1("pg_collation_actual_version", (c, oid) -> null)
                .fn1("pg_database_collation_actual_version", (c, oid) -> null);
    }

    private static void registerComments(FunctionRegistry.Builder registry) {
        registry.fn2("sql:1215", (c, oid, cls) -> oid == null || cls == null ? null
                : commentOf(c, catalog(c).catalogOid(text(cls)), oid, 0));
        registry.fn1("sql:1348", (c, oid) -> oid == null ? null : commentOf(c, 0, oid, 0));
        registry.fn2("sql:1216", (c, oid, column) -> oid == null || column == null ? null
                : commentOf(c, catalog(c).catalogOid("pg_class"), oid, int4(column)));
        registry.fn2("sql:1993", (c, oid, cls) -> oid == null || cls == null || catalog(c).catalogOid(text(cls)) == 0
                ? null : catalog(c).sharedComment(catalog(c).catalogOid(text(cls)), int4(oid)));
    }

    private static Object commentOf(FunctionContext context, int classOid, Object oid, int sub) {
        return catalog(context).comment(classOid, int4(oid), sub);
    }

    // ---- has_..._privilege

    private static void registerPrivileges(FunctionRegistry.Builder registry) {
        Object[][] families = {{"table", CatalogInfo.Kind.TABLE}, {"sequence", CatalogInfo.Kind.TABLE},
            {"database", CatalogInfo.Kind.DATABASE}, {"function", CatalogInfo.Kind.FUNCTION},
            {"schema", CatalogInfo.Kind.SCHEMA}, {"type", CatalogInfo.Kind.TYPE},
            {"language", CatalogInfo.Kind.LANGUAGE}, {"tablespace", CatalogInfo.Kind.TABLESPACE}};
        for (Object[] family : families) {
            CatalogInfo.Kind kind = (CatalogInfo.Kind) family[1];
            for (String form : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
                registry.fnN("has_" + family[0] + "_privilege_" + form, (c, a) -> {
                    int at = a.length - 2;
                    return catalog(c).hasPrivilege(kind, role(c, at == 0 ? null : a[0]), object(c, kind, a[at]), 0,
                            text(a[at + 1]));
                });
            }
        }
        for (String form : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
            registry.fnN("has_any_column_privilege_" + form, (c, a) -> {
                int at = a.length - 2;
                return catalog(c).hasPrivilege(CatalogInfo.Kind.TABLE, role(c, at == 0 ? null : a[0]),
                        object(c, CatalogInfo.Kind.TABLE, a[at]), -1, text(a[at + 1]));
            });
        }
        for (String form : new String[] {"id_attnum", "id_id_attnum", "id_id_name", "id_name", "id_name_attnum",
            "id_name_name", "name_attnum", "name_id_attnum", "name_id_name", "name_name", "name_name_attnum",
            "name_name_name"}) {
            registry.fnN("has_column_privilege_" + form, (c, a) -> {
                int at = a.length - 3;
                int relation = object(c, CatalogInfo.Kind.TABLE, a[at]);
                int column = a[at + 1] instanceof String name ? catalog(c).columnNumber(relation, name)
                        : int4(a[at + 1]);
                return catalog(c).hasPrivilege(CatalogInfo.Kind.TABLE, role(c, at == 0 ? null : a[0]), relation,
                        column, text(a[at + 2]));
            });
        }
        for (String kind : new String[] {"foreign_data_wrapper", "server"}) {
            for (String form : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
                registry.fnN("has_" + kind + "_privilege_" + form, (c, a) -> null);
            }
        }
        for (String form : new String[] {"name", "id_name", "name_name"}) {
            registry.fnN("has_parameter_privilege_" + form, (c, a) -> c.service(SessionInfo.class).isSuperuser());
        }
        registerAcl(registry);
    }

    /** Oid of a role given by name or oid, or of the current one if null; 0 for PUBLIC. */
    private static int role(FunctionContext context, Object role) {
        if (role == null) {
            return catalog(context).objectOid(CatalogInfo.Kind.ROLE, context.currentUser());
        }
        if (role instanceof String name) {
            return name.equals("public") ? 0 : catalog(context).objectOid(CatalogInfo.Kind.ROLE, name);
        }
        return int4(role);
    }

    private static int object(FunctionContext context, CatalogInfo.Kind kind, Object object) {
        return object instanceof String name ? catalog(context).objectOid(kind, name) : int4(object);
    }

    private static void registerAcl(FunctionRegistry.Builder registry) {
        registry.set("aclexplode", (c, a) -> {
            List<String> items = new ArrayList<>();
            for (Object item : Args.array(a[0]).elements()) {
                items.add(text(item));
            }
            return SystemFunctions.rows(catalog(c).explodeAcl(items));
        });
        registry.fn2("acldefault_sql", (c, kind, owner) -> ArrayValue.of(BuiltinTypes.get(Oids.ACLITEM),
                catalog(c).defaultAcl(text(kind).isEmpty() ? ' ' : text(kind).charAt(0), int4(owner))));
        registry.objectTest("aclitem_eq", Object::equals);
        registry.objectTest("aclcontains", (acl, item) -> Arrays.asList(Args.array(acl).elements()).contains(item));
    }

    private static void registerMembership(FunctionRegistry.Builder registry) {
        for (String form : new String[] {"id", "name", "id_id", "id_name", "name_id", "name_name"}) {
            registry.fnN("pg_has_role_" + form, (c, a) -> {
                int at = a.length - 2;
                return catalog(c).hasRole(role(c, at == 0 ? null : a[0]), role(c, a[at]), text(a[at + 1]));
            });
        }
        registry.fn1("row_security_active", (c, t) -> false).fn1("row_security_active_name", (c, t) -> false);
    }

    private static void registerRelations(FunctionRegistry.Builder registry) {
        registry.fn1("pg_sequence_parameters", (c, s) -> new RowValue(new io.quantadb.types.PgType[] {BuiltinTypes.INT8,
            BuiltinTypes.INT8, BuiltinTypes.INT8, BuiltinTypes.INT8, BuiltinTypes.BOOL, BuiltinTypes.INT8,
            BuiltinTypes.OID}, catalog(c).sequenceParameters(int4(s))));
        registry.fn1("pg_sequence_last_value", (c, s) -> {
            try {
                return c.sequences().currval(int4(s));
            } catch (SqlException e) {
                if (e.code().equals("55000")) {
                    return null; // not called yet
                }
                throw e;
            }
        });
        registry.set("pg_partition_ancestors", (c, a) -> SetFunction.RowCursor.ofValues(
                catalog(c).partitionAncestors(int4(a[0])).stream().map(Integer::toUnsignedLong).iterator()));
        registry.fn1("pg_partition_root", (c, r) -> {
            List<Integer> ancestors = catalog(c).partitionAncestors(int4(r));
            return ancestors.isEmpty() ? null : (Object) Integer.toUnsignedLong(ancestors.getLast());
        });
        registry.set("pg_partition_tree", (c, a) -> SetFunction.RowCursor.EMPTY);
        registry.fn2("pg_relation_is_updatable", (c, r, triggers) -> (long) catalog(c).updatability(int4(r), 0));
        registry.fn3("pg_column_is_updatable", (c, r, column, triggers) -> num(column) > 0
                && (catalog(c).updatability(int4(r), int4(column)) & 20) == 20);
        registry.fn1("pg_relation_is_publishable", (c, r) -> false);
        registry.fn3("pg_index_column_has_property", (c, i, column, p) -> catalog(c).indexProperty(int4(i),
                int4(column), text(p)));
        registry.fn2("pg_index_has_property", (c, i, p) -> catalog(c).indexProperty(int4(i), 0, text(p)));
        registry.fn2("pg_indexam_has_property", (c, am, p) -> num(am) != 403 ? null : switch (text(p)) {
            case "can_order", "can_unique", "can_multi_col", "can_include" -> (Object) true;
            case "can_exclude" -> (Object) false;
            default -> null;
        });
    }

    /** The helper functions of the information schema, by their fixed oids. */
    private static void registerInformationSchema(FunctionRegistry.Builder registry) {
        registry.set("sql:13208", (c, a) -> {
            List<Object[]> rows = new ArrayList<>();
            for (int i = 0; i < Args.array(a[0]).size(); i++) {
                rows.add(new Object[] {Args.array(a[0]).get(i), i + 1L});
            }
            return SystemFunctions.rows(rows);
        });
        registry.fn2("sql:13212", (c, type, typmod) -> switch (int4(type)) {
            case Oids.BPCHAR, Oids.VARCHAR -> num(typmod) == -1 ? null : (Object) (num(typmod) - 4);
            case Oids.BIT, Oids.VARBIT -> num(typmod) == -1 ? null : typmod;
            default -> null;
        });
        registry.fn2("sql:13213", (c, type, typmod) -> switch (int4(type)) {
            case Oids.TEXT -> num(typmod) == -1 ? (Object) (1L << 30) : (Object) (num(typmod) - 4);
            case Oids.BPCHAR, Oids.VARCHAR -> num(typmod) == -1 ? (Object) (1L << 30)
                    : (Object) ((num(typmod) - 4) * 4);
            default -> null;
        });
        registry.fn2("sql:13215", (c, type, typmod) -> switch (int4(type)) {
            case Oids.INT2 -> (Object) 16L;
            case Oids.INT4 -> (Object) 32L;
            case Oids.INT8 -> (Object) 64L;
            case Oids.NUMERIC -> num(typmod) == -1 ? null : (Object) (num(typmod) - 4 >> 16 & 0xFFFF);
            case Oids.FLOAT4 -> (Object) 24L;
            case Oids.FLOAT8 -> (Object) 53L;
            default -> null;
        });
        registry.fn2("sql:13216", (c, type, typmod) -> switch (int4(type)) {
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.FLOAT4, Oids.FLOAT8 -> (Object) 2L;
            case Oids.NUMERIC -> (Object) 10L;
            default -> null;
        });
        registry.fn2("sql:13217", (c, type, typmod) -> switch (int4(type)) {
            case Oids.INT2, Oids.INT4, Oids.INT8 -> (Object) 0L;
            case Oids.NUMERIC -> num(typmod) == -1 ? null : (Object) (num(typmod) - 4 & 0xFFFF);
            default -> null;
        });
        registry.fn2("sql:13218", (c, type, typmod) -> switch (int4(type)) {
            case Oids.DATE -> (Object) 0L;
            case Oids.TIME, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.TIMETZ -> num(typmod) < 0 ? (Object) 6L : typmod;
            case Oids.INTERVAL -> num(typmod) < 0 || (num(typmod) & 0xFFFF) == 0xFFFF ? (Object) 6L
                    : (Object) (num(typmod) & 0xFFFF);
            default -> null;
        });
    }

}
