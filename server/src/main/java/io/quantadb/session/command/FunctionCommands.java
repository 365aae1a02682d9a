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
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.session.SettingValues;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.RoutineStatement.Parameter;
import io.quantadb.sql.ast.RoutineStatement.ParameterMode;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** CREATE and ALTER FUNCTION and PROCEDURE in language sql, and CALL. Confined to one command. */
final class FunctionCommands {
    private static final int DEFAULT_ROWS = 1000;

    private final CommandContext context;
    private final List<Integer> inputTypes = new ArrayList<>();
    private final List<Integer> allTypes = new ArrayList<>();
    private final List<String> modes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<SqlExpression> defaults = new ArrayList<>();
    private final List<RangeColumn> outputs = new ArrayList<>();
    private int variadic;

    FunctionCommands(CommandContext context) {
        this.context = context;
    }

    private static SqlException invalid(String message) {
        return new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, message);
    }

    // ---- CREATE

    String create(RoutineStatement.CreateFunction create) {
        RoutineStatement.FunctionOptions options = create.options();
        checkLanguage(create);
        parameters(create);
        boolean set = create.returnsTable() || create.returns() != null && create.returns().setOf();
        PgType result = result(create);
        String source = create.body() == null ? options.as().getFirst() : "";
        String body = create.body() == null ? null : create.body().text();
        if (context.session.settings().isOn("check_function_bodies")) {
            check(create, result, source, body);
        }
        SchemaDescriptor schema = context.creationSchema(create.name());
        boolean plain = modes.stream().allMatch("i"::equals);
        boolean named = names.stream().anyMatch(n -> !n.isEmpty());
        boolean replaces = context.catalog().function(schema.name(), create.name().name(), ints(inputTypes)) != null;
        int oid = context.writer().functions().create(new NewFunction(schema.oid(), create.name().name(),
                context.roleOid(),
                CatalogIds.LANGUAGE_SQL, ints(inputTypes), plain ? null : allTypes, plain ? null : modes,
                named ? names : null, defaults, variadic, result.oid(), set, create.procedure() ? 'p' : 'f',
                options.volatility() == 0 ? 'v' : options.volatility(), Boolean.TRUE.equals(options.strict()),
                Boolean.TRUE.equals(options.leakproof()), Boolean.TRUE.equals(options.securityDefiner()),
                parallel(options), source, body, List.of(), cost(options), rows(options, set), config(List.of(),
                        options)),
                create.orReplace());
        if (!replaces) {
            DefaultPrivileges.apply(context, ObjectAddress.function(oid), schema.oid(), 'f',
                    Privileges.ObjectKind.FUNCTION);
        }
        return create.procedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private void checkLanguage(RoutineStatement.CreateFunction create) {
        RoutineStatement.FunctionOptions options = create.options();
        if (options.language() == null && create.body() == null) {
            throw invalid("no language specified");
        }
        String language = options.language() == null ? "sql" : options.language();
        if (!language.equals("sql")) {
            throw switch (language) {
                case "plpgsql", "c", "internal" -> SqlException.notSupported("functions in language \"" + language
                        + "\" are not supported");
                default -> new SqlException(SqlState.UNDEFINED_OBJECT, "language \"" + language + "\" does not exist");
            };
        }
        if (options.window()) {
            throw SqlException.notSupported("window functions in language \"sql\" are not supported");
        }
        if (!options.transforms().isEmpty() || options.support() != null) {
            throw SqlException.notSupported("TRANSFORM and SUPPORT of functions are not supported");
        }
        if (options.as().isEmpty() && create.body() == null) {
            throw invalid("no function body specified");
        }
        if (!options.as().isEmpty() && create.body() != null) {
            throw invalid("duplicate function body specified");
        }
        if (options.as().size() > 1) {
            throw invalid("only one AS item needed for language \"sql\"");
        }
    }

    private void parameters(RoutineStatement.CreateFunction create) {
        Set<String> inputNames = new HashSet<>();
        Set<String> outputNames = new HashSet<>();
        for (Parameter parameter : create.parameters()) {
            ParameterMode mode = parameter.mode() == ParameterMode.DEFAULT ? ParameterMode.IN : parameter.mode();
            if (parameter.type().setOf()) {
                throw invalid(create.procedure() ? "procedures cannot accept set arguments"
                        : "functions cannot accept set arguments");
            }
            PgType type = context.resolveType(parameter.type()).type();
            String name = parameter.name() == null ? "" : parameter.name();
            boolean input = mode != ParameterMode.OUT && mode != ParameterMode.TABLE;
            boolean output = mode != ParameterMode.IN && mode != ParameterMode.VARIADIC;
            if (!name.isEmpty() && (input && !inputNames.add(name) || output && !outputNames.add(name)
                    || mode == ParameterMode.TABLE && inputNames.contains(name))) {
                throw invalid("parameter name \"" + name + "\" used more than once");
            }
            if (input) {
                if (variadic != 0) {
                    throw invalid("VARIADIC parameter must be the last input parameter");
                }
                inputTypes.add(type.oid());
            }
            if (output) {
                outputs.add(new RangeColumn(name, type, -1, 0));
            }
            if (mode == ParameterMode.VARIADIC) {
                variadic = variadicElement(type);
            }
            if (create.procedure() && output) {
                throw SqlException.notSupported("output parameters of procedures are not supported");
            }
            allTypes.add(type.oid());
            modes.add(switch (mode) {
                case OUT -> "o";
                case INOUT -> "b";
                case VARIADIC -> "v";
                case TABLE -> "t";
                case IN, DEFAULT -> "i";
            });
            names.add(name);
            defaultOf(parameter, type, input);
        }
    }

    private static int variadicElement(PgType type) {
        return switch (type.oid()) {
            case Oids.ANYARRAY -> Oids.ANYELEMENT;
            case Oids.ANYCOMPATIBLEARRAY -> Oids.ANYCOMPATIBLE;
            case Oids.ANY -> Oids.ANY;
            default -> {
                if (!type.isArray()) {
                    throw invalid("VARIADIC parameter must be an array");
                }
                yield type.elementOid();
            }
        };
    }

    private void defaultOf(Parameter parameter, PgType type, boolean input) {
        if (parameter.defaultValue() != null) {
            if (!input) {
                throw invalid("only input parameters can have default values");
            }
            Expr expr = new Expressions(context).analyze(parameter.defaultValue(), null, ExprKind.FUNCTION_DEFAULT,
                    Analyzer.isPolymorphic(type.oid()) ? null : type, -1);
            defaults.add(StoredText.expression(context, expr, parameter.defaultText(), null));
        } else if (input && !defaults.isEmpty()) {
            throw invalid("input parameters after one with a default value must also have defaults");
        }
    }

    private PgType result(RoutineStatement.CreateFunction create) {
        if (create.procedure()) {
            return context.catalog().pgType(Oids.VOID);
        }
        int implied = outputs.isEmpty() ? 0 : outputs.size() == 1 ? outputs.getFirst().type().oid() : Oids.RECORD;
        if (create.returnsTable() || create.returns() == null) {
            if (implied == 0) {
                throw invalid("function result type must be specified");
            }
            return context.catalog().pgType(implied);
        }
        PgType written = context.resolveType(create.returns()).type();
        if (implied != 0 && implied != written.oid()) {
            throw invalid("function result type must be " + context.catalog().formatType(implied, -1)
                    + " because of OUT parameters");
        }
        boolean pseudo = written.isPseudo() && written.oid() != Oids.VOID && written.oid() != Oids.RECORD
                && !Analyzer.isPolymorphic(written.oid());
        if (pseudo) {
            throw invalid("SQL functions cannot return type " + context.catalog().formatType(written.oid(), -1));
        }
        boolean generic = inputTypes.stream().anyMatch(Analyzer::isPolymorphic);
        if (Analyzer.isPolymorphic(written.oid()) && !generic) {
            throw invalid("cannot determine result data type").withDetail("A result of type "
                    + context.catalog().formatType(written.oid(), -1) + " requires at least one input of type "
                    + "anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange.");
        }
        return written;
    }

    /** What would go wrong in every call goes wrong now. Bodies over polymorphic arguments are only parsed. */
    private void check(RoutineStatement.CreateFunction create, PgType result, String source, String body) {
        if (inputTypes.stream().anyMatch(Analyzer::isPolymorphic)) {
            SqlParser.parse(source);
            return;
        }
        List<String> inputNames = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if ("ibv".contains(modes.get(i))) {
                inputNames.add(names.get(i));
            }
        }
        AnalyzerContext analyzer = new AnalyzerContext(context.catalog(), context.session.text(), context.roleOid(),
                ints(inputTypes), false, new AnalyzerContext.FunctionNames(create.name().name(), inputNames));
        List<RangeColumn> columns = result.oid() == Oids.RECORD ? outputs : Analyzer.rowColumns(result, analyzer);
        try {
            Analyzer.analyzeFunctionBody(source, body, result, columns, analyzer);
        } catch (SqlException e) {
            throw placed(e, create, source, body).addWhere("SQL function \"" + create.name().name() + "\"");
        }
    }

    /** An error in the body, at its place in the whole statement. */
    private SqlException placed(SqlException error, RoutineStatement.CreateFunction create, String source,
            String body) {
        if (error.position() <= 0) {
            return error;
        }
        if (body != null) {
            int prefix = "CREATE FUNCTION f() ".length();
            int start = context.sql.codePointCount(0, create.body().position());
            return error.at(error.position() - prefix + start);
        }
        int start = context.sql.indexOf(source);
        return start < 0 ? error : error.at(error.position() + context.sql.codePointCount(0, start));
    }

    private static char parallel(RoutineStatement.FunctionOptions options) {
        if (options.parallel() == null) {
            return 'u';
        }
        return switch (options.parallel().toLowerCase(Locale.ROOT)) {
            case "safe" -> 's';
            case "restricted" -> 'r';
            case "unsafe" -> 'u';
            default -> throw new SqlException(SqlState.SYNTAX_ERROR,
                    "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
        };
    }

    private static double positive(Expression.NumberLiteral number, String name) {
        double value = Double.parseDouble(number.text());
        if (value <= 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, name + " must be positive");
        }
        return value;
    }

    private static double cost(RoutineStatement.FunctionOptions options) {
        return options.cost() == null ? 100 : positive(options.cost(), "COST");
    }

    private static double rows(RoutineStatement.FunctionOptions options, boolean set) {
        if (options.rows() == null) {
            return set ? DEFAULT_ROWS : 0;
        }
        double rows = positive(options.rows(), "ROWS");
        if (!set) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "ROWS is not applicable when function does not return a set");
        }
        return rows;
    }

    private List<String> config(List<String> old, RoutineStatement.FunctionOptions options) {
        List<String> result = new ArrayList<>(old == null ? List.of() : old);
        for (SessionStatement setting : options.settings()) {
            switch (setting) {
                case SessionStatement.SetVariable set -> {
                    result.removeIf(s -> s.startsWith(set.name() + "="));
                    if (!set.values().isEmpty()) {
                        result.add(set.name() + "=" + SettingValues.text(set.name(), set.values(),
                                context.session.text()));
                    }
                }
                case SessionStatement.SetFromCurrent set -> {
                    result.removeIf(s -> s.startsWith(set.name() + "="));
                    result.add(set.name() + "=" + context.session.showSetting(set.name()));
                }
                case SessionStatement.Reset reset -> result.removeIf(s -> reset.name() == null
                        || s.startsWith(reset.name() + "="));
                default -> throw SqlException.notSupported("this setting of a function is not supported");
            }
        }
        return result.isEmpty() ? null : result;
    }

    // ---- ALTER

    String alter(RoutineStatement.AlterFunction alter) {
        FunctionDescriptor f = Routines.find(context, alter.function());
        RoutineStatement.FunctionOptions options = alter.options();
        if (context.roleOid() != f.ownerOid() && !context.isSuperuser()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of function " + f.name());
        }
        if (f.isAggregate()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + f.name() + "\" is an aggregate function");
        }
        boolean plain = f.argModes() == null || f.argModes().length == 0;
        List<String> letters = new ArrayList<>();
        for (int i = 0; !plain && i < f.argModes().length; i++) {
            letters.add(String.valueOf(f.argModes()[i]));
        }
        context.writer().functions().create(new NewFunction(f.schemaOid(), f.name(), f.ownerOid(), f.language(),
                f.argTypes(), plain ? null : Arrays.stream(f.allArgTypes()).boxed().toList(), plain ? null : letters,
                f.argNames() == null || f.argNames().isEmpty() ? null : f.argNames(),
                f.defaults().stream().map(text -> new SqlExpression(text, List.of())).toList(), f.variadicType(),
                f.returnType(), f.returnsSet(), f.kind(),
                options.volatility() == 0 ? f.volatility() : options.volatility(),
                options.strict() == null ? f.strict() : options.strict(),
                options.leakproof() == null ? f.leakproof() : options.leakproof(),
                options.securityDefiner() == null ? f.securityDefiner() : options.securityDefiner(),
                options.parallel() == null ? f.parallel() : parallel(options), f.source(), f.sqlBody(), List.of(),
                options.cost() == null ? f.cost() : cost(options),
                options.rows() == null ? f.rows() : rows(options, f.returnsSet()), config(f.config(), options)), true);
        return f.isProcedure() ? "ALTER PROCEDURE" : "ALTER FUNCTION";
    }

    // ---- CALL

    String call(RoutineStatement.Call call) {
        Expr.FunctionCall expr = (Expr.FunctionCall) Analyzer.analyzeCall(call, context.sql, context.analyzer());
        QueryContext query = context.session.execution().context(context.parameters,
                context.transaction().takeSnapshot());
        try {
            new Expressions(context).compile(expr).eval(new RowContext(query));
        } finally {
            context.transaction().releaseSnapshot(query.snapshot);
        }
        return "CALL";
    }
}
