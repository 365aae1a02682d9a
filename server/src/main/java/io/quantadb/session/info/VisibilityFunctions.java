package io.quantadb.session.info;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.function.ScalarFunction;
import io.quantadb.session.SessionFunctions;

/** {@code pg_table_is_visible} and its siblings: whether an unqualified name finds the object. NULL if there is no such object. */
public final class VisibilityFunctions implements FunctionRegistry.Library {
    /** Answers for one oid; null if the object does not exist. */
    private interface Test {
        Boolean visible(CatalogReader catalog, int oid);
    }

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn1("pg_table_is_visible", test((c, oid) -> c.relation(oid) == null ? null : c.relationIsVisible(oid)))
            .fn1("pg_type_is_visible", test((c, oid) -> c.type(oid) == null ? null : c.typeIsVisible(oid)))
            .fn1("pg_function_is_visible", test((c, oid) -> c.function(oid) == null ? null : c.functionIsVisible(oid)))
            .fn1("pg_operator_is_visible", test(VisibilityFunctions::operator))
            .fn1("pg_opclass_is_visible", test(VisibilityFunctions::operatorClass))
            .fn1("pg_opfamily_is_visible", test((c, oid) -> c.operatorFamily(oid) == null ? null : Boolean.TRUE))
            .fn1("pg_collation_is_visible", test(VisibilityFunctions::collation))
            // What can only be made in pg_catalog here is always visible.
            .fn1("pg_conversion_is_visible", test((c, oid) -> true))
            .fn1("pg_statistics_obj_is_visible", test((c, oid) -> true))
            .fn1("pg_ts_config_is_visible", test((c, oid) -> true))
            .fn1("pg_ts_dict_is_visible", test((c, oid) -> true))
            .fn1("pg_ts_parser_is_visible", test((c, oid) -> true))
            .fn1("pg_ts_template_is_visible", test((c, oid) -> true));
    }

    private static ScalarFunction.Fn1 test(Test test) {
        return (context, oid) -> test.visible(catalog(context), ((Long) oid).intValue());
    }

    private static CatalogReader catalog(FunctionContext context) {
        return SessionFunctions.sessionOf(context).catalog();
    }

    private static Boolean operator(CatalogReader catalog, int oid) {
        OperatorDescriptor operator = catalog.operator(oid);
        return operator == null ? null
            : catalog.operator(null, operator.name(), operator.leftType(), operator.rightType()) == operator;
    }

    private static Boolean operatorClass(CatalogReader catalog, int oid) {
        OperatorClassDescriptor found = catalog.operatorClass(oid);
        return found == null ? null : catalog.operatorClass(found.accessMethod(), null, found.name()) == found;
    }

    private static Boolean collation(CatalogReader catalog, int oid) {
        CollationDescriptor found = catalog.collation(oid);
        return found == null ? null : catalog.collation(null, found.name()) != null;
    }
}
