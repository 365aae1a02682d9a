/**
 * Changes of catalogs: what DDL commands are made of. Knows rows and dependencies; takes no locks, touches no files,
 * parses no SQL: its callers in {@code session} do.
 */
package io.quantadb.catalog.ddl;
