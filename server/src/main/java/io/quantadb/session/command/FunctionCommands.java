package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.ddl.NewFunction;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** CREATE FUNCTION in language sql. Confined to one command. */
final class FunctionCommands {
    private final CommandContext context;

    FunctionCommands(CommandContext context) {
        this.context = context;
    }

    String create(RoutineStatement.CreateFunction create) {
        RoutineStatement.FunctionOptions options = create.options();
        String language = options.language() == null ? "sql" : options.language().toLowerCase(java.util.Locale.ROOT);
        if (!language.equals("sql")) {
            throw SqlException.notSupported("functions in language \"" + language + "\" are not supported");
        }
        if (create.procedure() || create.returnsTable() || create.returns() == null || create.returns().setOf()) {
            throw SqlException.notSupported("only functions in language \"sql\" that return one value are supported");
        }
        if (create.body() != null) {
            throw SqlException.notSupported("functions with a body in SQL-standard form are not supported");
        }
        if (!options.settings().isEmpty() || options.window() || options.support() != null) {
            throw SqlException.notSupported("SET, WINDOW and SUPPORT options of functions are not supported");
        }
        if (options.as().isEmpty()) {
            throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "no function body specified");
        }
        List<Integer> types = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<SqlExpression> defaults = new ArrayList<>();
        for (RoutineStatement.Parameter parameter : create.parameters()) {
            if (parameter.mode() != RoutineStatement.ParameterMode.DEFAULT && parameter.mode() != RoutineStatement.ParameterMode.IN) {
                throw SqlException.notSupported("output and variadic parameters of functions are not supported");
            }
            PgType type = context.resolveType(parameter.type()).type();
            types.add(type.oid());
            names.add(parameter.name() == null ? "" : parameter.name());
            if (parameter.defaultValue() != null) {
                Expr expr = new Expressions(context).analyze(parameter.defaultValue(), null, ExprKind.FUNCTION_DEFAULT, type, -1);
                defaults.add(StoredText.expression(context, expr, parameter.defaultText(), null));
            } else if (!defaults.isEmpty()) {
                throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
                        "input parameters after one with a default value must also have defaults");
            }
        }
        Analyzer.ResolvedType result = context.resolveType(create.returns());
        SchemaDescriptor schema = context.creationSchema(create.name());
        FunctionDescriptor existing = context.catalog().function(schema.name(), create.name().name(),
                types.stream().mapToInt(Integer::intValue).toArray());
        boolean named = names.stream().anyMatch(n -> !n.isEmpty());
        int oid = context.writer().functions().create(new NewFunction(schema.oid(), create.name().name(), context.roleOid(),
                CatalogIds.LANGUAGE_SQL, types.stream().mapToInt(Integer::intValue).toArray(), null, null,
                named ? names : null, defaults, 0, result.type().oid(), false, 'f',
                options.volatility() == 0 ? 'v' : options.volatility(), Boolean.TRUE.equals(options.strict()),
                Boolean.TRUE.equals(options.leakproof()), Boolean.TRUE.equals(options.securityDefiner()), parallel(options),
                options.as().getFirst(), null, List.of(), options.cost() == null ? 100 : cost(options), 0, null), create.orReplace());
        if (existing == null) {
            DefaultPrivileges.apply(context, ObjectAddress.function(oid), schema.oid(), 'f',
                    Privileges.ObjectKind.FUNCTION);
        }
        return "CREATE FUNCTION";
    }

    String alter(RoutineStatement.AlterFunction alter) {
        RoutineStatement.FunctionOptions options = alter.options();
        if (!options.settings().isEmpty() || options.support() != null) {
            throw SqlException.notSupported("SET and SUPPORT options of functions are not supported");
        }
        FunctionDescriptor function = Routines.find(context, alter.function());
        context.requireOwner(function.ownerOid(), "function " + function.name());
        if (function.isAggregate()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + function.name() + "\" is an aggregate function");
        }
        if (options.rows() != null && !function.returnsSet()) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "ROWS is not applicable when function does not return a set");
        }
        context.writer().functions().alter(function.oid(), options.volatility(), options.strict(),
                options.securityDefiner(), options.leakproof(), options.parallel() == null ? 0 : parallel(options),
                options.cost() == null ? null : cost(options),
                options.rows() == null ? null : Float.parseFloat(options.rows().text()));
        return "ALTER " + alter.function().kind().sql();
    }

    private static float cost(RoutineStatement.FunctionOptions options) {
        float cost = Float.parseFloat(options.cost().text());
        if (cost <= 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COST must be positive");
        }
        return cost;
    }

    private static char parallel(RoutineStatement.FunctionOptions options) {
        if (options.parallel() == null) {
            return 'u';
        }
        return switch (options.parallel().toLowerCase(java.util.Locale.ROOT)) {
            case "safe" -> 's';
            case "restricted" -> 'r';
            case "unsafe" -> 'u';
            default -> throw new SqlException(SqlState.SYNTAX_ERROR, "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
        };
    }
}
