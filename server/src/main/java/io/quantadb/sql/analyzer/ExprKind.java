package io.quantadb.sql.analyzer;

/**
 * The clause an expression stands in: decides whether aggregates, window functions, set-returning functions and
 * subqueries are allowed there, and the words of the error if not.
 */
public enum ExprKind {
    OTHER(null, Rule.FORBID, Rule.ALLOW),
    JOIN_ON("JOIN conditions", Rule.FORBID_PLURAL, Rule.ALLOW),
    JOIN_USING("JOIN/USING", Rule.FORBID, Rule.ALLOW),
    FROM_SUBSELECT("FROM clause of their own query level", Rule.OUTER_ONLY, Rule.ALLOW),
    FROM_FUNCTION("functions in FROM", Rule.FORBID_PLURAL, Rule.ALLOW),
    WHERE("WHERE", Rule.FORBID, Rule.ALLOW),
    POLICY("policy expressions", Rule.FORBID_PLURAL, Rule.ALLOW),
    HAVING("HAVING", Rule.ALLOW, Rule.ALLOW),
    FILTER("FILTER", Rule.FORBID, Rule.ALLOW),
    WINDOW_PARTITION("PARTITION BY", Rule.ALLOW, Rule.ALLOW),
    WINDOW_ORDER("ORDER BY", Rule.ALLOW, Rule.ALLOW),
    WINDOW_FRAME_RANGE("window RANGE", Rule.FORBID, Rule.ALLOW),
    WINDOW_FRAME_ROWS("window ROWS", Rule.FORBID, Rule.ALLOW),
    WINDOW_FRAME_GROUPS("window GROUPS", Rule.FORBID, Rule.ALLOW),
    SELECT_TARGET("SELECT", Rule.ALLOW, Rule.ALLOW),
    INSERT_TARGET("INSERT", Rule.FORBID, Rule.ALLOW),
    UPDATE_SOURCE("UPDATE", Rule.FORBID, Rule.ALLOW),
    UPDATE_TARGET("UPDATE", Rule.FORBID, Rule.ALLOW),
    MERGE_WHEN("MERGE WHEN conditions", Rule.FORBID_PLURAL, Rule.ALLOW),
    GROUP_BY("GROUP BY", Rule.FORBID, Rule.ALLOW),
    ORDER_BY("ORDER BY", Rule.ALLOW, Rule.ALLOW),
    DISTINCT_ON("DISTINCT ON", Rule.ALLOW, Rule.ALLOW),
    LIMIT("LIMIT", Rule.FORBID, Rule.ALLOW),
    OFFSET("OFFSET", Rule.FORBID, Rule.ALLOW),
    RETURNING("RETURNING", Rule.FORBID, Rule.ALLOW),
    VALUES("VALUES", Rule.FORBID, Rule.ALLOW),
    VALUES_SINGLE("VALUES", Rule.FORBID, Rule.ALLOW),
    CHECK_CONSTRAINT("check constraints", Rule.FORBID_PLURAL, Rule.FORBID, "check constraint"),
    DOMAIN_CHECK("check constraints", Rule.FORBID_PLURAL, Rule.FORBID, "check constraint"),
    COLUMN_DEFAULT("DEFAULT expressions", Rule.FORBID_PLURAL, Rule.FORBID, "DEFAULT expression"),
    FUNCTION_DEFAULT("DEFAULT expressions", Rule.FORBID_PLURAL, Rule.FORBID, "DEFAULT expression"),
    INDEX_EXPRESSION("index expressions", Rule.FORBID_PLURAL, Rule.FORBID, "index expression"),
    INDEX_PREDICATE("index predicates", Rule.FORBID_PLURAL, Rule.FORBID, "index predicate"),
    STATS_EXPRESSION("statistics expressions", Rule.FORBID_PLURAL, Rule.FORBID, "statistics expression"),
    ALTER_COLUMN_TRANSFORM("transform expressions", Rule.FORBID_PLURAL, Rule.FORBID, "transform expression"),
    EXECUTE_PARAMETER("EXECUTE parameters", Rule.FORBID_PLURAL, Rule.FORBID, "EXECUTE parameter"),
    TRIGGER_WHEN("trigger WHEN conditions", Rule.FORBID_PLURAL, Rule.FORBID, "trigger WHEN condition"),
    PARTITION_BOUND("partition bound", Rule.FORBID, Rule.FORBID, "partition bound"),
    PARTITION_EXPRESSION("partition key expressions", Rule.FORBID_PLURAL, Rule.FORBID, "partition key expression"),
    CALL_ARGUMENT("CALL arguments", Rule.FORBID_PLURAL, Rule.FORBID, "CALL argument"),
    COPY_WHERE("COPY FROM WHERE conditions", Rule.FORBID_PLURAL, Rule.FORBID, "COPY FROM WHERE condition"),
    GENERATED_COLUMN("column generation expressions", Rule.FORBID_PLURAL, Rule.FORBID,
            "column generation expression"),
    CYCLE_MARK("CYCLE", Rule.FORBID, Rule.ALLOW);

    /** FORBID_PLURAL words the message as "... in JOIN conditions", the other as "... in WHERE". */
    enum Rule { ALLOW, FORBID, FORBID_PLURAL, OUTER_ONLY }

    private final String clause;
    private final Rule aggregates;
    private final Rule subqueries;
    private final String subqueryPlace;

    ExprKind(String clause, Rule aggregates, Rule subqueries) {
        this(clause, aggregates, subqueries, null);
    }

    ExprKind(String clause, Rule aggregates, Rule subqueries, String subqueryPlace) {
        this.clause = clause;
        this.aggregates = aggregates;
        this.subqueries = subqueries;
        this.subqueryPlace = subqueryPlace;
    }

    String clause() {
        return clause;
    }

    Rule aggregates() {
        return aggregates;
    }

    boolean allowsSubqueries() {
        return subqueries == Rule.ALLOW;
    }

    String subqueryPlace() {
        return subqueryPlace;
    }

    /** PostgreSQL's ParseExprKindName. */
    String displayName() {
        return switch (this) {
            case JOIN_ON -> "JOIN/ON";
            case JOIN_USING -> "JOIN/USING";
            case FROM_SUBSELECT -> "sub-SELECT in FROM";
            case FROM_FUNCTION -> "function in FROM";
            case WINDOW_PARTITION -> "window PARTITION BY";
            case WINDOW_ORDER -> "window ORDER BY";
            case MERGE_WHEN -> "MERGE WHEN";
            case CHECK_CONSTRAINT, DOMAIN_CHECK -> "CHECK";
            case COLUMN_DEFAULT, FUNCTION_DEFAULT -> "DEFAULT";
            case INDEX_EXPRESSION -> "index expression";
            case INDEX_PREDICATE -> "index predicate";
            case STATS_EXPRESSION -> "statistics expression";
            case ALTER_COLUMN_TRANSFORM -> "USING";
            case EXECUTE_PARAMETER -> "EXECUTE";
            case TRIGGER_WHEN -> "WHEN";
            case PARTITION_BOUND -> "partition bound";
            case PARTITION_EXPRESSION -> "PARTITION BY";
            case CALL_ARGUMENT -> "CALL";
            case COPY_WHERE -> "WHERE";
            case GENERATED_COLUMN -> "GENERATED AS";
            case POLICY -> "POLICY";
            default -> clause == null ? "unknown expression kind" : clause;
        };
    }
}
