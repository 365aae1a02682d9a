package io.quantadb.sql.parser;

import static io.quantadb.sql.parser.Keyword.Codes.NB;
import static io.quantadb.sql.parser.Keyword.Codes.C;
import static io.quantadb.sql.parser.Keyword.Codes.R;
import static io.quantadb.sql.parser.Keyword.Codes.T;
import static io.quantadb.sql.parser.Keyword.Codes.U;

/**
 * The keywords of PostgreSQL 15 in alphabetical order, with where each may still serve as a name.
 *
 * <p>Source: pg_get_keywords() of PostgreSQL 15. Immutable; {@link Keywords} finds them by text.
 */
public enum Keyword {
    ABORT(U), ABSOLUTE(U), ACCESS(U), ACTION(U), ADD(U), ADMIN(U), AFTER(U), AGGREGATE(U), ALL(R), ALSO(U), ALTER(U),
    ALWAYS(U), ANALYSE(R), ANALYZE(R), AND(R), ANY(R), ARRAY(R, NB), AS(R, NB), ASC(R), ASENSITIVE(U), ASSERTION(U),
    ASSIGNMENT(U), ASYMMETRIC(R), AT(U), ATOMIC(U), ATTACH(U), ATTRIBUTE(U), AUTHORIZATION(T), BACKWARD(U), BEFORE(U),
    BEGIN(U), BETWEEN(C), BIGINT(C), BINARY(T), BIT(C), BOOLEAN(C), BOTH(R), BREADTH(U), BY(U), CACHE(U), CALL(U),
    CALLED(U), CASCADE(U), CASCADED(U), CASE(R), CAST(R), CATALOG(U), CHAIN(U), CHAR(C, NB), CHARACTER(C, NB),
    CHARACTERISTICS(U), CHECK(R), CHECKPOINT(U), CLASS(U), CLOSE(U), CLUSTER(U), COALESCE(C), COLLATE(R),
    COLLATION(T), COLUMN(R), COLUMNS(U), COMMENT(U), COMMENTS(U), COMMIT(U), COMMITTED(U), COMPRESSION(U),
    CONCURRENTLY(T), CONFIGURATION(U), CONFLICT(U), CONNECTION(U), CONSTRAINT(R), CONSTRAINTS(U), CONTENT(U),
    CONTINUE(U), CONVERSION(U), COPY(U), COST(U), CREATE(R, NB), CROSS(T), CSV(U), CUBE(U), CURRENT(U),
    CURRENT_CATALOG(R), CURRENT_DATE(R), CURRENT_ROLE(R), CURRENT_SCHEMA(T), CURRENT_TIME(R), CURRENT_TIMESTAMP(R),
    CURRENT_USER(R), CURSOR(U), CYCLE(U), DATA(U), DATABASE(U), DAY(U, NB), DEALLOCATE(U), DEC(C), DECIMAL(C),
    DECLARE(U), DEFAULT(R), DEFAULTS(U), DEFERRABLE(R), DEFERRED(U), DEFINER(U), DELETE(U), DELIMITER(U),
    DELIMITERS(U), DEPENDS(U), DEPTH(U), DESC(R), DETACH(U), DICTIONARY(U), DISABLE(U), DISCARD(U), DISTINCT(R),
    DO(R), DOCUMENT(U), DOMAIN(U), DOUBLE(U), DROP(U), EACH(U), ELSE(R), ENABLE(U), ENCODING(U), ENCRYPTED(U), END(R),
    ENUM(U), ESCAPE(U), EVENT(U), EXCEPT(R, NB), EXCLUDE(U), EXCLUDING(U), EXCLUSIVE(U), EXECUTE(U), EXISTS(C),
    EXPLAIN(U), EXPRESSION(U), EXTENSION(U), EXTERNAL(U), EXTRACT(C), FALSE(R), FAMILY(U), FETCH(R, NB),
    FILTER(U, NB), FINALIZE(U), FIRST(U), FLOAT(C), FOLLOWING(U), FOR(R, NB), FORCE(U), FOREIGN(R), FORWARD(U),
    FREEZE(T), FROM(R, NB), FULL(T), FUNCTION(U), FUNCTIONS(U), GENERATED(U), GLOBAL(U), GRANT(R, NB), GRANTED(U),
    GREATEST(C), GROUP(R, NB), GROUPING(C), GROUPS(U), HANDLER(U), HAVING(R, NB), HEADER(U), HOLD(U), HOUR(U, NB),
    IDENTITY(U), IF(U), ILIKE(T), IMMEDIATE(U), IMMUTABLE(U), IMPLICIT(U), IMPORT(U), IN(R), INCLUDE(U), INCLUDING(U),
    INCREMENT(U), INDEX(U), INDEXES(U), INHERIT(U), INHERITS(U), INITIALLY(R), INLINE(U), INNER(T), INOUT(C),
    INPUT(U), INSENSITIVE(U), INSERT(U), INSTEAD(U), INT(C), INTEGER(C), INTERSECT(R, NB), INTERVAL(C), INTO(R, NB),
    INVOKER(U), IS(T), ISNULL(T, NB), ISOLATION(U), JOIN(T), KEY(U), LABEL(U), LANGUAGE(U), LARGE(U), LAST(U),
    LATERAL(R), LEADING(R), LEAKPROOF(U), LEAST(C), LEFT(T), LEVEL(U), LIKE(T), LIMIT(R, NB), LISTEN(U), LOAD(U),
    LOCAL(U), LOCALTIME(R), LOCALTIMESTAMP(R), LOCATION(U), LOCK(U), LOCKED(U), LOGGED(U), MAPPING(U), MATCH(U),
    MATCHED(U), MATERIALIZED(U), MAXVALUE(U), MERGE(U), METHOD(U), MINUTE(U, NB), MINVALUE(U), MODE(U), MONTH(U, NB),
    MOVE(U), NAME(U), NAMES(U), NATIONAL(C), NATURAL(T), NCHAR(C), NEW(U), NEXT(U), NFC(U), NFD(U), NFKC(U), NFKD(U),
    NO(U), NONE(C), NORMALIZE(C), NORMALIZED(U), NOT(R), NOTHING(U), NOTIFY(U), NOTNULL(T, NB), NOWAIT(U), NULL(R),
    NULLIF(C), NULLS(U), NUMERIC(C), OBJECT(U), OF(U), OFF(U), OFFSET(R, NB), OIDS(U), OLD(U), ON(R, NB), ONLY(R),
    OPERATOR(U), OPTION(U), OPTIONS(U), OR(R), ORDER(R, NB), ORDINALITY(U), OTHERS(U), OUT(C), OUTER(T), OVER(U, NB),
    OVERLAPS(T, NB), OVERLAY(C), OVERRIDING(U), OWNED(U), OWNER(U), PARALLEL(U), PARAMETER(U), PARSER(U), PARTIAL(U),
    PARTITION(U), PASSING(U), PASSWORD(U), PLACING(R), PLANS(U), POLICY(U), POSITION(C), PRECEDING(U),
    PRECISION(C, NB), PREPARE(U), PREPARED(U), PRESERVE(U), PRIMARY(R), PRIOR(U), PRIVILEGES(U), PROCEDURAL(U),
    PROCEDURE(U), PROCEDURES(U), PROGRAM(U), PUBLICATION(U), QUOTE(U), RANGE(U), READ(U), REAL(C), REASSIGN(U),
    RECHECK(U), RECURSIVE(U), REF(U), REFERENCES(R), REFERENCING(U), REFRESH(U), REINDEX(U), RELATIVE(U), RELEASE(U),
    RENAME(U), REPEATABLE(U), REPLACE(U), REPLICA(U), RESET(U), RESTART(U), RESTRICT(U), RETURN(U), RETURNING(R, NB),
    RETURNS(U), REVOKE(U), RIGHT(T), ROLE(U), ROLLBACK(U), ROLLUP(U), ROUTINE(U), ROUTINES(U), ROW(C), ROWS(U),
    RULE(U), SAVEPOINT(U), SCHEMA(U), SCHEMAS(U), SCROLL(U), SEARCH(U), SECOND(U, NB), SECURITY(U), SELECT(R),
    SEQUENCE(U), SEQUENCES(U), SERIALIZABLE(U), SERVER(U), SESSION(U), SESSION_USER(R), SET(U), SETOF(C), SETS(U),
    SHARE(U), SHOW(U), SIMILAR(T), SIMPLE(U), SKIP(U), SMALLINT(C), SNAPSHOT(U), SOME(R), SQL(U), STABLE(U),
    STANDALONE(U), START(U), STATEMENT(U), STATISTICS(U), STDIN(U), STDOUT(U), STORAGE(U), STORED(U), STRICT(U),
    STRIP(U), SUBSCRIPTION(U), SUBSTRING(C), SUPPORT(U), SYMMETRIC(R), SYSID(U), SYSTEM(U), TABLE(R), TABLES(U),
    TABLESAMPLE(T), TABLESPACE(U), TEMP(U), TEMPLATE(U), TEMPORARY(U), TEXT(U), THEN(R), TIES(U), TIME(C),
    TIMESTAMP(C), TO(R, NB), TRAILING(R), TRANSACTION(U), TRANSFORM(U), TREAT(C), TRIGGER(U), TRIM(C), TRUE(R),
    TRUNCATE(U), TRUSTED(U), TYPE(U), TYPES(U), UESCAPE(U), UNBOUNDED(U), UNCOMMITTED(U), UNENCRYPTED(U),
    UNION(R, NB), UNIQUE(R), UNKNOWN(U), UNLISTEN(U), UNLOGGED(U), UNTIL(U), UPDATE(U), USER(R), USING(R), VACUUM(U),
    VALID(U), VALIDATE(U), VALIDATOR(U), VALUE(U), VALUES(C), VARCHAR(C), VARIADIC(R), VARYING(U, NB), VERBOSE(T),
    VERSION(U), VIEW(U), VIEWS(U), VOLATILE(U), WHEN(R), WHERE(R, NB), WHITESPACE(U), WINDOW(R, NB), WITH(R, NB),
    WITHIN(U, NB), WITHOUT(U, NB), WORK(U), WRAPPER(U), WRITE(U), XML(U), XMLATTRIBUTES(C), XMLCONCAT(C),
    XMLELEMENT(C), XMLEXISTS(C), XMLFOREST(C), XMLNAMESPACES(C), XMLPARSE(C), XMLPI(C), XMLROOT(C), XMLSERIALIZE(C),
    XMLTABLE(C), YEAR(U, NB), YES(U), ZONE(U);

