package io.quantadb.sql.typed;

/** How a function call or a conversion came to be, which decides how it is printed. */
public enum CoercionForm {
    /** {@code f(x)}. */
    CALL,
    /** SQL's special syntax, such as {@code EXTRACT(year FROM x)}. */
    SQL_SYNTAX,
    /** A cast the user wrote: {@code x::t}. */
    EXPLICIT_CAST,
    /** A cast the analyzer inserted; not printed. */
    IMPLICIT_CAST
}
