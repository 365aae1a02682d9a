/** Expressions, columns, conditions and join paths while a query level is being planned. */
package io.quantadb.planner.logical;
