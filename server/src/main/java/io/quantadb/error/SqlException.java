package io.quantadb.error;

/**
 * An error the user of SQL can cause and see: SQLSTATE, message and the optional fields of an ErrorResponse.
 *
 * <p>Built fluently before it is thrown: {@code throw new SqlException(SqlState.UNDEFINED_TABLE, "...").at(8)}. The
 * {@code with...} methods change this object and return it. Not thread-safe; normally confined to the session that
 * throws it. Broken invariants and environment failures are other types (see the package's neighbours).
 *
 * <p>No stack trace is recorded, since user errors may be frequent and are explained by their fields; start the JVM
 * with {@code -Dquantadb.sqlexception.stacktrace=true} to get one when debugging.
 *
 * <p>Source: PostgreSQL documentation, "Error and Notice Message Fields".
 */
public final class SqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final boolean WITH_STACK_TRACE = Boolean.getBoolean("quantadb.sqlexception.stacktrace");

    private final SqlState state;
    private String customCode;
    private Severity severity = Severity.ERROR;
    private String detail;
    private String hint;
    private int position;
    private int internalPosition;
    private String internalQuery;
    private String where;
    private String schema;
    private String table;
    private String column;
    private String dataType;
    private String constraint;

    public SqlException(SqlState state, String message) {
        this(state, message, null);
    }

    /** As above, for an error that reports another failure; the cause is for the server log only. */
    public SqlException(SqlState state, String message, Throwable cause) {
        super(message, cause, true, WITH_STACK_TRACE);
        this.state = state;
    }

    /** Formats the message with {@link String#format}; for messages without arguments use the constructor. */
    public static SqlException of(SqlState state, String format, Object... arguments) {
        return new SqlException(state, String.format(format, arguments));
    }

    /** A 0A000 error: the clause or statement is understood but not available in this server. */
    public static SqlException notSupported(String message) {
        return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message);
    }

    public SqlException withSeverity(Severity value) {
        severity = value;
        return this;
    }

    /** Makes this end the session after it was reported. */
    public SqlException fatal() {
        return withSeverity(Severity.FATAL);
    }

    /** Replaces the code sent to the client, for RAISE with an SQLSTATE that is not in the catalogue. */
    public SqlException withCode(String fiveCharacters) {
        customCode = fiveCharacters;
        return this;
    }

    public SqlException withDetail(String value) {
        detail = value;
        return this;
    }

    public SqlException withHint(String value) {
        hint = value;
        return this;
    }

    /**
     * Points into the statement the client sent.
     *
     * @param oneBasedPosition in characters (code points), first is 1; 0 means none
     */
    public SqlException at(int oneBasedPosition) {
        position = oneBasedPosition;
        return this;
    }

    /**
     * Points at a syntax node.
     *
     * @param sql the statement text the offset belongs to
     * @param offset zero-based UTF-16 offset as syntax nodes carry it; negative means unknown and changes nothing
     */
    public SqlException atOffset(String sql, int offset) {
        if (offset >= 0) {
            position = sql.codePointCount(0, Math.min(offset, sql.length())) + 1;
        }
        return this;
    }

    /**
     * Points into a query the client did not send, such as a function's body.
     *
     * @param oneBasedPosition in characters of {@code query}, first is 1; 0 means none
     */
    public SqlException atInternal(int oneBasedPosition, String query) {
        internalPosition = oneBasedPosition;
        internalQuery = query;
        return this;
    }

    /** Sets the call context; several lines, innermost first. */
    public SqlException withWhere(String value) {
        where = value;
        return this;
    }

    /** Appends one line to the call context, used while the error travels outwards. */
    public SqlException addWhere(String line) {
        where = where == null ? line : where + "\n" + line;
        return this;
    }

    public SqlException withSchema(String value) {
        schema = value;
        return this;
    }

    public SqlException withTable(String value) {
        table = value;
        return this;
    }

    public SqlException withColumn(String value) {
        column = value;
        return this;
    }

    public SqlException withDataType(String value) {
        dataType = value;
        return this;
    }

    public SqlException withConstraint(String value) {
        constraint = value;
        return this;
    }

    public SqlState state() {
        return state;
    }

    /** The five characters to send. */
    public String code() {
        return customCode != null ? customCode : state.code();
    }

    public Severity severity() {
        return severity;
    }

    public String detail() {
        return detail;
    }

    public String hint() {
        return hint;
    }

    /** One-based position in characters of the client's statement, 0 if none. */
    public int position() {
        return position;
    }

    /** One-based position in characters of {@link #internalQuery()}, 0 if none. */
    public int internalPosition() {
        return internalPosition;
    }

    public String internalQuery() {
        return internalQuery;
    }

    public String where() {
        return where;
    }

    public String schema() {
        return schema;
    }

    public String table() {
        return table;
    }

    public String column() {
        return column;
    }

    public String dataType() {
        return dataType;
    }

    public String constraint() {
        return constraint;
    }

    @Override
    public String toString() {
        return severity + " " + code() + ": " + getMessage() + (position > 0 ? " (at character " + position + ")" : "");
    }
}
