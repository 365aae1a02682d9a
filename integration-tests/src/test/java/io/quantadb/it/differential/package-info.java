/** Runs the same statements on QuantaDB and PostgreSQL and compares every byte of the answers. */
package io.quantadb.it.differential;
