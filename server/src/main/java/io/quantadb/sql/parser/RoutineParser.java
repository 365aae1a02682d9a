package io.quantadb.sql.parser;

import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Expression.NumberLiteral;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.RoutineStatement.FunctionOptions;
import io.quantadb.sql.ast.RoutineStatement.Parameter;
import io.quantadb.sql.ast.RoutineStatement.ParameterMode;
import io.quantadb.sql.ast.RoutineStatement.SqlBody;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** CREATE FUNCTION and PROCEDURE, their options, DO and CALL. */
abstract class RoutineParser extends TableParser {
    RoutineParser(String sql) {
        super(sql);
    }

    /** SET or RESET as a clause of another statement; at the keyword. */
    abstract SessionStatement settingClause();

    /** Any statement, for bodies. */
    abstract Statement statement();

    /** After FUNCTION or PROCEDURE. */
    final Statement createFunction(boolean orReplace, boolean procedure, int start) {
        QualifiedName name = functionName();
        List<Parameter> parameters = new ArrayList<>(parameters(true));
        TypeName returns = null;
        boolean table = false;
        if (!procedure && accept(Keyword.RETURNS)) {
            if (accept(Keyword.TABLE)) {
                table = true;
                expect('(');
                do {
                    int at = token.start;
                    String column = typeOrFunctionName();
                    parameters.add(new Parameter(ParameterMode.TABLE, column, typeName(), null, null, at));
                } while (accept(','));
                expect(')');
            } else {
                returns = typeName();
            }
        }
        Options options = new Options();
        while (functionOption(options)) {
            // Each call takes one option.
        }
        SqlBody body = at(Keyword.RETURN) || at(Keyword.BEGIN) ? sqlBody() : null;
        return new RoutineStatement.CreateFunction(orReplace, procedure, name, parameters, returns, table,
                options.build(), body, start);
    }

    /**
     * {@code (parameters)}.
     *
     * @param defaults DEFAULT values are allowed
     */
    final List<Parameter> parameters(boolean defaults) {
        expect('(');
        List<Parameter> parameters = new ArrayList<>();
        if (!at(')')) {
            do {
                parameters.add(parameter(defaults));
            } while (accept(','));
        }
        expect(')');
        return parameters;
    }

    final Parameter parameter(boolean defaults) {
        int start = token.start;
        ParameterMode mode = parameterMode();
        String name = null;
        if (isTypeOrFunctionName(token) && typeFollows()) {
            name = typeOrFunctionName();
            if (mode == ParameterMode.DEFAULT) {
                mode = parameterMode();
            }
        }
        TypeName type = typeName();
        Expression value = null;
        String text = null;
        if (defaults && (at(Keyword.DEFAULT) || at('='))) {
            advance();
            int from = token.start;
            value = expression();
            text = textFrom(from);
        }
        return new Parameter(mode, name, type, value, text, start);
    }

    /** Whether the word here is a parameter's name: another word follows that can begin its type or mode. */
    private boolean typeFollows() {
        Token next = peek(1);
        if (at(Keyword.DOUBLE) && next.keyword == Keyword.PRECISION) {
            return false;
        }
        if (next.type == Token.IDENT) {
            return true;
        }
        if (next.type != Token.KEYWORD) {
            return false;
        }
        return next.keyword.category() != Keyword.Category.RESERVED || next.keyword == Keyword.VARIADIC
                || next.keyword == Keyword.IN;
    }

    private ParameterMode parameterMode() {
        if (accept(Keyword.IN)) {
            return accept(Keyword.OUT) ? ParameterMode.INOUT : ParameterMode.IN;
        }
        if (accept(Keyword.OUT)) {
            return ParameterMode.OUT;
        }
        if (accept(Keyword.INOUT)) {
            return ParameterMode.INOUT;
        }
        return accept(Keyword.VARIADIC) ? ParameterMode.VARIADIC : ParameterMode.DEFAULT;
    }

    /** Collects the clauses of a function, each at most once. */
    private final class Options {
        private List<String> as = List.of();
        private String language;
        private char volatility;
        private Boolean strict;
        private Boolean securityDefiner;
        private Boolean leakproof;
        private boolean window;
        private NumberLiteral cost;
        private NumberLiteral rows;
        private QualifiedName support;
        private String parallel;
        private final List<SessionStatement> settings = new ArrayList<>();
        private List<TypeName> transforms = List.of();

        private FunctionOptions build() {
            return new FunctionOptions(as, language, volatility, strict, securityDefiner, leakproof, window, cost,
                    rows, support, parallel, settings, transforms);
        }
    }

    final FunctionOptions functionOptions() {
        Options options = new Options();
        if (!functionOption(options)) {
            throw syntaxError();
        }
        while (functionOption(options)) {
            // Each call takes one option.
        }
        return options.build();
    }

    private void once(boolean unset, int start) {
        if (!unset) {
            throw error("conflicting or redundant options", start);
        }
    }

