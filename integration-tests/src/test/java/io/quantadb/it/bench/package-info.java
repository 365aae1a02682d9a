/** Measures QuantaDB beside PostgreSQL in interleaved runs. */
package io.quantadb.it.bench;
