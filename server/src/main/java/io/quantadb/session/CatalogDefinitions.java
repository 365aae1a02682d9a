package io.quantadb.session;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.sql.parser.Keywords;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes definitions of catalog objects as SQL, as the pg_get_...def functions print them. Stateless. */
final class CatalogDefinitions {
    private CatalogDefinitions() {
    }

    static String quote(String name) {
        return Keywords.quoteIdentifier(name);
    }

    static String qualified(String schema, String name) {
        return quote(schema) + "." + quote(name);
    }

    // ---- indexes

    /** @param namedAsSeen whether the table is qualified only where the search path needs it */
    static String index(StoredExpressions printer, IndexDescriptor index, boolean namedAsSeen) {
        CatalogReader catalog = printer.catalog();
        RelationDescriptor table = catalog.relation(index.tableOid());
        StringBuilder out = new StringBuilder("CREATE ").append(index.unique() ? "UNIQUE " : "").append("INDEX ")
            .append(quote(index.name())).append(" ON ")
            .append(namedAsSeen ? relation(catalog, table) : qualified(table.schemaName(), table.name()))
            .append(" USING ").append(accessMethod(index.accessMethod())).append(" (")
            .append(index.keyColumns().stream().map(c -> indexColumn(printer, index, c, true))
                .collect(Collectors.joining(", "))).append(')');
        if (!index.includeColumns().isEmpty()) {
            out.append(" INCLUDE (").append(columns(index.includeColumns())).append(')');
        }
        if (index.nullsNotDistinct()) {
            out.append(" NULLS NOT DISTINCT");
        }
        out.append(storage(index));
        if (index.predicate() != null) {
            out.append(" WHERE ").append(printer.text(index.predicate(), table));
        }
        return out.toString();
    }

    private static String columns(List<IndexColumn> columns) {
        return columns.stream().map(c -> quote(c.name())).collect(Collectors.joining(", "));
    }

    private static String storage(IndexDescriptor index) {
        return index.options() == null || index.options().isEmpty() ? "" : index.options().stream()
            .map(CatalogDefinitions::option).collect(Collectors.joining(", ", " WITH (", ")"));
    }

    private static String relation(CatalogReader catalog, RelationDescriptor relation) {
        return catalog.relationIsVisible(relation.oid()) ? quote(relation.name())
            : qualified(relation.schemaName(), relation.name());
    }

    private static String option(String option) {
        int equals = option.indexOf('=');
        return equals < 0 ? option : option.substring(0, equals) + "='" + option.substring(equals + 1).replace("'", "''") + "'";
    }

    private static String accessMethod(int oid) {
        return switch (oid) {
            case CatalogIds.AM_HASH -> "hash";
            case CatalogIds.AM_GIST -> "gist";
            case CatalogIds.AM_GIN -> "gin";
            case CatalogIds.AM_BRIN -> "brin";
            case CatalogIds.AM_SPGIST -> "spgist";
            default -> "btree";
        };
    }

    /** @param full with operator class and order; {@code pg_get_indexdef(oid, column, ...)} leaves them out */
    static String indexColumn(StoredExpressions printer, IndexDescriptor index, IndexColumn column, boolean full) {
        CatalogReader catalog = printer.catalog();
        RelationDescriptor table = catalog.relation(index.tableOid());
        StringBuilder out = new StringBuilder();
        int collation;
        if (column.isExpression()) {
            StoredExpressions.Printed printed = printer.print(column.expression(), table);
            collation = printed.expr() == null ? column.collation() : printed.expr().collation();
            out.append(printed.looksLikeFunction() ? printed.text() : "(" + printed.text() + ")");
        } else {
            out.append(quote(table.column(column.attnum()).name()));
            collation = table.column(column.attnum()).collation();
        }
        if (!full) {
            return out.toString();
        }
        if (column.collation() != 0 && column.collation() != collation) {
            CollationDescriptor used = catalog.collation(column.collation());
            out.append(" COLLATE ").append(catalog.searchPath().stream().anyMatch(s -> s.oid() == used.schemaOid())
                ? quote(used.name()) : qualified(catalog.schema(used.schemaOid()).name(), used.name()));
        }
        OperatorClassDescriptor opclass = column.opclass() == 0 ? null : catalog.operatorClass(column.opclass());
        OperatorClassDescriptor standard = catalog.defaultOperatorClass(index.accessMethod(), column.type().oid());
        if (opclass != null && (standard == null || standard.oid() != opclass.oid())) {
            out.append(' ').append(quote(opclass.name()));
        }
        if (column.descending()) {
            out.append(" DESC").append(column.nullsFirst() ? "" : " NULLS LAST");
        } else if (column.nullsFirst()) {
            out.append(" NULLS FIRST");
        }
        return out.toString();
    }

