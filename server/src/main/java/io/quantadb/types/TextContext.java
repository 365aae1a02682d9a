package io.quantadb.types;

import io.quantadb.types.datetime.SessionTimeZone;

/**
 * The session state that text input and output of values depends on.
 *
 * <p>Implemented by the session from its settings; {@link #DEFAULT} has PostgreSQL's defaults with time zone UTC and no
 * catalog. Implementations need only be usable by the thread that runs the statement.
 */
public interface TextContext {
    TextContext DEFAULT = new TextContext() {
    };

    default DateStyle dateStyle() {
        return DateStyle.ISO;
    }

    default DateOrder dateOrder() {
        return DateOrder.MDY;
    }

    default IntervalStyle intervalStyle() {
        return IntervalStyle.POSTGRES;
    }

    default SessionTimeZone timeZone() {
        return SessionTimeZone.UTC;
    }

    /** -15 to 3; above 0 means shortest output that reads back exactly. */
    default int extraFloatDigits() {
        return 1;
    }

    /** True for {@code bytea_output = hex}, false for {@code escape}. */
    default boolean byteaHex() {
        return true;
    }

    /** Start of the transaction, microseconds since 2000-01-01 00:00 UTC: what 'now' and 'today' mean. */
    default long transactionTimestamp() {
        return System.currentTimeMillis() * 1000L - 946_684_800_000_000L;
    }

    /** Names of catalog objects, for regclass and its siblings. */
    default ObjectNames names() {
        return ObjectNames.NONE;
    }
}
