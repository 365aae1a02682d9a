/**
 * The typed query: what analysis makes of a syntax tree once names, types, functions and operators are resolved.
 *
 * <p>All types here are immutable and thread-safe, so an analysed statement can be shared by a plan cache. The model is
 * that of PostgreSQL's parse analysis: a {@link io.quantadb.sql.typed.Query} owns a range table, a join tree and
 * a target list; expressions name columns by (range index, attribute, levels up). The package does no analysis and no
 * I/O.
 */
package io.quantadb.sql.typed;
