package io.quantadb.function;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.cache.MemoryCatalog;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.error.SqlException;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import io.quantadb.types.datetime.SessionTimeZone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Runs small queries without tables through parser, analyzer, expression compiler and the function registry: SELECT of
 * expressions, of one set-returning function, and of aggregates over one VALUES list or function in FROM.
 */
final class ExpressionScene implements FunctionContext, ExprEnvironment {
    private static final TextContext TEXT = new TextContext() {
        private final SessionTimeZone zone = SessionTimeZone.find("Europe/Berlin");

        @Override
        public SessionTimeZone timeZone() {
            return zone;
        }
    };

    private final CatalogReader catalog = new MemoryCatalog().reader(new SearchPath(List.of("public"), "postgres", 0));
    private final FunctionRegistry registry = BuiltinFunctions.registry();
    private final Map<Class<?>, Object> services = new HashMap<>();
    private final RowContext row = new RowContext(new QueryContext());

    ExpressionScene() {
        row.query.functions = this;
        row.query.catalog = catalog;
    }

    CatalogReader catalog() {
        return catalog;
    }

    /** Rows as psql -At prints them, with NULL as ∅; errors as ERROR, SQLSTATE and message. */
    String run(String sql) {
        try {
            var parsed = SqlParser.parse(sql).getFirst();
            var analyzed = Analyzer.analyze(parsed, sql, AnalyzerContext.of(catalog, TEXT, CatalogIds.BOOTSTRAP_ROLE));
            return print(((AnalyzedStatement.Plannable) analyzed).query());
        } catch (SqlException e) {
            return "ERROR " + e.code() + " " + e.getMessage();
        }
    }

