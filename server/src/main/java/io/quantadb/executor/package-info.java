/**
 * Runs physical plans: batches of up to 1,024 rows through pull-based operators, with short paths for point statements.
 * See README.md.
 */
package io.quantadb.executor;
