/** Definitions of the catalog tables, their rows, and the stores that keep the rows. Knows no descriptors. */
package io.quantadb.catalog.table;
