/**
 * The physical plan: what the planner makes and the executor runs. Immutable nodes only; see README.md for the
 * conventions
 * of column references, parameters and subplans.
 */
package io.quantadb.planner.physical;
