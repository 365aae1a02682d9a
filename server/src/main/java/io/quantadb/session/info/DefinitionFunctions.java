package io.quantadb.session.info;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.Session;
import io.quantadb.session.SessionFunctions;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Functions that print catalog objects as SQL: {@code pg_get_indexdef}, {@code pg_get_constraintdef}, {@code format_type}... */
public final class DefinitionFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn2("format_type", (c, oid, typmod) -> formatType(c, oid, typmod))
            .fn2("pg_get_expr", (c, text, relation) -> text)
            .fn3("pg_get_expr_ext", (c, text, relation, pretty) -> text)
            .fn1("pg_get_viewdef", (c, oid) -> viewDefinition(c, oid))
            .fn2("pg_get_viewdef_ext", (c, oid, pretty) -> viewDefinition(c, oid))
            .fn2("pg_get_viewdef_wrap", (c, oid, wrap) -> viewDefinition(c, oid))
            .fn1("pg_get_viewdef_name", (c, name) -> viewDefinition(c, relationOid(c, (String) name)))
            .fn2("pg_get_viewdef_name_ext", (c, name, pretty) -> viewDefinition(c, relationOid(c, (String) name)))
            .fn1("pg_get_constraintdef", (c, oid) -> constraint(c, oid))
            .fn2("pg_get_constraintdef_ext", (c, oid, pretty) -> constraint(c, oid))
            .fn1("pg_get_indexdef", (c, oid) -> index(c, oid, 0, false))
            .fn3("pg_get_indexdef_ext", (c, oid, column, pretty) -> index(c, oid, ((Long) column).intValue(), true))
            .fn1("pg_get_userbyid", (c, oid) -> user(c, oid))
            .fn2("pg_get_serial_sequence", DefinitionFunctions::serialSequence)
            .fn1("pg_get_function_arguments", (c, oid) -> arguments(c, oid, true))
            .fn1("pg_get_function_identity_arguments", (c, oid) -> arguments(c, oid, false))
            .fn1("pg_get_function_result", DefinitionFunctions::result)
            .fn1("pg_get_function_sqlbody", (c, oid) -> null)
            .fn1("pg_get_partkeydef", (c, oid) -> null)
            .fn2("pg_get_partition_constraintdef", (c, a, b) -> null)
            .fn1("pg_get_statisticsobjdef_columns", (c, oid) -> null);
    }

    private static Session session(FunctionContext context) {
        return SessionFunctions.sessionOf(context);
    }

    private static int id(Object oid) {
        return ((Long) oid).intValue();
    }

    private static Object formatType(FunctionContext context, Object oid, Object typmod) {
        if (oid == null) {
            return null;
        }
        CatalogReader catalog = session(context).catalog();
        int type = id(oid);
        if (type == 0) {
            return "-";
        }
        if (catalog.type(type) == null) {
            return "???";
        }
        return typmod == null ? nameOnly(catalog, type) : catalog.formatType(type, ((Long) typmod).intValue());
    }

    /** {@code format_type(oid, NULL)}: differs from a modifier of -1 for char and bit only. */
    private static String nameOnly(CatalogReader catalog, int type) {
        PgType known = BuiltinTypes.find(type);
        return known == null ? catalog.formatType(type, -1) : TypeNames.formatTypeName(known);
    }

    private static long relationOid(FunctionContext context, String name) {
        return context.text().names().oidOf(io.quantadb.types.Oids.REGCLASS, name);
    }

    private static Object viewDefinition(FunctionContext context, Object oid) {
        RelationDescriptor relation = session(context).catalog().relation(id(oid));
        return relation == null || relation.viewDefinition() == null ? null : " " + relation.viewDefinition().strip() + ";";
    }

    private static Object user(FunctionContext context, Object oid) {
        RoleDescriptor role = session(context).catalog().role(id(oid));
        return role == null ? "unknown (OID=" + Integer.toUnsignedString(id(oid)) + ")" : role.name();
    }

    private static Object serialSequence(FunctionContext context, Object table, Object column) {
        CatalogReader catalog = session(context).catalog();
        RelationDescriptor relation = catalog.relation((int) relationOid(context, (String) table));
        var found = relation.column((String) column);
        if (found == null) {
            throw new SqlException(SqlState.UNDEFINED_COLUMN,
                "column \"" + column + "\" of relation \"" + relation.name() + "\" does not exist");
        }
        int sequence = catalog.ownedSequence(relation.oid(), found.attnum());
        RelationDescriptor owned = sequence == 0 ? null : catalog.relation(sequence);
        return owned == null ? null
            : Keywords.quoteIdentifier(owned.schemaName()) + "." + Keywords.quoteIdentifier(owned.name());
    }

    // ---- Indexes

    private static Object index(FunctionContext context, Object oid, int column, boolean namesVisible) {
        CatalogReader catalog = session(context).catalog();
        IndexDescriptor index = catalog.index(id(oid));
        if (index == null) {
            return null;
        }
        RelationDescriptor table = catalog.relation(index.tableOid());
        if (column > 0) {
            List<IndexColumn> all = new ArrayList<>(index.keyColumns());
            all.addAll(index.includeColumns());
            return column > all.size() ? "" : columnText(table, all.get(column - 1));
        }
        StringBuilder text = new StringBuilder("CREATE ").append(index.unique() ? "UNIQUE " : "").append("INDEX ")
            .append(Keywords.quoteIdentifier(index.name())).append(" ON ");
        if (!namesVisible || !catalog.relationIsVisible(table.oid())) {
            text.append(Keywords.quoteIdentifier(table.schemaName())).append('.');
        }
        text.append(Keywords.quoteIdentifier(table.name())).append(" USING btree (");
        StringJoiner columns = new StringJoiner(", ");
        for (IndexColumn key : index.keyColumns()) {
            columns.add(columnText(table, key) + classText(catalog, key) + order(key));
        }
        text.append(columns).append(')');
        if (!index.includeColumns().isEmpty()) {
            StringJoiner included = new StringJoiner(", ", " INCLUDE (", ")");
            index.includeColumns().forEach(c -> included.add(columnText(table, c)));
            text.append(included);
        }
        if (index.nullsNotDistinct()) {
            text.append(" NULLS NOT DISTINCT");
        }
        if (index.options() != null && !index.options().isEmpty()) {
            StringJoiner options = new StringJoiner(", ", " WITH (", ")");
            for (String option : index.options()) {
                int equals = option.indexOf('=');
                options.add(option.substring(0, equals) + "='" + option.substring(equals + 1) + "'");
            }
            text.append(options);
        }
        if (index.predicate() != null) {
            text.append(" WHERE ").append(parenthesized(index.predicate()));
        }
        return text.toString();
    }

    private static String columnText(RelationDescriptor table, IndexColumn column) {
        if (!column.isExpression()) {
            return Keywords.quoteIdentifier(table.column(column.attnum()).name());
        }
        String text = column.expression();
        boolean call = text.matches("(?s)[a-z_][a-z0-9_.]*\\(.*\\)") && closesAtEnd(text, text.indexOf('('));
        return call ? text : parenthesized(text);
    }

    private static String parenthesized(String text) {
        return text.startsWith("(") && closesAtEnd(text, 0) ? text : "(" + text + ")";
    }

    /** Whether the parenthesis opened at {@code open} is closed by the last character. */
    private static boolean closesAtEnd(String text, int open) {
        int depth = 0;
        boolean quoted = false;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && --depth == 0) {
                return i == text.length() - 1;
            }
        }
        return false;
    }

    private static String classText(CatalogReader catalog, IndexColumn column) {
        var standard = catalog.defaultOperatorClass(io.quantadb.catalog.CatalogIds.AM_BTREE, column.type().oid());
        var used = catalog.operatorClass(column.opclass());
        return used == null || standard != null && standard.oid() == used.oid() ? "" : " " + Keywords.quoteIdentifier(used.name());
    }

    private static String order(IndexColumn column) {
        if (column.descending()) {
            return column.nullsFirst() ? " DESC" : " DESC NULLS LAST";
        }
        return column.nullsFirst() ? " NULLS FIRST" : "";
    }

    // ---- Constraints

    private static Object constraint(FunctionContext context, Object oid) {
        CatalogReader catalog = session(context).catalog();
        ConstraintDescriptor constraint = catalog.constraint(id(oid));
        if (constraint == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        switch (constraint.type()) {
            case 'c' -> text.append("CHECK (").append(parenthesized(constraint.expression())).append(")")
                .append(constraint.noInherit() ? " NO INHERIT" : "");
            case 'p' -> text.append("PRIMARY KEY ").append(keyText(catalog, constraint));
            case 'u' -> text.append("UNIQUE ").append(nullsNotDistinct(catalog, constraint)).append(keyText(catalog, constraint));
            case 'f' -> foreignKey(catalog, constraint, text);
            default -> {
                return null;
            }
        }
        if (constraint.deferrable()) {
            text.append(" DEFERRABLE").append(constraint.initiallyDeferred() ? " INITIALLY DEFERRED" : "");
        }
        if (!constraint.validated()) {
            text.append(" NOT VALID");
        }
        return text.toString();
    }

    private static String nullsNotDistinct(CatalogReader catalog, ConstraintDescriptor constraint) {
        IndexDescriptor index = catalog.index(constraint.indexOid());
        return index != null && index.nullsNotDistinct() ? "NULLS NOT DISTINCT " : "";
    }

    private static String keyText(CatalogReader catalog, ConstraintDescriptor constraint) {
        RelationDescriptor table = catalog.relation(constraint.tableOid());
        String text = columns(table, constraint.columns());
        IndexDescriptor index = catalog.index(constraint.indexOid());
        if (index != null && !index.includeColumns().isEmpty()) {
            StringJoiner included = new StringJoiner(", ", " INCLUDE (", ")");
            index.includeColumns().forEach(c -> included.add(columnText(table, c)));
            text += included;
        }
        return text;
    }

    private static String columns(RelationDescriptor table, List<Integer> attnums) {
        StringJoiner names = new StringJoiner(", ", "(", ")");
        attnums.forEach(n -> names.add(Keywords.quoteIdentifier(table.column(n).name())));
        return names.toString();
    }

    private static void foreignKey(CatalogReader catalog, ConstraintDescriptor constraint, StringBuilder text) {
        RelationDescriptor table = catalog.relation(constraint.tableOid());
        RelationDescriptor referenced = catalog.relation(constraint.referencedTableOid());
        text.append("FOREIGN KEY ").append(columns(table, constraint.columns())).append(" REFERENCES ");
        if (!catalog.relationIsVisible(referenced.oid())) {
            text.append(Keywords.quoteIdentifier(referenced.schemaName())).append('.');
        }
        text.append(Keywords.quoteIdentifier(referenced.name())).append(columns(referenced, constraint.referencedColumns()));
        if (constraint.matchType() == 'f') {
            text.append(" MATCH FULL");
        }
        action(" ON UPDATE ", constraint.updateAction(), text);
        action(" ON DELETE ", constraint.deleteAction(), text);
        if (constraint.deleteSetColumns() != null && !constraint.deleteSetColumns().isEmpty()) {
            text.append(' ').append(columns(table, constraint.deleteSetColumns()));
        }
    }

    private static void action(String clause, char action, StringBuilder text) {
        String name = switch (action) {
            case 'r' -> "RESTRICT";
            case 'c' -> "CASCADE";
            case 'n' -> "SET NULL";
            case 'd' -> "SET DEFAULT";
            default -> null;
        };
        if (name != null) {
            text.append(clause).append(name);
        }
    }

    // ---- Functions

    private static Object arguments(FunctionContext context, Object oid, boolean withDefaults) {
        CatalogReader catalog = session(context).catalog();
        FunctionDescriptor function = catalog.function(id(oid));
        if (function == null) {
            return null;
        }
        StringJoiner list = new StringJoiner(", ");
        int[] types = function.argTypes();
        for (int i = 0; i < types.length; i++) {
            boolean variadic = function.isVariadic() && i == types.length - 1;
            String name = function.argNames() == null || i >= function.argNames().size() || function.argNames().get(i) == null
                || function.argNames().get(i).isEmpty() ? "" : Keywords.quoteIdentifier(function.argNames().get(i)) + " ";
            list.add((variadic ? "VARIADIC " : "") + name + catalog.formatType(types[i], -1));
        }
        return list.toString();
    }

    private static Object result(FunctionContext context, Object oid) {
        CatalogReader catalog = session(context).catalog();
        FunctionDescriptor function = catalog.function(id(oid));
        if (function == null || function.isProcedure()) {
            return null;
        }
        return (function.returnsSet() ? "SETOF " : "") + catalog.formatType(function.returnType(), -1);
    }
}
