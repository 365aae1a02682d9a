/** Starts and stops QuantaDB, PostgreSQL and client programs as processes. */
package io.quantadb.it.process;