    private String print(Query query) {
        List<TargetEntry> columns = query.resultColumns();
        List<String> lines = new ArrayList<>();
        for (Object[] values : rows(query)) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                PgType type = columns.get(i).expr().type();
                line.append(i > 0 ? "|" : "").append(values[i] == null ? "∅" : type.ops().toText(values[i], TEXT));
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines);
    }

    private List<Object[]> rows(Query query) {
        List<Object[]> input = new ArrayList<>();
        if (query.joinTree().items().isEmpty()) {
            input.add(new Object[0]);
        } else {
            input = source(query.entry(1));
        }
        if (query.where() != null) {
            ScalarEvaluator where = new ExprCompiler(this).scalar(query.where());
            input.removeIf(values -> !where.isTrue(at(values)));
        }
        List<Object[]> result = new ArrayList<>();
        if (query.hasAggregates()) {
            List<Object> values = new ArrayList<>();
            for (TargetEntry column : query.resultColumns()) {
                values.add(aggregate((Expr.AggregateCall) column.expr(), input));
            }
            result.add(values.toArray());
            return result;
        }
        for (Object[] values : input) {
            project(query.resultColumns(), values, result);
        }
        return result;
    }

    private RowContext at(Object[] values) {
        row.outer = new RowView.ArrayRow(values);
        return row;
    }

    private void project(List<TargetEntry> columns, Object[] input, List<Object[]> result) {
        ExprCompiler compiler = new ExprCompiler(this);
        List<List<Object>> sets = new ArrayList<>();
        int longest = -1;
        for (TargetEntry column : columns) {
            if (column.expr() instanceof Expr.FunctionCall call && call.function().returnsSet()) {
                List<Object> set = new ArrayList<>();
                boolean composite = call.type().typtype() == 'c' || call.type().name().equals("record");
                for (Object[] produced : callSet(call, input, composite ? 32 : 1)) {
                    set.add(produced[0]);
                }
                sets.add(set);
                longest = Math.max(longest, set.size());
            } else {
                sets.add(null);
            }
        }
        int count = longest < 0 ? 1 : longest;
        for (int n = 0; n < count; n++) {
            Object[] output = new Object[columns.size()];
            for (int i = 0; i < output.length; i++) {
                output[i] = sets.get(i) == null ? compiler.scalar(columns.get(i).expr()).eval(at(input))
                        : n < sets.get(i).size() ? sets.get(i).get(n) : null;
            }
            result.add(output);
        }
    }

    private List<Object[]> callSet(Expr.FunctionCall call, Object[] input, int width) {
        FunctionRef function = call.function();
        Object[] arguments = new Object[call.arguments().size()];
        boolean sawNull = false;
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = new ExprCompiler(this).scalar(call.arguments().get(i)).eval(at(input));
            sawNull |= arguments[i] == null;
        }
        List<Object[]> rows = new ArrayList<>();
        if (function.strict() && sawNull) {
            return rows;
        }
        SetFunction.RowCursor cursor = registry.set(function.internalName(), new CallSite(function.name(),
                call.arguments().stream().map(Expr::type).toList(), call.type(), call.variadic(), 0))
                .call(this, arguments);
        Object[] next = new Object[width];
        while (cursor.next(next)) {
            rows.add(next);
            next = new Object[width];
        }
        return rows;
    }

    private List<Object[]> source(RangeTableEntry entry) {
        List<Object[]> rows = new ArrayList<>();
        switch (entry) {
            case RangeTableEntry.Subquery subquery -> rows.addAll(rows(subquery.query()));
            case RangeTableEntry.Values values -> {
                for (List<Expr> exprs : values.rows()) {
                    rows.add(exprs.stream().map(e -> new ExprCompiler(this).scalar(e).eval(at(new Object[0])))
                            .toArray());
                }
            }
            case RangeTableEntry.Function function -> {
                Expr call = function.functions().getFirst().call();
                int width = function.functions().getFirst().columns().size();
                if (call instanceof Expr.FunctionCall f && f.function().returnsSet()) {
                    rows.addAll(callSet(f, new Object[0], width));
                } else {
                    Object value = new ExprCompiler(this).scalar(call).eval(at(new Object[0]));
                    boolean composite = value instanceof io.quantadb.types.RowValue;
                    rows.add(composite ? ((io.quantadb.types.RowValue) value).unsafeValues() : new Object[] {value});
                }
            }
            default -> throw new IllegalArgumentException(entry.getClass().getSimpleName());
        }
        return rows;
    }

    private Object aggregate(Expr.AggregateCall call, List<Object[]> input) {
        ExprCompiler compiler = new ExprCompiler(this);
        List<Object[]> arguments = new ArrayList<>();
        ScalarEvaluator filter = call.filter() == null ? null : compiler.scalar(call.filter());
        for (Object[] values : input) {
            if (filter == null || filter.isTrue(at(values))) {
                arguments.add(call.arguments().stream().map(e -> compiler.scalar(e.expr()).eval(at(values))).toArray());
            }
        }
        for (SortGroupClause clause : call.orderBy().reversed()) {
            int column = indexOf(call, clause);
            var ops = call.arguments().get(column).expr().type().ops();
            arguments.sort((a, b) -> a[column] == null || b[column] == null
                    ? (a[column] == b[column] ? 0 : (a[column] == null) == clause.nullsFirst() ? -1 : 1)
                    : clause.descending() ? ops.compare(b[column], a[column]) : ops.compare(a[column], b[column]));
        }
        if (!call.distinct().isEmpty()) {
            Set<Object> seen = new HashSet<>();
            arguments.removeIf(values -> !seen.add(java.util.Arrays.asList(values)));
        }
        List<PgType> types = new ArrayList<>();
        call.directArguments().forEach(e -> types.add(e.type()));
        int direct = types.size();
        call.arguments().stream().filter(e -> !e.junk()).forEach(e -> types.add(e.expr().type()));
        Accumulator accumulator = registry.aggregate(call.function().name(), new CallSite(call.function().name(),
                direct > 0 ? types : types, call.type(), call.variadic(), 0)).newAccumulator(this);
        accumulator.ensureGroups(1);
        Object[] directValues = call.directArguments().stream().map(e -> compiler.scalar(e).eval(at(new Object[0])))
                .toArray();
        if (call.kind() != 'n') {
            accumulator.directArguments(0, directValues);
        }
        int width = types.size() - direct;
        for (Object[] values : arguments) {
            accumulator.add(0, java.util.Arrays.copyOf(values, width));
        }
        if (call.kind() != 'n') {
            accumulator.directArguments(0, directValues);
        }
        return accumulator.finish(0);
    }

    private static int indexOf(Expr.AggregateCall call, SortGroupClause clause) {
        for (int i = 0; i < call.arguments().size(); i++) {
            if (call.arguments().get(i).sortGroupRef() == clause.targetRef()) {
                return i;
            }
        }
        throw new IllegalArgumentException("no argument with reference " + clause.targetRef());
    }

    // ---- ExprEnvironment and FunctionContext

    @Override
    public FunctionRegistry functions() {
        return registry;
    }

    @Override
    public PgType type(int oid) {
        return catalog.pgType(oid);
    }

    @Override
    public TextContext text() {
        return TEXT;
    }

    @Override
    public String currentUser() {
        return "postgres";
    }

    @Override
    public String sessionUser() {
        return "postgres";
    }

    @Override
    public String currentDatabase() {
        return "functions";
    }

    @Override
    public List<String> currentSchemas(boolean includeImplicit) {
        return includeImplicit ? List.of("pg_catalog", "public") : List.of("public");
    }

    @Override
    public long transactionTimestamp() {
        return 0;
    }

    @Override
    public long statementTimestamp() {
        return 0;
    }

    @Override
    public long clockTimestamp() {
        return 0;
    }

    @Override
    public String setting(String name, boolean missingOk) {
        return null;
    }

    @Override
    public void setSetting(String name, String value, boolean local) {
    }

    @Override
    public RandomGenerator random() {
        return RandomGenerator.getDefault();
    }

    @Override
    public void seedRandom(double seed) {
    }

    @Override
    public SequenceAccess sequences() {
        throw SqlException.notSupported("sequences");
    }

    <T> void offer(Class<T> type, T service) {
        services.put(type, service);
    }

    @Override
    public <T> T service(Class<T> type) {
        if (!services.containsKey(type)) {
            throw SqlException.notSupported(type.getSimpleName());
        }
        return type.cast(services.get(type));
    }

    @Override
    public int backendPid() {
        return 1;
    }

    @Override
    public void notice(SqlException notice) {
    }

    @Override
    public void checkInterrupts() {
    }
}