    /** Takes one option into {@code o}; false if none follows. */
    private boolean functionOption(Options o) {
        int start = token.start;
        if (!at(Token.KEYWORD)) {
            return false;
        }
        switch (token.keyword) {
            case AS -> {
                advance();
                once(o.as.isEmpty(), start);
                String first = string();
                o.as = accept(',') ? List.of(first, string()) : List.of(first);
            }
            case LANGUAGE -> {
                advance();
                once(o.language == null, start);
                o.language = nonReservedWordOrString();
            }
            case TRANSFORM -> {
                advance();
                once(o.transforms.isEmpty(), start);
                o.transforms = new ArrayList<>();
                do {
                    expect(Keyword.FOR, Keyword.TYPE);
                    o.transforms.add(typeName());
                } while (accept(','));
            }
            case WINDOW -> {
                advance();
                once(!o.window, start);
                o.window = true;
            }
            case IMMUTABLE, STABLE, VOLATILE -> {
                once(o.volatility == 0, start);
                o.volatility = token.text.charAt(0);
                advance();
            }
            case STRICT, CALLED, RETURNS -> strictness(o, start);
            case EXTERNAL, SECURITY -> {
                accept(Keyword.EXTERNAL);
                expect(Keyword.SECURITY);
                once(o.securityDefiner == null, start);
                o.securityDefiner = accept(Keyword.DEFINER);
                if (!o.securityDefiner) {
                    expect(Keyword.INVOKER);
                }
            }
            case LEAKPROOF, NOT -> {
                boolean not = accept(Keyword.NOT);
                expect(Keyword.LEAKPROOF);
                once(o.leakproof == null, start);
                o.leakproof = !not;
            }
            case COST -> {
                advance();
                once(o.cost == null, start);
                o.cost = signedNumber();
            }
            case ROWS -> {
                advance();
                once(o.rows == null, start);
                o.rows = signedNumber();
            }
            case SUPPORT -> {
                advance();
                once(o.support == null, start);
                o.support = qualifiedName();
            }
            case PARALLEL -> {
                advance();
                once(o.parallel == null, start);
                o.parallel = columnId();
            }
            case SET, RESET -> o.settings.add(settingClause());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void strictness(Options o, int start) {
        once(o.strict == null, start);
        if (accept(Keyword.STRICT)) {
            o.strict = true;
            return;
        }
        o.strict = accept(Keyword.RETURNS);
        if (o.strict) {
            expect(Keyword.NULL);
        } else {
            expect(Keyword.CALLED);
        }
        expect(Keyword.ON);
        expect(Keyword.NULL, Keyword.INPUT);
    }

    /** {@code RETURN value} or {@code BEGIN ATOMIC ... END}. */
    private SqlBody sqlBody() {
        int start = token.start;
        if (accept(Keyword.RETURN)) {
            Expression value = expression();
            return new SqlBody(value, List.of(), textFrom(start), start);
        }
        expect(Keyword.BEGIN, Keyword.ATOMIC);
        List<Statement> statements = new ArrayList<>();
        while (!at(Keyword.END)) {
            if (accept(';')) {
                continue;
            }
            if (at(Keyword.RETURN)) {
                statements.add(returnStatement());
            } else {
                statements.add(statement());
            }
            expect(';');
        }
        expect(Keyword.END);
        return new SqlBody(null, statements, textFrom(start), start);
    }

    /** RETURN inside BEGIN ATOMIC is the query {@code SELECT value}. */
    private Statement returnStatement() {
        int start = token.start;
        advance();
        Expression value = expression();
        var item = new QueryBody.SelectItem(value, null, value.position());
        var body = new QueryBody.Select(false, List.of(), List.of(item), null, List.of(), null,
                null, null, List.of(), start);
        return new Query(null, body, List.of(), null, List.of(), start);
    }

    final Statement doStatement() {
        int start = token.start;
        advance();
        String body = null;
        String language = null;
        while (at(Token.STRING) || at(Keyword.LANGUAGE)) {
            int at = token.start;
            if (accept(Keyword.LANGUAGE)) {
                once(language == null, at);
                language = nonReservedWordOrString();
            } else {
                once(body == null, at);
                body = string();
            }
        }
        if (body == null) {
            if (language == null) {
                throw syntaxError();
            }
            throw error("no inline code specified", -1);
        }
        return new RoutineStatement.Do(body, language, start);
    }

    final Statement call() {
        int start = token.start;
        advance();
        int nameStart = token.start;
        return new RoutineStatement.Call(application(functionName(), nameStart), start);
    }

    final List<ColumnDefinition> attributes() {
        List<ColumnDefinition> attributes = new ArrayList<>();
        expect('(');
        if (!at(')')) {
            do {
                attributes.add(plainColumn());
            } while (accept(','));
        }
        expect(')');
        return attributes;
    }
}
