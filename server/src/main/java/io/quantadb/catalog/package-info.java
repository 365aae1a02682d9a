/**
 * System catalogs: immutable descriptors of tables, types, functions and so on, and the interface that finds them.
 *
 * <p>Sub-packages: {@code table} (definitions and rows of the catalog tables), {@code bootstrap} (the facts a new
 * database starts with), {@code cache} (descriptors loaded from the rows, shared and invalidated), {@code ddl}
 * (changes). See README.md.
 */
package io.quantadb.catalog;
