/**
 * Semantic analysis: syntax tree and catalog to typed query, by PostgreSQL 15's rules; and the way back to SQL text.
 *
 * <p>Start at {@link io.quantadb.sql.analyzer.Analyzer}. Everything here is confined to the thread of one statement.
 */
package io.quantadb.sql.analyzer;
