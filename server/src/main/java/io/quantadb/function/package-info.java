/**
 * Built-in functions, operators, aggregates and window functions, found by PostgreSQL's internal name
 * ({@code pg_proc.prosrc}). Knows values and types; does not know tables, plans or the wire.
 */
package io.quantadb.function;
