package io.quantadb.error;

/** How grave a report is, in PostgreSQL's words; the wire protocol sends the constant's name as fields S and V. */
public enum Severity {
    DEBUG, LOG, INFO, NOTICE, WARNING,
    /** The statement fails, the transaction block too; the session goes on. */
    ERROR,
    /** The session ends. */
    FATAL,
    /** All sessions end. */
    PANIC
}
