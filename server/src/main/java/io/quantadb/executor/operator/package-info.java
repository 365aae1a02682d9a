/** Operators: one for each kind of physical plan node, pulling batches from their inputs. */
package io.quantadb.executor.operator;
