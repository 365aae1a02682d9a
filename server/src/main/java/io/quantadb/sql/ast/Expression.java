package io.quantadb.sql.ast;

import java.util.List;

/**
 * A value expression. Parentheses leave no trace; AND and OR chains are flat lists, unless parentheses end one inside.
 *
 * <p>{@code position} is where PostgreSQL's error messages point: the operator for operators, otherwise the first
 * token.
 */
public sealed interface Expression extends Node {

    /** {@code a}, {@code t.a}, {@code s.t.a}, {@code t.*} or {@code *} (no fields). */
    record ColumnRef(List<String> fields, boolean star, int position) implements Expression {
    }

    record NullLiteral(int position) implements Expression {
    }

    record BooleanLiteral(boolean value, int position) implements Expression {
    }

    /**
     * A number as written, a directly preceding minus sign included.
     *
     * @param integral no point and no exponent: int4, int8 or numeric by size; otherwise numeric
     */
    record NumberLiteral(String text, boolean integral, int position) implements Expression {
    }

    /** A string constant of type unknown, escapes already resolved. */
    record StringLiteral(String value, int position) implements Expression {
    }

    /** {@code B'01'} or {@code X'1F'}; the digits are not checked yet. */
    record BitStringLiteral(String digits, boolean hexadecimal, int position) implements Expression {
    }

    /** {@code $n}. */
    record Parameter(int number, int position) implements Expression {
    }

    /** Subscripts and field selections applied to a value, leftmost first; never empty. */
    record Indirection(Expression base, List<Accessor> accessors, int position) implements Expression {
    }

    /** One step of an {@link Indirection} or of an assignment target. */
    sealed interface Accessor extends Node {
        record Field(String name, int position) implements Accessor {
        }

        /** {@code .*}, only as the last step. */
        record AllFields(int position) implements Accessor {
        }

        record Index(Expression index, int position) implements Accessor {
        }

        /** {@code [lower:upper]}; a bound left out is null. */
        record Slice(Expression lower, Expression upper, int position) implements Accessor {
        }
    }

    /** A conversion; {@code position} is the {@code ::}, CAST or the type name of a typed literal. */
    record Cast(Expression operand, TypeName type, CastForm form, int position) implements Expression {
    }

    /** How a {@link Cast} was written. */
    enum CastForm { CAST, DOUBLE_COLON, TYPED_LITERAL }

    /** @param schema of {@code OPERATOR(schema.op)}, else null */
    record Unary(String schema, String operator, Expression operand, int position) implements Expression {
    }

    /**
     * A binary operator, comparisons included; {@code !=} arrives as {@code <>}.
     *
     * @param schema of {@code OPERATOR(schema.op)}, else null
     */
    record Binary(String schema, String operator, Expression left, Expression right, int position)
            implements Expression {
    }

    /** Two or more operands; nested chains joined. */
    record And(List<Expression> operands, int position) implements Expression {
    }

    /** Two or more operands; nested chains joined. */
    record Or(List<Expression> operands, int position) implements Expression {
    }

    record Not(Expression operand, int position) implements Expression {
    }

    /** {@code IS [NOT] NULL}, {@code TRUE} ...; ISNULL and NOTNULL too. */
    record IsTest(Expression operand, IsKind kind, boolean negated, int position) implements Expression {
    }

    /** What {@link IsTest} asks. */
    enum IsKind { NULL, TRUE, FALSE, UNKNOWN, DOCUMENT }

    record IsDistinct(Expression left, Expression right, boolean negated, int position) implements Expression {
    }

    record Between(Expression operand, Expression low, Expression high, boolean symmetric, boolean negated,
                   int position) implements Expression {
    }

    /** LIKE and its relatives; {@code escape} is null if not written. */
    record Like(Expression operand, Expression pattern, Expression escape, LikeKind kind, boolean negated,
                int position) implements Expression {
    }

    /** Which pattern language a {@link Like} uses. */
    enum LikeKind { LIKE, ILIKE, SIMILAR_TO }

    record InList(Expression operand, List<Expression> values, boolean negated, int position) implements Expression {
    }

    record InSubquery(Expression operand, Query query, boolean negated, int position) implements Expression {
    }

    /** {@code operand operator ANY|ALL (array)}; LIKE arrives as operator {@code ~~}. */
    record QuantifiedArray(Expression operand, String schema, String operator, boolean all, Expression array,
                           int position) implements Expression {
    }

    /** {@code operand operator ANY|ALL (query)}. */
    record QuantifiedSubquery(Expression operand, String schema, String operator, boolean all, Query query,
                              int position) implements Expression {
    }

    record ScalarSubquery(Query query, int position) implements Expression {
    }

    record Exists(Query query, int position) implements Expression {
    }

    record ArraySubquery(Query query, int position) implements Expression {
    }

    /** Simple (with operand) or searched (operand null) CASE; {@code otherwise} is null without ELSE. */
    record Case(Expression operand, List<When> branches, Expression otherwise, int position) implements Expression {
    }

    /** One branch of a {@link Case}. */
    record When(Expression condition, Expression result, int position) implements Node {
    }

    record Coalesce(List<Expression> operands, int position) implements Expression {
    }

    record NullIf(Expression left, Expression right, int position) implements Expression {
    }

    record MinMax(boolean greatest, List<Expression> operands, int position) implements Expression {
    }

    /** {@code ROW(...)} or {@code (a, b)}. */
    record Row(List<Expression> fields, boolean explicit, int position) implements Expression {
    }

    /** {@code ARRAY[...]}; inner dimensions are nested nodes of the same kind. */
    record ArrayConstructor(List<Expression> elements, int position) implements Expression {
    }

    record Collate(Expression operand, QualifiedName collation, int position) implements Expression {
    }

    /** GROUPING(...). */
    record Grouping(List<Expression> operands, int position) implements Expression {
    }

    /** CURRENT_DATE and the like; {@code precision} is -1 if not written. */
    record SqlValueFunction(SqlValueKind kind, int precision, int position) implements Expression {
    }

    /** The functions without parentheses. USER is CURRENT_USER of another column name. */
    enum SqlValueKind {
        CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP,
        CURRENT_ROLE, CURRENT_USER, USER, SESSION_USER, CURRENT_CATALOG, CURRENT_SCHEMA
    }

    /**
     * A call of a function, aggregate or window function.
     *
     * @param arguments   a named argument is a {@link NamedArgument}
     * @param star        {@code f(*)}
     * @param variadic    the last argument was marked VARIADIC
     * @param orderBy     inside the parentheses, or WITHIN GROUP's if {@code withinGroup}
     * @param filter      null without FILTER
     * @param over        null without OVER
     * @param sqlSyntax   came from SQL's special syntax (EXTRACT(x FROM y), AT TIME ZONE, ...): the name is then in
     *                    pg_catalog and the arguments are in the function's own order
     */
    record FunctionCall(QualifiedName name, List<Expression> arguments, boolean star, boolean distinct,
                        boolean variadic, List<OrderItem> orderBy, boolean withinGroup, Expression filter,
                        Window over, boolean sqlSyntax, int position) implements Expression {
    }

    /** {@code name => value}. */
    record NamedArgument(String name, Expression value, int position) implements Expression {
    }

    /** DEFAULT as a value; legal only in INSERT's VALUES and UPDATE's SET. */
    record DefaultValue(int position) implements Expression {
    }

    /** WHERE CURRENT OF; only as the whole condition. */
    record CurrentOf(String cursor, int position) implements Expression {
    }
}
