/** PostgreSQL's own client programs and drivers against QuantaDB. */
package io.quantadb.it.client;
