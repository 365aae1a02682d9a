/** Optimisations of typed queries and conditions, one a class. */
package io.quantadb.planner.rule;
