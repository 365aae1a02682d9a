/** Selectivity and cost estimates in PostgreSQL's units. */
package io.quantadb.planner.cost;
