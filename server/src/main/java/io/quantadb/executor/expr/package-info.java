/**
 * Evaluates typed expressions: row at a time through closures, or over vectors with kernels for the common operators.
 */
package io.quantadb.executor.expr;
