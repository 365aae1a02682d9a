package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** The errors of date and time input and arithmetic. */
public final class DateTimeErrors {
    private DateTimeErrors() {
    }

    static SqlException badFormat(String typeName, String text) {
        return new SqlException(SqlState.INVALID_DATETIME_FORMAT,
                "invalid input syntax for type " + typeName + ": \"" + text + "\"");
    }

    static SqlException fieldOverflow(String text) {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW,
                "date/time field value out of range: \"" + text + "\"");
    }

    static SqlException monthOrDayOverflow(String text) {
        return fieldOverflow(text).withHint("Perhaps you need a different \"datestyle\" setting.");
    }

    static SqlException intervalFieldOverflow(String text) {
        return new SqlException(SqlState.INTERVAL_FIELD_OVERFLOW,
                "interval field value out of range: \"" + text + "\"");
    }

    static SqlException displacementOverflow(String text) {
        return new SqlException(SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
                "time zone displacement out of range: \"" + text + "\"");
    }

    static SqlException unknownZone(String name) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }

    public static SqlException timestampOutOfRange() {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    }

    public static SqlException dateOutOfRange() {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
    }

    public static SqlException dateOutOfRangeForTimestamp() {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range for timestamp");
    }

    public static SqlException intervalOutOfRange() {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range");
    }

    /** As above with the text that was read. */
    static SqlException outOfRange(String what, String text) {
        return new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, what + " out of range: \"" + text + "\"");
    }
}
