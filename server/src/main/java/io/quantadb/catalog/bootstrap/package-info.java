/** The rows a new database starts with, and how they get into its tables. */
package io.quantadb.catalog.bootstrap;
