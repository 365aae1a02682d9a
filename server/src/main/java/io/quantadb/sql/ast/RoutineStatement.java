package io.quantadb.sql.ast;

import java.util.List;

/** Functions, procedures and their calls. */
public sealed interface RoutineStatement extends Statement {

    /**
     * @param returns      null if not written
     * @param returnsTable RETURNS TABLE: its columns are the TABLE parameters
     * @param body         SQL-standard body, or null if the options have AS
     */
    record CreateFunction(boolean orReplace, boolean procedure, QualifiedName name, List<Parameter> parameters,
                          TypeName returns, boolean returnsTable, FunctionOptions options, SqlBody body,
                          int position) implements RoutineStatement {
    }

    /** @param defaultText source of the default value */
    record Parameter(ParameterMode mode, String name, TypeName type, Expression defaultValue, String defaultText,
                     int position) implements Node {
    }

    /** DEFAULT: nothing written, which means IN. */
    enum ParameterMode { DEFAULT, IN, OUT, INOUT, VARIADIC, TABLE }

    /**
     * Clauses in any order; null where not written.
     *
     * @param as         one or two strings; empty if not written
     * @param volatility {@code i}, {@code s}, {@code v} or 0
     */
    record FunctionOptions(List<String> as, String language, char volatility, Boolean strict,
                           Boolean securityDefiner, Boolean leakproof, boolean window, Expression.NumberLiteral cost,
                           Expression.NumberLiteral rows, QualifiedName support, String parallel,
                           List<SessionStatement> settings, List<TypeName> transforms) {
    }

    /**
     * {@code RETURN value} (then no statements) or BEGIN ATOMIC.
     *
     * @param text source, from RETURN or BEGIN to the end
     */
    record SqlBody(Expression returnValue, List<Statement> statements, String text, int position) implements Node {
    }

    /** @param function its kind is FUNCTION, PROCEDURE or ROUTINE */
    record AlterFunction(ObjectReference function, FunctionOptions options, int position)
            implements RoutineStatement {
    }

    /** @param language null: plpgsql */
    record Do(String body, String language, int position) implements RoutineStatement {
    }

    record Call(Expression.FunctionCall call, int position) implements RoutineStatement {
    }
}