    // ---- constraints

    static String constraint(StoredExpressions printer, ConstraintDescriptor constraint) {
        CatalogReader catalog = printer.catalog();
        StringBuilder out = new StringBuilder();
        RelationDescriptor table = constraint.tableOid() == 0 ? null : catalog.relation(constraint.tableOid());
        switch (constraint.type()) {
            case 'c' -> out.append("CHECK (").append(constraint.domainOid() == 0
                ? printer.text(constraint.expression(), table)
                : printer.domainCheck(constraint.expression(), catalog.type(constraint.domainOid()))).append(')')
                .append(constraint.noInherit() ? " NO INHERIT" : "");
            case 'p', 'u' -> key(catalog, constraint, table, out);
            case 'f' -> foreignKey(catalog, constraint, table, out);
            default -> {
                return null;
            }
        }
        if (constraint.deferrable()) {
            out.append(" DEFERRABLE");
        }
        if (constraint.initiallyDeferred()) {
            out.append(" INITIALLY DEFERRED");
        }
        if (!constraint.validated()) {
            out.append(" NOT VALID");
        }
        return out.toString();
    }

    private static void key(CatalogReader catalog, ConstraintDescriptor constraint, RelationDescriptor table,
        StringBuilder out) {
        IndexDescriptor index = catalog.index(constraint.indexOid());
        out.append(constraint.type() == 'p' ? "PRIMARY KEY " : "UNIQUE ");
        if (index != null && index.nullsNotDistinct()) {
            out.append("NULLS NOT DISTINCT ");
        }
        out.append('(').append(columns(table, constraint.columns())).append(')');
        if (index != null) {
            if (!index.includeColumns().isEmpty()) {
                out.append(" INCLUDE (").append(columns(index.includeColumns())).append(')');
            }
        }
    }

    private static String columns(RelationDescriptor table, List<Integer> numbers) {
        return numbers.stream().map(n -> quote(table.column(n).name())).collect(Collectors.joining(", "));
    }

    private static void foreignKey(CatalogReader catalog, ConstraintDescriptor constraint, RelationDescriptor table,
        StringBuilder out) {
        RelationDescriptor target = catalog.relation(constraint.referencedTableOid());
        out.append("FOREIGN KEY (").append(columns(table, constraint.columns())).append(") REFERENCES ")
            .append(relation(catalog, target)).append('(')
            .append(columns(target, constraint.referencedColumns())).append(')');
        out.append(constraint.matchType() == 'f' ? " MATCH FULL"
            : constraint.matchType() == 'p' ? " MATCH PARTIAL" : "");
        out.append(action(" ON UPDATE ", constraint.updateAction()))
            .append(action(" ON DELETE ", constraint.deleteAction()));
        if (!constraint.deleteSetColumns().isEmpty()) {
            out.append(" (").append(columns(table, constraint.deleteSetColumns())).append(')');
        }
    }

    private static String action(String when, char action) {
        return switch (action) {
            case 'r' -> when + "RESTRICT";
            case 'c' -> when + "CASCADE";
            case 'n' -> when + "SET NULL";
            case 'd' -> when + "SET DEFAULT";
            default -> "";
        };
    }

    // ---- functions

