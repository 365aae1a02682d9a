/** Prints plans as PostgreSQL's EXPLAIN does. */
package io.quantadb.planner.explain;