    private final String word;
    private final Category category;
    private final boolean bareLabel;

    Keyword(Category category) {
        this(category, true);
    }

    Keyword(Category category, boolean bareLabel) {
        this.word = name().toLowerCase(java.util.Locale.ROOT);
        this.category = category;
        this.bareLabel = bareLabel;
    }

    /** Short names that keep the table above readable. */
    static final class Codes {
        static final Category U = Category.UNRESERVED;
        static final Category C = Category.COLUMN_NAME;
        static final Category T = Category.TYPE_OR_FUNCTION;
        static final Category R = Category.RESERVED;
        /** Not a column label unless AS stands before it. */
        static final boolean NB = false;

        private Codes() {
        }
    }

    /** PostgreSQL's four classes of keywords. */
    public enum Category {
        /** Any name. */
        UNRESERVED('U', "unreserved"),
        /** A column or table, but neither a function nor a type. */
        COLUMN_NAME('C', "unreserved (cannot be function or type name)"),
        /** A function or type, but neither a column nor a table. */
        TYPE_OR_FUNCTION('T', "reserved (can be function or type name)"),
        /** Only a column label. */
        RESERVED('R', "reserved");

        private final char code;
        private final String description;

        Category(char code, String description) {
            this.code = code;
            this.description = description;
        }

        /** Column catcode of pg_get_keywords(). */
        public char code() {
            return code;
        }

        /** Column catdesc of pg_get_keywords(). */
        public String description() {
            return description;
        }
    }

    /** In lower case. */
    public String word() {
        return word;
    }

    public Category category() {
        return category;
    }

    /** Whether it can label a column without AS. */
    public boolean bareLabel() {
        return bareLabel;
    }

    /** Names of columns and tables. */
    boolean isColumnId() {
        return category == Category.UNRESERVED || category == Category.COLUMN_NAME;
    }

    /** Names of types and functions. */
    boolean isTypeOrFunctionName() {
        return category == Category.UNRESERVED || category == Category.TYPE_OR_FUNCTION;
    }
}