    /** @param defaults also names of OUT arguments and default values; without, what identifies the function */
    static String arguments(CatalogReader catalog, FunctionDescriptor function, boolean defaults) {
        int[] types = function.allArgTypes().length > 0 ? function.allArgTypes() : function.argTypes();
        List<String> out = new ArrayList<>();
        int input = 0;
        for (int i = 0; i < types.length; i++) {
            char mode = function.argModes().length > i ? function.argModes()[i] : 'i';
            boolean isInput = mode == 'i' || mode == 'b' || mode == 'v';
            input += isInput ? 1 : 0;
            if (mode == 't' || mode == 'o' && !defaults && !function.isProcedure()) {
                continue;
            }
            String name = i < function.argNames().size() ? function.argNames().get(i) : "";
            StringBuilder one = new StringBuilder(switch (mode) {
                case 'o' -> "OUT ";
                case 'b' -> "INOUT ";
                case 'v' -> "VARIADIC ";
                default -> function.isProcedure() ? "IN " : "";
            });
            one.append(name.isEmpty() ? "" : quote(name) + " ").append(catalog.formatType(types[i], -1));
            int fromDefaults = input - 1 - function.requiredArgs();
            if (defaults && isInput && fromDefaults >= 0 && fromDefaults < function.defaults().size()) {
                one.append(" DEFAULT ").append(function.defaults().get(fromDefaults));
            }
            out.add(one.toString());
        }
        return String.join(", ", out);
    }

    static String result(CatalogReader catalog, FunctionDescriptor function) {
        if (function.isProcedure()) {
            return null;
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < function.argModes().length; i++) {
            if (function.argModes()[i] == 't') {
                columns.add(quote(function.argNames().get(i)) + " " + catalog.formatType(function.allArgTypes()[i], -1));
            }
        }
        if (!columns.isEmpty()) {
            return "TABLE(" + String.join(", ", columns) + ")";
        }
        return (function.returnsSet() ? "SETOF " : "") + catalog.formatType(function.returnType(), -1);
    }

    static String function(CatalogReader catalog, FunctionDescriptor function, String language) {
        StringBuilder out = new StringBuilder("CREATE OR REPLACE ").append(function.isProcedure() ? "PROCEDURE " : "FUNCTION ")
            .append(qualified(function.schemaName(), function.name())).append('(').append(arguments(catalog, function, true)).append(")\n");
        if (!function.isProcedure()) {
            out.append(" RETURNS ").append(result(catalog, function)).append('\n');
        }
        out.append(" LANGUAGE ").append(language).append('\n');
        List<String> words = new ArrayList<>();
        if (function.isWindow()) {
            words.add("WINDOW");
        }
        if (function.volatility() != 'v') {
            words.add(function.volatility() == 'i' ? "IMMUTABLE" : "STABLE");
        }
        if (function.parallel() != 'u') {
            words.add(function.parallel() == 's' ? "PARALLEL SAFE" : "PARALLEL RESTRICTED");
        }
        if (function.strict()) {
            words.add("STRICT");
        }
        if (function.securityDefiner()) {
            words.add("SECURITY DEFINER");
        }
        if (function.leakproof()) {
            words.add("LEAKPROOF");
        }
        double standardCost = language.equals("internal") || language.equals("c") ? 1 : 100;
        if (function.cost() != standardCost && function.cost() > 0) {
            words.add("COST " + number(function.cost()));
        }
        if (function.returnsSet() && function.rows() > 0 && function.rows() != 1000) {
            words.add("ROWS " + number(function.rows()));
        }
        if (!words.isEmpty()) {
            out.append(' ').append(String.join(" ", words)).append('\n');
        }
        if (function.config() != null) {
            for (String setting : function.config()) {
                int equals = setting.indexOf('=');
                out.append(" SET ").append(setting, 0, equals).append(" TO '").append(setting.substring(equals + 1).replace("'", "''")).append("'\n");
            }
        }
        if (function.sqlBody() != null) {
            return out.append(function.sqlBody()).append('\n').toString();
        }
        String tag = "$function$";
        while (function.source().contains(tag)) {
            tag = tag.substring(0, tag.length() - 1) + "x$";
        }
        return out.append("AS ").append(tag).append(function.source()).append(tag).append('\n').toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

}
